"""Dates of a declaration, as they look from the moment at which it comes in.

Nobody is held up by a clock that is wrong by hours, or for declaring late: what is refused is a slip of the pen, and a
promise whose time is over before it is given.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from ..agencies.visits import CHINA_TIME
from ..codecs.finding import Finding, Text
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.declaration import Declaration
from .intake import ITEMS
from .partial_check import Rule

DAYS_AHEAD_MAX: Final = 1
"""How far ahead of the window's clock something may lie that has happened: days, as clocks and zones differ."""

ISSUED_DAYS_AGO_MAX: Final = 3 * 365 + 1
"""How long ago a declaration may have been made."""

ARRIVAL_DAYS_AHEAD_MAX: Final = 366
"""How far ahead an arrival or departure may lie."""

ARRIVAL_DAYS_AGO_MAX: Final = 10 * 365 + 3
"""How long ago goods may have arrived: they may have been in a warehouse since."""

DUE_DAYS_AHEAD_MAX: Final = 366
"""How far ahead a deferred document may be due."""

DATE_CODES: Final = frozenset({"date-implausible", "due-date-past"})
"""Codes of findings that time makes, and not the declaration: one that was taken before is the case that is there."""

Promised = Collection[tuple[str, str]]
"""Type and number of the deferred documents that a case has had promised already."""


Day = TypeVar("Day", date, datetime)


def date_rules(now: datetime, promised: Promised = ()) -> tuple[Rule, ...]:
    """The rules that dates are held to at this moment.

    promised: documents whose time may be over, since the case that is revised waits for them or has them.
    """
    return (
        partial(declared, now),
        partial(arrival, now),
        partial(documents, now, promised),
        partial(production, now),
    )


def declared(now: datetime, declaration: Declaration) -> Iterator[Finding]:
    """The declaration was made in the last three years."""
    pointer, what = "/Declaration/IssueDateTime", Text("The time of declaration", "申报日期")
    at = declaration.issue_date_time
    yield from _not_before(pointer, what, at, now - timedelta(days=ISSUED_DAYS_AGO_MAX))
    yield from _not_after(pointer, what, at, now + timedelta(days=DAYS_AHEAD_MAX))


def arrival(now: datetime, declaration: Declaration) -> Iterator[Finding]:
    """The goods arrived or left in the last ten years, or will within a year."""
    at = declaration.goods_shipment.arrival_date_time
    if at is not None:
        pointer = "/Declaration/GoodsShipment/ArrivalDateTime"
        what = Text("The time of arrival or departure", "进出境日期")
        yield from _not_before(pointer, what, at, now - timedelta(days=ARRIVAL_DAYS_AGO_MAX))
        yield from _not_after(pointer, what, at, now + timedelta(days=ARRIVAL_DAYS_AHEAD_MAX))


def documents(now: datetime, promised: Promised, declaration: Declaration) -> Iterator[Finding]:
    """Documents are not issued in the future, do not expire before they are issued, and are not due in the past."""
    latest = now + timedelta(days=DAYS_AHEAD_MAX)
    for pointer, document in _placed(declaration):
        issued, expires, deferred = document.issue_date_time, document.expiration_date_time, document.deferred_indicator
        if issued is not None and not deferred and issued > latest:
            what = Text(f"The issue of document {document.id}", f"单证 {document.id} 的签发时间")
            yield from _not_after(f"{pointer}/IssueDateTime", what, issued, latest)
        if issued is not None and expires is not None and expires < issued:
            what = Text(f"The expiry of document {document.id}", f"单证 {document.id} 的有效期")
            yield from _not_before(f"{pointer}/ExpirationDateTime", what, expires, issued)
        if deferred and (document.type_code.value, document.id) not in promised:
            yield from _due(now, f"{pointer}/DueDate", document)


def _placed(declaration: Declaration) -> Iterator[tuple[str, AdditionalDocument]]:
    if declaration.agent is not None and declaration.agent.mandate is not None:
        yield "/Declaration/Agent/Mandate", declaration.agent.mandate
    for place, document in enumerate(declaration.additional_document, start=1):
        yield f"/Declaration/AdditionalDocument[{place}]", document
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        for place, document in enumerate(item.additional_document, start=1):
            yield f"{ITEMS}[{number}]/AdditionalDocument[{place}]", document


def _due(now: datetime, pointer: str, document: AdditionalDocument) -> Iterator[Finding]:
    """A deferred document is due on a day that is not over where the agencies are, and not years ahead."""
    due, today = document.due_date, _day(now)
    if due is None:
        return
    if due < today:
        yield Finding(
            code="due-date-past",
            pointer=pointer,
            message=Text(
                en=f"The document {document.id} is to follow by {due}, which is past: send it with the declaration, or "
                "name a later day.",
                zh=f"单证 {document.id} 的补交期限 {due} 已过：请随申报单提交，或填报以后的日期。",
            ),
            value=str(due),
            expected=f"{today} or later",
        )
    what = Text(f"The due date of document {document.id}", f"单证 {document.id} 的补交期限")
    yield from _not_after(pointer, what, due, today + timedelta(days=DUE_DAYS_AHEAD_MAX))


def production(now: datetime, declaration: Declaration) -> Iterator[Finding]:
    """Goods that are declared have been produced."""
    latest = _day(now) + timedelta(days=DAYS_AHEAD_MAX)
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        product = item.commodity.product
        if product is not None and product.production_date is not None:
            pointer = f"{ITEMS}[{number}]/Commodity/Product/ProductionDate"
            yield from _not_after(pointer, Text("The production date", "生产日期"), product.production_date, latest)


def _day(now: datetime) -> date:
    return now.astimezone(CHINA_TIME).date()


def _not_before(pointer: str, what: Text, at: datetime, earliest: datetime) -> Iterator[Finding]:
    if at < earliest:
        given, bound = _shown(at), _shown(earliest)
        words = Text(f"{what.en} is {given}, before {bound}.", f"{what.zh}为 {given}，早于 {bound}。")
        yield Finding("date-implausible", pointer, words, value=given, expected=f"{bound} or later")


def _not_after(pointer: str, what: Text, at: Day, latest: Day) -> Iterator[Finding]:
    if at > latest:
        given, bound = _shown(at), _shown(latest)
        words = Text(f"{what.en} is {given}, after {bound}.", f"{what.zh}为 {given}，晚于 {bound}。")
        yield Finding("date-implausible", pointer, words, value=given, expected=f"{bound} or earlier")


def _shown(at: date) -> str:
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()
