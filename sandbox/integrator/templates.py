"""The little of handlebars that the emulator has: plain names in double or triple braces.

Names that begin with `connection.` are left to reach: only it sees credentials.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from sandbox.integrator.errors import invalid, not_emulated
from sandbox.integrator.paths import ABSENT

EXPRESSION = re.compile(r"\{\{\{\s*(?P<raw>[^{}]*?)\s*\}\}\}|\{\{\s*(?P<plain>[^{}]*?)\s*\}\}")
NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*\Z")
CONNECTION = "connection."


def fill(template: str, find: Callable[[str], Any], encode: Callable[[str], str]) -> str:
    """Put values in the place of names. `find` gives ABSENT for a name without a value: nothing.

    `encode` fits a double-braced value to its surroundings; a triple-braced one goes in raw.
    Raises Refusal (422) naming an expression that is more than a name.
    """

    def value(match: re.Match[str]) -> str:
        name = match["raw"] if match["raw"] is not None else match["plain"]
        if name.startswith(CONNECTION):
            return match[0]
        if not NAME.match(name):
            raise not_emulated(f"the expression {match[0]}")
        found = find(name)
        text = "" if found is ABSENT or found is None else as_text(found)
        return _raw(name, text) if match["raw"] is not None else encode(text)

    return EXPRESSION.sub(value, template)


def as_text(value: Any) -> str:
    """A value inside a text: strings as they are, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def for_address(text: str) -> str:
    """A value inside a relative URI."""
    return quote(text, safe="")


def for_json(text: str) -> str:
    """A value inside a JSON string of a template."""
    return inert(json.dumps(text)[1:-1])


def inert(json_text: str) -> str:
    """The same JSON without a double brace: data must never be read as a template by reach,
    or a record could ask for the connection's secrets. Two braces only meet inside a string."""
    return json_text.replace("{{", "{\\u007b")


def _raw(name: str, text: str) -> str:
    if "{{" in text:
        raise invalid(name, "A value with two braces cannot go in raw.")
    return text
