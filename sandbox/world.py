"""Starts everything outside of Keyhatch together: targets, emulator and demo host.

Keyhatch itself is started by others, with the settings that `World.environment` gives.
"""

import secrets
import socket
import tempfile
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.host.app import HostOptions, create_host
from sandbox.host.variants import ELSEWHERE
from sandbox.integrator.emulator import Emulator, Options
from sandbox.integrator.server import start_emulator
from sandbox.serve import serve
from sandbox.targets.running import Targets, start_targets


@dataclass(frozen=True)
class Plan:
    """Where everything listens and what it shares. A port of 0 is any free one.

    `targets` is the first of five ports in a row. `listen` is the address of emulator and host.
    `keyhatch_inside` is where the host's server reaches Keyhatch, if browsers reach it elsewhere.
    """

    keyhatch: int = 0
    emulator: int = 0
    host: int = 0
    targets: int = 0
    listen: str = ""
    keyhatch_inside: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    host_key: str = field(default_factory=lambda: secrets.token_hex(32))
    secret_key: str = field(default_factory=lambda: secrets.token_hex(32))


class World:
    """The running sandbox, until `close` or the end of the ``with`` block.

    `emulator` is the state behind `emulator_url`, for tests to look into.
    """

    def __init__(self, plan: Plan, targets: Targets, ending: ExitStack) -> None:
        self._plan = plan
        self._ending = ending
        self.targets = targets
        # Both addresses are needed before anything listens there.
        self.keyhatch_port = plan.keyhatch or free_port()
        self.host_port = plan.host or free_port()
        self.keyhatch_url = f"http://127.0.0.1:{self.keyhatch_port}"
        self.host_url = f"http://localhost:{self.host_port}"
        folder = tempfile.TemporaryDirectory(prefix="keyhatch-sandbox-")
        self.folder = Path(ending.enter_context(folder))
        self.emulator_url = self._start_emulator()
        self._start_host()

    def _start_emulator(self) -> str:
        plan, targets = self._plan, self.targets
        served = start_emulator(
            plan.emulator,
            Options(token=plan.token),
            targets.zone,
            targets,
            host=plan.listen or "127.0.0.1",
        )
        self._ending.callback(served.stop)
        self.emulator: Emulator = served.app.state.emulator
        return f"http://127.0.0.1:{served.port}"

    def _start_host(self) -> None:
        options = HostOptions(
            url=self.host_url,
            keyhatch_url=self.keyhatch_url,
            keyhatch_inside=self._plan.keyhatch_inside,
            host_key=self._plan.host_key,
            elsewhere=self._elsewhere,
            emulator_url=self.emulator_url,
            credentials=self.targets.credentials,
            unavailable=self.targets.unavailable,
            targets=tuple(self.targets.ports),
        )
        listen = self._plan.listen or "localhost"
        self._ending.callback(serve(create_host(options), self.host_port, host=listen).stop)

    @property
    def _elsewhere(self) -> str:
        return f"http://{ELSEWHERE}:{self.host_port}"

    def environment(self) -> dict[str, str]:
        """The settings of a Keyhatch beside this world, secrets and an empty database included."""
        return {
            "KEYHATCH_INTEGRATOR_URL": f"{self.emulator_url}/v1",
            "KEYHATCH_INTEGRATOR_TOKEN": self._plan.token,
            "KEYHATCH_HOST_KEYS": self._plan.host_key,
            "KEYHATCH_HOST_NAME": "Larkfield Books",
            "KEYHATCH_SECRET_KEYS": self._plan.secret_key,
            "KEYHATCH_ALLOWED_ORIGINS": f"{self.host_url} {self._elsewhere}",
            "KEYHATCH_RETURN_URLS": self.host_url,
            "KEYHATCH_DATABASE_URL": f"sqlite:///{self.folder}/keyhatch.sqlite3",
            "KEYHATCH_PUBLIC_URL": self.keyhatch_url,
            "KEYHATCH_PORT": str(self.keyhatch_port),
            "KEYHATCH_ALLOW_PRIVATE_TARGETS": "true",
        }

    def close(self) -> None:
        """End everything and remove every file."""
        self._ending.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def start_world(plan: Plan | None = None, only: Collection[str] | None = None) -> World:
    """Start the sandbox and return once all of it accepts connections.

    `only` names the targets to start. Raises PortTaken, and then nothing runs.
    """
    plan = plan or Plan()
    with ExitStack() as ending:
        targets = ending.enter_context(start_targets(plan.targets or None, only))
        world = World(plan, targets, ending)
        world._ending = ending.pop_all()
    return world


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
