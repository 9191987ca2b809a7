"""The states of an attempt and what may follow what, as data.

An attempt is one POST of a new connection, sent at most once, ever. Its row is written before the
first byte leaves, so that whatever happens then finds it. attempt and reconcile run this table.
"""

from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where an attempt stands; in the comments, what its end user sees."""

    SENDING = "SENDING"  # saving
    UNKNOWN = "UNKNOWN"  # still saving: no usable answer came
    COMMITTED = "COMMITTED"  # connected
    REJECTED = "REJECTED"  # fix it and try again: surely not saved
    ABSENT = "ABSENT"  # enter it again: looked for and not found
    ORPHAN = "ORPHAN"  # nothing: a copy that nobody wants, to be deleted
    SWEPT = "SWEPT"  # nothing: the copy is deleted
    # For sign-ins that are saved before they are proven; nothing leads here yet.
    AWAITING_CONSENT = "AWAITING_CONSENT"


class Event(StrEnum):
    """What is learned about an attempt."""

    SAVED = "saved"  # integrator.io answered with the new id
    REFUSED = "refused"  # it was not sent, or the answer is a definite no
    DOUBTED = "doubted"  # it was sent, and no usable answer came
    LOST = "lost"  # whoever sent it has ended, or is later than promised
    FOUND = "found"  # its marker is in the list of connections
    MISSED = "missed"  # its marker is not in the list, long after the last possible sending
    OVERTAKEN = "overtaken"  # a copy exists, and its session has another or wants none
    REMOVED = "removed"  # the copy is gone


class Impossible(Exception):
    """An event that cannot follow a state: our own mistake. Nothing was changed."""


_S, _E = State, Event

TRANSITIONS = MappingProxyType(
    {
        (_S.SENDING, _E.SAVED): _S.COMMITTED,
        (_S.SENDING, _E.REFUSED): _S.REJECTED,
        (_S.SENDING, _E.DOUBTED): _S.UNKNOWN,
        (_S.SENDING, _E.LOST): _S.UNKNOWN,
        (_S.SENDING, _E.FOUND): _S.COMMITTED,
        (_S.SENDING, _E.OVERTAKEN): _S.ORPHAN,
        # An answer may still arrive at a process that was thought dead.
        (_S.UNKNOWN, _E.SAVED): _S.COMMITTED,
        (_S.UNKNOWN, _E.REFUSED): _S.REJECTED,
        (_S.UNKNOWN, _E.DOUBTED): _S.UNKNOWN,
        (_S.UNKNOWN, _E.FOUND): _S.COMMITTED,
        (_S.UNKNOWN, _E.MISSED): _S.ABSENT,
        (_S.UNKNOWN, _E.OVERTAKEN): _S.ORPHAN,
        # Late copies: taken while the session still has use for one, else deleted.
        (_S.ABSENT, _E.SAVED): _S.COMMITTED,
        (_S.ABSENT, _E.REFUSED): _S.REJECTED,
        (_S.ABSENT, _E.DOUBTED): _S.ABSENT,
        (_S.ABSENT, _E.FOUND): _S.COMMITTED,
        (_S.ABSENT, _E.OVERTAKEN): _S.ORPHAN,
        (_S.REJECTED, _E.FOUND): _S.COMMITTED,
        (_S.REJECTED, _E.OVERTAKEN): _S.ORPHAN,
        (_S.ORPHAN, _E.REFUSED): _S.ORPHAN,
        (_S.ORPHAN, _E.DOUBTED): _S.ORPHAN,
        (_S.ORPHAN, _E.OVERTAKEN): _S.ORPHAN,
        (_S.ORPHAN, _E.REMOVED): _S.SWEPT,
        (_S.SWEPT, _E.OVERTAKEN): _S.ORPHAN,
        (_S.SWEPT, _E.REFUSED): _S.SWEPT,
        (_S.SWEPT, _E.DOUBTED): _S.SWEPT,
        # Two who look at once both find it: the second changes nothing.
        (_S.COMMITTED, _E.SAVED): _S.COMMITTED,
        (_S.COMMITTED, _E.FOUND): _S.COMMITTED,
        (_S.COMMITTED, _E.REFUSED): _S.COMMITTED,
        (_S.COMMITTED, _E.DOUBTED): _S.COMMITTED,
    }
)

# A connection may still come of these; at most one of a session at any instant.
IN_FLIGHT = (State.SENDING, State.UNKNOWN, State.AWAITING_CONSENT)
# These counted as failed. A copy that turns up all the same is late.
LATE = (State.ABSENT, State.REJECTED)
# A copy of these is deleted.
UNWANTED = (State.ORPHAN, State.SWEPT)


def after(state: str, event: Event) -> State:
    """The state that follows. Raises Impossible."""
    try:
        return TRANSITIONS[State(state), event]
    except KeyError:
        raise Impossible(f"an attempt that is {state} cannot be {event}") from None
