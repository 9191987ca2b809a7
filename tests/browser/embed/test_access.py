"""axe finds nothing in what the script itself shows, in either theme."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import NewPage
from tests.browser.embed.acts import expect_open, frame_of, mount, open_modal
from tests.browser.embed.frame_server import Site


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, new_page: NewPage, sites: Site) -> Page:
    page = new_page(color_scheme=request.param)
    page.goto(sites.host_url)
    return page


def test_a_dialog_with_the_form(themed: Page, sites: Site) -> None:
    open_modal(themed, sites.frame_url)
    frame_of(themed)
    expect_open(themed)

    assert violations(themed) == []


def test_a_dialog_with_a_sentence(themed: Page, sites: Site) -> None:
    sites.stop()
    open_modal(themed, sites.frame_url)
    expect(themed.get_by_role("button", name="Try again")).to_be_visible()

    assert violations(themed) == []


def test_a_form_inside_the_page(themed: Page, sites: Site) -> None:
    mount(themed, sites.frame_url)
    frame_of(themed)
    expect_open(themed)

    assert violations(themed) == []


def test_every_control_is_large_enough_for_a_finger(host: Page, sites: Site) -> None:
    sites.stop()
    open_modal(host, sites.frame_url)

    for name in ("Close", "Try again"):
        size = host.get_by_role("button", name=name).bounding_box()
        assert size is not None
        # The browser lays out in 64ths of a pixel.
        assert round(min(size["width"], size["height"]), 2) >= 44
