"""Our own records of connections: which of a host's end users has which connection upstream.

What a connection holds is known to integrator.io alone.
"""

import base64
import binascii
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy
from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from app.store.prepared import Prepared
from app.store.tables import connection as table

Status = Literal["ok", "offline", "unverified", "gone"]


class BadCursor(ValueError):
    """A text that is no cursor of ours."""


@dataclass(frozen=True, kw_only=True)
class ConnectionRecord:
    """A connection as we know it. `id` is ours, `integrator_id` upstream's; times are in seconds.

    `marker` and `session_id` tell where it came from; an adopted one has neither.
    """

    id: str
    host_id: str
    integrator_id: str
    connection_type: str
    method: str
    name: str
    end_user_id: str
    created_at: float
    updated_at: float
    status: Status
    marker: str | None = None
    session_id: str | None = None


_ADD = Prepared(insert(table), table.c.keys())
_BY_ID = Prepared(
    select(table).where(table.c.host_id == bindparam("host"), table.c.id == bindparam("of"))
)
_BY_INTEGRATOR_ID = Prepared(select(table).where(table.c.integrator_id == bindparam("of")))
_MINE = (table.c.host_id == bindparam("host"), table.c.id == bindparam("of"))


def new_id() -> str:
    """An id of our own that nobody can guess."""
    return "con_" + secrets.token_hex(16)


def add(connection: Connection, record: ConnectionRecord) -> None:
    """Insert a record. Raises IntegrityError when its `integrator_id` has one already."""
    row = dict(vars(record))
    _ADD.run(connection, row | {"type": row.pop("connection_type")})


def get(connection: Connection, host_id: str, connection_id: str) -> ConnectionRecord | None:
    """One record of a host; None for one of another's, as if there were none."""
    row = _BY_ID.first(connection, {"host": host_id, "of": connection_id})
    return None if row is None else _record(row)


def by_integrator_id(connection: Connection, integrator_id: str) -> ConnectionRecord | None:
    """The record of a connection upstream, whichever host it belongs to."""
    row = _BY_INTEGRATOR_ID.first(connection, {"of": integrator_id})
    return None if row is None else _record(row)


def page(
    connection: Connection,
    host_id: str,
    *,
    end_user_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[ConnectionRecord], str | None]:
    """Records of a host, newest first, and the cursor of the next page if there is one.

    A record that is deleted meanwhile moves no other over the edge of a page. Raises BadCursor.
    """
    query = select(table).where(table.c.host_id == host_id)
    if end_user_id is not None:
        query = query.where(table.c.end_user_id == end_user_id)
    if cursor is not None:
        query = query.where(tuple_(table.c.created_at, table.c.id) < tuple_(*_before(cursor)))
    query = query.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(limit + 1)
    records = [_record(row._asdict()) for row in connection.execute(query)]
    following = _cursor(records[limit - 1]) if len(records) > limit else None
    return records[:limit], following


def adopt(
    connection: Connection,
    *,
    host_id: str,
    integrator_id: str,
    end_user_id: str,
    type: str,
    method: str,
    name: str,
    status: Status,
    at: float | None = None,
) -> ConnectionRecord | None:
    """A record for a connection that exists upstream; None if it has one already, at any host."""
    if by_integrator_id(connection, integrator_id) is not None:
        return None
    now = time.time() if at is None else at
    record = ConnectionRecord(
        id=new_id(),
        host_id=host_id,
        integrator_id=integrator_id,
        connection_type=type,
        method=method,
        name=name,
        end_user_id=end_user_id,
        created_at=now,
        updated_at=now,
        status=status,
    )
    add(connection, record)
    return record


def set_status(connection: Connection, record: ConnectionRecord, status: Status) -> bool:
    """Note how a connection fares; True if that is news. Its times tell of credentials only."""
    news = update(table).where(*_MINE, table.c.status != status)
    return _changed(connection, news, record.host_id, record.id, status=status)


def touch(connection: Connection, record: ConnectionRecord) -> bool:
    """Write what a reconnect changed: method, name, status, session and time. False if not here."""
    columns = {key: getattr(record, key) for key in ("method", "name", "status", "updated_at")}
    columns["session_id"] = record.session_id
    return _changed(connection, update(table).where(*_MINE), record.host_id, record.id, **columns)


def delete(connection: Connection, record: ConnectionRecord) -> bool:
    """Delete a record; False if it is not here."""
    return _changed(connection, sqlalchemy.delete(table).where(*_MINE), record.host_id, record.id)


def _changed(
    connection: Connection, change: Any, host_id: str, connection_id: str, **columns: Any
) -> bool:
    row = {"host": host_id, "of": connection_id, **columns}
    return bool(connection.execute(change, row).rowcount)


def _record(row: dict[str, Any]) -> ConnectionRecord:
    return ConnectionRecord(connection_type=row.pop("type"), **row)


def _cursor(record: ConnectionRecord) -> str:
    text = json.dumps([record.created_at, record.id]).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _before(cursor: str) -> tuple[float, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        created_at, connection_id = json.loads(text)
        return float(created_at), str(connection_id)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise BadCursor("this is no cursor of ours") from None
