"""Which cases still have something to be done, apart from which have a response."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and the index that the search for unfinished cases walks along."""
    op.add_column("cases", sa.Column("unfinished", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE cases SET unfinished = 1 WHERE decided_at IS NULL")
    op.drop_index("ix_cases_open", "cases")
    op.create_index(
        "ix_cases_unfinished",
        "cases",
        ["id"],
        sqlite_where=sa.text("unfinished = 1"),
        postgresql_where=sa.text("unfinished = 1"),
    )


def downgrade() -> None:
    """Find open cases by their having no response again."""
    op.drop_index("ix_cases_unfinished", "cases")
    op.create_index(
        "ix_cases_open",
        "cases",
        ["id"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_column("cases", "unfinished")
