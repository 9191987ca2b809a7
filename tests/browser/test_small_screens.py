"""On 320 px nothing scrolls sideways or is cut off or missing, and no box makes a phone zoom in."""

from collections.abc import Callable
from typing import Any

from tests.browser.stage import Scene, Stage, each
from tests.browser.whole_pages import ADMIN, WIDGET

# What is wider than the screen, boxes whose letters make a phone zoom, icons without a drawing.
LOOK = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const small = [...document.querySelectorAll("input, select, textarea")]
    .filter((box) => box.checkVisibility() && !/^(hidden|checkbox|radio)$/.test(box.type))
    .filter((box) => parseFloat(getComputedStyle(box).fontSize) < 16);
  const cut = [...document.querySelectorAll("button, a, h1, p, label, summary")].filter((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    return each.checkVisibility() && width > 1 && (left < -1 || right > innerWidth + 1);
  });
  const undrawn = [...document.querySelectorAll("use")]
    .filter((use) => !document.querySelector(use.getAttribute("href")));
  const html = (each) => each.outerHTML.slice(0, 120);
  return { wide, small: small.map(html), cut: cut.map(html), undrawn: undrawn.map(html) };
}"""
FINE: dict[str, Any] = {"wide": 0, "small": [], "cut": [], "undrawn": []}
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
LARGE = "document.documentElement.style.fontSize = '200%'"


@each(WIDGET)
def test_a_page_of_the_widget_fits_a_small_phone_even_with_letters_of_twice_the_size(
    stage: Callable[..., Stage], scene: Scene
) -> None:
    seen = scene(stage(**PHONE))

    assert seen.evaluate(LOOK) == FINE
    seen.evaluate(LARGE)
    assert seen.evaluate(LOOK) == FINE


@each(ADMIN)
def test_a_page_of_the_operator_fits_a_small_phone(
    stage: Callable[..., Stage], scene: Scene
) -> None:
    seen = scene(stage(**PHONE))

    assert seen.evaluate(LOOK) == FINE
