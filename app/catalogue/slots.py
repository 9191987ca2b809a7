"""Where values go: dotted paths, ``list[name=X].value`` steps, and ``{placeholder}`` constants.

Pure text work in both directions; which field feeds which slot is the document's business.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

# Double braces are integrator.io's own handlebars and stay as they are.
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*|secret:[A-Z][A-Z0-9_]*)\}(?!\})")
# Not the names by which JavaScript, on the other side, would reach into its own objects.
_STEP = re.compile(
    r"(?!(?:__proto__|constructor|prototype)\b)([A-Za-z_][A-Za-z0-9_]*)(?:\[name=([^\[\]=.]+)\])?"
)
MASK = "******"
# Slots that integrator.io uses as they are; elsewhere in http and rest it evaluates handlebars,
# and so it does in the addresses, bodies and headers of a sign-in.
_DATA_SLOTS = re.compile(
    r"http\.auth\.(?!.*(?:URI|Uri|uri|Body|body|Headers|payload)\b).*"
    r"|(?:mcp\.)?http\.(?:encrypted|unencrypted|clientCertificates)\..*"
    r"|rest\.(?:basicAuth\..*|bearerToken|encrypted\..*|unencrypted\..*)"
    r"|(?!http\.|rest\.|mcp\.).*"
)


def is_path(path: str) -> bool:
    """Whether the text is a dotted path; its last step but one may be ``list[name=X]``."""
    steps = [_STEP.fullmatch(part) for part in path.split(".")]
    rows = [number for number, step in enumerate(steps) if step and step[2] is not None]
    return all(steps) and (not rows or (rows == [len(steps) - 2] and path.endswith("].value")))


def is_templated(path: str) -> bool:
    """Whether integrator.io evaluates handlebars in this slot."""
    return not _DATA_SLOTS.fullmatch(path)


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Write one value into the tree, making what is missing on the way."""
    *parents, last = path.split(".")
    here = tree
    for part in parents:
        here = _enter(here, part)
    here[last] = value


def _enter(here: dict[str, Any], part: str) -> dict[str, Any]:
    key, wanted = _split(part)
    if wanted is None:
        inner: dict[str, Any] = here.setdefault(key, {})
        return inner
    rows: list[dict[str, Any]] = here.setdefault(key, [])
    row = next((row for row in rows if row.get("name") == wanted), None)
    if row is None:
        row = {"name": wanted}
        rows.append(row)
    return row


def get(tree: Any, path: str) -> Any:
    """Read one value; None when the way there does not exist."""
    here = tree
    for part in path.split("."):
        key, wanted = _split(part)
        here = here.get(key) if isinstance(here, Mapping) else None
        if wanted is not None:
            rows = here if isinstance(here, list) else []
            here = next((r for r in rows if _is_row(r, wanted)), None)
    return here


def drop(tree: Any, path: str) -> None:
    """Remove one value, the row of a list that only existed for it, and a mask over a whole map.

    integrator.io shows ``http.encrypted`` as one mask: who owns a value below owns the map.
    """
    first, _, rest = path.partition(".")
    key, wanted = _split(first)
    if not isinstance(tree, dict) or key not in tree:
        return
    if wanted is not None and isinstance(tree[key], list):
        tree[key] = [row for row in tree[key] if not _is_row(row, wanted)]
    elif rest and tree[key] != MASK:
        drop(tree[key], rest)
    else:
        del tree[key]


def _is_row(row: Any, name: str) -> bool:
    return isinstance(row, Mapping) and row.get("name") == name


def _split(part: str) -> tuple[str, str | None]:
    found = _STEP.fullmatch(part)
    if found is None:
        return part, None
    return found[1], found[2]


def placeholders(constant: Any) -> list[str]:
    """The names in braces of a constant, in order; those of lists and rows too."""
    return [name for text in _texts(constant) for name in _PLACEHOLDER.findall(text)]


def touching(constant: Any) -> bool:
    """Whether two placeholders stand side by side: such a text cannot be read back."""
    return any(
        before.end() == after.start()
        for text in _texts(constant)
        for before, after in pairwise(_PLACEHOLDER.finditer(text))
    )


def _texts(constant: Any) -> Iterable[str]:
    if isinstance(constant, str):
        return [constant]
    if isinstance(constant, Mapping):
        return [text for value in constant.values() for text in _texts(value)]
    if isinstance(constant, list):
        return [text for value in constant for text in _texts(value)]
    return []


def fill(constant: Any, values: Mapping[str, str]) -> Any:
    """Put the values into the placeholders of a constant, all in one pass.

    One pass, so that a value that looks like a placeholder stays text.
    """
    if isinstance(constant, str):
        return _PLACEHOLDER.sub(lambda found: values[found[1]], constant)
    if isinstance(constant, Mapping):
        return {key: fill(value, values) for key, value in constant.items()}
    if isinstance(constant, list):
        return [fill(value, values) for value in constant]
    return constant


def read_back(constant: str, stored: Any, patterns: Mapping[str, str]) -> dict[str, str] | None:
    """Find the values of the placeholders in a stored text; None when it does not fit.

    Filled in again they give the same text. They are the same values, too, where the text between
    two placeholders has a sign that their patterns do not take.
    """
    if not isinstance(stored, str):
        return None
    source, end, seen = "", 0, set[str]()
    for found in _PLACEHOLDER.finditer(constant):
        source += re.escape(constant[end : found.start()])
        name = found[1]
        if name.startswith("secret:"):
            source += ".*"
        else:
            source += f"(?P={name})" if name in seen else f"(?P<{name}>{patterns[name]})"
            seen.add(name)
        end = found.end()
    match = re.fullmatch(source + re.escape(constant[end:]), stored, re.ASCII)
    return match.groupdict() if match else None
