"""Does an agency keep the contract? Messages that are recognisably tests, sent over its transport, and a verdict each.

What is checked is what the window relies on (docs/agencies.md). Test messages have ids `CHECK-RUN-NUMBER/CODE/REVISION`
and references `CHECK-RUN-NUMBER`, where RUN differs from run to run: an agency can tell them from work, and one that
keeps a book of what it took is asked nothing that it knows.
"""

from .arrivals import Arrivals, Brought
from .bus_box import BusBox
from .checkup import check
from .hearing import hearing
from .probe import Probe
from .specimen import Specimen, built_in, specimens
from .stand_in import StandIn
from .verdict import TITLES, State, Verdict

__all__ = [
    "TITLES",
    "Arrivals",
    "Brought",
    "BusBox",
    "Probe",
    "Specimen",
    "StandIn",
    "State",
    "Verdict",
    "built_in",
    "check",
    "hearing",
    "specimens",
]
