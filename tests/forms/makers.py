"""Small fields and types, made of what a test says about them."""

from typing import Any

from app.catalogue.model import ConnectionType, Field


def field(kind: str = "text", **more: Any) -> Field:
    """One field called `it`, somewhere where nothing is templated."""
    usual = {"name": "it", "label": "Thing", "kind": kind, "path": "rdbms.database"}
    return Field.model_validate(usual | more)


def fields(*each: dict[str, Any]) -> tuple[Field, ...]:
    """Several fields; what is not said is usual."""
    return tuple(field(**{"label": one["name"].title(), **one}) for one in each)


def connection_type(**more: Any) -> ConnectionType:
    """A type of an HTTP API called Orchard, with a farm and a token."""
    usual: dict[str, Any] = {
        "key": "orchard",
        "title": "Orchard",
        "category": "generic",
        "summary": "Apples",
        "tile": "Or",
        "document": {
            "type": "http",
            "http": {
                "baseURI": "https://{farm}.orchard.example/v1",
                "auth": {"type": "token", "token": {"location": "header"}},
            },
        },
        "fields": [
            {"name": "farm", "label": "Farm", "role": "account", "pattern": "[a-z]+"},
            {
                "name": "token",
                "label": "Token",
                "kind": "secret",
                "role": "secret",
                "path": "http.auth.token.token",
                "looks_like": ["orc_"],
                "where": "There.",
            },
        ],
        "methods": [{"key": "token", "title": "Token"}],
    }
    return ConnectionType.model_validate(usual | more)
