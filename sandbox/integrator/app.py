"""Wires the emulator: its routes, what every request meets first, its error envelope."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from sandbox.integrator import routes_connections, routes_control, routes_ping, routes_run
from sandbox.integrator.arrival import Arrival
from sandbox.integrator.emulator import Emulator, Options, Recorded, TargetSwitch
from sandbox.integrator.errors import Refusal, answer_other, answer_refusal
from sandbox.integrator.reach.zone import Zone

__all__ = ["Emulator", "Options", "Recorded", "create_emulator"]


def create_emulator(options: Options, zone: Zone, targets: TargetSwitch | None = None) -> Starlette:
    """An emulator as an ASGI app; `app.state.emulator` is its Emulator.

    `zone` says where the hosts of connections are; `targets` can be switched by the control
    endpoint. Faults that reset a connection need server.start_emulator.
    """
    emulator = Emulator(options, zone, targets)
    app = Starlette(
        # The order decides: /connections/ping before /connections/{id}, the catch-all last.
        routes=[
            *routes_control.routes,
            *routes_ping.routes,
            *routes_connections.routes,
            *routes_run.routes,
        ],
        middleware=[Middleware(Arrival, emulator=emulator)],
        exception_handlers={Refusal: answer_refusal, HTTPException: answer_other},
    )
    app.router.redirect_slashes = False
    app.state.emulator = emulator
    return app
