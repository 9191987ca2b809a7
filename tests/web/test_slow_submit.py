"""A submit answers within 20 s whatever the other side does, and the work goes on without it."""

import time
from collections.abc import Iterator

import httpx
import pytest

from sandbox.targets.running import Targets
from tests.keyhatch import HANAS_ORIGIN, Keyhatch
from tests.web.cutting_proxy import cutting_proxy

RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}


@pytest.fixture
def hanging(keyhatch: Keyhatch) -> Iterator[None]:
    """integrator.io answers each ping 45 s late: longer than proxies wait."""
    fault = [{"match": {"path": "/connections/ping$"}, "kind": "latency", "seconds": 45}]
    control = f"{keyhatch.emulator_url}/_control/faults"
    httpx.post(control, json=fault, trust_env=False).raise_for_status()
    yield
    httpx.delete(control, trust_env=False).raise_for_status()


@pytest.mark.usefixtures("hanging")
def test_a_ping_of_45_s_survives_a_proxy_that_cuts_at_30(keyhatch: Keyhatch) -> None:
    made = keyhatch.session("http-basic")
    headers = {"Authorization": f"Bearer {made['token']}", "Origin": HANAS_ORIGIN}
    with (
        cutting_proxy(keyhatch.served.port, 30) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as page,
    ):
        begun = time.monotonic()
        answer = page.post("/v1/connect/http-basic", json={"values": RIGHT, "submit": 1})
        waited = time.monotonic() - begun

        assert (answer.status_code, answer.json()) == (202, {"state": "checking"})
        assert waited < 25
        assert _settled(page) == "completed"
    assert keyhatch.hana().get(f"/v1/connect-sessions/{made['id']}").json()["state"] == "completed"


def _settled(page: httpx.Client) -> str:
    for _ in range(60):
        state = str(page.get("/v1/connect/result").json()["state"])
        if state not in ("checking", "saving"):
            return state
        time.sleep(1)
    return "never"


@pytest.mark.usefixtures("hanging")
def test_a_test_gives_up_in_time_and_blames_nobody(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    begun = time.monotonic()
    answer = page.post("/v1/connect/http-basic/ping", json={"values": RIGHT})

    assert time.monotonic() - begun < 25
    assert (answer.status_code, answer.json()["code"]) == (504, "app_silent")
    assert answer.json()["errors"] == []


def test_a_stopped_service_blames_no_secret(keyhatch: Keyhatch, targets: Targets) -> None:
    targets.stop("orchard")
    try:
        page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
        answer = page.post("/v1/connect/http-basic", json={"values": RIGHT})
    finally:
        targets.start("orchard")

    assert answer.status_code == 422
    fields = {field["name"]: field for field in answer.json()["fields"]}
    assert fields["password"]["messages"] == []
    assert answer.json()["messages"][0]["code"] != "wrong_secret"
