"""Keyhatch as a process to measure, and the requests that its hosts and end users send."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import Load, request, send
from benchmarks.process import Server, free_port, running

TYPE, METHOD = "shopify", "token"
VALUES = {"store": "larkfield-demo", "version": "2026-10", "token": "shpat_demo_for_measuring"}
ORIGIN = "https://host.example"
HOST_KEY = "a-host-key-for-measuring-and-nothing-else"
_JSON = {"Content-Type": "application/json"}


@contextlib.contextmanager
def keyhatch(upstream: str) -> Iterator[Server]:
    """Keyhatch with an empty store of its own, talking to `upstream`."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="keyhatch-bench-") as folder:
        env = {
            "KEYHATCH_INTEGRATOR_URL": upstream,
            "KEYHATCH_INTEGRATOR_TOKEN": "a-token-for-measuring",
            "KEYHATCH_SECRET_KEYS": "a-signing-key-for-measuring-and-nothing-else",
            "KEYHATCH_HOST_KEYS": HOST_KEY,
            "KEYHATCH_ALLOWED_ORIGINS": ORIGIN,
            "KEYHATCH_PORT": str(port),
            "KEYHATCH_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "KEYHATCH_DATABASE_URL": f"sqlite:///{Path(folder) / 'keyhatch.sqlite3'}",
        }
        with running("Keyhatch", ["-m", "app.cli", "serve"], port, "/readyz", env) as server:
            yield server


def tokens(server: Server, count: int) -> list[str]:
    """The tokens of that many new connect sessions, each of an end user of its own."""
    headers = {"Authorization": f"Bearer {HOST_KEY}", **_JSON}
    asked = [
        request("POST", "/v1/connect-sessions", _session(number), headers)
        for number in range(count)
    ]
    made = expect(201, send(server.port, asked, 32))
    return [json.loads(body)["token"] for body in made.bodies]


def _session(number: int) -> bytes:
    body = {"end_user": {"id": f"u{number}", "display_name": "Enzo"}, "connection_types": [TYPE]}
    return json.dumps(body).encode()


def submit(token: str) -> bytes:
    """The JSON submit of a filled form."""
    headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN, **_JSON}
    body = json.dumps({"method": METHOD, "values": VALUES}).encode()
    return request("POST", f"/v1/connect/{TYPE}", body, headers)


def opening(token: str) -> bytes:
    """The post by which a host's page opens the widget in a frame."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": ORIGIN,
        "Sec-Fetch-Dest": "iframe",
    }
    return request("POST", "/connect", urlencode({"token": token}).encode(), headers)


def expect(status: int, load: Load) -> Load:
    """The same load, if every answer has the status; else an error that shows one that has not."""
    for number, found in enumerate(load.statuses):
        if found != status:
            body = load.bodies[number][:300].decode(errors="replace")
            raise RuntimeError(f"expected {status}, got {found}: {body}")
    return load
