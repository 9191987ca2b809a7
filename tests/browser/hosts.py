"""A small host product on a site of its own, whose pages use the real embed.js, in several moods.

Its server asks Keyhatch for sessions and verifies receipts; its page shows what came of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.serve import Served, serve
from tests.keyhatch import Keyhatch

ADAS_PASSWORD = "correct-horse-battery-staple"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Larkfield Books</title>
<link rel="stylesheet" href="/host.css"><link rel="icon" href="data:,"></head>
<body data-url="{url}" data-how="{how}" data-token="{token}"><main><h1>Larkfield Books</h1>
<button id="connect">Connect an app</button><p id="outcome" role="status"></p>
<div id="one">{element}</div><div id="two"></div></main>
<script src="{url}/static/v1/embed.js"></script><script src="/host.js"></script></body></html>"""

STYLE = """:root { color-scheme: light dark }
body { margin: 16px; font: 16px/1.5 sans-serif } main { max-width: 720px; margin: auto }"""

SCRIPT = """
const { url, how, token: given } = document.body.dataset;
const find = (query) => document.querySelector(query);
window.told = [];
window.heard = [];
addEventListener("message", ({ origin, data }) => heard.push({ origin, data }));
const ask = async (path, body) => {
  const answer = await fetch(path, { method: "POST", body });
  if (!answer.ok) throw new Error(path);
  return answer.text();
};
const token = given || (() => ask("/token"));
const say = (words) => { find("#outcome").textContent = words };
const onSuccess = async ({ receipt }) => say(await ask("/receipt", receipt));
const onExit = ({ reason }) => say("left: " + reason);
const onEvent = (event) => told.push(event);
const into = (place) =>
  Keyhatch.mount(find(place), { url, token, onSuccess, onExit, onEvent });
find("#connect").addEventListener("click", () => {
  Keyhatch.open({ url, token, onEvent }).then(onSuccess, onExit);
});
const ways = {
  inline: () => into("#one"),
  twice: () => { into("#one"); into("#one") },
  again: () => { into("#one").close(); into("#one") },
};
ways[how]?.();
const element = find("keyhatch-form");
for (const type of ["success", "exit", "event"]) {
  const listener = { success: onSuccess, exit: onExit, event: onEvent }[type];
  element?.addEventListener(type, ({ detail }) => listener(detail));
}
"""


def _policy(url: str, **more: str) -> dict[str, str]:
    """A host's strict Content-Security-Policy; `more` are the directives for the frame."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {url}",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "require-trusted-types-for": "'script'",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    text = "; ".join(f"{name} {value}" for name, value in rules.items())
    return {"Content-Security-Policy": text}


def _moods(url: str) -> dict[str, dict[str, str]]:
    """The headers of the host's page, by the name in its address."""
    return {
        "plain": {},
        "no-referrer": {"Referrer-Policy": "no-referrer"},
        "strict": _policy(url, frame_src=url, form_action=url)
        | {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"},
        # A page that wants shared memory: it takes in only what says that it may be taken in.
        "isolated": {
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": "same-origin",
        },
        "no-frame-src": _policy(url, form_action=url),
        "no-form-action": _policy(url, frame_src=url, form_action="'self'"),
    }


@dataclass
class Host:
    """Hana's product. `wants` goes into each session that its server asks for."""

    keyhatch: Keyhatch | None = None
    database: Path = Path()  # Keyhatch's
    url: str = ""
    foreign_url: str = ""  # the same pages from an origin that Keyhatch does not know
    wants: dict[str, Any] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)

    def reset(self) -> None:
        """As at the start, for the next test."""
        self.wants, self.sessions = {}, []

    def session(self) -> dict[str, Any]:
        """A new session for what the host wants now."""
        assert self.keyhatch is not None
        wants = dict(self.wants)
        made = self.keyhatch.session(*wants.pop("types", ("http-basic",)), **wants)
        self.sessions.append(made)
        return made

    def an_hour_passes(self) -> None:
        """The forms of all sessions have lived for their hour."""
        with closing(sqlite3.connect(self.database, timeout=5)) as store, store:
            store.execute("UPDATE session SET form_until = 1")

    def page(self, mood: str = "plain", how: str = "", token: str = "", base: str = "") -> str:
        """The address of a page. `how` it embeds: on a click, inline, twice, again, element.

        `token` is written into the page; without one, the page asks the host's server each time.
        """
        return f"{base or self.url}/{mood}?{urlencode({'how': how, 'token': token})}"

    def app(self) -> Starlette:
        """The host's server."""
        return Starlette(
            routes=[
                Route("/host.js", lambda _: Response(SCRIPT, media_type="text/javascript")),
                Route("/host.css", lambda _: Response(STYLE, media_type="text/css")),
                Route("/elsewhere", lambda _: HTMLResponse("<title>Elsewhere</title><h1>Away")),
                Route("/token", self._token, methods=["POST"]),
                Route("/receipt", self._receipt, methods=["POST"]),
                Route("/{mood}", self._page),
            ]
        )

    async def _page(self, request: Request) -> Response:
        assert self.keyhatch is not None
        url, asked = self.keyhatch.url, request.query_params
        how, token = asked.get("how", ""), asked.get("token", "")
        tag = f'<keyhatch-form url="{url}" token="{token}"></keyhatch-form>'
        element = tag if how == "element" else ""
        body = PAGE.format(url=url, how=how, token=token, element=element)
        headers = _moods(url).get(request.path_params["mood"])
        if headers is None:
            return Response(status_code=404)
        return HTMLResponse(body, headers=headers)

    async def _token(self, _: Request) -> Response:
        made = await run_in_threadpool(self.session)
        return PlainTextResponse(made["token"])

    async def _receipt(self, request: Request) -> Response:
        assert self.keyhatch is not None
        receipt = (await request.body()).decode()
        hana = self.keyhatch.hana()
        answer = await run_in_threadpool(
            hana.post, "/v1/receipts/verify", json={"receipt": receipt}
        )
        if answer.status_code != 200:
            return PlainTextResponse("not verified")
        said = answer.json()
        kind = said["connection"]["connection_type"]
        return PlainTextResponse(f"verified: {kind} of {said['end_user_id']}")


@contextmanager
def hosting() -> Iterator[Host]:
    """Hana's host on two ports of localhost; Keyhatch is on another site, 127.0.0.1."""
    host = Host()
    served: list[Served] = [serve(host.app(), host="localhost") for _ in range(2)]
    host.url, host.foreign_url = (each.url for each in served)
    try:
        yield host
    finally:
        for each in served:
            each.stop()
