"""A newcomer opens the demo host, types what stands there, and sees what the demo promises."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from sandbox.keyhatch import KeyhatchProcess
from sandbox.world import World, start_world
from tests.browser.accessibility import violations
from tests.browser.conftest import NewPage

TYPES = (
    *("shopify", "stripe", "slack", "zendesk", "netsuite", "postgresql", "sftp", "ftp"),
    *("http-basic", "http-token"),
)
SLOW = 20_000  # milliseconds; a real sign-in at a busy moment

Form = FrameLocator | Page


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    log = tmp_path_factory.mktemp("demo") / "keyhatch.log"
    with (
        start_world() as started,
        KeyhatchProcess(started.keyhatch_url, started.environment(), log) as keyhatch,
    ):
        keyhatch.wait_until_ready()
        yield started


@pytest.fixture
def larkfield(page: Page, world: World) -> Page:
    page.goto(world.host_url)
    return page


def values_of(sheet: Locator) -> dict[str, str]:
    """What the first list of a sheet says to type."""
    rows = sheet.locator(".values").first.locator("div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


def fill(form: Form, values: dict[str, str]) -> None:
    expect(form.get_by_role("button", name="Connect", exact=True)).to_be_visible()
    for label, value in values.items():
        field = form.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))
        if field.count() == 0 or not field.is_visible():
            continue  # another method's, or folded away with a default that fits
        if field.evaluate("(it) => it.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def connect(form: Form) -> None:
    form.get_by_role("button", name="Connect", exact=True).click()


def open_dialog(page: Page, kind: str) -> tuple[FrameLocator, dict[str, str]]:
    """Click Connect on a card; the form, and what the card says to type."""
    card = page.locator(f"li[data-type={kind}]")
    card.locator("summary").click()
    values = values_of(card)
    card.get_by_role("button", name="Connect").click()
    expect(page.locator(".keyhatch.open")).to_be_visible()
    return page.locator("dialog").frame_locator("iframe"), values


def expect_verified(page: Page) -> None:
    expect(page.get_by_text("Receipt verified by our server")).to_be_attached(timeout=SLOW)


@pytest.mark.parametrize("kind", TYPES)
def test_what_a_card_says_connects_and_the_receipt_is_verified(larkfield: Page, kind: str) -> None:
    form, values = open_dialog(larkfield, kind)
    fill(form, values)
    connect(form)
    expect_verified(larkfield)
    form.get_by_role("button", name="Done").click()

    expect(larkfield.locator("dialog")).to_have_count(0)
    expect(larkfield.locator(f"li[data-type={kind}] [data-status]")).to_have_text("Connected")
    expect(larkfield.locator("[data-receipt]")).to_contain_text("enzo")


@pytest.mark.parametrize("way", ["inline", "element", "own"])
def test_the_other_ways_to_embed_connect_as_well(page: Page, world: World, way: str) -> None:
    page.goto(f"{world.host_url}/as/{way}?type=sftp")
    form: Form = page if way == "own" else page.frame_locator(".place iframe")
    fill(form, values_of(page.locator("aside")))
    connect(form)

    expect_verified(page)


def test_keyhatchs_own_page_leads_back_to_the_host(page: Page, world: World) -> None:
    page.goto(f"{world.host_url}/as/inline?type=stripe")
    values = values_of(page.locator("aside"))
    page.goto(f"{world.host_url}/hosted?type=stripe")
    page.get_by_role("main").get_by_role("button").last.click()
    fill(page, values)
    connect(page)
    page.get_by_role("link", name="Back to Larkfield Books").click(timeout=SLOW)

    expect(page).to_have_url(re.compile(rf"^{world.host_url}/?$"))
    expect(page.locator("li[data-type=stripe] [data-status]")).to_have_text("Connected")


def test_a_reconnect_replaces_what_was_there(larkfield: Page) -> None:
    form, values = open_dialog(larkfield, "slack")
    fill(form, values)
    connect(form)
    form.get_by_role("button", name="Done").click(timeout=SLOW)
    before = larkfield.locator(".mine li").count()
    larkfield.get_by_role("button", name=re.compile("^Reconnect Slack")).first.click()
    again = larkfield.locator("dialog").frame_locator("iframe")
    fill(again, values)
    connect(again)
    again.get_by_role("button", name="Done").click(timeout=SLOW)

    expect_verified(larkfield)
    expect(larkfield.locator(".mine li")).to_have_count(before)


def test_a_connection_can_be_disconnected(larkfield: Page) -> None:
    form, values = open_dialog(larkfield, "slack")
    fill(form, values)
    connect(form)
    form.get_by_role("button", name="Done").click(timeout=SLOW)
    before = larkfield.locator(".mine li").count()
    larkfield.get_by_role("button", name=re.compile("^Disconnect Slack")).first.click()

    expect(larkfield.locator(".mine li")).to_have_count(before - 1)


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("postgresql", {"Password": "not-the-right-one"}, "Password"),
        ("postgresql", {"Host": "nowhere.larkfield.example"}, "Host"),
        ("postgresql", {"Port": "9"}, "Port"),
        ("shopify", {"Store name": "no-such-store"}, "Store name"),
    ],
)
def test_what_is_wrong_is_said_on_its_own_field(
    larkfield: Page, kind: str, wrong: dict[str, str], field: str
) -> None:
    form, values = open_dialog(larkfield, kind)
    fill(form, values | wrong)
    connect(form)

    at_fault = form.locator("[aria-invalid=true]")
    expect(at_fault.first).to_be_visible(timeout=SLOW)
    labels = at_fault.evaluate_all("(them) => them.map((it) => it.labels[0].textContent.trim())")
    assert field in labels
    expect(form.get_by_text("Nothing was saved.", exact=False).first).to_be_visible()


def test_a_stopped_service_blames_no_secret(larkfield: Page, world: World) -> None:
    card = larkfield.locator("li[data-type=stripe]")
    form, values = open_dialog(larkfield, "stripe")
    form.get_by_role("button", name="Close").click()
    card.get_by_role("button", name="Stop it").click()
    expect(card.get_by_text("It is stopped.")).to_be_visible()
    try:
        card.get_by_role("button", name="Connect").click()
        expect(larkfield.locator(".keyhatch.open")).to_be_visible()
        fill(form, values)
        connect(form)
        expect(form.get_by_text("Stripe is having trouble.")).to_be_visible(timeout=SLOW)
        wrong = form.locator("[aria-invalid=true]").count()
    finally:
        world.targets.start("stripe")

    assert wrong == 0


def test_leaving_is_told_to_the_person(larkfield: Page) -> None:
    form, _ = open_dialog(larkfield, "stripe")
    form.get_by_role("button", name="Close").click()

    expect(larkfield.locator("[data-receipt]")).to_contain_text("You closed the form.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/as/inline?type=sftp", "/as/own?type=ftp"])
def test_axe_finds_nothing_on_the_hosts_pages(
    new_page: NewPage, world: World, path: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(world.host_url + path)
    page.wait_for_load_state("networkidle")
    for summary in page.locator("summary").all():
        summary.click()

    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/as/inline?type=sftp", "/as/own?type=ftp"])
def test_the_hosts_pages_fit_a_small_phone(new_page: NewPage, world: World, path: str) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(world.host_url + path)
    page.wait_for_load_state("networkidle")
    for summary in page.locator("summary").all():
        summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_no_secret_stays_on_this_machine(world: World) -> None:
    """Everything typed above is known: none of it may be in Keyhatch's database."""
    stored = b"".join(path.read_bytes() for path in Path(world.folder).glob("keyhatch.sqlite3*"))
    secrets = [world.targets.credentials[kind] for kind in TYPES]

    assert b"con_" in stored
    for values in secrets:
        for name in values.keys() & {"password", "token", "secret_key", "token_secret"}:
            assert values[name].encode() not in stored
