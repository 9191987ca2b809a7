"""Saving an accepted document: a journalled POST, or the whole overlay of a reconnect by PUT.

Knows what may be said after each failure; reconcile settles what is left in doubt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from app.connect.allowed import Offer
from app.connect.attempt import AlreadyDone, Attempts, ConnectionRecord, InProgress
from app.connect.session import SessionRefused
from app.forms import document
from app.forms.messages import Finding
from app.integrator.client import Integrator
from app.integrator.errors import (
    Busy,
    InDoubt,
    IntegratorError,
    Invalid,
    NotFound,
    RateLimited,
    TokenRefused,
)

log = structlog.get_logger()


class SavingRefused(Exception):
    """Nothing was saved: what to say, and whose fault it is as an HTTP status."""

    def __init__(self, findings: list[Finding], status: int) -> None:
        self.findings = findings
        self.status = status
        super().__init__(", ".join(finding.code for finding in findings))


class StillSaving(Exception):
    """It may have been saved: reconcile finds out, and nobody has to type again until then."""


@dataclass(frozen=True)
class Draft:
    """A document to try and to save; for a reconnect also what it replaces, as it was read."""

    document: dict[str, Any] = field(repr=False)
    replaces: ConnectionRecord | None = None
    last_modified: str | None = None


class Saving:
    """Makes or replaces connections, each journalled before it is sent."""

    def __init__(self, attempts: Attempts, integrator: Integrator) -> None:
        self.attempts = attempts
        self._integrator = integrator

    async def draft(self, offered: Offer, built: Mapping[str, Any], name: str | None) -> Draft:
        """Lay the built document over the stored one when the session reconnects.

        Raises CannotPreserveSecret and IntegratorError.
        """
        session = offered.session
        if session.connection_id is None:
            return Draft(dict(built))
        record = await self.attempts.record(session.host_id, session.connection_id)
        if record is None:
            raise NotFound("no_record")
        stored = await self._integrator.get(record.integrator_id)
        merged = document.overlay(offered.type, stored, built)
        if name is None and session.name is None and stored.get("name"):
            merged["name"] = stored["name"]
        return Draft(merged, record, stored.get("lastModified"))

    async def save(self, offered: Offer, draft: Draft, number: int) -> ConnectionRecord:
        """Raises SavingRefused or StillSaving."""
        try:
            if draft.replaces is not None:
                return await self._replace(offered, draft, draft.replaces, number)
            return await self._create(offered, draft, number)
        except AlreadyDone as done:
            return done.record
        except InProgress:
            raise StillSaving from None
        except SessionRefused as refused:
            # Revoked while it was on its way: reconcile removes what came of it.
            raise SavingRefused([Finding(refused.code)], 409) from None

    async def _create(self, offered: Offer, draft: Draft, number: int) -> ConnectionRecord:
        session = offered.session
        marker = await self.attempts.permit(
            session,
            number=number,
            type=offered.type.key,
            method=offered.method.key,
            name=str(draft.document["name"]),
            document_type=str(draft.document["type"]),
        )
        try:
            made = await self._integrator.create(draft.document | {"externalId": marker})
        except InDoubt as error:
            log.warning("save_in_doubt", session=session.id, marker=marker, reason=str(error))
            await self.attempts.in_doubt(marker)
            raise StillSaving from None
        except IntegratorError as error:
            await self.attempts.rejected(marker)
            raise _refusal(error, offered) from None
        return await self.attempts.committed(marker, str(made["_id"]))

    async def _replace(
        self, offered: Offer, draft: Draft, record: ConnectionRecord, number: int
    ) -> ConnectionRecord:
        session = offered.session
        try:
            now = await self._integrator.get(record.integrator_id)
            if now.get("lastModified") != draft.last_modified:
                raise SavingRefused([Finding("changed_meanwhile")], 409)
            await self.attempts.replacing(session, record, number=number)
            await self._integrator.replace(record.integrator_id, draft.document)
        except InDoubt as error:
            # A PUT can be repeated: the person is asked, because the secrets are only on the page.
            log.warning("replace_in_doubt", session=session.id, reason=str(error))
            raise SavingRefused([Finding("replace_in_doubt")], 502) from None
        except IntegratorError as error:
            raise _refusal(error, offered) from None
        await self._settle(record.integrator_id)
        return await self.attempts.replaced(
            session, record, method=offered.method.key, name=str(draft.document["name"])
        )

    async def _settle(self, integrator_id: str) -> None:
        # This ping only lets integrator.io set its own `offline` mark (facts 2.2); the credentials
        # were proven before. Its failure changes nothing that a person could act on.
        try:
            await self._integrator.ping_stored(integrator_id)
        except IntegratorError as error:
            log.warning("settling_ping_failed", reason=str(error))


def _refusal(error: IntegratorError, offered: Offer) -> SavingRefused:
    log.error("save_refused", session=offered.session.id, reason=str(error))
    if not isinstance(error, Invalid):
        return SavingRefused([Finding(says(error))], status_of(error))
    by_path: dict[str | None, str] = {f.path: f.name for f in offered.fields if f.path is not None}
    findings = [Finding("save_refused", by_path.get(problem.field)) for problem in error.errors]
    return SavingRefused(findings or [Finding("save_refused")], 422)


def says(error: IntegratorError) -> str:
    """The code of the sentence for a person when integrator.io itself fails us."""
    return next(code for kind, code, _ in _TROUBLES if isinstance(error, kind))


def status_of(error: IntegratorError) -> int:
    """The HTTP status that says whose fault it is: 503 ours for now, 504 too late, else 502."""
    if error.reason == "timed_out":
        return 504
    return next(status for kind, _, status in _TROUBLES if isinstance(error, kind))


_TROUBLES: tuple[tuple[type[IntegratorError], str, int], ...] = (
    (Busy, "busy", 503),
    (RateLimited, "busy", 503),
    (TokenRefused, "integrator_refused_us", 502),
    (NotFound, "connection_gone", 409),
    (IntegratorError, "integrator_down", 502),
)
