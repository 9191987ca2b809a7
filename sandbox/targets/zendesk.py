"""Zendesk's Support API, as far as proving credentials needs it.

``{email}/token`` with an API token by HTTP basic:
https://developer.zendesk.com/api-reference/introduction/security-and-auth/. Passwords are no longer
taken (https://support.zendesk.com/hc/en-us/articles/9941874259354). Show Self is "allowed for
anonymous users" (https://developer.zendesk.com/api-reference/ticketing/users/users/): without
credentials, and with an agent's password, it answers 200 with a user whose id is null (seen in
https://github.com/blakmatrix/node-zendesk/issues/152); only a wrong API token makes it 401.
"""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.targets.answers import answer, basic_credentials
from sandbox.targets.credentials import WORKING

_DEMO = WORKING["zendesk"]
_ANONYMOUS: dict[str, Any] = {
    "id": None,
    "name": "Anonymous user",
    "email": None,
    "role": "end-user",
    "verified": False,
}
_USERS: dict[str, dict[str, Any]] = {
    _DEMO["email"]: {"id": 35436, "name": "Enzo", "role": "admin", "verified": True},
    "customer@larkfield.example": {
        "id": 35437,
        "name": "Customer",
        "role": "end-user",
        "verified": True,
    },
}
_UNAUTHENTICATED = {"error": "Couldn't authenticate you"}
_FORBIDDEN = {
    "error": {
        "title": "Forbidden",
        "message": "You do not have access to this page. Please contact the account owner of "
        "this help desk for further help.",
    }
}


def create_zendesk() -> Starlette:
    """The API of every subdomain; the Host header says which."""
    paths = (("users/me", _me), ("users", _users))
    routes = [Route(f"/api/v2/{path}", endpoint, methods=["GET"]) for path, endpoint in paths]
    routes += [Route(f"/api/v2/{path}.json", endpoint, methods=["GET"]) for path, endpoint in paths]
    return Starlette(routes=[*routes, Route("/{path:path}", _no_endpoint)])


async def _no_endpoint(request: Request) -> Response:
    error = {"error": "InvalidEndpoint", "description": "Not found"}
    return _no_help_desk(request) or answer(404, error)


async def _me(request: Request) -> Response:
    refusal = _no_help_desk(request) or _limited(request) or _wrong_token(request)
    return refusal or answer(200, {"user": _user(request) or _ANONYMOUS})


async def _users(request: Request) -> Response:
    refusal = _no_help_desk(request) or _limited(request) or _wrong_token(request)
    if refusal:
        return refusal
    user = _user(request)
    if user is None:
        return _unauthenticated()
    if user["role"] == "end-user":
        return answer(403, _FORBIDDEN)
    return answer(200, {"users": [user], "count": 1, "next_page": None})


def _user(request: Request) -> dict[str, Any] | None:
    email, separator, _ = _given(request)[0].rpartition("/token")
    user = _USERS.get(email) if separator else None
    return {**user, "email": email} if user else None


def _wrong_token(request: Request) -> Response | None:
    name, secret = _given(request)
    if not name.endswith("/token"):
        return None
    known = name.removesuffix("/token") in _USERS and secret == _DEMO["token"]
    return None if known else _unauthenticated()


def _limited(request: Request) -> Response | None:
    if _given(request)[1] != "demo-zendesk-limited":
        return None
    body = {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests"}
    return answer(429, body, {"Retry-After": "93"})


def _unauthenticated() -> Response:
    return answer(401, _UNAUTHENTICATED, {"WWW-Authenticate": 'Basic realm="Web Password"'})


def _no_help_desk(request: Request) -> Response | None:
    host = request.headers.get("host", "")
    if host.partition(".")[0].lower() == _DEMO["subdomain"]:
        return None
    error = {
        "title": f"No help desk at {host}",
        "message": "There is no help desk configured at this address. This means that the address "
        "is available and that you can claim it at http://www.zendesk.com/signup",
    }
    return answer(404, {"error": error})


def _given(request: Request) -> tuple[str, str]:
    return basic_credentials(request) or ("", "")
