"""A reconnect lays the new document over the stored one: nothing of ours stays, nothing else goes.

integrator.io masks secrets on read and erases what a PUT leaves out: a mask sent back would be
stored as the secret.
"""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from app.catalogue import check, slots
from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Method
from app.forms.document import CannotPreserveSecret, build, kept_secrets, overlay
from app.forms.values import Values
from tests.catalogue import typed
from tests.forms.makers import connection_type

CATALOGUE = load()
FORMS = list(typed.forms(CATALOGUE))
bounded = settings(derandomize=True, deadline=None, max_examples=150)


def masked(document: dict[str, Any]) -> dict[str, Any]:
    """The document as integrator.io gives it back, with what it adds."""
    stored = copy.deepcopy(document) | {"_id": "5f1", "lastModified": "2026-11-01", "offline": True}
    for path in check.known_paths()[document["type"]]["masked"]:
        if slots.get(stored, path) is not None:
            slots.put(stored, path, slots.MASK)
    return stored


def stored(**http: Any) -> dict[str, Any]:
    """A stored connection to the Orchard, with more in it."""
    auth = {"type": "token", "token": {"location": "header", "token": slots.MASK}}
    usual = {"baseURI": "https://old.orchard.example/v1", "auth": auth}
    return {"_id": "5f1", "type": "http", "name": "Old", "externalId": "m", "http": usual | http}


ORCHARD = connection_type()
NEW = build(
    ORCHARD,
    ORCHARD.methods[0],
    Values({"farm": "lark"}, {"token": SecretStr("orc_new")}),
    name="New",
)


@pytest.mark.parametrize(("definition", "method"), FORMS)
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_a_form_renews_what_it_made(
    definition: ConnectionType, method: Method, before: bool, after: bool
) -> None:
    """Whatever was filled in then and now, the result is what a new connection would be."""
    old = masked(typed.built(definition, method, full=before))
    new = typed.built(definition, method, full=after)

    merged = overlay(definition, old, new)

    assert without_empty(merged) == without_empty(new)


@pytest.mark.parametrize("definition", CATALOGUE.values(), ids=list(CATALOGUE))
def test_nothing_of_the_old_method_stays(definition: ConnectionType) -> None:
    for old in definition.methods:
        for new in definition.methods:
            built = typed.built(definition, new, full=False)
            before = masked(typed.built(definition, old, full=True))

            assert without_empty(overlay(definition, before, built)) == without_empty(built)


def without_empty(tree: Any) -> Any:
    """The tree without maps and lists that a dropped value left empty."""
    if not isinstance(tree, dict):
        return tree
    inner = {key: without_empty(value) for key, value in tree.items()}
    return {key: value for key, value in inner.items() if value not in ({}, [])}


def test_what_the_definition_does_not_own_is_kept() -> None:
    row = {"name": "X-By-Hand", "value": "kept"}
    merged = overlay(ORCHARD, stored(headers=[row], concurrencyLevel=3), NEW)

    assert merged["http"]["headers"] == [row]
    assert merged["http"]["concurrencyLevel"] == 3
    assert merged["externalId"] == "m"
    assert merged["http"]["auth"]["token"]["token"] == "orc_new"
    assert merged["name"] == "New"


def test_what_integrator_io_sets_itself_is_not_sent_back() -> None:
    theirs = {"createdAt": "x", "lastModified": "x", "queues": [], "debugDate": "2020-01-01"}

    merged = overlay(ORCHARD, stored() | theirs, NEW)

    assert not {"_id", *theirs} & set(merged)


def test_rows_of_a_list_are_joined_by_name() -> None:
    definition = connection_type(
        fields=[{"name": "key", "label": "Key", "path": "http.headers[name=X-Key].value"}]
    )
    built = {"type": "http", "http": {"headers": [{"name": "X-Key", "value": "new"}]}}
    old = [{"name": "X-Key", "value": "old"}, {"name": "X-Other", "value": "kept"}]

    merged = overlay(definition, stored(headers=old) | {"http": {"headers": old}}, built)

    assert merged["http"]["headers"] == [
        {"name": "X-Other", "value": "kept"}, {"name": "X-Key", "value": "new"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"encrypted": slots.MASK}, "http.encrypted"),
        ({"clientCertificates": {"key": slots.MASK}}, "http.clientCertificates.key"),
        ({"headers": [{"name": "X", "value": slots.MASK}]}, "http.headers.value"),
    ],
)
def test_a_secret_that_the_form_does_not_ask_for_stops_the_renewal(
    more: dict[str, Any], path: str
) -> None:
    with pytest.raises(CannotPreserveSecret) as caught:
        overlay(ORCHARD, stored(**more), NEW)

    assert caught.value.paths == [path]


def test_a_masked_map_belongs_to_the_definition_that_writes_into_it() -> None:
    definition = connection_type(
        fields=[
            {"name": "key", "label": "K", "kind": "secret", "path": "http.encrypted.key",
             "where": "x"},
            {"name": "token", "label": "T", "kind": "secret", "path": "http.auth.token.token",
             "where": "x"},
        ],
        document={"type": "http", "http": {"auth": {"type": "token"}}},
    )  # fmt: skip
    values = Values({}, {"key": SecretStr("new"), "token": SecretStr("new")})
    built = build(definition, definition.methods[0], values, name="N")

    merged = overlay(definition, stored(encrypted=slots.MASK), built)

    assert merged["http"]["encrypted"] == {"key": "new"}


@bounded
@given(
    st.dictionaries(
        st.sampled_from(["retryHeader", "unencrypted", "encrypted", "rateLimit", "x", "name"]),
        st.sampled_from(
            [slots.MASK, "text", 5, {}, {"a": slots.MASK}, [slots.MASK], {"b": [{"c": 1}]}, None]
        ),
        max_size=4,
    )
)
def test_no_mask_is_ever_sent_back(more: dict[str, Any]) -> None:
    try:
        merged = overlay(ORCHARD, stored(**more), NEW)
    except CannotPreserveSecret:
        assert slots.MASK in json.dumps(more)
    else:
        assert slots.MASK not in json.dumps(merged)


def test_the_stored_document_is_left_as_it_was() -> None:
    before = stored(headers=[{"name": "a", "value": "b"}])
    copied = copy.deepcopy(before)

    overlay(ORCHARD, before, NEW)["http"]["headers"].append("changed")

    assert before == copied


@pytest.mark.parametrize(("definition", "method"), FORMS)
def test_the_secrets_to_be_typed_again_are_named(
    definition: ConnectionType, method: Method
) -> None:
    fields = definition.fields_of(method)
    full = masked(typed.built(definition, method, full=True))
    secrets = {field.name for field in fields if field.secret}

    assert set(kept_secrets(definition, method, full)) == secrets
    assert kept_secrets(definition, method, {"type": full["type"]}) == ()
