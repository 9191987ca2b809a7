"""The only client of integrator.io: its endpoints as methods, each with a deadline and a queue.

Knows documents, not forms; whether a call may be made at all is the caller's to know. How bytes
travel is transport's business, what answers mean is answers'.
"""

import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio

from app.forms.outcome import PingOutcome, from_answer
from app.integrator import answers
from app.integrator.answers import Answer
from app.integrator.calls import (
    DEBUG_LOG_BYTES,
    POLICIES,
    Body,
    Call,
    CallKind,
    document_body,
    json_body,
    path,
)
from app.integrator.errors import IntegratorError, Unreadable
from app.integrator.retries import Budget, may_retry, pause
from app.integrator.transport import Wire

__all__ = ["MOST_PAGES", "Admit", "CallKind", "Document", "Integrator"]

Document = dict[str, Any]
Rows = list[Document]

# The queue in front of the connections. Entering it raises `errors.Busy` when there is no room;
# `guard.bulkhead.Bulkheads(..., refusal=Busy).admit` fits.
Admit = Callable[[CallKind], AbstractAsyncContextManager[None]]

MOST_PAGES = 200

_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")


class Integrator:
    """integrator.io, as far as we use it. Holds the token and never shows it.

    Every method raises errors of `app.integrator.errors`, and `MaskInDocument` before anything
    is sent. Documents come back with their secrets masked, yet user names, keys used as such,
    `unencrypted` values and cookie bodies are in clear: no answer may be logged or passed on whole.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        admit: Admit | None = None,
        timeouts: Mapping[CallKind, float] | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`timeouts` in seconds, for a whole call with its retries; `trust` instead of certifi."""
        self._wire = Wire(base_url, token, trust)
        self._root = self._wire.base.raw_path.decode("ascii").rstrip("/")
        self._admit = admit or _everyone
        self._seconds = {kind: policy.seconds for kind, policy in POLICIES.items()}
        self._seconds.update(timeouts or {})
        self._budget = Budget()

    def __repr__(self) -> str:
        return f"Integrator({str(self._wire.base)!r})"

    async def aclose(self) -> None:
        """Close every connection. Calls under way end in an error."""
        await self._wire.aclose()

    async def token_info(self) -> Document:
        """Whose token ours is: the cheapest call that needs it."""
        return await self._document(self._call(CallKind.READ, "GET", path("tokenInfo")))

    async def list(self, *, include: Sequence[str] = ()) -> AsyncIterator[Document]:
        """All connections of the account, page by page; `include` names the fields of a row.

        Paging that does not end, or that leads away, is `Unreadable` and not a short list: who
        looks for something missing must not mistake half a list for a whole one.
        """
        target: str | None = self._root + path("connections") + _include(include)
        seen = set[str]()
        while target is not None:
            if target in seen or len(seen) == MOST_PAGES:
                raise Unreadable("endless_paging")
            seen.add(target)
            call = Call(CallKind.LIST, "GET", target)
            answer = await self._answer(call)
            for row in answers.rows(call, answer):
                yield row
            target = answers.next_target(self._wire.base, call, answer)

    async def get(self, connection_id: str) -> Document:
        """One connection, its secrets masked."""
        return await self._document(
            self._call(CallKind.READ, "GET", path("connections", connection_id))
        )

    async def create(self, document: Mapping[str, Any]) -> Document:
        """Store a new connection; the answer has its ``_id``.

        Sent at most once, on a connection of its own: a POST that is repeated makes a second one.
        """
        body = document_body(document)
        call = self._call(CallKind.CREATE, "POST", path("connections"), body)
        return answers.saved(call, await self._answer(call))

    async def replace(self, connection_id: str, document: Mapping[str, Any]) -> Document:
        """Replace a whole connection; what `document` leaves out is erased, secrets too."""
        target, body = path("connections", connection_id), document_body(document)
        call = self._call(CallKind.REPLACE, "PUT", target, body)
        return answers.saved(call, await self._answer(call))

    async def patch(self, connection_id: str, operations: Sequence[Mapping[str, Any]]) -> None:
        """Apply JSON-Patch operations; only a few paths are allowed, never credentials."""
        target, body = path("connections", connection_id), document_body(operations)
        await self._done(self._call(CallKind.REPLACE, "PATCH", target, body))

    async def delete(self, connection_id: str) -> None:
        """Delete a connection. `NotFound` when it is gone already, `Conflict` when it is used."""
        target = path("connections", connection_id)
        await self._done(self._call(CallKind.DELETE, "DELETE", target))

    async def ping(self, document: Mapping[str, Any]) -> PingOutcome:
        """Try credentials that are not stored. A refusal is a value."""
        return await self._ping(path("connections", "ping"), document_body(document))

    async def ping_stored(self, connection_id: str) -> PingOutcome:
        """Try a stored connection; integrator.io sets or clears its ``offline``.

        POST and not GET: newer, used by integrator.io's own page, and nothing on the way may
        repeat or cache it.
        """
        return await self._ping(path("connections", connection_id, "ping"), json_body({}))

    async def dependencies(self, connection_id: str) -> Document:
        """What uses a connection: rows by plural resource type; empty when nothing does."""
        target = path("connections", connection_id, "dependencies")
        call = self._call(CallKind.READ, "GET", target)
        return answers.document(call, await self._answer(call), empty={})

    async def debug_log(self, connection_id: str, resource_id: str | None = None) -> str:
        """The debug lines of a connection, or of one export or import that uses it.

        Holds customers' data: never for a browser, never logged.
        """
        last = () if resource_id is None else (resource_id,)
        target = path("connections", connection_id, "debug", *last)
        call = self._call(CallKind.READ, "GET", target, answer=DEBUG_LOG_BYTES)
        return answers.text(call, await self._answer(call))

    async def export(self, connection_id: str, body: Mapping[str, Any]) -> Document | Rows:
        """Run the virtual export in `body`; at most 8 MiB come back."""
        return await self._run(path("connections", connection_id, "export"), body)

    async def export_pages(self, connection_id: str, body: Mapping[str, Any]) -> Document | Rows:
        """The same page by page: send the ``pagedExportState`` of one answer with the next."""
        return await self._run(path("connections", connection_id, "export", "pages"), body)

    async def import_records(self, connection_id: str, body: Mapping[str, Any]) -> Document | Rows:
        """Run the virtual import in `body`, which writes at the target."""
        target = path("connections", connection_id, "import")
        return await self._run(target, body, imports=True)

    async def import_map(self, connection_id: str, body: Mapping[str, Any]) -> Document | Rows:
        """Only the mapping step of a virtual import: the records that it would send."""
        return await self._run(path("connections", connection_id, "import", "map"), body)

    def _call(
        self,
        kind: CallKind,
        method: str,
        target: str,
        body: Body | None = None,
        **more: Any,
    ) -> Call:
        return Call(kind, method, self._root + target, body, **more)

    async def _document(self, call: Call) -> Document:
        return answers.document(call, await self._answer(call))

    async def _done(self, call: Call) -> None:
        """Make a call whose success says it all; yet a login page with a 200 is no success."""
        answers.value(call, await self._answer(call))

    async def _ping(self, target: str, body: Body) -> PingOutcome:
        call = self._call(CallKind.PING, "POST", target, body)
        answer = await self._answer(call)
        return from_answer(answer.status, answers.value(call, answer))

    async def _run(
        self, target: str, body: Mapping[str, Any], *, imports: bool = False
    ) -> Document | Rows:
        call = self._call(CallKind.RUN, "POST", target, json_body(body), imports=imports)
        return answers.records(call, await self._answer(call))

    async def _answer(self, call: Call) -> Answer:
        """The answer to a call, once there is room for it and within its time."""
        seconds = self._seconds[call.kind]
        async with self._admit(call.kind):
            self._budget.pay_in()
            with anyio.move_on_after(seconds):
                return await self._tries(call, seconds)
        raise answers.unanswered(call, "timed_out")

    async def _tries(self, call: Call, seconds: float) -> Answer:
        until = anyio.current_time() + seconds
        tried = 0
        while True:
            tried += 1
            try:
                return answers.checked(call, await self._wire.exchange(call, seconds))
            except IntegratorError as problem:
                failure = problem
            wait = pause(tried)
            in_time = anyio.current_time() + wait < until
            if not (in_time and may_retry(call, failure, tried) and self._budget.take()):
                raise failure
            await anyio.sleep(wait)


def _include(names: Sequence[str]) -> str:
    # integrator.io answers odd characters with a 400 and `include[]=` with a 500.
    if not all(_FIELD_NAME.fullmatch(name) for name in names):
        raise ValueError("a field name to include has letters, digits, dots and underscores only")
    return f"?include={','.join(names)}" if names else ""


def _everyone(_kind: CallKind) -> AbstractAsyncContextManager[None]:
    return contextlib.nullcontext()
