"""The chain over the journal as it stands in the database, and which database it is."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, and_, select, update
from sqlalchemy import type_coerce as typed
from sqlalchemy.types import NullType

from .chain import NOTHING, Head, linked
from .steps import newest
from .store import Link
from .tables import feed, journal, store

# Bytes are taken as they come: what damage has made of them must show.
_entries = (
    select(
        feed.c.position,
        typed(feed.c.digest, NullType()).label("digest"),
        *(feed.c[name] for name in ("case_id", "first_sequence", "last_sequence", "declarant")),
        *(journal.c[name] for name in ("sequence", "at", "event")),
        typed(journal.c.body, NullType()).label("body"),
    )
    .outerjoin_from(
        feed,
        journal,
        and_(
            journal.c.case_id == feed.c.case_id,
            journal.c.sequence.between(feed.c.first_sequence, feed.c.last_sequence),
        ),
    )
    .order_by(feed.c.position, journal.c.sequence)
)


def page(connection: Connection, after: Head, count: int) -> Sequence[Link]:
    """The next entries after a head, each held against the one before it."""
    positions = select(feed.c.position).where(feed.c.position > after.number).order_by(feed.c.position).limit(count)
    numbers = connection.scalars(positions).all()
    if not numbers:
        return ()
    wanted = _entries.where(feed.c.position >= numbers[0], feed.c.position <= numbers[-1])
    found: list[Link] = []
    for number, rows in groupby(connection.execute(wanted), key=lambda row: row[0]):
        entry = [tuple(row) for row in rows]
        kept, events = entry[0][1], [row[6:] for row in entry if row[6] is not None]
        follows = number == after.number + 1
        sound = kept == linked(after.digest, entry[0][2:6], events) if follows else None
        after = Head(number, kept if isinstance(kept, bytes) else b"")
        found.append(Link(number, str(entry[0][2]), after.digest, sound))
    return found


def adopt(connection: Connection, authority: str) -> tuple[str, Head]:
    """Keep the authority's fingerprint; the store's identity and the head of its newest entry."""
    connection.execute(update(store).values(authority=authority))
    row = connection.execute(newest).first()
    return connection.execute(select(store.c.id)).scalar_one(), NOTHING if row is None else Head(row[0], row[1] or b"")
