"""Runs Keyhatch itself beside the sandbox, as a process of its own, for the demo and for tests.

It knows Keyhatch only by its command, its settings and its addresses.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

COMMAND = (sys.executable, "-m", "app.cli", "serve")
READY_WITHIN = 60.0  # seconds; a cold start on a slow machine reads every module from disk
END_WITHIN = 30.0  # seconds that running submits may take to an end
LAST_WORDS = 20  # lines


class Died(RuntimeError):
    """Keyhatch ended, or never got ready. `words` are the last lines that it wrote."""

    def __init__(self, what: str, words: str) -> None:
        super().__init__(f"{what}\n{words}".strip())
        self.words = words


class KeyhatchProcess:
    """A running Keyhatch, in a process group of its own; what it writes goes into `log`."""

    def __init__(self, url: str, environment: Mapping[str, str], log: Path) -> None:
        self.url = url
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                COMMAND,
                cwd=Path(__file__).resolve().parents[1],
                env={**_clean(os.environ), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C goes to all programs of the terminal: we end this one, in our order.
                start_new_session=True,
            )

    def wait_until_ready(self, given_up: Callable[[], bool] = lambda: False) -> None:
        """Return once /readyz says yes, or `given_up` does. Raises Died."""
        until = time.monotonic() + READY_WITHIN
        with httpx.Client(trust_env=False, timeout=2) as client:
            while not given_up():
                self.check()
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(f"{self.url}/readyz").is_success:
                        return
                if time.monotonic() > until:
                    raise Died(f"Keyhatch was not ready after {READY_WITHIN:.0f} s.", self.words())
                time.sleep(0.1)

    def check(self) -> None:
        """Raises Died when it no longer runs."""
        code = self.process.poll()
        if code is not None:
            raise Died(f"Keyhatch ended by itself, with exit code {code}.", self.words())

    def words(self) -> str:
        """The last lines that it wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LAST_WORDS:])

    def stop(self) -> None:
        """End it and everything that it started; returns when it is gone."""
        for sign, patience in ((signal.SIGTERM, END_WITHIN), (signal.SIGKILL, END_WITHIN)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Without settings of another Keyhatch that the terminal happens to have."""
    return {name: value for name, value in environ.items() if not name.startswith("KEYHATCH_")}
