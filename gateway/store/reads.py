"""What is read of the record: each function is one transaction, and so sees one moment of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, Text, bindparam, cast, func, literal, select
from sqlalchemy import type_coerce as typed
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from ...codecs.digest import digest
from ..case import Case, decode_case, encode_case
from ..case_id import earliest
from ..commands import Forbidden
from ..document_names import promised
from ..events import Event, decode_event
from ..life import replay
from .sqlite import reason
from .steps import instant
from .store import Document, Names, Query, RawEvent, RawPlace, RawRecord, Record, RecordDamaged
from .tables import cases, documents, feed, journal

CaseId = str | bytes
"""An id as it stands in its column: bytes where damage has made it something else than text."""

Page = Sequence[tuple[CaseId, Case | RecordDamaged]]
"""Cases by id, each read from its snapshot, or what is wrong with it."""

NAMELESS_MAX = 1000
"""Ids that are no text, as many as are shown."""

INDEXED = ("declarant", "reference", "status", "outcome", "received_at", "decided_at", "sequence", "unfinished")

_CASE_IDS = (cases.c.id, journal.c.case_id, documents.c.case_id, feed.c.case_id)

# Built once: to build a statement and its cache key costs more than to run it.
_case_id = bindparam("case_id", type_=Text())
# What is kept as bytes is taken as it comes and looked at here: the driver makes bytes of whatever it finds, of the
# number 5 five of them.
_snapshot_kept = typed(cases.c.snapshot, NullType()).label("snapshot")
_row = select(*(cases.c[name] for name in INDEXED), _snapshot_kept).where(cases.c.id == _case_id)
_snapshot = select(_snapshot_kept).where(cases.c.id == _case_id)
_event_kept = typed(journal.c.body, NullType()).label("body")
_journal = (
    select(journal.c.sequence, journal.c.at, journal.c.event, _event_kept)
    .where(journal.c.case_id == _case_id)
    .order_by(journal.c.sequence)
)
_bodies = select(_event_kept).where(journal.c.case_id == _case_id).order_by(journal.c.sequence)
_feed = (
    select(feed.c.position, feed.c.first_sequence, feed.c.last_sequence, feed.c.declarant)
    .where(feed.c.case_id == _case_id)
    .order_by(feed.c.position)
)
_documents = (
    select(documents.c.name, documents.c.media_type, typed(documents.c.body, NullType()))
    .where(documents.c.case_id == _case_id)
    .order_by(documents.c.name)
)
_documents_named = _documents.where(documents.c.name.in_(bindparam("names", expanding=True)))


def load(connection: Connection, case_id: str, names: Sequence[str], of: Names) -> Record | None:
    """A case, its journal and the documents named, also by `of`. Raises RecordDamaged where they do not agree."""
    this = {"case_id": case_id}
    try:
        row = connection.execute(_snapshot, this).first()
        if row is None:
            return None
        snapshot = _bytes(row.snapshot)
        bodies = [_bytes(body) for body in connection.scalars(_bodies, this)]
        events, case = _read(case_id, snapshot, bodies)
        wanted = [*names, *of(case)]
        rows = connection.execute(_documents_named, {**this, "names": wanted}) if wanted else ()
        kept = {document.name: document for document in (_document(*row) for row in rows)}
    except TypeError as error:
        raise RecordDamaged(case_id, str(error)) from error
    _check(case, kept)
    return Record(case=case, events=events, documents=kept)


def _check(case: Case, kept: Mapping[str, Document]) -> None:
    """What was altered at rest must be neither shown nor worked with."""
    if not kept:
        return
    expected = dict(promised(case))
    for name, document in kept.items():
        if name in expected and digest(document.body) != expected[name]:
            raise RecordDamaged(case.id, f"{name} is not what was kept under its digest")


def _read(case_id: str, snapshot: bytes, bodies: Sequence[bytes]) -> tuple[tuple[Event, ...], Case]:
    try:
        events = tuple(decode_event(body) for body in bodies)
        case = replay(events)
    except (msgspec.MsgspecError, Forbidden, ValueError, RecursionError) as error:
        raise RecordDamaged(case_id, f"the journal can't be read: {error}") from error
    if encode_case(case) != snapshot:
        raise RecordDamaged(case_id, "the journal does not replay to the snapshot")
    return events, case


def _document(name: object, media_type: object, body: object) -> Document:
    return Document(name=_text(name), media_type=_text(media_type), body=_bytes(body))


def _bytes(value: object) -> bytes:
    """SQLite keeps what it is given in any column; damage may make text of bytes. Raises TypeError."""
    if not isinstance(value, bytes):
        raise TypeError(f"there is {type(value).__name__} where bytes should be")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"there is {type(value).__name__} where text should be")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"there is {type(value).__name__} where a number should be")
    return value


def _plain(value: object) -> str | int | None:
    if not isinstance(value, str | int | None):
        raise TypeError(f"there is {type(value).__name__} where text or a number should be")
    return value


def _case(case_id: CaseId, snapshot: object) -> Case | RecordDamaged:
    """A case from its snapshot alone, or what is wrong with it."""
    try:
        case = decode_case(_bytes(snapshot))
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return RecordDamaged(str(case_id), f"the snapshot can't be read: {error}")
    return case if case.id == case_id else RecordDamaged(str(case_id), "the snapshot is another case's")


def _named(column: Column[str]) -> ColumnElement[bool]:
    """The column has text: SQLite keeps what it is given, and what is no text would come after all ids."""
    return func.typeof(column) == "text"


def _place(case_id: CaseId) -> ColumnElement[str]:
    """An id to compare with; text that is not UTF-8 keeps its place among the others."""
    return literal(case_id, Text()) if isinstance(case_id, str) else cast(literal(case_id, LargeBinary()), Text())


def find(connection: Connection, query: Query, after: CaseId | None) -> Page:
    """The cases that match after an id, newest first."""
    wanted = select(cases.c.id, _snapshot_kept).where(_named(cases.c.id)).order_by(cases.c.id.desc()).limit(query.limit)
    for column, value in (
        (cases.c.declarant, query.declarant),
        (cases.c.reference, query.reference),
        (cases.c.status, query.status),
        (cases.c.outcome, query.outcome),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if query.received_from is not None:
        wanted = wanted.where(cases.c.received_at >= instant(query.received_from))
    if query.received_to is not None:
        wanted = wanted.where(cases.c.received_at < instant(query.received_to))
    if after is not None:
        wanted = wanted.where(cases.c.id < _place(after))
    return [(case_id, _case(case_id, snapshot)) for case_id, snapshot in connection.execute(wanted)]


def open_cases(connection: Connection, after: CaseId, count: int) -> Page:
    """The next unfinished cases after an id, oldest first."""
    wanted = (
        select(cases.c.id, _snapshot_kept)
        .where(cases.c.unfinished == 1, cases.c.id > _place(after), _named(cases.c.id))
        .order_by(cases.c.id)
        .limit(count)
    )
    return [(case_id, _case(case_id, snapshot)) for case_id, snapshot in connection.execute(wanted)]


def count_open(connection: Connection) -> dict[str, int]:
    """How many cases are not decided, by status; a walk along those that are unfinished."""
    wanted = (
        select(cases.c.status, func.count())
        .where(cases.c.unfinished == 1, cases.c.decided_at.is_(None))
        .group_by(cases.c.status)
    )
    return {str(status): count for status, count in connection.execute(wanted)}


def received(connection: Connection, start: datetime, end: datetime, after: CaseId | None, count: int) -> Page:
    """The next cases received in a stretch of time after an id, oldest first; `after` None: from the first on."""
    wanted = (
        select(cases.c.id, _snapshot_kept)
        .where(cases.c.id > (earliest(start) if after is None else _place(after)), cases.c.id < earliest(end, 1))
        .where(cases.c.received_at >= instant(start), cases.c.received_at < instant(end))
        .order_by(cases.c.id)
        .limit(count)
    )
    return [(case_id, _case(case_id, snapshot)) for case_id, snapshot in connection.execute(wanted)]


def raw_records(connection: Connection, after: CaseId, count: int) -> Sequence[tuple[CaseId, RawRecord]]:
    """All that is kept under the next ids after an id, also under ids that belong to no case."""
    ids: set[CaseId] = set()
    for column in _CASE_IDS:
        wanted = select(column).where(column > _place(after), _named(column)).distinct().order_by(column).limit(count)
        ids.update(connection.scalars(wanted))
    in_order = sorted(ids, key=lambda each: each.encode() if isinstance(each, str) else each)
    return [(case_id, _raw(connection, case_id)) for case_id in in_order[:count]]


def nameless_records(connection: Connection) -> tuple[RawRecord, ...]:
    """The ids in any table that are no text at all, the first NAMELESS_MAX of each."""
    ids: set[object] = set()
    for column in _CASE_IDS:
        ids.update(connection.scalars(select(column).where(~_named(column)).distinct().limit(NAMELESS_MAX)))
    return tuple(_nameless(case_id) for case_id in sorted(ids, key=repr))


def _nameless(case_id: object) -> RawRecord:
    return RawRecord(case_id=repr(case_id), unreadable=f"the id is {type(case_id).__name__} and no text")


def _raw(connection: Connection, case_id: CaseId) -> RawRecord:
    if isinstance(case_id, bytes):
        return _nameless(case_id)
    this = {"case_id": case_id}
    try:
        row = connection.execute(_row, this).mappings().first()
        return RawRecord(
            case_id=case_id,
            snapshot=_bytes(row["snapshot"]) if row else None,
            indexed={name: _plain(row[name]) for name in INDEXED} if row else {},
            journal=tuple(
                RawEvent(sequence=event.sequence, at=_text(event.at), event=_text(event.event), body=_bytes(event.body))
                for event in connection.execute(_journal, this)
            ),
            feed=tuple(
                RawPlace(
                    position=_whole(row.position),
                    first_sequence=_whole(row.first_sequence),
                    last_sequence=_whole(row.last_sequence),
                    declarant=_text(row.declarant),
                )
                for row in connection.execute(_feed, this)
            ),
            documents=tuple(_document(*document) for document in connection.execute(_documents, this)),
        )
    except (DBAPIError, TypeError) as error:
        return RawRecord(case_id=case_id, unreadable=reason(error))
