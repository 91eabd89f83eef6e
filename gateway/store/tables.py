"""The tables of the record, for every engine.

Times are text: RFC 3339 in UTC with six digits of a second, so that they sort as they are and any tool shows them.
Snapshots, events and documents are bytes: what was written is what is read.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

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
