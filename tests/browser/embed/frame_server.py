"""A frame server that does as the test says, and a host page on another site to embed it.

Both record what they are sent. The frame's page is a few lines: tests speak through it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.serve import Served, serve

STATIC = Path(__file__).resolve().parents[3] / "static"

FRAME = """<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">
<title>A form</title><main><h1>Connect Shopify</h1><label>Password <input></label></main><script>
const host = %r;
const heard = [];
const say = (type, rest) => parent.postMessage({ v: 1, type, ...rest }, host);
addEventListener("message", ({ data, source, origin }) =>
  source == parent && origin == host && heard.push(data));
%s
</script>"""

HOST = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A host</title>
<link rel="stylesheet" href="/host.css">
<main><h1>A host</h1><button id="opener">Connect</button><div id="one"></div><div id="two"></div>
</main><script src="%s/static/v1/embed.js"></script>"""

EAR = "<script>window.got = []; onmessage = (event) => got.push(event.data)</script>"


@dataclass
class Post:
    """One POST that a frame made."""

    token: str
    address: str
    headers: dict[str, str]


@dataclass
class Site:
    """The host's site and the frame's; change a part, and the next answer has it."""

    posts: list[Post] = field(default_factory=list)
    referers: list[str | None] = field(default_factory=list)  # of GET /seen
    script: str = 'say("ready");'  # what the frame's page does when it opens
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)  # of the host's page
    frame_url: str = ""
    host_url: str = ""
    port: int = 0
    _frames: Served | None = None

    def frames(self) -> Starlette:
        """The frame server."""
        routes = [
            Route("/connect", self._connect, methods=["POST"]),
            Route("/below/connect", self._connect, methods=["POST"]),
            Route("/seen", self._seen),
            Route("/blank", lambda _: HTMLResponse(EAR)),
            Mount("/static/v1", StaticFiles(directory=STATIC / "v1")),
        ]
        # A module of another site loads only with this header.
        open_to_all = Middleware(CORSMiddleware, allow_origins=["*"])
        return Starlette(routes=routes, middleware=[open_to_all])

    def host(self) -> Starlette:
        """The host's own server; it can also stand before the frame server on one site."""
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/other", lambda _: HTMLResponse("<title>Another page</title>")),
                Route(
                    "/host.css", lambda _: Response("body { margin: 40px }", media_type="text/css")
                ),
                Route("/connect", self._connect, methods=["POST"]),
            ]
        )

    def start(self) -> None:
        """Start the frame server, on the port that it had before."""
        self._frames = serve(self.frames(), self.port)
        self.port, self.frame_url = self._frames.port, self._frames.url

    def stop(self) -> None:
        """Stop the frame server, as if Keyhatch were down."""
        if self._frames:
            self._frames.stop()
            self._frames = None

    async def _connect(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        self.posts.append(Post(form["token"][0], str(request.url), dict(request.headers)))
        return HTMLResponse(FRAME % (self.host_url, self.script), self.status)

    async def _seen(self, request: Request) -> Response:
        self.referers.append(request.headers.get("referer"))
        return Response(status_code=204)

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(HOST % self.frame_url, headers=self.headers)


@contextmanager
def site() -> Iterator[Site]:
    """Two sites: the host on localhost, the frames on 127.0.0.1."""
    both = Site()
    both.start()
    host = serve(both.host(), host="localhost")
    both.host_url = host.url
    try:
        yield both
    finally:
        both.stop()
        host.stop()
