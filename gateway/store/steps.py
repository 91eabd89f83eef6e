"""What one entry writes, and writing many of them in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, Dialect, select
from sqlalchemy.exc import IntegrityError

from ..case import Case, encode_case
from ..events import Acknowledged, Replied, encode_event, event_name
from ..life import unfinished
from .bulk import Bulk, Row, answering, continuing, inserting
from .chain import BEGINNING, Head, linked
from .store import Conflict, Entry, ReferenceTaken
from .tables import cases, documents, feed, journal, metadata


class Step(msgspec.Struct, frozen=True):
    """An entry as rows; `expected` is the sequence that it continues, 0 for the first step of a case.

    `feed` is its row of the event feed, which gets its position when it is written. `answered`: agency, message and
    time of what an agency has answered or taken, which settles the dead letters of that message.
    """

    case: Case
    expected: int
    row: Row
    events: tuple[Row, ...]
    feed: Row
    documents: tuple[Row, ...]
    answered: tuple[Row, ...]
    size_bytes: int


class Stale(Exception):
    """Some case does not stand where its step expects it, or might not."""


def instant(at: datetime) -> str:
    """A time as it stands in the tables: UTC with six digits of a second, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def indexed(case: Case) -> dict[str, str | int | None]:
    """The columns of a case beside its snapshot, by name."""
    return {
        "declarant": case.declarant,
        "reference": case.reference,
        "status": case.status.value,
        "outcome": case.outcome.value if case.outcome else None,
        "received_at": instant(case.received_at),
        "decided_at": instant(case.decided_at) if case.decided_at else None,
        "sequence": case.sequence,
        "unfinished": int(unfinished(case)),
    }


newest = select(feed.c.position, feed.c.digest).order_by(feed.c.position.desc()).limit(1)
"""The newest entry's number and digest."""

_BEFORE_SNAPSHOT = ("declarant", "reference", "status", "outcome", "received_at", "decided_at", "sequence")


def step_of(entry: Entry) -> Step:
    """The rows of an entry. Raises ValueError where it has no events or more than the case counts."""
    case = entry.case
    expected = case.sequence - len(entry.events)
    if not entry.events or expected < 0:
        raise ValueError(f"{len(entry.events)} events can't bring case {case.id} to sequence {case.sequence}")
    snapshot = encode_case(case)
    columns = indexed(case)
    if expected == 0:
        row: Row = (case.id, *(columns[name] for name in _BEFORE_SNAPSHOT), snapshot, columns["unfinished"])
    else:
        changing = (columns[name] for name in ("status", "outcome", "decided_at", "sequence", "unfinished"))
        row = (case.id, expected, *changing, snapshot)
    return Step(
        case=case,
        expected=expected,
        row=row,
        events=tuple(
            (case.id, sequence, instant(event.at), event_name(event), encode_event(event))
            for sequence, event in enumerate(entry.events, expected + 1)
        ),
        feed=(case.id, expected + 1, case.sequence, case.declarant),
        documents=tuple((case.id, document.name, document.media_type, document.body) for document in entry.documents),
        answered=tuple(
            (event.agency, event.message_id, instant(event.at))
            for event in entry.events
            if isinstance(event, Acknowledged | Replied)
        ),
        size_bytes=len(snapshot) + sum(len(document.body) for document in entry.documents),
    )


class Steps:
    """Writes steps inside the caller's transaction; `head` is that of the last one written."""

    def __init__(self, dialect: Dialect) -> None:
        self._begin = Bulk(inserting(cases), dialect)
        self._continue = Bulk(continuing, dialect)
        self._journal = Bulk(inserting(journal), dialect)
        self._feed = Bulk(inserting(feed), dialect)
        self._documents = Bulk(inserting(documents), dialect)
        self._answered = Bulk(answering, dialect)
        self._newest = str(newest.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        self._reads = [
            str(select(1).select_from(table).limit(1).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
            for table in metadata.sorted_tables
        ]
        self.head: Head | None = None

    def write(self, connection: Connection, steps: Sequence[Step]) -> None:
        """Write all of them. Raises IntegrityError or Stale where one can't be; the others are then half written.

        Steps of one case have an order, which is lost here: they have to be written one by one.
        """
        if len({step.case.id for step in steps}) < len(steps):
            raise Stale
        continued = [step.row for step in steps if step.expected]
        self._begin.execute(connection, [step.row for step in steps if not step.expected])
        if self._continue.execute(connection, continued) != len(continued):
            raise Stale
        self._journal.execute(connection, [row for step in steps for row in step.events])
        self._feed.execute(connection, self._chained(connection, steps))
        self._documents.execute(connection, [row for step in steps for row in step.documents])
        self._answered.execute(connection, [row for step in steps for row in step.answered])

    def _chained(self, connection: Connection, steps: Sequence[Step]) -> list[Row]:
        """The rows of the feed with their digests. The newest is asked for: another process may have written it."""
        if not steps:
            return []
        cursor = connection.connection.cursor()  # by the driver alone, at a tenth of the time: it is at every commit
        cursor.execute(self._newest)
        found = cursor.fetchone()
        cursor.close()
        number, digest = (0, BEGINNING) if found is None else (found[0], found[1] or BEGINNING)
        rows: list[Row] = []
        for step in steps:
            digest = linked(digest, step.feed, [event[1:] for event in step.events])
            rows.append((*step.feed, digest))
        self.head = Head(number + len(steps), digest)
        return rows

    def rehearse(self, connection: Connection) -> None:
        """Write a step that no case has, for the caller to take back: every table is there and takes it."""
        name = "rehearsal"
        self._begin.execute(connection, [(name, name, name, name, None, name, None, 0, b"", 0)])
        self._journal.execute(connection, [(name, 1, name, name, b"")])
        self._feed.execute(connection, [(name, 1, 1, name, b"")])
        self._documents.execute(connection, [(name, name, name, b"")])
        self._answered.execute(connection, [(name, name, name)])
        for read in self._reads:
            connection.exec_driver_sql(read)

    def write_alone(self, connection: Connection, step: Step) -> Exception | None:
        """Write one of them and leave no trace of it where it can't be; returns the reason then."""
        try:
            with connection.begin_nested():
                self.write(connection, (step,))
        except (IntegrityError, Stale):
            return _refusal(connection, step)
        return None


def _refusal(connection: Connection, step: Step) -> Exception:
    case = step.case
    stands_at = connection.scalar(select(cases.c.sequence).where(cases.c.id == case.id)) or 0
    if stands_at != step.expected:
        return Conflict(f"case {case.id} stands at {stands_at}, not at {step.expected}")
    if step.expected == 0:
        owner = connection.scalar(
            select(cases.c.id).where(cases.c.declarant == case.declarant, cases.c.reference == case.reference)
        )
        if owner is not None:
            return ReferenceTaken(owner)
    return ValueError(f"case {case.id} has a document or an event of this name or number")
