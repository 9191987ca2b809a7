"""Faults on demand: which request is hit by which. Carrying one out is arrival's business."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.integrator.errors import invalid
from sandbox.integrator.model_shape import Shapes, only

KINDS = (
    "latency",  # answers `seconds` late
    "status",  # answers `status` with `body`; nothing is done
    "reset_before",  # resets the connection; nothing is done
    "reset_after",  # does it, then resets the connection instead of answering
    "truncate",  # does it, then breaks off in the middle of the answer's body
    "no_id",  # does it, then answers without `_id`
    "commit_late",  # resets the connection (or answers `status`) and does it `seconds` later
)
SHAPES: Shapes = {
    "match": dict,
    "kind": str,
    "seconds": (int, float),
    "status": int,
    "retry_after": (int, str),
    "body": (str, dict, list),
    "times": int,
}


@dataclass
class Fault:
    """One entry of `POST /_control/faults`. `times` None means: until it is deleted."""

    kind: str
    method: str | None = None
    path: re.Pattern[str] | None = None
    seconds: float = 0.0
    status: int | None = None
    retry_after: str | None = None
    body: Any = None
    times: int | None = None

    def hits(self, method: str, path: str) -> bool:
        """Whether the request is meant."""
        return (
            self.times != 0
            and (self.method is None or self.method == method)
            and (self.path is None or self.path.search(path) is not None)
        )


class Faults:
    """Those that wait, oldest first; a request is hit by the first that fits, and by no other."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, counted down."""
        for fault in self.waiting:
            if fault.hits(method, path):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def add(self, body: Any) -> int:
        """Take in what `POST /_control/faults` brought, all or nothing; returns how many wait."""
        entries = body if isinstance(body, list) else [body]
        self.waiting += [_fault(entry) for entry in entries]
        return len(self.waiting)


def _fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise invalid("kind", f"A fault is an object whose kind is one of {', '.join(KINDS)}.")
    only(entry, SHAPES, "")
    match, status = entry.get("match") or {}, entry.get("status")
    only(match, {"method": str, "path": str}, "match")
    if (entry["kind"] == "status" or status) and status not in range(200, 600):
        raise invalid("status", "This kind needs the status to answer with.")
    retry_after = entry.get("retry_after", 1 if status == 429 else None)
    return Fault(
        kind=entry["kind"],
        method=match["method"].upper() if "method" in match else None,
        path=_pattern(match["path"]) if "path" in match else None,
        seconds=float(entry.get("seconds", 0)),
        status=status,
        retry_after=None if retry_after is None else str(retry_after),
        body=entry.get("body"),
        times=entry.get("times"),
    )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise invalid("match.path", f"This is no regular expression: {error}.") from error
