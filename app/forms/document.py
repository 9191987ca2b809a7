"""Values -> connection document; stored document -> the values that may be shown. Pure.

Everything that is sent is named by the definition; everything that is shown is on its allow-list.
"""

import copy
from collections.abc import Mapping
from typing import Any

from app.catalogue import slots
from app.catalogue.model import ConnectionType, Field, Kind, Method
from app.forms.values import Values

# Set by integrator.io alone; it drops them in silence (facts 1.3), we do not send them at all.
_READ_ONLY = (
    "_id", "createdAt", "lastModified", "lastModifiedBy", "_userId", "offline", "queues",
    "sandbox", "_integrationId", "_connectorId", "_sourceId", "_templateId", "needsAuthorization",
    "status", "lastPingAt", "lastPingStatus", "rateLimit", "concurrencyInfo", "deletedAt",
)  # fmt: skip


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

    `constants` are the operator's own secrets for ``{secret:NAME}``; `root` are the host's upstream
    ids by dotted path. A field without a value leaves no trace.
    """
    built: dict[str, Any] = {}
    fields = definition.fields_of(method)
    filling = _filling(fields, values) | {f"secret:{k}": v for k, v in (constants or {}).items()}
    for path, constant in definition.constants_of(method).items():
        if all(placeholder in filling for placeholder in slots.placeholders(constant)):
            slots.put(built, path, slots.fill(copy.deepcopy(constant), filling))
    for field in fields:
        value = values.get(field.name)
        if field.path is not None and value is not None:
            slots.put(built, field.path, value)
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
    """The method that made a stored document: the one whose plain constants it has, most first."""
    scored = [(_agreement(definition.constants_of(m), stored), m) for m in definition.methods]
    fitting = [(score, method) for score, method in scored if score is not None]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _agreement(constants: Mapping[str, Any], stored: Mapping[str, Any]) -> int | None:
    """How many of the constants that tell methods apart are there; None when one differs."""
    same = 0
    for path, constant in constants.items():
        if not _tells_apart(path) or slots.placeholders(constant):
            continue
        found = slots.get(stored, path)
        if found != constant:
            return None
        same += 1
    return same


def _tells_apart(path: str) -> bool:
    # Ping rules and headers are tuned by hand upstream; what decides the sign-in is not.
    return path == "type" or path.endswith(
        ("type", "Type", "location", "Location", "useImplicitFtps")
    )


def shown(definition: ConnectionType, method: Method, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a stored document that may be shown: the definition's non-secret paths only.

    An allow-list, not a mask: integrator.io may add a secret that we do not know.
    """
    fields = [f for f in definition.fields_of(method) if not f.secret]
    found: dict[str, Any] = {}
    patterns = {f.name: _pattern(f) for f in fields}
    for path, constant in definition.constants_of(method).items():
        if isinstance(constant, str) and slots.placeholders(constant):
            found |= slots.read_back(constant, slots.get(stored, path), patterns) or {}
    for field in fields:
        if field.path is not None:
            found[field.name] = slots.get(stored, field.path)
    return {
        f.name: value
        for f in fields
        if (value := _retyped(f, found.get(f.name))) is not None and value != slots.MASK
    }


def _pattern(each: Field) -> str:
    if each.pattern is not None:
        return each.pattern
    return {Kind.PORT: r"\d+", Kind.INTEGER: r"\d+"}.get(each.kind, r".*?")


def _retyped(each: Field, value: Any) -> Any:
    if each.kind in (Kind.PORT, Kind.INTEGER) and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def overlay(
    definition: ConnectionType, stored: Mapping[str, Any], built: Mapping[str, Any]
) -> dict[str, Any]:
    """Lay a newly built document over the stored one, for a PUT that replaces the whole.

    Every path that any method of the definition owns is dropped first, so that nothing of the old
    method stays. Raises CannotPreserveSecret when a masked value would remain: sent back, the mask
    would be stored as the secret; left out, the secret would be erased.
    """
    merged = copy.deepcopy(dict(stored))
    for key in _READ_ONLY:
        merged.pop(key, None)
    for method in definition.methods:
        for path in (*definition.constants_of(method), *_paths(definition.fields_of(method))):
            slots.drop(merged, path)
    merged = {**_laid(merged, built)}
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
        return [row for row in under if row["name"] not in names] + list(over)
    return copy.deepcopy(over)


def _named(rows: list[Any]) -> bool:
    return all(isinstance(row, Mapping) and "name" in row for row in rows)


def _masked(tree: Any, prefix: str = "") -> list[str]:
    if isinstance(tree, Mapping):
        return [path for k, v in tree.items() for path in _masked(v, f"{prefix}{k}.")]
    if isinstance(tree, list):
        return [path for item in tree for path in _masked(item, prefix)]
    return [prefix.rstrip(".")] if tree == slots.MASK else []
