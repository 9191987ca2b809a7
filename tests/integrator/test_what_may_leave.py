"""Some things never leave: a mask, an id that is a path, text that is no JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.integrator.client import Integrator
from app.integrator.errors import MaskInDocument, NotFound
from tests.integrator.conftest import Connect
from tests.integrator.stub import AN_ID, CANARY, always, listening

pytestmark = pytest.mark.anyio

Send = Callable[[Integrator, Any], Awaitable[Any]]
every_way_out = pytest.mark.parametrize(
    "send",
    [
        lambda client, document: client.ping(document),
        lambda client, document: client.create(document),
        lambda client, document: client.replace(AN_ID, document),
        lambda client, document: client.patch(AN_ID, [{"op": "replace", "value": document}]),
    ],
    ids=["ping", "create", "replace", "patch"],
)


@every_way_out
@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"http": {"auth": {"token": {"token": "******"}}}}, "http.auth.token.token"),
        ({"http": {"encrypted": "******"}}, "http.encrypted"),
        ({"headers": [{"value": "ok"}, {"value": "******"}]}, "headers[1].value"),
        ({"a": ("******",)}, "a[0]"),
        ({"a": {"secret": CANARY, "b": "******"}}, "a.b"),
    ],
)
async def test_a_mask_is_refused_before_anything_is_sent(
    connect: Connect, send: Send, document: dict[str, Any], place: str
) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        with pytest.raises(MaskInDocument) as caught:
            await send(client, document)

        assert place in str(caught.value)
        assert CANARY not in str(caught.value)
        assert stub.connections == 0


@every_way_out
@pytest.mark.parametrize("value", ["*****", "*******", "a******", "***", "", 6, None])
async def test_asterisks_that_are_no_mask_may_be_a_password(
    connect: Connect, send: Send, value: object
) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        await send(client, {"password": value})

        assert len(stub.heard) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../tokenInfo",
        "a/b",
        "a?b",
        "a#b",
        "a%2fb",
        "a b",
        "a\r\nX: 1",
        "é",
        "x" * 65,
        "5f3a\n",
        "١٢",
    ],
)
async def test_mallorys_id_never_becomes_a_path(connect: Connect, name: str) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        for ask in (
            client.get(name),
            client.replace(name, {}),
            client.patch(name, []),
            client.delete(name),
            client.ping_stored(name),
            client.dependencies(name),
            client.debug_log(name),
            client.debug_log(AN_ID, name),
            client.export(name, {}),
            client.export_pages(name, {}),
            client.import_records(name, {}),
            client.import_map(name, {}),
        ):
            with pytest.raises(NotFound):
                await ask

        assert stub.connections == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes", {1, 2}])
async def test_what_json_cannot_say_is_our_own_mistake(connect: Connect, value: object) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        with pytest.raises((TypeError, ValueError)) as caught:
            await client.create({"secret": CANARY, "x": value})

        assert CANARY not in str(caught.value)
        assert stub.connections == 0


async def test_the_endpoints_are_the_documented_ones(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        await client.replace(AN_ID, {"type": "http"})
        await client.dependencies(AN_ID)
        await client.debug_log(AN_ID)
        await client.debug_log(AN_ID, "exp1")
        await client.export(AN_ID, {"export": {}})
        await client.export_pages(AN_ID, {"export": {}})
        await client.import_records(AN_ID, {"import": {}, "data": []})
        await client.import_map(AN_ID, {"import": {}, "data": []})
        await client.patch(AN_ID, [{"op": "replace", "path": "/name", "value": "x"}])
        await client.delete(AN_ID)

        assert [f"{heard.method} {heard.target}" for heard in stub.heard] == [
            f"PUT /v1/connections/{AN_ID}",
            f"GET /v1/connections/{AN_ID}/dependencies",
            f"GET /v1/connections/{AN_ID}/debug",
            f"GET /v1/connections/{AN_ID}/debug/exp1",
            f"POST /v1/connections/{AN_ID}/export",
            f"POST /v1/connections/{AN_ID}/export/pages",
            f"POST /v1/connections/{AN_ID}/import",
            f"POST /v1/connections/{AN_ID}/import/map",
            f"PATCH /v1/connections/{AN_ID}",
            f"DELETE /v1/connections/{AN_ID}",
        ]


async def test_empty_answers_have_their_own_meaning(connect: Connect) -> None:
    async with listening(always(204)) as stub, connect(stub.url) as client:
        assert await client.dependencies(AN_ID) == {}
        assert await client.debug_log(AN_ID) == ""
        await client.patch(AN_ID, [])
        await client.delete(AN_ID)


async def test_a_debug_log_with_broken_letters_is_still_text(connect: Connect) -> None:
    async with (
        listening(always(200, b"Larkfield\xe9 \xe2\x82\xac")) as stub,
        connect(stub.url) as client,
    ):
        assert await client.debug_log(AN_ID) == "Larkfield\ufffd \u20ac"
