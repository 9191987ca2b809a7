"""Values -> connection document; stored document -> the values that may be shown. Pure.

Everything that is sent is named by the definition; everything that is shown is on its allow-list.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue import slots
from app.catalogue.model import ConnectionType, Field, Kind, Method
from app.forms.values import Values

# Set by integrator.io alone; it drops them in silence (facts 1.3), we do not send them at all.
# `debugDate` is ours to set, but one of the past may be refused (facts 2.7).
_NOT_OURS = (
    "_id", "createdAt", "lastModified", "lastModifiedBy", "_userId", "offline", "queues",
    "sandbox", "_integrationId", "_connectorId", "_sourceId", "_templateId", "needsAuthorization",
    "status", "lastPingAt", "lastPingStatus", "rateLimit", "concurrencyInfo", "deletedAt",
    "debugDate",
)  # fmt: skip
# What decides a sign-in. Ping rules and headers are tuned by hand upstream, so they tell nothing.
_DECIDES = re.compile(
    r"type|.*\.(?:type|authType)|.*[lL]ocation|.*(?:basic|basicAuth)\.username|ftp\.useImplicitFtps"
)


class CannotPreserveSecret(Exception):
    """A stored secret that the form does not ask for would be lost: `paths` names where."""

    def __init__(self, paths: list[str]) -> None:
        self.paths = paths
        super().__init__(", ".join(paths))


def build(
    definition: ConnectionType,
    method: Method,
    values: Values,
    *,
    name: str,
    constants: Mapping[str, str] | None = None,
    root: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Build the connection document.

    `constants` are the operator's own secrets for ``{secret:NAME}`` (KeyError when one is missing);
    `root` are the host's upstream ids by dotted path. A field without a value leaves no trace,
    nor does a constant that it should fill.
    """
    built: dict[str, Any] = {}
    fields = definition.fields_of(method)
    filling = _filling(fields, values) | {f"secret:{k}": v for k, v in (constants or {}).items()}
    empty = {f.name for f in fields} - filling.keys()
    for path, constant in definition.constants_of(method).items():
        if empty.isdisjoint(slots.placeholders(constant)):
            slots.put(built, path, slots.fill(copy.deepcopy(constant), filling))
    for field in fields:
        value = values.get(field.name)
        if field.path is not None and value is not None:
            slots.put(built, field.path, copy.deepcopy(value))
    for path, value in {"name": name, **(root or {})}.items():
        slots.put(built, path, value)
    return built


def _filling(fields: tuple[Field, ...], values: Values) -> dict[str, str]:
    return {
        f.name: str(value)
        for f in fields
        if not f.secret and (value := values.plain.get(f.name)) is not None
    }


def method_of(definition: ConnectionType, stored: Mapping[str, Any]) -> Method | None:
    """The method that made a stored document, None when none fits.

    Constants that decide the sign-in must agree; among equals the method whose own fields are
    filled in wins (two methods of SFTP differ in nothing but the secret that is there).
    """
    best: tuple[tuple[int, int], Method] | None = None
    for method in definition.methods:
        score = _agreement(definition, method, stored)
        if score is not None and (best is None or score > best[0]):
            best = (score, method)
    return best[1] if best else None


def _agreement(
    definition: ConnectionType, method: Method, stored: Mapping[str, Any]
) -> tuple[int, int] | None:
    """(constants that agree, own fields that are filled in); None when a constant differs."""
    patterns, same = _patterns(definition.fields_of(method)), 0
    for path, constant in definition.constants_of(method).items():
        if not _DECIDES.fullmatch(path):
            continue
        found = slots.get(stored, path)
        if not _agrees(constant, found, patterns):
            return None
        same += 1
    own = [f for f in method.fields if f.path is not None]
    there = [f for f in own if slots.get(stored, str(f.path)) is not None]
    lacking = [f for f in own if f.required and f not in there]
    return same, len(there) - len(lacking)


def _agrees(constant: Any, found: Any, patterns: Mapping[str, str]) -> bool:
    if isinstance(constant, str) and slots.placeholders(constant):
        return slots.read_back(constant, found, patterns) is not None
    # A switch that is off may be left out of what is stored.
    return bool(found == constant or (constant is False and found is None))


