"""The emulator on a real port, a client with its token, and something for its pings to reach."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import Emulator, Options
from sandbox.integrator.reach.zone import Zone
from sandbox.integrator.server import start_emulator
from sandbox.serve import Served, serve
from tests.sandbox import pantry as pantry_api

Document = dict[str, Any]
Start = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def served_pantry() -> Iterator[tuple[pantry_api.Pantry, Served]]:
    pantry = pantry_api.Pantry()
    served = serve(pantry.app)
    yield pantry, served
    served.stop()


@pytest.fixture
def pantry(served_pantry: tuple[pantry_api.Pantry, Served]) -> pantry_api.Pantry:
    """What the pantry has seen, empty at first."""
    served_pantry[0].seen.clear()
    return served_pantry[0]


@pytest.fixture(scope="session")
def served_emulator() -> Iterator[Served]:
    served = start_emulator(0, Options(), Zone())
    yield served
    served.stop()


@pytest.fixture
def emulator(served_emulator: Served) -> Emulator:
    """The state behind the client, as new."""
    emulator: Emulator = served_emulator.app.state.emulator
    emulator.reset()
    return emulator


@pytest.fixture
def client(served_emulator: Served, emulator: Emulator) -> Iterator[httpx.Client]:
    """Hana's server, which holds the token."""
    with client_of(served_emulator.url, emulator.options.token) as opened:
        yield opened


@pytest.fixture
def stranger(client: httpx.Client) -> Iterator[httpx.Client]:
    """The emulator's address without a token; also the way to its control endpoints."""
    with httpx.Client(base_url=str(client.base_url).removesuffix("/v1/"), timeout=10) as opened:
        yield opened


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a further emulator with options of its own; gives a client with its token."""
    running: list[Served] = []
    clients: list[httpx.Client] = []

    def started(targets: Any = None, **options: Any) -> httpx.Client:
        chosen = Options(**options)
        zone = getattr(targets, "zone", Zone())
        running.append(start_emulator(0, chosen, zone, targets))
        clients.append(client_of(running[-1].url, chosen.token))
        return clients[-1]

    yield started
    for opened in clients:
        opened.close()
    for served in running:
        served.stop()


@pytest.fixture
def document(served_pantry: tuple[pantry_api.Pantry, Served]) -> Document:
    """A connection to the pantry that works."""
    return {
        "type": "http",
        "name": "Larkfield pantry",
        "http": {
            "baseURI": served_pantry[1].url + "/shelf",
            "mediaType": "json",
            "ping": {"relativeURI": "/jars"},
            "auth": {"type": "token", "token": {"token": pantry_api.TOKEN, "location": "header"}},
        },
    }


@pytest.fixture
def rest_document(served_pantry: tuple[pantry_api.Pantry, Served]) -> Document:
    """The same in the older type."""
    return {
        "type": "rest",
        "name": "Larkfield pantry, older",
        "rest": {
            "baseURI": served_pantry[1].url,
            "mediaType": "json",
            "authType": "token",
            "bearerToken": pantry_api.TOKEN,
        },
    }


@pytest.fixture
def saved(client: httpx.Client, document: Document) -> str:
    """The id of a stored connection to the pantry."""
    return str(client.post("/connections", json=deepcopy(document)).json()["_id"])


@pytest.fixture
def saved_rest(client: httpx.Client, rest_document: Document) -> str:
    """The id of the older one."""
    return str(client.post("/connections", json=rest_document).json()["_id"])


def client_of(url: str, token: str) -> httpx.Client:
    """A client below /v1 with a bearer token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{url}/v1", headers=headers, timeout=10)


def errors(answer: httpx.Response) -> list[tuple[str, str | None]]:
    """Code and field of each entry in the envelope, which is always an array with messages."""
    entries = answer.json()["errors"]
    assert all(entry["message"] for entry in entries)
    return [(entry["code"], entry.get("field")) for entry in entries]
