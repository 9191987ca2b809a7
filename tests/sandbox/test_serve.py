"""A server of the sandbox starts at once, says which port is taken, and stops when told."""

import socket
import time
from typing import Any

import httpx
import pytest

from sandbox.serve import PortTaken, serve


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """The smallest app."""
    if scope["type"] == "lifespan":
        for word in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{word}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def never_ready(_scope: Any, receive: Any, send: Any) -> None:
    """An app that says no when it is started."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "not today"})


def test_a_server_accepts_as_soon_as_serve_returns() -> None:
    served = serve(hello)

    try:
        assert httpx.get(served.url).text == "hello"
        assert served.url == f"http://127.0.0.1:{served.port}"
    finally:
        served.stop()


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(PortTaken) as caught:
            serve(hello, port)

    assert caught.value.port == port
    assert str(port) in str(caught.value)


def test_a_stopped_server_leaves_its_port() -> None:
    served = serve(hello)
    with httpx.Client() as kept_open:
        kept_open.get(served.url)

        began = time.monotonic()
        served.stop()

    assert time.monotonic() - began < 3
    again = serve(hello, served.port)
    again.stop()


def test_an_app_that_does_not_start_is_said_so() -> None:
    with pytest.raises(RuntimeError, match="did not start"):
        serve(never_ready)
