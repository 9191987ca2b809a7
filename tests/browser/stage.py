"""What scenes play on: a browser, the host, Keyhatch behind it, and the ways to get there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from sandbox.targets.running import Targets
from tests.browser.enzo import RIGHT, frame_of, state_of
from tests.browser.hosts import ADAS_PASSWORD, Host
from tests.keyhatch import Keyhatch

Sight = Page | Frame


@dataclass
class Stage:
    """What a scene plays on. `wants` (locale, theme) goes into each session."""

    page: Page
    host: Host
    keyhatch: Keyhatch
    targets: Targets

    def inline(self, *types: str, **wants: Any) -> Frame:
        """The form inside the host's page."""
        self.host.wants |= {"types": types or ("http-basic",), **wants}
        self.page.goto(self.host.page(how="inline", token=self.host.session()["token"]))
        return frame_of(self.page)

    def state(self, token: str, base: str = "") -> Frame:
        """A page of ours in the host's page that is no form."""
        self.page.goto(self.host.page(how="inline", token=token, base=base))
        state_of(self.page)
        frame = self.page.locator("iframe").element_handle().content_frame()
        assert frame is not None
        return frame

    def hosted(self, *types: str) -> Page:
        """The hosted page, before its button."""
        self.host.wants |= {"types": types or ("http-basic",)}
        self.page.goto(self.host.session()["hosted_url"])
        return self.page

    def slowly(self, seconds: float) -> None:
        """integrator.io takes that long for the next ping."""
        self.keyhatch.emulator.faults.add(
            {"kind": "latency", "seconds": seconds, "times": 1, "match": {"path": "/ping$"}}
        )

    def signed_in(self) -> Page:
        """Ada at the operator's pages."""
        self.page.goto(f"{self.keyhatch.url}/admin/login")
        self.page.get_by_label("Name").fill("ada")
        self.page.get_by_label("Password").fill(ADAS_PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).to_have_url(f"{self.keyhatch.url}/admin")
        return self.page

    def connection(self) -> str:
        """Enzo has a connection; its id."""
        self.host.wants = {**self.host.wants, "types": ("http-basic",)}
        api = self.keyhatch.page_api(self.host.session()["token"], self.host.url)
        answer = api.post("/v1/connect/http-basic", json={"values": RIGHT})
        made: str = answer.json()["connection"]["id"]
        return made


Scene = Callable[[Stage], Sight]


def each(named: Mapping[str, Scene]) -> pytest.MarkDecorator:
    """A test for each of the scenes, under its name."""
    return pytest.mark.parametrize("scene", [pytest.param(s, id=n) for n, s in named.items()])
