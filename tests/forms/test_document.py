"""Values become a connection document; a stored one shows only what its definition names."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from app.catalogue import slots
from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Method
from app.forms.document import build, kept_secrets, method_of, shown
from app.forms.values import Values, read
from tests.catalogue import typed
from tests.forms.makers import connection_type

CATALOGUE = load()
FORMS = list(typed.forms(CATALOGUE))
ORCHARD = connection_type()
METHOD = ORCHARD.methods[0]
VALUES = Values({"farm": "lark"}, {"token": SecretStr("orc_demo")})
bounded = settings(derandomize=True, deadline=None, max_examples=150)


def leaf_paths(tree: Any, whole: set[str], prefix: str = "") -> set[str]:
    """Every path that holds a value; a list that is written as a whole is one value."""
    path = prefix.rstrip(".")
    if isinstance(tree, dict) and path not in whole:
        inner = (leaf_paths(value, whole, f"{prefix}{key}.") for key, value in tree.items())
        return set[str]().union(*inner)
    if isinstance(tree, list) and path not in whole:
        return {f"{path}[name={row['name']}].value" for row in tree}
    return {path}


def allowed_paths(definition: ConnectionType, method: Method) -> set[str]:
    paths = {f.path for f in definition.fields_of(method) if f.path}
    return paths | set(definition.constants_of(method)) | {"name"}


hostile = st.sampled_from(
    ["__proto__", "constructor", "http.baseURI", "{{connection}}", "{store}", "******", "../..",
     "${x}", "a\u0000b", "x]", "[name=X]", "{secret:KEY}", "{{{x}}}"],
)  # fmt: skip


@bounded
@given(st.sampled_from(FORMS), st.data())
def test_nothing_is_ever_written_outside_the_definitions_paths(
    form: tuple[ConnectionType, Method], data: st.DataObject
) -> None:
    definition, method = form
    raw: dict[str, Any] = typed.typed(definition, method, full=True)
    for name in data.draw(st.lists(st.sampled_from(sorted(raw)), max_size=4)):
        raw[name] = data.draw(hostile | st.text(max_size=30))
    raw |= dict.fromkeys(data.draw(st.lists(hostile | st.text(max_size=8), max_size=3)), "evil")

    document = build(definition, method, read(definition.fields_of(method), raw).values, name="N")

    allowed = allowed_paths(definition, method)
    assert leaf_paths(document, allowed) <= allowed
    for path, constant in definition.constants_of(method).items():
        if not slots.placeholders(constant):
            assert slots.get(document, path) == constant
    assert slots.MASK not in json.dumps(document)


@bounded
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_password_arrives_as_it_was_typed(secret: str) -> None:
    document = build(ORCHARD, METHOD, Values({}, {"token": SecretStr(secret)}), name="N")

    assert document["http"]["auth"]["token"]["token"] == secret


def test_values_fill_placeholders_and_paths() -> None:
    document = build(ORCHARD, METHOD, VALUES, name="Mine")

    assert document == {
        "type": "http",
        "name": "Mine",
        "http": {
            "baseURI": "https://lark.orchard.example/v1",
            "auth": {"type": "token", "token": {"location": "header", "token": "orc_demo"}},
        },
    }


def test_a_field_without_a_value_leaves_no_trace() -> None:
    document = build(ORCHARD, METHOD, Values(), name="Mine")

    assert "baseURI" not in document["http"]
    assert "token" not in document["http"]["auth"]["token"]


def test_the_operators_secret_fills_a_constant_and_is_never_shown() -> None:
    partner = {"name": "X-Partner", "value": "{secret:PARTNER}-{farm}"}
    definition = connection_type(
        document={"type": "http", "http": {"headers": [partner], "ping": {"body": "{secret:BODY}"}}}
    )
    keys = {"PARTNER": "canary-1", "BODY": "canary-2"}

    document = build(definition, METHOD, VALUES, name="N", constants=keys)

    assert document["http"]["headers"] == [{"name": "X-Partner", "value": "canary-1-lark"}]
    assert document["http"]["ping"]["body"] == "canary-2"
    assert "canary" not in json.dumps(shown(definition, METHOD, document))


def test_a_missing_operators_secret_is_loud() -> None:
    definition = connection_type(document={"type": "http", "http": {"baseURI": "{secret:BASE}"}})

    with pytest.raises(KeyError, match="secret:BASE"):
        build(definition, METHOD, VALUES, name="N")


def test_the_hosts_ids_go_to_their_paths() -> None:
    root = {"_agentId": "5a1", "http._iClientId": "5b2"}

    document = build(ORCHARD, METHOD, VALUES, name="N", root=root)

    assert document["_agentId"] == "5a1"
    assert document["http"]["_iClientId"] == "5b2"


def test_building_changes_neither_values_nor_definition() -> None:
    definition = connection_type(
        fields=[
            {"name": "rows", "label": "Rows", "kind": "pairs", "path": "http.headers"},
            {"name": "farm", "label": "Farm", "pattern": "[a-z]+"},
        ],
        document={
            "type": "http",
            "http": {"ping": {"successValues": ["ok"]}, "baseURI": "{farm}"},
        },
    )
    rows = [{"name": "A", "value": "1"}]

    document = build(definition, METHOD, Values({"rows": rows, "farm": "x"}), name="N")
    document["http"]["headers"].append("changed")
    document["http"]["ping"]["successValues"].append("changed")

    assert rows == [{"name": "A", "value": "1"}]
    assert definition.constants_of(METHOD)["http.ping.successValues"] == ["ok"]


STORED: dict[str, Any] = {
    "_id": "5f1", "type": "http", "name": "Mine", "lastModified": "2026-11-01T00:00:00.000Z",
    "externalId": "marker", "debugDate": "2026-11-01T00:00:00.000Z", "offline": True,
    "http": {
        "baseURI": "https://lark.orchard.example/v1",
        "auth": {"type": "token", "token": {"location": "header", "token": "******"}},
        "headers": [{"name": "X-By-Hand", "value": "kept"}],
        "concurrencyLevel": 3,
        "unencrypted": {"canary": "canary-value"},
    },
}  # fmt: skip


def test_what_is_shown_is_an_allow_list() -> None:
    assert shown(ORCHARD, METHOD, STORED) == {"farm": "lark"}


@pytest.mark.parametrize(
    "base",
    ["https://lark.evil.example/v1", "https://lark.orchard.example/v2", "", None, 5, "******",
     "https://a.b.orchard.example/v1", {"canary": "x"}],
)  # fmt: skip
def test_a_stored_text_that_does_not_fit_is_not_shown(base: Any) -> None:
    stored = copy.deepcopy(STORED)
    stored["http"]["baseURI"] = base

    assert shown(ORCHARD, METHOD, stored) == {}


@pytest.mark.parametrize(
    ("kind", "stored", "expected"),
    [
        ("text", "x", "x"), ("text", "******", None), ("text", {"secret": "canary"}, None),
        ("text", ["canary"], None), ("text", 5, None),
        ("port", 5432, 5432), ("port", "5432", 5432), ("port", True, None), ("port", "x", None),
        ("boolean", False, False), ("boolean", "true", None),
        ("list", ["a"], ["a"]), ("list", [{"canary": 1}], None), ("list", "a", None),
        ("pairs", [{"name": "a", "value": "b"}], [{"name": "a", "value": "b"}]),
        ("pairs", [{"name": "a", "value": "b", "encrypted": "canary"}], None),
        ("pairs", [{"name": "a", "value": {"canary": 1}}], None),
    ],
)  # fmt: skip
def test_a_stored_value_of_another_shape_is_not_shown(
    kind: str, stored: Any, expected: Any
) -> None:
    definition = connection_type(
        fields=[{"name": "it", "label": "It", "kind": kind, "path": "rdbms.database"}],
        document={"type": "rdbms"},
    )

    found = shown(definition, METHOD, {"rdbms": {"database": stored}})

    assert found.get("it") == expected


def test_a_choice_that_is_none_any_more_is_not_shown() -> None:
    netsuite = CATALOGUE["netsuite"]
    stored = {"netsuite": {"environment": "moon", "account": "123"}}

    assert shown(netsuite, netsuite.methods[0], stored) == {"account": "123"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "token"),
        ({"http.auth.type": "basic"}, "key"),
        ({"http.auth.type": "oauth"}, None),
        ({"http.ping.relativeURI": "/changed/by/hand"}, "token"),
        ({"http.mediaType": "xml", "http.formType": "http"}, "token"),
        ({"type": "rdbms"}, None),
    ],
)
def test_the_method_of_a_stored_document_is_found(
    changes: dict[str, Any], expected: str | None
) -> None:
    shopify = CATALOGUE["shopify"]
    stored = typed.built(shopify, shopify.methods[0], full=True)
    for path, value in changes.items():
        slots.put(stored, path, value)

    method = method_of(shopify, stored)

    assert (method.key if method else None) == expected


def test_methods_that_differ_in_a_user_name_are_told_apart() -> None:
    users = {"plain": "{email}", "token": "{email}/token"}
    definition = connection_type(
        document={"type": "http"},
        fields=[{"name": "email", "label": "Email", "pattern": "[a-z@.]+"}],
        methods=[
            {"key": key, "title": key, "document": {"http": {"auth": {"basic": {"username": u}}}}}
            for key, u in users.items()
        ],
    )

    for key, user in (("plain", "a@b.c"), ("token", "a@b.c/token")):
        method = method_of(
            definition, {"type": "http", "http": {"auth": {"basic": {"username": user}}}}
        )
        assert method is not None
        assert method.key == key


@pytest.mark.parametrize("stored", [{}, {"type": 5}, {"http": None}, {"http": {"auth": "x"}}])
def test_mallorys_stored_documents_break_nothing(stored: dict[str, Any]) -> None:
    for definition, method in FORMS:
        assert method_of(definition, stored) is None
        assert shown(definition, method, stored) == {}
        assert kept_secrets(definition, method, stored) == ()
