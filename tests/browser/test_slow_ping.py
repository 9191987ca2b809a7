"""A service that takes its time: the form says so, can be stopped, and ends connected after all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.targets.running import Targets
from tests.browser.conftest import NewPage
from tests.browser.enzo import RIGHT, connect, expect_connected, field, fill, open_form, press
from tests.browser.hosts import Host
from tests.browser.watch import Watch
from tests.keyhatch import Keyhatch, running

SLOW = 22  # seconds until integrator.io answers
LONG = 60_000  # milliseconds, for what waits for it


@pytest.fixture(scope="module")
def impatient(
    _hosted: Host, targets: Targets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keyhatch]:
    """A Keyhatch that answers within 2 seconds."""
    with running(
        targets.zone,
        tmp_path_factory.mktemp("impatient"),
        targets,
        allowed_origins=_hosted.url,
        answer_within="2",
    ) as keyhatch:
        yield keyhatch


@pytest.fixture
def slow_host(host: Host, impatient: Keyhatch) -> Iterator[Host]:
    """Hana's product with that Keyhatch."""
    usual, host.keyhatch = host.keyhatch, impatient
    yield host
    host.keyhatch = usual
    impatient.emulator.faults.waiting.clear()


def slow_pings(keyhatch: Keyhatch, seconds: float) -> None:
    keyhatch.emulator.faults.add(
        {"kind": "latency", "seconds": seconds, "match": {"path": "/ping$"}}
    )


def watched(new_page: NewPage, host: Host, **options: object) -> tuple[Page, Watch]:
    assert host.keyhatch is not None
    page = new_page(**options)
    return page, Watch(page, host.keyhatch.url, (host.url,))


def test_a_ping_of_22_seconds_is_still_checking_and_then_connected(
    new_page: NewPage, slow_host: Host, impatient: Keyhatch
) -> None:
    slow_pings(impatient, SLOW)
    page, watch = watched(new_page, slow_host)
    form = open_form(page, slow_host.page())
    connect(form, RIGHT)
    expect(form.get_by_role("heading", name="Connecting")).to_be_visible()
    expect(form.get_by_role("button", name="Cancel")).to_be_visible()
    expect(form.get_by_text("Slower than usual.")).to_be_visible(timeout=LONG)
    state = impatient.hana().get(f"/v1/connect-sessions/{slow_host.sessions[0]['id']}").json()
    assert state["state"] == "working"

    expect(form.get_by_role("heading", name="is connected")).to_be_visible(timeout=LONG)
    expect(page.locator("#outcome")).to_have_text("verified: http-basic of enzo")
    watch.check()


def test_without_script_somebody_looks_again_until_it_is_connected(
    new_page: NewPage, slow_host: Host, impatient: Keyhatch
) -> None:
    slow_pings(impatient, 5)
    page, watch = watched(new_page, slow_host, java_script_enabled=False)
    page.goto(slow_host.session()["hosted_url"])
    press(page, "Continue")
    connect(page, RIGHT)
    expect(page.get_by_role("heading", name="Still signing in")).to_be_visible()
    looks = 0
    while page.get_by_role("button", name="Look again").count() and looks < 50:
        looks += 1
        press(page, "Look again")
        page.wait_for_load_state()

    expect_connected(page)
    watch.check()


def test_whoever_stops_waiting_keeps_the_form_and_finds_the_connection_made_once(
    new_page: NewPage, slow_host: Host, impatient: Keyhatch
) -> None:
    slow_pings(impatient, 5)
    before = len(impatient.emulator.connections)
    page, watch = watched(new_page, slow_host)
    form = open_form(page, slow_host.page())
    connect(form, RIGHT)
    press(form, "Cancel")
    expect(form.get_by_role("alert")).to_contain_text("It may still be saved")
    expect(field(form, "password")).to_have_value(RIGHT["password"])
    press(form, "Connect")

    expect(form.get_by_role("heading", name="is connected")).to_be_visible(timeout=LONG)
    assert len(impatient.emulator.connections) == before + 1
    watch.check()


def test_escape_while_it_is_checked_stops_the_waiting_and_asks_nothing(
    new_page: NewPage, slow_host: Host, impatient: Keyhatch
) -> None:
    slow_pings(impatient, 3)
    page, watch = watched(new_page, slow_host)
    form = open_form(page, slow_host.page())
    fill(form, RIGHT)
    press(form, "Test connection")
    expect(form.get_by_role("heading", name="Connecting")).to_be_focused()
    page.keyboard.press("Escape")

    expect(field(form, "password")).to_be_visible()
    expect(field(form, "password")).to_have_value(RIGHT["password"])
    watch.check()
