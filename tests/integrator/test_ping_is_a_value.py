"""A ping says whether the credentials work; it raises only when integrator.io itself fails us."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from app.forms.outcome import PingOutcome
from app.integrator.client import Integrator
from app.integrator.errors import IntegratorError, Invalid, NotFound, TokenRefused, Unreadable
from tests.integrator.conftest import Connect
from tests.integrator.stub import AN_ID, CANARY, DOCUMENT, always, listening

pytestmark = pytest.mark.anyio

Ping = Callable[[Integrator], Coroutine[Any, Any, PingOutcome]]
either = pytest.mark.parametrize(
    "ping",
    [lambda client: client.ping(DOCUMENT), lambda client: client.ping_stored(AN_ID)],
    ids=["virtual", "stored"],
)


@either
@pytest.mark.parametrize("body", [{"code": 200}, {}, {"errors": []}, b"", b"  "])
async def test_a_good_answer_is_accepted(connect: Connect, ping: Ping, body: object) -> None:
    async with listening(always(200, body)) as stub, connect(stub.url) as client:
        outcome = await ping(client)

    assert outcome.accepted
    assert outcome.problems == ()


@either
async def test_a_204_is_accepted(connect: Connect, ping: Ping) -> None:
    async with listening(always(204)) as stub, connect(stub.url) as client:
        assert (await ping(client)).accepted


@either
@pytest.mark.parametrize("status", [200, 400, 422])
async def test_a_refusal_is_a_value_and_keeps_its_reason(
    connect: Connect, ping: Ping, status: int
) -> None:
    refusal = {"errors": [{"code": 401, "message": "no such user"}]}
    async with listening(always(status, refusal)) as stub, connect(stub.url) as client:
        outcome = await ping(client)

    assert not outcome.accepted
    assert outcome.status == status
    assert [(entry.code, entry.message) for entry in outcome.problems] == [("401", "no such user")]


@either
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"errors": [{"code": "unauthorized"}]}, TokenRefused),
        (403, b"", TokenRefused),
        (404, {"errors": [{"code": "not_found"}]}, NotFound),
        (400, b"<html>Bad Request</html>", Invalid),
        (413, b"", Invalid),
        (415, {"errors": [{"code": "unsupported"}]}, Invalid),
        (200, b"<html>Sign in</html>", Unreadable),
    ],
)
async def test_what_is_no_word_about_the_credentials_is_raised(
    connect: Connect, ping: Ping, status: int, body: object, kind: type[IntegratorError]
) -> None:
    """Enzo must not be told that his password is wrong because our token is."""
    async with listening(always(status, body)) as stub, connect(stub.url) as client:
        with pytest.raises(kind):
            await ping(client)


async def test_a_virtual_ping_sends_the_document_as_it_is(connect: Connect) -> None:
    async with listening(always(200, {"code": 200})) as stub, connect(stub.url) as client:
        await client.ping({**DOCUMENT, "name": "Größe 漢 \ud800"})

        sent = stub.heard[0]
        assert (sent.method, sent.target) == ("POST", "/v1/connections/ping")
        assert sent.headers["content-type"] == "application/json"
        assert CANARY.encode() in sent.body
        assert rb"Gr\u00f6\u00dfe \u6f22 \ud800" in sent.body


async def test_a_stored_ping_is_a_post_by_id(connect: Connect) -> None:
    async with listening(always(200, {"code": 200})) as stub, connect(stub.url) as client:
        await client.ping_stored(AN_ID)

        sent = stub.heard[0]
        assert (sent.method, sent.target) == ("POST", f"/v1/connections/{AN_ID}/ping")
        assert sent.body == b"{}"
