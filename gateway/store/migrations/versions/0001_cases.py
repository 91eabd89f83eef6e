"""Cases, their journal and their documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("declarant", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("declarant", "reference", name="uq_cases_declarant"),
    )
    op.create_index("ix_cases_declarant", "cases", ["declarant", "id"])
    op.create_index(
        "ix_cases_open",
        "cases",
        ["id"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sequence", name="pk_journal"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_journal_case_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "documents",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "name", name="pk_documents"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_documents_case_id"),
    )


def downgrade() -> None:
    """Drop the three tables and all that is in them."""
    op.drop_table("documents")
    op.drop_table("journal")
    op.drop_index("ix_cases_open", "cases")
    op.drop_index("ix_cases_declarant", "cases")
    op.drop_table("cases")
