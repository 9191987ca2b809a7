"""axe finds nothing on any page, light or dark, from left to right or not, in the frame as well."""

from collections.abc import Callable

import pytest

from tests.browser.accessibility import violations
from tests.browser.scenes import FRAMED
from tests.browser.stage import Scene, Stage, each
from tests.browser.whole_pages import ADMIN, WIDGET

# Where the colours change nothing but themselves.
COLOURS = ("color-contrast", "link-in-text-block")

SPOKEN = """() => {
  const html = document.documentElement;
  return [html.lang, getComputedStyle(html).direction];
}"""
# Without a session they know nobody's language.
OF_NOBODY = ("unknown", "used", "completed", "not_allowed", "hosted_used")


@each(WIDGET)
def test_axe_finds_nothing_in_light_and_dark(stage: Callable[..., Stage], scene: Scene) -> None:
    play = stage()
    seen = scene(play)

    assert violations(seen) == []
    play.page.emulate_media(color_scheme="dark")
    assert violations(seen, *COLOURS) == []


@each(WIDGET)
def test_axe_finds_nothing_from_right_to_left(stage: Callable[..., Stage], scene: Scene) -> None:
    play = stage()
    play.host.wants["locale"] = "en-XB"
    seen = scene(play)

    spoken = seen.evaluate(SPOKEN)
    assert spoken == (["en", "ltr"] if scene.__name__ in OF_NOBODY else ["en-XB", "rtl"])
    assert violations(seen) == []


@each(ADMIN)
def test_axe_finds_nothing_on_the_operators_pages(
    stage: Callable[..., Stage], scene: Scene
) -> None:
    play = stage()
    seen = scene(play)

    assert violations(seen) == []
    play.page.emulate_media(color_scheme="dark")
    assert violations(seen, *COLOURS) == []


@pytest.mark.parametrize("accent", ["#1d5446", "#8a1c4a"])
def test_a_hosts_accent_stays_legible_in_both(stage: Callable[..., Stage], accent: str) -> None:
    play = stage()
    play.host.wants["theme"] = {"accent": accent}
    seen = FRAMED["shopify-token"](play)

    assert violations(seen, *COLOURS) == []
    play.page.emulate_media(color_scheme="dark")
    assert violations(seen, *COLOURS) == []


def test_the_hosts_page_around_the_frame_is_clean_too(stage: Callable[..., Stage]) -> None:
    play = stage()
    FRAMED["refused_open"](play)

    assert violations(play.page) == []
