"""Writes that wait together are committed together, and none of them pays for another's mistake."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event

from app.store import leases
from app.store.engine import Clash, Connection, Store, StoreFault
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio


def taking(name: str, owner: str = "own_hana") -> Callable[[Connection], bool]:
    """A small change: take a lease."""
    return lambda connection: leases.take(connection, name, owner, 0.0, 100.0)


def names(connection: Connection) -> list[str]:
    """The leases that are there."""
    found = connection.execute(sqlalchemy.text("SELECT name FROM lease ORDER BY name"))
    return list(found.scalars())


@pytest.fixture
def commits() -> Iterator[list[object]]:
    """Grows by one with each commit in memory; servers of other tests here write to files."""
    seen: list[object] = []

    def note(connection: Connection) -> None:
        files = connection.connection.cursor().execute("PRAGMA database_list").fetchall()
        if files[0][2] == "":
            seen.append(connection)

    event.listen(sqlalchemy.Engine, "commit", note)
    yield seen
    event.remove(sqlalchemy.Engine, "commit", note)


async def test_what_queued_during_a_commit_goes_into_one(
    store: Store, commits: list[object]
) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def slow(_connection: Connection) -> None:
        busy.set()
        assert go_on.wait(10)

    first = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(busy.wait, 10)
    rest = [asyncio.create_task(store.write(taking(f"work-{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *rest)

    assert len(commits) == 2


async def test_a_result_comes_after_its_commit(database: Path, reopen: Reopen) -> None:
    async with reopen() as store:
        assert await store.write(taking("work")) is True

        # Another connection sees only what is committed.
        other = sqlite3.connect(database)
        seen = other.execute("SELECT name FROM lease").fetchall()
        other.close()

    assert seen == [("work",)]


async def test_changes_happen_in_the_order_in_which_they_were_asked(store: Store) -> None:
    order: list[int] = []

    def noting(number: int) -> Callable[[Connection], None]:
        return lambda _connection: order.append(number)

    await asyncio.gather(*(store.write(noting(number)) for number in range(100)))

    assert order == list(range(100))


async def test_a_change_that_fails_leaves_the_others_alone(store: Store) -> None:
    def fails(connection: Connection) -> None:
        leases.take(connection, "half", "own_mallory", 0.0, 100.0)
        raise ValueError("half-way")

    first, second, third = await asyncio.gather(
        store.write(taking("a")),
        store.write(fails),
        store.write(taking("b")),
        return_exceptions=True,
    )

    assert (first, third) == (True, True)
    assert isinstance(second, ValueError)
    assert await store.read(names) == ["a", "b"]


async def test_a_second_row_of_its_kind_is_a_clash(store: Store) -> None:
    def forced(connection: Connection) -> None:
        connection.execute(sqlalchemy.text("INSERT INTO lease VALUES ('a', 'own_mallory', 1)"))

    first, second, third = await asyncio.gather(
        store.write(taking("a")),
        store.write(forced),
        store.write(taking("b")),
        return_exceptions=True,
    )

    assert (first, third) == (True, True)
    assert isinstance(second, Clash)


async def test_a_change_that_ends_the_whole_transaction_ends_alone(reopen: Reopen) -> None:
    """SQLite undoes everything on some errors; what the others did is then done again."""
    trigger = (
        "CREATE TRIGGER trap BEFORE INSERT ON lease WHEN NEW.owner = 'own_mallory' "
        "BEGIN SELECT RAISE(ROLLBACK, 'gone'); END"
    )
    async with reopen() as store:
        await store.write(lambda c: c.execute(sqlalchemy.text(trigger)) and None)

        answers = await asyncio.gather(
            store.write(taking("a")),
            store.write(taking("trapped", "own_mallory")),
            store.write(taking("b")),
            return_exceptions=True,
        )

        assert [answers[0], answers[2]] == [True, True]
        assert isinstance(answers[1], Clash | StoreFault)
        assert await store.read(names) == ["a", "b"]


async def test_a_wrong_statement_fails_for_its_caller_alone(store: Store) -> None:
    def wrong(connection: Connection) -> None:
        connection.execute(sqlalchemy.text("INSERT INTO nowhere VALUES (1)"))

    first, second = await asyncio.gather(
        store.write(taking("a")), store.write(wrong), return_exceptions=True
    )

    assert first is True
    assert isinstance(second, StoreFault)
    assert "nowhere" in str(second)


async def test_a_caller_that_gives_up_disturbs_nobody(store: Store) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def slow(_connection: Connection) -> None:
        busy.set()
        assert go_on.wait(10)

    running = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(busy.wait, 10)
    given_up = asyncio.create_task(store.write(taking("given up")))
    patient = asyncio.create_task(store.write(taking("patient")))
    await asyncio.sleep(0)
    running.cancel()
    given_up.cancel()
    go_on.set()

    assert await patient is True
    # It had not begun, so nobody had asked for it any more.
    assert await store.read(names) == ["patient"]


async def test_two_processes_take_turns(reopen: Reopen) -> None:
    async with reopen() as one, reopen() as other:
        answers = await asyncio.gather(
            *(
                store.write(taking(f"work-{n}", store.owner))
                for n in range(50)
                for store in (one, other)
            )
        )

        assert answers.count(True) == 50
        assert len(await one.read(names)) == 50


async def test_closing_finishes_what_is_queued(reopen: Reopen) -> None:
    async with reopen() as store:
        waiting = [asyncio.create_task(store.write(taking(f"work-{n}"))) for n in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    with pytest.raises(StoreFault, match="closed"):
        await store.write(taking("too late"))

    async with reopen() as again:
        assert len(await again.read(names)) == 20
