"""The tables of the record, for every engine.

Times are text: RFC 3339 in UTC with six digits of a second, so that they sort as they are and any tool shows them.
Snapshots, events and documents are bytes: what was written is what is read.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("declarant", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("outcome", Text),
    Column("received_at", Text, nullable=False),
    Column("decided_at", Text),
    Column("sequence", Integer, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("unfinished", Integer, nullable=False, server_default="0"),
    UniqueConstraint("declarant", "reference"),
)

# Case ids are UUIDv7: their order is that of time, so each listing is a walk along one of these.
Index("ix_cases_declarant", cases.c.declarant, cases.c.id)
Index(
    "ix_cases_unfinished",
    cases.c.id,
    sqlite_where=cases.c.unfinished == 1,
    postgresql_where=cases.c.unfinished == 1,
)

# Without a row id a case's journal lies together, and each event is written to one tree, not two.
journal = Table(
    "journal",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

documents = Table(
    "documents",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# A file is there once for each owner and type; numbers are given in the order in which entries come.
documents_on_file = Table(
    "documents_on_file",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("type_code", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("expires_at", Text),
    Column("shared_with", Text, nullable=False),
    UniqueConstraint("digest", "owner", "type_code"),
)
Index("ix_documents_on_file_owner", documents_on_file.c.owner, documents_on_file.c.number)
# One row for each entry: the order in which entries were committed, which a reader of the event feed goes by.
#
# SQLite has one writer at a time (BEGIN IMMEDIATE) and gives the next position inside its transaction, so no entry
# comes to light with a position before one that was read already, whichever process wrote it. PostgreSQL has many: a
# sequence alone would let a later position commit first. There the write transaction has to take a lock
# (pg_advisory_xact_lock) before its first position and hold it to its end.
#
# The newest row must never be deleted, or SQLite would give its position again to other events. Positions have no gaps,
# and each row has the digest by which its entry is chained to the one before; see `chain`.
feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("first_sequence", Integer, nullable=False),
    Column("last_sequence", Integer, nullable=False),
    Column("declarant", Text, nullable=False),
    Column("digest", LargeBinary),
)

# Case ids are in the order of time: the rows of open cases lie together here. An index by declarant would have a page
# of its own to write for each of them, at every step of a case; a reader passes over the others' rows instead.
Index("ix_feed_case_id", feed.c.case_id)

# One row for what is the same thing again, so that an agency which answers every attempt alike makes one of them. A
# letter that is about no known message has an empty message_id: nulls would all be different from one another.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("case_id", Text),
    Column("media_type", Text),
    Column("size_bytes", Integer, nullable=False),
    Column("kept_bytes", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("note", Text),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("agency", "message_id", "code", "digest"),
)

# By which the one that has been settled for longest is found without a look at any row: rows are as long as evidence.
Index(
    "ix_dead_letters_agency",
    dead_letters.c.agency,
    dead_letters.c.state,
    dead_letters.c.changed_at,
    dead_letters.c.id,
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
)

# One row: which store this is, and by whose certificates what is in it was signed last (SHA-256 of the authority's).
store = Table("store", metadata, Column("id", Text, primary_key=True), Column("authority", Text))
