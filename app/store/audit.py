"""The audit trail: who did what to whose connection, in codes and ids. No row, no call."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from app.store.prepared import Prepared
from app.store.tables import audit

_ADD = Prepared(insert(audit), [column.name for column in audit.c if column is not audit.c.id])


def add(
    connection: Connection,
    action: str,
    *,
    host_id: str,
    at: float,
    actor: str,
    end_user_id: str | None = None,
    session_id: str | None = None,
    connection_id: str | None = None,
    marker: str | None = None,
    codes: Sequence[str] = (),
) -> None:
    """Note an action, named like ``connection.created``. `actor`: host, end_user, keyhatch, or
    ``operator:NAME``.
    """
    row = {"action": action, "host_id": host_id, "at": at, "actor": actor}
    row |= {"end_user_id": end_user_id, "session_id": session_id, "marker": marker}
    _ADD.run(connection, row | {"connection_id": connection_id, "codes": list(codes)})


def newest(connection: Connection, host_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """The last actions at a host, newest first."""
    rows = select(audit).where(audit.c.host_id == host_id).order_by(audit.c.id.desc())
    return [row._asdict() for row in connection.execute(rows.limit(limit))]
