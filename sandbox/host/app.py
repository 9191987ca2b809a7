"""The host's web server: its pages, and the few calls that its pages make to it.

It signs nobody in: its end user is Enzo. What it asks of Keyhatch is keyhatch's business.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jinja2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.host.keyhatch import Keyhatch, KeyhatchFailed
from sandbox.host.trials import Sheet, sheet
from sandbox.host.variants import Variant, variant

_HERE = Path(__file__).parent
# What Larkfield offers first; all others follow.
FIRST = ("shopify", "stripe", "slack", "zendesk", "netsuite", "postgresql", "sftp", "ftp")
# How each way to embed is called on the page.
WAYS = {
    "inline": "Inside the page",
    "element": "As an element",
    "own": "The host's own form",
}


@dataclass(frozen=True)
class HostOptions:
    """What the host knows: its own address, Keyhatch, and what the sandbox tells it to show.

    Browsers reach Keyhatch at `keyhatch_url`, this server at `keyhatch_inside` if that differs.
    Without `emulator_url` there is no panel to switch targets.
    """

    url: str
    keyhatch_url: str
    host_key: str
    elsewhere: str
    keyhatch_inside: str = ""
    emulator_url: str = ""
    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()


class Host:
    """Larkfield Books: the handlers behind the routes."""

    def __init__(self, options: HostOptions) -> None:
        self.options = options
        self.keyhatch = Keyhatch(options.keyhatch_inside or options.keyhatch_url, options.host_key)
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def overview(self, request: Request) -> Response:
        """All connection types, to connect in a dialog."""
        types = sorted(await self.keyhatch.types(), key=_place)
        sheets = {kind["key"]: self._sheet(kind) for kind in types}
        return self._page(request, "overview.html", types=types, sheets=sheets)

    async def place(self, request: Request) -> Response:
        """One type, embedded in another way than the dialog."""
        way, key = request.path_params["way"], request.query_params.get("type", "http-basic")
        types = await self.keyhatch.types()
        kind = next((each for each in types if each["key"] == key), None)
        if way not in WAYS or kind is None:
            raise HTTPException(404)
        sheets = {key: self._sheet(kind)}
        return self._page(request, "place.html", way=way, types=types, kind=kind, sheets=sheets)

    async def hosted(self, request: Request) -> Response:
        """To Keyhatch's own page, which leads back here."""
        made = await self._session(request, return_url=self.options.url)
        return RedirectResponse(made["hosted_url"], 303)

    async def session(self, request: Request) -> Response:
        """The page wants a token. The host key stays on this side."""
        await _body(request)
        made = await self._session(request)
        return JSONResponse({"url": made["embed_url"], "token": made["token"]})

    async def verify(self, request: Request) -> Response:
        """The page was told of a success; only the receipt proves it."""
        body = await _body(request)
        return JSONResponse(await self.keyhatch.verify(str(body.get("receipt"))))

    async def connections(self, _: Request) -> Response:
        """What Enzo has connected."""
        return JSONResponse(await self.keyhatch.connections())

    async def disconnect(self, request: Request) -> Response:
        """Enzo wants a connection gone."""
        _check_media_type(request)
        await self.keyhatch.disconnect(request.path_params["id"])
        return Response(status_code=204)

    async def switch(self, request: Request) -> Response:
        """The sandbox's panel: stop, start or slow down the service behind a type."""
        body = await _body(request)
        address = f"{self.options.emulator_url}/_control/targets/{request.path_params['name']}"
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                answer = await client.post(address, json=body)
        except httpx.HTTPError:
            return JSONResponse({"problem": "The sandbox does not answer."}, 502)
        if answer.is_success:
            return Response(status_code=204)
        return JSONResponse({"problem": "The sandbox cannot do that."}, 422)

    async def _session(self, request: Request, **wishes: Any) -> dict[str, Any]:
        query = request.query_params
        asked = self._variant(request)
        return await self.keyhatch.session(
            connection_types=[query["type"]] if "type" in query else None,
            connection_id=query.get("connection"),
            origins=asked.origins,
            expires_in=asked.expires_in,
            theme={"accent": "#1d5446", "accent_dark": "#8fd0bb"},
            metadata={"page": "integrations"},
            **wishes,
        )

    def _variant(self, request: Request) -> Variant:
        options = self.options
        return variant(request.query_params, options.keyhatch_url, options.elsewhere)

    def _sheet(self, kind: Mapping[str, Any]) -> Sheet:
        options = self.options
        return sheet(kind, options.credentials, options.unavailable, options.targets)

    def _page(self, request: Request, name: str, **values: Any) -> Response:
        asked = self._variant(request)
        # The page's own calls carry its variant on.
        query = httpx.QueryParams(
            {k: v for k, v in request.query_params.items() if k not in ("type", "connection")}
        )
        html = self._pages.get_template(name).render(
            keyhatch=self.options.keyhatch_url,
            panel=bool(self.options.emulator_url),
            query=str(query),
            once=asked.once,
            ways=WAYS,
            **values,
        )
        return HTMLResponse(html, headers=dict(asked.headers))

    async def failed(self, request: Request, error: Exception) -> Response:
        """Keyhatch is away or refused: one clear sentence, on a page or as JSON."""
        words = error.words if isinstance(error, KeyhatchFailed) else str(error)
        if request.url.path.startswith("/api/"):
            return JSONResponse({"problem": words}, 502)
        html = self._pages.get_template("away.html").render(
            words=words, keyhatch=self.options.keyhatch_url, query="", once=False
        )
        # The host itself is well: one of the services that it uses is not.
        return HTMLResponse(html)


def _place(kind: Mapping[str, Any]) -> int:
    return FIRST.index(kind["key"]) if kind["key"] in FIRST else len(FIRST)


def _check_media_type(request: Request) -> None:
    # A form of another site can post to a loopback port, but not with this media type.
    if request.headers.get("content-type") != "application/json":
        raise HTTPException(415)


async def _body(request: Request) -> dict[str, Any]:
    _check_media_type(request)
    try:
        found = await request.json()
    except ValueError:
        raise HTTPException(400) from None
    return found if isinstance(found, dict) else {}


def create_host(options: HostOptions) -> Starlette:
    """The host as an ASGI app."""
    host = Host(options)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await host.keyhatch.aclose()

    return Starlette(
        routes=[
            Route("/", host.overview),
            Route("/as/{way}", host.place),
            Route("/hosted", host.hosted),
            Route("/api/session", host.session, methods=["POST"]),
            Route("/api/verify", host.verify, methods=["POST"]),
            Route("/api/connections", host.connections),
            Route("/api/connections/{id}", host.disconnect, methods=["DELETE"]),
            Route("/api/panel/{name}", host.switch, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        exception_handlers={KeyhatchFailed: host.failed},
        lifespan=lifespan,
    )
