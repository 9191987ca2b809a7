"""The levers behind the stage, for tests and the demo: faults, targets, what came, what is stored.

No token guards them: whoever reaches the emulator's port may pull them.
"""

import asyncio
import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.integrator.emulator import Emulator
from sandbox.integrator.errors import invalid, not_found
from sandbox.integrator.gate import json_body

STATES = ("up", "stopped", "hanging")


async def add_faults(request: Request) -> Response:
    """Take in a list of faults; the answer counts those that wait."""
    waiting = _emulator(request).faults.add(await json_body(request))
    return JSONResponse({"waiting": waiting}, 201)


async def clear_faults(request: Request) -> Response:
    """Forget every fault."""
    _emulator(request).faults.waiting.clear()
    return Response(status_code=204)


async def show_requests(request: Request) -> Response:
    """What arrived under /v1, oldest first, bodies included."""
    seen = [asdict(recorded) for recorded in _emulator(request).requests]
    # In ASCII, because a body may hold half a character that no UTF-8 can carry.
    return Response(json.dumps(seen), media_type="application/json")


async def show_connections(request: Request) -> Response:
    """The stored documents, UNMASKED: for tests that look for a secret where it belongs."""
    return JSONResponse(list(_emulator(request).connections.values()))


async def set_dependencies(request: Request) -> Response:
    """Say what uses a connection: `{"flows": [{"_id": ..., "name": ...}]}`; `{}` frees it."""
    emulator = _emulator(request)
    emulator.documents.get(request.path_params["id"])
    emulator.dependencies[request.path_params["id"]] = await json_body(request)
    return Response(status_code=204)


async def switch_target(request: Request) -> Response:
    """`{"state": "up" | "stopped" | "hanging", "seconds"?: n}` for one target."""
    body = await json_body(request)
    name, targets = request.path_params["name"], _emulator(request).targets
    if not isinstance(body, dict) or body.get("state") not in STATES:
        raise invalid("state", f"state is one of {', '.join(STATES)}.")
    if targets is None:
        raise not_found("target")
    # A database takes seconds to stop; other pings must not wait for it.
    await asyncio.to_thread(_switch, targets, name, body)
    return Response(status_code=204)


async def reset(request: Request) -> Response:
    """Start again with nothing stored."""
    _emulator(request).reset()
    return Response(status_code=204)


def _switch(targets: Any, name: str, body: dict[str, Any]) -> None:
    try:
        if body["state"] == "hanging":
            targets.hang(name, float(body.get("seconds", 60)))
        elif body["state"] == "stopped":
            targets.stop(name)
        else:
            targets.start(name)
    except (KeyError, ValueError) as error:
        raise not_found("target, or no such state for it") from error


def _emulator(request: Request) -> Emulator:
    emulator: Emulator = request.app.state.emulator
    return emulator


routes = [
    Route("/_control/faults", add_faults, methods=["POST"]),
    Route("/_control/faults", clear_faults, methods=["DELETE"]),
    Route("/_control/requests", show_requests, methods=["GET"]),
    Route("/_control/connections", show_connections, methods=["GET"]),
    Route("/_control/connections/{id}/dependencies", set_dependencies, methods=["PUT"]),
    Route("/_control/targets/{name}", switch_target, methods=["POST"]),
    Route("/_control/reset", reset, methods=["POST"]),
]
