"""docker-compose.yml does what it says: each service starts as written and turns healthy.

Without a container engine the services run as processes of this checkout: the command, the
environment and the health check are the file's own, with ports, names and folders of this machine
in place of the container's. What only an engine can show (images, networks) is not covered.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sandbox.targets.credentials import WORKING

TOP = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = YAML(typ="safe").load(TOP / "docker-compose.yml")["services"]
SHOP = WORKING["shopify"]
FIRST_TARGET = "8410"
PATIENCE = 60.0  # seconds for a service to become healthy


class Machine:
    """This machine in place of a container: other ports, loopback names, a folder for /data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ports = re.findall(r"\b8[0-9]{3}\b", (TOP / "docker-compose.yml").read_text("utf-8"))
        self.ports = {port: str(free_port()) for port in sorted(set(ports))}
        self.ports[FIRST_TARGET] = "0"  # five in a row may not be free; any five will do

    def words(self, text: str) -> str:
        """A word of the file as it is meant here."""
        for port, free in self.ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        text = re.sub(rf"//({'|'.join(SERVICES)}):", "//127.0.0.1:", text)
        return text.replace("0.0.0.0", "127.0.0.1").replace("/data", str(self._folder))  # noqa: S104 - it is taken out here

    def command(self, words: list[str]) -> list[str]:
        """A command of the image as one of this checkout."""
        first, *rest = [self.words(word) for word in words]
        programs = {"python": [sys.executable], "keyhatch": [sys.executable, "-m", "app.cli"]}
        return [*programs[first], *rest]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def in_order() -> list[str]:
    """The services, each after those that it depends on."""
    placed: list[str] = []
    while len(placed) < len(SERVICES):
        placed += [
            name
            for name, service in SERVICES.items()
            if name not in placed and set(service.get("depends_on", {})) <= set(placed)
        ]
    return placed


@contextlib.contextmanager
def started(service: dict[str, Any], machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    own = {name: machine.words(str(value)) for name, value in service["environment"].items()}
    outer = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - the commands of our own file
        machine.command(service["command"]), cwd=TOP, env=outer | own
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def becomes_healthy(
    service: dict[str, Any], machine: Machine, process: subprocess.Popen[bytes]
) -> bool:
    kind, *command = service["healthcheck"]["test"]
    assert kind == "CMD", "a check through a shell would need one in the image"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        done = subprocess.run(machine.command(command), capture_output=True, timeout=10)  # noqa: S603 - the check of our own file
        if done.returncode == 0:
            return True
        time.sleep(0.2)
    return False


def ask(
    port: str, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    sent = {"Content-Type": "application/json", **headers}
    with contextlib.closing(connection):
        connection.request(method, path, json.dumps(body), sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_a_connection_is_made_through_the_services_as_the_file_wires_them(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    host, keyhatch = machine.ports["8402"], machine.ports["8400"]
    with contextlib.ExitStack() as stack:
        for name in in_order():
            process = stack.enter_context(started(SERVICES[name], machine))
            assert becomes_healthy(SERVICES[name], machine, process), f"{name} is not healthy"
        status, session = ask(host, "POST", "/api/session?type=shopify")
        assert status == 200, session

        bearer = {"Authorization": f"Bearer {session['token']}"}
        order = {"method": "token", "values": {k: SHOP[k] for k in ("store", "version", "token")}}
        page = {"Origin": f"http://localhost:{host}", **bearer}
        status, saved = ask(keyhatch, "POST", "/v1/connect/shopify", order, **page)

        assert session["url"] == f"http://127.0.0.1:{keyhatch}", "where browsers find Keyhatch"
        assert status == 201, saved


def test_services_listen_to_this_machine_alone() -> None:
    published = [port for service in SERVICES.values() for port in service["ports"]]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_mallory_finds_no_rights_in_a_container(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)


def test_the_image_runs_without_rights_and_says_how_it_is() -> None:
    text = (TOP / "Dockerfile").read_text("utf-8")
    last = text.split("FROM run AS keyhatch")[1]

    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "USER root" not in text
    assert "HEALTHCHECK" in last
    assert "VOLUME /data" in last
    assert 'CMD ["keyhatch", "serve"]' in last


def test_the_image_is_built_from_hashed_locks_alone() -> None:
    installs = re.findall(r"pip install ([^\n\\]+)", (TOP / "Dockerfile").read_text("utf-8"))

    assert installs
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)


def test_the_base_image_can_be_named_when_building() -> None:
    text = (TOP / "Dockerfile").read_text("utf-8")

    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.13-slim-bookworm$", text, re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) <= {
        "${PYTHON_IMAGE}",
        "build",
        "run",
    }
