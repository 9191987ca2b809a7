"""Mapping 1.0 of an import: records in, records out. Pure; refuses by name what it lacks."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.integrator.errors import Refusal, invalid, missing, not_emulated
from sandbox.integrator.model_shape import Shapes, only
from sandbox.integrator.paths import ABSENT, Document, read, write
from sandbox.integrator.templates import as_text, fill

ANY = (str, int, float, bool, list, dict)
FIELD: Shapes = {
    "generate": str,
    "extract": str,
    "hardCodedValue": ANY,
    "default": ANY,
    "dataType": str,
}
LIST: Shapes = {"generate": str, "fields": list}
ITEM = re.compile(r"(?P<array>[^\[\]]+)\[\*\]\.?(?P<rest>.*)\Z")
# Older documents write {field} where the newer write {{field}} or the bare name.
OLD_BRACES = re.compile(r"\{([^{}]+)\}\Z")


def mapped(record: Document, mapping: Any) -> Document:
    """One record as the import would send it. No mapping: as it is.

    Raises Refusal (422) for a mapping that is wrong or holds what is not emulated.
    """
    if not mapping:
        return record
    only(mapping, {"fields": list, "lists": list}, "mapping")
    result: Document = {}
    for field in _fields(mapping):
        _put(result, field, _value(field, record))
    for target in mapping.get("lists") or []:
        only(target, LIST, "mapping.lists")
        entries = list(_entries(_fields(target), record))
        if entries:
            _put(result, target, entries)
    return result


def _fields(model: Document) -> list[Document]:
    fields: list[Document] = model.get("fields") or []
    for field in fields:
        only(field, FIELD, "mapping.fields")
    return fields


def _entries(fields: list[Document], record: Document) -> Iterator[Document]:
    """One object for each entry of the longest source array that the fields name."""
    arrays = [array for f in fields if (array := _array(f, record)) is not None]
    for index in range(max((len(a) for a in arrays), default=0 if _needs_array(fields) else 1)):
        result: Document = {}
        for field in fields:
            _put(result, field, _value(field, record, index))
        yield result


def _needs_array(fields: list[Document]) -> bool:
    return any(ITEM.match(str(field.get("extract") or "")) for field in fields)


def _array(field: Document, record: Document) -> list[Any] | None:
    match = ITEM.match(str(field.get("extract") or ""))
    array = read(record, match["array"]) if match else None
    return array if isinstance(array, list) else None


def _value(field: Document, record: Document, index: int | None = None) -> Any:
    if "hardCodedValue" in field:
        return _typed(field["hardCodedValue"], field.get("dataType"))
    value = _extracted(str(field.get("extract") or ""), record, index)
    if value is ABSENT or value in (None, ""):
        value = field.get("default", ABSENT)
    return _typed(value, field.get("dataType"))


def _extracted(extract: str, record: Document, index: int | None) -> Any:
    if "{{" in extract:
        return fill(extract, lambda name: read(record, name.removeprefix("record.")), str)
    if old := OLD_BRACES.match(extract):
        extract = old[1]
    if match := ITEM.match(extract):
        if index is None:
            raise not_emulated(f"the list {extract} outside mapping.lists")
        array = read(record, match["array"])
        item = read(array, str(index)) if isinstance(array, list) else ABSENT
        return read(item, match["rest"]) if match["rest"] and item is not ABSENT else item
    return read(record, extract) if extract else ABSENT


def _typed(value: Any, kind: Any) -> Any:
    if kind is None or value is ABSENT or value is None:
        return value
    if kind not in CASTS:
        raise not_emulated(f"the dataType {kind}")
    try:
        return CASTS[kind](value)
    except (TypeError, ValueError) as error:
        raise invalid("dataType", f"The value is no {kind}.") from error


def _number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _boolean(value: Any) -> bool:
    text = as_text(value).lower()
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _each(cast: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [cast(item) for item in (value if isinstance(value, list) else [value])]


CASTS: dict[str, Callable[[Any], Any]] = {
    "string": as_text,
    "number": _number,
    "boolean": _boolean,
    "stringarray": _each(as_text),
    "numberarray": _each(_number),
}


def _put(result: Document, field: Document, value: Any) -> None:
    generate = field.get("generate")
    if not generate:
        raise Refusal(422, missing("generate"))
    if value is ABSENT:
        return
    try:
        write(result, generate, value)
    except ValueError as error:
        raise invalid("generate", f"{generate} runs through a field that holds a value.") from error
