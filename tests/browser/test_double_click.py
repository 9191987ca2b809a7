"""Whatever the number of presses: one connection, and every answer is the same."""

from playwright.sync_api import Page, expect

from sandbox.integrator.faults import Faults
from tests.browser.enzo import RIGHT, expect_connected, field, fill, form_of, open_form, press, told
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


def test_a_double_click_makes_one_connection(enzo: Page, host: Host, keyhatch: Keyhatch) -> None:
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    form.get_by_role("button", name="Connect", exact=True).dblclick()

    expect_connected(form)
    assert len(keyhatch.emulator.connections) == before + 1
    assert [event["type"] for event in told(enzo)] == ["ready", "submitted", "success"]


def test_enter_and_a_click_at_once_make_one_connection(
    enzo: Page, host: Host, keyhatch: Keyhatch, faults: Faults
) -> None:
    faults.add({"kind": "latency", "seconds": 0.3, "match": {"path": "/ping$"}})
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    field(form, "password").press("Enter")
    press(form, "Connect")

    expect_connected(form)
    assert len(keyhatch.emulator.connections) == before + 1


def test_where_the_second_script_is_blocked_the_browser_sends_the_form_itself(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """A filter in the browser may let the page through and not its parts."""
    enzo.route(
        "**/work.js*",
        lambda route: (
            route.abort() if route.request.resource_type == "script" else route.continue_()
        ),
    )
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    press(form, "Connect")

    expect_connected(form_of(enzo))
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")
    assert len(keyhatch.emulator.connections) == before + 1
