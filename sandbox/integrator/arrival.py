"""The first thing a request under /v1 meets: read whole, written down, hit by a fault if one waits.

What the request asks for is none of its business.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.integrator.emulator import Emulator, Recorded
from sandbox.integrator.errors import entry
from sandbox.integrator.faults import Fault

MOST_BYTES = 5 * 1024 * 1024
# server.py's protocol puts the connection's transport here; without it nothing can be reset.
TRANSPORT = "sandbox.transport"


class Arrival:
    """ASGI middleware around the routes."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self.app = app
        self.emulator = emulator
        self._later: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A trailing slash is as good as none, and never a redirect.
        scope["path"] = scope["path"].rstrip("/") or "/"
        if not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        self.emulator.requests.append(_recorded(scope, body or b""))
        fault = self.emulator.faults.take(scope["method"], scope["path"])
        if body is None:
            too_large = entry("payload_too_large", f"A body has at most {MOST_BYTES} bytes.")
            await JSONResponse({"errors": [too_large]}, 413)(scope, receive, send)
        elif fault is None:
            await self.app(scope, _replay(body, receive), send)
        else:
            await self._suffer(fault, body, scope, receive, send)

    async def _suffer(
        self, fault: Fault, body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if fault.kind == "commit_late":
            self._commit_later(fault, body, scope)
        else:
            await asyncio.sleep(fault.seconds)
        if fault.status is not None:
            await _given_answer(fault)(scope, receive, send)
        elif fault.kind in ("reset_before", "commit_late"):
            await _reset(scope, receive)
        elif fault.kind == "latency":
            await self.app(scope, _replay(body, receive), send)
        else:
            answer = await self._done(body, scope)
            await AFTERWARDS[fault.kind](answer, scope, receive, send)

    async def _done(self, body: bytes, scope: Scope) -> list[Message]:
        """Carry the request out and keep the answer."""
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self.app(scope, _replay(body, _never), keep)
        return answer

    def _commit_later(self, fault: Fault, body: bytes, scope: Scope) -> None:
        async def commit() -> None:
            await asyncio.sleep(fault.seconds)
            await self._done(body, dict(scope))

        task = asyncio.create_task(commit())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large; it is read to its end all the same."""
    body, total, more = bytearray(), 0, True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        total += len(chunk)
        if total <= MOST_BYTES:
            body += chunk
        more = message.get("more_body", False)
    return bytes(body) if total <= MOST_BYTES else None


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _never() -> Message:
    return {"type": "http.disconnect"}


def _recorded(scope: Scope, body: bytes) -> Recorded:
    text = body.decode("utf-8", "replace")
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        content = text
    query = scope["query_string"].decode("latin-1")
    return Recorded(scope["method"], scope["path"], query, content)


def _given_answer(fault: Fault) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    status = fault.status or 500
    if isinstance(fault.body, str):
        return PlainTextResponse(fault.body, status, headers)
    codes = {429: "rate_limited", 401: "unauthorized", 403: "forbidden"}
    default = {"errors": [entry(codes.get(status, "fault"), "A fault on demand.")]}
    return JSONResponse(default if fault.body is None else fault.body, status, headers)


async def _reset(scope: Scope, receive: Receive) -> None:
    transport = _transport(scope)
    # Closing with a linger of zero makes the kernel send RST instead of FIN.
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await _gone(receive)


async def _reset_after(_answer: list[Message], scope: Scope, receive: Receive, _send: Send) -> None:
    await _reset(scope, receive)


async def _truncate(answer: list[Message], scope: Scope, receive: Receive, send: Send) -> None:
    start, *parts = answer
    body = b"".join(part.get("body", b"") for part in parts)
    await send(start)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    _transport(scope).close()
    await _gone(receive)


async def _no_id(answer: list[Message], scope: Scope, receive: Receive, send: Send) -> None:
    start, *parts = answer
    document = json.loads(b"".join(part.get("body", b"") for part in parts) or b"{}")
    document.pop("_id", None)
    await JSONResponse(document, start["status"])(scope, receive, send)


def _transport(scope: Scope) -> Any:
    transport = (scope.get("extensions") or {}).get(TRANSPORT)
    if transport is None:
        raise RuntimeError("this fault needs a real socket: start the emulator by start_emulator")
    return transport


async def _gone(receive: Receive) -> None:
    # uvicorn would otherwise write a 500 into the closed connection, and a line into the log.
    while (await receive())["type"] != "http.disconnect":
        pass


AFTERWARDS: dict[str, Callable[[list[Message], Scope, Receive, Send], Awaitable[None]]] = {
    "reset_after": _reset_after,
    "truncate": _truncate,
    "no_id": _no_id,
}
