"""The connections that exist: whose is it, list, show, ping, adopt, delete.

The records are the store's; what integrator.io holds is asked for each time and never kept.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.catalogue.model import ConnectionType
from app.forms import document
from app.forms.diagnosis import diagnose
from app.forms.messages import Finding
from app.forms.values import Values
from app.integrator.client import Integrator
from app.integrator.errors import Conflict, NotFound
from app.store import audit, connections
from app.store.connections import BadCursor, ConnectionRecord, Status
from app.store.engine import Connection, Store

__all__ = ["BadCursor", "ConnectionRecord", "Connections"]


class AlreadyKnown(Exception):
    """A connection of integrator.io that has a record already, here or with somebody else."""


class DoesNotFit(Exception):
    """A stored document that the named connection type does not make."""


class InUse(Exception):
    """Something at integrator.io uses the connection: `names` of what it is."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__("in use")


@dataclass(frozen=True)
class Shown:
    """A record with the values that may be shown."""

    record: ConnectionRecord
    values: dict[str, Any]


@dataclass(frozen=True)
class Tried:
    """What came of a ping of a stored connection."""

    ok: bool
    title: str
    findings: tuple[Finding, ...] = ()


class Connections:
    """One host's view of its connections. A foreign record looks like one that does not exist."""

    def __init__(
        self, store: Store, integrator: Integrator, catalogue: Mapping[str, ConnectionType]
    ) -> None:
        self._store = store
        self._integrator = integrator
        self._catalogue = catalogue

    async def record(self, host_id: str, own_id: str) -> ConnectionRecord | None:
        """A host's record by our own id."""
        return await self._store.read(lambda db: connections.get(db, host_id, own_id))

    async def of_end_user(
        self, host_id: str, end_user_id: str, own_id: str
    ) -> ConnectionRecord | None:
        """The same, for one end user: a reconnect may not cross from one person to another."""
        record = await self.record(host_id, own_id)
        return record if record is not None and record.end_user_id == end_user_id else None

    async def page(
        self, host_id: str, end_user_id: str | None, cursor: str | None, limit: int
    ) -> tuple[list[ConnectionRecord], str | None]:
        """Records, newest first, and the cursor of the next page. Raises BadCursor."""
        return await self._store.read(
            lambda db: connections.page(
                db, host_id, end_user_id=end_user_id, cursor=cursor, limit=limit
            )
        )

    async def shown(self, record: ConnectionRecord) -> Shown:
        """The record with the values of the definition's open paths. Raises IntegratorError."""
        try:
            stored = await self._integrator.get(record.integrator_id)
        except NotFound:
            return Shown(await self._status(record, "gone"), {})
        record = await self._status(record, "offline" if stored.get("offline") else record.status)
        definition = self._catalogue.get(record.connection_type)
        method = definition.method(record.method) if definition else None
        if definition is None or method is None:
            return Shown(record, {})
        return Shown(record, document.shown(definition, method, stored))

    async def ping(self, record: ConnectionRecord) -> Tried:
        """Try a stored connection; its status follows. Raises IntegratorError."""
        definition = self._catalogue.get(record.connection_type)
        title = definition.title if definition else record.connection_type
        try:
            outcome = await self._integrator.ping_stored(record.integrator_id)
        except NotFound:
            await self._status(record, "gone")
            return Tried(False, title, (Finding("connection_gone"),))
        await self._status(record, "ok" if outcome.accepted else "offline")
        method = definition.method(record.method) if definition else None
        if outcome.accepted or definition is None or method is None:
            return Tried(outcome.accepted, title)
        return Tried(False, title, diagnose(definition, method, Values(), outcome))

    async def adopt(
        self, host_id: str, end_user_id: str, type_key: str, integrator_id: str
    ) -> ConnectionRecord | None:
        """Give a connection that exists at integrator.io a record; None when there is none there.

        Raises AlreadyKnown, DoesNotFit, IntegratorError.
        """
        definition = self._catalogue[type_key]
        try:
            stored = await self._integrator.get(integrator_id)
        except NotFound:
            return None
        method = document.method_of(definition, stored)
        if method is None:
            raise DoesNotFit(type_key)

        def change(db: Connection) -> ConnectionRecord | None:
            record = connections.adopt(
                db,
                host_id=host_id,
                integrator_id=integrator_id,
                end_user_id=end_user_id,
                type=type_key,
                method=method.key,
                name=str(stored.get("name", definition.title)),
                status="offline" if stored.get("offline") else "unverified",
            )
            if record is not None:
                _note(db, "connection.adopted", record)
            return record

        record = await self._store.write(change)
        if record is None:
            raise AlreadyKnown(integrator_id)
        return record

    async def delete(self, record: ConnectionRecord) -> None:
        """Delete at integrator.io, then here. Raises InUse, IntegratorError."""
        try:
            await self._integrator.delete(record.integrator_id)
        except NotFound:
            pass
        except Conflict:
            raise InUse(await self._users(record)) from None
        await self._store.write(lambda db: _deleted(db, record))

    async def _users(self, record: ConnectionRecord) -> list[str]:
        """What uses it: the names in integrator.io's own list of dependants."""
        found = await self._integrator.dependencies(record.integrator_id)
        rows = [row for kind in found.values() if isinstance(kind, list) for row in kind]
        return [str(row["name"]) for row in rows if isinstance(row, Mapping) and row.get("name")]

    async def _status(self, record: ConnectionRecord, status: Status) -> ConnectionRecord:
        if status == record.status:
            return record
        await self._store.write(lambda db: connections.set_status(db, record, status))
        return replace(record, status=status)


def _deleted(db: Connection, record: ConnectionRecord) -> None:
    connections.delete(db, record)
    _note(db, "connection.deleted", record)


def _note(db: Connection, action: str, record: ConnectionRecord) -> None:
    audit.add(
        db,
        action,
        host_id=record.host_id,
        at=time.time(),
        actor="host",
        end_user_id=record.end_user_id,
        connection_id=record.id,
    )
