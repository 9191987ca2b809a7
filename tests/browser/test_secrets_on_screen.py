"""A secret is hidden until somebody asks to see it, and hidden again before it is sent."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.catalogue.model import Kind
from sandbox.integrator.faults import Faults
from tests.browser.enzo import (
    CATALOGUE,
    RIGHT,
    WAYS,
    WRONG,
    connect,
    error_of,
    expect_connected,
    field,
    fill,
    form_of,
    open_form,
    press,
)
from tests.browser.hosts import Host


@pytest.mark.parametrize(("kind", "method"), WAYS)
def test_each_secret_can_be_shown_and_hidden(
    enzo: Page, host: Host, kind: str, method: str
) -> None:
    host.wants["types"] = (kind,)
    definition = CATALOGUE[kind]
    chosen = definition.method(method)
    assert chosen is not None
    enzo.goto(host.page(how="inline"))
    form = form_of(enzo)
    if chosen is not definition.methods[0]:
        press(form, chosen.title)
        form = form_of(enzo)
    for each in definition.fields_of(chosen):
        if each.kind is not Kind.SECRET or each.when:
            continue
        secret, button = field(form, each.name), field(form, each.name).locator("xpath=../button")
        expect(secret).to_have_attribute("type", "password")
        expect(button).to_have_text("Show")
        expect(button).to_have_accessible_description(re.compile(f"^{re.escape(each.label)}"))
        button.click()
        expect(secret).to_have_attribute("type", "text")
        expect(button).to_have_text("Hide")
        button.click()

        expect(secret).to_have_attribute("type", "password")


def test_a_shown_secret_is_hidden_when_it_is_sent(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    fill(form, WRONG)
    press(form, "Show")
    press(form, "Connect")
    expect(error_of(form, "password")).to_be_visible()

    expect(field(form, "password")).to_have_attribute("type", "password")
    expect(field(form, "password")).to_have_value(WRONG["password"])


def test_after_success_nothing_that_was_typed_is_left_in_the_page(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT)
    expect_connected(form)

    for name in RIGHT:
        expect(field(form, name)).to_have_value("")


def test_while_it_is_checked_the_form_is_out_of_reach_but_not_lost(
    enzo: Page, host: Host, faults: Faults
) -> None:
    faults.add({"kind": "latency", "seconds": 2, "match": {"path": "/ping$"}})
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    expect(form.get_by_role("heading", name="Connecting HTTP API with a password")).to_be_focused()
    expect(form.locator("form.in")).to_have_attribute("inert", "")
    expect(field(form, "password")).to_be_hidden()
    expect(error_of(form, "password")).to_be_visible()

    expect(field(form, "password")).to_have_value(WRONG["password"])


def test_browsers_may_fill_in_a_sign_in_and_never_an_api_token(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("shopify",)
    form = open_form(enzo, host.page())
    token = field(form, "token")
    expect(token).to_have_attribute("autocomplete", "new-password")
    expect(token).to_have_attribute("data-1p-ignore", "")
    press(form, "Close")
    host.wants["types"] = ("http-basic",)
    form = open_form(enzo, host.page())

    expect(field(form, "username")).to_have_attribute("autocomplete", "username")
    expect(field(form, "password")).to_have_attribute("autocomplete", "current-password")
