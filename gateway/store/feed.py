"""Reading the event feed: entries in the order in which they were committed, and the events that each brought."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Text, and_, bindparam, or_, select
from sqlalchemy import type_coerce as typed
from sqlalchemy.engine import Row
from sqlalchemy.types import NullType

from ..events import decode_event, event_name
from ..place import BEGINNING, Place
from .steps import instant
from .store import FeedEvent, RecordDamaged, UnknownPlace
from .tables import cases, feed, journal

SCANNED_POSITIONS = 50_000
"""Entries looked at in one read, so that it stays short however few of them are the declarant's."""

Found = Sequence[tuple[str, FeedEvent | RecordDamaged]]
"""Events by case id, each read from its row, or what is wrong with it."""

# Built once: to build a statement and its cache key costs more than to run it.
_newest = select(feed.c.position, feed.c.last_sequence).order_by(feed.c.position.desc()).limit(1)
_newest_until = _newest.where(feed.c.position <= bindparam("until", type_=BigInteger()))
# Outer joins: an event whose row or case is gone has to be noticed.
_events = (
    select(
        feed.c.position,
        feed.c.case_id,
        feed.c.last_sequence,
        feed.c.declarant,
        cases.c.reference,
        cases.c.declarant.label("owner"),
        journal.c.sequence,
        journal.c.at,
        journal.c.event,
        typed(journal.c.body, NullType()).label("body"),
    )
    .outerjoin_from(feed, cases, cases.c.id == feed.c.case_id)
    .outerjoin(
        journal,
        and_(
            journal.c.case_id == feed.c.case_id,
            journal.c.sequence.between(feed.c.first_sequence, feed.c.last_sequence),
        ),
    )
    .where(
        feed.c.position >= bindparam("position", type_=BigInteger()),
        feed.c.position <= bindparam("until", type_=BigInteger()),
        or_(
            feed.c.position > bindparam("position", type_=BigInteger()),
            journal.c.sequence > bindparam("sequence", type_=BigInteger()),
        ),
    )
    .order_by(feed.c.position, journal.c.sequence)
    .limit(bindparam("count", type_=BigInteger()))
)
_events_of = _events.where(feed.c.declarant == bindparam("declarant", type_=Text()))


def end(connection: Connection) -> Place:
    """The place of the newest event."""
    return _place(connection.execute(_newest).first())


def page(connection: Connection, after: Place, limit: int, declarant: str | None) -> tuple[Found, Place, bool]:
    """The events after a place, where to go on, and whether there are more by now. Raises UnknownPlace."""
    newest = end(connection)
    if after > newest:
        raise UnknownPlace(f"the feed ends at {newest}")
    until = after.position + SCANNED_POSITIONS
    values = {"position": after.position, "sequence": after.sequence, "until": until, "count": limit}
    statement = _events if declarant is None else _events_of
    rows = connection.execute(statement, values if declarant is None else values | {"declarant": declarant}).all()
    found = [(str(row.case_id), _read(row)) for row in rows]
    if len(rows) == limit:
        last = rows[-1]
        reached = Place(last.position, last.last_sequence if last.sequence is None else last.sequence)
    else:
        reached = _place(connection.execute(_newest_until, {"until": until}).first())
    return found, reached, reached < newest


def _place(row: "Row[Any, Any] | None") -> Place:
    return BEGINNING if row is None else Place(row.position, row.last_sequence)


def _read(row: "Row[Any, Any]") -> FeedEvent | RecordDamaged:
    """One event from its row, checked as far as it can be without the rest of its case."""
    case_id = str(row.case_id)
    if row.sequence is None or row.owner is None:
        return RecordDamaged(case_id, f"the feed has an event at {row.position} that is not there")
    if row.owner != row.declarant or not isinstance(row.reference, str):
        return RecordDamaged(case_id, "the feed has it as another declarant's")
    try:
        if not isinstance(row.body, bytes):
            raise TypeError(f"there is {type(row.body).__name__} where bytes should be")
        event = decode_event(row.body)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return RecordDamaged(case_id, f"event {row.sequence} can't be read: {error}")
    if (row.event, row.at) != (event_name(event), instant(event.at)):
        return RecordDamaged(case_id, f"event {row.sequence} is not what it is listed as")
    return FeedEvent(
        place=Place(row.position, row.sequence),
        case_id=case_id,
        reference=row.reference,
        declarant=row.owner,
        sequence=row.sequence,
        event=event,
    )
