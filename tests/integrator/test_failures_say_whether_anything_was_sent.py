"""After a failed write the caller knows: it did not happen, or nobody can tell.

The journal of attempts stands on this: `InDoubt` is looked for later, all else may be typed again.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.integrator.client import CallKind, Integrator
from app.integrator.errors import (
    Conflict,
    Ill,
    InDoubt,
    IntegratorError,
    Invalid,
    NotFound,
    NotSent,
    RateLimited,
    TokenRefused,
    Unreadable,
)
from tests.integrator.conftest import Connect
from tests.integrator.stub import (
    AN_ID,
    DOCUMENT,
    Answer,
    Heard,
    Peer,
    always,
    closed_port,
    hang,
    listening,
    reset,
    response,
    serving,
)

pytestmark = pytest.mark.anyio

Action = Callable[[Integrator], Awaitable[Any]]
WRITES: dict[str, Action] = {
    "create": lambda client: client.create(DOCUMENT),
    "replace": lambda client: client.replace(AN_ID, DOCUMENT),
    "patch": lambda client: client.patch(AN_ID, [{"op": "replace", "path": "/name"}]),
    "delete": lambda client: client.delete(AN_ID),
    "import": lambda client: client.import_records(AN_ID, {"import": {}, "data": []}),
}
LOOKS: dict[str, Action] = {
    "ping": lambda client: client.ping(DOCUMENT),
    "ping_stored": lambda client: client.ping_stored(AN_ID),
    "export": lambda client: client.export(AN_ID, {"export": {}}),
    "map": lambda client: client.import_map(AN_ID, {"import": {}, "data": []}),
}
writes = pytest.mark.parametrize("act", WRITES.values(), ids=WRITES.keys())
looks = pytest.mark.parametrize("act", LOOKS.values(), ids=LOOKS.keys())


async def truncate(_heard: Heard, peer: Peer) -> None:
    await peer.send(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"_id": "5f3a')
    peer.hang_up()


async def garbage(_heard: Heard, peer: Peer) -> None:
    await peer.send(b"220 mail.example.com ESMTP\r\n\r\n")
    peer.hang_up()


BROKEN: dict[str, tuple[Answer, str, type[IntegratorError]]] = {
    "reset": (reset, "cut_off", Ill),
    "truncated": (truncate, "cut_off", Ill),
    "500": (always(500, {"errors": []}), "server_error", Ill),
    "503": (always(503, b"<html>down</html>"), "server_error", Ill),
    "408": (always(408), "server_error", Ill),
    "not http": (garbage, "not_http", Unreadable),
    "redirect": (always(302, b"", Location="/v1/elsewhere"), "redirect", Unreadable),
    "login page": (always(200, b"<html>Sign in</html>"), "not_json", Unreadable),
}
broken = pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())


@writes
async def test_a_refused_connection_means_that_a_write_did_not_happen(
    connect: Connect, act: Action
) -> None:
    async with connect(f"http://127.0.0.1:{closed_port()}/v1") as client:
        with pytest.raises(NotSent) as caught:
            await act(client)

    assert caught.value.reason == "refused"
    assert not caught.value.sent


async def test_an_unknown_host_is_told_from_a_refused_connection(connect: Connect) -> None:
    async with connect("http://nosuch.invalid/v1") as client:
        with pytest.raises(NotSent) as caught:
            await client.create(DOCUMENT)

    # A machine without any name server gets its "no" late, as a timeout.
    assert caught.value.reason in {"unknown_host", "connect_timeout"}


async def test_a_certificate_that_nobody_trusts_is_told_and_nothing_is_sent(
    connect: Connect, tls: ssl.SSLContext
) -> None:
    async with listening(always(), tls) as stub, connect(stub.url) as client:
        with pytest.raises(NotSent) as caught:
            await client.create(DOCUMENT)

        assert caught.value.reason == "certificate"
        assert stub.heard == []


async def test_a_trusted_certificate_works(
    connect: Connect, tls: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    saved = {**DOCUMENT, "_id": AN_ID}
    async with (
        listening(always(201, saved), tls) as stub,
        connect(stub.url, trust=trust) as client,
    ):
        assert await client.create(DOCUMENT) == saved


async def test_a_server_without_tls_is_told(connect: Connect) -> None:
    async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(400))
        writer.close()

    async with serving(plain) as port, connect(f"https://127.0.0.1:{port}/v1") as client:
        with pytest.raises(NotSent) as caught:
            await client.create(DOCUMENT)

    assert caught.value.reason == "tls"


@writes
@broken
async def test_a_write_without_a_usable_answer_is_in_doubt(
    connect: Connect, act: Action, fault: tuple[Answer, str, type[IntegratorError]]
) -> None:
    answer, reason, _ = fault
    async with listening(answer) as stub, connect(stub.url) as client:
        with pytest.raises(InDoubt) as caught:
            await act(client)

        assert caught.value.reason == reason
        assert len(stub.heard) == 1


@looks
@broken
async def test_what_changes_nothing_is_never_in_doubt(
    connect: Connect, act: Action, fault: tuple[Answer, str, type[IntegratorError]]
) -> None:
    answer, reason, kind = fault
    async with listening(answer) as stub, connect(stub.url) as client:
        with pytest.raises(IntegratorError) as caught:
            await act(client)

        assert type(caught.value) is kind
        assert caught.value.reason == reason
        assert len(stub.heard) == 1


@writes
async def test_a_write_that_times_out_is_in_doubt(connect: Connect, act: Action) -> None:
    quick = dict.fromkeys(CallKind, 0.3)
    async with listening(hang) as stub, connect(stub.url, timeouts=quick) as client:
        with pytest.raises(InDoubt) as caught:
            await act(client)

    assert caught.value.reason == "timed_out"


@pytest.mark.parametrize(
    "body",
    [{"name": "x"}, {"_id": 5}, {"_id": "../x"}, {"_id": ""}],
    ids=["none", "number", "path", "empty"],
)
async def test_a_stored_document_without_a_usable_id_is_in_doubt(
    connect: Connect, body: object
) -> None:
    async with listening(always(201, body)) as stub, connect(stub.url) as client:
        with pytest.raises(InDoubt) as caught:
            await client.create(DOCUMENT)

    assert caught.value.reason == "no_id"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, TokenRefused),
        (403, TokenRefused),
        (404, NotFound),
        (413, Invalid),
        (415, Invalid),
        (422, Invalid),
        (429, RateLimited),
    ],
)
@writes
async def test_a_definite_refusal_of_a_write_means_that_it_did_not_happen(
    connect: Connect, act: Action, status: int, kind: type[IntegratorError]
) -> None:
    async with listening(always(status, b"<html>no</html>")) as stub:
        async with connect(stub.url) as client:
            with pytest.raises(kind) as caught:
                await act(client)

        assert type(caught.value) is kind
        assert caught.value.status == status
        assert len(stub.heard) == 1


async def test_a_conflict_on_create_is_in_doubt_since_only_an_earlier_copy_can_cause_it(
    connect: Connect,
) -> None:
    async with listening(always(409)) as stub, connect(stub.url) as client:
        with pytest.raises(InDoubt):
            await client.create(DOCUMENT)


@pytest.mark.parametrize("status", [409, 422])
async def test_a_connection_in_use_is_a_conflict(connect: Connect, status: int) -> None:
    used = {"errors": [{"code": "resource_in_use", "message": "2 flows use it"}]}
    async with listening(always(status, used)) as stub, connect(stub.url) as client:
        with pytest.raises(Conflict) as caught:
            await client.delete(AN_ID)

    assert [entry.code for entry in caught.value.errors] == ["resource_in_use"]


async def test_the_reasons_of_a_refusal_are_kept_for_the_diagnosis(connect: Connect) -> None:
    missing = {"code": "missing_required_field", "field": "http.baseURI", "message": "Expected …"}
    async with (
        listening(always(422, {"errors": [missing]})) as stub,
        connect(stub.url) as client,
    ):
        with pytest.raises(Invalid) as caught:
            await client.create(DOCUMENT)

    assert [(entry.code, entry.field) for entry in caught.value.errors] == [
        ("missing_required_field", "http.baseURI")
    ]


async def test_many_calls_at_once_do_not_mix_up_their_answers(connect: Connect) -> None:
    async def echo(heard: Heard, peer: Peer) -> None:
        await asyncio.sleep(0.01)
        await peer.send(response(200, {"_id": heard.target.rsplit("/", 1)[1]}))

    async with listening(echo) as stub, connect(stub.url) as client:
        found = await asyncio.gather(*(client.get(f"id{number}") for number in range(50)))

    assert [document["_id"] for document in found] == [f"id{number}" for number in range(50)]
