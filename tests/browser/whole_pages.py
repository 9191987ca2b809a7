"""Every page that stands alone: the hosted ones, the operator's, the reference of the API."""

from playwright.sync_api import expect

from tests.browser.enzo import RIGHT, WRONG, error_of, expect_connected, field, fill, press
from tests.browser.scenes import FRAMED
from tests.browser.stage import Scene, Sight, Stage


def hosted_launch(stage: Stage) -> Sight:
    """Who asks for what."""
    return stage.hosted()


def hosted_launch_many(stage: Stage) -> Sight:
    """The same with a choice."""
    return stage.hosted("slack", "shopify")


def hosted_form(stage: Stage) -> Sight:
    """The form on a page of its own."""
    press(stage.hosted("shopify"), "Continue")
    expect(field(stage.page, "store")).to_be_visible()
    return stage.page


def hosted_refused(stage: Stage) -> Sight:
    """A refusal that the server drew."""
    press(stage.hosted(), "Continue")
    fill(stage.page, WRONG)
    # As where the script is blocked: the browser posts the form by itself.
    stage.page.locator("form.in").evaluate("(form) => HTMLFormElement.prototype.submit.call(form)")
    expect(error_of(stage.page, "password")).to_be_visible()
    return stage.page


def hosted_connected(stage: Stage) -> Sight:
    """The end that the server drew."""
    stage.host.wants["return_url"] = f"{stage.host.url}/elsewhere"
    press(stage.hosted(), "Continue")
    fill(stage.page, RIGHT)
    stage.page.locator("form.in").evaluate("(form) => HTMLFormElement.prototype.submit.call(form)")
    expect_connected(stage.page)
    return stage.page


def hosted_used(stage: Stage) -> Sight:
    """A link that was used."""
    press(stage.hosted(), "Continue")
    stage.page.goto(stage.host.sessions[-1]["hosted_url"])
    expect(stage.page.get_by_role("heading", level=1)).to_contain_text("used already")
    return stage.page


def admin_login(stage: Stage) -> Sight:
    """Sign in."""
    stage.page.goto(f"{stage.keyhatch.url}/admin/login")
    return stage.page


def admin_login_refused(stage: Stage) -> Sight:
    """Nobody has this name and password."""
    stage.page.goto(f"{stage.keyhatch.url}/admin/login")
    stage.page.get_by_label("Name").fill("mallory")
    stage.page.get_by_label("Password").fill("guess")
    stage.page.get_by_role("button", name="Sign in").click()
    expect(stage.page.locator(".err, .note, .summary").first).to_be_visible()
    return stage.page


def admin_list(stage: Stage) -> Sight:
    """The connections."""
    stage.connection()
    page = stage.signed_in()
    expect(page.get_by_text("enzo").first).to_be_visible()
    return page


def admin_list_empty(stage: Stage) -> Sight:
    """Nothing for this end user."""
    page = stage.signed_in()
    page.goto(f"{stage.keyhatch.url}/admin?end_user=nobody")
    return page


def admin_new(stage: Stage) -> Sight:
    """Pick a type and an end user."""
    page = stage.signed_in()
    page.goto(f"{stage.keyhatch.url}/admin/new")
    return page


def admin_connection(stage: Stage) -> Sight:
    """One connection, just tested."""
    made = stage.connection()
    page = stage.signed_in()
    page.goto(f"{stage.keyhatch.url}/admin/connections/{made}")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_text("Delete connection").first.click()
    return page


def api_reference(stage: Stage) -> Sight:
    """The reference of the API."""
    stage.page.goto(f"{stage.keyhatch.url}/docs")
    return stage.page


HOSTED: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        hosted_launch,
        hosted_launch_many,
        hosted_form,
        hosted_refused,
        hosted_connected,
        hosted_used,
    )
}
ADMIN: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        admin_login,
        admin_login_refused,
        admin_list,
        admin_list_empty,
        admin_new,
        admin_connection,
        api_reference,
    )
}
WIDGET: dict[str, Scene] = FRAMED | HOSTED
