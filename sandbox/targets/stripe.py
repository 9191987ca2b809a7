"""Stripe's API, as far as proving a key needs it.

The key goes as a bearer token or as the basic user name: https://docs.stripe.com/api/authentication.
Errors: https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes. A restricted key
needs a permission for every endpoint, there is none without
(https://docs.stripe.com/keys/permissions-reference); its 403 proves all the same that it exists.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.targets.answers import answer, basic_credentials, bearer_token
from sandbox.targets.credentials import WORKING

_ALL = frozenset({"rak_charge_read", "rak_balance_read"})
_PERMISSIONS = {
    WORKING["stripe"]["secret_key"]: _ALL,
    "rk_test_demo_charges": frozenset({"rak_charge_read"}),
    "rk_test_demo_balance": frozenset({"rak_balance_read"}),
}
_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, "
    "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
    "https://stripe.com/docs/api#authentication for details, or we can help at "
    "https://support.stripe.com/."
)
_PUBLISHABLE = (
    "This API call cannot be made with a publishable API key. Please use a secret API key. You can "
    "find a list of your API keys at https://dashboard.stripe.com/account/apikeys."
)


def create_stripe() -> Starlette:
    """Two endpoints that only read."""
    return Starlette(
        routes=[
            Route("/v1/charges", _charges, methods=["GET"]),
            Route("/v1/balance", _balance, methods=["GET"]),
            Route("/{path:path}", _unknown),
        ]
    )


async def _charges(request: Request) -> Response:
    body = {"object": "list", "url": "/v1/charges", "has_more": False, "data": []}
    return _refusal(request, "rak_charge_read") or answer(200, body)


async def _balance(request: Request) -> Response:
    body = {
        "object": "balance",
        "available": [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
        "livemode": False,
        "pending": [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
    }
    return _refusal(request, "rak_balance_read") or answer(200, body)


async def _unknown(request: Request) -> Response:
    message = f"Unrecognized request URL ({request.method}: {request.url.path})."
    return _error(404, message)


def _refusal(request: Request, permission: str) -> Response | None:
    key = bearer_token(request) or (basic_credentials(request) or ("", ""))[0]
    if not key:
        return _error(401, _NO_KEY)
    if key.startswith("pk_"):
        return _error(403, _PUBLISHABLE, "secret_key_required")
    if key == "sk_test_demo_expired":
        return _error(401, f"Expired API Key provided: {_masked(key)}", "api_key_expired")
    if key == "sk_test_demo_limited":
        return _error(429, "Request rate limit exceeded.", "rate_limit")
    if key not in _PERMISSIONS:
        return _error(401, f"Invalid API Key provided: {_masked(key)}")
    if permission not in _PERMISSIONS[key]:
        return _error(403, _missing(key, permission))
    return None


def _missing(key: str, permission: str) -> str:
    return (
        f"The provided key '{_masked(key)}' does not have the required permissions for this "
        f"endpoint on account 'acct_demo'. Having the '{permission}' permission would allow this "
        "request to continue."
    )


def _masked(key: str) -> str:
    # The prefix and the last four stay readable: a part of the secret comes back.
    shown = key[:8] if key[:3] in ("sk_", "rk_") else ""
    hidden = max(len(key) - len(shown) - 4, 0)
    return shown + "*" * hidden + key[-4:]


def _error(status: int, message: str, code: str | None = None) -> Response:
    error = {"message": message, "type": "invalid_request_error"}
    if code:
        error |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{code}"}
    return answer(status, {"error": error})
