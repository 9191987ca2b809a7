"""Sends one request of a connection to where the zone says its host is.

A fresh client per request, so that no cookie, pooled socket or TLS session of another one helps.
"""

import asyncio
import base64
import re
import ssl
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.integrator.reach.api import Api, Pairs, Token, read_api
from sandbox.integrator.reach.network import timed_out, unreachable
from sandbox.integrator.reach.problem import Problem, Unreachable
from sandbox.integrator.reach.templates import fill
from sandbox.integrator.reach.tls import client_context
from sandbox.integrator.reach.verdict import judge
from sandbox.integrator.reach.zone import Zone

_MEDIA_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "urlencoded": "application/x-www-form-urlencoded",
    "plaintext": "text/plain",
    "csv": "text/csv",
}
_PORTS = {"http": 80, "https": 443}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z\-]+")
_UNSENDABLE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


@dataclass(frozen=True)
class Request:
    """One call to the API of a connection.

    `relative_uri` may be an absolute URL. `media_type` is integrator.io's word (json, xml,
    urlencoded, plaintext, csv); the connection's own is taken without it.
    """

    relative_uri: str
    method: str = "GET"
    body: str | None = None
    headers: Pairs = ()
    media_type: str | None = None


async def ping(document: dict[str, Any], zone: Zone, seconds: float) -> list[Problem]:
    """Send the document's ping and judge the answer."""
    api = read_api(document)
    asked = Request(api.ping.relative_uri, api.ping.method, api.ping.body)
    return judge(await send(document, asked, zone, seconds), api)


async def send(
    document: dict[str, Any],
    request: Request,
    zone: Zone,
    timeout: float,  # noqa: ASYNC109 - it must end as Unreachable like every other failure
) -> httpx.Response:
    """Send `request` with the connection's base URI, headers and credentials.

    The answer is read to its end, whatever its status. Raises Unreachable.
    """
    api = read_api(document)
    url = _target(api, fill(api.base_uri, document), fill(request.relative_uri, document))
    address = zone.locate(url.host, url.port or _PORTS[url.scheme])
    prepared = httpx.Request(
        request.method,
        url.copy_with(host=address[0], port=address[1]),
        headers=[(b"Host", url.netloc), *_headers(api, request, document)],
        content=None if request.body is None else fill(request.body, document),
        # The certificate must be for the name in the document, not for 127.0.0.1.
        extensions={"sni_hostname": url.host},
    )
    context = client_context(zone, url.host, strict=api.strict_tls, certificates=api.certificates)
    return await _exchange(prepared, context, timeout, url.host)


async def _exchange(
    prepared: httpx.Request, context: ssl.SSLContext, seconds: float, name: str
) -> httpx.Response:
    address = prepared.url.host, prepared.url.port or _PORTS[prepared.url.scheme]
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(verify=context, trust_env=False, timeout=seconds) as client,
        ):
            return await client.send(prepared, follow_redirects=False)
    except (TimeoutError, httpx.TimeoutException):
        raise timed_out(address, "http") from None
    except httpx.RemoteProtocolError as error:
        raise _not_http(error) from error
    except (httpx.TransportError, OSError) as error:
        raise unreachable(error, address, name, "http") from error


def _target(api: Api, base: str, relative: str) -> httpx.URL:
    text = relative if relative.startswith(("http://", "https://")) else _join(base, relative)
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise Unreachable("ERR_INVALID_URL", f"Invalid URL: {error}", "http") from error
    if url.scheme not in _PORTS or not url.host:
        raise Unreachable("ERR_INVALID_URL", f'Invalid URI "{text}"', "http")
    if api.token and api.token.place == "url":
        url = url.copy_merge_params({api.token.parameter: api.token.value})
    return url


def _join(base: str, relative: str) -> str:
    if not relative:
        return base
    if relative.startswith("?"):
        return base + relative
    return base.rstrip("/") + "/" + relative.lstrip("/")


def _headers(api: Api, request: Request, document: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    headers = [*api.headers, *request.headers]
    named = {name.lower() for name, _ in headers}
    if request.body is not None and "content-type" not in named:
        media_type = request.media_type or api.media_type
        headers.append(("Content-Type", _MEDIA_TYPES.get(media_type, media_type)))
    filled = [(name, fill(value, document)) for name, value in headers]
    if api.basic:
        pair = base64.b64encode(":".join(api.basic).encode()).decode()
        filled.append(("Authorization", f"Basic {pair}"))
    if api.token and api.token.place == "header":
        filled.append(_token_header(api.token))
    return [_sendable(name, value) for name, value in filled]


def _token_header(token: Token) -> tuple[str, str]:
    # Celigo's own form stores a single blank for "no scheme".
    scheme = token.scheme.strip()
    return token.header, f"{scheme} {token.value}" if scheme else token.value


def _sendable(name: str, value: str) -> tuple[bytes, bytes]:
    # Node refuses these before it connects; httpx would, too, but with words of its own.
    if not _HEADER_NAME.fullmatch(name):
        message = f'Header name must be a valid HTTP token ["{name}"]'
        raise Unreachable("ERR_INVALID_HTTP_TOKEN", message, "http")
    if _UNSENDABLE.search(value):
        message = f'Invalid character in header content ["{name}"]'
        raise Unreachable("ERR_INVALID_CHAR", message, "http")
    return name.encode("ascii"), value.strip(" \t").encode("latin-1")


def _not_http(error: httpx.RemoteProtocolError) -> Unreachable:
    if "disconnected" in str(error) or "closed connection" in str(error):
        return Unreachable("ECONNRESET", "socket hang up", "http")
    return Unreachable("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/", "http")
