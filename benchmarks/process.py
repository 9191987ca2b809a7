"""A server as a process of its own: started, waited for, weighed, and ended.

Reads /proc, so it needs Linux. What the server is asked is load's business.
"""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running server; `seconds_to_ready` counts from the start of its process."""

    name: str
    port: int
    pid: int
    seconds_to_ready: float

    def cpu_seconds(self) -> float:
        """CPU time that the process and its children have used so far."""
        return sum(_cpu(pid) for pid in _family(self.pid))

    def memory_mib(self) -> float:
        """Proportional set size in MiB: shared pages count once over all its processes."""
        return sum(_memory(pid) for pid in _family(self.pid)) / 1024


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    name: str, command: Sequence[str], port: int, ready: str, env: Mapping[str, str] = {}
) -> Iterator[Server]:
    """A server of this interpreter's modules, once `ready` answers; ended when the block ends."""
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(process, name, port, ready)
        yield Server(name, port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def _wait(process: subprocess.Popen[bytes], name: str, port: int, ready: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode} before it was ready")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", ready)
            if connection.getresponse().status < 400:
                return
        time.sleep(0.005)
    raise RuntimeError(f"{name} was not ready within 30 s")


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in children.read_text().split()]
    return found


def _cpu(pid: int) -> float:
    # Nanoseconds on a CPU, a thread each; /proc/PID/stat counts in hundredths of a second only.
    found = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            found += int(thread.read_text().split()[0])
    return found / 1e9


def _memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
