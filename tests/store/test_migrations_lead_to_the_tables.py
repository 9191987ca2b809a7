"""The steps of the migrations produce exactly what tables.py shows, from nothing and only once."""

import asyncio
import re
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.engine import Connection, Store
from app.store.schema import MIGRATIONS, NEWEST
from app.store.tables import metadata
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio


def definitions(connection: Connection) -> dict[str, set[str]]:
    """Each table and index as SQLite keeps it: the set of its parts, whatever their order."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    rows = connection.execute(sqlalchemy.text(query)).all()
    return {
        row.name: {part.strip() for part in re.split(r",\s*\n|\n", row.sql) if part.strip(" ()")}
        for row in rows
        if row.name != "alembic_version"
    }


async def test_the_steps_produce_the_tables(store: Store) -> None:
    drawn = sqlalchemy.create_engine("sqlite://")
    with drawn.connect() as connection:
        metadata.create_all(connection)
        wanted = definitions(connection)
    drawn.dispose()

    assert await store.read(definitions) == wanted


async def test_alembic_finds_nothing_left_to_do(store: Store) -> None:
    left = await store.write(
        lambda c: compare_metadata(
            MigrationContext.configure(c, opts={"compare_type": True}), metadata
        )
    )

    assert left == []


def test_the_newest_step_is_the_last_of_one_chain() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_every_row_knows_its_host() -> None:
    """A lease is held by a process, which works for every host."""
    without = {table.name for table in metadata.sorted_tables if "host_id" not in table.c}

    assert without == {"lease"}


async def test_processes_that_start_together_all_succeed(database: Path, reopen: Reopen) -> None:
    stores = await asyncio.gather(*(Store.open(f"sqlite:///{database}") for _ in range(4)))
    for store in stores:
        await store.close()

    # The last one would have found a half-made table.
    async with reopen() as again:
        assert await again.read(definitions)


async def test_a_second_start_changes_nothing(reopen: Reopen) -> None:
    async with reopen() as store:
        before = await store.read(definitions)
    async with reopen() as again:
        assert await again.read(definitions) == before


async def test_a_step_that_fails_leaves_nothing_behind(database: Path, reopen: Reopen) -> None:
    """The steps run in one transaction: a table in the way undoes those that were made before."""
    raw = sqlalchemy.create_engine(f"sqlite:///{database}")
    with raw.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE session (id TEXT)"))
    with pytest.raises(Exception, match="session"):
        async with reopen():
            pass
    with raw.connect() as connection:
        tables = sqlalchemy.inspect(connection).get_table_names()
    raw.dispose()

    assert tables == ["session"]
