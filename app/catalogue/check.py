"""How the parts of a definition must fit together. Each fault names the key and the reason."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from app.catalogue import patterns, slots
from app.catalogue.model import ConnectionType, Field, Kind, Method

_RESERVED = "kh_"
# Root keys that a definition may set; the rest of the root (externalId, _agentId ...) is ours.
_ROOT = {"type", "assistant"}


def faults(definition: ConnectionType) -> Iterator[str]:
    """Everything that is wrong with a definition, one sentence each."""
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
    yield from _diagnosis_faults(definition)


def _doubled(where: str, names: list[str]) -> Iterator[str]:
    yield from (f"{where}: {name} stands twice" for name, n in Counter(names).items() if n > 1)


def _field_faults(field: Field) -> Iterator[str]:
    if field.name.startswith(_RESERVED):
        yield f"name: names that begin with {_RESERVED} are the form's own"
    if field.secret and not field.where:
        yield "where: a secret needs it, so that a person can find the value"
    if field.secret and field.default is not None:
        yield "default: a secret has none"
    if field.looks_like and not field.secret:
        yield "looks_like: only secrets have it"
    if field.pattern is not None and (fault := patterns.fault_of(field.pattern)):
        yield f"pattern: {fault}"
    yield from _choice_faults(field)


def _choice_faults(field: Field) -> Iterator[str]:
    if (field.kind is Kind.CHOICE) != bool(field.choices):
        yield "choices: the kind choice needs them, other kinds have none"
    elif field.choices and field.default is not None:
        if field.default not in {choice.value for choice in field.choices}:
            yield "default: it is not one of the choices"
    elif field.default is not None and not isinstance(field.default, _default_type(field.kind)):
        yield f"default: it does not fit the kind {field.kind}"


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
        elif field.pattern is None and field.kind not in (Kind.PORT, Kind.INTEGER, Kind.CHOICE):
            yield f"{{{name}}} needs a pattern, or its value could turn the address elsewhere"


def _target_faults(
    fields: dict[str, Field], constants: set[str], used: set[str], kind: str, where: str
) -> Iterator[str]:
    paths = [field.path for field in fields.values() if field.path]
    yield from _doubled(f"{where}.fields", paths)
    for field in fields.values():
        at = f"{where}.fields[{field.name}].path"
        if field.path is None and field.name not in used:
            yield f"{at}: it goes nowhere; give a path or use {{{field.name}}} in the document"
        elif field.path is not None:
            if field.path in constants:
                yield f"{at}: {field.path} is a constant already"
            if not slots.is_path(field.path) or not _known(kind, field.path):
                yield f"{at}: integrator.io knows no path {field.path} for {kind}"


def _when_faults(fields: tuple[Field, ...], where: str) -> Iterator[str]:
    names = {field.name for field in fields}
    for field in fields:
        if field.when and (field.when.field not in names or field.when.field == field.name):
            yield f"{where}.fields[{field.name}].when: {field.when.field} is not another field"


def _diagnosis_faults(definition: ConnectionType) -> Iterator[str]:
    names = {f.name for method in definition.methods for f in definition.fields_of(method)}
    for number, rule in enumerate(definition.diagnoses):
        if rule.field is not None and rule.field not in names:
            yield f"diagnoses[{number}].field: {rule.field} is not a field"
        if rule.when.text is not None and (fault := patterns.fault_of(rule.when.text)):
            yield f"diagnoses[{number}].when.text: {fault}"


def _known(kind: str, path: str) -> bool:
    known = known_paths()[kind]["paths"]
    plain = path.split("[", 1)[0]
    parent = path.rsplit(".", 1)[0]
    return plain in known or (parent in known and parent.endswith(("ncrypted", ".payload")))


@cache
def known_paths() -> dict[str, dict[str, frozenset[str]]]:
    """Per type of integrator.io: the paths it documents, and those it masks on read."""
    with (Path(__file__).parent / "known_paths.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        kind: {name: frozenset(paths) for name, paths in lists.items()}
        for kind, lists in tables.items()
    }
