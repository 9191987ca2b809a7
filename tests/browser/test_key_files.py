"""A key or certificate can be pasted, dropped or picked; then the form says what it is."""

from datetime import UTC, datetime, timedelta

import pytest
import trustme
from playwright.sync_api import FilePayload, FrameLocator, Page, expect

from sandbox.targets.running import Targets
from tests.browser.enzo import connect, expect_connected, field, form_of, open_form, press, right
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

DROP = """(place, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const options = { bubbles: true, cancelable: true, dataTransfer };
  for (const type of ["dragenter", "dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(type, options));
  }
}"""


def key_form(page: Page, host: Host) -> FrameLocator:
    host.wants["types"] = ("sftp",)
    form = open_form(page, host.page())
    press(form, "Private key")
    expect(field(form, "private_key")).to_be_visible()
    return form_of(page)


def put_in(way: str, page: Page, form: FrameLocator, text: str) -> None:
    place = form.locator("[data-pem]")
    if way == "drop":
        place.locator(".drop").evaluate(DROP, ["larkfield.pem", text])
        return
    with page.expect_file_chooser() as chooser:
        place.get_by_role("button", name="Choose a file").click()
    file = FilePayload(name="larkfield.pem", mimeType="text/plain", buffer=text.encode())
    chooser.value.set_files(file)


@pytest.mark.parametrize("way", ["drop", "pick"])
def test_a_key_file_shows_what_it_is_and_connects(
    enzo: Page, host: Host, targets: Targets, keyhatch: Keyhatch, way: str
) -> None:
    values = right(targets, "sftp", "key")
    key = values.pop("private_key")
    form = key_form(enzo, host)
    put_in(way, enzo, form, key)
    card = form.locator(".cert")
    expect(card).to_contain_text("Private key")
    expect(card).to_contain_text("From larkfield.pem.")
    expect(form.get_by_label("Private key", exact=True)).to_be_hidden()
    connect(form, values)

    expect_connected(form, "SFTP")
    stored = list(keyhatch.emulator.connections.values())[-1]
    assert stored["ftp"]["authKey"].strip() == key.strip()


def test_a_key_can_be_removed_and_typed_again(enzo: Page, host: Host, targets: Targets) -> None:
    form = key_form(enzo, host)
    put_in("drop", enzo, form, targets.credentials["sftp"]["private_key"])
    press(form, "Remove")

    expect(field(form, "private_key")).to_be_focused()
    expect(field(form, "private_key")).to_have_value("")


def test_what_is_no_key_stays_visible_as_text(enzo: Page, host: Host) -> None:
    form = key_form(enzo, host)
    put_in("drop", enzo, form, "Dear Enzo, here is the key")

    expect(field(form, "private_key")).to_be_visible()
    expect(field(form, "private_key")).to_have_value("Dear Enzo, here is the key")


def test_a_file_that_is_too_large_for_a_key_is_not_read(enzo: Page, host: Host) -> None:
    form = key_form(enzo, host)
    put_in("drop", enzo, form, "x" * 70_000)

    expect(field(form, "private_key")).to_have_value("")


def test_a_refused_key_is_named_and_keeps_its_card(
    enzo: Page, host: Host, targets: Targets
) -> None:
    form = key_form(enzo, host)
    values = right(targets, "sftp", "key")
    cut = values.pop("private_key")[:200] + "\n-----END OPENSSH PRIVATE KEY-----\n"
    put_in("drop", enzo, form, cut)
    connect(form, values)

    expect(form.locator("#f-private_key-e .err")).to_be_visible()
    expect(form.get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize(("days", "says"), [(90, "Valid until "), (-1, "Expired on ")])
def test_a_certificate_shows_whose_it_is_and_until_when(
    enzo: Page, host: Host, days: int, says: str
) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    authority = trustme.CA()
    made = authority.issue_cert("db.larkfield.example", common_name="db.larkfield", not_after=until)
    host.wants["types"] = ("postgresql",)
    form = open_form(enzo, host.page())
    form.get_by_text("SSL options").click()
    text = made.cert_chain_pems[0].bytes().decode()
    form.locator("[data-pem]").nth(1).locator(".drop").evaluate(DROP, ["client.pem", text])

    card = form.locator("[data-pem]").nth(1).locator(".cert")
    expect(card).to_contain_text("db.larkfield")
    expect(card).to_contain_text(f"{says}{until.strftime('%B')} {until.day}, {until.year}.")
    expect(card.locator("xpath=self::*[contains(@class, 'warn')]")).to_have_count(int(days < 0))


def test_mallorys_certificate_breaks_nothing(enzo: Page, host: Host) -> None:
    host.wants["types"] = ("postgresql",)
    form = open_form(enzo, host.page())
    form.get_by_text("SSL options").click()
    place = form.locator("[data-pem]").first
    for body in ("AAAA", "MIIB", "////", "MIL/////////"):
        text = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"
        place.locator(".drop").evaluate(DROP, ["evil.pem", text])
        expect(place.locator("textarea")).to_have_value(text)
