"""Runs beside the targets and outlives them by a moment: ends PostgreSQL and removes the files.

It is started as a script of its own with one argument, the folder, and reads one JSON object a
line: ``{"start": [argv…], "user": …, "log": path}``, ``{"stop": true}`` or ``{"alive": true}``.
When its input ends, for whatever reason the other side died, it stops what it started and removes
the folder.
Nothing but the standard library, so that it starts in a few milliseconds.
"""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
from typing import Any


class Keeper:
    """Holds at most one process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def do(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order; the answer has ``error`` if it could not."""
        if "start" in order:
            return self._start(order["start"], order.get("user"), order["log"])
        if "stop" in order:
            self.stop()
        return {"alive": self._child is not None and self._child.poll() is None}

    def stop(self) -> None:
        """End the process: first politely, then at once, then by force."""
        child, self._child = self._child, None
        if child is None:
            return
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            child.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
                return

    def _start(self, command: list[str], user: str | None, log: str) -> dict[str, Any]:
        self.stop()
        as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        if user:
            as_user["group"] = _group_of(user)
        try:
            with open(log, "ab") as output:
                self._child = subprocess.Popen(  # noqa: S603 - the command comes from our own parent
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    **as_user,
                )
        except OSError as error:
            return {"error": str(error)}
        return {"alive": True}


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def main(folder: str) -> None:
    """Obey until the input ends."""
    keeper = Keeper()
    # A polite end of the keeper itself must clean up as well; SystemExit runs the `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        for line in sys.stdin:
            answer = keeper.do(json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        keeper.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
