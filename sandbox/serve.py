"""Serves an ASGI app from a thread of this process, on loopback unless told otherwise.

What the app does is its own business; who starts which one is decided by the demo and the tests.
"""

import contextlib
import errno
import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn


class PortTaken(RuntimeError):
    """Another program listens on the port. `port` is its number."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken by another program")
        self.port = port


class Served:
    """A running server of `app`. `port` is the real one, `url` has no trailing slash."""

    def __init__(
        self, app: Any, server: "_Server", thread: threading.Thread, url: str, port: int
    ) -> None:
        self.app = app
        self.url = url
        self.port = port
        self._server = server
        self._thread = thread

    def stop(self) -> None:
        """Close the port and every connection; returns when the thread has ended, at most 10 s."""
        self._server.should_exit = True
        self._thread.join(timeout=10)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.accepting = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.accepting.set()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        # An app that does not start makes uvicorn leave the process; here that ends the thread.
        with contextlib.suppress(SystemExit):
            super().run(sockets)


def serve(
    app: Any,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    tls: tuple[Path, Path] | None = None,
    http: Any = "httptools",
) -> Served:
    """Start `app` and return once it accepts connections; port 0 takes any free one.

    `tls` is (certificate chain, private key), both PEM files. `http` is uvicorn's protocol name or
    a class of one's own. Raises PortTaken.
    """
    listener = _listen(host, port)
    bound = int(listener.getsockname()[1])
    server = _Server(_config(app, tls, http))
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name=f"serve-{bound}", daemon=True
    )
    thread.start()
    while not server.accepting.wait(0.05):
        if not thread.is_alive():
            listener.close()
            raise RuntimeError(f"the app for port {bound} did not start")
    scheme = "https" if tls else "http"
    return Served(app, server, thread, f"{scheme}://{host}:{bound}", bound)


def _config(app: Any, tls: tuple[Path, Path] | None, http: Any) -> uvicorn.Config:
    certificate, key = tls or (None, None)
    return uvicorn.Config(
        app,
        http=http,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # A stopped server must not wait for a client that keeps its connection open.
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # Without it a restart within a minute finds its own old connections in the way.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return listener
