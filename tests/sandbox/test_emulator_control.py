"""The control endpoints show what arrived and what is stored, switch targets, and start anew."""

from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import REMEMBERED_REQUESTS
from sandbox.targets.running import Targets
from tests.sandbox.conftest import Document, Start
from tests.sandbox.pantry import TOKEN


class Switches:
    """Remembers which target was switched how."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def stop(self, name: str) -> None:
        self._known(name)
        self.done.append(("stop", name))

    def start(self, name: str) -> None:
        self._known(name)
        self.done.append(("start", name))

    def hang(self, name: str, seconds: float) -> None:
        self._known(name)
        self.done.append(("hang", name, seconds))

    def _known(self, name: str) -> None:
        if name != "orchard":
            raise KeyError(name)


def test_requests_are_remembered_with_method_path_and_body(
    client: httpx.Client, stranger: httpx.Client, document: Document
) -> None:
    client.post("/connections/ping/", json=document)
    client.get("/connections?limit=3")
    client.post("/connections", content=b"not json")

    seen = stranger.get("/_control/requests").json()

    assert seen == [
        {"method": "POST", "path": "/v1/connections/ping", "query": "", "body": document},
        {"method": "GET", "path": "/v1/connections", "query": "limit=3", "body": ""},
        {"method": "POST", "path": "/v1/connections", "query": "", "body": "not json"},
    ]


def test_memory_has_a_bound(client: httpx.Client, stranger: httpx.Client) -> None:
    for _ in range(REMEMBERED_REQUESTS + 5):
        client.get("/nowhere")

    assert len(stranger.get("/_control/requests").json()) == REMEMBERED_REQUESTS


@pytest.mark.usefixtures("saved")
def test_stored_documents_are_shown_unmasked(stranger: httpx.Client) -> None:
    (stored,) = stranger.get("/_control/connections").json()

    assert stored["http"]["auth"]["token"]["token"] == TOKEN


@pytest.mark.usefixtures("saved")
def test_a_reset_forgets_everything(client: httpx.Client, stranger: httpx.Client) -> None:
    stranger.post("/_control/faults", json={"kind": "status", "status": 500})

    assert stranger.post("/_control/reset").status_code == 204

    assert client.get("/connections").status_code == 204
    assert stranger.get("/_control/connections").json() == []


def test_a_target_can_be_switched(start: Start) -> None:
    switches = Switches()
    base = str(start(targets=switches).base_url).removesuffix("v1/")

    for state in ({"state": "stopped"}, {"state": "up"}, {"state": "hanging", "seconds": 5}):
        assert httpx.post(f"{base}_control/targets/orchard", json=state).status_code == 204

    assert switches.done == [("stop", "orchard"), ("start", "orchard"), ("hang", "orchard", 5.0)]


def test_a_real_target_is_stopped_and_started(start: Start, targets: Targets) -> None:
    client = start(targets=targets)
    base = str(client.base_url).removesuffix("v1/")
    orchard = targets.credentials["http-basic"]
    basic = {"username": orchard["username"], "password": orchard["password"]}
    http = {"baseURI": orchard["base_url"], "mediaType": "json", "ping": {"relativeURI": "/v1/me"}}
    document = {
        "type": "http",
        "name": "Orchard",
        "http": http | {"auth": {"type": "basic", "basic": basic}},
    }

    def ping_when(state: str) -> Any:
        httpx.post(f"{base}_control/targets/orchard", json={"state": state})
        return client.post("/connections/ping", json=document).json()

    assert ping_when("stopped")["errors"][0]["code"] == 503
    assert ping_when("up") == {"code": 200}


def test_an_unknown_target_or_state_is_refused(start: Start, stranger: httpx.Client) -> None:
    base = str(start(targets=Switches()).base_url).removesuffix("v1/")

    def status(name: str, state: Any) -> int:
        return httpx.post(f"{base}_control/targets/{name}", json=state).status_code

    assert status("nothing", {"state": "up"}) == 404
    assert status("orchard", {"state": "sideways"}) == 422
    assert status("orchard", []) == 422
    alone = stranger.post("/_control/targets/orchard", json={"state": "up"})
    assert alone.status_code == 404


def test_mallory_cannot_pull_a_lever_from_another_page(stranger: httpx.Client) -> None:
    """A browser sends another origin's JSON only after a preflight, which nobody answers here."""
    plain = stranger.post("/_control/faults", content=b"[]", headers={"Content-Type": "text/plain"})
    preflight = stranger.options("/_control/faults", headers={"Origin": "https://mallory.example"})

    assert plain.status_code == 415
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers
