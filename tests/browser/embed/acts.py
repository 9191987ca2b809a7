"""What a host's page and a person do in these tests, in one line each."""

from typing import Any

from playwright.sync_api import Frame, Page, expect

OPEN = """({ url, token, words }) => {
  window.told = [];
  document.querySelector("#opener").focus();
  token ??= window.token;
  window.result = Keyhatch.open({ url, token, words, onEvent: (event) => told.push(event) })
    .then((success) => ({ success }), (exit) => ({ exit }));
}"""
MOUNT = """({ url, token, into }) => {
  window.told ??= [];
  const note = (name) => (detail) => told.push([name, detail]);
  const callbacks = { onSuccess: note("success"), onExit: note("exit"), onEvent: note("event") };
  token ??= window.token;
  window.handle = Keyhatch.mount(document.querySelector(into), { url, token, ...callbacks });
}"""
# A token function, as a host writes it: each call gives a new token.
FRESH = "() => { let calls = 0; window.token = async () => `fresh-${++calls}` }"


def open_modal(page: Page, url: str, token: str | None = "token-1", **words: str) -> None:
    """The host opens the form in a dialog; no token: the function in `window.token`."""
    page.evaluate(OPEN, {"url": url, "token": token, "words": words})


def mount(page: Page, url: str, token: str | None = "token-1", into: str = "#one") -> None:
    """The host mounts the form into one of its elements."""
    page.evaluate(MOUNT, {"url": url, "token": token, "into": into})


def frame_of(page: Page, into: str = ".keyhatch") -> Frame:
    """The form's frame, once its page has come."""
    frame = page.wait_for_selector(f"{into} iframe", state="attached")
    assert frame is not None
    inner = frame.content_frame()
    assert inner is not None
    inner.wait_for_selector("h1")
    return inner


def say(frame: Frame, type_: str, **rest: Any) -> None:
    """The frame tells the host something."""
    frame.evaluate("([type, rest]) => say(type, rest)", [type_, rest])


def heard(frame: Frame) -> list[Any]:
    """What the frame was told by the host, as soon as there is anything."""
    frame.wait_for_function("heard.length")
    return list(frame.evaluate("heard"))


def result(page: Page) -> Any:
    """What became of the promise."""
    return page.evaluate("window.result")


def expect_open(page: Page) -> None:
    """The form is there for the person to fill in."""
    expect(page.locator(".keyhatch.open iframe")).to_be_visible()


def place(page: Page) -> Any:
    """Where the dialog stands, once it moves no more."""
    dialog = page.locator("dialog")
    dialog.evaluate("(it) => Promise.all(it.getAnimations().map((each) => each.finished))")
    return dialog.bounding_box()
