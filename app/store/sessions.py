"""Rows of connect sessions. Whether a session may do something is connect's to decide.

Functions on a connection; a row is a dict of its columns.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, or_, select, update

from app.store import leases
from app.store.prepared import Prepared
from app.store.tables import attempt, session

Row = dict[str, Any]

WORKING = ("checking", "saving")
# While one of these exists, a connection may still come of the session's submit.
IN_FLIGHT = ("SENDING", "UNKNOWN", "AWAITING_CONSENT")

_ONE = select(session).where(session.c.id == bindparam("of"))
_IN_FLIGHT = exists().where(
    attempt.c.session_id == session.c.id, or_(*(attempt.c.state == state for state in IN_FLIGHT))
)
_WORKING = or_(*(session.c.submit_state == state for state in WORKING))

_ADD = Prepared(insert(session), session.c.keys())
_BY_ID, _LOCKED = Prepared(_ONE), Prepared(_ONE.with_for_update())
_BEGIN_SUBMIT = Prepared(
    update(session)
    .where(
        session.c.id == bindparam("of"),
        session.c.submit == bindparam("before"),
        or_(session.c.submit_state.is_(None), ~_WORKING),
        session.c.completed_at.is_(None),
        session.c.revoked_at.is_(None),
    )
    .values(submit_state="checking", outcome=None),
    ("submit", "submit_state", "submit_owner", "submit_until", "outcome"),
)
_END_SUBMIT = Prepared(
    update(session)
    .where(
        session.c.id == bindparam("of"),
        session.c.submit == bindparam("number"),
        _WORKING,
        ~_IN_FLIGHT,
    )
    .values(submit_owner=None, submit_until=None),
    ("submit_state", "submit_owner", "submit_until", "outcome"),
)


@cache
def _change(columns: tuple[str, ...]) -> Prepared:
    return Prepared(update(session).where(session.c.id == bindparam("of")), columns)


def add(connection: Connection, row: Row) -> None:
    """Insert a session; the keys of `row` are its columns."""
    _ADD.run(connection, row)


def by_id(connection: Connection, session_id: str, *, lock: bool = False) -> Row | None:
    """One session, or None. With `lock` nobody else changes it until the transaction ends."""
    return (_LOCKED if lock else _BY_ID).first(connection, {"of": session_id})


def change(connection: Connection, session_id: str, **columns: Any) -> None:
    """Set columns of a session that was read under a lock."""
    _change(tuple(columns)).run(connection, {"of": session_id, **columns})


def begin_submit(
    connection: Connection, session_id: str, number: int, owner: str, until: float
) -> bool:
    """Start submit `number`, if the one before it was the last and has ended. Else False."""
    values = {"of": session_id, "before": number - 1}
    values |= {"submit": number, "submit_owner": owner, "submit_until": until}
    return _BEGIN_SUBMIT.run(connection, values) == 1


def end_submit(
    connection: Connection, session_id: str, number: int, state: str | None, outcome: Any
) -> bool:
    """End submit `number`, unless another has begun or a connection may still come of it."""
    values = {"of": session_id, "number": number, "submit_state": state, "outcome": outcome}
    return _END_SUBMIT.run(connection, values) == 1


def end_abandoned(connection: Connection, now: float, asking: str, outcome: Any) -> int:
    """End, as refused, the submits that nobody works on any more; returns how many.

    Those are: of a process that holds no lease (`asking` lives), or later than promised.
    """
    others = session.c.submit_owner != asking
    gone = and_(others, session.c.submit_owner.not_in(leases.living(now)))
    ended = (
        update(session)
        .where(_WORKING, ~_IN_FLIGHT)
        .where(or_(session.c.submit_until < now, gone))
        .values(submit_state="refused", submit_owner=None, submit_until=None, outcome=outcome)
    )
    return connection.execute(ended).rowcount
