"""Rows of connect sessions. Whether a session may do something is connect's to decide.

Functions on a connection; a row is a dict of its columns.
"""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, or_, select, update

from app.store import leases
from app.store.tables import attempt, session

Row = dict[str, Any]

WORKING = ("checking", "saving")
# While one of these exists, a connection may still come of the session's submit.
IN_FLIGHT = ("SENDING", "UNKNOWN", "AWAITING_CONSENT")

_ADD = insert(session)
_BY_ID = select(session).where(session.c.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update()
_IN_FLIGHT = exists().where(attempt.c.session_id == session.c.id, attempt.c.state.in_(IN_FLIGHT))
_BEGIN_SUBMIT = (
    update(session)
    .where(
        session.c.id == bindparam("of"),
        session.c.submit == bindparam("before"),
        or_(session.c.submit_state.is_(None), session.c.submit_state.not_in(WORKING)),
        session.c.completed_at.is_(None),
        session.c.revoked_at.is_(None),
    )
    .values(submit_state="checking", outcome=None)
)
_END_SUBMIT = (
    update(session)
    .where(
        session.c.id == bindparam("of"),
        session.c.submit == bindparam("number"),
        session.c.submit_state.in_(WORKING),
        ~_IN_FLIGHT,
    )
    .values(submit_owner=None, submit_until=None)
)


def add(connection: Connection, row: Row) -> None:
    """Insert a session; the keys of `row` are its columns."""
    connection.execute(_ADD, row)


def by_id(connection: Connection, session_id: str, *, lock: bool = False) -> Row | None:
    """One session, or None. With `lock` nobody else changes it until the transaction ends."""
    found = connection.execute(_LOCKED if lock else _BY_ID, {"id": session_id}).first()
    return None if found is None else found._asdict()


def change(connection: Connection, session_id: str, **columns: Any) -> None:
    """Set columns of a session that was read under a lock."""
    connection.execute(update(session).where(session.c.id == session_id), columns)


def begin_submit(
    connection: Connection, session_id: str, number: int, owner: str, until: float
) -> bool:
    """Start submit `number`, if the one before it was the last and has ended. Else False."""
    values = {"of": session_id, "before": number - 1}
    values |= {"submit": number, "submit_owner": owner, "submit_until": until}
    return connection.execute(_BEGIN_SUBMIT, values).rowcount == 1


def end_submit(
    connection: Connection, session_id: str, number: int, state: str | None, outcome: Any
) -> bool:
    """End submit `number`, unless another has begun or a connection may still come of it."""
    values = {"of": session_id, "number": number, "submit_state": state, "outcome": outcome}
    return connection.execute(_END_SUBMIT, values).rowcount == 1


def end_abandoned(connection: Connection, now: float, asking: str, outcome: Any) -> int:
    """End, as refused, the submits that nobody works on any more; returns how many.

    Those are: of a process that holds no lease (`asking` lives), or later than promised.
    """
    others = session.c.submit_owner != asking
    gone = and_(others, session.c.submit_owner.not_in(leases.living(now)))
    ended = (
        update(session)
        .where(session.c.submit_state.in_(WORKING), ~_IN_FLIGHT)
        .where(or_(session.c.submit_until < now, gone))
        .values(submit_state="refused", submit_owner=None, submit_until=None, outcome=outcome)
    )
    return connection.execute(ended).rowcount
