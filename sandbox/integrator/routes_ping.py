"""Ping, stored and virtual. The connecting is reach's; here is only what becomes of its verdict."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.integrator.documents import prepared
from sandbox.integrator.emulator import Emulator
from sandbox.integrator.gate import admit_fully, connection, json_body
from sandbox.integrator.paths import Document
from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem


async def ping_stored(request: Request) -> Response:
    """Try a stored connection; the outcome sets or clears `offline`.

    `lastModified` stays: nobody changed the document.
    """
    emulator, document = connection(request)
    if request.method == "POST":
        await json_body(request, empty={})
    problems = await try_connection(document, emulator.zone, emulator.options.patience)
    # Whoever replaced the document meanwhile did not ask about this one.
    still_there = emulator.connections.get(document["_id"]) is document
    if still_there and (problems or "offline" in document):
        document["offline"] = bool(problems)
    answer = _answer(problems)
    emulator.debug_logs.record(document, "connection", document["_id"], {"ping": True}, answer)
    return JSONResponse(answer, _status(emulator, problems))


async def ping_virtual(request: Request) -> Response:
    """Try a document that is not stored. What could not be stored is not tried (422)."""
    emulator = admit_fully(request)
    document: Document = prepared(await json_body(request))
    problems = await try_connection(document, emulator.zone, emulator.options.patience)
    return JSONResponse(_answer(problems), _status(emulator, problems))


def _answer(problems: list[Problem]) -> Document:
    return {"errors": [asdict(problem) for problem in problems]} if problems else {"code": 200}


def _status(emulator: Emulator, problems: list[Problem]) -> int:
    # No document shows a failed ping; integrator.io's own form reads 200 with errors.
    return emulator.options.failed_ping_status if problems else 200


routes = [
    Route("/v1/connections/ping", ping_virtual, methods=["POST"]),
    Route("/v1/connections/{id}/ping", ping_stored, methods=["GET", "POST"]),
]
