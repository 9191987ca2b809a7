"""Fills handlebars that refer to the connection itself; the others wait for who has their values.

integrator.io evaluates them in the base URI, relative URIs, headers and bodies, not in credentials.
"""

import html
import re
from typing import Any

_REFERENCE = re.compile(
    r"\{\{\{\s*connection\.(?P<raw>[\w.\-]+)\s*\}\}\}|\{\{\s*connection\.(?P<escaped>[\w.\-]+)\s*\}\}"
)
# Handlebars escapes two more than Python does (https://handlebarsjs.com/guide/#html-escaping).
_ALSO_ESCAPED = {"`": "&#x60;", "=": "&#x3D;"}


def fill(text: str, document: dict[str, Any]) -> str:
    """Replace ``{{{connection.http.auth.token.token}}}`` and the like; an unknown path is empty."""

    def value(match: re.Match[str]) -> str:
        raw = match["raw"]
        if raw is not None:
            return _lookup(document, raw)
        return _escape(_lookup(document, match["escaped"]))

    return _REFERENCE.sub(value, text)


def _lookup(document: dict[str, Any], path: str) -> str:
    value: Any = document
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _escape(value: str) -> str:
    escaped = html.escape(value)
    for character, entity in _ALSO_ESCAPED.items():
        escaped = escaped.replace(character, entity)
    return escaped
