"""Each showing of a form may be submitted once; a repeat or a stale form starts nothing."""

import asyncio

import pytest

from app.connect.attempt import Attempts
from app.connect.recovery import Recovery
from app.connect.session import CHECK_LIFE, ConnectSession, Sessions
from app.store.engine import Store
from tests.connect.stage import HOST, KEYS, Clock, Saving, wish
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio

WRONG = [{"code": "wrong_secret", "field": "token"}]


@pytest.fixture
async def session(sessions: Sessions) -> ConnectSession:
    """An opened session of Enzo's."""
    issued = await sessions.issue(wish())
    return (await sessions.exchange(issued.token)).session


async def now(sessions: Sessions, session: ConnectSession) -> ConnectSession:
    """The session as it stands."""
    found = await sessions.get(HOST, session.id)
    assert found is not None
    return found


async def test_a_submit_is_checking_until_it_ends(
    sessions: Sessions, session: ConnectSession
) -> None:
    assert await sessions.begin_submit(session, 1) is True
    begun = await now(sessions, session)
    assert (begun.state, begun.submit, begun.submit_state) == ("working", 1, "checking")

    await sessions.end_submit(session.id, 1, "refused", WRONG)
    ended = await now(sessions, session)
    assert (ended.state, ended.submit_state, ended.outcome) == ("open", "refused", WRONG)


async def test_a_double_click_starts_one(sessions: Sessions, session: ConnectSession) -> None:
    answers = await asyncio.gather(*(sessions.begin_submit(session, 1) for _ in range(10)))

    assert answers.count(True) == 1


async def test_a_submit_waits_for_the_one_before_it(
    sessions: Sessions, session: ConnectSession
) -> None:
    await sessions.begin_submit(session, 1)
    assert await sessions.begin_submit(session, 2) is False

    await sessions.end_submit(session.id, 1, "refused", WRONG)
    assert await sessions.begin_submit(session, 2) is True
    assert (await now(sessions, session)).outcome is None


@pytest.mark.parametrize("number", [0, -1, 1, 3, 10**9])
async def test_a_number_out_of_turn_starts_nothing(
    sessions: Sessions, session: ConnectSession, number: int
) -> None:
    await sessions.begin_submit(session, 1)
    await sessions.end_submit(session.id, 1, "refused", WRONG)

    assert await sessions.begin_submit(session, number) is False


async def test_a_late_end_does_not_touch_the_next_submit(
    sessions: Sessions, session: ConnectSession
) -> None:
    await sessions.begin_submit(session, 1)
    await sessions.end_submit(session.id, 1, "refused", WRONG)
    await sessions.begin_submit(session, 2)
    await sessions.end_submit(session.id, 1, "refused", [{"code": "late"}])

    assert (await now(sessions, session)).submit_state == "checking"


async def test_a_save_that_may_still_succeed_is_not_called_refused(
    sessions: Sessions, saving: Saving
) -> None:
    """Whatever breaks here after the POST went out, the person must not be asked to type again."""
    session, _ = await saving()
    await sessions.end_submit(session.id, 1, "refused", [{"code": "our_fault"}])

    assert (await now(sessions, session)).submit_state == "saving"


async def test_what_an_ended_process_was_checking_has_to_be_entered_again(
    reopen: Reopen, clock: Clock
) -> None:
    async with reopen() as store:
        sessions = Sessions(store, KEYS, clock=clock)
        issued = await sessions.issue(wish())
        session = (await sessions.exchange(issued.token)).session
        await sessions.begin_submit(session, 1)

    async with reopen() as store:
        sessions = Sessions(store, KEYS, clock=clock)
        assert await sessions.forget_dead_submits() == 1
        ended = await now(sessions, session)

    assert (ended.submit_state, ended.outcome) == ("refused", [{"code": "enter_again"}])
    assert ended.state == "open"


async def test_what_this_process_checks_goes_on(
    sessions: Sessions, session: ConnectSession
) -> None:
    await sessions.begin_submit(session, 1)

    assert await sessions.forget_dead_submits() == 0
    assert (await now(sessions, session)).submit_state == "checking"


async def test_what_another_living_process_checks_goes_on(reopen: Reopen, clock: Clock) -> None:
    """A new process may start while the old one still drains."""
    async with reopen() as old, reopen() as new:
        sessions = Sessions(old, KEYS, clock=clock)
        session = (await sessions.exchange((await sessions.issue(wish())).token)).session
        await Recovery(Attempts(old, clock=clock)).live(for_seconds=20)
        await sessions.begin_submit(session, 1)
        others = Sessions(new, KEYS, clock=clock)

        assert await others.forget_dead_submits() == 0
        clock.forward(21)
        assert await others.forget_dead_submits() == 1


async def test_a_process_that_leaves_is_not_waited_for(reopen: Reopen, clock: Clock) -> None:
    async with reopen() as old, reopen() as new:
        sessions = Sessions(old, KEYS, clock=clock)
        session = (await sessions.exchange((await sessions.issue(wish())).token)).session
        recovery = Recovery(Attempts(old, clock=clock))
        await recovery.live(for_seconds=20)
        await sessions.begin_submit(session, 1)
        await recovery.leave()

        assert await Sessions(new, KEYS, clock=clock).forget_dead_submits() == 1


async def test_a_check_that_takes_too_long_is_given_up(
    sessions: Sessions, session: ConnectSession, clock: Clock, store: Store
) -> None:
    """A task can get lost in a process that lives."""
    await sessions.begin_submit(session, 1)
    clock.forward(CHECK_LIFE + 1)
    await Recovery(Attempts(store, clock=clock)).live(for_seconds=20)

    assert (await now(sessions, session)).outcome == [{"code": "enter_again"}]


async def test_a_foreign_session_id_ends_nothing(
    sessions: Sessions, session: ConnectSession
) -> None:
    await sessions.begin_submit(session, 1)
    await sessions.end_submit("ses_mallory", 1, "refused", WRONG)

    assert (await now(sessions, session)).submit_state == "checking"
