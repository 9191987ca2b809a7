"""Sends prepared requests over a number of connections and says how long each took.

Cheap on purpose: it shares two cores with what it measures. It reads answers with a
Content-Length, which all servers here send.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True)
class Load:
    """What came of a round: answers in the order of the requests, and times in seconds."""

    statuses: list[int]
    bodies: list[bytes]
    times: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def median_ms(self) -> float:
        """Half of the answers took longer."""
        return statistics.median(self.times) * 1000


def request(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """A request as bytes."""
    lines = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def send(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send every request once, over that many connections that stay open."""
    return uvloop.run(_send(port, requests, connections))


async def _send(port: int, requests: Sequence[bytes], connections: int) -> Load:
    count = len(requests)
    load = Load([0] * count, [b""] * count, [0.0] * count, 0.0)
    waiting = iter(range(count))
    begun = time.perf_counter()
    async with asyncio.timeout(120):
        await asyncio.gather(
            *(_worker(port, requests, waiting, load) for _ in range(min(connections, count)))
        )
    return Load(load.statuses, load.bodies, load.times, time.perf_counter() - begun)


async def _worker(port: int, requests: Sequence[bytes], waiting: Iterator[int], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for number in waiting:
            begun = time.perf_counter()
            writer.write(requests[number])
            head = await reader.readuntil(b"\r\n\r\n")
            load.bodies[number] = await reader.readexactly(content_length(head))
            load.times[number] = time.perf_counter() - begun
            load.statuses[number] = int(head.split(b" ", 2)[1])
    finally:
        writer.close()


def content_length(head: bytes) -> int:
    """How many bytes follow the head of a request or an answer."""
    lower = head.lower()
    found = lower.find(b"content-length:")
    return int(lower[found + 15 :].split(b"\r\n", 1)[0]) if found >= 0 else 0
