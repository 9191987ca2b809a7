"""A running Keyhatch beside the sandbox, as a host's developer and a browser would meet it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.catalogue.load import load
from app.main import create_app
from app.settings import from_environment
from sandbox.integrator.emulator import Emulator, Options
from sandbox.integrator.reach.zone import Zone
from sandbox.integrator.server import start_emulator
from sandbox.serve import Served, serve
from sandbox.targets.running import Targets

HANAS_KEY = "khh_hanas_host_key_for_tests_0123456789"
HANAS_ORIGIN = "http://localhost:9402"
SECRET_KEY = "a-signing-key-for-tests-only-0123456789"
INTEGRATOR_TOKEN = "sandbox-token"


@dataclass
class Keyhatch:
    """One running server, the emulator that it talks to, and the calls of a host."""

    served: Served
    emulator: Emulator
    emulator_url: str
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The public address."""
        return self.served.url

    def client(self, **headers: str) -> httpx.Client:
        """A client of the server's address; closed with the server."""
        client = httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)
        self._clients.append(client)
        return client

    def hana(self) -> httpx.Client:
        """Hana's server: the host API with her key."""
        return self.client(Authorization=f"Bearer {HANAS_KEY}")

    def session(self, *types: str, end_user: str = "enzo", **more: Any) -> dict[str, Any]:
        """A new connect session of Hana for Enzo."""
        body = {"end_user": {"id": end_user, "display_name": "Enzo"}, **more}
        if types:
            body["connection_types"] = list(types)
        answer = self.hana().post("/v1/connect-sessions", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def page_api(self, token: str, origin: str = HANAS_ORIGIN) -> httpx.Client:
        """Hana's own front end: the browser API with a session's token."""
        return self.client(Authorization=f"Bearer {token}", Origin=origin)

    def frame(self, token: str, origin: str = HANAS_ORIGIN, **headers: str) -> httpx.Response:
        """What a browser posts when embed.js opens the widget."""
        sent = {"Origin": origin, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
        client = self.client(**{**sent, **headers})
        return client.post("/connect", data={"token": token})

    def step(
        self, page: httpx.Response, values: dict[str, str], dest: str = "iframe", **control: str
    ) -> httpx.Response:
        """Post a page's form, as a browser without script does; `control` are its kh_ fields."""
        sent = hidden_fields(page.text) | values | control
        headers = {"Origin": self.url, "Sec-Fetch-Dest": dest, "Sec-Fetch-Site": "same-origin"}
        return self.client(**headers).post("/connect/step", data=sent)

    def close(self) -> None:
        """Stop the server and its clients."""
        for client in self._clients:
            client.close()
        self.served.stop()


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden control fields of a page."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        pairs = re.findall(r'([a-z-]+)=(?:"([^"]*)"|([^\s">]+))', tag)
        attributes = {name: quoted or bare for name, quoted, bare in pairs}
        if attributes.get("type") == "hidden" and attributes["name"].startswith("kh_"):
            found[attributes["name"]] = attributes.get("value", "")
    return found


@contextmanager
def running(
    zone: Zone, folder: Path, targets: Targets | None = None, **settings: str
) -> Iterator[Keyhatch]:
    """Start an emulator and a Keyhatch on free ports; `settings` are names in lower case."""
    upstream = start_emulator(0, Options(token=INTEGRATOR_TOKEN), zone, targets)
    port = _free_port()
    environment = {
        "integrator_url": f"{upstream.url}/v1",
        "integrator_token": INTEGRATOR_TOKEN,
        "secret_keys": SECRET_KEY,
        "host_keys": HANAS_KEY,
        "host_name": "Larkfield Books",
        "allowed_origins": HANAS_ORIGIN,
        "return_urls": HANAS_ORIGIN,
        "database_url": f"sqlite:///{folder / 'keyhatch.sqlite3'}",
        "public_url": f"http://127.0.0.1:{port}",
        "port": str(port),
        "allow_private_targets": "true",
        **settings,
    }
    made = from_environment({f"KEYHATCH_{name.upper()}": v for name, v in environment.items()})
    served = serve(create_app(made, load()), port)
    keyhatch = Keyhatch(served, upstream.app.state.emulator, upstream.url)
    try:
        yield keyhatch
    finally:
        keyhatch.close()
        upstream.stop()


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
