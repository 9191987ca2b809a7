"""The form as it is first shown: with what the host set, and for a reconnect what is stored.

What a person typed is submit's business; here nothing is checked and nothing is sent but a read.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from app.catalogue.model import ConnectionType
from app.connect.allowed import Offer, offer
from app.connect.attempt import Attempts
from app.connect.saving import says
from app.connect.session import ConnectSession
from app.forms import document
from app.forms.form import Form, show
from app.forms.messages import Finding
from app.integrator.client import Integrator
from app.integrator.errors import IntegratorError

log = structlog.get_logger()


class Openings:
    """Makes first forms."""

    def __init__(
        self,
        catalogue: Mapping[str, ConnectionType],
        attempts: Attempts,
        integrator: Integrator,
    ) -> None:
        self._catalogue = catalogue
        self._attempts = attempts
        self._integrator = integrator

    async def form(
        self,
        session: ConnectSession,
        type_key: str,
        method_key: str | None = None,
        *,
        typed: Mapping[str, Any] | None = None,
        code: str | None = None,
    ) -> Form:
        """The form of a type and method, first one by default. `typed` wins over what is stored,
        locked values over both; `code` is something to say on top. Raises NotOffered.
        """
        offered = offer(session, self._catalogue, type_key, method_key)
        findings = [Finding(code)] if code else []
        stored: Mapping[str, Any] = {}
        if session.connection_id is not None and code is None:
            offered, stored, trouble = await self._stored(offered, method_key)
            findings += trouble
        return show(
            offered.type,
            offered.method,
            typed={**stored, **offered.set_values, **(typed or {}), **offered.locked},
            findings=findings,
            locked=offered.locked,
            submit=session.submit + 1,
            language=session.locale or "en",
        )

    async def _stored(
        self, offered: Offer, method_key: str | None
    ) -> tuple[Offer, Mapping[str, Any], list[Finding]]:
        """What is stored, in the method that it has unless another was chosen."""
        session = offered.session
        record = await self._attempts.record(session.host_id, str(session.connection_id))
        if record is None:
            return offered, {}, [Finding("connection_gone")]
        try:
            stored = await self._integrator.get(record.integrator_id)
        except IntegratorError as error:
            log.error("stored_not_read", session=session.id, reason=str(error))
            return offered, {}, [Finding(says(error))]
        made_by = document.method_of(offered.type, stored) or offered.type.method(record.method)
        if made_by is None:
            return offered, {}, []
        shown = document.shown(offered.type, made_by, stored)
        kept = document.kept_secrets(offered.type, made_by, stored)
        if method_key is None:
            offered = offer(session, self._catalogue, offered.type.key, made_by.key)
        # A required secret says so by itself; of another nobody would think, and it would be lost.
        again = [f.name for f in offered.fields if f.name in kept and not f.required]
        return offered, shown, [Finding("type_again", name) for name in again]
