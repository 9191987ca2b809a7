"""Starts the emulator on a real port, with a protocol that lets a fault reset the connection."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.integrator.app import create_emulator
from sandbox.integrator.arrival import TRANSPORT
from sandbox.integrator.emulator import Options, TargetSwitch
from sandbox.integrator.reach.zone import Zone
from sandbox.serve import Served, serve


class _ResettableProtocol(HttpToolsProtocol):
    """Shows each request its transport: ASGI itself has no way to break a connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {TRANSPORT: self.transport}


def start_emulator(
    port: int,
    options: Options,
    zone: Zone,
    targets: TargetSwitch | None = None,
    *,
    host: str = "127.0.0.1",
) -> Served:
    """Serve an emulator; port 0 takes any free one. Raises PortTaken.

    `app.state.emulator` of the served app is its Emulator.
    """
    app = create_emulator(options, zone, targets)
    return serve(app, port, host=host, http=_ResettableProtocol)
