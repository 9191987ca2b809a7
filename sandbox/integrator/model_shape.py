"""Checks the models of virtual exports, imports and mappings: known keys, of the right kind.

What the keys mean is for who reads them.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.integrator.errors import Refusal, invalid, missing, not_emulated
from sandbox.integrator.paths import Document
from sandbox.integrator.templates import fill

Shapes = Mapping[str, type | tuple[type, ...]]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def only(model: Any, shapes: Shapes, name: str) -> None:
    """Raises Refusal (422) for a key that asks for something and is unknown or of the wrong kind.

    Forms write an empty default of everything into a model; what is empty asks for nothing.
    """
    if not isinstance(model, dict):
        raise invalid(name, f"Expected {name} to be an object.")
    for key in sorted(model):
        path = f"{name}.{key}" if name else key
        if model[key] in (None, False, "", [], {}):
            continue
        if key not in shapes:
            raise not_emulated(path)
        kind = shapes[key]
        # To Python True is an int, to a model it is not.
        if not isinstance(model[key], kind) or (kind is int and isinstance(model[key], bool)):
            raise invalid(path, f"{path} cannot be a {type(model[key]).__name__}.")


def adaptor_of(model: Any, resource: str, kind: str, common: Shapes) -> Document:
    """The part of an export or import that is named like the connection's type."""
    if not isinstance(model, dict):
        raise Refusal(422, missing(resource))
    if not isinstance(model.get(kind), dict):
        raise Refusal(422, missing(kind))
    only(model, {**common, kind: dict}, "")
    adaptor: Document = model[kind]
    return adaptor


def http_method(text: str) -> str:
    """The method in capitals."""
    if text.upper() not in METHODS:
        raise invalid("method", f"method is one of {', '.join(METHODS)}.")
    return text.upper()


def pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """`[{name, value}]` as pairs."""
    rows = headers or []
    if not all(isinstance(row, dict) and "name" in row and "value" in row for row in rows):
        raise invalid("headers", "headers is a list of objects with name and value.")
    # Only names of the connection are filled in here, and that by reach.
    return tuple((str(row["name"]), fill(str(row["value"]), _no_value, str)) for row in rows)


def _no_value(name: str) -> Any:
    raise not_emulated(f"{{{{{name}}}}} in headers")
