"""What was acknowledged is there after a restart, and after a kill in the middle of writing."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy

from app.store import leases
from app.store.engine import Connection
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio

# Acknowledges each row on its standard output, from eight writers at once, until it is killed.
WRITER = """
import asyncio, os, sys
from app.store import leases
from app.store.engine import Store

async def main():
    store = await Store.open(sys.argv[1])
    async def writer(who):
        for number in range(10_000):
            name = f"{who}-{number}"
            await store.write(lambda c: leases.take(c, name, "own_enzo", 0.0, 9.0))
            os.write(1, (name + "\\n").encode())
    await asyncio.gather(*(writer(who) for who in range(8)))

asyncio.run(main())
"""


def names(connection: Connection) -> set[str]:
    """The leases that are there."""
    return set(connection.execute(sqlalchemy.text("SELECT name FROM lease")).scalars())


async def test_a_restart_finds_what_was_written(reopen: Reopen) -> None:
    async with reopen() as store:
        await store.write(lambda c: leases.take(c, "work", "own_hana", 0.0, 9.0))

    async with reopen() as again:
        assert await again.read(names) == {"work"}


def acknowledged_until_killed(database: Path) -> set[str]:
    """What a process that was killed in the middle of writing had acknowledged."""
    writer = subprocess.Popen(  # noqa: S603 - our own program, written above
        [sys.executable, "-c", WRITER, f"sqlite:///{database}"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdout is not None
    read = b"".join(writer.stdout.readline() for _ in range(500))
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=30)
    # A line that the kill cut in two has told nobody anything.
    return {line.decode() for line in (read + rest).split(b"\n")[:-1]}


async def test_a_kill_takes_nothing_that_was_acknowledged(database: Path, reopen: Reopen) -> None:
    acknowledged = await asyncio.to_thread(acknowledged_until_killed, database)

    async with reopen() as store:
        kept = await store.read(names)
    assert len(acknowledged) >= 500
    assert acknowledged <= kept


async def test_a_commit_waits_for_the_disk(reopen: Reopen) -> None:
    """Without FULL, a power cut takes rows that were acknowledged."""

    def settings(connection: Connection) -> tuple[str, int]:
        mode = connection.execute(sqlalchemy.text("PRAGMA journal_mode")).scalar_one()
        return str(mode), connection.execute(sqlalchemy.text("PRAGMA synchronous")).scalar_one()

    async with reopen() as store:
        assert await store.write(settings) == ("wal", 2)
