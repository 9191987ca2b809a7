"""The operator's commands say what is wrong in one line each, and never in a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.integrator.emulator import Options
from sandbox.integrator.reach.zone import Zone
from sandbox.integrator.server import start_emulator

ROOT = Path(__file__).parents[1]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings that work, with an emulator to talk to."""
    emulator = start_emulator(0, Options(), Zone({}, None))
    yield {
        "KEYHATCH_INTEGRATOR_URL": f"{emulator.url}/v1",
        "KEYHATCH_INTEGRATOR_TOKEN": "sandbox-token",
        "KEYHATCH_SECRET_KEYS": "a-signing-key-for-tests-only-0123456789",
        "KEYHATCH_DATABASE_URL": f"sqlite:///{tmp_path}/keyhatch.sqlite3",
    }
    emulator.stop()


def keyhatch(
    environment: dict[str, str], *words: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KEYHATCH_")}
    return subprocess.run(  # noqa: S603 - our own module with our own arguments
        [sys.executable, "-m", "app.cli", *words],
        env=clean | environment,
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_tells_that_everything_works(environment: dict[str, str]) -> None:
    done = keyhatch(environment, "check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["settings", "ok"],
        ["definitions", "ok,"],
        ["store", "ok,"],
        ["integrator", "ok,"],
    ]


def test_check_tells_a_wrong_token_and_ends_with_a_fault(environment: dict[str, str]) -> None:
    done = keyhatch(environment | {"KEYHATCH_INTEGRATOR_TOKEN": "wrong-token"}, "check")

    assert done.returncode == 1
    assert "integrator_token_refused" in done.stdout
    assert "wrong-token" not in done.stdout + done.stderr


def test_serve_names_the_setting_that_is_wrong(environment: dict[str, str]) -> None:
    done = keyhatch(environment | {"KEYHATCH_PRT": "1"}, "serve")

    assert done.returncode == 2
    assert done.stderr.startswith("KEYHATCH_PRT: there is no such setting; did you mean KEYHATCH_")


def test_serve_names_the_port_that_is_taken(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = keyhatch(environment | {"KEYHATCH_PORT": port}, "serve")

    assert done.returncode == 1
    assert port in done.stderr
    assert "KEYHATCH_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_stops_at_a_database_that_it_cannot_open(environment: dict[str, str]) -> None:
    url = "sqlite:////nowhere/at/all/keyhatch.sqlite3"
    done = keyhatch(environment | {"KEYHATCH_DATABASE_URL": url}, "serve")

    assert done.returncode == 1
    assert "/nowhere/at/all" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_stops_at_a_definition_with_a_mistake(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "types"
    folder.mkdir()
    (folder / "acme.toml").write_text('title = "Acme"\ntitel = "Acme"\n')

    done = keyhatch(environment | {"KEYHATCH_CATALOGUE_DIR": str(folder)}, "serve")

    assert done.returncode == 2
    assert "acme.toml: titel: unknown key" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_catalogue_can_be_read_in_the_terminal() -> None:
    listed = keyhatch({}, "catalogue", "list")
    shown = keyhatch({}, "catalogue", "show", "shopify")
    missing = keyhatch({}, "catalogue", "show", "nothing")

    assert "shopify" in listed.stdout
    assert "Access token" in shown.stdout
    assert missing.returncode == 1
    assert keyhatch({}, "catalogue", "lint").returncode == 0


def test_a_host_key_is_shown_once_and_can_be_revoked(environment: dict[str, str]) -> None:
    key = keyhatch(environment, "keys", "create", "--label", "shop").stdout.strip()
    listed = keyhatch(environment, "keys", "list").stdout
    key_id = listed.split()[0]

    assert key.startswith("khh_")
    assert key not in listed
    assert keyhatch(environment, "keys", "revoke", key_id).returncode == 0
    assert keyhatch(environment, "keys", "revoke", key_id).returncode == 1
    assert "revoked" in keyhatch(environment, "keys", "list").stdout


def test_an_operator_needs_a_long_password(environment: dict[str, str]) -> None:
    short = keyhatch(environment, "admin", "create", typed="short\nshort\n")
    long = keyhatch(environment, "admin", "create", typed=f"{'long-enough' * 2}\n" * 2)

    assert short.returncode == 1
    assert "at least 12 characters" in short.stderr
    assert long.returncode == 0, long.stderr
