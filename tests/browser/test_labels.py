"""Every box has a visible label of its own, so that people, readers and tests find it by name."""

import pytest
from playwright.sync_api import Page, expect

from app.catalogue.model import Kind
from tests.browser.enzo import CATALOGUE, WAYS, field, form_of, frame_of, open_form, press
from tests.browser.hosts import Host


@pytest.mark.parametrize(("kind", "method"), WAYS)
def test_each_field_is_found_by_its_label_and_no_other_control_answers_to_it(
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
        expect(form.get_by_role("button", name=chosen.title, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
    frame_of(enzo).evaluate("document.querySelectorAll('details').forEach((it) => it.open = true)")

    for each in definition.fields_of(chosen):
        optional = not each.required and each.kind is not Kind.BOOLEAN
        name = f"{each.label} (optional)" if optional else each.label
        found = form.get_by_label(name, exact=True)
        expect(found).to_have_count(1)
        expect(found).to_have_attribute("name", each.name)
        if each.when is None:
            expect(form.locator(f'label[for="f-{each.name}"], label.check').first).to_be_visible()


def test_the_buttons_are_called_as_the_contract_says(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())

    for name in ("Connect", "Test connection", "Close"):
        expect(form.get_by_role("button", name=name, exact=True)).to_have_count(1)


def test_the_plain_names_that_hosts_tests_use_work(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())

    expect(form.get_by_label("Password")).to_have_attribute("type", "password")
    expect(form.get_by_label("User name")).to_have_attribute("name", "username")


def test_the_help_belongs_to_the_box(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("shopify",)
    form = open_form(enzo, host.page())

    expect(field(form, "store")).to_have_accessible_description(
        "The first part of your shop's address, in small letters. .myshopify.com"
    )


def test_the_first_empty_field_has_the_focus_when_the_form_opens(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())

    expect(field(form, "base_url")).to_be_focused()
    expect(enzo.get_by_role("dialog", name="Connect an account")).to_be_visible()
