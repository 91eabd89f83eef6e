"""The register of documents on file."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the index by which an owner's documents are listed."""
    op.create_table(
        "documents_on_file",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text()),
        sa.Column("shared_with", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_documents_on_file"),
        sa.UniqueConstraint("digest", "owner", "type_code", name="uq_documents_on_file_digest"),
    )
    op.create_index("ix_documents_on_file_owner", "documents_on_file", ["owner", "number"])


def downgrade() -> None:
    """Drop the table; the files stay where they are."""
    op.drop_index("ix_documents_on_file_owner", "documents_on_file")
    op.drop_table("documents_on_file")
