"""No secret that a person types is found anywhere but at integrator.io and at the other side.

Each secret field of each form gets a canary of its own. They go through both faces, through every
refusal and fault, and through an upstream that repeats them in all encodings. Then every sink is
searched: the log at its most talkative, the database with its journal, each answer, each file.
A server with a hole in it must be caught by the same search, or the search is worth nothing.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Method
from sandbox.integrator.emulator import Options
from sandbox.integrator.server import start_emulator
from sandbox.targets.running import Targets
from tests.canaries import Aviary, contents, encodings
from tests.keyhatch import HANAS_KEY, HANAS_ORIGIN, SECRET_KEY, hidden_fields

pytestmark = pytest.mark.timeout(300)


@dataclass
class Observed:
    """A Keyhatch in a process of its own; every answer and every file of it is kept for search."""

    url: str
    folder: Path
    upstream: str
    answers: list[bytes] = field(default_factory=list)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call; what came back is kept."""
        answer = httpx.request(method, self.url + path, timeout=60, trust_env=False, **more)
        self.answers.append(f"{answer.headers}".encode() + answer.content)
        return answer

    def session(self, key: str, **more: Any) -> str:
        """A session token for one type."""
        body = {"end_user": {"id": "enzo"}, "connection_types": [key], **more}
        headers = {"Authorization": f"Bearer {HANAS_KEY}"}
        return str(
            self.call("POST", "/v1/connect-sessions", json=body, headers=headers).json()["token"]
        )

    def fault(self, **fault: Any) -> None:
        """One fault of the emulator for the next call."""
        entry = [{"match": {}, "times": 1, **fault}]
        httpx.post(f"{self.upstream}/_control/faults", json=entry, trust_env=False)

    def sinks(self) -> list[tuple[str, bytes]]:
        """Everything that could hold a secret: all files, and the answers since the last look."""
        fresh, self.answers = self.answers, []
        return [*contents(self.folder), *(("answer", answer) for answer in fresh)]


@contextmanager
def observed(targets: Targets, folder: Path, *command: str) -> Iterator[Observed]:
    """Start a server in its own process, with its log, temporary files and database in `folder`."""
    upstream = start_emulator(0, Options(), targets.zone, targets)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    temporary = folder / "tmp"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KEYHATCH_")},
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "KEYHATCH_INTEGRATOR_URL": f"{upstream.url}/v1",
        "KEYHATCH_INTEGRATOR_TOKEN": "sandbox-token",
        "KEYHATCH_SECRET_KEYS": SECRET_KEY,
        "KEYHATCH_HOST_KEYS": HANAS_KEY,
        "KEYHATCH_ALLOWED_ORIGINS": HANAS_ORIGIN,
        "KEYHATCH_ALLOW_PRIVATE_TARGETS": "true",
        "KEYHATCH_DATABASE_URL": f"sqlite:///{folder}/keyhatch.sqlite3",
        "KEYHATCH_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KEYHATCH_PORT": str(port),
        "KEYHATCH_LOG_LEVEL": "debug",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [sys.executable, *command],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        server = Observed(f"http://127.0.0.1:{port}", folder, upstream.url)
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)
        upstream.stop()


def _wait_for(server: Observed) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{server.url}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail((server.folder / "log").read_text())


