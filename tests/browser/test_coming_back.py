"""A reload, Back, a move, a second mount: each opens the form again, and it still works."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enzo import (
    RIGHT,
    connect,
    expect_connected,
    field,
    fill,
    form_of,
    frame_of,
    state_of,
    told,
)
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

MOVE = "document.querySelector('#two').append(document.querySelector('.keyhatch'))"


def reload_host(page: Page) -> None:
    page.reload()


def go_back(page: Page) -> None:
    page.goto(page.url.replace("/plain", "/elsewhere"))
    page.go_back()


def reload_frame(page: Page) -> None:
    frame = frame_of(page)
    with page.expect_event("framenavigated", lambda each: each == frame):
        frame.evaluate("setTimeout(() => location.reload())")


def move(page: Page) -> None:
    frame_of(page).evaluate("window.old = true")
    page.evaluate(MOVE)
    expect(page.locator(".keyhatch")).not_to_have_class("keyhatch open")


@pytest.mark.parametrize("come_back", [reload_host, go_back, reload_frame, move])
def test_with_the_same_token_the_form_is_there_again_and_works(
    enzo: Page, host: Host, come_back: Callable[[Page], None]
) -> None:
    enzo.goto(host.page(how="inline", token=host.session()["token"]))
    form_of(enzo)
    come_back(enzo)
    form = form_of(enzo)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")
    assert len(host.sessions) == 1


@pytest.mark.parametrize("how", ["twice", "again"])
def test_mounting_twice_shows_one_form_that_works(enzo: Page, host: Host, how: str) -> None:
    """React's StrictMode mounts, unmounts and mounts again."""
    enzo.goto(host.page(how=how, token=host.session()["token"]))
    form = form_of(enzo)
    expect(enzo.locator("iframe")).to_have_count(1)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")


def test_a_second_window_with_the_same_token_takes_over(enzo: Page, host: Host) -> None:
    address = host.page(how="inline", token=host.session()["token"])
    enzo.goto(address)
    first = form_of(enzo)
    fill(first, RIGHT)
    second = enzo.context.new_page()
    second.goto(address)
    form_of(second)
    connect(first, {})

    expect(first.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(field(first, "password")).to_have_value(RIGHT["password"])
    connect(form_of(second), RIGHT)
    expect_connected(form_of(second))


def test_after_five_openings_a_token_is_used_up_and_the_page_says_so(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    token = host.session()["token"]
    for _ in range(5):
        keyhatch.frame(token, host.url)
    enzo.goto(host.page(how="inline", token=token))

    expect(form_of(enzo).get_by_role("heading")).to_have_text("This link was used already")
    assert told(enzo)[-1] == {"v": 1, "type": "failed", "code": "session_used"}


def test_opening_a_finished_session_again_says_that_it_is_done(enzo: Page, host: Host) -> None:
    enzo.goto(host.page(how="inline", token=host.session()["token"]))
    form = form_of(enzo)
    connect(form, RIGHT)
    expect_connected(form)
    enzo.reload()

    expect(form_of(enzo).get_by_role("heading")).to_have_text("This is done already")


def test_mallorys_page_with_a_stolen_token_opens_nothing(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """The token of a session is bound to the origins of its host."""
    stolen = host.session()["token"]
    enzo.goto(host.page(how="inline", token=stolen, base=host.foreign_url))
    expect(state_of(enzo).get_by_role("heading")).to_have_text("This page may not show the form")

    session = keyhatch.hana().get(f"/v1/connect-sessions/{host.sessions[0]['id']}").json()
    assert session["state"] == "open"
    assert keyhatch.frame(stolen, host.url).status_code == 200
