"""What a connection document may hold and must hold, by its type. The facts are in fields.toml.

Reads a body into the document that would be stored; storing it is documents' business.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.integrator.errors import Entry, Refusal, entry, invalid, missing
from sandbox.integrator.paths import ABSENT, Document, read

KINDS = ("texts", "integers", "booleans", "lists", "objects", "refs")
OBJECT_ID = re.compile(r"[0-9a-f]{24}\Z")
NAME_LENGTH = 100
RULES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("fields.toml").read_text(encoding="utf-8")
)
EVERY = RULES.pop("every")


def read_document(body: Any) -> Document:
    """The part of `body` that integrator.io would keep. Raises Refusal (422) naming the fields."""
    if not isinstance(body, dict):
        raise Refusal(422, entry("invalid_field", "Expected a connection object."))
    kind = body.get("type")
    if kind is None:
        raise Refusal(422, missing("type"))
    if not isinstance(kind, str) or kind not in RULES:
        raise invalid("type", f"{kind!r} is not a connection type.")
    errors: list[Entry] = []
    document = _kept(body, "", kinds_of(kind), errors)
    errors += _values(document, RULES[kind].get("one_of", {}))
    errors += _absent(document, kind)
    errors += _special(document)
    if errors:
        raise Refusal(422, *errors)
    return document


def kinds_of(kind: str) -> dict[str, str]:
    """Path to kind of value, for every field that a connection of this type keeps."""
    rules = RULES[kind]
    known = {path: k for k in KINDS for r in (EVERY, rules) for path in r.get(k, "").split()}
    return known | dict.fromkeys(rules.get("one_of", {}), "texts")


def defaults_of(kind: str) -> Mapping[str, Any]:
    """Path to the value that is filled in."""
    defaults: Mapping[str, Any] = RULES[kind].get("defaults", {})
    return defaults


def _kept(body: Document, prefix: str, known: Mapping[str, str], errors: list[Entry]) -> Document:
    kept: Document = {}
    for key, value in body.items():
        path = prefix + key
        if path in known:
            if value is not None and (problem := _kind_problem(known[path], path, value)):
                errors.append(problem)
            elif value is not None:
                kept[key] = value
        elif any(other.startswith(path + ".") for other in known):
            if isinstance(value, dict):
                kept[key] = _kept(value, path + ".", known, errors)
            elif value is not None:
                errors.append(entry("invalid_field", f"Expected {path} to be an object.", path))
    return kept


def _kind_problem(kind: str, path: str, value: Any) -> Entry | None:
    fits = {
        "texts": isinstance(value, str),
        "refs": isinstance(value, str),
        "integers": isinstance(value, int) and not isinstance(value, bool),
        "booleans": isinstance(value, bool),
        "lists": isinstance(value, list),
        # A mask sent back in place of an object is taken; documents stores it and says so aloud.
        "objects": isinstance(value, dict | str),
    }[kind]
    if not fits:
        return entry("invalid_field", f"{path} cannot be a {type(value).__name__}.", path)
    if kind == "refs" and not OBJECT_ID.match(value):
        return entry("invalid_ref", f"{path} does not name anything.", path)
    return None


def _values(document: Document, one_of: Mapping[str, list[str]]) -> Iterator[Entry]:
    for path, allowed in one_of.items():
        value = read(document, path)
        if value is not ABSENT and value not in allowed:
            yield entry("invalid_field", f"{path} takes one of {', '.join(allowed)}.", path)


def _absent(document: Document, kind: str) -> Iterator[Entry]:
    if not isinstance(document.get(kind), dict):
        yield missing(kind)
    for rule in EVERY["required"] + RULES[kind].get("required", []):
        if all(_text(document, path) in values for path, values in rule.get("when", {}).items()):
            for choice in rule["paths"].split():
                paths = choice.split("|")
                if not any(_filled(document, path) for path in paths):
                    yield missing(paths[0])


def _text(document: Document, path: str) -> Any:
    value = read(document, path)
    return "" if value is ABSENT else value


def _filled(document: Document, path: str) -> bool:
    return _text(document, path) not in ("", [], {})


def _special(document: Document) -> Iterator[Entry]:
    if len(document.get("name", "")) > NAME_LENGTH:
        yield entry("invalid_field", f"name is longer than {NAME_LENGTH} characters.", "name")
    if read(document, "netsuite.authType") == "basic":
        message = "New NetSuite connections sign in with tokens."
        yield entry("netsuite_wsdl_tba_mandatory", message, "netsuite.authType")
    for path in ("ftp.port", "rdbms.port", "jdbc.port"):
        if not 0 <= (_text(document, path) or 0) <= 65535:
            yield entry("invalid_field", f"{path} is no port.", path)
    kind = document.get("type")
    level = _text(document, f"{kind}.concurrencyLevel")
    if level != "" and level < 1:
        path = f"{kind}.concurrencyLevel"
        yield entry("invalid_field", f"{path} is at least 1.", path)
    for header in _text(document, f"{kind}.headers") or []:
        if not isinstance(header, dict) or not {"name", "value"} <= set(header):
            message = "headers holds objects with name and value."
            yield entry("invalid_field", message, f"{kind}.headers")
    if "debugDate" in document and moment(document["debugDate"]) is None:
        yield entry("invalid_field", "debugDate is a date with a zone.", "debugDate")


def moment(value: Any) -> datetime | None:
    """An ISO 8601 date with a zone, or None if it is no such thing."""
    try:
        date = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else None
