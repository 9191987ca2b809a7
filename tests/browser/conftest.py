"""A real Chromium for the tests here: one for the whole run, a context of its own for each page.

No browser is a failure that says what to install, never a skip.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from app.manage.operators import Operators
from app.store.engine import Store
from sandbox.integrator.faults import Faults
from sandbox.targets.running import Targets
from tests.browser.hosts import ADAS_PASSWORD, Host, hosting
from tests.browser.stage import Stage
from tests.browser.watch import Watch
from tests.keyhatch import Keyhatch, running

PATIENCE = 10_000  # milliseconds that a page may take for one step
expect.set_options(timeout=PATIENCE)
ARGUMENTS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    # A page that reaches for the network finds nothing there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
IN_CACHE = ("chrome", "chrome-headless-shell", "headless_shell", "Chromium")
MISSING = (
    "There is no Chromium for the browser tests. Install one with `apt-get install chromium` or "
    "`.venv/bin/playwright install chromium`, or say in CHROMIUM where yours is."
)

NewPage = Callable[..., Page]


def find_chromium(environ: dict[str, str] | os._Environ[str] = os.environ) -> Path | None:
    """The browser to use: $CHROMIUM, then the PATH, then what playwright downloaded."""
    if named := environ.get("CHROMIUM"):
        return Path(named)
    for name in ON_PATH:
        if found := shutil.which(name, path=environ.get("PATH")):
            return Path(found)
    cache = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in [cache] if cache else CACHES:
        for path in sorted(Path(folder).expanduser().glob("chromium*/**/*"), reverse=True):
            if path.name in IN_CACHE and path.is_file() and os.access(path, os.X_OK):
                return path
    return None


class _Driver:
    """Playwright, with its event loop hidden except while a browser test runs.

    The sync API keeps a loop "running" in this thread; every asyncio test after it would fail.
    """

    def __init__(self) -> None:
        self.playwright: Playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self.rest()

    def work(self) -> None:
        asyncio._set_running_loop(self._loop)

    def rest(self) -> None:
        asyncio._set_running_loop(None)

    def stop(self) -> None:
        self.work()
        self.playwright.stop()


@pytest.fixture(scope="session")
def _driver() -> Iterator[_Driver]:
    driver = _Driver()
    yield driver
    driver.stop()


@pytest.fixture(scope="session")
def browser(_driver: _Driver) -> Iterator[Browser]:
    """Chromium itself; tests take `page` or `new_page`."""
    path = find_chromium()
    if path is None or not path.exists():
        pytest.fail(MISSING, pytrace=False)
    _driver.work()
    launched = _driver.playwright.chromium.launch(
        executable_path=path,
        args=list(ARGUMENTS),
        # Chromium's own sandbox refuses to work for root.
        chromium_sandbox=os.getuid() != 0,
    )
    _driver.rest()
    yield launched
    _driver.work()
    launched.close()
    _driver.rest()


@pytest.fixture(autouse=True)
def _playwright_works(request: pytest.FixtureRequest) -> Iterator[None]:
    if "browser" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("browser")
    driver: _Driver = request.getfixturevalue("_driver")
    driver.work()
    yield
    driver.rest()


@pytest.fixture
def new_page(browser: Browser, _playwright_works: None) -> Iterator[NewPage]:
    """Opens a page in a context of its own, for example `new_page(color_scheme="dark")`.

    A script error that nobody caught, in any frame, fails the test at its end.
    """
    contexts = []
    errors: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """An ordinary page: light, 1280 by 720."""
    return new_page()


async def _appoint_ada(folder: Path) -> None:
    store = await Store.open(f"sqlite:///{folder / 'keyhatch.sqlite3'}")
    await Operators(store, ("x",)).put("ada", ADAS_PASSWORD)
    await store.close()


@pytest.fixture(scope="session")
def _hosted(targets: Targets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with hosting() as host:
        origins = {"allowed_origins": host.url, "return_urls": host.url}
        folder = tmp_path_factory.mktemp("keyhatch")
        asyncio.run(_appoint_ada(folder))
        with running(targets.zone, folder, targets, **origins) as keyhatch:
            host.keyhatch, host.database = keyhatch, folder / "keyhatch.sqlite3"
            yield host


@pytest.fixture
def host(_hosted: Host) -> Host:
    """Hana's product on its own site, with a Keyhatch on another."""
    _hosted.reset()
    return _hosted


@pytest.fixture
def keyhatch(host: Host) -> Keyhatch:
    """The server that the host embeds."""
    assert host.keyhatch is not None
    return host.keyhatch


@pytest.fixture
def watches(new_page: NewPage) -> Iterator[list[Watch]]:  # noqa: ARG001  # pages close after it
    """What goes on in the pages that `browse` opened; looked through before they close."""
    opened: list[Watch] = []
    yield opened
    for watch in opened:
        watch.check()


@pytest.fixture
def browse(new_page: NewPage, host: Host, keyhatch: Keyhatch, watches: list[Watch]) -> NewPage:
    """Opens a page of Enzo's browser; a complaint, a stranger or a leftover fails the test."""

    def opened(**options: Any) -> Page:
        page = new_page(**{"reduced_motion": "reduce", **options})
        watches.append(Watch(page, keyhatch.url, (host.url, host.foreign_url)))
        return page

    return opened


@pytest.fixture
def enzo(browse: NewPage) -> Page:
    """Enzo's browser: light, 1280 by 720."""
    return browse()


@pytest.fixture
def faults(keyhatch: Keyhatch) -> Iterator[Faults]:
    """integrator.io's trouble on demand, over when the test ends."""
    yield keyhatch.emulator.faults
    keyhatch.emulator.faults.waiting.clear()


@pytest.fixture
def stage(
    browse: NewPage, host: Host, keyhatch: Keyhatch, targets: Targets, faults: Faults
) -> Iterator[Callable[..., Stage]]:
    """What scenes play on, in a browser of the given kind."""

    def built(**options: Any) -> Stage:
        return Stage(browse(**options), host, keyhatch, targets)

    yield built
    faults.waiting.clear()
