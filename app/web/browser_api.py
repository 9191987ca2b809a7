"""The same as the widget, as JSON, for a host's own front end and for widget.js.

CORS headers are security's; this face checks each request against its own session.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from app.connect.allowed import types_for
from app.connect.results import Order, Passed, Refused, Result, Saved
from app.web.answers import ConnectBody, FormBody, ProblemBody, ResultBody, SavedBody, WorkingBody
from app.web.callers import OpenSessionOf, RoomsOf, SessionOf, bearer_of
from app.web.problems import Problem, answer
from app.web.reading import StrictRoute

_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ProblemBody} for code in (400, 401, 403, 404, 413, 415, 422, 429, 502, 503, 504)
}
router = APIRouter(
    prefix="/v1/connect", tags=["browser"], route_class=StrictRoute, responses=_ERRORS
)


class PingOrder(BaseModel):
    """What was typed, for a test."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    method: str | None = None
    values: dict[str, Any] = Field(description="By field name, as the form's JSON Schema says.")


class SubmitOrder(PingOrder):
    """What was typed, to save. `submit` is the number that the form carried."""

    name: str | None = Field(None, min_length=1, max_length=100)
    submit: int | None = Field(None, ge=1, le=1_000_000)


@router.get("", response_model=ConnectBody)
async def describe(session: OpenSessionOf, rooms: RoomsOf) -> Response:
    """The session and the types that it allows."""
    types = [
        {"key": kind.key, "title": kind.title, "category": kind.category, "summary": kind.summary}
        for kind in types_for(session, rooms.catalogue)
    ]
    about = {
        "session": {
            "id": session.id,
            "state": session.state,
            "host_name": rooms.settings.host_name,
            "end_user_name": session.end_user_name,
            "reconnect": session.connection_id is not None,
            "locale": session.locale,
            "theme": session.theme,
            "return_url": session.return_url,
        },
        "connection_types": types,
    }
    return JSONResponse(about)


@router.get("/result", response_model=ResultBody)
async def result(session: SessionOf, rooms: RoomsOf) -> Response:
    """What became of the last submit."""
    if session.submit_state is None:
        return JSONResponse({"state": "open"})
    found = await rooms.submits.result(session)
    if isinstance(found, Saved):
        return JSONResponse({"state": "completed", **_saved(found)})
    if isinstance(found, Refused):
        return JSONResponse({"state": "refused", "form": found.form.as_json()})
    return JSONResponse({"state": found.state})


@router.post("/exchange", status_code=200)
async def exchange(request: Request, rooms: RoomsOf) -> JSONResponse:
    """Our own page swaps a fresh session token for a page token and keeps what was typed."""
    token = bearer_of(request)
    session = await rooms.sessions.peek(token)
    if request.headers.get("origin") != rooms.settings.origin:
        raise Problem(403, "origin_not_allowed", "Only Keyhatch's own page renews itself.")
    opened = await rooms.sessions.exchange(token)
    return JSONResponse(
        {
            "token": opened.page_token,
            "submit": opened.session.submit + 1,
            "origins": list(session.origins),
        }
    )


@router.get("/{type}", response_model=FormBody)
async def form(
    type: str,
    session: OpenSessionOf,
    rooms: RoomsOf,
    method: str | None = None,
) -> Response:
    """The form of a type, for one of its methods."""
    shown = await rooms.openings.form(session, type, method)
    return JSONResponse(shown.as_json())


@router.post("/{type}/ping", responses={422: {"model": FormBody}})
async def ping(
    type: str,
    body: PingOrder,
    session: OpenSessionOf,
    rooms: RoomsOf,
    request: Request,
) -> Response:
    """Try what was typed; nothing is saved."""
    tried = await rooms.submits.test(session, Order(type, body.method, body.values))
    if isinstance(tried, Passed):
        return JSONResponse({"ok": True})
    return _refused(request, tried)


@router.post(
    "/{type}",
    status_code=201,
    response_model=SavedBody,
    responses={202: {"model": WorkingBody}, 422: {"model": FormBody}},
)
async def submit(
    type: str,
    body: SubmitOrder,
    session: SessionOf,
    rooms: RoomsOf,
    request: Request,
) -> Response:
    """Save what was typed, once. A repeated `submit` gets the answer of the first."""
    order = Order(type, body.method, body.values, body.submit, body.name)
    return _result(request, await rooms.submits.submit(session, order))


def _result(request: Request, found: Result) -> Response:
    if isinstance(found, Saved):
        return JSONResponse(_saved(found), 201)
    if isinstance(found, Refused):
        return _refused(request, found)
    return JSONResponse({"state": found.state}, 202)


def _saved(found: Saved) -> dict[str, Any]:
    record = found.connection
    short = {"id": record.id, "connection_type": record.connection_type, "name": record.name}
    return {"connection": short, "receipt": found.receipt}


def _refused(request: Request, refused: Refused) -> Response:
    if refused.status == 422:
        return JSONResponse(refused.form.as_json(), 422)
    message = refused.form.messages[0]
    headers = {"Retry-After": "5"} if refused.status == 503 else {}
    words = " ".join(part for part in (message.text, message.cause, message.fix) if part)
    return answer(request, Problem(refused.status, message.code, words, headers=headers))
