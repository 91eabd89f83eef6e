"""What each agency is sent, its reference rules, and the transports that reach it."""

from .agency import Agency, AnyAgency, Guide, GuideDocument, NotConcerned
from .prohibition import Prohibition
from .projection import projection
from .registry import UnusableAgency, installed
from .transport import Outgoing, Transport, Unreachable

__all__ = [
    "Agency",
    "AnyAgency",
    "Guide",
    "GuideDocument",
    "NotConcerned",
    "Outgoing",
    "Prohibition",
    "Transport",
    "Unreachable",
    "UnusableAgency",
    "installed",
    "projection",
]
