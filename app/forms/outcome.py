"""What integrator.io said about a ping, as a value. What it means is diagnosis' business."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One entry of an ``errors`` array: `code` is the remote status or a driver's word."""

    code: str
    message: str = ""
    field: str | None = None

    @property
    def status(self) -> int | None:
        """The code as an HTTP status, when it is one."""
        return int(self.code) if self.code.isdecimal() and len(self.code) == 3 else None


@dataclass(frozen=True)
class PingOutcome:
    """The answer to a ping: accepted, or refused with problems. Never holds the request."""

    accepted: bool
    status: int
    problems: tuple[Problem, ...] = ()


def from_answer(status: int, body: Any) -> PingOutcome:
    """Judge the answer to a ping.

    Success is 2xx, and no non-empty ``errors``, and an integer ``code`` below 400 if there is one.
    An empty body is success. A refused sign-in arrives as 200 with ``errors``.
    """
    problems = tuple(problems_in(body))
    if not problems and isinstance(body, Mapping) and _is_failure(body.get("code")):
        problems = (Problem(str(body["code"]), _text(body.get("message"))),)
    accepted = 200 <= status < 300 and not problems
    if not accepted and not problems:
        problems = (Problem(str(status)),)
    return PingOutcome(accepted, status, problems)


def problems_in(body: Any) -> Iterator[Problem]:
    """Read the known shapes of error: errors of objects or texts, a bare object, a text."""
    if not isinstance(body, Mapping):
        return
    errors = body.get("errors")
    if isinstance(errors, str | Mapping):
        errors = [errors]
    if isinstance(errors, list):
        yield from (_problem(entry) for entry in errors)
    elif errors is None and "code" not in body and (body.get("error") or body.get("message")):
        yield Problem("unknown", _text(body.get("message") or body.get("error")))


def _problem(entry: Any) -> Problem:
    if not isinstance(entry, Mapping):
        return Problem("unknown", _text(entry))
    code = entry.get("code") or entry.get("status") or "unknown"
    field = entry.get("field")
    return Problem(
        str(code), _text(entry.get("message")), field if isinstance(field, str) else None
    )


def _is_failure(code: Any) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and code >= 400


def _text(value: Any) -> str:
    # The message may be the remote JSON itself (facts 2.2): keep it whole for diagnosis to read.
    if value is None:
        return ""
    return value if isinstance(value, str) else _flat(value)


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    if isinstance(value, list):
        return " ".join(_flat(item) for item in value)
    return str(value)
