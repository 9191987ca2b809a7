"""Shopify's Admin REST API, as far as proving credentials needs it.

Statuses: https://shopify.dev/docs/api/usage/response-codes. The shop resource needs no scope:
https://shopify.dev/docs/api/admin-rest/latest/resources/shop. Old private apps sign in with HTTP
basic: https://shopify.dev/docs/apps/auth/basic-http. Any quarterly version is served, because an
old one falls forward to the oldest supported: https://shopify.dev/docs/api/usage/versioning.
"""

import re

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.targets.answers import answer, basic_credentials
from sandbox.targets.credentials import WORKING

_DEMO = WORKING["shopify"]
_VERSION = re.compile(r"\d{4}-(01|04|07|10)|unstable")
_STORES = {_DEMO["store"], "larkfield-frozen", "larkfield-closed", "larkfield-locked"}
_UNAVAILABLE = {
    "larkfield-frozen": (402, "Unavailable Shop"),
    "larkfield-closed": (403, "Unavailable Shop"),
    "larkfield-locked": (423, "This shop is unavailable"),
}
_WRONG = "[API] Invalid API key or access token (unrecognized login or wrong password)"
_NO_SCOPE = "[API] This action requires merchant approval for read_orders scope."
_LIMIT = (
    "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted "
    "service."
)


def create_shopify() -> Starlette:
    """The API of every store; the Host header says which."""
    return Starlette(
        routes=[
            Route("/admin/api/{version}/shop.json", _shop, methods=["GET"]),
            Route("/admin/api/{version}/orders.json", _orders, methods=["GET"]),
            Route("/{path:path}", _not_found),
        ]
    )


async def _not_found(_request: Request) -> Response:
    return answer(404, {"errors": "Not Found"})


async def _shop(request: Request) -> Response:
    shop = {
        "id": 548380009,
        "name": "Larkfield Books",
        "email": "enzo@larkfield.example",
        "myshopify_domain": f"{_store(request)}.myshopify.com",
        "plan_name": "basic",
    }
    return _refusal(request) or answer(200, {"shop": shop})


async def _orders(request: Request) -> Response:
    refusal = _refusal(request)
    if refusal:
        return refusal
    if request.headers.get("x-shopify-access-token") == "shpat_demo_without_scopes":
        return answer(403, {"errors": _NO_SCOPE})
    return answer(200, {"orders": []})


def _refusal(request: Request) -> Response | None:
    store = _store(request)
    if store not in _STORES or not _VERSION.fullmatch(request.path_params["version"]):
        return answer(404, {"errors": "Not Found"})
    if store in _UNAVAILABLE:
        status, message = _UNAVAILABLE[store]
        return answer(status, {"errors": message})
    token = request.headers.get("x-shopify-access-token")
    if token == "shpat_demo_limited":
        return answer(429, {"errors": _LIMIT}, {"Retry-After": "2.0"})
    known_token = token in (_DEMO["token"], "shpat_demo_without_scopes")
    known_pair = basic_credentials(request) == (_DEMO["api_key"], _DEMO["password"])
    return None if known_token or known_pair else answer(401, {"errors": _WRONG})


def _store(request: Request) -> str:
    return request.headers.get("host", "").partition(".")[0].lower()
