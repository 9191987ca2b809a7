"""Form and FormField: the only thing that any face can show. Made by `show` from a definition.

What was typed is read by values; why something was refused is diagnosis' and messages' business.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from app.catalogue.model import Choice, ConnectionType, Field, Kind, Method, Role
from app.forms.messages import Finding, Message, noun, words


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class FormField(_Value):
    """One field as a face shows it. The value of a secret is None: the model refuses more."""

    name: str
    label: str
    kind: Kind
    role: str
    required: bool
    secret: bool
    value: Any = None
    default: Any = None
    choices: tuple[Choice, ...] = ()
    pattern: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    where: tuple[str, ...] = ()
    help: str | None = None
    when: dict[str, Any] | None = None
    group: str | None = None
    autofill: str = "plain"
    looks_like: tuple[str, ...] = ()
    locked: bool = False
    messages: tuple[Message, ...] = ()

    @model_validator(mode="after")
    def _no_secret_goes_out(self) -> "FormField":
        if self.secret and self.value is not None:
            raise ValueError("a secret field has no value to show")
        return self


class MethodChoice(_Value):
    """One way to sign in, to choose from."""

    key: str
    title: str
    deprecated: bool = False
    note: str | None = None


class Form(_Value):
    """One form: what to ask for one method of one connection type, with values and messages."""

    type: str
    title: str
    method: str
    methods: tuple[MethodChoice, ...]
    fields: tuple[FormField, ...]
    messages: tuple[Message, ...] = ()
    submit: int = 1
    name: str | None = None
    help_url: str | None = None
    schema_: dict[str, Any] = {}

    @property
    def wrong(self) -> list[FormField]:
        """The fields at fault, in the order of the screen."""
        return [f for f in self.fields if any(m.level == "error" for m in f.messages)]

    def as_json(self) -> dict[str, Any]:
        """The form as the browser API gives it."""
        shown = self.model_dump(mode="json", exclude_none=False)
        shown["schema"] = shown.pop("schema_")
        return shown


def show(
    definition: ConnectionType,
    method: Method,
    *,
    typed: Mapping[str, Any] | None = None,
    findings: Iterable[Finding] = (),
    locked: Iterable[str] = (),
    submit: int = 1,
    name: str | None = None,
    language: str = "en",
) -> Form:
    """Make the form of one method.

    `typed` are the values to show, clean or as they came; those of secrets are left out here.
    `findings` become messages, each on its field; one of a field that the form lacks stands on top.
    """
    fields = definition.fields_of(method)
    names, shut, shown = {f.name for f in fields}, set(locked), typed or {}
    pinned: dict[str | None, list[Message]] = {}
    for finding in findings:
        at = finding.field if finding.field in names else None
        pinned.setdefault(at, []).append(_message(finding, definition, fields, shown, language))
    return Form(
        type=definition.key,
        title=definition.title,
        method=method.key,
        methods=tuple(
            MethodChoice(key=m.key, title=m.title, deprecated=m.deprecated, note=m.note)
            for m in definition.methods
        ),
        fields=tuple(
            _field(f, shown.get(f.name), pinned.get(f.name, []), f.name in shut) for f in fields
        ),
        messages=tuple(pinned.get(None, [])),
        submit=submit,
        name=name,
        help_url=definition.help_url,
        schema_=schema(fields),
    )


def _field(each: Field, value: Any, messages: list[Message], locked: bool) -> FormField:
    return FormField(
        name=each.name,
        label=each.label,
        kind=each.kind,
        role=each.role.value,
        required=each.required,
        secret=each.secret,
        value=None if each.secret else (each.default if value is None else value),
        default=each.default,
        choices=each.choices,
        pattern=each.pattern,
        prefix=each.prefix,
        suffix=each.suffix,
        where=each.where,
        help=each.help,
        when=each.when.model_dump() if each.when else None,
        group=each.group,
        autofill=(each.autofill or ("secret" if each.secret else "plain")),
        looks_like=each.looks_like,
        locked=locked,
        messages=tuple(messages),
    )


def _message(
    finding: Finding,
    definition: ConnectionType,
    fields: tuple[Field, ...],
    shown: Mapping[str, Any],
    language: str,
) -> Message:
    each = next((f for f in fields if f.name == finding.field), None)
    value = None if each is None or each.secret else shown.get(each.name)
    called = definition.called or definition.title
    user = next((f.label for f in fields if f.role is Role.USERNAME), "")
    return words(
        finding,
        language,
        app=called[:1].upper() + called[1:],
        the_app=called,
        label=each.label if each else "",
        user=noun(user),
        value=f"{each.prefix or ''}{value or ''}{each.suffix or ''}" if each else "",
        begins=" or ".join(each.looks_like) if each else "",
    )


_JSON_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.INTEGER: {"type": "integer", "minimum": 0},
    Kind.PORT: {"type": "integer", "minimum": 1, "maximum": 65_535},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
    Kind.PAIRS: {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
            "required": ["name", "value"],
            "additionalProperties": False,
        },
    },
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.URL: {"type": "string", "format": "uri"},
}


def schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the `values` of a form, for hosts that draw their own."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field.name: _property(field) for field in fields},
        "required": [f.name for f in fields if _must_be_sent(f)],
        "additionalProperties": False,
    }


def _must_be_sent(each: Field) -> bool:
    # What is left out has its default, a box is then not ticked; a condition may not hold.
    lacking = each.default is None and each.kind is not Kind.BOOLEAN
    return each.required and lacking and each.when is None


def _property(each: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"title": each.label, **_JSON_TYPES.get(each.kind, {"type": "string"})}
    if each.choices:
        made["enum"] = [choice.value for choice in each.choices]
    if each.pattern is not None:
        made["pattern"] = f"^(?:{each.pattern})$"
    if each.default is not None:
        made["default"] = each.default
    if each.secret:
        made["writeOnly"] = True
    return made
