"""Virtual exports and imports over HTTP, the debug log, and what is known by name only."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.integrator.errors import Refusal, entry, invalid, missing, not_emulated, not_found
from sandbox.integrator.gate import admit, connection, json_body
from sandbox.integrator.outgoing import Run
from sandbox.integrator.paths import Document
from sandbox.integrator.virtual_export import export_all, export_page
from sandbox.integrator.virtual_import import import_records, map_records

# In the debug log a model without an `_id` of its own goes under this name.
UNNAMED = "virtual"
# integrator.io has these below a connection; a 404 would say that the connection is gone.
KNOWN_BY_NAME = {
    "audit",
    "distributed",
    "iclients",
    "jobs",
    "mappingPreview",
    "oauth2",
    "purgeMessages",
    "test",
    "tradingPartner",
}


async def run_export(request: Request) -> Response:
    """`{"export": {...}}` to `{"data": [...]}`."""
    run, body = await _started(request, "export")
    return JSONResponse(await export_all(run, body["export"]))


async def run_export_page(request: Request) -> Response:
    """The same by pages: send the returned state back unchanged until it says `done`."""
    run, body = await _started(request, "export")
    state = body.get("pagedExportState")
    return JSONResponse(await export_page(run, body["export"], state))


async def run_import(request: Request) -> Response:
    """`{"import": {...}, "data": [...]}` to a row for each record; 200 even if all of them fail."""
    run, body = await _started(request, "import")
    return JSONResponse(await import_records(run, body["import"], body.get("data")))


async def run_mapping(request: Request) -> Response:
    """The records as the import would send them."""
    _, document = connection(request)
    body = _model(await json_body(request), "import")
    return JSONResponse(map_records(body["import"], document, body.get("data")))


async def read_debug_log(request: Request) -> Response:
    """Plain text; with a resource id only its lines. An empty log is an empty text."""
    emulator, document = connection(request)
    resource_id = request.path_params.get("resource_id")
    return PlainTextResponse(emulator.debug_logs.text(document["_id"], resource_id))


async def clear_debug_log(request: Request) -> Response:
    """204."""
    emulator, document = connection(request)
    emulator.debug_logs.clear(document["_id"])
    return Response(status_code=204)


async def refuse_by_name(request: Request) -> Response:
    """An endpoint below a connection that is not here."""
    connection(request)
    name = request.path_params["name"]
    raise not_emulated(f"the endpoint {name}") if name in KNOWN_BY_NAME else not_found("endpoint")


async def nothing_here(request: Request) -> Response:
    """Any other path: still 401 for a caller without a token."""
    admit(request)
    raise not_found("endpoint")


async def _started(request: Request, resource: str) -> tuple[Run, Document]:
    emulator, document = connection(request)
    body = _model(await json_body(request), resource)
    if document.get("offline"):
        raise Refusal(422, entry("connection_offline", "The connection is offline."))
    resource_id = str(body[resource].get("_id") or UNNAMED)
    return Run(emulator, document, resource, resource_id), body


def _model(body: Any, resource: str) -> Document:
    if not isinstance(body, dict) or resource not in body:
        raise Refusal(422, missing(resource))
    if not isinstance(body[resource], dict):
        raise invalid(resource, f"{resource} is an object.")
    return body


EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
routes = [
    Route("/v1/connections/{id}/export", run_export, methods=["POST"]),
    Route("/v1/connections/{id}/export/pages", run_export_page, methods=["POST"]),
    Route("/v1/connections/{id}/import", run_import, methods=["POST"]),
    Route("/v1/connections/{id}/import/map", run_mapping, methods=["POST"]),
    Route("/v1/connections/{id}/debug", read_debug_log, methods=["GET"]),
    Route("/v1/connections/{id}/debug", clear_debug_log, methods=["DELETE"]),
    Route("/v1/connections/{id}/debug/{resource_id}", read_debug_log, methods=["GET"]),
    Route("/v1/connections/{id}/{name}", refuse_by_name, methods=EVERY_METHOD),
    Route("/v1/{rest:path}", nothing_here, methods=EVERY_METHOD),
]
