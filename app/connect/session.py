"""Connect sessions: short permissions of one end user to make or redo one connection.

A token is signed, but the session's row is the authority (decision 4); what a row permits is in
standing. What a submit does is submit's business.
"""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.connect.standing import (
    ConnectSession,
    NewSession,
    SessionRefused,
    exchangeable,
    in_form,
    in_hand,
    launchable,
    new_row,
    of_row,
    unopened,
)
from app.connect.tokens import LAUNCH, PAGE, SESSION, Seal
from app.store import audit, sessions
from app.store.engine import Connection, Store

__all__ = ["ConnectSession", "Issued", "NewSession", "Opened", "SessionRefused", "Sessions"]

# A ping (65 s) that first waited for room (20 s); after that its submit counts as abandoned.
CHECK_LIFE: Final = 95.0

# The secrets went with the process that held them.
ENTER_AGAIN: Final = ({"code": "enter_again"},)

Permit = Callable[[sessions.Row | None, float], ConnectSession]


@dataclass(frozen=True)
class Issued:
    """A new session with the two secrets that open it: a token, and a code for the hosted page."""

    session: ConnectSession
    token: str = field(repr=False)
    launch_code: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """An opened form: its page token is what the browser shows from now on."""

    session: ConnectSession
    page_token: str = field(repr=False)


class Sessions:
    """Issues, exchanges, verifies and revokes connect sessions. `form_life` is in seconds."""

    def __init__(
        self,
        store: Store,
        keys: Sequence[str],
        *,
        clock: Callable[[], float] = time.time,
        form_life: int = 3600,
    ) -> None:
        self._store = store
        self._clock = clock
        self._form_life = form_life
        self._session_seal = Seal(SESSION, keys, clock)
        self._page_seal = Seal(PAGE, keys, clock)
        self._launch_seal = Seal(LAUNCH, keys, clock)

    async def issue(self, new: NewSession) -> Issued:
        """Make a session. Its token and code are shown this once and kept nowhere."""
        now = self._clock()
        row = new_row(new, now)

        def change(connection: Connection) -> None:
            sessions.add(connection, row)
            _note(connection, "session.issued", row, now, actor="host")

        await self._store.write(change)
        session = of_row(row, now)
        token, code = self._session_seal.issue(session.id), self._launch_seal.issue(session.id)
        return Issued(session, token, code)

    async def peek(self, token: str) -> ConnectSession:
        """The session of a session token; nothing is spent. Raises SessionRefused."""
        return await self._verified(_id_in(self._session_seal, token), in_hand)

    async def peek_launch(self, code: str) -> ConnectSession:
        """The session of a launch code that is unspent; nothing is spent. Raises SessionRefused."""
        return await self._verified(_id_in(self._launch_seal, code), launchable)

    async def exchange(self, token: str) -> Opened:
        """Open the form of a session token, or open it again after a reload.

        At most five times, and until a submit was accepted; older page tokens end. Raises
        SessionRefused.
        """
        return await self._open(_id_in(self._session_seal, token), exchangeable, "widget")

    async def launch(self, code: str) -> Opened:
        """Open the hosted form of a launch code, once. Raises SessionRefused."""
        return await self._open(
            _id_in(self._launch_seal, code), launchable, "widget", launched=True
        )

    async def page(self, page_token: str) -> ConnectSession:
        """The session of the newest page token. Raises SessionRefused.

        A completed session passes for ten more minutes, to tell its outcome.
        """
        session_id, exchange = _claims(self._page_seal, page_token, 2)
        session = await self._verified(session_id, in_form)
        if session.exchange != exchange:
            raise SessionRefused("session_replaced", session)
        return session

    async def bearer(self, token: str) -> ConnectSession:
        """The session of a token of the browser API: a page token, or the session's own.

        The first use of a session token opens the session for the API alone. Raises SessionRefused.
        """
        if token.startswith(PAGE.prefix):
            return await self.page(token)
        session = await self.peek(token)
        if session.opened_as is None:
            try:
                return (await self._open(session.id, unopened, "api")).session
            except SessionRefused:
                # Of two first uses at once the second finds it opened.
                session = await self.peek(token)
        if session.opened_as != "api":
            raise SessionRefused("session_used")
        return session

    async def get(self, host_id: str, session_id: str) -> ConnectSession | None:
        """A session of this host, in whatever state; None for another host's."""
        row = await self._store.read(lambda c: sessions.by_id(c, session_id))
        if row is None or row["host_id"] != host_id:
            return None
        return of_row(row, self._clock())

    async def revoke(self, host_id: str, session_id: str) -> bool:
        """End a session and all its tokens at once; False when this host has no such session."""
        now = self._clock()

        def change(connection: Connection) -> bool:
            row = sessions.by_id(connection, session_id, lock=True)
            if row is None or row["host_id"] != host_id:
                return False
            if row["revoked_at"] is None:
                sessions.change(connection, session_id, revoked_at=now)
                _note(connection, "session.revoked", row, now, actor="host")
            return True

        return await self._store.write(change)

    async def begin_submit(self, session: ConnectSession, number: int) -> bool:
        """Start submit `number`; False when it was started before, or the form is a stale one."""
        until, owner = self._clock() + CHECK_LIFE, self._store.owner
        return await self._store.write(
            lambda c: sessions.begin_submit(c, session.id, number, owner, until)
        )

    async def end_submit(
        self,
        session_id: str,
        number: int,
        state: Literal["refused"],
        outcome: list[dict[str, Any]] | None,
    ) -> None:
        """Write what became of submit `number`: codes and fields, never values.

        Nothing happens when a later submit has begun, or while a connection may still come of it.
        """
        await self._store.write(
            lambda c: sessions.end_submit(c, session_id, number, state, outcome)
        )

    async def forget_dead_submits(self) -> int:
        """Ask again for what only an ended process knew; returns how many submits that were."""
        now, owner = self._clock(), self._store.owner
        outcome = list(ENTER_AGAIN)
        return await self._store.write(lambda c: sessions.end_abandoned(c, now, owner, outcome))

    async def _verified(self, session_id: str, permit: Permit) -> ConnectSession:
        row = await self._store.read(lambda c: sessions.by_id(c, session_id))
        return permit(row, self._clock())

    async def _open(
        self, session_id: str, permit: Permit, opened_as: Literal["widget", "api"], **columns: bool
    ) -> Opened:
        now = self._clock()

        def change(connection: Connection) -> ConnectSession:
            session = permit(sessions.by_id(connection, session_id, lock=True), now)
            opened: dict[str, Any] = {
                "opened_as": opened_as,
                "exchange": session.exchange + 1,
                "form_until": now + self._form_life,
            }
            sessions.change(connection, session_id, **opened, **columns)
            _note(connection, "session.opened", vars(session), now, actor="end_user")
            return dataclasses.replace(session, **opened)

        session = await self._store.write(change)
        return Opened(session, self._page_seal.issue(session.id, session.exchange))


def _claims(seal: Seal, token: str, count: int) -> list[Any]:
    claims = seal.read(token)
    if claims is None or len(claims) != count:
        raise SessionRefused("session_unknown")
    return claims


def _id_in(seal: Seal, token: str) -> str:
    return str(_claims(seal, token, 1)[0])


def _note(
    connection: Connection, action: str, row: sessions.Row, now: float, *, actor: str
) -> None:
    audit.add(
        connection,
        action,
        host_id=row["host_id"],
        at=now,
        actor=actor,
        end_user_id=row["end_user_id"],
        session_id=row["id"],
    )
