"""Slack's Web API, as far as proving a token needs it. Refusals are 200 with ``"ok": false``.

https://docs.slack.dev/reference/methods/auth.test, https://docs.slack.dev/reference/methods/api.test
(which needs no token, and so proves none). A token in the query string is for apps made before
24 February 2021: https://api.slack.com/changelog/2020-11-no-more-tokens-in-querystrings-for-newly-created-apps
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.targets.answers import answer, bearer_token, form_field
from sandbox.targets.credentials import WORKING

_TOKEN = WORKING["slack"]["token"]
_CLASSIC = "xoxb-demo-classic"
_ERRORS = {"xoxb-demo-revoked": "token_revoked", "xoxb-demo-inactive": "account_inactive"}
_IDENTITY = {
    "ok": True,
    "url": "https://larkfield-demo.slack.com/",
    "team": "Larkfield Books",
    "user": "keyhatch",
    "team_id": "T00000001",
    "user_id": "U00000001",
    "bot_id": "B00000001",
    "is_enterprise_install": False,
}


def create_slack() -> Starlette:
    """The two methods that test."""
    return Starlette(
        routes=[
            Route("/api/auth.test", _auth_test, methods=["GET", "POST"]),
            Route("/api/api.test", _api_test, methods=["GET", "POST"]),
            Route("/api/{method}", _unknown_method, methods=["GET", "POST"]),
        ]
    )


async def _auth_test(request: Request) -> Response:
    # Of bodies only a form may carry it; beside JSON the token must be in the header.
    token = bearer_token(request) or await form_field(request, "token") or _query_token(request)
    if token is None:
        return answer(200, {"ok": False, "error": "not_authed"})
    if token == "xoxb-demo-limited":
        return answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
    if token in (_TOKEN, _CLASSIC):
        return answer(200, _IDENTITY)
    return answer(200, {"ok": False, "error": _ERRORS.get(token, "invalid_auth")})


async def _api_test(request: Request) -> Response:
    args = dict(request.query_params)
    if "error" in args:
        return answer(200, {"ok": False, "error": args["error"], "args": args})
    return answer(200, {"ok": True, "args": args} if args else {"ok": True})


async def _unknown_method(_request: Request) -> Response:
    return answer(200, {"ok": False, "error": "unknown_method", "req_method": "unknown"})


def _query_token(request: Request) -> str | None:
    token = request.query_params.get("token")
    return token if token == _CLASSIC else None
