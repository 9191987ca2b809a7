"""What integrator.io said about a ping, as a value. What it means is diagnosis' business."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One entry of an ``errors`` array: `code` is the remote status or a driver's word.

    `message` is what the driver or the remote side said; an object is kept as JSON.
    """

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
    succeeded = 200 <= status < 300
    problems = tuple(problems_in(body) if not succeeded else _listed(body))
    if not problems and isinstance(body, Mapping) and _is_failure(body.get("code")):
        problems = (Problem(str(body["code"]), _text(body.get("message"))),)
    if not succeeded and not problems:
        problems = (Problem(str(status)),)
    return PingOutcome(succeeded and not problems, status, problems)


def problems_in(body: Any) -> Iterator[Problem]:
    """Read the known shapes of error: errors of objects or texts, a bare object, a text."""
    yield from _listed(body)
    if isinstance(body, Mapping) and body.get("errors") is None and "code" not in body:
        said = body.get("message") or body.get("error")
        yield from [Problem("unknown", _text(said))] if said else []


def _listed(body: Any) -> Iterator[Problem]:
    errors = body.get("errors") if isinstance(body, Mapping) else None
    if errors and isinstance(errors, str | Mapping):
        errors = [errors]
    if isinstance(errors, list):
        yield from (_problem(entry) for entry in errors)


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
    if value is None or isinstance(value, str):
        return value or ""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
