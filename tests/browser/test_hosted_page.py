"""The hosted page works from end to end, with JavaScript and without; a preview spends nothing."""

import pytest
from playwright.sync_api import Page, expect

from sandbox.integrator.faults import Faults
from tests.browser.conftest import NewPage
from tests.browser.enzo import RIGHT, WRONG, connect, error_of, expect_connected, field, fill, press
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@pytest.fixture
def without_script(browse: NewPage) -> Page:
    """Enzo's browser with JavaScript switched off."""
    return browse(java_script_enabled=False)


def launch(page: Page, host: Host, *types: str) -> None:
    host.wants["types"] = types or ("http-basic",)
    page.goto(host.session()["hosted_url"])
    press(page, "Continue")


@BOTH
def test_it_says_who_asks_connects_and_leads_back(
    browse: NewPage, host: Host, script: bool
) -> None:
    enzo = browse(java_script_enabled=script)
    host.wants["return_url"] = f"{host.url}/elsewhere"
    enzo.goto(host.session()["hosted_url"])
    expect(enzo.get_by_text("Larkfield Books asks Enzo for the credentials.")).to_be_visible()
    press(enzo, "Continue")
    connect(enzo, RIGHT)
    expect_connected(enzo)
    enzo.get_by_role("link", name="Back to Larkfield Books").click()

    expect(enzo).to_have_url(f"{host.url}/elsewhere")


@BOTH
def test_a_refusal_names_the_field_and_the_next_press_connects(
    browse: NewPage, host: Host, script: bool
) -> None:
    enzo = browse(java_script_enabled=script)
    launch(enzo, host)
    connect(enzo, WRONG)
    expect(enzo.get_by_role("alert")).to_contain_text("Not connected")
    expect(error_of(enzo, "password")).to_be_visible()
    expect(field(enzo, "username")).to_have_value(RIGHT["username"])
    connect(enzo, {"password": RIGHT["password"]})

    expect_connected(enzo)


def test_without_script_the_secrets_are_asked_again_and_the_first_wrong_field_has_the_focus(
    without_script: Page, host: Host
) -> None:
    launch(without_script, host)
    connect(without_script, WRONG)
    expect(error_of(without_script, "password")).to_be_visible()

    expect(field(without_script, "password")).to_have_value("")
    expect(field(without_script, "password")).to_be_focused()
    expect(without_script).to_have_title("Error: Connect HTTP API with a password")


def test_without_script_a_double_click_makes_one_connection(
    without_script: Page, host: Host, keyhatch: Keyhatch, faults: Faults
) -> None:
    faults.add({"kind": "latency", "seconds": 1, "match": {"path": "/ping$"}})
    before = len(keyhatch.emulator.connections)
    launch(without_script, host)
    fill(without_script, RIGHT)
    place = without_script.get_by_role("button", name="Connect", exact=True).bounding_box()
    assert place is not None
    for _ in range(2):
        # The page stays until the answer comes; both presses are sent.
        with without_script.expect_request("**/connect/step"):
            without_script.mouse.click(place["x"] + 5, place["y"] + 5)

    expect_connected(without_script)
    assert len(keyhatch.emulator.connections) == before + 1


def test_without_script_methods_are_switched_and_keep_what_both_ask_for(
    without_script: Page, host: Host
) -> None:
    launch(without_script, host, "shopify")
    field(without_script, "store").fill("larkfield-demo")
    press(without_script, "API key and password")

    expect(without_script.get_by_label("API key", exact=True)).to_be_visible()
    expect(field(without_script, "store")).to_have_value("larkfield-demo")
    expect(without_script.get_by_role("button", name="API key and password")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_without_script_a_list_is_searched_chosen_from_and_left_again(
    without_script: Page, host: Host
) -> None:
    launch(without_script, host, "http-basic", "shopify", "slack")
    without_script.get_by_role("searchbox").fill("shop")
    without_script.get_by_role("searchbox").press("Enter")
    expect(without_script.locator(".row")).to_have_count(1)
    without_script.get_by_role("button", name="Shopify").click()
    expect(without_script.get_by_role("heading", level=1)).to_contain_text("Connect Shopify")
    press(without_script, "Choose something else")

    expect(without_script.locator(".row")).to_have_count(3)


def test_without_script_a_test_passes_and_saves_nothing(
    without_script: Page, host: Host, keyhatch: Keyhatch
) -> None:
    before = len(keyhatch.emulator.connections)
    launch(without_script, host)
    fill(without_script, RIGHT)
    press(without_script, "Test connection")

    expect(without_script.get_by_role("status")).to_contain_text("These details work.")
    assert len(keyhatch.emulator.connections) == before


def test_without_script_an_expired_form_keeps_all_but_the_secrets(
    without_script: Page, host: Host
) -> None:
    launch(without_script, host)
    fill(without_script, RIGHT)
    host.an_hour_passes()
    press(without_script, "Connect")

    expect(without_script.get_by_role("alert")).to_be_visible()
    expect(field(without_script, "username")).to_have_value(RIGHT["username"])
    expect(field(without_script, "password")).to_have_value("")


def test_a_link_preview_spends_nothing_and_the_button_spends_it_once(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    address = host.session()["hosted_url"]
    for _ in range(3):
        assert keyhatch.client().get(address).status_code == 200
    enzo.goto(address)
    press(enzo, "Continue")
    expect(field(enzo, "username")).to_be_visible()
    enzo.goto(address)

    expect(enzo.get_by_role("heading", level=1)).to_have_text("This link was used already")


def test_mallorys_page_cannot_launch_a_stolen_link_in_a_window_of_its_own(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """frame-ancestors says nothing of a window; only our own button may open it."""
    code = host.session()["hosted_url"].rsplit("/", 1)[1]
    enzo.goto(host.page(base=host.foreign_url))
    enzo.evaluate(
        """([action, value]) => {
          const form = Object.assign(document.createElement("form"), { action, method: "post" });
          form.append(Object.assign(document.createElement("input"), { name: "code", value }));
          document.body.append(form);
          form.submit();
        }""",
        [f"{keyhatch.url}/connect", code],
    )

    expect(enzo.get_by_role("heading", level=1)).to_have_text("This page may not show the form")
