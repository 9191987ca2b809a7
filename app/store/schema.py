"""Brings the tables of a database up to date at start, and refuses one from a newer Keyhatch.

The steps themselves are the files in migrations/versions; they are never edited afterwards.
"""

from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection, Engine

from app.store.faults import StoreFault

# The newest step. It stands here so that a start that finds it need not load Alembic.
NEWEST = "0001"

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Run the missing steps in one transaction that holds the write lock, so that of two processes
    that start together one waits. Raises StoreFault.
    """
    with engine.connect() as connection, connection.begin():
        found = revision(connection)
        if found != NEWEST:
            _migrate(connection, found)


def revision(connection: Connection) -> str | None:
    """The newest step that this database has had, or None for an empty one."""
    if not sqlalchemy.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection, found: str | None) -> None:
    # Loaded only when there is something to do: it takes longer than the rest of a start.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreFault(
            f"a newer Keyhatch wrote the database: its tables are at step {found}, this one knows "
            f"{NEWEST}; start that version, or restore the backup made before the upgrade"
        )
    command.upgrade(config, "head")
