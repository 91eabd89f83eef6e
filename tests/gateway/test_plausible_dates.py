"""Dates of a declaration as they look when it comes in: to the day, and one past it."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from msgspec.structs import replace
from support.amending import amended, item

from onewindow import schemas
from onewindow.codecs import DECLARATION, Finding
from onewindow.codecs.messages.codes import DeclarationType, DocumentType
from onewindow.codecs.messages.common import AdditionalDocument, Agent, Product
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import intake
from onewindow.gateway.plausible_dates import (
    ARRIVAL_DAYS_AGO_MAX,
    ARRIVAL_DAYS_AHEAD_MAX,
    DAYS_AHEAD_MAX,
    DUE_DAYS_AHEAD_MAX,
    ISSUED_DAYS_AGO_MAX,
    Promised,
    date_rules,
)
from onewindow.gateway.sample import sample

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
"""In China it is the 21st already."""

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
IMPORT = sample(1, DeclarationType.IM, "DATES-1", NOW)
ARRIVAL = "goods_shipment.arrival_date_time"
DOCUMENT = AdditionalDocument(type_code=DocumentType._852, id="DOC-1")


def found(declared: Declaration, promised: Promised = ()) -> list[Finding]:
    """What is said of the dates."""
    return list(intake.check(declared, date_rules(NOW, promised)))


def codes(declared: Declaration, promised: Promised = ()) -> list[str]:
    """The codes of it."""
    return [finding.code for finding in found(declared, promised)]


def promise(due: date) -> Declaration:
    """A declaration of which a document follows by a day."""
    return replace(IMPORT, additional_document=(replace(DOCUMENT, deferred_indicator=True, due_date=due),))


@pytest.mark.parametrize(
    ("path", "last", "past"),
    [
        ("issue_date_time", NOW + DAYS_AHEAD_MAX * DAY, NOW + DAYS_AHEAD_MAX * DAY + SECOND),
        ("issue_date_time", NOW - ISSUED_DAYS_AGO_MAX * DAY, NOW - ISSUED_DAYS_AGO_MAX * DAY - SECOND),
        (ARRIVAL, NOW + ARRIVAL_DAYS_AHEAD_MAX * DAY, NOW + ARRIVAL_DAYS_AHEAD_MAX * DAY + SECOND),
        (ARRIVAL, NOW - ARRIVAL_DAYS_AGO_MAX * DAY, NOW - ARRIVAL_DAYS_AGO_MAX * DAY - SECOND),
        (
            "additional_document",
            (replace(DOCUMENT, issue_date_time=NOW + DAYS_AHEAD_MAX * DAY),),
            (replace(DOCUMENT, issue_date_time=NOW + DAYS_AHEAD_MAX * DAY + SECOND),),
        ),
        (
            "agent",
            Agent(id="A1234", name="A", mandate=replace(DOCUMENT, issue_date_time=NOW)),
            Agent(id="A1234", name="A", mandate=replace(DOCUMENT, issue_date_time=NOW + 2 * DAY)),
        ),
        (
            item("additional_document"),
            (replace(DOCUMENT, issue_date_time=NOW, expiration_date_time=NOW),),
            (replace(DOCUMENT, issue_date_time=NOW, expiration_date_time=NOW - SECOND),),
        ),
        (
            item("commodity.product"),
            Product(production_date=TODAY + DAYS_AHEAD_MAX * DAY),
            Product(production_date=TODAY + (DAYS_AHEAD_MAX + 1) * DAY),
        ),
    ],
)
def test_dates_that_are_not_meant(path: str, last: object, past: object) -> None:
    """A date at the limit is taken; one past it is one finding that says what it is and what it may be."""
    assert [] == found(amended(IMPORT, path, last))
    (one,) = found(amended(IMPORT, path, past))
    assert "date-implausible" == one.code
    assert one.value
    assert one.value in one.message.en
    assert one.value in one.message.zh
    assert one.expected


def test_a_promise_of_yesterday() -> None:
    """A deferred document is due today, where the agencies are, or later, but not more than a year later."""
    assert [] == found(promise(TODAY))
    assert [] == found(promise(TODAY + DUE_DAYS_AHEAD_MAX * DAY))
    assert ["date-implausible"] == codes(promise(TODAY + (DUE_DAYS_AHEAD_MAX + 1) * DAY))
    (one,) = found(promise(TODAY - DAY))
    assert ("due-date-past", "2026-11-20", "2026-11-21 or later") == (one.code, one.value, one.expected)
    assert "/Declaration/AdditionalDocument[1]/DueDate" == one.pointer


def test_a_promise_that_the_case_has() -> None:
    """In a revision the time of a promise that was made before may be over; that of another may not."""
    declared = promise(TODAY - DAY)
    assert [] == found(declared, {("852", "DOC-1")})
    assert ["due-date-past"] == codes(declared, {("852", "DOC-2"), ("853", "DOC-1")})


def test_what_is_to_follow_is_not_issued_yet() -> None:
    """The document that is to follow may be issued later, and one that came may have had a due date."""
    later = replace(DOCUMENT, deferred_indicator=True, due_date=TODAY, issue_date_time=NOW + 9 * DAY)
    assert [] == found(replace(IMPORT, additional_document=(later,)))
    came = replace(DOCUMENT, deferred_indicator=False, due_date=TODAY - 9 * DAY)
    assert [] == found(replace(IMPORT, additional_document=(came,)))


@pytest.mark.parametrize("kind", ["import", "export"])
def test_samples_promise_nothing_that_runs_out(kind: Literal["import", "export"]) -> None:
    """The shipped samples, which keep their dates, defer nothing, so that they are taken for years."""
    declared = DECLARATION.decode_xml(schemas.sample(kind))
    for years in (0, 2):
        assert [] == list(intake.check(declared, date_rules(NOW + years * 365 * DAY)))
