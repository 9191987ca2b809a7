"""Escape and Close leave at once when nothing was typed, and ask first when something was."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.enzo import RIGHT, connect, field, fill, open_form, press, told
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

TYPED = {"username": "enzo@larkfield.example", "password": "half-typed"}
Leave = Callable[[Page, FrameLocator], None]


def escape_in_the_form(_: Page, form: FrameLocator) -> None:
    field(form, "username").press("Escape")


def press_close(_: Page, form: FrameLocator) -> None:
    press(form, "Close")


def escape_on_the_hosts_side(page: Page, _: FrameLocator) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")


WAYS_OUT = [escape_in_the_form, press_close, escape_on_the_hosts_side]


def question(form: FrameLocator) -> Locator:
    return form.get_by_role("alertdialog", name="Close without connecting?")


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_with_nothing_typed_the_form_closes(enzo: Page, host: Host, leave: Leave) -> None:
    form = open_form(enzo, host.page())
    leave(enzo, form)

    expect(enzo.locator("#outcome")).to_have_text("left: closed")
    expect(enzo.locator("dialog")).to_have_count(0)
    assert told(enzo)[-1] == {"v": 1, "type": "exit", "reason": "closed"}


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_with_something_typed_the_form_asks_and_keeps_it(
    enzo: Page, host: Host, leave: Leave
) -> None:
    form = open_form(enzo, host.page())
    fill(form, TYPED)
    leave(enzo, form)
    expect(question(form)).to_be_visible()
    press(form, "Keep editing")

    for name, value in TYPED.items():
        expect(field(form, name)).to_have_value(value)
    assert [event["type"] for event in told(enzo)] == ["ready"]


def test_the_question_takes_the_focus_and_escape_answers_it_with_no(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, TYPED)
    escape_in_the_form(enzo, form)
    expect(form.get_by_role("heading", name="Close without connecting?")).to_be_focused()
    enzo.keyboard.press("Escape")

    expect(question(form)).to_have_count(0)
    expect(field(form, "password")).to_have_value("half-typed")


def test_the_answer_yes_leaves_and_forgets(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, TYPED)
    press_close(enzo, form)
    question(form).get_by_role("button", name="Close", exact=True).click()

    expect(enzo.locator("#outcome")).to_have_text("left: closed")
    expect(enzo.locator("dialog")).to_have_count(0)


def test_a_form_that_was_typed_in_and_emptied_by_success_does_not_ask(
    enzo: Page, host: Host
) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT)
    expect(form.get_by_role("heading", name="is connected")).to_be_focused()
    enzo.keyboard.press("Escape")

    expect(enzo.locator("dialog")).to_have_count(0)
    assert told(enzo)[-1]["reason"] == "done"


def test_mallorys_page_on_another_origin_cannot_press_close_from_outside(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """Only the parent at an origin of the session is heard, and only in our own shape."""
    form = open_form(enzo, host.page())
    fill(form, TYPED)
    frame = next(each for each in enzo.frames if each.url.startswith(keyhatch.url))
    frame.evaluate("postMessage({ v: 1, type: 'close_request' })")
    enzo.evaluate("frames[0].postMessage({ v: 2, type: 'close_request' }, '*')")
    enzo.evaluate("frames[0].postMessage('close_request', '*')")
    expect(field(form, "password")).to_have_value("half-typed")
    expect(question(form)).to_have_count(0)
    enzo.evaluate("frames[0].postMessage({ v: 1, type: 'close_request' }, '*')")

    expect(question(form)).to_be_visible()
