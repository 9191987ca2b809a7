"""Dotted paths into JSON documents: read, write, remove, list. Knows no field of anybody."""

import re
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

ABSENT: Any = object()
PARTS = re.compile(r"[^.\[\]]+")


def read(document: Any, path: str) -> Any:
    """The value at `path`, or ABSENT. A number in the path (`a.0` or `a[0]`) counts into a list."""
    value = document
    for part in PARTS.findall(path):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def write(document: Document, path: str, value: Any) -> None:
    """Put `value` at `path`, making the objects on the way. ValueError if a value stands there."""
    *way, last = path.split(".")
    for part in way:
        document = document.setdefault(part, {})
        if not isinstance(document, dict):
            raise ValueError(f"{path} runs through {part}, which is no object")
    document[last] = value


def remove(document: Document, path: str) -> None:
    """Take `path` away if it is there."""
    *way, last = path.split(".")
    parent = read(document, ".".join(way)) if way else document
    if isinstance(parent, dict):
        parent.pop(last, None)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is neither an object nor a list, with its path."""
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in entries:
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value
