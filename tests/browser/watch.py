"""What must hold on every page of every browser test: nothing complains, leaves or stays behind."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Frame, Page, Request

# Chromium's way to say that an answer had a status of 400 or above; the page handles those.
STATUS = "Failed to load resource"
KEPT = """async () => ({
  cookie: document.cookie,
  stored: Object.keys(localStorage).concat(Object.keys(sessionStorage)),
  databases: (await indexedDB.databases()).map((each) => each.name),
  caches: self.caches ? await caches.keys() : [],
})"""
NOTHING = {"cookie": "", "stored": [], "databases": [], "caches": []}


class Watch:
    """Watches one page with all its frames; `ours` is Keyhatch's origin, `hosts` the embedders'."""

    def __init__(self, page: Page, ours: str, hosts: Iterable[str]) -> None:
        self._page = page
        self._ours = ours
        self._known = {ours, *hosts}
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.requests: list[str] = []
        page.context.on("console", self._said)
        page.context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        origin = f"{address.scheme}://{address.netloc}"
        self.requests.append(request.url)
        if address.scheme not in ("data", "about") and origin not in self._known:
            self.strangers.append(request.url)

    def ours(self) -> list[Frame]:
        """Every frame that shows a page of Keyhatch."""
        return [f for f in self._page.frames if f.url.startswith(self._ours)]

    def kept(self) -> list[object]:
        """What our frames left in the browser; nothing, of each, is left out."""
        left: list[object] = [c for c in self._page.context.cookies() if _ours(c.get("domain"))]
        for frame in self.ours():
            try:
                found = frame.evaluate(KEPT)
            except Error:
                continue  # the frame went away meanwhile
            left += [found] if found != NOTHING else []
        return left

    def check(self, *, cookies: bool = False) -> None:
        """Fail if anything was out of order. `cookies`: one of our pages may have set one."""
        assert self.complaints == []
        assert self.strangers == []
        if not cookies and not self._page.is_closed():
            assert self.kept() == []


def _ours(domain: str | None) -> bool:
    return domain == "127.0.0.1"
