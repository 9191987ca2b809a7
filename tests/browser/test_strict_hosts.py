"""Strict hosts lose nothing; where the form may not open, words say why, never a blank frame."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandbox.targets.running import Targets
from tests.browser.conftest import NewPage
from tests.browser.enzo import (
    RIGHT,
    ask_for_form,
    connect,
    expect_connected,
    field,
    fill,
    form_of,
    open_form,
    state_of,
    told,
)
from tests.browser.hosts import Host
from tests.browser.watch import Watch
from tests.keyhatch import Keyhatch, running

AWAY = "The form does not answer. Nothing was sent. Check your connection, then try again."


@pytest.fixture
def short_lived(host: Host, targets: Targets, tmp_path: Path) -> Iterator[Keyhatch]:
    """A Keyhatch of its own for the host, so that a test may end it."""
    usual = host.keyhatch
    with running(targets.zone, tmp_path, targets, allowed_origins=host.url) as keyhatch:
        host.keyhatch = keyhatch
        yield keyhatch
    host.keyhatch = usual


@pytest.fixture
def elsewhere(new_page: NewPage, host: Host, short_lived: Keyhatch) -> Iterator[Page]:
    """Enzo's browser before the short-lived Keyhatch."""
    page = new_page()
    watch = Watch(page, short_lived.url, (host.url,))
    yield page
    watch.check()


@pytest.mark.parametrize("mood", ["no-referrer", "strict", "isolated"])
@pytest.mark.parametrize("how", ["", "inline"])
def test_a_strict_host_gets_its_connection_without_a_violation(
    enzo: Page, host: Host, mood: str, how: str
) -> None:
    if how:
        enzo.goto(host.page(mood, how=how))
    else:
        ask_for_form(enzo, host.page(mood))
    form = form_of(enzo)
    connect(form, RIGHT)

    expect_connected(form)
    expect(enzo.locator("#outcome")).to_have_text("verified: http-basic of enzo")


@pytest.mark.parametrize("forgotten", ["frame-src", "form-action"])
def test_a_host_that_forgot_a_rule_is_told_which(
    enzo: Page, host: Host, keyhatch: Keyhatch, watches: list[Watch], forgotten: str
) -> None:
    ask_for_form(enzo, host.page(f"no-{forgotten}"))

    expect(enzo.locator(".keyhatch").get_by_role("status")).to_have_text(
        "The Content-Security-Policy of this page does not let the form open. "
        f"It needs: {forgotten} {keyhatch.url}"
    )
    # The browser complains in the console, too; that is the host's to mend.
    assert watches[0].complaints != []
    watches[0].complaints.clear()


def test_a_page_that_keyhatch_does_not_know_is_told_so_and_hears_why(
    enzo: Page, host: Host
) -> None:
    ask_for_form(enzo, host.page(base=host.foreign_url))
    form = state_of(enzo)

    expect(form.get_by_role("heading")).to_have_text("This page may not show the form")
    expect(form.locator(".state")).to_contain_text(host.foreign_url)
    expect(enzo.locator("#outcome")).to_have_text("left: origin_not_allowed")
    form.get_by_text("I build this site").click()
    expect(form.locator(".panel")).to_contain_text("KEYHATCH_ALLOWED_ORIGINS")
    assert [event["type"] for event in told(enzo)] == ["exit"]


def test_a_refused_page_learns_nothing_of_the_session(host: Host, keyhatch: Keyhatch) -> None:
    made = host.session()
    refused = keyhatch.frame(made["token"], host.foreign_url)

    assert refused.status_code == 403
    for secret in (made["id"], made["token"], "Enzo", "HTTP API", host.url + '"'):
        assert secret not in refused.text


def test_keyhatch_down_is_a_sentence_and_no_blank_frame(
    elsewhere: Page, host: Host, short_lived: Keyhatch
) -> None:
    elsewhere.goto(host.page(token=host.session()["token"]))
    short_lived.served.stop()
    elsewhere.get_by_role("button", name="Connect an app").click()

    expect(elsewhere.locator(".keyhatch").get_by_role("status")).to_have_text(AWAY)
    expect(elsewhere.locator("iframe")).to_be_hidden()
    expect(elsewhere.get_by_role("button", name="Try again")).to_be_visible()


def test_keyhatch_down_while_somebody_types_keeps_what_was_typed(
    elsewhere: Page, host: Host, short_lived: Keyhatch
) -> None:
    form = open_form(elsewhere, host.page())
    fill(form, RIGHT)
    # What the second look needs has come by now, as it does for a person.
    elsewhere.wait_for_load_state("networkidle")
    short_lived.served.stop()
    connect(form, {})

    expect(form.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(field(form, "password")).to_have_value(RIGHT["password"])
    assert short_lived.emulator.connections == {}
