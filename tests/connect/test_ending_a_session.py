"""A session expires, is revoked at once, and when completed tells its outcome for ten minutes."""

import pytest

from app.connect.attempt import Attempts
from app.connect.session import Sessions
from tests.connect.stage import HOST, KEYS, Clock, Saving, refusal, wish
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio


async def state(sessions: Sessions, session_id: str) -> str:
    """The state that Hana's server reads."""
    found = await sessions.get(HOST, session_id)
    assert found is not None
    return found.state


async def test_a_token_opens_the_form_until_its_time_is_over(
    sessions: Sessions, clock: Clock
) -> None:
    issued = await sessions.issue(wish(expires_in=900))
    clock.forward(899.9)
    opened = await sessions.exchange(issued.token)
    clock.forward(0.1)

    assert await refusal(sessions.peek(issued.token)) == "session_expired"
    assert await refusal(sessions.exchange(issued.token)) == "session_expired"
    assert await refusal(sessions.launch(issued.launch_code)) == "session_expired"
    # The form is open, and lives on.
    assert (await sessions.page(opened.page_token)).state == "open"


async def test_a_session_that_nobody_opened_expires(sessions: Sessions, clock: Clock) -> None:
    issued = await sessions.issue(wish(expires_in=900))
    clock.forward(900)

    assert await state(sessions, issued.session.id) == "expired"
    assert await refusal(sessions.bearer(issued.token)) == "session_expired"
    assert await refusal(sessions.peek_launch(issued.launch_code)) == "session_expired"


async def test_a_form_lives_for_an_hour(sessions: Sessions, clock: Clock) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    clock.forward(3599)
    assert (await sessions.page(opened.page_token)).state == "open"

    clock.forward(1)
    assert await refusal(sessions.page(opened.page_token)) == "session_expired"
    assert await state(sessions, issued.session.id) == "expired"


async def test_a_form_lives_as_long_as_it_was_told_to(attempts: Attempts, clock: Clock) -> None:
    sessions = Sessions(attempts.store, KEYS, clock=clock, form_life=60)
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    clock.forward(60)

    assert await refusal(sessions.page(opened.page_token)) == "session_expired"


async def test_a_bearer_of_the_api_lives_as_long_as_a_form(
    sessions: Sessions, clock: Clock
) -> None:
    issued = await sessions.issue(wish())
    await sessions.bearer(issued.token)
    clock.forward(3599)
    assert (await sessions.bearer(issued.token)).state == "open"

    clock.forward(1)
    assert await refusal(sessions.bearer(issued.token)) == "session_expired"


async def test_a_save_that_is_under_way_outlives_the_form(
    sessions: Sessions, saving: Saving, clock: Clock
) -> None:
    session, _ = await saving()
    clock.forward(4000)

    assert await state(sessions, session.id) == "working"


async def test_a_revoked_session_ends_at_once(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)

    assert await sessions.revoke(HOST, issued.session.id) is True

    assert await state(sessions, issued.session.id) == "revoked"
    assert await refusal(sessions.page(opened.page_token)) == "session_revoked"
    assert await refusal(sessions.peek(issued.token)) == "session_revoked"
    assert await refusal(sessions.exchange(issued.token)) == "session_revoked"
    assert await refusal(sessions.launch(issued.launch_code)) == "session_revoked"
    assert await sessions.begin_submit(opened.session, 1) is False


async def test_revoking_again_is_no_mistake(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    await sessions.revoke(HOST, issued.session.id)

    assert await sessions.revoke(HOST, issued.session.id) is True


async def test_mallorys_host_neither_sees_nor_ends_the_session(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())

    assert await sessions.get("mallory", issued.session.id) is None
    assert await sessions.revoke("mallory", issued.session.id) is False
    assert await sessions.get("mallory", "ses_made_up") is None
    assert await state(sessions, issued.session.id) == "open"


async def test_a_completed_session_tells_its_outcome_for_ten_minutes(
    sessions: Sessions, attempts: Attempts, clock: Clock
) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    await sessions.begin_submit(opened.session, 1)
    marker = await attempts.permit(
        opened.session, number=1, type="shopify", method="token", name="shop"
    )
    record = await attempts.committed(marker, "upstream-1")
    clock.forward(599)

    told = await sessions.page(opened.page_token)
    assert (told.state, told.submit_state, told.published_id) == ("completed",) * 2 + (record.id,)
    assert await sessions.begin_submit(told, 2) is False
    assert (await sessions.peek(issued.token)).state == "completed"

    clock.forward(1)
    assert await refusal(sessions.page(opened.page_token)) == "session_completed"
    assert await state(sessions, issued.session.id) == "completed"


async def test_revoking_a_completed_session_silences_its_tokens(
    sessions: Sessions, attempts: Attempts
) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    await sessions.begin_submit(opened.session, 1)
    marker = await attempts.permit(
        opened.session, number=1, type="shopify", method="token", name="shop"
    )
    await attempts.committed(marker, "upstream-1")
    await sessions.revoke(HOST, issued.session.id)

    assert await refusal(sessions.page(opened.page_token)) == "session_revoked"
    assert await state(sessions, issued.session.id) == "completed"


async def test_a_session_outlives_a_restart(reopen: Reopen, clock: Clock) -> None:
    async with reopen() as store:
        sessions = Sessions(store, KEYS, clock=clock)
        issued = await sessions.issue(wish())
        opened = await sessions.exchange(issued.token)

    async with reopen() as store:
        sessions = Sessions(store, KEYS, clock=clock)
        assert await sessions.page(opened.page_token) == opened.session
        assert (await sessions.exchange(issued.token)).session.exchange == 2
