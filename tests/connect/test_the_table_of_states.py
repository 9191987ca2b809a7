"""The table of the journal: every state can be reached, and none is a trap for a connection."""

from itertools import product

import pytest

from app.connect.journal import (
    IN_FLIGHT,
    LATE,
    TRANSITIONS,
    UNWANTED,
    Event,
    Impossible,
    State,
    after,
)

# Nothing leads there before sign-ins that are proven after they are saved.
LATER = {State.AWAITING_CONSENT}


def reachable(start: State) -> set[State]:
    """Every state that events can lead to."""
    found, new = {start}, {start}
    while new:
        new = {to for (state, _), to in TRANSITIONS.items() if state in new} - found
        found |= new
    return found


def test_every_state_can_be_reached() -> None:
    assert reachable(State.SENDING) == set(State) - LATER


def test_nothing_leads_back_to_sending() -> None:
    """One POST per attempt, ever."""
    assert State.SENDING not in TRANSITIONS.values()


def test_what_is_published_stays_published() -> None:
    assert reachable(State.COMMITTED) == {State.COMMITTED}


def test_what_is_to_be_deleted_is_never_published() -> None:
    for state in UNWANTED:
        assert reachable(state) == set(UNWANTED)


def test_every_doubt_can_end_both_ways() -> None:
    for state in set(IN_FLIGHT) - LATER | set(LATE):
        assert {State.COMMITTED, State.ORPHAN} <= reachable(state)


def test_every_copy_that_nobody_wants_can_be_deleted() -> None:
    for state in set(State) - LATER - {State.COMMITTED}:
        assert State.SWEPT in reachable(state)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_an_event_leads_where_the_table_says_or_nowhere(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(Impossible):
            after(state, event)


@pytest.mark.parametrize("event", [Event.SAVED, Event.REFUSED, Event.DOUBTED])
def test_an_answer_is_taken_in_wherever_the_search_has_got_to(event: Event) -> None:
    """Recovery may be faster than the process that sent: its answer must not then be a mistake."""
    overtaken_by_search = {State.SENDING, State.UNKNOWN, State.ABSENT, State.COMMITTED}

    assert all((state, event) in TRANSITIONS for state in overtaken_by_search)
