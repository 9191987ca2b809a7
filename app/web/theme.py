"""A host's theme: an accent, a radius, a scheme. An accent that cannot be read is refused."""

import re
from typing import Any

from app.web.problems import FieldError, Problem

_WHITE, _INK = "#ffffff", "#10152e"
# What text of the accent's colour and the button's words stand on (look.md, tokens).
_GROUNDS = {"light": "#ffffff", "dark": "#1a1b1f"}
_NEEDED = 4.5


def _luminance(colour: str) -> float:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb`` by WCAG 2.2: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def checked(theme: dict[str, Any] | None) -> dict[str, Any] | None:
    """The theme with the colours that go with its accents. Raises a 422 that says what fails.

    `accent` and `accent_dark` are ``#rrggbb``, `radius` 0 to 16 px, `scheme` light or dark.
    """
    if not theme:
        return None
    made = {key: theme[key] for key in ("scheme", "radius") if theme.get(key) is not None}
    for scheme, key in (("light", "accent"), ("dark", "accent_dark")):
        if theme.get(key) is not None:
            made |= _pair(scheme, key, str(theme[key]).lower())
    return made


def _pair(scheme: str, key: str, accent: str) -> dict[str, str]:
    if not re.fullmatch(r"#[0-9a-f]{6}", accent):
        raise _refusal(key, "The accent must be a colour like #2f4fce.")
    reached = contrast(accent, _GROUNDS[scheme])
    if reached < _NEEDED:
        words = (
            f"The accent {accent} has a contrast of {reached:.2f} to the sheet in {scheme} mode; "
            f"{_NEEDED} is needed to read links and buttons."
        )
        raise _refusal(key, words)
    on = max((_WHITE, _INK), key=lambda text: contrast(accent, text))
    return {key: accent, f"on_{key}": on}


def _refusal(key: str, words: str) -> Problem:
    wrong = [FieldError(field=f"theme.{key}", code="accent_unreadable")]
    return Problem(422, "accent_unreadable", words, errors=wrong)
