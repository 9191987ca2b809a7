"""The transactions of recovery: who lives, what is in doubt, what was found and what was not.

When to look, and what integrator.io says, is reconcile's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.connect import publish
from app.connect.attempt import Attempts, settle, step
from app.connect.journal import LATE, Event, State
from app.connect.session import ENTER_AGAIN
from app.store import attempts as rows
from app.store import connections, leases, sessions
from app.store.engine import Connection

# How long after a failure a copy is still looked for: no network keeps a POST longer.
WATCH_LIFE: Final = 24 * 3600.0


@dataclass(frozen=True)
class Wanted:
    """An attempt to look for, and what tells its connection from one that only bears its marker."""

    marker: str
    state: State
    name: str
    document_type: str | None
    changed_at: float

    def is_like(self, row: Mapping[str, Any]) -> bool:
        """Whether a listed connection is the one that was sent."""
        same_type = self.document_type in (None, row.get("type"))
        return same_type and str(row.get("name", "")).strip() == self.name.strip()


class Recovery:
    """What reconcile asks of the journal. One of several processes leads."""

    def __init__(self, attempts: Attempts) -> None:
        self._store = attempts.store
        self._owner = attempts.owner
        self.now = attempts.clock

    async def live(self, *, for_seconds: float) -> int:
        """Say that this process lives, and take over from those that do not.

        What they were sending becomes doubtful, what they were checking has to be entered again.
        Returns how many submits that touched.
        """
        now, names = self.now(), {self._owner, self._store.owner}

        def change(connection: Connection) -> int:
            for name in names:
                leases.live(connection, name, now, now + for_seconds)
            lost = rows.abandoned(connection, State.SENDING, now)
            for row in lost:
                step(connection, row, Event.LOST, now)
            ended = sessions.end_abandoned(connection, now, self._store.owner, list(ENTER_AGAIN))
            return len(lost) + ended

        return await self._store.write(change)

    async def leave(self) -> None:
        """Say that this process ends, so that others need not wait to be sure."""
        names = {self._owner, self._store.owner}
        await self._store.write(lambda c: leases.drop(c, names))

    async def leads(self, *, for_seconds: float) -> bool:
        """Whether this process is the one that looks around."""
        now = self.now()
        return await self._store.write(
            lambda c: leases.take(c, "reconcile", self._owner, now, now + for_seconds)
        )

    async def wanted(self) -> list[Wanted]:
        """What is in doubt, and what failed so lately that a copy may still come."""
        since = self.now() - WATCH_LIFE

        def query(connection: Connection) -> list[rows.Row]:
            return [
                *rows.in_states(connection, [State.UNKNOWN]),
                *rows.in_states(connection, LATE, since),
            ]

        return [
            Wanted(
                row["marker"],
                State(row["state"]),
                row["name"],
                row["document_type"],
                row["changed_at"],
            )
            for row in await self._store.read(query)
        ]

    async def found(self, marker: str, integrator_id: str) -> bool:
        """The connection of an attempt exists: True if it was adopted, now or before."""
        now = self.now()
        record = await self._store.write(
            lambda c: settle(c, marker, integrator_id, Event.FOUND, now)
        )
        return record is not None

    async def missed(self, marker: str, too_old: float) -> bool:
        """It was not found; if it cannot have been sent after `too_old`, its end user types again.

        Returns whether that was so.
        """
        now = self.now()

        def change(connection: Connection) -> bool:
            row = rows.locked(connection, marker)
            if row is None or row["state"] != State.UNKNOWN or row["changed_at"] > too_old:
                return False
            step(connection, row, Event.MISSED, now)
            again = [
                entry | {"type": row["type"], "method": row["method"]} for entry in ENTER_AGAIN
            ]
            sessions.end_submit(connection, row["session_id"], row["number"], "refused", again)
            return True

        return await self._store.write(change)

    async def orphans(self) -> list[str]:
        """Markers whose copy is to be deleted."""
        found = await self._store.read(lambda c: rows.in_states(c, [State.ORPHAN]))
        return [str(row["marker"]) for row in found]

    async def condemned(self, marker: str) -> str | None:
        """The id of a copy that may be deleted now; None if somebody has use for it.

        Asked again for each copy, in the transaction that notes the deletion: what was read a
        moment ago may have changed.
        """
        now = self.now()

        def change(connection: Connection) -> str | None:
            row = rows.locked(connection, marker)
            if row is None or row["state"] != State.ORPHAN or row["integrator_id"] is None:
                return None
            if connections.by_integrator_id(connection, row["integrator_id"]) is not None:
                return None
            session = sessions.by_id(connection, row["session_id"])
            about = session or {"host_id": row["host_id"], "end_user_id": None, "id": None}
            note = "connection.sweep_permitted"
            publish.note(connection, note, about, now, actor="keyhatch", marker=marker)
            return str(row["integrator_id"])

        return await self._store.write(change)

    async def removed(self, marker: str) -> None:
        """The copy is gone."""
        now = self.now()

        def change(connection: Connection) -> None:
            row = rows.locked(connection, marker)
            if row is not None and row["state"] == State.ORPHAN:
                step(connection, row, Event.REMOVED, now)

        await self._store.write(change)
