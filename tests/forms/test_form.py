"""The form is the only thing that a face can show, and no secret is ever in it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Kind, Method
from app.forms.form import FormField, show
from app.forms.messages import Finding
from app.forms.values import read
from tests.catalogue import typed
from tests.forms.makers import connection_type

ORCHARD = connection_type()
METHOD = ORCHARD.methods[0]
CANARY = "canary-of-a-secret"
FORMS = list(typed.forms(load()))


@pytest.mark.parametrize(("definition", "method"), FORMS)
def test_no_secret_that_was_typed_is_in_the_form(
    definition: ConnectionType, method: Method
) -> None:
    fields = definition.fields_of(method)
    raw = {field.name: CANARY if field.secret else "shown" for field in fields}
    findings = [Finding("secret_refused", field.name) for field in fields]

    form = show(definition, method, typed=raw, findings=findings, locked=[f.name for f in fields])

    assert CANARY not in json.dumps(form.as_json())
    assert CANARY not in repr(form)
    assert [f.value for f in form.fields if f.secret] == [None] * sum(f.secret for f in fields)


def test_mallory_cannot_put_a_secret_into_a_form_field() -> None:
    with pytest.raises(ValidationError) as caught:
        FormField(
            name="token", label="Token", kind=Kind.SECRET, role="secret", required=True,
            secret=True, value=CANARY,
        )  # fmt: skip

    assert "a secret field has no value to show" in str(caught.value)
    assert CANARY not in str(caught.value)


def test_everything_else_that_was_typed_stays_even_when_it_is_wrong() -> None:
    form = show(ORCHARD, METHOD, typed={"farm": "LARK field", "token": "x"})

    assert [(field.name, field.value) for field in form.fields] == [
        ("farm", "LARK field"), ("token", None),
    ]  # fmt: skip


def test_an_untouched_field_shows_its_default() -> None:
    definition = connection_type(
        fields=[{"name": "port", "label": "Port", "kind": "port", "default": 22, "path": "x"}]
    )

    assert show(definition, METHOD).fields[0].value == 22
    assert show(definition, METHOD, typed={"port": 23}).fields[0].value == 23


def test_a_message_stands_on_its_field_and_another_on_top() -> None:
    form = show(ORCHARD, METHOD, findings=[Finding("required", "farm"), Finding("upstream_ill")])

    assert [message.text for message in form.fields[0].messages] == ["Farm is empty."]
    assert [message.text for message in form.messages] == ["Orchard is having trouble."]
    assert [field.name for field in form.wrong] == ["farm"]


def test_a_message_about_a_field_that_the_form_lacks_stands_on_top() -> None:
    form = show(ORCHARD, METHOD, findings=[Finding("required", "garden")])

    assert len(form.messages) == 1
    assert form.wrong == []


def test_what_was_right_is_said_on_the_field_and_is_no_fault() -> None:
    form = show(ORCHARD, METHOD, findings=[Finding("address_found", "farm")])

    assert form.fields[0].messages[0].text == "Orchard answered at this address."
    assert form.wrong == []


def test_a_message_names_the_label_the_beginning_and_what_is_permitted() -> None:
    named = Finding("permission_missing_named", params={"permission": "read_apples"})
    form = show(ORCHARD, METHOD, findings=[Finding("wrong_shape", "token"), named])

    shape = form.fields[1].messages[0]
    assert shape.text.startswith("This does not look like the token that Orchard asks for")
    assert shape.cause == "It should begin with orc_; another key or number was probably copied."
    assert "read_apples" in form.messages[0].text


def test_a_side_without_a_name_is_called_by_its_kind() -> None:
    definition = connection_type(called="the API")

    form = show(definition, METHOD, findings=[Finding("secret_refused", "token")])

    assert form.fields[1].messages[0].text == "The API does not accept this token."


def test_a_refused_sign_in_names_the_users_field() -> None:
    zendesk = load()["zendesk"]

    form = show(zendesk, zendesk.methods[0], findings=[Finding("login_refused", "token")])

    (message,) = form.wrong[0].messages
    assert message.text == "Zendesk does not accept this API token together with the email."


def test_a_locked_field_is_marked() -> None:
    form = show(ORCHARD, METHOD, typed={"farm": "lark"}, locked=["farm"])

    assert [field.locked for field in form.fields] == [True, False]


def test_autofill_follows_the_policy_and_keeps_secrets_out_by_default() -> None:
    assert [field.autofill for field in show(ORCHARD, METHOD).fields] == ["plain", "secret"]


def test_a_language_without_a_sentence_falls_back() -> None:
    form = show(ORCHARD, METHOD, findings=[Finding("required", "farm")], language="xx")

    assert form.fields[0].messages[0].text == "Farm is empty."


def test_the_json_has_what_the_contract_promises() -> None:
    shown = show(ORCHARD, METHOD, name="Mine", submit=3).as_json()

    promised = "type title method methods fields messages submit schema"
    field = (
        "name label kind required secret value default choices pattern prefix suffix where help"
        " messages"
    )
    assert set(promised.split()) <= set(shown)
    assert set(field.split()) <= set(shown["fields"][0])
    json.dumps(shown)


def schema_of(**more: Any) -> dict[str, Any]:
    definition = connection_type(fields=[{"name": "it", "label": "It", "path": "x", **more}])
    return show(definition, METHOD).schema_


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"type": "string"}),
        ({"pattern": "[a-z]+"}, {"type": "string", "pattern": "^(?:[a-z]+)$"}),
        ({"kind": "secret", "where": "x"}, {"type": "string", "writeOnly": True}),
        ({"kind": "port", "default": 22}, {"type": "integer", "minimum": 1, "maximum": 65535,
                                           "default": 22}),
        ({"kind": "integer"}, {"type": "integer", "minimum": 0}),
        ({"kind": "boolean"}, {"type": "boolean"}),
        ({"kind": "list"}, {"type": "array", "items": {"type": "string"}}),
        ({"kind": "email"}, {"type": "string", "format": "email"}),
        ({"kind": "choice", "choices": [{"value": "a", "label": "A"}]},
         {"type": "string", "enum": ["a"]}),
    ],
)  # fmt: skip
def test_the_schema_says_what_a_value_is(more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert schema_of(**more)["properties"]["it"] == {"title": "It", **expected}


@pytest.mark.parametrize(
    ("more", "required"),
    [({}, True), ({"required": False}, False), ({"when": "other"}, False),
     ({"kind": "port", "default": 22}, False), ({"kind": "boolean"}, False)],
)  # fmt: skip
def test_the_schema_asks_only_for_what_must_be_sent(more: dict[str, Any], required: bool) -> None:
    assert ("it" in schema_of(**more)["required"]) is required


@pytest.mark.parametrize(("definition", "method"), FORMS)
@pytest.mark.parametrize("full", [False, True])
def test_what_the_schema_takes_is_what_the_form_takes(
    definition: ConnectionType, method: Method, full: bool
) -> None:
    raw = typed.typed(definition, method, full=full)
    schema = show(definition, method).schema_

    assert set(schema["required"]) <= set(raw) <= set(schema["properties"])
    assert read(definition.fields_of(method), raw).findings == ()
    assert schema["additionalProperties"] is False
