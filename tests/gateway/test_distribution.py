"""Distribution: who is sent a message, and why others are not."""

import pytest
from msgspec.structs import replace
from support.declarations import ISSUED

from onewindow.agencies.agency import AnyAgency, NotConcerned
from onewindow.agencies.registry import installed
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.concern import Concern
from onewindow.gateway.distribution import REASON_CHARS_MAX, distribute
from onewindow.gateway.events import Assignment
from onewindow.gateway.plan import Procedure
from onewindow.gateway.sample import sample

DECLARED = sample(1, DeclarationType.IM, "DISTRIBUTION-1", ISSUED)
REASON = Text("Exports of pumps are none of our business.", "水泵出口不在本部门职责范围内。")
CODES = tuple(installed())


def saying(agency: AnyAgency, said: NotConcerned | None) -> AnyAgency:
    """The agency, which is concerned with nothing and says this."""
    return replace(agency, split=lambda declaration: said)


def test_everybody_is_concerned() -> None:
    """Without conditions every agency is sent what its split gives, and the plan names the digests."""
    shared = distribute(DECLARED, Procedure(CODES, {"tax": ("customs",)}), installed())
    assert list(CODES) == list(shared.messages)
    expected = [
        Assignment(
            agency=code,
            message_digest=digest(installed()[code].message.encode_xml(installed()[code].split(DECLARED))),
            after=("customs",) if code == "tax" else (),
        )
        for code in CODES
    ]
    assert expected == list(shared.plan)


def test_a_condition_that_is_not_met_is_the_reason() -> None:
    """An agency whose condition no item meets is not split for, and the plan says which condition it was."""
    concern = Concern("procedures.import.when.tax", {"hs": ("01-24",)})
    agencies = installed()
    agencies["tax"] = replace(agencies["tax"], split=lambda declaration: pytest.fail("it was split for"))
    shared = distribute(DECLARED, Procedure(CODES, when={"tax": concern}), agencies)
    tax = next(each for each in shared.plan if each.agency == "tax")
    assert ("tax", None, concern.absence) == (tax.agency, tax.message_digest, tax.reason)
    assert set(CODES) - {"tax"} == set(shared.messages)


def test_a_condition_that_is_met_changes_nothing() -> None:
    """An agency whose condition is met is asked as one without a condition is."""
    met = Concern("procedures.import.when.tax", {"hs": ("84",)})
    without = distribute(DECLARED, Procedure(CODES), installed())
    assert without.plan == distribute(DECLARED, Procedure(CODES, when={"tax": met}), installed()).plan


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, None),
        (NotConcerned(REASON), REASON),
        (NotConcerned(Text("x" * REASON_CHARS_MAX, "字")), Text("x" * REASON_CHARS_MAX, "字")),
        (NotConcerned(Text("x" * (REASON_CHARS_MAX + 1), "字")), None),
        (NotConcerned(Text("", "字")), None),
        (NotConcerned(Text("two\nlines", "字")), None),
        (NotConcerned(Text(" blank before", "字")), None),
        (NotConcerned(Text("not XML \x00", "字")), None),
        (NotConcerned(Text("half a character", "\ud800")), None),
    ],
)
def test_an_agency_may_say_why_it_is_not_concerned(said: NotConcerned | None, reason: Text | None) -> None:
    """A split's own reason is kept; one that no response could carry is not, and the agency is not asked either way."""
    agencies = installed()
    agencies["tax"] = saying(agencies["tax"], said)
    shared = distribute(DECLARED, Procedure(CODES), agencies)
    tax = next(each for each in shared.plan if each.agency == "tax")
    assert (None, reason, False) == (tax.message_digest, tax.reason, "tax" in shared.messages)
