"""Every page that shows in a frame of a host, by name, brought up as a person would come to it.

A scene ends with its frame on the screen; what is looked for on it is the tests' business.
"""

from playwright.sync_api import FilePayload, expect

from tests.browser.enzo import (
    CATALOGUE,
    RIGHT,
    WAYS,
    WRONG,
    connect,
    error_of,
    expect_connected,
    field,
    fill,
    form_of,
    frame_of,
    open_form,
    press,
)
from tests.browser.stage import Scene, Sight, Stage


def _form(kind: str, method: str) -> Scene:
    def scene(stage: Stage) -> Sight:
        frame = stage.inline(kind)
        definition = CATALOGUE[kind]
        chosen = definition.method(method)
        assert chosen is not None
        if chosen is not definition.methods[0]:
            press(form_of(stage.page), chosen.title)
            expect(form_of(stage.page).get_by_role("button", name=chosen.title)).to_have_attribute(
                "aria-pressed", "true"
            )
            frame = frame_of(stage.page)
        # All of it: what stands in groups and under "Where do I find it?" as well.
        frame.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        return frame

    return scene


def picker(stage: Stage) -> Sight:
    """The list of all types."""
    stage.host.wants["types"] = ()
    stage.page.goto(stage.host.page(how="inline", token=stage.host.session()["token"]))
    expect(form_of(stage.page).get_by_role("group", name="Category")).to_be_visible()
    return frame_of(stage.page)


def picker_empty(stage: Stage) -> Sight:
    """Nothing is called so."""
    frame = picker(stage)
    form_of(stage.page).get_by_role("searchbox").fill("shopfy")
    expect(form_of(stage.page).locator(".none")).to_be_visible()
    return frame


def refused(stage: Stage) -> Sight:
    """A wrong password."""
    frame = stage.inline()
    connect(form_of(stage.page), WRONG)
    expect(error_of(form_of(stage.page), "password")).to_be_visible()
    return frame


def refused_open(stage: Stage) -> Sight:
    """The same in the dialog of the host, as most people see it."""
    form = open_form(stage.page, stage.host.page())
    connect(form, WRONG)
    expect(error_of(form, "password")).to_be_visible()
    return frame_of(stage.page)


def all_empty(stage: Stage) -> Sight:
    """Every field of a wide form is wrong."""
    frame = stage.inline("postgresql")
    press(form_of(stage.page), "Connect")
    expect(error_of(form_of(stage.page), "host")).to_be_visible()
    return frame


def third_party_ill(stage: Stage) -> Sight:
    """The fault is nobody's here."""
    frame = stage.inline()
    connect(form_of(stage.page), RIGHT | {"password": "demo-orchard-maintenance"})
    expect(form_of(stage.page).get_by_role("alert")).to_contain_text("having trouble")
    return frame


def integrator_ill(stage: Stage) -> Sight:
    """integrator.io itself fails."""
    frame = stage.inline()
    stage.keyhatch.emulator.faults.add(
        {"kind": "status", "status": 503, "times": 2, "match": {"path": "/ping$"}}
    )
    connect(form_of(stage.page), RIGHT)
    expect(form_of(stage.page).get_by_role("button", name="Try again")).to_be_visible()
    return frame


def at_work(stage: Stage) -> Sight:
    """While it is checked."""
    frame = stage.inline()
    stage.slowly(5)
    connect(form_of(stage.page), RIGHT)
    expect(form_of(stage.page).get_by_role("button", name="Cancel")).to_be_visible()
    return frame


def tested(stage: Stage) -> Sight:
    """These details work."""
    frame = stage.inline()
    fill(form_of(stage.page), RIGHT)
    press(form_of(stage.page), "Test connection")
    expect(form_of(stage.page).get_by_role("heading", name="These details work")).to_be_visible()
    return frame


def leaving(stage: Stage) -> Sight:
    """Close without connecting?"""
    form = open_form(stage.page, stage.host.page())
    fill(form, {"username": "enzo"})
    press(form, "Close")
    expect(form.get_by_role("alertdialog")).to_be_visible()
    return frame_of(stage.page)


def connected(stage: Stage) -> Sight:
    """It is done."""
    frame = stage.inline()
    connect(form_of(stage.page), RIGHT)
    expect_connected(form_of(stage.page))
    return frame


def expired_with_input(stage: Stage) -> Sight:
    """The session ended while somebody typed."""
    frame = stage.inline()
    fill(form_of(stage.page), RIGHT)
    stage.host.an_hour_passes()
    press(form_of(stage.page), "Connect")
    expect(form_of(stage.page).get_by_role("alert")).to_contain_text("expired")
    return frame


def reconnect(stage: Stage) -> Sight:
    """A connection that exists, with a value that the host locked."""
    made = stage.connection()
    values = {"http-basic": {"base_url": {"value": RIGHT["base_url"], "locked": True}}}
    frame = stage.inline(connection_id=made, values=values)
    expect(field(form_of(stage.page), "username")).to_have_value(RIGHT["username"])
    return frame


def repaired(stage: Stage) -> Sight:
    """Something was taken off what was pasted."""
    frame = stage.inline("shopify")
    field(form_of(stage.page), "token").evaluate(
        """(input) => {
          input.focus();
          input.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
          document.execCommand("insertText", false, "Bearer shpat_demo_1 ");
        }"""
    )
    expect(form_of(stage.page).get_by_role("button", name="Undo")).to_be_visible()
    return frame


def key_card(stage: Stage) -> Sight:
    """A key file was taken in."""
    frame = _form("sftp", "key")(stage)
    key = stage.targets.credentials["sftp"]["private_key"]
    file = FilePayload(name="larkfield.pem", mimeType="text/plain", buffer=key.encode())
    with stage.page.expect_file_chooser() as chooser:
        form_of(stage.page).get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(form_of(stage.page).locator(".cert")).to_be_visible()
    return frame


def unknown(stage: Stage) -> Sight:
    """A token that nobody gave out."""
    return stage.state("khs_nonsense")


def used(stage: Stage) -> Sight:
    """A token that was exchanged five times."""
    token = stage.host.session()["token"]
    for _ in range(5):
        stage.keyhatch.frame(token, stage.host.url)
    return stage.state(token)


def completed(stage: Stage) -> Sight:
    """A session that has its connection."""
    stage.connection()
    return stage.state(stage.host.sessions[-1]["token"])


def revoked(stage: Stage) -> Sight:
    """A session that the host ended."""
    made = stage.host.session()
    stage.keyhatch.hana().delete(f"/v1/connect-sessions/{made['id']}")
    return stage.state(made["token"])


def not_allowed(stage: Stage) -> Sight:
    """A page that Keyhatch does not know."""
    frame = stage.state(stage.host.session()["token"], stage.host.foreign_url)
    form_of_state = stage.page.locator(".keyhatch").frame_locator("iframe")
    form_of_state.get_by_text("I build this site").click()
    return frame


FORMS: dict[str, Scene] = {f"{kind}-{method}": _form(kind, method) for kind, method in WAYS}
STATES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        picker,
        picker_empty,
        refused,
        refused_open,
        all_empty,
        third_party_ill,
        integrator_ill,
        at_work,
        tested,
        leaving,
        connected,
        expired_with_input,
        reconnect,
        repaired,
        key_card,
        unknown,
        used,
        completed,
        revoked,
        not_allowed,
    )
}
FRAMED: dict[str, Scene] = FORMS | STATES
