"""`Keyhatch.open` shows the form in a dialog and says what became of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.embed.acts import expect_open, frame_of, heard, open_modal, place, result, say
from tests.browser.embed.frame_server import Site

CONNECTION = {"id": "con_1", "connection_type": "shopify", "name": "Shopify"}


def test_the_token_goes_by_post_from_the_hosts_own_origin(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame_of(host)

    [post] = sites.posts
    assert post.token == "token-1"
    assert post.address == f"{sites.frame_url}/connect"
    assert post.headers["origin"] == sites.host_url
    assert post.headers["sec-fetch-dest"] == "iframe"
    assert post.headers["sec-fetch-site"] == "cross-site"
    assert "referer" not in post.headers


def test_an_address_with_a_path_keeps_it(host: Page, sites: Site) -> None:
    open_modal(host, f"{sites.frame_url}/below/")
    frame_of(host)

    assert sites.posts[0].address == f"{sites.frame_url}/below/connect"


def test_success_is_told_at_once_and_shown_until_the_person_is_done(
    host: Page, sites: Site
) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    say(frame, "success", connection=CONNECTION, receipt="r.1")

    assert result(host) == {"success": {"connection": CONNECTION, "receipt": "r.1"}}
    expect_open(host)
    say(frame, "exit", reason="done")
    expect(host.locator("dialog")).to_have_count(0)


def test_leaving_is_a_rejection_with_its_reason(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    say(frame_of(host), "exit", reason="closed")

    assert result(host) == {"exit": {"reason": "closed"}}
    expect(host.locator("dialog")).to_have_count(0)


def test_the_focus_goes_into_the_form_and_back_to_the_opener(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    expect_open(host)
    expect(host.locator("iframe")).to_be_focused()
    say(frame, "exit", reason="closed")

    expect(host.locator("#opener")).to_be_focused()


@pytest.mark.parametrize("presses", [1, 3])
def test_escape_asks_the_frame_and_never_closes_over_what_was_typed(
    host: Page, sites: Site, presses: int
) -> None:
    """Chromium closes a dialog at the second Escape, whatever the page says to the first."""
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    frame.fill("input", "typed")
    host.locator("dialog").evaluate("(dialog) => dialog.focus()")
    for _ in range(presses):
        host.keyboard.press("Escape")

    assert heard(frame)[0] == {"v": 1, "type": "close_request"}
    host.wait_for_timeout(200)
    expect(host.locator("dialog")).to_have_attribute("open", "")
    assert frame.input_value("input") == "typed"


def test_our_own_cross_closes_a_frame_that_cannot_answer(host: Page, sites: Site) -> None:
    sites.script = ""
    open_modal(host, sites.frame_url)
    host.get_by_role("button", name="Close").click()

    assert result(host) == {"exit": {"reason": "closed"}}


def test_escape_closes_a_frame_that_cannot_answer(host: Page, sites: Site) -> None:
    sites.script = ""
    open_modal(host, sites.frame_url)
    host.keyboard.press("Escape")

    assert result(host) == {"exit": {"reason": "closed"}}


def test_the_cross_goes_when_the_form_has_its_own(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    expect_open(host)

    expect(host.locator("dialog > button")).to_be_hidden()


def test_the_height_follows_the_form_up_to_the_window(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    say(frame, "height", height=412)
    expect(host.locator("dialog iframe")).to_have_css("height", "412px")

    assert place(host) == {"x": 400, "y": 154, "width": 480, "height": 412}
    say(frame, "height", height=2000)
    expect(host.locator("dialog iframe")).to_have_css("height", "672px")


def test_on_a_phone_it_is_a_sheet_from_the_bottom_edge(new_page: NewPage, sites: Site) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)
    say(frame_of(page), "height", height=400)
    expect(page.locator("dialog iframe")).to_have_css("height", "400px")

    assert place(page) == {"x": 0, "y": 240, "width": 320, "height": 400}
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_moves_for_those_who_asked_for_that(new_page: NewPage, sites: Site) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)

    assert page.locator("dialog").evaluate("(it) => getComputedStyle(it).animationName") == "none"


def test_every_message_reaches_the_host(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    say(frame, "submitted")
    say(frame, "failed", code="wrong_secret")
    host.wait_for_function("told.length == 3")

    assert [event["type"] for event in host.evaluate("told")] == ["ready", "submitted", "failed"]


def test_the_hosts_own_words_are_used(host: Page, sites: Site) -> None:
    sites.script = ""
    open_modal(host, sites.frame_url, title="Shopify verbinden", close="Schließen")

    expect(host.get_by_role("dialog", name="Shopify verbinden")).to_be_visible()
    expect(host.get_by_role("button", name="Schließen")).to_be_visible()
    expect(host.locator("iframe")).to_have_attribute("title", "Shopify verbinden")


def test_the_frame_gets_no_permission_and_no_address(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame_of(host)

    assert host.locator("iframe").evaluate("(it) => it.getAttributeNames().sort()") == ["title"]
