"""Right credentials end in the host's page, and its server knows which connection came of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enzo import RIGHT, connect, expect_connected, form_of, open_form, press, told
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

VERIFIED = "verified: http-basic of enzo"


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


def test_the_frame_is_as_high_as_its_form(enzo: Page, host: Host) -> None:
    enzo.goto(host.page(how="inline"))
    form = form_of(enzo)
    sheet = form.locator(".kh")
    expect(sheet).to_be_visible()

    enzo.wait_for_function("told.some((event) => event.type == 'height')")
    frame, inside = enzo.locator("iframe").bounding_box(), sheet.bounding_box()
    assert frame is not None
    assert inside is not None
    assert abs(frame["height"] - inside["height"]) <= 1


def test_mallorys_receipt_of_his_own_making_is_not_verified(enzo: Page, host: Host) -> None:
    enzo.goto(host.page())
    enzo.evaluate("onSuccess({ receipt: 'khr_WyJ4Il0.aaaa.bbbb' })")

    expect(enzo.locator("#outcome")).to_have_text("not verified")
