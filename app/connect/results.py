"""What goes into a submit and what comes of it, as values; how it goes is submit's business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.forms.form import Form
from app.forms.messages import Finding
from app.store.connections import ConnectionRecord


@dataclass(frozen=True)
class Order:
    """What a person sent: the type, the method, what was typed, and which showing of the form."""

    type: str
    method: str | None
    typed: Mapping[str, Any] = field(repr=False)
    number: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class Saved:
    """The connection is stored and journalled."""

    connection: ConnectionRecord
    receipt: str


@dataclass(frozen=True)
class Refused:
    """The same form again with messages. `status` tells whose fault: 422 input, 5xx upstream."""

    form: Form
    status: int = 422


@dataclass(frozen=True)
class Working:
    """Not decided yet; the work goes on."""

    state: Literal["checking", "saving"]


@dataclass(frozen=True)
class Passed:
    """A test that was accepted; nothing is saved."""

    findings: tuple[Finding, ...] = ()


Result = Saved | Refused | Working


@dataclass(frozen=True)
class Terms:
    """What the operator decided about submits."""

    constants: Mapping[str, str] = field(default_factory=dict, repr=False)
    addresses: tuple[str, ...] = ()
    allow_private: bool = False
    answer_within: float = 20.0
