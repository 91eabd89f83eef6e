"""Bringing a database up to the tables of today, whoever else is opening it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from .store import UnsafeStore

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")

# Alembic keeps the environment of a running migration in a module: one at a time in a process.
_alembic = threading.Lock()


def upgrade(engine: Engine) -> None:
    """Migrate to the newest revision, in one transaction that locks other openers out until it is done.

    Raises UnsafeStore("store-schema-newer") where a newer release has migrated the database.
    """
    if _is_newest(engine):
        return
    # Importing Alembic takes a fifth of a gateway's start, and nearly every start finds nothing to migrate.
    from alembic import command
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with _alembic, engine.begin() as connection:
        config = configuration(connection)
        scripts = ScriptDirectory.from_config(config)
        present = set(MigrationContext.configure(connection).get_current_heads())
        if present == set(scripts.get_heads()):
            return
        unknown = present - {script.revision for script in scripts.walk_revisions()}
        if unknown:
            known = ", ".join(scripts.get_heads())
            raise UnsafeStore(
                "store-schema-newer",
                f"the database has revision {', '.join(sorted(unknown))}, this release knows up to {known}",
            )
        command.upgrade(config, "head")


def _is_newest(engine: Engine) -> bool:
    """Whether the database has the newest revision, as the names of the migrations' files give it."""
    newest = max(file.name.split("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return [newest] == list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no file of it."""
    from alembic.config import Config

    from .tables import metadata

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config
