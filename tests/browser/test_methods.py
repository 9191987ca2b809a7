"""Switching the way to sign in keeps what both ask for, with script as well as without."""

import pytest
from playwright.sync_api import Page, expect

from sandbox.targets.running import Targets
from tests.browser.enzo import (
    connect,
    expect_connected,
    field,
    fill,
    form_of,
    open_form,
    press,
    right,
)
from tests.browser.hosts import Host


def test_a_switch_asks_for_the_other_values_and_keeps_the_common_ones(
    enzo: Page, host: Host
) -> None:
    host.wants["types"] = ("sftp",)
    form = open_form(enzo, host.page())
    fill(form, {"host": "sftp.larkfield.example", "username": "larkfield", "password": "secret"})
    press(form, "Private key")
    form = form_of(enzo)

    expect(form.get_by_label("Private key", exact=True)).to_be_visible()
    expect(field(form, "host")).to_have_value("sftp.larkfield.example")
    expect(field(form, "username")).to_have_value("larkfield")
    expect(field(form, "password")).to_have_value("")


@pytest.mark.parametrize(
    ("kind", "method", "title", "heading"),
    [
        ("sftp", "key", "Private key", "SFTP"),
        ("ftp", "plain", "Not encrypted", "FTP"),
        ("shopify", "key", "API key and password", "Shopify"),
    ],
)
def test_the_other_method_connects(
    enzo: Page, host: Host, targets: Targets, kind: str, method: str, title: str, heading: str
) -> None:
    host.wants["types"] = (kind,)
    form = open_form(enzo, host.page())
    press(form, title)
    chosen = form.get_by_role("button", name=title, exact=True)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    connect(form, right(targets, kind, method))

    expect_connected(form, heading)
    expect(enzo.locator("#outcome")).to_have_text(f"verified: {kind} of enzo")


def test_a_switch_asks_for_nothing_that_is_still_empty(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("sftp",)
    form = open_form(enzo, host.page())
    press(form, "Private key")
    expect(form.get_by_label("Private key", exact=True)).to_be_visible()

    expect(form.locator(".err")).to_have_count(0)


def test_a_method_that_needs_a_word_of_warning_has_one(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("ftp",)
    form = open_form(enzo, host.page())
    press(form, "Not encrypted")

    expect(form.get_by_text("Password and files can be read on the way.")).to_be_visible()


def test_enter_in_a_field_connects_and_does_not_switch(
    enzo: Page, host: Host, targets: Targets
) -> None:
    host.wants["types"] = ("sftp",)
    form = open_form(enzo, host.page())
    fill(form, right(targets, "sftp"))
    field(form, "password").press("Enter")

    expect_connected(form, "SFTP")


def test_fields_that_count_only_with_another_appear_with_it(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("postgresql",)
    form = open_form(enzo, host.page())
    form.get_by_text("SSL options").click()
    expect(form.get_by_label("Client certificate", exact=False).first).to_be_visible()
    expect(field(form, "ssl_key")).to_be_hidden()
    field(form, "ssl_cert").fill("-----BEGIN CERTIFICATE-----")

    expect(field(form, "ssl_key")).to_be_visible()
