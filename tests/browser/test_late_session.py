"""A session that ended keeps what was typed; a host that can gets the form a new one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enzo import (
    RIGHT,
    connect,
    expect_connected,
    field,
    fill,
    form_of,
    open_form,
    press,
    told,
)
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


def revoke(host: Host, keyhatch: Keyhatch) -> None:
    keyhatch.hana().delete(f"/v1/connect-sessions/{host.sessions[-1]['id']}").raise_for_status()


def test_the_host_renews_an_expired_session_and_the_second_press_connects(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    host.an_hour_passes()
    press(form, "Connect")
    expect(form.get_by_role("alert")).to_contain_text("The form is ready again")
    for name, value in RIGHT.items():
        expect(field(form, name)).to_have_value(value)
    press(form, "Connect")

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")
    assert {"v": 1, "type": "failed", "code": "session_expired"} in told(enzo)
    assert len(host.sessions) == 2
    state = keyhatch.hana().get(f"/v1/connect-sessions/{host.sessions[1]['id']}").json()["state"]
    assert state == "completed"


def test_a_test_of_the_details_is_renewed_as_well(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    host.an_hour_passes()
    press(form, "Test connection")
    expect(form.get_by_role("alert")).to_contain_text("The form is ready again")
    press(form, "Test connection")

    expect(form.get_by_role("heading", name="These details work")).to_be_visible()


def test_without_a_new_session_the_form_says_so_and_keeps_everything(
    enzo: Page, host: Host
) -> None:
    enzo.goto(host.page(how="inline", token=host.session()["token"]))
    form = form_of(enzo)
    fill(form, RIGHT)
    host.an_hour_passes()
    press(form, "Connect")

    expect(form.get_by_role("alert")).to_contain_text("This form has expired")
    expect(form.get_by_role("alert")).to_be_focused()
    for name, value in RIGHT.items():
        expect(field(form, name)).to_have_value(value)


@pytest.mark.parametrize("button", ["Connect", "Test connection"])
def test_a_revoked_session_keeps_what_was_typed_and_is_not_renewed_behind_the_hosts_back(
    enzo: Page, host: Host, keyhatch: Keyhatch, button: str
) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    before = len(keyhatch.emulator.connections)
    revoke(host, keyhatch)
    press(form, button)

    expect(form.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(field(form, "password")).to_have_value(RIGHT["password"])
    assert told(enzo)[-1]["code"] == "session_revoked"
    assert len(host.sessions) == 1
    assert len(keyhatch.emulator.connections) == before


def test_a_host_may_give_a_revoked_form_a_new_session_by_itself(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    form = open_form(enzo, host.page())
    fill(form, RIGHT)
    revoke(host, keyhatch)
    press(form, "Connect")
    expect(form.get_by_role("alert")).to_contain_text("Nothing was saved")
    message = {"v": 1, "type": "renew", "token": host.session()["token"]}
    enzo.evaluate("(message) => frames[0].postMessage(message, '*')", message)
    expect(form.get_by_role("alert")).to_contain_text("The form is ready again")
    press(form, "Connect")

    expect_connected(form)


def test_mallorys_token_from_another_origin_does_not_reach_the_form(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """Taking over his session would connect Enzo's account for Mallory."""
    host.wants = {"end_user": "mallory"}
    mallorys = host.session()["token"]
    host.wants = {}
    form = open_form(enzo, host.page())
    frame = next(each for each in enzo.frames if each.url.startswith(keyhatch.url))
    message = {"v": 1, "type": "renew", "token": mallorys}
    frame.evaluate("(message) => postMessage(message)", message)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")
