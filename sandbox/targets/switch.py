"""Turns targets off, on and slow while they are being used.

A web service that is down still has a load balancer in front of it; any other stops listening.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Protocol

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.serve import PortTaken

_NO_SERVER = (
    "<html><body><h1>503 Service Unavailable</h1>\n"
    "No server is available to handle this request.\n</body></html>\n"
)


class Switch(Protocol):
    """How a target is turned off and on again."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def hang(self, seconds: float) -> None: ...


class Balancer:
    """Stands in front of an HTTP app: passes on, answers 503 instead, or lets the client wait."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._stopped = False
        self._delay = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if self._delay:
                await asyncio.sleep(self._delay)
            if self._stopped:
                await HTMLResponse(_NO_SERVER, 503)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def start(self) -> None:
        """Answer as usual from now on."""
        self._stopped, self._delay = False, 0.0

    def stop(self) -> None:
        """Answer 503 from now on."""
        self._stopped = True

    def hang(self, seconds: float) -> None:
        """Answer as usual, but that much later."""
        self._delay = seconds


class Running(Protocol):
    """A server that can be ended; `port` is the real one."""

    port: int

    def stop(self) -> None: ...


class Silence:
    """A port that takes connections and never says anything."""

    def __init__(self, port: int = 0) -> None:
        # Never accepted: the kernel itself completes the handshake of all that fit in the backlog.
        self._socket = listen(port)
        self.port = int(self._socket.getsockname()[1])

    def stop(self) -> None:
        """Refuse connections from now on."""
        self._socket.close()


class Service:
    """A server of another protocol on a fixed port; `begin` starts it there, 0 is any free port."""

    def __init__(self, begin: Callable[[int], Running], port: int) -> None:
        self._begin = begin
        self._running: Running | None = begin(port)
        self.port = self._running.port

    def start(self) -> None:
        """Serve as usual from now on."""
        if isinstance(self._running, Silence):
            self.stop()
        if self._running is None:
            self._running = self._begin(self.port)

    def stop(self) -> None:
        """Refuse connections from now on."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def hang(self, seconds: float) -> None:  # noqa: ARG002 - it hangs until started again
        """Take connections, but say nothing until `start`."""
        self.stop()
        self._running = Silence(self.port)


def listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1. Raises PortTaken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return listener
