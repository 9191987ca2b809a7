"""The client and the emulator of integrator.io understand each other, over real connections.

The target that pings reach is a small server of the test's own: it takes one password.
"""

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from app.integrator.client import Integrator
from app.integrator.errors import (
    Conflict,
    Ill,
    InDoubt,
    Invalid,
    NotFound,
    RateLimited,
    TokenRefused,
)
from sandbox.integrator.app import Options
from sandbox.integrator.reach.zone import Zone
from sandbox.integrator.server import start_emulator
from tests.integrator.stub import AN_ID, CANARY, Heard, Peer, closed_port, listening, response

pytestmark = pytest.mark.anyio

EMULATOR_TOKEN = "emulator-demo-token"
PAGE = 3


@pytest.fixture(scope="module")
def emulator_url() -> Iterator[str]:
    """An emulator on a port of its own, with small pages."""
    served = start_emulator(0, Options(token=EMULATOR_TOKEN, page_size=PAGE), Zone())
    yield served.url
    served.stop()


@pytest.fixture
async def control(emulator_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The emulator's levers."""
    async with httpx.AsyncClient(base_url=f"{emulator_url}/_control", trust_env=False) as client:
        yield client


@pytest.fixture
async def client(emulator_url: str, control: httpx.AsyncClient) -> AsyncIterator[Integrator]:
    """Our client with the token that the emulator takes; it finds nothing stored."""
    await control.post("/reset")
    opened = Integrator(f"{emulator_url}/v1", EMULATOR_TOKEN)
    yield opened
    await opened.aclose()


@pytest.fixture
async def target() -> AsyncIterator[str]:
    """An API that only Enzo may use; its base address."""
    right = "Basic " + base64.b64encode(f"enzo:{CANARY}".encode()).decode()

    async def answer(heard: Heard, peer: Peer) -> None:
        known = heard.headers.get("authorization") == right
        reply = response(200, [{"id": 1}, {"id": 2}]) if known else response(401, {"error": "no"})
        await peer.send(reply)

    async with listening(answer) as stub:
        yield f"http://127.0.0.1:{stub.port}"


def document(target: str, password: str = CANARY, **more: Any) -> dict[str, Any]:
    """A connection document with basic auth."""
    auth = {"type": "basic", "basic": {"username": "enzo", "password": password}}
    ping = {"relativeURI": "/me"}
    http = {"formType": "http", "mediaType": "json", "baseURI": target, "ping": ping, "auth": auth}
    return {"type": "http", "name": "Larkfield orders", "http": http, **more}


async def stored(control: httpx.AsyncClient) -> list[dict[str, Any]]:
    """What the emulator holds, unmasked."""
    found: list[dict[str, Any]] = (await control.get("/connections")).json()
    return found


async def fault(control: httpx.AsyncClient, method: str, kind: str, **more: Any) -> None:
    """The next request of `method` is hit."""
    entry = {"match": {"method": method}, "kind": kind, "times": 1, **more}
    (await control.post("/faults", json=[entry])).raise_for_status()


async def test_our_token_is_known(client: Integrator) -> None:
    assert "_userId" in await client.token_info()


async def test_mallorys_token_is_refused(emulator_url: str, target: str) -> None:
    mallory = Integrator(f"{emulator_url}/v1", "mallorys-guess")
    try:
        with pytest.raises(TokenRefused):
            await mallory.token_info()
        with pytest.raises(TokenRefused):
            await mallory.ping(document(target))
        with pytest.raises(TokenRefused):
            await mallory.create(document(target))
    finally:
        await mallory.aclose()


async def test_right_credentials_are_accepted(client: Integrator, target: str) -> None:
    assert (await client.ping(document(target))).accepted


async def test_wrong_credentials_are_refused(client: Integrator, target: str) -> None:
    outcome = await client.ping(document(target, password="wrong"))

    assert not outcome.accepted
    assert outcome.problems[0].status == 401


async def test_a_target_that_is_not_there_is_refused(client: Integrator) -> None:
    outcome = await client.ping(document(f"http://127.0.0.1:{closed_port()}"))

    assert [problem.code for problem in outcome.problems] == ["ECONNREFUSED"]


async def test_an_incomplete_document_is_refused_with_its_field(client: Integrator) -> None:
    incomplete = document("http://127.0.0.1:1")
    del incomplete["http"]["baseURI"]

    outcome = await client.ping(incomplete)
    with pytest.raises(Invalid) as caught:
        await client.create(incomplete)

    assert [problem.field for problem in outcome.problems] == ["http.baseURI"]
    assert [problem.field for problem in caught.value.errors] == ["http.baseURI"]


async def test_a_connection_lives_from_create_to_delete(
    client: Integrator, control: httpx.AsyncClient, target: str
) -> None:
    created = await client.create(document(target, externalId="kh_1"))
    name = created["_id"]

    assert (await client.ping_stored(name)).accepted
    assert (await client.get(name))["http"]["auth"]["basic"]["password"] == "******"
    await client.patch(name, [{"op": "replace", "path": "/name", "value": "New name"}])
    assert (await client.get(name))["name"] == "New name"
    await client.replace(name, document(target, password="other"))
    assert not (await client.ping_stored(name)).accepted
    assert (await stored(control))[0]["http"]["auth"]["basic"]["password"] == "other"
    assert await client.dependencies(name) == {}
    await client.delete(name)
    with pytest.raises(NotFound):
        await client.get(name)
    with pytest.raises(NotFound):
        await client.delete(name)


async def test_a_used_connection_is_not_deleted(
    client: Integrator, control: httpx.AsyncClient, target: str
) -> None:
    name = (await client.create(document(target)))["_id"]
    flows = {"flows": [{"_id": AN_ID, "name": "Orders"}]}
    (await control.put(f"/connections/{name}/dependencies", json=flows)).raise_for_status()

    with pytest.raises(Conflict):
        await client.delete(name)

    assert await client.dependencies(name) == flows


@pytest.mark.parametrize("number", [0, 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1])
async def test_a_list_is_whole_whatever_its_length(
    client: Integrator, target: str, number: int
) -> None:
    ids = [(await client.create(document(target)))["_id"] for _ in range(number)]

    assert sorted([row["_id"] async for row in client.list()]) == sorted(ids)


async def test_a_list_can_be_narrow(client: Integrator, target: str) -> None:
    await client.create(document(target, externalId="kh_1"))

    [row] = [row async for row in client.list(include=("externalId",))]

    assert row["externalId"] == "kh_1"
    assert "http" not in row


@pytest.mark.parametrize(
    ("kind", "happened"),
    [("reset_before", 0), ("reset_after", 1), ("truncate", 1), ("no_id", 1)],
)
async def test_a_create_in_doubt_is_sent_once_whether_it_happened_or_not(
    client: Integrator, control: httpx.AsyncClient, target: str, kind: str, happened: int
) -> None:
    await fault(control, "POST", kind)

    with pytest.raises(InDoubt):
        await client.create(document(target))

    assert len(await stored(control)) == happened
    assert len((await control.get("/requests")).json()) == 1


async def test_a_replace_in_doubt_is_sent_once(
    client: Integrator, control: httpx.AsyncClient, target: str
) -> None:
    name = (await client.create(document(target)))["_id"]
    await fault(control, "PUT", "reset_after")

    with pytest.raises(InDoubt):
        await client.replace(name, document(target, password="other"))

    methods = [heard["method"] for heard in (await control.get("/requests")).json()]
    assert methods.count("PUT") == 1


async def test_a_read_gets_over_a_fault_and_a_ping_does_not_try(
    client: Integrator, control: httpx.AsyncClient, target: str
) -> None:
    name = (await client.create(document(target)))["_id"]
    await fault(control, "GET", "status", status=503)
    await fault(control, "POST", "status", status=503)

    assert (await client.get(name))["_id"] == name
    with pytest.raises(Ill):
        await client.ping(document(target))


async def test_a_rate_limit_says_when_to_come_back(
    client: Integrator, control: httpx.AsyncClient, target: str
) -> None:
    await fault(control, "POST", "status", status=429, retry_after=4)

    with pytest.raises(RateLimited) as caught:
        await client.create(document(target))

    assert caught.value.retry_after == 4
    assert await stored(control) == []


async def test_exports_and_imports_run(client: Integrator, target: str) -> None:
    name = (await client.create(document(target)))["_id"]
    export = {"export": {"http": {"relativeURI": "/orders", "method": "GET"}}}
    load = {
        "import": {
            "mapping": {"fields": [{"extract": "number", "generate": "id"}]},
            "http": {"relativeURI": ["/orders"], "method": ["PUT"]},
        },
        "data": [{"number": 7}],
    }

    exported, page = await client.export(name, export), await client.export_pages(name, export)
    mapped, imported = await client.import_map(name, load), await client.import_records(name, load)

    assert isinstance(exported, dict)
    assert exported["data"] == [{"id": 1}, {"id": 2}]
    assert isinstance(page, dict)
    assert "pagedExportState" in page
    assert mapped == [{"id": 7}]
    assert isinstance(imported, list)
    assert imported[0]["statusCode"] == 200


async def test_a_debug_log_is_text(client: Integrator, target: str) -> None:
    name = (await client.create(document(target)))["_id"]

    assert await client.debug_log(name) == ""
    assert await client.debug_log(name, AN_ID) == ""
