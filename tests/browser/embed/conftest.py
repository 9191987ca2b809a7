"""The two sites of these tests, and the host's page open in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.embed.frame_server import Site, site


@pytest.fixture
def sites() -> Iterator[Site]:
    """A host's site and a frame server on another."""
    with site() as both:
        yield both


@pytest.fixture
def host(page: Page, sites: Site) -> Page:
    """The host's page, before anything was opened."""
    page.goto(sites.host_url)
    return page
