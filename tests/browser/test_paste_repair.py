"""What came along when a value was copied is taken off, is said, and can be undone."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.enzo import field, open_form, press
from tests.browser.hosts import Host

# Puts text into the focused box as a paste does: an event first, then the text.
PASTE = """(input, text) => {
  input.focus();
  input.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }));
  document.execCommand("insertText", false, text);
}"""


def paste(form: FrameLocator, name: str, text: str) -> None:
    field(form, name).evaluate(PASTE, text)


@pytest.mark.parametrize(
    ("pasted", "kept", "said"),
    [
        ("  shpat_demo_1 \n", "shpat_demo_1", "Removed spaces around it."),
        ('"shpat_demo_1"', "shpat_demo_1", "Removed the quotes."),
        ("shpat\u200b_demo_1", "shpat_demo_1", "Removed signs that cannot be seen."),
        ("Bearer shpat_demo_1", "shpat_demo_1", "Removed “Bearer”."),
        ("SHOPIFY_TOKEN=shpat_demo_1", "shpat_demo_1", "Removed “SHOPIFY_TOKEN=”."),
        (
            "\u201cshpat_demo_1\u201d ",
            "shpat_demo_1",
            "Removed spaces around it. Removed the quotes.",
        ),
    ],
)
def test_what_was_copied_along_is_taken_off_and_undo_brings_it_back(
    enzo: Page, host: Host, pasted: str, kept: str, said: str
) -> None:
    host.wants["types"] = ("shopify",)
    form = open_form(enzo, host.page())
    paste(form, "token", pasted)
    chip = form.get_by_role("status").filter(has_text="Removed")
    expect(chip).to_contain_text(said)
    expect(field(form, "token")).to_have_value(kept)
    press(form, "Undo")

    expect(field(form, "token")).to_have_value(pasted.replace("\n", ""))
    expect(field(form, "token")).to_be_focused()
    expect(chip).to_have_count(0)


def test_a_whole_address_in_place_of_a_name_loses_what_the_form_already_says(
    enzo: Page, host: Host
) -> None:
    host.wants["types"] = ("shopify",)
    form = open_form(enzo, host.page())
    paste(form, "store", "https://larkfield-demo.myshopify.com/admin?x=1")

    expect(field(form, "store")).to_have_value("larkfield-demo")
    expect(form.get_by_role("status").filter(has_text=".myshopify.com")).to_be_visible()


def test_a_connection_string_in_the_host_fills_in_its_parts(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("postgresql",)
    form = open_form(enzo, host.page())
    address = "postgresql://larkfield:p%40ss@db.larkfield.example:6432/bookkeeping"
    paste(form, "host", address)
    filled = {
        "host": "db.larkfield.example",
        "port": "6432",
        "database": "bookkeeping",
        "user": "larkfield",
        "password": "p@ss",
    }
    for name, value in filled.items():
        expect(field(form, name)).to_have_value(value)
    expect(form.get_by_role("status").filter(has_text="Filled in")).to_be_visible()
    press(form, "Undo")

    expect(field(form, "host")).to_have_value(address)
    expect(field(form, "port")).to_have_value("5432")
    expect(field(form, "password")).to_have_value("")


@pytest.mark.parametrize("value", ["shpat_demo_1", "a b", "it's", "pass word=x"])
def test_a_value_that_is_fine_is_left_alone(enzo: Page, host: Host, value: str) -> None:
    form = open_form(enzo, host.page())
    paste(form, "password", value)
    # The script has come, and has looked, when a second paste is repaired.
    paste(form, "username", " enzo ")
    expect(field(form, "username")).to_have_value("enzo")

    expect(field(form, "password")).to_have_value(value)


def test_the_word_about_it_goes_when_somebody_types_on(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    paste(form, "username", " enzo ")
    expect(form.get_by_role("button", name="Undo")).to_be_visible()
    field(form, "username").press("End")
    field(form, "username").press("x")

    expect(form.get_by_role("button", name="Undo")).to_have_count(0)
    expect(field(form, "username")).to_have_value("enzox")


def test_typing_is_never_repaired(enzo: Page, host: Host) -> None:
    """A password may begin with a space; what a person types is what they mean."""
    form = open_form(enzo, host.page())
    field(form, "password").click()
    field(form, "password").press_sequentially(' "secret"')

    expect(field(form, "password")).to_have_value(' "secret"')
