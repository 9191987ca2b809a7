"""Headers, CORS and the request's reference, for every response; one line of log for each.

A plain ASGI layer: Starlette's BaseHTTPMiddleware costs 107 µs a request, this one 2.
"""

import secrets
import time
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

_Header = tuple[bytes, bytes]

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_DEFAULTS = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    b"x-content-type-options": b"nosniff",
    # With no-referrer our own forms would carry `Origin: null`.
    b"referrer-policy": b"same-origin",
    b"cache-control": b"no-store",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    b"cross-origin-resource-policy": b"same-origin",
    b"origin-agent-cluster": b"?1",
}
# What scripts and style sheets heed of these. The rest, and a reference that nobody reads out,
# would add 300 bytes to each; caching and who may load them are the affair of static.
_OF_FILES = (b"x-content-type-options", b"strict-transport-security")
_METHODS = b"GET, POST"
_HEADERS = b"authorization, content-type"


def reference() -> str:
    """A short name for one request that a person can read out: KH-7F3K-92QD."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"KH-{signs[:4]}-{signs[4:]}"


def page_policy(nonce: str, ancestors: Iterable[str]) -> str:
    """The Content-Security-Policy of a page: our own files by nonce, framed by `ancestors` only."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            f"frame-ancestors {' '.join(ancestors) or chr(39) + 'none' + chr(39)}",
        )
    )


class Security:
    """The layer around the application."""

    def __init__(self, app: ASGIApp, *, origins: Iterable[str], https: bool) -> None:
        self._app = app
        self._origins = {origin.encode(): origin.encode() for origin in origins}
        self._defaults = dict(_DEFAULTS)
        if https:
            self._defaults[b"strict-transport-security"] = b"max-age=63072000; includeSubDomains"
        self._of_files = {k: v for k, v in self._defaults.items() if k in _OF_FILES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other kinds of scope pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, begun, status = reference(), time.perf_counter(), 500
        scope.setdefault("state", {})["reference"] = name
        shared = self._shared(scope)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                scope["state"]["answered"] = True
                message["headers"] = self._complete(scope, message, shared)
            await send(message)

        with structlog.contextvars.bound_contextvars(reference=name):
            if scope["method"] == "OPTIONS" and _is_browser_api(scope["path"]):
                await _preflight(sending)
            else:
                await self._answered(scope, receive, sending)
            _line(scope, status, time.perf_counter() - begun)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            # Starlette raises a bug again after answering it; problems has logged it, and the
            # server would only print it once more. One before any answer has no log yet.
            if not scope["state"].get("answered"):
                raise

    def _complete(self, scope: Scope, message: Message, shared: list[_Header]) -> list[_Header]:
        if _is_file(scope["path"]) and message["status"] < 400:
            return _headers(message["headers"], shared, self._of_files)
        shared.append((b"x-request-id", scope["state"]["reference"].encode()))
        return _headers(message["headers"], shared, self._defaults)

    def _shared(self, scope: Scope) -> list[_Header]:
        """CORS headers for the browser API: errors carry them too, or nobody could read why."""
        if not _is_browser_api(scope["path"]):
            return []
        given = next((v for k, v in scope["headers"] if k == b"origin"), b"")
        headers = [(b"vary", b"Origin")]
        if given in self._origins:
            headers += [
                (b"access-control-allow-origin", given),
                (b"access-control-expose-headers", b"retry-after, x-request-id"),
            ]
            if scope["method"] == "OPTIONS":
                headers += [
                    (b"access-control-allow-methods", _METHODS),
                    (b"access-control-allow-headers", _HEADERS),
                    (b"access-control-max-age", b"600"),
                ]
        return headers


def _headers(
    given: Iterable[_Header], shared: list[_Header], defaults: Mapping[bytes, bytes]
) -> list[_Header]:
    headers = [*given, *shared]
    present = {key.lower() for key, _ in headers}
    return headers + [pair for pair in defaults.items() if pair[0] not in present]


async def _preflight(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _is_file(path: str) -> bool:
    return path.startswith("/static/") and path.endswith((".css", ".js", ".mjs", ".json"))


def _is_browser_api(path: str) -> bool:
    return path == "/v1/connect" or path.startswith("/v1/connect/")


def _line(scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
    # The route's pattern, not the path: a hosted page's path holds a launch code.
    route = getattr(scope.get("route"), "path", "-")
    ms = round(seconds * 1000, 1)
    log.info("request", method=scope["method"], route=route, status=status, ms=ms)