def shown(definition: ConnectionType, method: Method, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a stored document that may be shown: the definition's non-secret paths only.

    An allow-list, not a mask: integrator.io may add a secret that we do not know. A value of
    another shape than its field's is left out for the same reason.
    """
    fields = [f for f in definition.fields_of(method) if not f.secret]
    found: dict[str, Any] = {}
    patterns = _patterns(tuple(fields))
    for path, constant in definition.constants_of(method).items():
        if isinstance(constant, str) and slots.placeholders(constant):
            found |= slots.read_back(constant, slots.get(stored, path), patterns) or {}
    for field in fields:
        if field.path is not None and (value := slots.get(stored, field.path)) is not None:
            found[field.name] = value
    return {f.name: value for f in fields if (value := _retyped(f, found.get(f.name))) is not None}


def _patterns(fields: tuple[Field, ...]) -> dict[str, str]:
    return {f.name: f.pattern or _PATTERNS.get(f.kind, r".*?") for f in fields}


_PATTERNS = {Kind.PORT: r"[0-9]+", Kind.INTEGER: r"[0-9]+"}


def _retyped(each: Field, value: Any) -> Any:
    """The value as its field has it, or None when it is no such value."""
    if each.kind in (Kind.PORT, Kind.INTEGER):
        text = "" if isinstance(value, bool) else str(value)
        return int(text) if re.fullmatch(r"[0-9]{1,16}", text) else None
    if each.kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if each.kind is Kind.LIST:
        return value if _all(value, str) else None
    if each.kind is Kind.PAIRS:
        return value if _all(value, dict) and all(_is_pair(row) for row in value) else None
    if not isinstance(value, str) or value == slots.MASK:
        return None
    known = {choice.value for choice in each.choices}
    return value if not known or value in known else None


def _all(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(row, kind) for row in value)


def _is_pair(row: Mapping[str, Any]) -> bool:
    return set(row) == {"name", "value"} and all(isinstance(text, str) for text in row.values())


def kept_secrets(
    definition: ConnectionType, method: Method, stored: Mapping[str, Any]
) -> tuple[str, ...]:
    """The secret fields that have a stored value. A reconnect must ask for them again: what it
    leaves out is erased."""
    fields = definition.fields_of(method)
    return tuple(f.name for f in fields if f.secret and f.path and _is_stored(stored, f.path))


def _is_stored(stored: Mapping[str, Any], path: str) -> bool:
    # A masked map shows nothing of what it holds; each of its values may be there.
    upper = path.rpartition(".")[0]
    return slots.get(stored, path) is not None or slots.get(stored, upper) == slots.MASK


def overlay(
    definition: ConnectionType, stored: Mapping[str, Any], built: Mapping[str, Any]
) -> dict[str, Any]:
    """Lay a newly built document over the stored one, for a PUT that replaces the whole.

    Every path that any method of the definition owns is dropped first, so that nothing of the old
    method stays. Raises CannotPreserveSecret when a masked value would remain: sent back, the mask
    would be stored as the secret; left out, the secret would be erased.
    """
    kept = {key: value for key, value in stored.items() if key not in _NOT_OURS}
    kept = copy.deepcopy(kept)
    for method in definition.methods:
        for path in (*definition.constants_of(method), *_paths(definition.fields_of(method))):
            slots.drop(kept, path)
    merged: dict[str, Any] = _laid(kept, built)
    if masked := list(_masked(merged)):
        raise CannotPreserveSecret(masked)
    return merged


def _paths(fields: tuple[Field, ...]) -> list[str]:
    return [field.path for field in fields if field.path is not None]


def _laid(under: Any, over: Any) -> Any:
    if isinstance(under, dict) and isinstance(over, Mapping):
        return under | {key: _laid(under.get(key), value) for key, value in over.items()}
    if isinstance(under, list) and isinstance(over, list) and _named(under) and _named(over):
        names = {row["name"] for row in over}
        return [row for row in under if row["name"] not in names] + copy.deepcopy(over)
    return copy.deepcopy(over)


def _named(rows: list[Any]) -> bool:
    return all(isinstance(row, Mapping) and "name" in row for row in rows)


def _masked(tree: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _masked(value, f"{prefix}{key}.")
    elif isinstance(tree, list):
        for item in tree:
            yield from _masked(item, prefix)
    elif tree == slots.MASK:
        yield prefix.rstrip(".")
