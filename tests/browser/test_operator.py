"""Ada makes, tests, redoes and deletes a connection with the buttons of her pages."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.enzo import RIGHT, connect, field, press
from tests.browser.stage import Stage
from tests.keyhatch import Keyhatch


def made_by_ada(page: Page, keyhatch: Keyhatch, end_user: str) -> None:
    """Through the very form that end users see."""
    page.get_by_role("link", name="New connection").first.click()
    page.get_by_label("End user").fill(end_user)
    page.get_by_label("Connection type").select_option(label="HTTP API with a password")
    press(page, "Open the form")
    press(page, "Continue")
    connect(page, RIGHT)
    page.get_by_role("link", name="Back to Larkfield Books").click()
    expect(page).to_have_url(f"{keyhatch.url}/admin")


def open_connection(page: Page, end_user: str) -> None:
    page.get_by_role("searchbox").fill(end_user)
    press(page, "Show")
    page.get_by_role("link", name="HTTP API with a password").click()


def test_she_makes_one_for_an_end_user_and_finds_it(
    stage: Callable[..., Stage], keyhatch: Keyhatch
) -> None:
    page = stage().signed_in()
    made_by_ada(page, keyhatch, "grace")
    open_connection(page, "grace")

    expect(page.get_by_text(RIGHT["username"])).to_be_visible()
    expect(page.get_by_text("Stored, never shown")).to_be_visible()
    expect(page.get_by_text(RIGHT["password"])).to_have_count(0)


def test_she_tests_redoes_and_deletes_it(stage: Callable[..., Stage], keyhatch: Keyhatch) -> None:
    page = stage().signed_in()
    made_by_ada(page, keyhatch, "linus")
    open_connection(page, "linus")
    press(page, "Test connection")
    expect(page.get_by_role("status")).to_contain_text("It works")
    press(page, "Reconnect")
    press(page, "Continue")
    expect(field(page, "username")).to_have_value(RIGHT["username"])
    connect(page, {"password": RIGHT["password"]})
    page.get_by_role("link", name="Back to Larkfield Books").click()
    open_connection(page, "linus")
    page.locator("summary").filter(has_text="Delete connection").click()
    press(page, "Delete connection")

    expect(page).to_have_url(f"{keyhatch.url}/admin")
    page.goto(f"{keyhatch.url}/admin?end_user=linus")
    expect(page.get_by_text("has no connections")).to_be_visible()


def test_without_signing_in_every_page_leads_to_the_sign_in(enzo: Page, keyhatch: Keyhatch) -> None:
    for path in ("/admin", "/admin/new", "/admin/connections/con_1"):
        enzo.goto(f"{keyhatch.url}{path}")

        expect(enzo).to_have_url(f"{keyhatch.url}/admin/login")


def test_mallory_with_a_wrong_password_stays_outside(enzo: Page, keyhatch: Keyhatch) -> None:
    enzo.goto(f"{keyhatch.url}/admin/login")
    enzo.get_by_label("Name").fill("mallory")
    enzo.get_by_label("Password").fill("a guess")
    press(enzo, "Sign in")

    expect(enzo.get_by_label("Name")).to_have_value("mallory")
    expect(enzo.get_by_label("Password")).to_have_value("")
    enzo.goto(f"{keyhatch.url}/admin")
    expect(enzo).to_have_url(f"{keyhatch.url}/admin/login")
