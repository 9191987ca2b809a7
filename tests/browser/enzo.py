"""What Enzo does in front of a form, in one line each; it is in a frame or is the whole page."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from app.catalogue.load import load
from app.catalogue.model import Kind
from sandbox.targets.running import Targets

CATALOGUE = load()
# Each connection type with each of its methods.
WAYS = [(kind.key, method.key) for kind in CATALOGUE.values() for method in kind.methods]
RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}
WRONG = RIGHT | {"password": "not-the-password"}

Form = FrameLocator | Page
# A dialog's frame is never higher than the window, but for its margins.
HIGH_ENOUGH = """([frame, wanted]) =>
  frame.clientHeight > Math.min(wanted, innerHeight - 49) - 1"""


def right(targets: Targets, kind: str, method: str | None = None) -> dict[str, str]:
    """What works, for the fields of one method (the first) that somebody has to fill in."""
    definition, known = CATALOGUE[kind], targets.credentials[kind]
    chosen = definition.method(method)
    assert chosen is not None
    return {
        each.name: known[each.name]
        for each in definition.fields_of(chosen)
        if each.required and each.default is None and not each.when and each.kind != Kind.BOOLEAN
    }


def form_of(page: Page, into: str = "") -> FrameLocator:
    """The form in the host's page, once it is ready for a person."""
    box = page.locator(f"{into} .keyhatch".strip())
    expect(box).to_have_class("keyhatch open")
    form = box.frame_locator("iframe")
    wait_for_height(page, box, form)
    return form


def wait_for_height(page: Page, box: Locator, form: FrameLocator) -> None:
    """Until the frame has the height of its form, a click may land beside what it is meant for."""
    wanted = form.locator(".kh").evaluate("(sheet) => sheet.getBoundingClientRect().height")
    frame = box.locator("iframe").element_handle()
    page.wait_for_function(HIGH_ENOUGH, arg=[frame, wanted])


def state_of(page: Page) -> FrameLocator:
    """The frame, once it shows a page of ours, a form or not."""
    frame = page.locator(".keyhatch").frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    return frame


def frame_of(page: Page, into: str = "") -> Frame:
    """The same as a frame, for what runs inside it."""
    form_of(page, into)
    element = page.locator(f"{into} .keyhatch iframe".strip()).element_handle()
    frame = element.content_frame()
    assert frame is not None
    return frame


def ask_for_form(page: Page, address: str) -> None:
    """Go to the host's page and press its button."""
    page.goto(address)
    page.get_by_role("button", name="Connect an app").click()


def open_form(page: Page, address: str) -> FrameLocator:
    """The same, until the form is there."""
    ask_for_form(page, address)
    return form_of(page)


def field(form: Form, name: str) -> Locator:
    """The control of a field."""
    return form.locator(f'.field [name="{name}"]')


def fill(form: Form, values: Mapping[str, str]) -> None:
    """Type values into their fields."""
    for name, value in values.items():
        field(form, name).fill(value)


def press(form: Form, name: str) -> None:
    """Press the button of this name."""
    form.get_by_role("button", name=name, exact=True).click()


def connect(form: Form, values: Mapping[str, str]) -> None:
    """Fill the form in and press Connect."""
    fill(form, values)
    press(form, "Connect")


def error_of(form: Form, name: str) -> Locator:
    """What is said about a field that is wrong."""
    return form.locator(f"#f-{name}-e .err")


def expect_connected(form: Form, title: str = "HTTP API with a password") -> None:
    """The form says that it is done."""
    expect(form.get_by_role("heading", name=f"{title} is connected")).to_be_visible()


def told(page: Page) -> list[dict[str, Any]]:
    """The events that the host's page heard, except for heights."""
    events: list[dict[str, Any]] = page.evaluate("told")
    return [event for event in events if event["type"] != "height"]
