"""Test connection says whether the details work, saves nothing, and costs no submit."""

from playwright.sync_api import Page, expect

from tests.browser.enzo import (
    RIGHT,
    WRONG,
    connect,
    error_of,
    expect_connected,
    field,
    fill,
    open_form,
    press,
    told,
)
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


def test_details_that_work_are_called_so_and_one_press_saves_them(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    press(form, "Test connection")
    expect(form.get_by_role("heading", name="These details work")).to_be_focused()
    assert len(keyhatch.emulator.connections) == before
    press(form, "Connect")

    expect_connected(form)
    assert len(keyhatch.emulator.connections) == before + 1


def test_from_there_the_form_is_one_press_away_with_everything_in_it(
    enzo: Page, host: Host
) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    press(form, "Test connection")
    press(form, "Back to the form")

    for name, value in RIGHT.items():
        expect(field(form, name)).to_have_value(value)


def test_a_failed_test_says_the_same_as_a_failed_connect(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, WRONG)
    press(form, "Test connection")
    expect(error_of(form, "password")).to_contain_text("does not accept this password")
    connect(form, {"password": RIGHT["password"]})

    expect_connected(form)


def test_a_test_is_no_submit_to_the_host(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    press(form, "Test connection")
    expect(form.get_by_role("heading", name="These details work")).to_be_visible()

    assert [event["type"] for event in told(enzo)] == ["ready"]
