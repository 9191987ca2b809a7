"""What a session that is done leaves behind: the record, the audit row, the news for the host.

Functions inside a transaction of the journal; whether it may happen was decided there.
"""

from datetime import UTC, datetime
from typing import Any

from app.store import audit, connections, outbox, sessions
from app.store.connections import ConnectionRecord
from app.store.engine import Connection


def note(
    connection: Connection, action: str, session: sessions.Row, now: float, **more: Any
) -> None:
    """An audit row about a session's end user."""
    audit.add(
        connection,
        action,
        host_id=session["host_id"],
        at=now,
        end_user_id=session["end_user_id"],
        session_id=session["id"],
        **{"actor": "end_user"} | more,
    )


def made(
    connection: Connection,
    session: sessions.Row,
    attempt: dict[str, Any],
    integrator_id: str,
    now: float,
) -> ConnectionRecord | None:
    """The record of a new connection, and its session completed; None if the record is not theirs.

    It may exist already: a host that saw the connection upstream can have adopted it meanwhile.
    """
    record = connections.by_integrator_id(connection, integrator_id)
    if record is None:
        record = ConnectionRecord(
            id=connections.new_id(),
            host_id=session["host_id"],
            integrator_id=integrator_id,
            connection_type=attempt["type"],
            method=attempt["method"],
            name=attempt["name"],
            end_user_id=session["end_user_id"],
            created_at=now,
            updated_at=now,
            status="ok",
            marker=attempt["marker"],
            session_id=session["id"],
        )
        connections.add(connection, record)
    if (record.host_id, record.end_user_id) != (session["host_id"], session["end_user_id"]):
        return None
    _complete(connection, session, record, now, "connection.created")
    return record


def remade(
    connection: Connection, session: sessions.Row, record: ConnectionRecord, now: float
) -> None:
    """A reconnect was saved upstream; its session is completed unless it was revoked meanwhile."""
    connections.touch(connection, record)
    _complete(connection, session, record, now, "connection.updated")


def _complete(
    connection: Connection,
    session: sessions.Row,
    record: ConnectionRecord,
    now: float,
    event: str,
) -> None:
    if session["revoked_at"] is None:
        done = {"published_id": record.id, "completed_at": now, "submit_state": "completed"}
        done |= dict.fromkeys(("outcome", "submit_owner", "submit_until"))
        sessions.change(connection, session["id"], **done)
    ids = {"connection_id": record.id, "marker": record.marker}
    note(connection, event, session, now, **ids)
    told = {"session_id": session["id"], "end_user_id": session["end_user_id"]}
    told |= {"connection": public(record), "metadata": session["details"]}
    outbox.add(connection, event, told, host_id=session["host_id"], at=now)


def public(record: ConnectionRecord) -> dict[str, str]:
    """A record as hosts see it."""
    names = ("id", "integrator_id", "connection_type", "method", "name", "end_user_id", "status")
    times = {name: getattr(record, name) for name in ("created_at", "updated_at")}
    return {name: str(getattr(record, name)) for name in names} | {
        name: datetime.fromtimestamp(at, UTC).isoformat() for name, at in times.items()
    }
