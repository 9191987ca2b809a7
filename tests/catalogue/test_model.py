"""What a definition says about its fields, methods and constants."""

import pytest
from pydantic import ValidationError

from app.catalogue.model import ConnectionType, Field, Kind, leaves

TYPE = ConnectionType.model_validate(
    {
        "key": "orchard",
        "title": "Orchard",
        "category": "generic",
        "summary": "Apples",
        "tile": "Or",
        "document": {"type": "http", "http": {"mediaType": "json", "auth": {"type": "basic"}}},
        "fields": [{"name": "farm", "label": "Farm"}],
        "methods": [
            {"key": "first", "title": "First", "fields": [{"name": "one", "label": "One"}]},
            {
                "key": "second",
                "title": "Second",
                "document": {"http": {"mediaType": "xml", "ping": {"body": "{secret:KEY}"}}},
            },
        ],
    }
)


def test_the_first_method_is_the_usual_one() -> None:
    assert TYPE.method(None) is TYPE.methods[0]
    assert TYPE.method("second") is TYPE.methods[1]
    assert TYPE.method("third") is None


def test_shared_fields_come_first() -> None:
    assert [field.name for field in TYPE.fields_of(TYPE.methods[0])] == ["farm", "one"]


def test_a_methods_constants_win() -> None:
    constants = TYPE.constants_of(TYPE.methods[1])

    assert constants["http.mediaType"] == "xml"
    assert constants["http.auth.type"] == "basic"


def test_a_list_is_one_constant() -> None:
    assert leaves({"a": {"b": [{"c": 1}], "d": 2}}) == {"a.b": [{"c": 1}], "a.d": 2}


def test_the_operators_secrets_are_named() -> None:
    assert TYPE.operator_constants() == {"KEY"}


@pytest.mark.parametrize(
    ("kind", "public", "secret"),
    [(Kind.SECRET, False, True), (Kind.PEM, False, True), (Kind.PEM, True, False),
     (Kind.TEXT, False, False), (Kind.TEXT_BLOCK, False, False)],
)  # fmt: skip
def test_secrets_and_keys_are_secret_unless_public(kind: Kind, public: bool, secret: bool) -> None:
    assert Field(name="x", label="X", kind=kind, public=public).secret is secret


def test_a_short_form_of_when_and_where_is_read() -> None:
    field = Field.model_validate({"name": "x", "label": "X", "when": "y", "where": "There."})

    assert field.when is not None
    assert (field.when.field, field.when.equals, field.where) == ("y", (), ("There.",))


def test_mallory_cannot_change_a_definition_that_was_read() -> None:
    with pytest.raises(ValidationError):
        setattr(TYPE.fields[0], "label", "Password")  # noqa: B010 - mypy would refuse it before us
