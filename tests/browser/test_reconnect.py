"""A connection that exists is done again: only the secret is typed, and it stays the same one."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enzo import RIGHT, connect, error_of, expect_connected, field, open_form
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


@pytest.fixture
def existing(host: Host, keyhatch: Keyhatch) -> dict[str, Any]:
    """Enzo's connection, as Hana's server knows it."""
    page = keyhatch.page_api(host.session()["token"], host.url)
    made = page.post("/v1/connect/http-basic", json={"values": RIGHT}).json()["connection"]
    host.wants["connection_id"] = made["id"]
    found: dict[str, Any] = keyhatch.hana().get(f"/v1/connections/{made['id']}").json()
    return found


def test_all_but_the_secret_is_filled_in_and_the_connection_stays_the_same(
    enzo: Page, host: Host, keyhatch: Keyhatch, existing: dict[str, Any]
) -> None:
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    expect(form.get_by_role("heading", level=1)).to_have_text("Reconnect HTTP API with a password")
    for name in ("base_url", "ping_path", "username"):
        expect(field(form, name)).to_have_value(RIGHT[name])
    expect(field(form, "password")).to_have_value("")
    connect(form, {"password": RIGHT["password"]})

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")
    assert len(keyhatch.emulator.connections) == before
    stored = keyhatch.emulator.connections[existing["integrator_id"]]
    assert stored["http"]["auth"]["basic"]["password"] == RIGHT["password"]


def test_a_refused_reconnect_changes_nothing(
    enzo: Page, host: Host, keyhatch: Keyhatch, existing: dict[str, Any]
) -> None:
    before = dict(keyhatch.emulator.connections[existing["integrator_id"]])
    form = open_form(enzo, host.page())
    connect(form, {"password": "not-the-password"})
    expect(error_of(form, "password")).to_be_visible()

    assert keyhatch.emulator.connections[existing["integrator_id"]] == before


@pytest.mark.usefixtures("existing")
def test_what_the_host_locked_is_shown_and_cannot_be_typed_over(enzo: Page, host: Host) -> None:
    host.wants["values"] = {
        "http-basic": {"base_url": {"value": RIGHT["base_url"], "locked": True}}
    }
    form = open_form(enzo, host.page())

    expect(field(form, "base_url")).not_to_be_editable()
    expect(form.get_by_text("Set by Larkfield Books.")).to_be_visible()
    connect(form, {"password": RIGHT["password"]})
    expect_connected(form)


def test_mallory_cannot_reconnect_what_is_enzos(host: Host, keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(host.session()["token"], host.url)
    made = page.post("/v1/connect/http-basic", json={"values": RIGHT}).json()["connection"]
    asked = {"end_user": {"id": "mallory"}, "connection_id": made["id"]}
    answer = keyhatch.hana().post("/v1/connect-sessions", json=asked)

    assert answer.status_code == 404
