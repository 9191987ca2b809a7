"""Which calls share connections: reads and pings do, a write gets one of its own.

A pooled connection that the other side has just dropped is the commonest false doubt.
"""

import asyncio

import pytest

from app.guard.bulkhead import Bulkheads
from app.integrator.client import CallKind
from app.integrator.errors import Busy, NotSent
from tests.integrator.conftest import Connect
from tests.integrator.stub import (
    AN_ID,
    DOCUMENT,
    Heard,
    Peer,
    always,
    hang,
    listening,
    response,
)

pytestmark = pytest.mark.anyio


async def test_reads_and_pings_share_a_connection(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID, "code": 200})) as stub:
        async with connect(stub.url) as client:
            await client.get(AN_ID)
            await client.ping(DOCUMENT)
            await client.get(AN_ID)

        assert stub.connections == 1


async def test_every_write_has_a_connection_of_its_own(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        await client.get(AN_ID)
        await client.create(DOCUMENT)
        await client.create(DOCUMENT)
        await client.replace(AN_ID, DOCUMENT)
        await client.delete(AN_ID)

        assert stub.connections == 5
        assert all(heard.headers["connection"] == "close" for heard in stub.heard[1:])


async def test_a_create_does_not_meet_a_connection_that_was_dropped_meanwhile(
    connect: Connect,
) -> None:
    async def one_answer_per_connection(_heard: Heard, peer: Peer) -> None:
        await peer.send(response(201, {"_id": AN_ID}))
        await asyncio.sleep(0.02)
        peer.hang_up()

    async with listening(one_answer_per_connection) as stub, connect(stub.url) as client:
        for _ in range(5):
            await client.create(DOCUMENT)
            await asyncio.sleep(0.03)

        assert len(stub.heard) == 5


async def test_a_closed_client_leaves_no_connection_behind(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub:
        async with connect(stub.url) as client:
            await asyncio.gather(*(client.get(AN_ID) for _ in range(5)))
            await client.create(DOCUMENT)
        await asyncio.sleep(0.05)

        assert stub.connections == 6
        assert stub.still_open == 0


async def test_too_many_pings_wait_and_then_are_told_so(connect: Connect) -> None:
    rooms = Bulkheads({"ping": 1, "read": 1}, waiting=1, patience=0.2, refusal=Busy)
    async with listening(hang) as stub:
        async with connect(stub.url, admit=rooms.admit, timeouts={CallKind.PING: 1}) as client:
            pings = [asyncio.create_task(client.ping(DOCUMENT)) for _ in range(3)]
            ended, _ = await asyncio.wait(pings, timeout=0.5)

            failures = [task.exception() for task in ended]
            for task in pings:
                task.cancel()
            await asyncio.gather(*pings, return_exceptions=True)

        assert [type(failure) for failure in failures] == [Busy, Busy]
        assert all(isinstance(failure, NotSent) and not failure.sent for failure in failures)
        assert len(stub.heard) == 1
        assert rooms.loads()["ping"].in_flight == 0


async def test_hanging_pings_do_not_hold_up_reads(connect: Connect) -> None:
    async def pings_hang(heard: Heard, peer: Peer) -> None:
        if heard.target.endswith("/ping"):
            return await hang(heard, peer)
        await peer.send(response(200, {"_id": AN_ID}))

    rooms = Bulkheads({"ping": 2, "read": 2}, refusal=Busy)
    async with listening(pings_hang) as stub, connect(stub.url, admit=rooms.admit) as client:
        pings = [asyncio.create_task(client.ping(DOCUMENT)) for _ in range(20)]
        await asyncio.sleep(0.05)

        async with asyncio.timeout(1):
            assert (await client.get(AN_ID))["_id"] == AN_ID
        for task in pings:
            task.cancel()
        await asyncio.gather(*pings, return_exceptions=True)


async def test_waiting_for_a_place_does_not_shorten_the_call(connect: Connect) -> None:
    async def slowly(_heard: Heard, peer: Peer) -> None:
        await asyncio.sleep(0.3)
        await peer.send(response(200, {"code": 200}))

    rooms = Bulkheads({"ping": 1}, refusal=Busy)
    async with (
        listening(slowly) as stub,
        connect(stub.url, admit=rooms.admit, timeouts={CallKind.PING: 0.5}) as client,
    ):
        outcomes = await asyncio.gather(*(client.ping(DOCUMENT) for _ in range(4)))

    assert all(outcome.accepted for outcome in outcomes)
