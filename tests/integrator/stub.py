"""A server on loopback that answers with raw bytes, for what a well-behaved server cannot do."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

TOKEN = "tok-CANARY-of-ours-0001"
CANARY = "pw-CANARY-of-enzo-0002"

# A document as a form builds it, with a secret that no text may ever repeat.
DOCUMENT: dict[str, Any] = {
    "type": "http",
    "name": "Larkfield orders",
    "http": {"auth": {"type": "basic", "basic": {"username": "enzo", "password": CANARY}}},
}
AN_ID = "5f3a2b1c9d8e7f6a5b4c3d2e"


@dataclass
class Heard:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stub:
    """What the server saw. `url` is a base address for the client."""

    url: str = ""
    port: int = 0
    connections: int = 0
    still_open: int = 0
    heard: list[Heard] = field(default_factory=list)
    sent: int = 0


class Peer:
    """The other end of one connection."""

    def __init__(self, writer: asyncio.StreamWriter, stub: Stub) -> None:
        self._writer = writer
        self._stub = stub

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
        self._stub.sent += len(data)

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def hang_up(self) -> None:
        """Close the connection politely."""
        self._writer.close()


Answer = Callable[[Heard, Peer], Awaitable[None]]


def response(status: int = 200, body: object = None, **headers: str) -> bytes:
    """A whole answer. `body` as bytes, or JSON; header names with ``_`` for ``-``."""
    content = body if isinstance(body, bytes) else b"" if body is None else _json(body)
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def always(status: int = 200, body: object = None, **headers: str) -> Answer:
    """The same answer to everything."""
    return one_after_the_other(response(status, body, **headers))


def one_after_the_other(*responses: bytes) -> Answer:
    """One answer after the other; the last one stays."""
    left = list(responses)

    async def answer(_heard: Heard, peer: Peer) -> None:
        await peer.send(left.pop(0) if len(left) > 1 else left[0])

    return answer


async def hang(_heard: Heard, _peer: Peer) -> None:
    """Never answer."""
    await asyncio.sleep(60)


async def reset(_heard: Heard, peer: Peer) -> None:
    """Take the request and break the connection."""
    peer.reset()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Stub]:
    """A server that gives `answer` to every request."""
    stub = Stub()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stub.connections += 1
        stub.still_open += 1
        peer = Peer(writer, stub)
        try:
            while not writer.is_closing():
                stub.heard.append(await _request(reader))
                await answer(stub.heard[-1], peer)
        finally:
            stub.still_open -= 1

    async with serving(serve, tls) as port:
        stub.port = port
        stub.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1"
        yield stub


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A listener on a free port of loopback that runs `serve` per connection; the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await serve(reader, writer)
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            writer.close()  # the client went away, as it may
        except asyncio.CancelledError:
            writer.transport.abort()  # the test is over; nobody reads the rest

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # closing a transport takes a turn of the loop


def closed_port() -> int:
    """A port that refuses connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _request(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in lines}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(method, target, headers, body)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
