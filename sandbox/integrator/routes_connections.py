"""Create, read, list, replace, patch and delete connections; the token's own info."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.integrator.documents import shown
from sandbox.integrator.errors import Refusal, entry
from sandbox.integrator.gate import admit, admit_fully, connection, json_body, scope_of
from sandbox.integrator.paging import page_of


async def token_info(request: Request) -> Response:
    """Whose token this is. The shape of `scope` for a custom token is not published: a choice."""
    emulator = admit(request)
    scope = "*" if scope_of(request, emulator) is None else "custom"
    return JSONResponse({"_userId": emulator.user_id, "scope": scope})


async def list_connections(request: Request) -> Response:
    """A page of masked rows; 204 without a body when there is none."""
    emulator = admit(request)
    scope = scope_of(request, emulator)
    documents = emulator.connections.values()
    rows = [shown(document) for document in documents if scope is None or document["_id"] in scope]
    options = emulator.options
    page = page_of(rows, request, options.page_size, skip_paging=options.skip_paging)
    if not page.rows:
        return Response(status_code=204)
    return JSONResponse(page.rows, headers={"Link": page.link} if page.link else None)


async def create_connection(request: Request) -> Response:
    """201 and the stored document, masked. The credentials are not tried."""
    emulator = admit_fully(request)
    return JSONResponse(shown(emulator.documents.create(await json_body(request))), 201)


async def read_connection(request: Request) -> Response:
    """One document, masked."""
    _, document = connection(request)
    return JSONResponse(shown(document))


async def replace_connection(request: Request) -> Response:
    """PUT: the body takes the place of the whole document."""
    emulator, document = connection(request)
    body = await json_body(request)
    return JSONResponse(shown(emulator.documents.replace(document["_id"], body)))


async def patch_connection(request: Request) -> Response:
    """PATCH: 204 without a body."""
    emulator, document = connection(request)
    emulator.documents.patch(document["_id"], await json_body(request))
    return Response(status_code=204)


async def delete_connection(request: Request) -> Response:
    """204; 422 while something uses the connection (a choice: the documents do not say)."""
    emulator, document = connection(request)
    if emulator.dependencies.get(document["_id"]):
        raise Refusal(422, entry("resource_in_use", "Other resources use this connection."))
    emulator.documents.delete(document["_id"])
    emulator.debug_logs.clear(document["_id"])
    return Response(status_code=204)


async def read_dependencies(request: Request) -> Response:
    """What uses the connection, by plural resource type; an empty object when nothing does."""
    emulator, document = connection(request)
    return JSONResponse(emulator.dependencies.get(document["_id"], {}))


routes = [
    Route("/v1/tokenInfo", token_info, methods=["GET"]),
    Route("/v1/connections", list_connections, methods=["GET"]),
    Route("/v1/connections", create_connection, methods=["POST"]),
    Route("/v1/connections/{id}", read_connection, methods=["GET"]),
    Route("/v1/connections/{id}", replace_connection, methods=["PUT"]),
    Route("/v1/connections/{id}", patch_connection, methods=["PATCH"]),
    Route("/v1/connections/{id}", delete_connection, methods=["DELETE"]),
    Route("/v1/connections/{id}/dependencies", read_dependencies, methods=["GET"]),
]
