"""What reached integrator.io is repeated for reads alone: a ping is a login, a POST makes a copy.

A connection that breaks during the TLS handshake stands for one that did not come about: it can
be counted, and nothing was sent.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from app.integrator.client import CallKind, Integrator
from app.integrator.errors import Ill, InDoubt, IntegratorError, NotSent, RateLimited
from app.integrator.retries import Budget
from tests.integrator.conftest import Connect
from tests.integrator.stub import (
    AN_ID,
    DOCUMENT,
    Heard,
    Peer,
    always,
    listening,
    one_after_the_other,
    reset,
    response,
    serving,
)

pytestmark = pytest.mark.anyio

Action = Callable[[Integrator], Awaitable[Any]]


# How often each may try to connect, and how often its request may go out.
CALLS: dict[str, tuple[Action, int, int]] = {
    "ping": (lambda client: client.ping(DOCUMENT), 2, 1),
    "ping_stored": (lambda client: client.ping_stored(AN_ID), 2, 1),
    "create": (lambda client: client.create(DOCUMENT), 1, 1),
    "replace": (lambda client: client.replace(AN_ID, DOCUMENT), 3, 1),
    "patch": (lambda client: client.patch(AN_ID, []), 3, 1),
    "delete": (lambda client: client.delete(AN_ID), 3, 1),
    "import": (lambda client: client.import_records(AN_ID, {}), 1, 1),
    "export": (lambda client: client.export(AN_ID, {}), 1, 1),
    "get": (lambda client: client.get(AN_ID), 4, 4),
}
calls = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


@calls
async def test_a_failed_connect_is_repeated_as_often_as_the_kind_allows(
    connect: Connect, call: tuple[Action, int, int]
) -> None:
    act, connects, _ = call
    seen = 0

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        writer.transport.abort()

    async with serving(hang_up) as port, connect(f"https://127.0.0.1:{port}/v1") as client:
        with pytest.raises(NotSent):
            await act(client)

    assert seen == connects


@calls
@pytest.mark.parametrize("fault", [reset, always(502)], ids=["reset", "502"])
async def test_a_request_that_went_out_is_repeated_for_reads_alone(
    connect: Connect, call: tuple[Action, int, int], fault: Any
) -> None:
    """With a reset, aiohttp would send GET, PUT and DELETE twice on its own."""
    act, _, requests = call
    async with listening(fault) as stub, connect(stub.url) as client:
        with pytest.raises(IntegratorError):
            await act(client)

        assert len(stub.heard) == requests


@calls
async def test_a_reset_on_a_connection_used_before_sends_nothing_twice(
    connect: Connect, call: tuple[Action, int, int]
) -> None:
    act, _, requests = call
    told = 0

    async def once_well(_heard: Heard, peer: Peer) -> None:
        nonlocal told
        told += 1
        if told > 1:
            return peer.reset()
        await peer.send(response(200, {"_userId": AN_ID}))

    async with listening(once_well) as stub, connect(stub.url) as client:
        await client.token_info()
        with pytest.raises(IntegratorError):
            await act(client)

        assert len(stub.heard) == 1 + requests


@calls
@pytest.mark.parametrize("status", [401, 404, 422, 429])
async def test_a_refusal_is_never_repeated(
    connect: Connect, call: tuple[Action, int, int], status: int
) -> None:
    act, _, _ = call
    async with listening(always(status, {"errors": [{"code": "x"}]})) as stub:
        async with connect(stub.url) as client:
            with suppress(IntegratorError):
                await act(client)

        assert len(stub.heard) == 1


async def test_a_refused_sign_in_is_asked_once(connect: Connect) -> None:
    """Mallory hopes for retries: each would be one more guess against Enzo's account."""
    wrong = {"errors": [{"code": 401, "message": "wrong password"}]}
    async with listening(always(200, wrong)) as stub, connect(stub.url) as client:
        assert not (await client.ping(DOCUMENT)).accepted

        assert len(stub.heard) == 1


async def test_a_read_survives_a_short_illness(connect: Connect) -> None:
    soon_well = one_after_the_other(response(503), response(502), response(200, {"_id": AN_ID}))
    async with listening(soon_well) as stub, connect(stub.url) as client:
        assert (await client.get(AN_ID))["_id"] == AN_ID

        assert len(stub.heard) == 3


async def test_a_page_of_a_list_is_repeated_like_any_read(connect: Connect) -> None:
    soon_well = one_after_the_other(response(503), response(200, [{"_id": AN_ID}]))
    async with listening(soon_well) as stub, connect(stub.url) as client:
        assert [row async for row in client.list()] == [{"_id": AN_ID}]

        assert len(stub.heard) == 2


async def test_a_ping_survives_one_failed_connect(
    connect: Connect, tls: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    async with listening(always(200, {"code": 200}), tls) as stub:
        async with (
            serving(breaks_once_then_leads_to(stub.port)) as port,
            connect(f"https://127.0.0.1:{port}/v1", trust=trust) as client,
        ):
            outcome = await client.ping(DOCUMENT)

        assert outcome.accepted
        assert len(stub.heard) == 1


async def test_a_bad_certificate_is_not_tried_again(connect: Connect, tls: ssl.SSLContext) -> None:
    seen = 0
    async with listening(always(), tls) as stub:

        async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal seen
            seen += 1
            await lead(stub.port, reader, writer)

        async with serving(counted) as port, connect(f"https://127.0.0.1:{port}/v1") as client:
            with pytest.raises(NotSent):
                await client.get(AN_ID)

    assert seen == 1


async def test_a_rate_limit_is_told_and_not_waited_for(connect: Connect) -> None:
    async with listening(always(429, None, Retry_After="7")) as stub:
        async with connect(stub.url) as client:
            with pytest.raises(RateLimited) as caught:
                await client.get(AN_ID)

        assert caught.value.retry_after == 7
        assert len(stub.heard) == 1


async def test_an_outage_is_not_answered_with_a_storm_of_retries(connect: Connect) -> None:
    quick = {CallKind.READ: 2.0}
    async with listening(always(503)) as stub, connect(stub.url, timeouts=quick) as client:
        asked = (client.get(AN_ID) for _ in range(60))
        failures = await asyncio.gather(*asked, return_exceptions=True)

        assert {type(failure) for failure in failures} == {Ill}
        assert len(stub.heard) <= 60 + 10 + 6


def test_the_budget_fills_up_again_with_good_calls() -> None:
    budget = Budget()
    while budget.take():
        pass

    for _ in range(11):
        budget.pay_in()

    assert budget.take()
    assert not budget.take()


async def test_an_unclear_replace_is_reported_and_not_sent_again(connect: Connect) -> None:
    async with listening(reset) as stub, connect(stub.url) as client:
        with pytest.raises(InDoubt):
            await client.replace(AN_ID, DOCUMENT)

        assert [heard.method for heard in stub.heard] == ["PUT"]


def breaks_once_then_leads_to(
    port: int,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    broken = False

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal broken
        if not broken:
            broken = True
            writer.transport.abort()
            return
        await lead(port, reader, writer)

    return serve


async def lead(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
