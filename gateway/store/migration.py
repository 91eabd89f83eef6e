"""Bringing a database up to the tables of today, whoever else is opening it."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from .store import UnsafeStore
from .tables import metadata

# Alembic keeps the environment of a running migration in a module: one at a time in a process.
_alembic = threading.Lock()


def upgrade(engine: Engine) -> None:
    """Migrate to the newest revision, in one transaction that locks other openers out until it is done.

    Raises UnsafeStore("store-schema-newer") where a newer release has migrated the database.
    """
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


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no file of it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config
