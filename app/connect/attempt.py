"""The journal of attempts: permits a save before it is sent, and publishes what came of it.

At most one POST per attempt, ever, and at most one connection per session. Which event leads where
is journal's table; finding out what became of a doubtful attempt is reconcile's.
"""

import dataclasses
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from app.connect import publish
from app.connect.journal import IN_FLIGHT, LATE, UNWANTED, Event, State, after
from app.connect.session import ConnectSession, SessionRefused
from app.connect.standing import of_row
from app.store import attempts, connections, sessions
from app.store.connections import ConnectionRecord
from app.store.engine import Clash, Connection, Store

__all__ = ["AlreadyDone", "Attempts", "ConnectionRecord", "InProgress"]

# A POST (65 s) that first waited for room (20 s). Later than this, nothing of it is on its way.
SEND_LIFE: Final = 95.0


class InProgress(Exception):
    """Another attempt may still make the connection of the session, or the submit is stale."""


class AlreadyDone(Exception):
    """The session has its connection: `record`."""

    def __init__(self, record: ConnectionRecord) -> None:
        super().__init__(record.id)
        self.record = record


class Attempts:
    """What submit asks before it sends, and tells once it knows. `owner` names this process."""

    def __init__(
        self, store: Store, *, clock: Callable[[], float] = time.time, owner: str | None = None
    ) -> None:
        self.store = store
        self.clock = clock
        self.owner = owner or store.owner

    async def record(self, host_id: str, connection_id: str) -> ConnectionRecord | None:
        """A record by our own id; None for another host's."""
        return await self.store.read(lambda c: connections.get(c, host_id, connection_id))

    async def permit(
        self,
        session: ConnectSession,
        *,
        number: int,
        type: str,
        method: str,
        name: str,
        document_type: str | None = None,
    ) -> str:
        """Journal one POST and permit it; returns the marker to send as ``externalId``.

        `type` and `method` are the definition's, `document_type` is integrator.io's; a connection
        found later counts as this one only if `name` and `document_type` agree. Raises
        AlreadyDone, InProgress, SessionRefused.
        """
        now = self.clock()
        # 128 random bits: nobody can make a connection that we would take for this one.
        marker = "kh1_" + secrets.token_hex(16)
        row: dict[str, Any] = {
            "marker": marker,
            "host_id": session.host_id,
            "session_id": session.id,
        }
        row |= {"type": type, "method": method, "name": name, "document_type": document_type}
        times = {"created_at": now, "changed_at": now, "send_until": now + SEND_LIFE}
        sent = {"state": State.SENDING, "owner": self.owner, "number": number, **times}
        sent |= {"integrator_id": None}

        def change(connection: Connection) -> None:
            _enter_saving(connection, session.id, number, "connection.create_permitted", now)
            attempts.add(connection, row | sent)

        try:
            await self.store.write(change)
        except Clash:
            raise InProgress from None
        return marker

    async def committed(self, marker: str, integrator_id: str) -> ConnectionRecord:
        """integrator.io answered with the new id: publish it; said again, the same answer.

        Returns the connection of the session, even if another attempt made it. Raises
        SessionRefused when the session was revoked meanwhile, InProgress when a later attempt is
        on its way; in both cases reconcile deletes the copy.
        """
        now = self.clock()

        def change(connection: Connection) -> ConnectionRecord | Exception:
            record = settle(connection, marker, integrator_id, Event.SAVED, now)
            return record or _instead(connection, marker)

        published = await self.store.write(change)
        # Raised only here: raised inside it would undo what the journal has just learned.
        if isinstance(published, Exception):
            raise published
        return published

    async def rejected(self, marker: str) -> None:
        """It was not sent, or integrator.io refused it for certain. The submit ends by itself."""
        await self._learned(marker, Event.REFUSED)

    async def in_doubt(self, marker: str) -> None:
        """It was sent and no usable answer came; reconcile finds out."""
        await self._learned(marker, Event.DOUBTED)

    async def replacing(
        self, session: ConnectSession, record: ConnectionRecord, *, number: int | None = None
    ) -> None:
        """Permit the PUT of a reconnect. Raises AlreadyDone, InProgress, SessionRefused."""
        now = self.clock()
        await self.store.write(
            lambda c: _enter_saving(
                c,
                session.id,
                number,
                "connection.replace_permitted",
                now,
                connection_id=record.id,
            )
        )

    async def replaced(
        self, session: ConnectSession, record: ConnectionRecord, *, method: str, name: str
    ) -> ConnectionRecord:
        """The PUT of a reconnect succeeded: publish it; said again, the same answer.

        Raises SessionRefused when the session was revoked meanwhile; what was saved stays noted.
        """
        now = self.clock()
        fresh = dataclasses.replace(
            record, method=method, name=name, status="ok", updated_at=now, session_id=session.id
        )

        def change(connection: Connection) -> tuple[ConnectionRecord, bool]:
            row = _session(connection, session.id)
            if row["published_id"] is not None:
                return connections.get(
                    connection, row["host_id"], row["published_id"]
                ) or fresh, False
            publish.remade(connection, row, fresh, now)
            return fresh, row["revoked_at"] is not None

        saved, revoked = await self.store.write(change)
        if revoked:
            raise SessionRefused("session_revoked")
        return saved

    async def _learned(self, marker: str, event: Event) -> None:
        now = self.clock()
        await self.store.write(lambda c: step(c, _attempt(c, marker), event, now))