@pytest.fixture(scope="module")
def server(targets: Targets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    """The real server."""
    folder = tmp_path_factory.mktemp("observed")
    with observed(targets, folder, "-m", "app.cli", "serve") as running:
        yield running


@pytest.fixture(scope="module")
def aviary() -> Aviary:
    """The canaries of all tests here."""
    return Aviary()


def _forms() -> list[Any]:
    return [
        pytest.param(kind, method, id=f"{kind.key}-{method.key}")
        for kind in load().values()
        for method in kind.methods
    ]


def _typed(
    targets: Targets, aviary: Aviary, kind: ConnectionType, method: Method
) -> dict[str, Any]:
    known = targets.credentials.get(kind.key, {})
    names = {f.name for f in kind.fields_of(method) if not f.secret}
    plain = {name: value for name, value in known.items() if name in names}
    return plain | aviary.secrets_for(kind, method)


def _api(server: Observed, kind: ConnectionType, method: Method, typed: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {server.session(kind.key)}", "Origin": HANAS_ORIGIN}
    body = {"method": method.key, "values": typed}
    for path in (f"/v1/connect/{kind.key}/ping", f"/v1/connect/{kind.key}"):
        server.call("POST", path, json=body, headers=headers)
    server.call("GET", "/v1/connect/result", headers=headers)


@pytest.mark.parametrize(("kind", "method"), _forms())
def test_refused_credentials_leave_no_trace(
    server: Observed, targets: Targets, aviary: Aviary, kind: ConnectionType, method: Method
) -> None:
    typed = _typed(targets, aviary, kind, method)

    _api(server, kind, method, typed)
    _page(server, kind, method, typed)

    assert _leaks(server, aviary) == []


def _page(server: Observed, kind: ConnectionType, method: Method, typed: dict[str, Any]) -> None:
    sent = {"Origin": HANAS_ORIGIN, "Sec-Fetch-Dest": "iframe"}
    token = server.session(kind.key)
    page = server.call("POST", "/connect", data={"token": token}, headers=sent)
    control = hidden_fields(page.text) | {"kh_shown": method.key, "kh_do": "connect"}
    own = {"Origin": server.url, "Sec-Fetch-Dest": "iframe"}
    form = {name: str(value) for name, value in typed.items()}
    server.call("POST", "/connect/step", data=control | form, headers=own)
    server.call("POST", "/connect/step", data=control | form | {"kh_page": "x"}, headers=own)


FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 500, "body": {"errors": [{"code": "boom", "message": "boom"}]}},
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 422, "body": {"errors": [{"code": "x", "message": "y"}]}},
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "truncate"},
]


@pytest.mark.parametrize("path", ["/connections/ping$", "/connections$"])
@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}"
)
def test_a_failing_integrator_brings_nothing_to_light(
    server: Observed, targets: Targets, aviary: Aviary, fault: dict[str, Any], path: str
) -> None:
    kind = load()["http-basic"]
    right = targets.credentials["http-basic"]
    # The one place where the working password is a canary as well: it passes the ping.
    aviary.planted[right["password"]] = "http-basic.password that works"

    server.fault(**fault | {"match": {"method": "POST", "path": path}})
    _api(server, kind, kind.methods[0], dict(right))

    assert _leaks(server, aviary) == []


def test_an_upstream_that_repeats_the_secret_in_every_encoding_is_silenced(
    server: Observed, targets: Targets, aviary: Aviary
) -> None:
    kind = load()["http-basic"]
    typed = _typed(targets, aviary, kind, kind.methods[0])
    for form in encodings(typed["password"]):
        words = form.decode("utf-8", "replace")
        body = {"errors": [{"code": 401, "message": f"refused {words} for you"}]}
        server.fault(kind="status", status=200, body=body, match={"path": "/connections/ping$"})

        _api(server, kind, kind.methods[0], typed)

    assert _leaks(server, aviary) == []


def test_bad_bodies_are_not_repeated(server: Observed, aviary: Aviary) -> None:
    token = server.session("http-basic")
    headers = {"Authorization": f"Bearer {token}", "Origin": HANAS_ORIGIN}
    secret = aviary.plant("a bad body")

    for body in (
        {"values": {"password": [secret]}},
        {"values": secret},
        {"method": secret},
        secret,
    ):
        server.call("POST", "/v1/connect/http-basic", json=body, headers=headers)
    cut = json.dumps({"values": {"password": secret}})[:-1]
    kind = {"Content-Type": "application/json"}
    server.call("POST", "/v1/connect/http-basic", content=cut, headers=headers | kind)

    assert _leaks(server, aviary) == []


def _leaks(server: Observed, aviary: Aviary) -> list[tuple[str, str]]:
    return [(name, where) for name, sink in server.sinks() for where in aviary.found_in(sink)]


def test_a_server_that_leaks_is_caught_by_the_same_search(targets: Targets, tmp_path: Path) -> None:
    aviary, kind = Aviary(), load()["http-basic"]
    script = str(Path(__file__).with_name("leaking_server.py"))

    with observed(targets, tmp_path, script) as leaking:
        # A second hole: a host that hands a secret over where nobody expects one.
        hidden = aviary.plant("metadata in the database")
        leaking.session("http-basic", metadata={"note": hidden})
        _api(leaking, kind, kind.methods[0], _typed(targets, aviary, kind, kind.methods[0]))

    caught = {(Path(name).name, where) for name, where in _leaks(leaking, aviary)}
    assert ("log", "http-basic.password") in caught
    assert any(name.startswith("keyhatch.sqlite3") and "metadata" in w for name, w in caught)
