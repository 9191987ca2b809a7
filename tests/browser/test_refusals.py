"""A refusal says what is wrong at the field that is at fault, and nothing has to be typed twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from sandbox.targets.running import Targets
from tests.browser.enzo import (
    RIGHT,
    WRONG,
    connect,
    error_of,
    expect_connected,
    field,
    fill,
    frame_of,
    open_form,
    press,
    right,
    told,
)
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, the field that is at fault (none: the summary) and what it says."""

    typed: dict[str, str]
    field: str
    says: str
    stopped: str = ""  # a target


NOBODY = "No server is known under this"
AWAY = "127.0.0.1"
FAULTS = {
    "http-basic": {
        "password": Fault({"password": "no"}, "password", "does not accept this password"),
        "host name": Fault({"base_url": "http://no.orchard.example"}, "base_url", NOBODY),
        "closed port": Fault({"base_url": f"http://{AWAY}:{{}}"}, "base_url", "turned the connect"),
        "stopped": Fault({}, "", "The API is having trouble.", stopped="orchard"),
    },
    "postgresql": {
        "password": Fault({"password": "no"}, "password", "does not accept this password"),
        "host name": Fault({"host": "no.larkfield.example"}, "host", NOBODY),
        "closed port": Fault({"host": AWAY, "port": "{}"}, "port", "turned the connection away"),
        "stopped": Fault({}, "port", "turned the connection away", stopped="postgresql"),
    },
    "sftp": {
        "password": Fault({"password": "no"}, "password", "does not accept this password"),
        "host name": Fault({"host": "no.larkfield.example"}, "host", NOBODY),
        "closed port": Fault({"host": AWAY, "port": "{}"}, "port", "turned the connection away"),
        "stopped": Fault({}, "port", "turned the connection away", stopped="sftp"),
    },
}
CASES = [
    pytest.param(kind, fault, id=f"{kind}-{name}")
    for kind, faults in FAULTS.items()
    for name, fault in faults.items()
]


@pytest.fixture
def stop(targets: Targets) -> Iterator[list[str]]:
    """Names of targets that the test stopped; they start again when it ends."""
    stopped: list[str] = []
    yield stopped
    for name in stopped:
        targets.start(name)


@pytest.mark.parametrize(("kind", "fault"), CASES)
def test_each_fault_has_its_own_words_in_its_own_place(
    enzo: Page,
    host: Host,
    keyhatch: Keyhatch,
    targets: Targets,
    stop: list[str],
    closed_port: int,
    kind: str,
    fault: Fault,
) -> None:
    host.wants["types"] = (kind,)
    typed = {name: text.format(closed_port) for name, text in fault.typed.items()}
    before = len(keyhatch.emulator.connections)
    form = open_form(enzo, host.page())
    fill(form, right(targets, kind) | typed)
    if fault.stopped:
        stop.append(fault.stopped)
        targets.stop(fault.stopped)
    press(form, "Connect")

    said = error_of(form, fault.field) if fault.field else form.get_by_role("alert")
    expect(said).to_contain_text(fault.says)
    expect(form.locator(".err")).to_have_count(1 if fault.field else 0)
    at_fault = field(form, fault.field) if fault.field else form.get_by_role("alert")
    expect(at_fault).to_be_focused()
    assert len(keyhatch.emulator.connections) == before


def test_a_refusal_keeps_the_secret_in_the_page_and_points_to_the_field(
    enzo: Page, host: Host
) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()

    password = field(form, "password")
    expect(password).to_have_value(WRONG["password"])
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description(re.compile("does not accept this password"))
    expect(form.get_by_role("alert")).to_contain_text("Not connected")
    expect(form.get_by_role("link", name="Check “Password”")).to_be_visible()
    expect(field(form, "username")).not_to_have_attribute("aria-invalid", "true")


def test_what_was_right_is_said_as_well(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)

    expect(form.locator("#f-base_url-e")).to_contain_text("answered at this address")


def test_the_word_in_the_summary_leads_to_the_field(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    form.get_by_role("link", name="Check “Password”").click()

    expect(field(form, "password")).to_be_focused()


def test_after_a_refusal_only_the_wrong_value_is_typed_again(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()
    connect(form, {"password": RIGHT["password"]})

    expect_connected(form)
    failed = [event["code"] for event in told(enzo) if event["type"] == "failed"]
    assert failed == ["login_refused"]


def test_a_message_goes_away_with_the_next_refusal_that_lacks_it(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()
    connect(form, {"base_url": "http://no.orchard.example"})
    expect(error_of(form, "base_url")).to_contain_text(NOBODY)

    expect(form.locator(".err")).to_have_count(1)
    expect(field(form, "password")).not_to_have_attribute("aria-invalid", "true")


def test_empty_fields_are_named_without_asking_anybody(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    asked = len(keyhatch.emulator.requests)
    form = open_form(enzo, host.page())
    press(form, "Connect")
    expect(field(form, "base_url")).to_be_focused()

    assert form.locator(".err").all_text_contents() == [
        f"Error: {label} is empty."
        for label in ("Base address", "Test path", "User name", "Password")
    ]
    assert len(keyhatch.emulator.requests) == asked


def test_every_refusal_has_a_reference_that_can_be_copied(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, WRONG)

    reference = form.locator(".ref code")
    expect(reference).to_have_text(re.compile("^KH-[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    press(form, "Copy")
    assert frame_of(enzo).evaluate("String(getSelection())") == reference.text_content()


def test_mallorys_answer_becomes_text_and_never_markup(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    """A service that somebody runs may answer anything; the technical details show it as text."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    keyhatch.emulator.faults.add(
        {
            "kind": "status",
            "status": 200,
            "times": 1,
            "match": {"path": "/ping$"},
            "body": {"errors": [{"code": "ECONNREFUSED", "message": evil}]},
        }
    )
    form = open_form(enzo, host.page())
    connect(form, RIGHT)
    form.get_by_text("Technical details").click()

    expect(form.locator(".tail .panel")).to_contain_text("ECONNREFUSED")
    expect(form.locator("img, .panel script")).to_have_count(0)
