"""The token goes to integrator.io alone, and no error, name or log line repeats it or a secret."""

import logging
import traceback
from typing import Any

import pytest

from app.integrator.client import CallKind, Integrator
from app.integrator.errors import InDoubt, IntegratorError, Unreadable
from tests.integrator.conftest import Connect
from tests.integrator.stub import (
    AN_ID,
    CANARY,
    DOCUMENT,
    TOKEN,
    Answer,
    Heard,
    Peer,
    always,
    closed_port,
    hang,
    listening,
    reset,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(connect: Connect, status: int) -> None:
    async with listening(always(200, {})) as mallory:
        elsewhere = always(status, b"", Location=mallory.url + "/connections")
        async with listening(elsewhere) as stub, connect(stub.url) as client:
            for asked in (client.get(AN_ID), client.ping(DOCUMENT), client.token_info()):
                with pytest.raises(Unreadable) as caught:
                    await asked
                assert caught.value.reason == "redirect"
            with pytest.raises(InDoubt):
                await client.create(DOCUMENT)

        assert mallory.connections == 0


async def test_mallory_cannot_lead_the_token_away_by_a_link(connect: Connect) -> None:
    async with listening(always(200, [])) as mallory:
        away = always(200, [{"_id": AN_ID}], Link=f'<{mallory.url}/connections>; rel="next"')
        async with listening(away) as stub, connect(stub.url) as client:
            rows = client.list()
            first = await anext(rows)
            with pytest.raises(Unreadable) as caught:
                await anext(rows)

        assert caught.value.reason == "foreign_link"
        assert first == {"_id": AN_ID}
        assert mallory.connections == 0


async def test_a_proxy_in_the_environment_sees_nothing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(always(200, {})) as mallory:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{mallory.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
            await client.get(AN_ID)

        assert mallory.connections == 0


async def test_a_cookie_is_not_kept(connect: Connect) -> None:
    cookie = always(200, {"_id": AN_ID}, Set_Cookie="session=of-somebody; Path=/")
    async with listening(cookie) as stub, connect(stub.url) as client:
        await client.get(AN_ID)
        await client.get(AN_ID)

        assert all("cookie" not in heard.headers for heard in stub.heard)


async def test_the_token_is_sent_as_a_bearer(connect: Connect) -> None:
    async with listening(always(200, {"_userId": AN_ID})) as stub, connect(stub.url) as client:
        await client.token_info()

        assert stub.heard[0].target == "/v1/tokenInfo"
        assert stub.heard[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_nothing_that_can_be_printed_shows_the_token() -> None:
    client = Integrator("http://127.0.0.1:1/v1", TOKEN)

    shown = [repr(client), str(client), *map(repr, vars(client).values())]
    shown += map(repr, vars(vars(client)["_wire"]).values())
    await client.aclose()

    assert not any(TOKEN in text for text in shown)


async def truncate(_heard: Heard, peer: Peer) -> None:
    await peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + CANARY.encode())
    peer.hang_up()


async def not_http(_heard: Heard, peer: Peer) -> None:
    await peer.send(CANARY.encode() + b"\r\n\r\n")
    peer.hang_up()


ECHO: dict[str, Any] = {"errors": [{"code": CANARY, "field": CANARY, "message": CANARY}]}
FAULTS: dict[str, Answer] = {
    "reset": reset,
    "hang": hang,
    "truncate": truncate,
    "not http": not_http,
    "echo in a 422": always(422, ECHO),
    "echo in a 409": always(409, ECHO),
    "echo in a 401": always(401, ECHO),
    "echo in a 500": always(500, ECHO),
    "echo as text": always(200, CANARY.encode()),
    "echo in a list": always(200, [CANARY]),
    "echo in a header": always(302, b"", Location=f"/{CANARY}"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_no_error_repeats_a_secret_or_the_token(
    connect: Connect, fault: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.DEBUG)
    quick = dict.fromkeys(CallKind, 0.3)
    async with listening(fault) as stub, connect(stub.url, timeouts=quick) as client:
        raised = 0
        for asked in (
            client.create(DOCUMENT),
            client.replace(AN_ID, DOCUMENT),
            client.get(AN_ID),
            client.delete(AN_ID),
            client.export(AN_ID, {"export": {"name": CANARY}}),
        ):
            try:
                await asked
            except IntegratorError as error:
                raised += 1
                assert_clean(error)

        assert raised >= 3
    assert_without_secrets(caplog.text)


async def test_a_refused_connection_repeats_no_secret(connect: Connect) -> None:
    async with connect(f"http://127.0.0.1:{closed_port()}/v1") as client:
        with pytest.raises(IntegratorError) as caught:
            await client.create(DOCUMENT)

    assert_clean(caught.value)


def assert_clean(error: IntegratorError) -> None:
    """Neither its text, nor what hangs on it, nor the frames that hold the request show one."""
    assert error.__cause__ is None
    assert error.__context__ is None, "what aiohttp raised holds the request with our token"
    assert_without_secrets(repr(error), str(error), *traceback.format_exception(error))
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    for frame in told.stack:
        if frame.filename.endswith("transport.py"):
            assert_without_secrets(str(frame.locals))


def assert_without_secrets(*texts: str) -> None:
    assert not [text for text in texts if CANARY in text or TOKEN in text]


async def test_the_check_for_leaks_finds_one() -> None:
    """A deliberate leak, so that the tests above mean something."""
    leak = IntegratorError(CANARY)

    with pytest.raises(AssertionError):
        assert_clean(leak)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Evil: 1", "grüße"])
def test_a_token_that_would_break_a_header_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="token") as caught:
        Integrator("http://127.0.0.1/v1", token)

    assert token == "" or token not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.integrator.io/v1",
        "ftp://api.integrator.io",
        "https://user:pw@api.integrator.io/v1",
        "https://api.integrator.io/v1?x=1",
        "https://api.integrator.io/v1#x",
        "https:///v1",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Integrator(address, TOKEN)
