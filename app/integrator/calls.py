"""What one call to integrator.io is: its kind, its limits, its checked path and body.

How it travels is transport's business, what the answer means is answers'.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.integrator.errors import MaskInDocument, NotFound

# The exact text that integrator.io puts in place of every secret that it holds.
MASK = "******"

_ID = re.compile(r"[0-9a-zA-Z_-]{1,64}")
_MIB = 1024 * 1024


class CallKind(StrEnum):
    """What a call is for. Time, retries and bulkheads go by it."""

    PING = "ping"
    CREATE = "create"
    REPLACE = "replace"
    READ = "read"
    LIST = "list"
    DELETE = "delete"
    RUN = "run"


@dataclass(frozen=True)
class Policy:
    """Limits of a kind.

    `seconds` bounds the whole call with all its tries and pauses, `answer` the bytes that are
    read of one answer. `reconnects` is how often a connection that did not come about is tried
    again; `rereads` how often a request that did go out is.
    """

    seconds: float
    answer: int = _MIB
    reconnects: int = 0
    rereads: int = 0


POLICIES: Mapping[CallKind, Policy] = {
    # A ping is a login at the target and may lock an account: never twice once it went out.
    CallKind.PING: Policy(65, reconnects=1),
    # The journal allows one POST for an attempt, ever; it decides, not we.
    CallKind.CREATE: Policy(65),
    CallKind.REPLACE: Policy(35, reconnects=2),
    CallKind.READ: Policy(25, reconnects=3, rereads=3),
    CallKind.LIST: Policy(25, answer=16 * _MIB, reconnects=3, rereads=3),
    CallKind.DELETE: Policy(25, reconnects=2),
    CallKind.RUN: Policy(65, answer=8 * _MIB),
}

DEBUG_LOG_BYTES = 5 * _MIB

_WRITES = frozenset({CallKind.CREATE, CallKind.REPLACE, CallKind.DELETE})


class Body(bytes):
    """The bytes of a request. A traceback that shows local names must not show them."""

    def __repr__(self) -> str:
        return "<body>"


@dataclass(frozen=True)
class Call:
    """One request: `target` is path and query as they go over the wire.

    `answer` is a limit in bytes in place of the kind's, `imports` says that a run may write.
    """

    kind: CallKind
    method: str
    target: str
    body: Body | None = None
    answer: int | None = None
    imports: bool = False

    @property
    def writes(self) -> bool:
        """Whether something may have changed when no answer comes."""
        return self.imports or self.kind in _WRITES

    @property
    def answer_limit(self) -> int:
        """The most bytes of an answer that are read."""
        return self.answer or POLICIES[self.kind].answer


def path(*parts: str) -> str:
    """A path from fixed words and ids; an id that cannot be one is `NotFound`."""
    if not all(_ID.fullmatch(part) for part in parts):
        raise NotFound("bad_id", status=404)
    return "/" + "/".join(parts)


def is_id(value: object) -> bool:
    """Whether integrator.io may call something by this."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def document_body(document: Any) -> Body:
    """The bytes of a document or of patch operations; refuses one that holds a mask.

    integrator.io takes the asterisks for the new secret, so none may ever leave.
    """
    text = _json(document)
    if f'"{MASK}"' in text and (places := list(_masks(document))):
        raise MaskInDocument(f"the document holds a mask at {places[0]}")
    return Body(text, "ascii")


def json_body(value: Any) -> Body:
    """The bytes of a JSON value."""
    return Body(_json(value), "ascii")


def _json(value: Any) -> str:
    # ASCII, so that no text can fail to encode and be shown in the error for it.
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _masks(value: Any, at: str = "") -> Iterator[str]:
    if value == MASK:
        yield at.lstrip(".") or "its root"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _masks(item, f"{at}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _masks(item, f"{at}[{index}]")
