"""Orchard, an invented bookkeeping API, so that every way of HTTP sign-in has a service.

``GET /v1/me`` takes HTTP basic. ``GET /v1/whoami`` takes a token as ``X-Orchard-Key``, as
``Authorization: Bearer`` or as ``?api_key=``; ``POST /v1/whoami`` takes it as the field `api_key`
of a JSON or form body. ``/v1/invoices`` lists and creates with a token in a header.

Its 401 repeats the credential it got, as some real APIs do: what is shown to a person must be
scrubbed of it.
"""

import asyncio
import itertools
import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.targets.answers import (
    answer,
    basic_credentials,
    bearer_token,
    form_field,
    gateway_page,
)
from sandbox.targets.credentials import SLOW_SECONDS, WORKING

_BASIC = WORKING["http-basic"]
_TOKEN = WORKING["http-token"]["token"]
_PROFILE = {
    "id": "usr_1",
    "name": "Enzo",
    "email": _BASIC["username"],
    "company": {"id": "co_1", "name": "Larkfield Books"},
    "status": "active",
}


def create_orchard() -> Starlette:
    """The API, with three invoices to begin with."""
    app = Starlette(
        routes=[
            Route("/v1/me", _me, methods=["GET"]),
            Route("/v1/whoami", _whoami, methods=["GET", "POST"]),
            Route("/v1/invoices", _invoices, methods=["GET", "POST"]),
        ]
    )
    app.state.invoices = [
        {"id": f"inv_{number}", "number": f"2026-{number:03}", "total": 100 * number}
        for number in (1, 2, 3)
    ]
    app.state.numbers = itertools.count(4)
    return app


async def _me(request: Request) -> Response:
    given = basic_credentials(request)
    if given is None:
        return _unauthorized(request.headers.get("authorization"))
    user, password = given
    if user != _BASIC["username"]:
        return _unauthorized(request.headers.get("authorization"))
    refusal = await _refusal(password, _BASIC["password"], request.headers["authorization"])
    return refusal or answer(200, _PROFILE)


async def _whoami(request: Request) -> Response:
    given = await _body_token(request) if request.method == "POST" else _sent_token(request)
    refusal = await _refusal(given, _TOKEN, given)
    return refusal or answer(200, _PROFILE)


async def _invoices(request: Request) -> Response:
    given = _header_token(request)
    refusal = await _refusal(given, _TOKEN, given)
    if refusal:
        return refusal
    if request.method == "POST":
        return await _create_invoice(request)
    page = int(request.query_params.get("page", "1"))
    size = int(request.query_params.get("page_size", "20"))
    rows = request.app.state.invoices[(page - 1) * size : page * size]
    return answer(200, {"invoices": rows, "total": len(request.app.state.invoices)})


async def _create_invoice(request: Request) -> Response:
    try:
        fields = await request.json()
    except json.JSONDecodeError:
        return answer(400, {"error": {"code": "bad_json", "message": "The body is not JSON."}})
    number = next(request.app.state.numbers)
    invoice = {**fields, "id": f"inv_{number}"}
    request.app.state.invoices.append(invoice)
    return answer(201, invoice)


def _sent_token(request: Request) -> str | None:
    return _header_token(request) or request.query_params.get("api_key")


def _header_token(request: Request) -> str | None:
    return request.headers.get("x-orchard-key") or bearer_token(request)


async def _body_token(request: Request) -> str | None:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return await form_field(request, "api_key")
    try:
        body = await request.json()
    except json.JSONDecodeError:
        return None
    value = body.get("api_key") if isinstance(body, dict) else None
    return value if isinstance(value, str) else None


async def _refusal(secret: str | None, right: str, received: str | None) -> Response | None:
    match secret:
        case "demo-orchard-forbidden":
            message = "This key may not read the profile."
            return answer(403, {"error": {"code": "forbidden", "message": message}})
        case "demo-orchard-limited":
            message = "Too many calls. Try again later."
            body = {"error": {"code": "rate_limited", "message": message}}
            return answer(429, body, {"Retry-After": "30"})
        case "demo-orchard-maintenance":
            message = "Orchard is being worked on."
            return answer(503, {"error": {"code": "maintenance", "message": message}})
        case "demo-orchard-gateway":
            return gateway_page()
        case "demo-orchard-slow":
            await asyncio.sleep(SLOW_SECONDS)
            return None
        case _:
            return None if secret == right else _unauthorized(received)


def _unauthorized(received: str | None) -> Response:
    error = {"code": "unauthorized", "message": "Unknown credentials.", "received": received}
    return answer(401, {"error": error}, {"WWW-Authenticate": 'Basic realm="Orchard"'})
