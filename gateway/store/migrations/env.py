"""Runs the migrations on the connection that `migration.py` hands over, inside its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
