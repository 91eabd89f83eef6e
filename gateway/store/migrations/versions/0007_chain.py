"""The chain over the journal, and the store's own identity."""

import secrets
from hashlib import sha256
from itertools import groupby

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ENTRIES = """
    SELECT feed.position, feed.case_id, first_sequence, last_sequence, declarant, sequence, at, event, body
    FROM feed LEFT JOIN journal
      ON journal.case_id = feed.case_id AND journal.sequence BETWEEN first_sequence AND last_sequence
    WHERE position > :after AND position <= :until
    ORDER BY position, sequence
"""

_PAGE_ENTRIES = 1000


def upgrade() -> None:
    """Number the store, and chain the entries that are there as they stand."""
    op.create_table(
        "store",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_store"),
    )
    op.add_column("feed", sa.Column("digest", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.text("INSERT INTO store (id) VALUES (:id)"), {"id": secrets.token_hex(16)})
    _chain(connection)


def _chain(connection: sa.Connection) -> None:
    newest = connection.execute(sa.text("SELECT coalesce(max(position), 0) FROM feed")).scalar_one()
    before = bytes(32)
    for after in range(0, newest, _PAGE_ENTRIES):
        rows = connection.execute(sa.text(_ENTRIES), {"after": after, "until": after + _PAGE_ENTRIES}).all()
        digests = []
        for position, found in groupby(rows, key=lambda row: row[0]):
            entry = list(found)
            events = [tuple(row[5:]) for row in entry if row[5] is not None]
            before = sha256(before + msgspec.msgpack.encode((*entry[0][1:5], events))).digest()
            digests.append({"position": position, "digest": before})
        if digests:
            connection.execute(sa.text("UPDATE feed SET digest = :digest WHERE position = :position"), digests)


def downgrade() -> None:
    """Forget the chain and the store's identity."""
    op.drop_column("feed", "digest")
    op.drop_table("store")
