"""Reads the documents that describe an HTTP API, `http` and the older `rest`, into one value.

Defaults are integrator.io's own; sending is the business of http.py, judging that of verdict.py.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.integrator.reach.problem import Unreachable
from sandbox.integrator.reach.tls import Certificates

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Token:
    """Where a token goes. `place` is header, url or body; a scheme of blanks means none."""

    value: str
    place: str = "header"
    header: str = "Authorization"
    scheme: str = "Bearer"
    parameter: str = "access_token"


@dataclass(frozen=True)
class Ping:
    """What is asked to try the connection, and the rules by which the answer is judged."""

    relative_uri: str = ""
    method: str = "GET"
    body: str | None = None
    success_path: str = ""
    success_values: tuple[str, ...] = ()
    success_in_array: bool = False
    fail_path: str = ""
    fail_values: tuple[str, ...] = ()
    error_path: str = ""


@dataclass(frozen=True)
class AuthFailure:
    """How this API says that it refuses the credentials."""

    status: int = 401
    path: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Api:
    """An HTTP API as a connection document describes it."""

    base_uri: str
    media_type: str = "json"
    headers: Pairs = ()
    basic: tuple[str, str] | None = None
    token: Token | None = None
    strict_tls: bool = True
    certificates: Certificates = field(default_factory=Certificates)
    ping: Ping = field(default_factory=Ping)
    auth_failure: AuthFailure = field(default_factory=AuthFailure)


def read_api(document: dict[str, Any]) -> Api:
    """The API of a document of type http or rest. Raises Unreachable for an auth type that the
    sandbox does not know."""
    if document.get("type") == "rest":
        return _rest(_part(document, "rest"))
    return _http(_part(document, "http"))


def _http(http: dict[str, Any]) -> Api:
    auth = _part(http, "auth")
    basic, token = _credentials(
        auth.get("type"), _part(auth, "basic"), _http_token(_part(auth, "token"))
    )
    certificates = _part(http, "clientCertificates")
    return Api(
        base_uri=_text(http, "baseURI"),
        media_type=_text(http, "mediaType", "json"),
        headers=_pairs(http.get("headers")),
        basic=basic,
        token=token,
        strict_tls=not http.get("disableStrictSSL"),
        certificates=Certificates(
            **{name: _text(certificates, name) for name in ("ca", "cert", "key", "passphrase")}
        ),
        ping=_http_ping(_part(http, "ping")),
        auth_failure=AuthFailure(
            int(auth.get("failStatusCode") or 401),
            _text(auth, "failPath"),
            _texts(auth.get("failValues")),
        ),
    )


def _http_token(token: dict[str, Any]) -> Token:
    return Token(
        _text(token, "token"),
        _text(token, "location", "header"),
        _text(token, "headerName", "Authorization"),
        _text(token, "scheme", "Bearer"),
        _text(token, "paramName", "access_token"),
    )


def _http_ping(ping: dict[str, Any]) -> Ping:
    return Ping(
        relative_uri=_text(ping, "relativeURI"),
        method=_text(ping, "method", "GET"),
        body=ping.get("body"),
        success_path=_text(ping, "successPath"),
        success_values=_texts(ping.get("successValues")),
        success_in_array=bool(ping.get("allowArrayforSuccessPath")),
        fail_path=_text(ping, "failPath"),
        fail_values=_texts(ping.get("failValues")),
        error_path=_text(ping, "errorPath"),
    )


def _rest(rest: dict[str, Any]) -> Api:
    token = Token(
        _text(rest, "bearerToken"),
        _text(rest, "tokenLocation", "header"),
        _text(rest, "authHeader", "Authorization"),
        _text(rest, "authScheme", "Bearer"),
        _text(rest, "tokenParam", "access_token"),
    )
    basic, used_token = _credentials(rest.get("authType"), _part(rest, "basicAuth"), token)
    return Api(
        base_uri=_text(rest, "baseURI"),
        media_type=_text(rest, "mediaType", "json"),
        headers=_pairs(rest.get("headers")),
        basic=basic,
        token=used_token,
        strict_tls=not rest.get("disableStrictSSL"),
        ping=Ping(
            relative_uri=_text(rest, "pingRelativeURI"),
            method=_text(rest, "pingMethod", "GET"),
            body=rest.get("pingBody"),
            success_path=_text(rest, "pingSuccessPath"),
            success_values=_texts(rest.get("pingSuccessValues")),
            fail_path=_text(rest, "pingFailurePath"),
            fail_values=_texts(rest.get("pingFailureValues")),
        ),
    )


def _credentials(
    kind: str | None, basic: dict[str, Any], token: Token
) -> tuple[tuple[str, str] | None, Token | None]:
    if kind == "basic":
        return (_text(basic, "username"), _text(basic, "password")), None
    if kind == "token":
        return None, token
    if kind in (None, "custom"):
        return None, None
    raise Unreachable("not_in_sandbox", f"The sandbox cannot sign in with {kind}.")


def _part(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: dict[str, Any], name: str, default: str = "") -> str:
    value = parent.get(name)
    return default if value is None or value == "" else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _pairs(value: Any) -> Pairs:
    items = value if isinstance(value, list) else []
    return tuple((str(item["name"]), str(item["value"])) for item in items)
