"""Whatever the other side does, a call ends within its time, tries and pauses included."""

import asyncio
import time

import anyio
import pytest

from app.integrator.client import CallKind
from app.integrator.errors import Ill, InDoubt, IntegratorError
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
    serving,
)

pytestmark = pytest.mark.anyio

QUICK = dict.fromkeys(CallKind, 0.5)


async def trickle_the_body(_heard: Heard, peer: Peer) -> None:
    """One byte at a time: each read is quick, the whole is not."""
    await peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        await peer.send(b" ")
        await asyncio.sleep(0.05)


async def trickle_the_head(_heard: Heard, peer: Peer) -> None:
    await peer.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        await peer.send(b"X-%d: 1\r\n" % number)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("answer", [hang, trickle_the_body, trickle_the_head])
async def test_a_slow_answer_ends_at_the_deadline(connect: Connect, answer: object) -> None:
    async with listening(answer) as stub, connect(stub.url, timeouts=QUICK) as client:  # type: ignore[arg-type]  # three functions of one shape
        started = time.monotonic()
        with pytest.raises(Ill) as caught:
            await client.ping(DOCUMENT)

        assert time.monotonic() - started < 1.5
        assert caught.value.reason == "timed_out"


async def test_retries_do_not_lengthen_a_call(connect: Connect) -> None:
    async with (
        listening(always(503)) as stub,
        connect(stub.url, timeouts={CallKind.READ: 0.4}) as client,
    ):
        started = time.monotonic()
        with pytest.raises(Ill) as caught:
            await client.get(AN_ID)

        assert time.monotonic() - started < 1
        assert caught.value.reason == "server_error"


async def test_a_handshake_that_never_ends_is_a_failed_connect(connect: Connect) -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2)
        writer.close()

    async with (
        serving(silent) as port,
        connect(f"https://127.0.0.1:{port}/v1", timeouts=QUICK) as client,
    ):
        with pytest.raises(IntegratorError) as caught:
            await client.create(DOCUMENT)

    assert caught.value.reason == "connect_timeout"
    assert not caught.value.sent


async def test_a_caller_that_goes_away_ends_its_call_at_once(connect: Connect) -> None:
    async with listening(hang) as stub, connect(stub.url) as client:
        started = time.monotonic()
        with anyio.move_on_after(0.2) as patience:
            await client.ping(DOCUMENT)

        assert patience.cancelled_caught
        assert time.monotonic() - started < 1


async def test_after_a_timeout_the_next_call_gets_its_own_answer(connect: Connect) -> None:
    """The late answer must not be taken for the answer to the next question."""

    async def late_once(heard: Heard, peer: Peer) -> None:
        if heard.target.endswith("first"):
            await asyncio.sleep(0.6)
        await peer.send(response(200, {"_id": heard.target.rsplit("/", 1)[1]}))

    async with listening(late_once) as stub, connect(stub.url, timeouts=QUICK) as client:
        with pytest.raises(Ill):
            await client.get("first")

        assert (await client.get("second"))["_id"] == "second"
        await asyncio.sleep(0.3)
        assert (await client.get("third"))["_id"] == "third"


async def test_an_import_that_times_out_is_in_doubt(connect: Connect) -> None:
    async with listening(hang) as stub, connect(stub.url, timeouts=QUICK) as client:
        with pytest.raises(InDoubt):
            await client.import_records(AN_ID, {"import": {}, "data": [{}]})
