"""When integrator.io itself fails us, nobody who types is blamed, and the log has the reason."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.keyhatch import Keyhatch

RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}
PING = "/connections/ping$"
CREATE = "/connections$"


@pytest.fixture(autouse=True)
def _healed(keyhatch: Keyhatch) -> Iterator[None]:
    yield
    httpx.delete(f"{keyhatch.emulator_url}/_control/faults", trust_env=False)


def _fault(keyhatch: Keyhatch, path: str, **fault: Any) -> None:
    entry = [{"match": {"method": "POST", "path": path}, **fault}]
    control = f"{keyhatch.emulator_url}/_control/faults"
    httpx.post(control, json=entry, trust_env=False).raise_for_status()


REFUSED_US: list[tuple[dict[str, Any], str, int]] = [
    ({"kind": "status", "status": 401}, "integrator_refused_us", 502),
    ({"kind": "status", "status": 403}, "integrator_refused_us", 502),
    ({"kind": "status", "status": 429, "retry_after": 2}, "busy", 503),
]
# After a save these leave in doubt whether it happened; tests/connect settle those.
ILL: list[tuple[dict[str, Any], str, int]] = [
    ({"kind": "status", "status": 500}, "integrator_down", 502),
    ({"kind": "reset_before"}, "integrator_down", 502),
]


@pytest.mark.parametrize(
    ("path", "fault", "code", "status"),
    [(PING, *case) for case in REFUSED_US + ILL] + [(CREATE, *case) for case in REFUSED_US],
)
def test_the_answer_names_no_field(
    keyhatch: Keyhatch, path: str, fault: dict[str, Any], code: str, status: int
) -> None:
    _fault(keyhatch, path, **fault)
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    answer = page.post("/v1/connect/http-basic", json={"values": RIGHT})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"] == []
    if status == 503:
        assert int(answer.headers["retry-after"]) >= 1


def test_the_form_stays_with_everything_but_the_secrets(keyhatch: Keyhatch) -> None:
    _fault(keyhatch, PING, kind="status", status=401)
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])

    again = keyhatch.step(page, RIGHT, kh_do="connect")

    assert again.status_code == 502
    assert f'value="{RIGHT["username"]}"' in again.text
    assert "aria-invalid" not in again.text
    assert "Reference" in again.text


def test_the_reason_is_in_the_log(keyhatch: Keyhatch, capsys: pytest.CaptureFixture[str]) -> None:
    _fault(keyhatch, PING, kind="status", status=401)
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    page.post("/v1/connect/http-basic", json={"values": RIGHT})

    assert "integrator_token_refused" in capsys.readouterr().out


def test_the_next_try_works_when_the_trouble_is_over(keyhatch: Keyhatch) -> None:
    _fault(keyhatch, PING, kind="status", status=500, times=1)
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    page.post("/v1/connect/http-basic", json={"values": RIGHT})

    again = page.post("/v1/connect/http-basic", json={"values": RIGHT})

    assert again.status_code == 201
