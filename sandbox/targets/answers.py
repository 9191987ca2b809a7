"""What the HTTP targets share: reading the credentials of a request, and answers of any API."""

import base64
import binascii
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

GATEWAY_PAGE = (
    "<html><body><h1>502 Bad Gateway</h1>\nThe server is not answering.\n</body></html>\n"
)


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """User name and password of an HTTP basic header; None without one that can be read."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def bearer_token(request: Request) -> str | None:
    """The token of an ``Authorization: Bearer`` header, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


async def form_field(request: Request, name: str) -> str | None:
    """A field of an urlencoded body; None if the body is of another kind or has no such field."""
    form_type = "application/x-www-form-urlencoded"
    if not request.headers.get("content-type", "").startswith(form_type):
        return None
    return parse_qs((await request.body()).decode()).get(name, [None])[0]


def gateway_page() -> Response:
    """What a proxy says when the API behind it is away: HTML, whatever was asked for."""
    return HTMLResponse(GATEWAY_PAGE, 502)


def answer(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return JSONResponse(body, status, headers)