def step(
    connection: Connection, row: attempts.Row, event: Event, now: float, **columns: Any
) -> None:
    """Take an attempt that was read under a lock to its next state. Raises Impossible."""
    state = after(row["state"], event)
    if state == row["state"] == State.COMMITTED:
        return
    attempts.change(connection, row["marker"], state=state, changed_at=now, **columns)


def settle(
    connection: Connection, marker: str, integrator_id: str, event: Event, now: float
) -> ConnectionRecord | None:
    """A copy exists upstream: publish it, and return its record, or mark it to be deleted.

    Of an attempt that counted as failed, nothing happens while a later one is on its way.
    """
    row = _attempt(connection, marker)
    session = sessions.by_id(connection, row["session_id"], lock=True)
    if row["state"] == State.COMMITTED:
        return connections.by_integrator_id(connection, row["integrator_id"])
    late, given_up = row["state"] in LATE, row["state"] in UNWANTED
    if late and attempts.of_session(connection, row["session_id"], IN_FLIGHT):
        return None
    record = None
    if session is not None and not given_up and _wants_one(session, now, late=late):
        # The state first: its unique index is what refuses a second one.
        step(connection, row, event, now, integrator_id=integrator_id)
        record = publish.made(connection, session, row, integrator_id, now)
    if record is None:
        step(connection, row, Event.OVERTAKEN, now, integrator_id=integrator_id)
    return record


def _wants_one(session: sessions.Row, now: float, *, late: bool) -> bool:
    if session["revoked_at"] is not None or session["published_id"] is not None:
        return False
    # Whoever was told to enter it again may have left; nobody would learn of a late success.
    return not late or of_row(session, now).state != "expired"


def _enter_saving(
    connection: Connection,
    session_id: str,
    number: int | None,
    action: str,
    now: float,
    **more: Any,
) -> None:
    row = _session(connection, session_id)
    if row["published_id"] is not None:
        done = connections.get(connection, row["host_id"], row["published_id"])
        raise InProgress if done is None else AlreadyDone(done)
    if row["revoked_at"] is not None:
        raise SessionRefused("session_revoked")
    if row["submit_state"] != "checking" or number not in (None, row["submit"]):
        raise InProgress
    sessions.change(connection, session_id, submit_state="saving", submit_until=now + SEND_LIFE)
    # In the transaction of the permit: what cannot be noted does not happen.
    publish.note(connection, action, row, now, **more)


def _instead(connection: Connection, marker: str) -> ConnectionRecord | Exception:
    """What to say of an attempt whose connection is not published."""
    session = _session(connection, _attempt(connection, marker)["session_id"])
    if session["revoked_at"] is not None:
        return SessionRefused("session_revoked")
    published = session["published_id"]
    record = published and connections.get(connection, session["host_id"], published)
    return record or InProgress()


def _session(connection: Connection, session_id: str) -> sessions.Row:
    row = sessions.by_id(connection, session_id, lock=True)
    if row is None:
        raise SessionRefused("session_unknown")
    return row


def _attempt(connection: Connection, marker: str) -> attempts.Row:
    row = attempts.locked(connection, marker)
    if row is None:
        raise LookupError(f"the journal has no attempt {marker}")
    return row
