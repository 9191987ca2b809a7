"""How the parts of a definition must fit together. Each fault names the key and the reason."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from app.catalogue import patterns, slots
from app.catalogue.model import ConnectionType, Field, Kind, Method

_RESERVED = "kh_"
# Root keys that a definition may set; the rest of the root (externalId, _agentId ...) is ours.
_ROOT = {"type", "assistant"}
# More than this nobody reads beside a form.
_MOST_STEPS = 4


def faults(definition: ConnectionType, codes: Collection[str] | None = None) -> Iterator[str]:
    """Everything that is wrong with a definition, one sentence each.

    `codes` are the messages that a diagnosis may name; None leaves that unchecked.
    """
    yield from _doubled("methods", [method.key for method in definition.methods])
    if not definition.methods:
        yield "methods: at least one is needed"
    for method in definition.methods:
        where = f"methods[{method.key}]"
        fields = definition.fields_of(method)
        yield from _doubled(f"{where}.fields", [field.name for field in fields])
        for field in fields:
            yield from (f"{where}.fields[{field.name}].{fault}" for fault in _field_faults(field))
        yield from _document_faults(definition, method, where)
        yield from _when_faults(fields, where)
    yield from _diagnosis_faults(definition, codes)


def _doubled(where: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{where}: {name} stands twice" for name, n in Counter(names).items() if n > 1)


def _field_faults(field: Field) -> Iterator[str]:
    if field.name.startswith(_RESERVED):
        yield f"name: names that begin with {_RESERVED} are the form's own"
    if field.secret and not field.where:
        yield "where: a secret needs it, so that a person can find the value"
    if len(field.where) > _MOST_STEPS:
        yield f"where: at most {_MOST_STEPS} steps"
    if field.secret and field.default is not None:
        yield "default: a secret has none"
    if field.looks_like and not field.secret:
        yield "looks_like: only secrets have it"
    if field.public and field.kind is not Kind.PEM:
        yield "public: only the kind pem can be public"
    if field.pattern is not None and (fault := patterns.fault_of(field.pattern)):
        yield f"pattern: {fault}"
    else:
        yield from _default_faults(field)


def _default_faults(field: Field) -> Iterator[str]:
    values = {choice.value for choice in field.choices}
    if (field.kind is Kind.CHOICE) != bool(values):
        yield "choices: the kind choice needs them, other kinds have none"
    elif field.default is None:
        return
    elif values and field.default not in values:
        yield "default: it is not one of the choices"
    elif type(field.default) is not _default_type(field.kind):
        yield f"default: it does not fit the kind {field.kind}"
    elif field.pattern is not None and not patterns.matches(field.pattern, str(field.default)):
        yield "default: it does not fit the pattern"


def _default_type(kind: Kind) -> type:
    return {Kind.PORT: int, Kind.INTEGER: int, Kind.BOOLEAN: bool}.get(kind, str)


def _document_faults(definition: ConnectionType, method: Method, where: str) -> Iterator[str]:
    constants = definition.constants_of(method)
    fields = {field.name: field for field in definition.fields_of(method)}
    kind = constants.get("type")
    if not isinstance(kind, str) or kind not in known_paths():
        yield f"{where}.document.type: it must be a type of integrator.io"
        return
    used: set[str] = set()
    for path, constant in constants.items():
        used.update(slots.placeholders(constant))
        yield from (f"{where}.document.{path}: {f}" for f in _constant_faults(constant, fields))
        if path not in _ROOT and not _known(kind, path):
            yield f"{where}.document.{path}: integrator.io knows no such path for {kind}"
    yield from _target_faults(fields, set(constants), used, kind, where)


def _constant_faults(constant: Any, fields: dict[str, Field]) -> Iterator[str]:
    if slots.MASK in str(constant):
        yield "six asterisks are integrator.io's mask and would be stored as the value"
    if slots.touching(constant):
        yield "two placeholders need a text between them"
    for name in slots.placeholders(constant):
        if name.startswith("secret:"):
            continue
        field = fields.get(name)
        if field is None:
            yield f"{{{name}}} is not a field"
        elif field.secret:
            yield f"{{{name}}} is secret: it would travel in a text that is shown"
        elif field.many:
            yield f"{{{name}}} has many values: give it a path of its own"
        elif field.pattern is None and field.kind not in (Kind.PORT, Kind.INTEGER, Kind.CHOICE):
            yield f"{{{name}}} needs a pattern, or its value could turn the address elsewhere"


def _target_faults(
    fields: dict[str, Field], constants: set[str], used: set[str], kind: str, where: str
) -> Iterator[str]:
    paths = {field.path: field for field in fields.values() if field.path}
    yield from _doubled(f"{where}.fields", [f.path for f in fields.values() if f.path])
    for field in fields.values():
        at = f"{where}.fields[{field.name}].path"
        if field.path is None and field.name not in used:
            yield f"{at}: it goes nowhere; give a path or use {{{field.name}}} in the document"
    for path, field in paths.items():
        at = f"{where}.fields[{field.name}].path"
        if path in constants:
            yield f"{at}: {path} is a constant already"
        if not slots.is_path(path) or not _known(kind, path):
            yield f"{at}: integrator.io knows no path {path} for {kind}"
        elif _masked(kind, path) and not field.secret:
            yield f"{at}: integrator.io never shows {path} again, so the field must be secret"
        yield from (
            f"{at}: {path} lies inside {other}, which is written as a whole"
            for other in sorted({*paths, *constants})
            # A row may be added to a constant list of headers, but not to one that is typed.
            if path.startswith((f"{other}.", f"{other}[" if other in paths else f"{other}."))
        )


def _when_faults(fields: tuple[Field, ...], where: str) -> Iterator[str]:
    by_name = {field.name: field for field in fields}
    for field in fields:
        at, seen = f"{where}.fields[{field.name}].when", {field.name}
        upper: Field | None = field
        while upper is not None and upper.when is not None:
            upper = by_name.get(upper.when.field)
            if upper is None or upper.name in seen:
                yield f"{at}: it must lead to another field that is always shown"
                break
            seen.add(upper.name)
        if field.when and field.when.equals and (other := by_name.get(field.when.field)):
            yield from (f"{at}.equals: {fault}" for fault in _equals_faults(other, field))


def _equals_faults(other: Field, field: Field) -> Iterator[str]:
    asked = set(field.when.equals) if field.when else set()
    possible = {choice.value for choice in other.choices}
    if other.kind is Kind.BOOLEAN:
        possible = {"true", "false"}
    if other.secret:
        yield f"{other.name} is secret: only whether it is filled in may decide"
    elif possible:
        yield from (f"{value} is no value of {other.name}" for value in sorted(asked - possible))


def _diagnosis_faults(
    definition: ConnectionType, codes: Collection[str] | None = None
) -> Iterator[str]:
    names = {f.name for method in definition.methods for f in definition.fields_of(method)}
    for number, rule in enumerate(definition.diagnoses):
        if rule.field is not None and rule.field not in names:
            yield f"diagnoses[{number}].field: {rule.field} is not a field"
        if rule.when.text is not None and (fault := patterns.fault_of(rule.when.text)):
            yield f"diagnoses[{number}].when.text: {fault}"
        if not rule.when.model_dump(exclude_none=True):
            yield f"diagnoses[{number}].when: a status, a code or a text is needed"
        if codes is not None and rule.message not in codes:
            yield f"diagnoses[{number}].message: there is no message {rule.message}"


def _known(kind: str, path: str) -> bool:
    known = known_paths()[kind]["paths"]
    if "[" in path:
        # Only lists of {name, value} have rows to name.
        plain = path.split("[", 1)[0]
        return plain in known and plain.endswith(("eaders", ".options", ".properties"))
    parent = path.rsplit(".", 1)[0]
    return path in known or (parent in known and parent.endswith(("ncrypted", ".payload")))


def _masked(kind: str, path: str) -> bool:
    masked = known_paths()[kind]["masked"]
    return any(path == other or path.startswith(f"{other}.") for other in masked)


@cache
def known_paths() -> dict[str, dict[str, frozenset[str]]]:
    """Per type of integrator.io: the paths it documents, and those it masks on read."""
    with (Path(__file__).parent / "known_paths.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        kind: {name: frozenset(paths) for name, paths in lists.items()}
        for kind, lists in tables.items()
    }
