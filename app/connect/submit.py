"""The one use case: read -> build -> ping -> save, and what came of it: Saved, Refused or Working.

A submit goes on when the browser is gone, in the process that holds the secrets; only its outcome
(codes and fields, never values) is written. Which answer a face gives is web's business.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from app.catalogue.model import ConnectionType
from app.connect.allowed import Offer, offer
from app.connect.attempt import Attempts, ConnectionRecord
from app.connect.receipt import Receipts
from app.connect.results import Order, Passed, Refused, Result, Saved, Terms, Working
from app.connect.saving import Draft, Saving, SavingRefused, StillSaving, says, status_of
from app.connect.session import ConnectSession, Sessions
from app.forms import document
from app.forms.diagnosis import diagnose
from app.forms.form import Form, show
from app.forms.messages import Finding
from app.forms.values import Values, read
from app.integrator.client import Integrator
from app.integrator.errors import IntegratorError

log = structlog.get_logger()


class Submits:
    """Runs submits and tests, and tells what became of them."""

    def __init__(
        self,
        catalogue: Mapping[str, ConnectionType],
        sessions: Sessions,
        attempts: Attempts,
        receipts: Receipts,
        integrator: Integrator,
        terms: Terms,
    ) -> None:
        self._catalogue = catalogue
        self._sessions = sessions
        self._receipts = receipts
        self._integrator = integrator
        self._terms = terms
        self._saving = Saving(attempts, integrator)
        self._running: dict[tuple[str, int], asyncio.Task[Result]] = {}

    async def test(self, session: ConnectSession, order: Order) -> Passed | Refused:
        """Try what was typed; nothing is saved, no submit number is spent.

        Given up after the terms' time: nobody waits for a test behind a proxy that cuts.
        """
        offered, values, refused = await self._read(session, order)
        if refused is not None:
            return refused
        try:
            async with asyncio.timeout(self._terms.answer_within):
                built = await self._document(offered, values, order)
                if isinstance(built, tuple):
                    return self._refused(offered, order, *built)
                findings, status = await self._ping(offered, values, built)
        except TimeoutError:
            return self._refused(offered, order, [Finding("app_silent")], 504)
        if status is None:
            return Passed(findings)
        return self._refused(offered, order, findings, status)

    async def submit(self, session: ConnectSession, order: Order) -> Result:
        """Save what was typed, once. Answers within the terms' time, with Working if need be.

        A repeated number gets the outcome of its first submit; a stale one the current state.
        """
        offered, values, refused = await self._read(session, order)
        if session.state == "completed":
            return await self.result(session, order)
        if refused is not None:
            return refused
        number = order.number or session.submit + 1
        if not await self._sessions.begin_submit(session, number):
            return await self._joined(session, order)
        task = asyncio.create_task(self._work(offered, values, order, number))
        key = (session.id, number)
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return await self._await(task, session, order)

    async def result(self, session: ConnectSession, order: Order | None = None) -> Result:
        """What became of the session's last submit, from its row: any process can tell."""
        if session.published_id is not None:
            record = await self._saving.attempts.record(session.host_id, session.published_id)
            if record is not None:
                return self._saved(session, record)
        if session.submit_state in ("checking", "saving"):
            return Working("checking" if session.submit_state == "checking" else "saving")
        findings = [_finding(row) for row in session.outcome or []] or [Finding("stale_form")]
        order = order or self._guess(session)
        offered = offer(session, self._catalogue, order.type, order.method)
        return self._refused(offered, order, findings, _status(findings))

    async def drain(self, patience: float) -> None:
        """Let running submits end; what is left after `patience` seconds is recovery's."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=patience)

    async def _joined(self, session: ConnectSession, order: Order) -> Result:
        running = next((t for (sid, _), t in self._running.items() if sid == session.id), None)
        if running is not None:
            return await self._await(running, session, order)
        fresh = await self._sessions.get(session.host_id, session.id)
        return await self.result(fresh or session, order)

    async def _await(
        self, task: asyncio.Task[Result], session: ConnectSession, order: Order
    ) -> Result:
        # wait() leaves the task alone: a browser that hangs up must not stop a save half-way.
        done, _ = await asyncio.wait({task}, timeout=self._terms.answer_within)
        if done:
            return task.result()
        fresh = await self._sessions.get(session.host_id, session.id)
        return await self.result(fresh or session, order)

    async def _work(self, offered: Offer, values: Values, order: Order, number: int) -> Result:
        session = offered.session
        try:
            result = await self._decide(offered, values, order, number)
        except Exception:
            # The row must not stay in `checking` for ever, whatever broke.
            log.exception("submit_failed", session=session.id)
            await self._sessions.end_submit(session.id, number, "refused", [{"code": "our_fault"}])
            raise
        if isinstance(result, Refused):
            outcome = _outcome(result.form)
            await self._sessions.end_submit(session.id, number, "refused", outcome)
        return result

    async def _decide(self, offered: Offer, values: Values, order: Order, number: int) -> Result:
        built = await self._document(offered, values, order)
        if isinstance(built, tuple):
            return self._refused(offered, order, *built, spent=number)
        findings, status = await self._ping(offered, values, built)
        if status is not None:
            return self._refused(offered, order, findings, status, spent=number)
        try:
            record = await self._saving.save(offered, built, number)
        except SavingRefused as refused:
            return self._refused(offered, order, refused.findings, refused.status, spent=number)
        except StillSaving:
            return Working("saving")
        return self._saved(offered.session, record)

    async def _read(
        self, session: ConnectSession, order: Order
    ) -> tuple[Offer, Values, Refused | None]:
        offered = offer(session, self._catalogue, order.type, order.method)
        typed = dict(order.typed)
        locked = offered.locked
        changed = [n for n in locked if n in typed and str(typed[n]) != str(locked[n])]
        private = self._terms.allow_private or bool((session.upstream or {}).get("agent_id"))
        reading = read(offered.fields, typed | locked, allow_private=private)
        findings = [*reading.findings, *(Finding("locked_value", name) for name in changed)]
        refused = self._refused(offered, order, findings) if findings else None
        return offered, reading.values, refused

    async def _document(
        self, offered: Offer, values: Values, order: Order
    ) -> Draft | tuple[list[Finding], int]:
        """The document to try; or findings and a status when there can be none."""
        built = document.build(
            offered.type,
            offered.method,
            values,
            name=_name(offered, order),
            constants=self._terms.constants,
            root=_root(offered),
        )
        try:
            return await self._saving.draft(offered, built, order.name)
        except document.CannotPreserveSecret as error:
            log.warning("cannot_preserve_secret", session=offered.session.id, paths=error.paths)
            return [Finding("cannot_preserve_secret")], 409
        except IntegratorError as error:
            return _trouble(error, offered.session)

    async def _ping(
        self, offered: Offer, values: Values, draft: Draft
    ) -> tuple[tuple[Finding, ...], int | None]:
        """(findings, status): a status of None means accepted."""
        try:
            outcome = await self._integrator.ping(draft.document)
        except IntegratorError as error:
            findings, status = _trouble(error, offered.session)
            return tuple(findings), status
        found = diagnose(
            offered.type, offered.method, values, outcome, addresses=self._terms.addresses
        )
        codes = [finding.code for finding in found]
        log.info("pinged", session=offered.session.id, accepted=outcome.accepted, codes=codes)
        return found, None if outcome.accepted else 422

    def _refused(
        self,
        offered: Offer,
        order: Order,
        findings: Iterable[Finding],
        status: int = 422,
        *,
        spent: int | None = None,
    ) -> Refused:
        """The form again; `spent` is the submit number that this refusal used up, if it did."""
        session = offered.session
        form = show(
            offered.type,
            offered.method,
            typed=offered.set_values | dict(order.typed) | offered.locked,
            findings=findings,
            locked=offered.locked,
            submit=(session.submit if spent is None else spent) + 1,
            name=order.name,
            language=session.locale or "en",
        )
        return Refused(form, status)

    def _saved(self, session: ConnectSession, record: ConnectionRecord) -> Saved:
        return Saved(record, self._receipts.issue(session, record))

    def _guess(self, session: ConnectSession) -> Order:
        # The outcome of a dead process: nobody knows what was typed, only which type was asked.
        first: Mapping[str, Any] = (session.outcome or [{}])[0]
        key = first.get("type") or (session.types or tuple(self._catalogue))[0]
        return Order(str(key), first.get("method"), {})


def _name(offered: Offer, order: Order) -> str:
    session = offered.session
    who = session.end_user_name or session.end_user_id
    return (order.name or session.name or f"{offered.type.title} - {who}")[:100]


def _root(offered: Offer) -> dict[str, Any]:
    """The host's upstream ids by dotted path, where integrator.io documents them (facts 2.7)."""
    upstream = offered.session.upstream or {}
    kind = str(offered.type.constants_of(offered.method)["type"])
    root: dict[str, Any] = {}
    if agent := upstream.get("agent_id"):
        root["_agentId"] = agent
    if integration := upstream.get("integration_id"):
        root["_integrationId"] = integration
    inner = {
        "_iClientId": upstream.get("iclient_id"),
        "concurrencyLevel": upstream.get("concurrency_level"),
    }
    if inner := {key: value for key, value in inner.items() if value is not None}:
        root |= {f"{kind}.{key}": value for key, value in inner.items()}
    return root


def _trouble(error: IntegratorError, session: ConnectSession) -> tuple[list[Finding], int]:
    """integrator.io failed us: a sentence that blames nobody, the reason in the log."""
    log.error("integrator_failed", session=session.id, reason=str(error))
    return [Finding(says(error))], status_of(error)


def _outcome(form: Form) -> list[dict[str, Any]]:
    messages = [*form.messages, *(m for field in form.fields for m in field.messages)]
    return [
        {"code": m.code, "field": m.field, "type": form.type, "method": form.method}
        for m in messages
    ]


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(str(row["code"]), row.get("field"))


def _status(findings: list[Finding]) -> int:
    return 502 if any(f.code.startswith("integrator_") for f in findings) else 422
