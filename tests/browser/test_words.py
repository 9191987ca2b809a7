"""What scripts say comes when it is needed; without it the browser sends the form itself."""

import re

from playwright.sync_api import Page, expect

from tests.browser.enzo import RIGHT, connect, error_of, expect_connected, field, form_of, open_form
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch


def test_where_the_words_are_blocked_the_browser_sends_the_form_itself(
    enzo: Page, host: Host, keyhatch: Keyhatch
) -> None:
    enzo.route("**/words.*", lambda route: route.abort())
    before = len(keyhatch.emulator.connections)
    connect(open_form(enzo, host.page()), RIGHT)

    expect_connected(form_of(enzo))
    assert len(keyhatch.emulator.connections) == before + 1


def test_a_message_that_came_later_describes_its_field(enzo: Page, host: Host) -> None:
    form = open_form(enzo, host.page())
    connect(form, RIGHT | {"password": "mistyped"})

    expect(error_of(form, "password")).to_be_visible()
    expect(field(form, "password")).to_have_accessible_description(re.compile("not accept this"))
