"""The shape of a definition: ConnectionType, Method, Field, Diagnosis. Strict and pure.

How the parts of a definition must fit together is `check`'s business; files are `load`'s.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from app.catalogue import slots

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]
HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[^\s{}<>\"]+$")]


def _as_steps(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Steps = Annotated[tuple[Words, ...], BeforeValidator(_as_steps)]


class Kind(StrEnum):
    """What a field takes; decides the input element, the check and the type in the document."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the word for a kind of field, not a password
    URL = "url"
    HOST = "host"
    PORT = "port"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PEM = "pem"
    TEXT_BLOCK = "text-block"
    EMAIL = "email"
    LIST = "list"
    PAIRS = "pairs"


class Role(StrEnum):
    """What a field means for the sign-in; diagnosis points at roles, never at names."""

    ADDRESS = "address"
    PORT = "port"
    ACCOUNT = "account"
    USERNAME = "username"
    SECRET = "secret"  # noqa: S105 - the word for a role, not a password
    KEY = "key"
    CERTIFICATE = "certificate"
    PASSPHRASE = "passphrase"  # noqa: S105 - the word for a role, not a password
    DATABASE = "database"
    REGION = "region"
    BUCKET = "bucket"
    PATH = "path"
    OPTION = "option"


class Autofill(StrEnum):
    """Whether browsers and password managers may fill a field."""

    LOGIN = "login"
    SECRET = "secret"  # noqa: S105 - the word for a policy, not a password
    PLAIN = "plain"


class _Strict(BaseModel):
    # hide_input_in_errors: a definition may hold an operator's address; errors name keys only.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Choice(_Strict):
    """One value that a choice field takes, and the words a person picks it by."""

    value: str
    label: Words


class When(_Strict):
    """A field is shown only if another field has a value, or one of the named values."""

    field: Name
    equals: tuple[str, ...] = ()


def _as_when(value: Any) -> Any:
    return {"field": value} if isinstance(value, str) else value


class Field(_Strict):
    """One thing that a person types or picks; where it goes in the connection document."""

    name: Name
    label: Words
    kind: Kind = Kind.TEXT
    role: Role = Role.OPTION
    required: bool = True
    default: str | int | bool | None = None
    choices: tuple[Choice, ...] = ()
    pattern: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    path: str | None = None
    when: Annotated[When | None, BeforeValidator(_as_when)] = None
    where: Steps = ()
    help: Words | None = None
    autofill: Autofill | None = None
    looks_like: tuple[str, ...] = ()
    group: Words | None = None
    public: bool = False

    @property
    def secret(self) -> bool:
        """Whether the value may never go back out. A PEM is secret unless marked public."""
        return self.kind is Kind.SECRET or (self.kind is Kind.PEM and not self.public)

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind in (Kind.LIST, Kind.PAIRS)


class Method(_Strict):
    """One way to sign in to a connection type."""

    key: Key
    title: Words
    document: Mapping[str, Any] = {}
    fields: tuple[Field, ...] = ()
    deprecated: bool = False
    note: Words | None = None


class Condition(_Strict):
    """What an answer must show for a diagnosis to apply; every part that is given must hold."""

    status: int | None = None
    code: str | None = None
    text: str | None = None


class Diagnosis(_Strict):
    """A rule of one definition, tried before the built-in ones."""

    when: Condition
    field: Name | None = None
    message: Name


class ConnectionType(_Strict):
    """One thing that can be connected: its fields, its methods, its document.

    `called` is what sentences call the other side where the title is no name ("the server").
    """

    key: Key
    title: Words
    called: Words | None = None
    category: Name
    summary: Words
    tile: Annotated[str, StringConstraints(min_length=1, max_length=2)]
    help_url: HttpsUrl | None = None
    document: Mapping[str, Any]
    fields: tuple[Field, ...] = ()
    methods: tuple[Method, ...]
    diagnoses: tuple[Diagnosis, ...] = ()

    def method(self, key: str | None) -> Method | None:
        """The method of that key; the first one when no key is given; None when unknown."""
        if key is None:
            return self.methods[0]
        return next((method for method in self.methods if method.key == key), None)

    def fields_of(self, method: Method) -> tuple[Field, ...]:
        """The fields to ask, in the order of the screen."""
        return self.fields + method.fields

    def operator_constants(self) -> set[str]:
        """The names of the operator's own secrets that documents of this type need."""
        found = {name for method in self.methods for name in self._placeholders(method)}
        return {name.removeprefix("secret:") for name in found if name.startswith("secret:")}

    def _placeholders(self, method: Method) -> list[str]:
        return slots.placeholders(list(self.constants_of(method).values()))

    def constants_of(self, method: Method) -> dict[str, Any]:
        """The constant leaves of the document, dotted path to value; a method's win."""
        return leaves(self.document) | leaves(method.document)


def leaves(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Flatten nested tables to dotted paths; a list is a leaf."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= leaves(value, f"{path}.")
        else:
            found[path] = value
    return found
