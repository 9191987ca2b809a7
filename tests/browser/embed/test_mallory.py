"""Mallory's page, frame or address gets nothing out of the script and nothing into it."""

import json

import pytest
from playwright.sync_api import Frame, Page, expect

from sandbox.serve import serve
from tests.browser.embed.acts import expect_open, frame_of, open_modal, say
from tests.browser.embed.frame_server import Site

# A token function whose second call waits for `answer`.
SLOW = """() => {
  let calls = 0;
  window.token = () => calls++ ? new Promise((done) => { window.answer = done }) : "token-1";
}"""
SUCCESS = {"v": 1, "type": "success", "connection": {"id": "mallorys"}, "receipt": "forged"}


def gone_to(frame: Frame, url: str) -> Frame:
    page = frame.page
    frame.evaluate("(url) => { setTimeout(() => { location.href = url }, 100) }", url)
    page.wait_for_event("framenavigated", lambda each: each.url == url)
    there = next(each for each in page.frames if each.url == url)
    there.wait_for_load_state()
    return there


def test_a_message_from_the_page_itself_is_not_heard(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame_of(host)
    host.evaluate("(message) => postMessage(message)", SUCCESS)
    host.wait_for_timeout(200)

    assert host.evaluate("told.length") == 1
    expect_open(host)


def test_a_message_from_another_frame_of_the_same_site_is_not_heard(
    host: Page, sites: Site
) -> None:
    open_modal(host, sites.frame_url)
    frame_of(host)
    host.evaluate(
        """(url) => {
          const other = document.createElement("iframe");
          other.id = "other";
          other.src = url + "/blank";
          document.body.append(other);
          return new Promise((done) => { other.onload = done });
        }""",
        sites.frame_url,
    )
    other = next(frame for frame in host.frames if frame.url.endswith("/blank"))
    other.evaluate("(message) => parent.postMessage(message, '*')", SUCCESS)
    host.wait_for_timeout(200)

    assert host.evaluate("told.length") == 1


def test_a_frame_that_went_to_another_site_is_not_heard(host: Page, sites: Site) -> None:
    mallory = serve(sites.frames(), host="localhost")
    try:
        open_modal(host, sites.frame_url)
        frame = frame_of(host)
        gone_to(frame, f"{mallory.url}/blank").evaluate(
            "(message) => parent.postMessage(message, '*')", SUCCESS
        )
        host.wait_for_timeout(200)
    finally:
        mallory.stop()

    assert [event["type"] for event in host.evaluate("told")] == ["ready"]


def test_a_frame_that_went_to_another_site_gets_no_token(host: Page, sites: Site) -> None:
    """The answer of the host's server may come when Mallory's page is already in the frame."""
    mallory = serve(sites.frames(), host="localhost")
    host.evaluate(SLOW)
    try:
        open_modal(host, sites.frame_url, token=None)
        frame = frame_of(host)
        say(frame, "failed", code="session_expired")
        there = gone_to(frame, f"{mallory.url}/blank")
        host.evaluate("answer('fresh')")
        host.wait_for_timeout(200)
        got = there.evaluate("got")
    finally:
        mallory.stop()

    assert got == []


@pytest.mark.parametrize("message", [{"type": "ready"}, {"v": 2, "type": "exit"}, "exit", None, 7])
def test_a_message_in_another_shape_is_not_heard(host: Page, sites: Site, message: object) -> None:
    sites.script = f"parent.postMessage({json.dumps(message)}, host)"
    open_modal(host, sites.frame_url)
    frame_of(host)
    host.wait_for_timeout(200)

    assert host.evaluate("told") == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "connect.example", ""])
def test_an_address_that_is_no_web_address_is_refused(host: Page, url: str) -> None:
    error = host.evaluate(
        "(url) => Keyhatch.open({ url, token: 't' }).catch((error) => error.constructor.name)", url
    )

    assert error == "TypeError"
    expect(host.locator("iframe")).to_have_count(0)


def test_no_word_of_a_message_becomes_markup(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url, title="<img src=x onerror=alert(1)>", failed="<b>no</b>")
    say(frame_of(host), "failed", code="<img src=x onerror=alert(1)>")
    sites.stop()

    expect(host.locator("dialog img")).to_have_count(0)
