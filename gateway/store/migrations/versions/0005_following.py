"""The event feed, and subscriptions to it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# In which order entries were committed is not known of what is there already: events come in the order of their times,
# one entry each, and no event of a case before those that the case had earlier, whatever the clock said.
_EARLIER = """
    INSERT INTO feed (case_id, first_sequence, last_sequence, declarant)
    SELECT case_id, sequence, sequence, declarant
    FROM (
        SELECT journal.case_id, journal.sequence, cases.declarant,
               max(journal.at) OVER (PARTITION BY journal.case_id ORDER BY journal.sequence) AS reached
        FROM journal JOIN cases ON cases.id = journal.case_id
    ) AS earlier
    ORDER BY reached, case_id, sequence
"""


def upgrade() -> None:
    """Create both tables, and give the events that are there their places."""
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("first_sequence", sa.Integer(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("declarant", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_feed"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_feed_case_id"),
    )
    op.execute(_EARLIER)
    op.create_index("ix_feed_case_id", "feed", ["case_id"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )


def downgrade() -> None:
    """Forget the order of the feed and all subscriptions."""
    op.drop_table("webhooks")
    op.drop_index("ix_feed_case_id", "feed")
    op.drop_table("feed")
