"""What is read of the record: each function is one transaction, and so sees one moment of it."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, Text, bindparam, select
from sqlalchemy.exc import DBAPIError

from ...codecs.digest import digest
from ..case import Case, decode_case, encode_case
from ..commands import Forbidden
from ..document_names import promised
from ..events import Event, decode_event
from ..life import replay
from .sqlite import reason
from .steps import instant
from .store import Document, Query, RawEvent, RawRecord, Record, RecordDamaged
from .tables import cases, documents, journal

INDEXED = ("declarant", "reference", "status", "outcome", "received_at", "decided_at", "sequence")

# Built once: to build a statement and its cache key costs more than to run it.
_case_id = bindparam("case_id", type_=Text())
_row = select(cases).where(cases.c.id == _case_id)
_snapshot = select(cases.c.snapshot).where(cases.c.id == _case_id)
_journal = select(journal).where(journal.c.case_id == _case_id).order_by(journal.c.sequence)
_bodies = select(journal.c.body).where(journal.c.case_id == _case_id).order_by(journal.c.sequence)
_documents = (
    select(documents.c.name, documents.c.media_type, documents.c.body)
    .where(documents.c.case_id == _case_id)
    .order_by(documents.c.name)
)
_documents_named = _documents.where(documents.c.name.in_(bindparam("names", expanding=True)))


def load(connection: Connection, case_id: str, names: Sequence[str]) -> Record | None:
    """A case, its journal and the documents named. Raises RecordDamaged where they do not agree."""
    this = {"case_id": case_id}
    try:
        snapshot = connection.scalar(_snapshot, this)
        if snapshot is None:
            return None
        bodies = connection.scalars(_bodies, this).all()
        rows = connection.execute(_documents_named, {**this, "names": list(names)}) if names else ()
        kept = {row[0]: _document(*row) for row in rows}
    except TypeError as error:
        raise RecordDamaged(case_id, str(error)) from error
    events, case = _read(case_id, snapshot, bodies)
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
    except (msgspec.MsgspecError, Forbidden) as error:
        raise RecordDamaged(case_id, f"the journal can't be read: {error}") from error
    if encode_case(case) != snapshot:
        raise RecordDamaged(case_id, "the journal does not replay to the snapshot")
    return events, case


def _document(name: str, media_type: str, body: object) -> Document:
    return Document(name=name, media_type=media_type, body=_bytes(body))


def _bytes(value: object) -> bytes:
    """SQLite keeps what it is given in any column; damage may make text of bytes. Raises TypeError."""
    if not isinstance(value, bytes):
        raise TypeError(f"there is {type(value).__name__} where bytes should be")
    return value


def snapshot_of(case_id: str, snapshot: bytes) -> Case:
    """A case from its snapshot alone. Raises RecordDamaged where it is none."""
    try:
        return decode_case(snapshot)
    except msgspec.MsgspecError as error:
        raise RecordDamaged(case_id, f"the snapshot can't be read: {error}") from error


def find(connection: Connection, query: Query) -> tuple[Case, ...]:
    """The cases that match, newest first. Raises RecordDamaged."""
    wanted = select(cases.c.id, cases.c.snapshot).order_by(cases.c.id.desc()).limit(query.limit)
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
    if query.after is not None:
        wanted = wanted.where(cases.c.id < query.after)
    return tuple(snapshot_of(case_id, snapshot) for case_id, snapshot in connection.execute(wanted))


def open_cases(connection: Connection, after: str, count: int) -> Sequence[tuple[str, bytes]]:
    """Ids and snapshots of the next open cases after an id, oldest first."""
    wanted = (
        select(cases.c.id, cases.c.snapshot)
        .where(cases.c.decided_at.is_(None), cases.c.id > after)
        .order_by(cases.c.id)
        .limit(count)
    )
    return [(case_id, snapshot) for case_id, snapshot in connection.execute(wanted)]


def raw_records(connection: Connection, after: str, count: int) -> tuple[RawRecord, ...]:
    """All that is kept under the next ids after an id, also under ids that belong to no case."""
    ids: set[str] = set()
    for column in (cases.c.id, journal.c.case_id, documents.c.case_id):
        ids.update(connection.scalars(select(column).where(column > after).distinct().order_by(column).limit(count)))
    return tuple(_raw(connection, case_id) for case_id in sorted(ids)[:count])


def _raw(connection: Connection, case_id: str) -> RawRecord:
    this = {"case_id": case_id}
    try:
        row = connection.execute(_row, this).mappings().first()
        return RawRecord(
            case_id=case_id,
            snapshot=_bytes(row["snapshot"]) if row else None,
            indexed={name: row[name] for name in INDEXED} if row else {},
            journal=tuple(
                RawEvent(sequence=event.sequence, at=event.at, event=event.event, body=_bytes(event.body))
                for event in connection.execute(_journal, this)
            ),
            documents=tuple(_document(*document) for document in connection.execute(_documents, this)),
        )
    except (DBAPIError, TypeError) as error:
        return RawRecord(case_id=case_id, unreadable=reason(error))
