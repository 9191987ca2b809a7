"""The shapes of JSON answers, for OpenAPI and generated clients. What is in them is the faces'."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.forms.form import FormField, MethodChoice
from app.forms.messages import Message
from app.web.problems import FieldError, ProblemBody

__all__ = ["FieldError", "ProblemBody"]

Status = Literal["ok", "offline", "unverified", "gone"]


class TypeBody(BaseModel):
    """One connection type in a list."""

    key: str
    title: str
    category: str
    summary: str


class SessionAbout(BaseModel):
    """What a host's own front end may know of the session."""

    id: str
    state: str
    host_name: str
    end_user_name: str | None
    reconnect: bool
    locale: str | None
    theme: dict[str, Any] | None
    return_url: str | None


class ConnectBody(BaseModel):
    """The session and the types that it allows."""

    session: SessionAbout
    connection_types: list[TypeBody]


class FormBody(BaseModel):
    """A form: what to ask, with values and messages. The value of a secret is always null."""

    model_config = ConfigDict(populate_by_name=True)

    type: str
    title: str
    method: str
    methods: list[MethodChoice]
    fields: list[FormField]
    messages: list[Message]
    submit: int
    name: str | None
    help_url: str | None
    schema_: dict[str, Any] = Field(alias="schema")


class ShortConnection(BaseModel):
    """A connection as browsers see it."""

    id: str
    connection_type: str
    name: str


class SavedBody(BaseModel):
    """It is saved; the receipt is for the host's server."""

    connection: ShortConnection
    receipt: str


class WorkingBody(BaseModel):
    """Not decided yet; ask for the result."""

    state: Literal["checking", "saving"]


class ResultBody(BaseModel):
    """What became of the last submit."""

    state: Literal["open", "checking", "saving", "completed", "refused"]
    connection: ShortConnection | None = None
    receipt: str | None = None
    form: FormBody | None = None


class ConnectionBody(BaseModel):
    """A connection as the host's server sees it."""

    id: str
    integrator_id: str
    connection_type: str
    method: str
    name: str
    end_user_id: str
    created_at: datetime
    updated_at: datetime
    status: Status


class ShownConnection(ConnectionBody):
    """The same with the non-secret values that its definition names."""

    document: dict[str, Any]


class ConnectionPage(BaseModel):
    """One page of connections; `next` is the cursor of the next one."""

    connections: list[ConnectionBody]
    next: str | None


class CreatedSession(BaseModel):
    """A new connect session. `token` opens the widget; it is shown once."""

    id: str
    token: str
    embed_url: str
    hosted_url: str
    expires_at: datetime


class SessionBody(BaseModel):
    """Where a connect session stands."""

    id: str
    state: Literal["open", "working", "completed", "expired", "revoked"]
    connection: ConnectionBody | None = None
    metadata: dict[str, Any]


class ReceiptBody(BaseModel):
    """What a genuine receipt says."""

    session_id: str
    end_user_id: str
    connection: ConnectionBody
    metadata: dict[str, Any]


class TypesBody(BaseModel):
    """The catalogue."""

    connection_types: list[TypeBody]


class TypeWithForms(TypeBody):
    """One type with the form of each of its methods."""

    help_url: str | None
    forms: list[FormBody]


class PingBody(BaseModel):
    """Whether a stored connection works."""

    ok: bool
    messages: list[Message]
