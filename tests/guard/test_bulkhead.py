"""A bulkhead lets a bounded number in, keeps a bounded queue in order, and never loses a place."""

import asyncio
import random

import pytest

from app.guard.bulkhead import Bulkheads, Full

pytestmark = pytest.mark.anyio


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


class Visitor:
    """Somebody who enters, stays until told to go, and can be cancelled at any time."""

    def __init__(self, rooms: Bulkheads, kind: str = "ping") -> None:
        self.inside = False
        self._go = asyncio.Event()
        self.task = asyncio.create_task(self._visit(rooms, kind))

    async def _visit(self, rooms: Bulkheads, kind: str) -> None:
        async with rooms.admit(kind):
            self.inside = True
            try:
                await self._go.wait()
            finally:
                self.inside = False

    async def leave(self) -> None:
        self._go.set()
        await self.task
        await settle()

    async def is_cancelled(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await settle()


async def visitors(rooms: Bulkheads, number: int, kind: str = "ping") -> list[Visitor]:
    coming = []
    for _ in range(number):
        coming.append(Visitor(rooms, kind))
        await settle()
    return coming


async def test_only_as_many_as_the_limit_are_inside() -> None:
    rooms = Bulkheads({"ping": 2})
    hana, enzo, ada = await visitors(rooms, 3)

    assert (hana.inside, enzo.inside, ada.inside) == (True, True, False)
    load = rooms.loads()["ping"]
    assert (load.limit, load.in_flight, load.waiting, load.admitted) == (2, 2, 1, 2)
    for visitor in (hana, enzo, ada):
        await visitor.leave()


async def test_who_came_first_gets_in_first() -> None:
    rooms = Bulkheads({"ping": 1})
    coming = await visitors(rooms, 5)

    for place, visitor in enumerate(coming):
        assert [other.inside for other in coming].index(True) == place
        await visitor.leave()


async def test_mallory_cannot_slip_in_before_those_who_wait() -> None:
    rooms = Bulkheads({"ping": 1})
    hana, enzo = await visitors(rooms, 2)

    hana._go.set()
    await hana.task
    mallory = Visitor(rooms)
    await settle()

    assert enzo.inside
    assert not mallory.inside
    await enzo.leave()
    await mallory.leave()


async def test_a_full_queue_turns_the_next_away_at_once() -> None:
    rooms = Bulkheads({"ping": 1}, waiting=2, patience=7)
    coming = await visitors(rooms, 3)

    with pytest.raises(Full) as caught:
        async with rooms.admit("ping"):
            pass

    assert caught.value.retry_after == 7
    assert rooms.loads()["ping"].turned_away == 1
    for visitor in coming:
        await visitor.leave()


async def test_patience_ends() -> None:
    rooms = Bulkheads({"ping": 1}, patience=0.05)
    [hana] = await visitors(rooms, 1)

    with pytest.raises(Full):
        async with rooms.admit("ping"):
            pass

    assert rooms.loads()["ping"].gave_up == 1
    assert rooms.loads()["ping"].waiting == 0
    await hana.leave()
    assert rooms.loads()["ping"].in_flight == 0


async def test_the_error_can_be_the_callers_own() -> None:
    class Elsewhere(Exception):
        def __init__(self, seconds: float) -> None:
            self.seconds = seconds

    rooms = Bulkheads({"ping": 1}, waiting=0, patience=3, refusal=Elsewhere)
    [hana] = await visitors(rooms, 1)

    with pytest.raises(Elsewhere) as caught:
        async with rooms.admit("ping"):
            pass

    assert caught.value.seconds == 3
    await hana.leave()


async def test_kinds_do_not_take_each_others_room() -> None:
    rooms = Bulkheads({"ping": 1, "list": 1}, waiting=1)
    pings = await visitors(rooms, 2)
    [listing] = await visitors(rooms, 1, "list")

    assert listing.inside
    for visitor in (*pings, listing):
        await visitor.leave()


async def test_an_error_inside_frees_the_place() -> None:
    rooms = Bulkheads({"ping": 1})

    with pytest.raises(RuntimeError):
        async with rooms.admit("ping"):
            raise RuntimeError

    assert rooms.loads()["ping"].in_flight == 0


async def test_one_who_is_cancelled_inside_frees_the_place() -> None:
    rooms = Bulkheads({"ping": 1})
    hana, enzo = await visitors(rooms, 2)

    await hana.is_cancelled()

    assert enzo.inside
    await enzo.leave()


async def test_one_who_is_cancelled_while_waiting_frees_the_place_in_the_queue() -> None:
    rooms = Bulkheads({"ping": 1}, waiting=1)
    hana, enzo = await visitors(rooms, 2)

    await enzo.is_cancelled()
    [ada] = await visitors(rooms, 1)

    assert rooms.loads()["ping"].waiting == 1
    await hana.leave()
    assert ada.inside
    await ada.leave()


async def test_a_place_handed_to_one_who_is_cancelled_that_moment_goes_on_to_the_next() -> None:
    rooms = Bulkheads({"ping": 1})
    hana, enzo, ada = await visitors(rooms, 3)

    hana._go.set()
    await hana.task
    assert rooms.loads()["ping"].waiting == 1, "the place is Enzo's"
    assert not enzo.inside, "but he has not heard of it yet"
    await enzo.is_cancelled()

    assert not enzo.inside
    assert ada.inside
    await ada.leave()
    assert rooms.loads()["ping"].in_flight == 0


async def test_a_storm_of_comings_and_cancellations_loses_no_place() -> None:
    rooms = Bulkheads({"ping": 3}, waiting=20, patience=0.02)
    chance = random.Random(20261123)  # noqa: S311 - the same storm each time
    most = 0

    async def visit() -> None:
        nonlocal most
        async with rooms.admit("ping"):
            most = max(most, rooms.loads()["ping"].in_flight)
            await asyncio.sleep(chance.random() / 100)

    tasks = []
    for _ in range(600):
        tasks.append(asyncio.create_task(visit()))
        if chance.random() < 0.4:
            chance.choice(tasks).cancel()
        if chance.random() < 0.3:
            await asyncio.sleep(chance.random() / 500)
    await asyncio.gather(*tasks, return_exceptions=True)

    load = rooms.loads()["ping"]
    assert (load.in_flight, load.waiting, most) == (0, 0, 3)
    assert load.admitted > 0
    assert load.gave_up > 0


async def test_a_kind_without_a_limit_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        async with Bulkheads({"ping": 1}).admit("create"):
            pass


@pytest.mark.parametrize("limit", [0, -1])
def test_a_room_for_nobody_is_a_mistake(limit: int) -> None:
    with pytest.raises(ValueError, match="room"):
        Bulkheads({"ping": limit})
