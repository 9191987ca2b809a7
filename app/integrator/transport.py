"""One request to integrator.io over the wire, one answer back; the only holder of its token.

Says of each failure whether anything was sent. Deadlines, retries and queues are the client's,
what an answer means is answers'.
"""

import functools
import logging
import ssl
from typing import NoReturn

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from app.integrator.answers import Answer, garbled, unanswered
from app.integrator.calls import Call
from app.integrator.errors import IntegratorError, NotSent

CONNECT_SECONDS = 3.0

# Shorter than the 5 s after which common servers drop an idle connection: a request that meets
# the drop half-way is the commonest false doubt.
_IDLE_SECONDS = 4.0

# httpx names every address at INFO, httpcore prints headers at DEBUG.
_LOUD_LOGGERS = ("httpx", "httpcore", "aiohttp")

_NOT_SENT: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ConnectionTimeoutError, "connect_timeout"),
    (aiohttp.ClientConnectorDNSError, "unknown_host"),
    (aiohttp.ClientConnectorCertificateError, "certificate"),
    (aiohttp.ClientConnectorSSLError, "tls"),
    (aiohttp.ClientConnectorError, "unreachable"),
)


class Wire:
    """Connections to one base address, plain transport only.

    The transport is used without a client around it: there is then no code that could follow a
    redirect, keep a cookie, read a proxy from the environment or unpack an answer, and a call
    costs a third less (docs/decisions/0003).
    """

    def __init__(self, base_url: str, token: str, trust: ssl.SSLContext | None = None) -> None:
        _silence()
        self.base = _checked_base(base_url)
        self._headers = httpx.Headers(
            {
                "Authorization": f"Bearer {_checked_token(token)}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a small answer must not unpack into a large one
                "User-Agent": "keyhatch",
            }
        )
        context = trust or _default_trust(self.base)
        # Most calls go to the same few addresses, and to read one costs a seventh of a call.
        self._url = functools.lru_cache(maxsize=64)(self._read_url)
        self._pooled = _transport(context, fresh=False)
        self._fresh = _transport(context, fresh=True)

    def __repr__(self) -> str:
        return f"Wire({str(self.base)!r})"

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pooled.aclose()
        await self._fresh.aclose()

    async def exchange(self, call: Call, seconds: float) -> Answer:
        """Send once and read the whole answer, whatever its status.

        Raises `NotSent`, and for what went out without a whole answer `InDoubt`, `Ill` or
        `Unreadable`. The errors are raised outside of any handler: what aiohttp and httpx raise
        holds the request with our token, so it must not hang on them as cause or context.
        """
        transport = self._fresh if call.writes else self._pooled
        request = self._request(call, min(CONNECT_SECONDS, seconds / 2))
        failure: IntegratorError | None = None
        try:
            response = await transport.handle_async_request(request)
            try:
                return await _read(call, response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, OSError) as trouble:
            failure = _failure(call, trouble)
        raise failure

    def _request(self, call: Call, connect: float) -> httpx.Request:
        headers = self._headers.copy()
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.writes:
            headers["Connection"] = "close"
        # "pool" is aiohttp's word for all of a connection: queue, name, TCP and TLS.
        timeout = {"connect": connect, "pool": connect, "read": None}
        return httpx.Request(
            call.method,
            self._url(call.target),
            headers=headers,
            content=call.body,
            extensions={"timeout": timeout},
        )

    def _read_url(self, target: str) -> httpx.URL:
        return self.base.copy_with(raw_path=target.encode("ascii"))


async def _read(call: Call, response: httpx.Response) -> Answer:
    limit = call.answer_limit
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > limit):
        raise garbled(call, "too_large", response.status_code)
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limit:
            raise garbled(call, "too_large", response.status_code)
        chunks.append(chunk)
    return Answer(response.status_code, response.headers, b"".join(chunks))


def _failure(call: Call, trouble: Exception) -> IntegratorError:
    """Classify by what aiohttp said: its httpx name is ConnectTimeout for nearly everything."""
    cause = trouble.__cause__ if isinstance(trouble, httpx.HTTPError) else trouble
    if isinstance(cause, aiohttp.ClientConnectorError) and isinstance(
        cause.os_error, ConnectionRefusedError
    ):
        return NotSent("refused")
    for kind, reason in _NOT_SENT:
        if isinstance(cause, kind):
            return NotSent(reason)
    if isinstance(cause, aiohttp.ClientResponseError):
        return garbled(call, "not_http")
    return unanswered(call, "cut_off")


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending GET, PUT and DELETE a second time when a connection breaks.

    It does that by itself for those two errors, also on a new connection; a PUT in doubt has to
    be reported instead. Any other error of its family passes.
    """
    try:
        response = await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        _cut_off()
    response.reason = None  # nobody reads it, and the transport fails on one that is not UTF-8
    return response


def _cut_off() -> NoReturn:
    raise aiohttp.ClientConnectionError("cut off") from None


def _transport(context: ssl.SSLContext, *, fresh: bool) -> AiohttpTransport:
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=context,
                limit=0,  # the bulkheads in front are the limit; a second queue would hide waits
                force_close=fresh,
                keepalive_timeout=None if fresh else _IDLE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_send_once,),
        )

    return AiohttpTransport(verify=context, trust_env=False, client=session)


def _default_trust(base: httpx.URL) -> ssl.SSLContext:
    if base.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used: reading a bundle costs 20 ms
    return httpx.create_ssl_context(trust_env=False)


def _checked_base(base_url: str) -> httpx.URL:
    try:
        base = httpx.URL(base_url.rstrip("/"))
    except httpx.InvalidURL:
        base = httpx.URL("")
    good = base.scheme in {"http", "https"} and base.host
    if not good or base.userinfo or base.query or base.fragment:
        raise ValueError("integrator.io's address must look like https://api.integrator.io/v1")
    return base


def _checked_token(token: str) -> str:
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise ValueError("integrator.io's token must be visible ASCII without spaces")
    return token


def _silence() -> None:
    for name in _LOUD_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
