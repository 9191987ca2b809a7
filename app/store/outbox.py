"""What hosts will be told: written in the transaction of what happened, delivered by notify."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from app.store.prepared import Prepared
from app.store.tables import outbox

_ADD = Prepared(insert(outbox), outbox.c.keys())


def add(
    connection: Connection, type: str, data: Mapping[str, Any], *, host_id: str, at: float
) -> str:
    """Queue an event, named like ``connection.created``; returns its id, the same on each try."""
    event_id = "msg_" + secrets.token_hex(16)
    row = {"id": event_id, "host_id": host_id, "type": type, "data": dict(data)}
    times = {"created_at": at, "due_at": at, "delivered_at": None}
    _ADD.run(connection, row | times | {"tries": 0})
    return event_id


def waiting(connection: Connection, limit: int = 100) -> list[dict[str, Any]]:
    """Events that were not delivered, those due first at the front."""
    query = select(outbox).where(outbox.c.delivered_at.is_(None))
    return [
        row._asdict() for row in connection.execute(query.order_by(outbox.c.due_at).limit(limit))
    ]
