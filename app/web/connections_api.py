"""For the host's server: the connections that exist. Whose they are is manage's to say."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from app.connect.publish import public
from app.forms.messages import words
from app.manage.connections import AlreadyKnown, BadCursor, ConnectionRecord, DoesNotFit, InUse
from app.manage.hosts import Host
from app.web.answers import (
    ConnectionBody,
    ConnectionPage,
    PingBody,
    ProblemBody,
    ShownConnection,
)
from app.web.callers import HostOf, RoomsOf
from app.web.problems import FieldError, Problem, not_found
from app.web.reading import StrictRoute
from app.web.rooms import Rooms

_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemBody} for code in (400, 401, 404, 409, 413, 415, 422, 502, 503, 504)
}
router = APIRouter(
    prefix="/v1/connections", tags=["host"], route_class=StrictRoute, responses=_ERRORS
)


class Adoption(BaseModel):
    """A connection that exists at integrator.io, and whose it is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    integrator_id: str = Field(pattern="^[0-9a-zA-Z]{1,64}$")
    end_user_id: str = Field(min_length=1, max_length=200)
    connection_type: str = Field(max_length=40)


@router.get("", response_model=ConnectionPage)
async def list_connections(
    host: HostOf,
    rooms: RoomsOf,
    end_user_id: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The host's connections, newest first, a page at a time."""
    try:
        records, following = await rooms.connections.page(host.id, end_user_id, cursor, limit)
    except BadCursor:
        raise _wrong("cursor", "bad_cursor", "This is not a cursor of ours.") from None
    rows = [public(record) for record in records]
    return JSONResponse({"connections": rows, "next": following})


@router.post("", status_code=201, response_model=ConnectionBody)
async def adopt(body: Adoption, host: HostOf, rooms: RoomsOf) -> Response:
    """Take over a connection that was made elsewhere."""
    if body.connection_type not in rooms.catalogue:
        raise _wrong("connection_type", "unknown_type", "There is no such connection type.")
    try:
        record = await rooms.connections.adopt(
            host.id, body.end_user_id, body.connection_type, body.integrator_id
        )
    except AlreadyKnown:
        raise Problem(409, "already_known", "This connection has a record already.") from None
    except DoesNotFit:
        words_ = "The stored document is not one that this connection type makes."
        raise _wrong("connection_type", "type_does_not_fit", words_) from None
    if record is None:
        raise _wrong("integrator_id", "unknown_connection", "integrator.io has no such connection.")
    return JSONResponse(public(record), 201)


def _wrong(field: str, code: str, detail: str) -> Problem:
    return Problem(422, "invalid_input", detail, errors=[FieldError(field=field, code=code)])


async def _mine(rooms: Rooms, host: Host, id_: str) -> ConnectionRecord:
    record = await rooms.connections.record(host.id, id_)
    if record is None:
        raise not_found()
    return record


@router.get("/{id}", response_model=ShownConnection)
async def read_connection(
    id: str,
    host: HostOf,
    rooms: RoomsOf,
) -> Response:
    """One connection, with the non-secret values that its definition names."""
    record = await _mine(rooms, host, id)
    shown = await rooms.connections.shown(record)
    return JSONResponse({**public(shown.record), "document": shown.values})


@router.post("/{id}/ping", response_model=PingBody)
async def ping_connection(
    id: str,
    host: HostOf,
    rooms: RoomsOf,
) -> Response:
    """Try a stored connection; its status follows."""
    record = await _mine(rooms, host, id)
    tried = await rooms.connections.ping(record)
    title = tried.title
    messages = [words(finding, app=title).model_dump() for finding in tried.findings]
    return JSONResponse({"ok": tried.ok, "messages": messages})


@router.delete("/{id}", status_code=204)
async def delete_connection(
    id: str,
    host: HostOf,
    rooms: RoomsOf,
) -> Response:
    """Delete a connection at integrator.io and here."""
    record = await _mine(rooms, host, id)
    try:
        await rooms.connections.delete(record)
    except InUse as used:
        names = ", ".join(used.names) or "something"
        detail = f"It is still used at integrator.io by: {names}."
        raise Problem(409, "connection_in_use", detail) from None
    return Response(status_code=204)
