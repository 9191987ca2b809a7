"""python -m sandbox: the sandbox in a terminal, until Ctrl-C; with --demo Keyhatch as well.

What runs is world's and keyhatch's business; here are the ports, the words and the end.
"""

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sandbox.keyhatch import Died, KeyhatchProcess
from sandbox.serve import PortTaken
from sandbox.targets.credentials import WORKING
from sandbox.targets.running import NAMES
from sandbox.world import Plan, World, start_world

# Setting, default, and what listens there.
PORTS = {
    "keyhatch": ("KEYHATCH_PORT", 8400),
    "emulator": ("SANDBOX_EMULATOR_PORT", 8401),
    "host": ("SANDBOX_HOST_PORT", 8402),
    "targets": ("SANDBOX_TARGETS_PORT", 8410),
}
# Public, so that a Keyhatch started by hand keeps working with the next sandbox.
TOKEN = "sandbox-token"
HOST_KEY = "demo-host-key-that-everybody-may-know"
SECRET_KEY = "demo-signing-key-that-everybody-may-know"


class BadPort(ValueError):
    """A port setting that is no port: one sentence."""


def plan_of(environ: Mapping[str, str], demo: bool) -> Plan:
    """Where everything listens, from SANDBOX_* and KEYHATCH_PORT. Raises BadPort.

    The demo makes secrets of its own; otherwise they are known, and may be given.
    """
    ports = {name: _port(environ, *setting) for name, setting in PORTS.items()}
    plan = Plan(ports["keyhatch"], ports["emulator"], ports["host"], ports["targets"])
    if demo:
        return plan
    return replace(
        plan,
        listen=environ.get("SANDBOX_LISTEN", ""),
        keyhatch_inside=environ.get("SANDBOX_KEYHATCH_URL", ""),
        token=environ.get("SANDBOX_TOKEN", TOKEN),
        host_key=environ.get("SANDBOX_HOST_KEY", HOST_KEY),
        secret_key=SECRET_KEY,
    )


def _port(environ: Mapping[str, str], setting: str, default: int) -> int:
    given = environ.get(setting, str(default))
    if not given.isdecimal() or int(given) > 65_535:
        raise BadPort(f"{setting} is {given!r}; it takes a port from 0 (any free one) to 65535.")
    return int(given)


def taken(port: int, plan: Plan) -> str:
    """The sentence for a port that another program has: which, and the setting to change."""
    names = {getattr(plan, name): setting for name, (setting, _) in PORTS.items()}
    setting = names.get(port, PORTS["targets"][0])
    more = f", the first of {len(NAMES)} ports in a row" if setting == PORTS["targets"][0] else ""
    return (
        f"Port {port} is taken by another program. "
        f"End that program, or set {setting}{more}, to another port."
    )


def check_keyhatch_port(port: int) -> None:
    """Keyhatch would say it in its log, after the rest has started. Raises PortTaken."""
    with socket.socket() as probe:
        # As Keyhatch does it: what a dead program left in the system's tables is not in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(port) from error


def log_of(world: World) -> Path:
    """Where the demo's Keyhatch writes what it logs."""
    return world.folder / "keyhatch.log"


def try_this(world: World) -> Iterator[str]:
    """What a newcomer reads in the terminal once the demo runs."""
    shopify, database = WORKING["shopify"], WORKING["postgresql"]
    yield "Keyhatch is running, with a sandbox around it: nothing here reaches the internet."
    yield ""
    yield f"  Open {world.host_url}"
    yield ""
    yield "Try this:"
    yield '  1. Click "Connect" on the Shopify card, and type'
    yield f"       Store name     {shopify['store']}"
    yield f"       Access token   {shopify['token']}"
    yield "     then Connect: it is tried and stored, and the host's server verifies the receipt."
    yield "  2. Connect it again with another token, or with another store name."
    if "postgresql" in world.targets.ports:
        yield f"  3. PostgreSQL: host {database['host']}, database {database['database']},"
        yield f"     user {database['user']}, password {database['password']}; then try port 9."
    yield '  "Demo credentials" on each card has the rest, things to try wrong, a switch that stops'
    yield "  the service, and the other ways to embed the form."
    yield from _left_out(world)
    yield ""
    yield f"Keyhatch {world.keyhatch_url}, emulator of integrator.io {world.emulator_url}"
    yield f"Keyhatch's log {log_of(world)}"
    yield "Ctrl-C ends all of it and leaves nothing behind."


def beside(world: World) -> Iterator[str]:
    """What a developer reads who starts Keyhatch by hand."""
    yield f"Demo host {world.host_url}, emulator of integrator.io {world.emulator_url}"
    yield from _left_out(world)
    yield ""
    yield "A Keyhatch beside it takes these settings:"
    for name, value in world.environment().items():
        yield f'  {name}="{value}"'
    yield ""
    yield "Ctrl-C ends it."


def _left_out(world: World) -> Iterator[str]:
    for name, reason in world.targets.unavailable.items():
        yield f"  Left out on this machine: {name}. {reason}"


def run(plan: Plan, demo: bool, stop: threading.Event) -> None:
    """Everything, until `stop`. Raises PortTaken and Died."""
    with ExitStack() as running:
        if demo:
            check_keyhatch_port(plan.keyhatch)
        world = running.enter_context(start_world(plan))
        if not demo:
            _say(beside(world))
            stop.wait()
            return
        keyhatch = KeyhatchProcess(world.keyhatch_url, world.environment(), log_of(world))
        running.enter_context(keyhatch)
        keyhatch.wait_until_ready(stop.is_set)
        if not stop.is_set():
            _say(try_this(world))
        while not stop.wait(0.5):
            keyhatch.check()


def _say(lines: Iterator[str]) -> None:
    print("\n".join(lines), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="start Keyhatch as well")
    demo: bool = parser.parse_args(arguments).demo
    stop = threading.Event()
    # Only noted: whatever is being started or ended is started or ended to its end.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    plan = None
    try:
        plan = plan_of(os.environ, demo)
        run(plan, demo, stop)
    except PortTaken as error:
        print(taken(error.port, plan) if plan else error, file=sys.stderr)
        return 1
    except (BadPort, Died) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
