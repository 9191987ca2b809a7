"""For the host's server: connect sessions, receipts, connection types."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.catalogue.model import ConnectionType
from app.connect.publish import public
from app.connect.session import ConnectSession, NewSession
from app.forms.form import show
from app.manage.hosts import Host
from app.web import theme
from app.web.answers import (
    CreatedSession,
    ProblemBody,
    ReceiptBody,
    SessionBody,
    TypesBody,
    TypeWithForms,
)
from app.web.callers import HostOf, RoomsOf
from app.web.problems import FieldError, Problem, not_found
from app.web.reading import StrictRoute
from app.web.rooms import Rooms

_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemBody} for code in (400, 401, 403, 404, 409, 413, 415, 422, 502, 503, 504)
}
router = APIRouter(prefix="/v1", tags=["host"], route_class=StrictRoute, responses=_ERRORS)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class EndUser(_Body):
    """The person who will type credentials, by the host's own id."""

    id: str = Field(min_length=1, max_length=200)
    display_name: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=320)


class SetValue(_Body):
    """A value that the host fills in; a locked one cannot be changed by the end user."""

    value: str | int | bool
    locked: bool = False


class Upstream(_Body):
    """Ids of the operator's own things at integrator.io."""

    agent_id: str | None = Field(None, pattern="^[0-9a-f]{24}$")
    integration_id: str | None = Field(None, pattern="^[0-9a-f]{24}$")
    iclient_id: str | None = Field(None, pattern="^[0-9a-f]{24}$")
    concurrency_level: int | None = Field(None, ge=1, le=50)


class Theme(_Body):
    """How the form looks: see `docs/embed.md`."""

    accent: str | None = Field(None, max_length=9)
    accent_dark: str | None = Field(None, max_length=9)
    radius: int | None = Field(None, ge=0, le=16)
    scheme: str | None = Field(None, pattern="^(light|dark)$")


class NewConnectSession(_Body):
    """What a connect session may do, for whom, and from where."""

    end_user: EndUser
    connection_types: list[str] | None = Field(None, min_length=1, max_length=500)
    origins: list[str] | None = Field(None, max_length=20)
    connection_id: str | None = Field(None, max_length=60)
    values: dict[str, dict[str, SetValue]] = {}
    upstream: Upstream = Upstream()
    name: str | None = Field(None, min_length=1, max_length=100)
    locale: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)
    theme: Theme | None = None
    return_url: str | None = Field(None, max_length=2000)
    expires_in: int = Field(900, ge=60, le=86_400, description="Seconds that the token opens.")
    metadata: dict[str, Annotated[str, StringConstraints(max_length=500)]] = Field(
        {}, max_length=20
    )


class GivenReceipt(_Body):
    """A receipt as the page received it."""

    receipt: str = Field(max_length=4096)


@router.post("/connect-sessions", status_code=201, response_model=CreatedSession)
async def create_session(body: NewConnectSession, host: HostOf, rooms: RoomsOf) -> Response:
    """Make a connect session. Its token is for this end user's page and is shown once."""
    issued = await rooms.sessions.issue(await new_session(rooms, host, body))
    session = issued.session
    base = rooms.settings.public_url
    made = {
        "id": session.id,
        "token": issued.token,
        "embed_url": base,
        "hosted_url": f"{base}/c/{issued.launch_code}",
        "expires_at": datetime.fromtimestamp(session.opens_until, UTC).isoformat(),
    }
    return JSONResponse(made, 201)


async def new_session(rooms: Rooms, host: Host, body: NewConnectSession) -> NewSession:
    """Check what a host asks for. Raises a 422 that names the field, or the 404 of a connection."""
    types = await _types(rooms, host, body)
    _check_values(rooms, body)
    return NewSession(
        host_id=host.id,
        end_user_id=body.end_user.id,
        end_user_name=body.end_user.display_name,
        end_user_email=body.end_user.email,
        types=types,
        origins=_origins(rooms, body.origins),
        connection_id=body.connection_id,
        values={k: {n: v.model_dump() for n, v in rows.items()} for k, rows in body.values.items()},
        upstream=body.upstream.model_dump(exclude_none=True),
        name=body.name,
        locale=body.locale,
        theme=theme.checked(body.theme.model_dump() if body.theme else None),
        return_url=_return_url(rooms, body.return_url),
        metadata=body.metadata,
        expires_in=body.expires_in,
    )


def _wrong(field: str, code: str, words: str) -> Problem:
    return Problem(422, "invalid_input", words, errors=[FieldError(field=field, code=code)])


