"""Alembic's environment for the record's tables; `migration.py` beside this folder runs it."""
