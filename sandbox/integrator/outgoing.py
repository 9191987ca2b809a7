"""One request of a virtual export or import: sent by reach, written to the debug log, judged.

What to ask for, and what to make of the answer, is for virtual_export and virtual_import.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.integrator.emulator import Emulator
from sandbox.integrator.paths import ABSENT, Document, read
from sandbox.integrator.reach.http import Request, send
from sandbox.integrator.reach.problem import Unreachable
from sandbox.integrator.templates import as_text

MOST_BYTES = 5 * 1024 * 1024
AUTH_FAILURE = 401


@dataclass(frozen=True)
class Run:
    """A virtual export or import under way; `resource` is the word for it in the debug log."""

    emulator: Emulator
    document: Document
    resource: str
    resource_id: str

    @property
    def application(self) -> str:
        """The `source` of an error of the other side."""
        return str(self.document.get("assistant") or self.document["type"])


@dataclass(frozen=True)
class Rules:
    """When an answer of 2xx is a failure all the same; the paths lead into its JSON body."""

    success_path: str | None = None
    success_values: Sequence[Any] = ()
    fail_path: str | None = None
    fail_values: Sequence[Any] = ()
    error_path: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back. `errors` is empty when it is good; `status` 0 means that nothing came."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[Document, ...] = ()
    auth_failed: bool = False


async def fetch(run: Run, request: Request, rules: Rules) -> Answer:
    """Send one request and judge its answer. A refused sign-in takes the connection offline."""
    try:
        response = await send(
            run.document, request, run.emulator.zone, run.emulator.options.patience
        )
    except Unreachable as error:
        problem = error.problem
        source = problem.source or run.application
        entry = {"code": problem.code, "message": problem.message, "source": source}
        return Answer(0, errors=(entry,))
    answer = _judged(run, response.status_code, response.text, dict(response.headers), rules)
    _write_down(run, response, answer)
    if answer.auth_failed:
        run.document["offline"] = True
    return answer


def _write_down(run: Run, response: httpx.Response, answer: Answer) -> None:
    sent = response.request
    # Under the name in the document: that it is 127.0.0.1 in truth is the sandbox's own affair.
    url = sent.url.copy_with(netloc=sent.headers["host"].encode())
    asked = {"url": str(url), "method": sent.method, "headers": dict(sent.headers)}
    asked["body"] = sent.content.decode("utf-8", "replace")
    seen = {"statusCode": answer.status, "headers": answer.headers, "body": response.text}
    run.emulator.debug_logs.record(run.document, run.resource, run.resource_id, asked, seen)


def _judged(run: Run, status: int, text: str, headers: Mapping[str, str], rules: Rules) -> Answer:
    if len(text) > MOST_BYTES:
        too_large = _error("response_too_large", "The answer is larger than 5 MB.", "integrator.io")
        return Answer(status, None, headers, (too_large,))
    body = _parsed(text)
    expected = read(run.document, "http.auth.failStatusCode")
    auth_failed = status == (AUTH_FAILURE if expected is ABSENT else expected)
    if 200 <= status < 300 and not auth_failed and _good(body, rules):
        return Answer(status, body, headers)
    told = read(body, rules.error_path) if rules.error_path else ABSENT
    message = text if told is ABSENT else as_text(told)
    error = _error(status, message, run.application)
    return Answer(status, body, headers, (error,), auth_failed)


def _error(code: int | str, message: str, source: str) -> Document:
    return {"code": code, "message": message, "source": source}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _good(body: Any, rules: Rules) -> bool:
    if rules.fail_path and _at(body, rules.fail_path, rules.fail_values):
        return False
    return not rules.success_path or _at(body, rules.success_path, rules.success_values)


def _at(body: Any, path: str, values: Sequence[Any]) -> bool:
    value = read(body, path)
    if value is ABSENT:
        return False
    # Values are compared as text: the model holds strings, the answer may hold numbers.
    return as_text(value) in [as_text(v) for v in values] if values else bool(value)
