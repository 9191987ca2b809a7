"""A stand-in for integrator.io that answers at once, so that what is measured is not its cost.

It accepts every ping and every create and holds no connection. Nothing is checked: the sandbox's
emulator is for that. Run as `python -m benchmarks.stub PORT`.
"""

import asyncio
import itertools
import json
import sys
from typing import cast

import uvloop

from benchmarks.load import content_length

_numbers = itertools.count(1)


def _answer(method: bytes, path: bytes) -> tuple[str, bytes]:
    if path.endswith(b"/connections/ping"):
        return "200 OK", b"{}"
    if method == b"POST":
        return "201 Created", json.dumps({"_id": f"{next(_numbers):024x}"}).encode()
    if path.endswith(b"/tokenInfo"):
        return "200 OK", b"{}"
    return "204 No Content", b""


class Stub(asyncio.Protocol):
    """One connection: reads requests with a Content-Length, answers each in turn."""

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            length = end + 4 + content_length(head)
            if len(self._held) < length:
                return
            method, path, _ = self._held.split(b" ", 2)
            self._held = self._held[length:]
            self._reply(method, path.partition(b"?")[0], b"connection: close" in head)

    def _reply(self, method: bytes, path: bytes, last: bool) -> None:
        status, body = _answer(method, path)
        kind = "" if not body else "Content-Type: application/json\r\n"
        head = f"HTTP/1.1 {status}\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
        if last:
            self._transport.close()


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
