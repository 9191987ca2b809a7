"""A read waits for no write, sees one state of the database, and changes nothing."""

import asyncio
import threading
from collections.abc import Callable

import pytest
import sqlalchemy

from app.store import leases
from app.store.engine import Connection, Store, StoreFault
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio


def count(connection: Connection) -> int:
    """How many leases there are."""
    return int(connection.execute(sqlalchemy.text("SELECT count(*) FROM lease")).scalar_one())


def taking(name: str) -> Callable[[Connection], bool]:
    """A small change: take a lease."""
    return lambda connection: leases.take(connection, name, "own_hana", 0.0, 100.0)


async def test_a_read_does_not_wait_for_a_slow_write(reopen: Reopen) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        leases.take(connection, "work", "own_hana", 0.0, 100.0)
        busy.set()
        assert go_on.wait(10)

    async with reopen() as store:
        writing = asyncio.create_task(store.write(slow))
        await asyncio.to_thread(busy.wait, 10)

        assert await asyncio.wait_for(store.read(count), 5) == 0

        go_on.set()
        await writing
        assert await store.read(count) == 1


async def test_a_read_sees_one_state_from_first_to_last(reopen: Reopen) -> None:
    between, go_on = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[int, int]:
        first = count(connection)
        between.set()
        assert go_on.wait(10)
        return first, count(connection)

    async with reopen() as store:
        reading = asyncio.create_task(store.read(twice))
        await asyncio.to_thread(between.wait, 10)
        await store.write(taking("work"))
        go_on.set()

        assert await reading == (0, 0)


async def test_what_was_acknowledged_is_read(reopen: Reopen) -> None:
    async with reopen() as store:
        for number in range(50):
            await store.write(taking(f"work-{number}"))

            assert await store.read(count) == number + 1


async def test_a_read_that_changes_something_is_refused(reopen: Reopen) -> None:
    async with reopen() as store:
        with pytest.raises(StoreFault):
            await store.read(lambda c: leases.take(c, "work", "own_mallory", 0.0, 100.0))

        assert await store.read(count) == 0


async def test_many_reads_at_once_are_answered(reopen: Reopen) -> None:
    async with reopen() as store:
        assert await asyncio.gather(*(store.read(count) for _ in range(200))) == [0] * 200


async def test_what_a_query_raises_reaches_its_caller(reopen: Reopen, store: Store) -> None:
    def fails(_connection: Connection) -> None:
        raise LookupError("nothing here")

    async with reopen() as on_disk:
        for one in (on_disk, store):
            with pytest.raises(LookupError, match="nothing here"):
                await one.read(fails)
