"""The debug log of a connection: plain text, credentials struck out; runs until `debugDate`."""

import base64
import json
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from sandbox.integrator.masks import MASK, secret_values
from sandbox.integrator.paths import Document
from sandbox.integrator.schema import moment

KEPT = 1000
SIGN_IN_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}


@dataclass(frozen=True)
class _Block:
    resource_id: str
    text: str


class DebugLogs:
    """One log per connection id; integrator.io keeps a day, this one the last thousand blocks."""

    def __init__(self) -> None:
        self._logs: dict[str, deque[_Block]] = {}

    def record(
        self, document: Document, resource: str, resource_id: str, request: Any, response: Any
    ) -> None:
        """Write down a call and its answer, if the connection is being debugged right now."""
        until = moment(document.get("debugDate"))
        if until is None or until <= datetime.now(UTC):
            return
        log = self._logs.setdefault(document["_id"], deque(maxlen=KEPT))
        call = uuid.uuid4()
        for content in (request, response):
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            line = _struck_out(json.dumps(_without_sign_in(content)), document)
            text = f"{now} {call} {resource} {resource_id}\n{line}\n"
            log.append(_Block(resource_id, text))

    def text(self, identifier: str, resource_id: str | None = None) -> str:
        """The whole log, or the blocks of one resource. Empty when there is none."""
        blocks = self._logs.get(identifier, ())
        return "".join(b.text for b in blocks if resource_id in (None, b.resource_id))

    def clear(self, identifier: str) -> None:
        """Forget the log."""
        self._logs.pop(identifier, None)


def _without_sign_in(content: Any) -> Any:
    headers = content.get("headers") if isinstance(content, dict) else None
    if not isinstance(headers, dict):
        return content
    kept = {k: MASK if k.lower() in SIGN_IN_HEADERS else v for k, v in headers.items()}
    return content | {"headers": kept}


def _struck_out(text: str, document: Document) -> str:
    forms = {form for value in secret_values(document) for form in _forms(value)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _forms(value: str) -> Iterator[str]:
    # The text is JSON; a body inside it is often JSON once more.
    once = json.dumps(value)[1:-1]
    yield from (value, once, json.dumps(once)[1:-1])
    yield from (quote(value, safe=""), quote(value), quote_plus(value))
    yield base64.b64encode(value.encode()).decode()
