"""What a connect session is, and what its row permits at a given moment.

Values in, values out; session reads and writes the rows and knows the tokens.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.store.sessions import WORKING, Row

State = Literal["open", "working", "completed", "expired", "revoked"]

MOST_EXCHANGES: Final = 5
# How long a completed session still tells its outcome, and nothing else.
OUTCOME_LIFE: Final = 600.0


class SessionRefused(Exception):
    """The token or the session does not permit this. `code` is one of session_unknown,
    session_expired, session_revoked, session_replaced, session_used, session_completed.
    """

    def __init__(self, code: str, session: "ConnectSession | None" = None) -> None:
        """`session` is the one that ended: its form can stay on the screen and say so."""
        super().__init__(code)
        self.code = code
        self.session = session


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """What a host asks a session for. `values` is {type: {field: {value, locked?}}}, no secrets;
    `types` None means all; `expires_in` is how many seconds the token opens the form.
    """

    host_id: str
    end_user_id: str
    end_user_name: str | None = None
    end_user_email: str | None = None
    types: tuple[str, ...] | None = None
    origins: tuple[str, ...] = ()
    connection_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    upstream: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    locale: str | None = None
    theme: dict[str, Any] | None = None
    return_url: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    expires_in: int = 900


@dataclass(frozen=True, kw_only=True)
class ConnectSession(NewSession):
    """A session as its row stands. `outcome` is codes and fields of the last refused submit, never
    values; `published_id` is our own id of the connection that came of it.
    """

    id: str
    created_at: float
    opens_until: float
    form_until: float | None
    state: State
    exchange: int
    opened_as: Literal["widget", "api"] | None
    submit: int
    submit_state: Literal["checking", "saving", "refused", "completed"] | None
    outcome: list[dict[str, Any]] | None
    published_id: str | None


# The same under both names. Two columns are called otherwise: "values" and "metadata" mean
# something else on a table.
_PLAIN = (
    *("host_id", "end_user_id", "end_user_name", "end_user_email", "connection_id", "upstream"),
    *("name", "locale", "theme", "return_url", "expires_in"),
)
_GROWN = (
    *("id", "created_at", "opens_until", "form_until", "exchange", "opened_as"),
    *("submit", "submit_state", "outcome", "published_id"),
)


def new_row(new: NewSession, now: float) -> dict[str, Any]:
    """The row of a new session, with an id that nobody can guess."""
    row: dict[str, Any] = {name: getattr(new, name) for name in _PLAIN}
    row |= {"prefill": new.values, "details": new.metadata, "origins": list(new.origins)}
    row |= {"types": None if new.types is None else list(new.types)}
    row |= dict.fromkeys(("form_until", "opened_as", "submit_state", "submit_owner"))
    row |= dict.fromkeys(("submit_until", "outcome", "published_id", "completed_at", "revoked_at"))
    row |= {"id": "ses_" + secrets.token_hex(16), "exchange": 0, "launched": False, "submit": 0}
    return row | {"created_at": now, "opens_until": now + new.expires_in}


def of_row(row: Row, now: float) -> ConnectSession:
    """The session of a row, in the state that it has now."""
    return ConnectSession(
        **{name: row[name] for name in (*_PLAIN, *_GROWN)},
        types=None if row["types"] is None else tuple(row["types"]),
        origins=tuple(row["origins"]),
        values=row["prefill"],
        metadata=row["details"],
        state=_state(row, now),
    )


def _state(row: Row, now: float) -> State:
    if row["completed_at"] is not None:
        return "completed"
    if row["revoked_at"] is not None:
        return "revoked"
    if row["submit_state"] in WORKING:
        return "working"
    until = row["opens_until"] if row["form_until"] is None else row["form_until"]
    return "expired" if now >= until else "open"


def in_form(row: Row | None, now: float) -> ConnectSession:
    """The session whose form is open, or that may still tell its outcome. Raises SessionRefused."""
    session = _alive(row, now)
    if session.state == "expired":
        raise SessionRefused("session_expired", session)
    return session


def in_hand(row: Row | None, now: float) -> ConnectSession:
    """The session whose own token is good: until it opened, and for the API as long as the form.

    Raises SessionRefused.
    """
    session = in_form(row, now)
    if session.state == "open" and session.opened_as != "api" and now >= session.opens_until:
        raise SessionRefused("session_expired")
    return session


def exchangeable(row: Row | None, now: float) -> ConnectSession:
    """The session whose token may open the form now. Raises SessionRefused."""
    session = in_hand(row, now)
    if session.state == "completed":
        raise SessionRefused("session_completed")
    accepted = session.submit_state == "saving"
    if accepted or session.opened_as == "api" or session.exchange >= MOST_EXCHANGES:
        raise SessionRefused("session_used")
    if now >= session.opens_until:
        raise SessionRefused("session_expired")
    return session


def launchable(row: Row | None, now: float) -> ConnectSession:
    """The session whose launch code may open the hosted form now. Raises SessionRefused."""
    session = exchangeable(row, now)
    if row is not None and row["launched"]:
        raise SessionRefused("session_used")
    return session


def unopened(row: Row | None, now: float) -> ConnectSession:
    """The session that the browser API may take for itself. Raises SessionRefused."""
    session = exchangeable(row, now)
    if session.opened_as is not None:
        raise SessionRefused("session_used")
    return session


def _alive(row: Row | None, now: float) -> ConnectSession:
    if row is None:
        raise SessionRefused("session_unknown")
    if row["revoked_at"] is not None:
        raise SessionRefused("session_revoked", of_row(row, now))
    if row["completed_at"] is not None and now >= row["completed_at"] + OUTCOME_LIFE:
        raise SessionRefused("session_completed")
    return of_row(row, now)
