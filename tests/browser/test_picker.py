"""The list of types is found through by typing, by category and by keys."""

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.enzo import CATALOGUE, RIGHT, connect, expect_connected, form_of, press, state_of
from tests.browser.hosts import Host


def picker(page: Page, host: Host) -> FrameLocator:
    host.wants["types"] = ()
    page.goto(host.page(how="inline"))
    form = form_of(page)
    # The script took over when it shows the keys; then the list is higher.
    expect(form.locator(".keys")).to_be_visible()
    return form_of(page)


def rows(form: FrameLocator) -> Locator:
    return form.locator(".row").filter(visible=True)


def test_it_offers_every_type_of_the_session(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)

    expect(rows(form)).to_have_count(len(CATALOGUE))
    for kind in CATALOGUE.values():
        expect(form.get_by_role("button", name=kind.title).first).to_be_visible()


def test_a_choice_leads_to_its_form_and_connects(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("button", name="HTTP API with a password").click()
    expect(form.get_by_label("Base address")).to_be_visible()
    form = form_of(enzo)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")


def test_typing_filters_and_enter_takes_the_first(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("searchbox").press_sequentially("shop")
    expect(rows(form)).to_have_count(1)
    form.get_by_role("searchbox").press("Enter")

    expect(form.get_by_role("heading", name="Connect Shopify")).to_be_visible()


def test_arrows_walk_the_list_and_letters_go_back_to_the_search(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    search = form.get_by_role("searchbox")
    search.press("ArrowDown")
    expect(rows(form).nth(0)).to_be_focused()
    enzo.keyboard.press("ArrowDown")
    expect(rows(form).nth(1)).to_be_focused()
    enzo.keyboard.press("End")
    expect(rows(form).last).to_be_focused()
    enzo.keyboard.press("Home")
    expect(rows(form).first).to_be_focused()
    enzo.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    search.press("ArrowDown")
    enzo.keyboard.press("s")
    expect(search).to_be_focused()

    expect(search).to_have_value("s")


def test_a_row_is_chosen_by_enter(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("searchbox").press("ArrowDown")
    first = next(iter(CATALOGUE.values()))
    expect(rows(form).first).to_contain_text(first.title)
    enzo.keyboard.press("Enter")

    expect(form.get_by_role("heading", name=f"Connect {first.title}")).to_be_visible()


def test_a_category_narrows_the_list(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("group", name="Category").get_by_role("button", name="Databases").click()
    expect(rows(form)).to_have_count(1)
    expect(rows(form)).to_contain_text("PostgreSQL")
    press(form, "All")

    expect(rows(form)).to_have_count(len(CATALOGUE))


def test_a_misspelt_name_still_leads_somewhere(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("searchbox").fill("shopfy")

    expect(form.get_by_role("status")).to_contain_text("Nothing is called “shopfy”")
    expect(rows(form).first).to_contain_text("Shopify")


def test_from_a_form_there_is_a_way_back_to_the_list(enzo: Page, host: Host) -> None:
    form = picker(enzo, host)
    form.get_by_role("button", name="Slack").click()
    press(state_of(enzo), "Choose something else")

    expect(form.get_by_role("heading", name="What do you want to connect?")).to_be_visible()
