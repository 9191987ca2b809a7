"""The widget talks to nobody but us, leaves nothing in the browser, and tells no value to the host.

Every other browser test looks for the same at its end (watch.py); here the ways are walked on
purpose, and the search is shown to find what it looks for.
"""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from sandbox.serve import serve
from tests.browser.enzo import (
    RIGHT,
    WRONG,
    connect,
    error_of,
    expect_connected,
    field,
    fill,
    frame_of,
    open_form,
    press,
)
from tests.browser.hosts import Host
from tests.browser.scenes import key_card, picker, repaired
from tests.browser.stage import Stage
from tests.browser.watch import Watch
from tests.keyhatch import Keyhatch

CANARIES = {
    "base_url": "http://api.orchard.example/canary-in-an-address",
    "username": "canary-in-a-name",
    "password": "canary-in-a-password",
}


def test_no_event_and_no_message_ever_holds_a_value(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG | CANARIES)
    expect(form.get_by_role("alert")).to_be_visible()
    press(form, "Test connection")
    expect(form.get_by_role("alert")).to_be_visible()
    press(form, "Close")
    press(form, "Keep editing")
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()
    connect(form, RIGHT)
    expect_connected(form)

    heard = json.dumps(enzo.evaluate("[heard, told]"))
    assert "success" in heard
    for value in {*CANARIES.values(), *WRONG.values(), *RIGHT.values()}:
        assert value not in heard
    assert "canary" not in heard


def test_messages_have_the_shapes_of_the_contract_and_nothing_more(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()
    connect(form, RIGHT)
    expect_connected(form)
    press(form, "Done")
    expect(enzo.locator("dialog")).to_have_count(0)

    shapes = {
        "ready": set(),
        "height": {"height"},
        "submitted": set(),
        "failed": {"code"},
        "success": {"connection", "receipt"},
        "exit": {"reason"},
    }
    heard = enzo.evaluate("heard")
    assert {each["data"]["type"] for each in heard} == set(shapes)
    for each in heard:
        assert set(each["data"]) == {"v", "type"} | shapes[each["data"]["type"]]


def test_each_part_of_the_widget_comes_from_us(
    stage: Callable[..., Stage], watches: list[Watch]
) -> None:
    for scene in (key_card, repaired, picker):
        scene(stage())
    asked = {url.split("?")[0].rsplit("/", 1)[1] for watch in watches for url in watch.requests}

    assert {"files.js", "repair.js", "picker.js", "work.js", "widget.css"} <= asked
    for watch in watches:
        assert watch.strangers == []


def test_the_token_is_in_no_address(enzo: Page, host: Host, watches: list[Watch]) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT)
    expect_connected(form)

    for url in watches[0].requests:
        assert "khs_" not in url
        assert "khp_" not in url


def test_no_answer_sets_a_cookie(host: Host, keyhatch: Keyhatch) -> None:
    made = host.session()
    page = keyhatch.frame(made["token"], host.url)
    stepped = keyhatch.step(page, WRONG, kh_do="connect")
    opened = keyhatch.client().get(made["hosted_url"])

    for answer in (page, stepped, opened):
        assert "set-cookie" not in answer.headers


def test_the_watch_sees_what_it_looks_for(enzo: Page, host: Host, watches: list[Watch]) -> None:
    stranger = serve(host.app(), host="localhost")
    try:
        enzo.goto(host.page())
        enzo.evaluate("(url) => fetch(url, { mode: 'no-cors' })", f"{stranger.url}/elsewhere")
    finally:
        stranger.stop()
    enzo.goto(host.session()["hosted_url"])
    enzo.evaluate("localStorage.setItem('stored', '1')")
    enzo.evaluate("document.cookie = 'baked=1'")
    with enzo.context.expect_event("console"):
        enzo.evaluate("document.body.append(Object.assign(new Image(), { src: '/x' }))")
    watch = watches.pop()

    assert watch.strangers == [f"{stranger.url}/elsewhere"]
    assert sorted(set(watch.kept())) == ["baked", "baked=1", "stored"]
    assert any("Content Security Policy" in each for each in watch.complaints)


def test_mallorys_page_that_frames_the_form_hears_nothing(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """frame-ancestors keeps the form out of his page, even with a token that is still good."""
    frame = keyhatch.frame(host.session()["token"], host.url)
    policy = frame.headers["content-security-policy"]
    enzo.goto(host.page(how="inline", token=host.session()["token"], base=host.foreign_url))
    expect(enzo.locator("#outcome")).to_have_text("left: origin_not_allowed")

    assert f"frame-ancestors {host.url}" in policy
    assert host.foreign_url not in policy
    heard = [each["data"]["type"] for each in enzo.evaluate("heard")]
    assert set(heard) <= {"exit", "height"}


def test_what_is_typed_is_not_in_the_page_that_the_browser_keeps(enzo: Page, host: Host) -> None:
    """Back after a refusal: browsers must not restore a secret into the form by themselves."""
    form = open_form(enzo, host.page())
    fill(form, RIGHT)

    html = frame_of(enzo).evaluate("document.documentElement.outerHTML")
    assert RIGHT["password"] not in html
    expect(field(form, "password")).to_have_value(RIGHT["password"])
