"""What must hold on every page of every browser test: nothing complains, leaves or stays behind."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Frame, Page, Request

# Chromium's way to say that an answer had a status of 400 or above; the page handles those.
STATUS = "Failed to load resource"
# A browser may deny a third-party frame all storage; what is denied cannot be kept.
KEPT = """async () => {
  const found = [];
  const look = async (read) => {
    try {
      found.push(...await read());
    } catch (error) {
      if (error.name != "SecurityError" && error.name != "UnknownError") throw error;
    }
  };
  await look(() => document.cookie.split(";").filter(Boolean));
  await look(() => Object.keys(localStorage));
  await look(() => Object.keys(sessionStorage));
  await look(async () => (await indexedDB.databases()).map((each) => each.name));
  await look(() => self.caches?.keys() ?? []);
  return found;
}"""
# The only cookie that there is; no page of the widget sets it, and scripts cannot read it.
OPERATORS = "keyhatch_admin"


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

    def kept(self) -> list[str]:
        """What our pages left in the browser: cookies, and anything in its stores."""
        name = urlsplit(self._ours).hostname
        cookies = [each for each in self._page.context.cookies() if each.get("domain") == name]
        left = [each["name"] for each in cookies if each["name"] != OPERATORS]
        for frame in self.ours():
            left += frame.evaluate(KEPT)
        return left

    def check(self) -> None:
        """Fail if anything was out of order."""
        assert self.complaints == []
        assert self.strangers == []
        assert self.kept() == []