async def _types(rooms: Rooms, host: Host, body: NewConnectSession) -> tuple[str, ...] | None:
    for number, key in enumerate(body.connection_types or ()):
        if key not in rooms.catalogue:
            field = f"connection_types.{number}"
            raise _wrong(field, "unknown_type", "One of the connection types does not exist.")
    if body.connection_id is None:
        return tuple(body.connection_types) if body.connection_types else None
    record = await rooms.connections.of_end_user(host.id, body.end_user.id, body.connection_id)
    if record is None:
        raise not_found()
    if record.connection_type not in rooms.catalogue:
        raise _wrong("connection_id", "unknown_type", "Its connection type is no longer offered.")
    return (record.connection_type,)


def _origins(rooms: Rooms, asked: list[str] | None) -> tuple[str, ...]:
    allowed = rooms.settings.allowed_origins
    for number, origin in enumerate(asked or ()):
        if origin not in allowed:
            words = "Add the origin to KEYHATCH_ALLOWED_ORIGINS first."
            raise _wrong(f"origins.{number}", "origin_not_registered", words)
    return tuple(asked) if asked else allowed


def _return_url(rooms: Rooms, asked: str | None) -> str | None:
    if asked is None:
        return None
    for base in rooms.settings.return_urls:
        # The sign after the base must end it: https://app.example.evil begins like its neighbour.
        inside = asked == base or asked.startswith((f"{base}/", f"{base}?", f"{base}#"))
        if inside and not any(sign in asked for sign in " \\\r\n\t"):
            return asked
    words = "It must begin with one of KEYHATCH_RETURN_URLS."
    raise _wrong("return_url", "return_url_not_registered", words)


def _check_values(rooms: Rooms, body: NewConnectSession) -> None:
    for key, rows in body.values.items():
        kind = rooms.catalogue.get(key)
        if kind is None:
            raise _wrong(f"values.{key}", "unknown_type", "There is no such connection type.")
        fields = {f.name: f for method in kind.methods for f in kind.fields_of(method)}
        for name in rows:
            if name not in fields:
                raise _wrong(f"values.{key}.{name}", "unknown_field", "There is no such field.")
            if fields[name].secret:
                words = "A secret cannot be set by the host: only its end user types it."
                raise _wrong(f"values.{key}.{name}", "secret_not_settable", words)


@router.get("/connect-sessions/{id}", response_model=SessionBody)
async def read_session(
    id: str,
    host: HostOf,
    rooms: RoomsOf,
) -> Response:
    """Where a session stands, and the connection that came of it."""
    session = await rooms.sessions.get(host.id, id)
    if session is None:
        raise not_found()
    return JSONResponse(
        {
            "id": session.id,
            "state": session.state,
            "connection": await _connection_of(rooms, session),
            "metadata": session.metadata,
        }
    )


async def _connection_of(rooms: Rooms, session: ConnectSession) -> dict[str, Any] | None:
    if session.published_id is None:
        return None
    record = await rooms.connections.record(session.host_id, session.published_id)
    return public(record) if record else None


@router.delete("/connect-sessions/{id}", status_code=204)
async def revoke_session(
    id: str,
    host: HostOf,
    rooms: RoomsOf,
) -> Response:
    """End a session at once; its tokens open nothing any more."""
    if not await rooms.sessions.revoke(host.id, id):
        raise not_found()
    return Response(status_code=204)


@router.post("/receipts/verify", response_model=ReceiptBody)
async def verify_receipt(body: GivenReceipt, host: HostOf, rooms: RoomsOf) -> Response:
    """Whether a receipt is ours and for this host, and what it says."""
    claims = rooms.receipts.verify(body.receipt)
    record = session = None
    if claims is not None and claims.host_id == host.id:
        record = await rooms.connections.record(host.id, claims.connection_id)
        session = await rooms.sessions.get(host.id, claims.session_id)
    if record is None or session is None:
        raise _wrong("receipt", "receipt_not_genuine", "This receipt is not one of ours for you.")
    return JSONResponse(
        {
            "session_id": session.id,
            "end_user_id": record.end_user_id,
            "connection": public(record),
            "metadata": session.metadata,
        }
    )


@router.get("/connection-types", response_model=TypesBody)
async def list_types(_host: HostOf, rooms: RoomsOf) -> Response:
    """The catalogue."""
    return JSONResponse({"connection_types": [_short(kind) for kind in rooms.catalogue.values()]})


@router.get("/connection-types/{key}", response_model=TypeWithForms)
async def read_type(key: str, _host: HostOf, rooms: RoomsOf) -> Response:
    """One type with the form and the JSON Schema of each of its methods."""
    kind = rooms.catalogue.get(key)
    if kind is None:
        raise not_found()
    forms = [show(kind, method).as_json() for method in kind.methods]
    return JSONResponse({**_short(kind), "help_url": kind.help_url, "forms": forms})


def _short(kind: ConnectionType) -> dict[str, str]:
    return {
        "key": kind.key,
        "title": kind.title,
        "category": kind.category,
        "summary": kind.summary,
    }
