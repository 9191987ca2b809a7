"""Rows of the journal of attempts. What may follow what is connect's to decide."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from app.store import leases
from app.store.prepared import Prepared
from app.store.tables import attempt

Row = dict[str, Any]

_ADD = Prepared(insert(attempt), attempt.c.keys())
_LOCKED = Prepared(select(attempt).where(attempt.c.marker == bindparam("of")).with_for_update())
_OF_SESSION = select(attempt).where(
    attempt.c.session_id == bindparam("session_id"),
    attempt.c.state.in_(bindparam("states", expanding=True)),
)


@cache
def _change(columns: tuple[str, ...]) -> Prepared:
    return Prepared(update(attempt).where(attempt.c.marker == bindparam("of")), columns)


def add(connection: Connection, row: Row) -> None:
    """Insert an attempt. Raises IntegrityError when its session has a live one already."""
    _ADD.run(connection, row)


def locked(connection: Connection, marker: str) -> Row | None:
    """One attempt, which nobody else changes until the transaction ends."""
    return _LOCKED.first(connection, {"of": marker})


def change(connection: Connection, marker: str, **columns: Any) -> None:
    """Set columns of an attempt that was read under a lock."""
    _change(tuple(columns)).run(connection, {"of": marker, **columns})


def of_session(connection: Connection, session_id: str, states: Iterable[str]) -> Row | None:
    """An attempt of the session in one of the states, or None."""
    found = connection.execute(_OF_SESSION, {"session_id": session_id, "states": list(states)})
    return None if (row := found.first()) is None else row._asdict()


def in_states(connection: Connection, states: Iterable[str], since: float = 0) -> list[Row]:
    """The attempts in these states that changed after `since`, the oldest first."""
    query = select(attempt).where(attempt.c.state.in_(list(states)), attempt.c.changed_at > since)
    return [row._asdict() for row in connection.execute(query.order_by(attempt.c.changed_at))]


def abandoned(connection: Connection, state: str, now: float) -> list[Row]:
    """The attempts in `state` that nobody works on any more.

    Those are: of a process that holds no lease, or later than promised. Nobody else changes them
    until the transaction ends.
    """
    gone = attempt.c.owner.not_in(leases.living(now))
    query = select(attempt).where(attempt.c.state == state, or_(attempt.c.send_until < now, gone))
    return [row._asdict() for row in connection.execute(query.with_for_update())]
