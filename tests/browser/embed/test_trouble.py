"""Never a blank frame: what keeps the form away is said in words, with a way to try again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed.acts import (
    FRESH,
    expect_open,
    frame_of,
    heard,
    mount,
    open_modal,
    result,
    say,
)
from tests.browser.embed.frame_server import Site

FAILED = "The form does not answer. Nothing was sent. Check your connection, then try again."


@pytest.mark.parametrize("show", [open_modal, mount])
def test_keyhatch_down_is_a_sentence_and_trying_again_opens_it(
    host: Page, sites: Site, show: Callable[[Page, str], None]
) -> None:
    sites.stop()
    show(host, sites.frame_url)
    expect(host.get_by_role("status")).to_have_text(FAILED)
    expect(host.locator("iframe")).to_be_hidden()
    sites.start()
    host.get_by_role("button", name="Try again").click()
    frame_of(host)

    expect_open(host)
    assert [post.token for post in sites.posts] == ["token-1"]


def test_ten_seconds_without_an_answer_are_a_sentence(page: Page, sites: Site) -> None:
    page.clock.install(time=0)
    page.goto(sites.host_url)
    page.clock.pause_at(60)
    page.evaluate("() => { window.token = () => new Promise(() => {}) }")
    open_modal(page, sites.frame_url, token=None)
    page.clock.run_for(9_900)
    expect(page.get_by_role("status")).to_have_text("Opening the form…")
    page.clock.run_for(200)

    expect(page.get_by_role("status")).to_have_text(FAILED)


def test_a_host_that_gets_no_token_is_a_sentence(host: Page, sites: Site) -> None:
    host.evaluate("() => { window.token = async () => { throw new Error('500') } }")
    open_modal(host, sites.frame_url, token=None)
    expect(host.get_by_role("status")).to_have_text(FAILED)
    host.evaluate(FRESH)
    host.get_by_role("button", name="Close").click()

    assert result(host) == {"exit": {"reason": "no_token"}}
    assert host.evaluate("told[0]") == {"type": "failed", "code": "no_token"}
    assert sites.posts == []


def test_a_form_that_answers_late_is_shown_after_all(host: Page, sites: Site) -> None:
    sites.script = ""
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    expect(host.get_by_role("status")).to_have_text(FAILED)
    say(frame, "ready")

    expect_open(host)


def test_a_form_that_breaks_later_is_a_sentence(host: Page, sites: Site) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    expect_open(host)
    sites.stop()
    frame.evaluate("() => { location.href = '/connect' }")

    expect(host.get_by_role("status")).to_have_text(FAILED)


def test_a_page_that_keyhatch_does_not_open_for_says_so_until_it_is_closed(
    host: Page, sites: Site
) -> None:
    sites.status, sites.script = 403, 'say("exit", { reason: "origin_not_allowed" })'
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    host.wait_for_function("told.length")
    host.wait_for_timeout(2_500)

    assert result(host) == {"exit": {"reason": "origin_not_allowed"}}
    expect(frame.locator("h1")).to_be_visible()
    host.get_by_role("button", name="Close").click()
    expect(host.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("code", ["session_expired", "session_replaced"])
def test_a_session_that_ended_is_renewed_if_the_host_can(
    host: Page, sites: Site, code: str
) -> None:
    host.evaluate(FRESH)
    open_modal(host, sites.frame_url, token=None)
    frame = frame_of(host)
    frame.fill("input", "typed")
    say(frame, "failed", code=code)

    assert heard(frame) == [{"v": 1, "type": "renew", "token": "fresh-2"}]
    assert frame.input_value("input") == "typed"
    assert len(sites.posts) == 1


def test_a_host_that_hands_out_dead_tokens_is_not_asked_for_ever(host: Page, sites: Site) -> None:
    host.evaluate(FRESH)
    open_modal(host, sites.frame_url, token=None)
    frame = frame_of(host)
    for _ in range(3):
        say(frame, "failed", code="session_expired")
    host.wait_for_timeout(200)

    assert [each["token"] for each in heard(frame)] == ["fresh-2"]


def test_an_expired_session_is_left_to_the_person_if_the_host_cannot(
    host: Page, sites: Site
) -> None:
    open_modal(host, sites.frame_url)
    frame = frame_of(host)
    say(frame, "failed", code="session_expired")
    host.wait_for_timeout(200)
    assert frame.evaluate("heard") == []
    say(frame, "exit", reason="session_expired")

    assert result(host) == {"exit": {"reason": "session_expired"}}


def test_a_refused_submit_is_no_reason_to_renew(host: Page, sites: Site) -> None:
    host.evaluate(FRESH)
    open_modal(host, sites.frame_url, token=None)
    frame = frame_of(host)
    say(frame, "failed", code="wrong_secret")
    host.wait_for_timeout(200)

    assert frame.evaluate("heard") == []
