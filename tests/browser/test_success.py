"""Right credentials end in the host's page, and its server knows which connection came of it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.enzo import (
    RIGHT,
    connect,
    expect_connected,
    field,
    form_of,
    open_form,
    press,
    told,
)
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

VERIFIED = "verified: http-basic of enzo"


def height(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box is not None
    return box["height"]


def test_a_form_over_the_page_ends_with_a_receipt_that_the_hosts_server_verified(
    enzo: Page, host: Host
) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text(VERIFIED)
    press(form, "Done")
    expect(enzo.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("how", ["inline", "element"])
def test_a_form_inside_the_page_ends_with_the_same_receipt(
    enzo: Page, host: Host, how: str
) -> None:
    enzo.goto(host.page(how=how, token=host.session()["token"]))
    form = form_of(enzo)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text(VERIFIED)


def test_the_host_hears_each_step_in_order(enzo: Page, host: Host, keyhatch: Keyhatch) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT)
    expect_connected(form)
    press(form, "Done")
    expect(enzo.locator("dialog")).to_have_count(0)

    events = told(enzo)
    assert [event["type"] for event in events] == ["ready", "submitted", "success", "exit"]
    made = keyhatch.hana().get(f"/v1/connect-sessions/{host.sessions[0]['id']}").json()
    assert events[2]["connection"] == {
        key: made["connection"][key] for key in ("id", "connection_type", "name")
    }
    assert events[3]["reason"] == "done"


def test_the_frame_is_as_high_as_its_form_and_grows_with_it(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("shopify",)
    enzo.goto(host.page(how="inline"))
    form = form_of(enzo)
    before = height(enzo.locator("iframe"))
    assert abs(before - height(form.locator(".kh"))) <= 1
    form.get_by_text("Where do I find it?").first.click()

    enzo.wait_for_function(
        "(before) => document.querySelector('iframe').clientHeight > before + 40", arg=before
    )
    assert abs(height(enzo.locator("iframe")) - height(form.locator(".kh"))) <= 1


def test_the_whole_way_goes_by_keyboard_alone(enzo: Page, host: Host) -> None:
    enzo.goto(host.page())
    enzo.keyboard.press("Tab")
    enzo.keyboard.press("Enter")
    form = form_of(enzo)
    for name, value in RIGHT.items():
        expect(field(form, name)).to_be_focused()
        enzo.keyboard.type(value)
        enzo.keyboard.press("Tab")
    enzo.keyboard.press("Shift+Tab")
    enzo.keyboard.press("Enter")

    expect_connected(form)
    enzo.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Done")).to_be_focused()
    enzo.keyboard.press("Enter")
    expect(enzo.locator("dialog")).to_have_count(0)
    expect(enzo.get_by_role("button", name="Connect an app")).to_be_focused()


def test_mallorys_receipt_of_his_own_making_is_not_verified(enzo: Page, host: Host) -> None:
    enzo.goto(host.page())
    enzo.evaluate("onSuccess({ receipt: 'khr_WyJ4Il0.aaaa.bbbb' })")

    expect(enzo.locator("#outcome")).to_have_text("not verified")
