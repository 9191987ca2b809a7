"""`python -m sandbox --demo` in a terminal: it says what to do, and Ctrl-C ends all of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from sandbox.__main__ import beside, plan_of, try_this
from sandbox.world import start_world

TOP = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "sandbox"]
ANY_PORT = {
    "KEYHATCH_PORT": "0",
    "SANDBOX_EMULATOR_PORT": "0",
    "SANDBOX_HOST_PORT": "0",
    "SANDBOX_TARGETS_PORT": "0",
}
PATIENCE = 90  # seconds until it must have started, on a machine with other work

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are counted in /proc"
)


class Demo:
    """The command, and what it wrote until it was ready."""

    def __init__(self, *arguments: str, **settings: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            cwd=TOP,
            env={**os.environ, **ANY_PORT, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(self.process.communicate()[1])

    @property
    def host(self) -> str:
        found = re.search(r"http://localhost:\d+", "\n".join(self.lines))
        assert found is not None
        return found.group()

    def family(self) -> set[int]:
        """Every process that came of it, itself included."""
        parents = dict(_parents())
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def end(self, sign: int) -> int:
        self.process.send_signal(sign)
        return self.process.wait(60)


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(stat.parent.name), stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended while we looked
        if rest[0] != "Z":
            yield pid, int(rest[1])


def living(pids: set[int]) -> set[int]:
    return pids & {pid for pid, _ in _parents()}


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[Demo]:
    demo = Demo(*arguments, **settings)
    try:
        yield demo
    finally:
        for pid in living(demo.family()):
            os.kill(pid, signal.SIGKILL)
        demo.process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_runs_until_it_is_told_to_end_and_leaves_nothing(sign: int) -> None:
    with running("--demo") as demo:
        demo.wait_until_ready()
        family = demo.family()
        page = httpx.get(demo.host, trust_env=False, timeout=30)
        log = Path(next(line for line in demo.lines if "log" in line).split()[-1])
        code = demo.end(sign)
        left, folder = living(family), log.parent.exists()

    assert (page.status_code, code) == (200, 0)
    assert "Shopify" in page.text
    assert len(family) > 3  # itself, Keyhatch, PostgreSQL and its keeper
    assert (left, folder) == (set(), False)


def test_a_ctrl_c_while_it_starts_ends_it_as_well() -> None:
    with running("--demo") as demo:
        while not any(b"keeper.py" in _command_of(pid) for pid in demo.family()):
            time.sleep(0.02)
        family = demo.family()
        code = demo.end(signal.SIGINT)
        left = living(family)

    assert (code, left) == (0, set())


def test_the_death_of_keyhatch_ends_all_with_its_last_words() -> None:
    with running("--demo") as demo:
        demo.wait_until_ready()
        family = demo.family()
        keyhatch = next(pid for pid in family if b"app.cli" in _command_of(pid))
        os.kill(keyhatch, signal.SIGKILL)
        code = demo.process.wait(60)
        _, words = demo.process.communicate()
        left = living(family)

    assert (code, left) == (1, set())
    assert words.startswith("Keyhatch ended by itself, with exit code -9.\n")
    assert '"event": "ready"' in words


def _command_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.mark.parametrize("setting", list(ANY_PORT))
def test_a_busy_port_is_one_sentence_with_port_and_setting(setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with running("--demo", **{setting: str(port)}) as demo:
            _, words = demo.process.communicate(timeout=PATIENCE)

    assert demo.process.returncode == 1
    assert words.count("\n") == 1
    assert f"Port {port} is taken by another program." in words
    assert setting in words


def test_a_port_that_is_none_is_one_sentence() -> None:
    with running("--demo", SANDBOX_HOST_PORT="eighty") as demo:
        _, words = demo.process.communicate(timeout=PATIENCE)

    assert demo.process.returncode == 1
    assert words == (
        "SANDBOX_HOST_PORT is 'eighty'; it takes a port from 0 (any free one) to 65535.\n"
    )


def test_without_the_flag_it_says_how_to_start_keyhatch_beside_it() -> None:
    with running() as demo:
        demo.wait_until_ready()
        page = httpx.get(demo.host, trust_env=False, timeout=30)
        code = demo.end(signal.SIGINT)

    said = "\n".join(demo.lines)
    assert code == 0
    assert 'KEYHATCH_INTEGRATOR_TOKEN="sandbox-token"' in said
    assert page.status_code == 200
    assert "Keyhatch does not answer" in page.text


def test_the_words_are_short_and_hold_working_credentials() -> None:
    with start_world(only=["postgresql"]) as world:
        lines = list(try_this(world))
        credentials = world.targets.credentials

    said = "\n".join(lines)
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 100
    for value in (*credentials["postgresql"].values(), credentials["shopify"]["token"]):
        assert value in said or value == "5432"


def test_a_target_that_cannot_start_is_named_and_left_out() -> None:
    with start_world(only=[]) as world:
        world.targets.unavailable["postgresql"] = "There is no PostgreSQL on this machine."
        said = ["\n".join(words(world)) for words in (try_this, beside)]

    for words in said:
        assert "Left out on this machine: postgresql. There is no PostgreSQL" in words
    assert "demo-postgresql-password" not in said[0]


def test_the_demos_secrets_are_its_own() -> None:
    settings = {"SANDBOX_HOST_KEY": "k" * 40, "SANDBOX_TOKEN": "t"}

    assert plan_of(settings, demo=False).host_key == "k" * 40
    assert plan_of(settings, demo=True).host_key != "k" * 40
    assert plan_of(settings, demo=True).keyhatch == 8400
