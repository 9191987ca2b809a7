"""A session token opens the form, and opens it again after a reload, within limits.

The newest opening is the one that counts. Nothing is spent by looking.
"""

import asyncio

import pytest

from app.connect.attempt import Attempts
from app.connect.session import Sessions
from app.store import audit
from app.store.engine import Store
from tests.connect.stage import HOST, KEYS, Clock, refusal, wish

pytestmark = pytest.mark.anyio


async def test_a_session_is_what_the_host_asked_for(sessions: Sessions, clock: Clock) -> None:
    new = wish(
        end_user_name="Enzo",
        end_user_email="enzo@larkfield.example",
        connection_id="con_1",
        values={"shopify": {"store": {"value": "larkfield-demo", "locked": True}}},
        upstream={"agent_id": "agent-1"},
        name="Enzo's shop",
        locale="it",
        theme={"accent": "#003366"},
        return_url="https://larkfield.example/done",
        expires_in=60,
    )
    issued = await sessions.issue(new)
    kept = await sessions.peek(issued.token)

    assert kept == issued.session
    assert {name: getattr(kept, name) for name in vars(new)} == vars(new)
    assert (kept.state, kept.exchange, kept.submit, kept.opened_as) == ("open", 0, 0, None)
    assert (kept.created_at, kept.opens_until) == (clock.now, clock.now + 60)


async def test_all_types_and_no_types_are_two_things(sessions: Sessions) -> None:
    everything = await sessions.issue(wish(types=None))
    nothing = await sessions.issue(wish(types=()))

    assert (await sessions.peek(everything.token)).types is None
    assert (await sessions.peek(nothing.token)).types == ()


async def test_secrets_of_a_session_are_not_in_what_gets_logged(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)

    for secret in (issued.token, issued.launch_code, opened.page_token):
        assert secret not in repr(issued) + repr(opened)


async def test_looking_spends_nothing(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    for _ in range(20):
        await sessions.peek(issued.token)
        await sessions.peek_launch(issued.launch_code)

    assert (await sessions.peek(issued.token)).exchange == 0


async def test_a_page_token_leads_to_its_session(sessions: Sessions, clock: Clock) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)

    assert await sessions.page(opened.page_token) == opened.session
    assert (opened.session.opened_as, opened.session.exchange) == ("widget", 1)
    assert opened.session.form_until == clock.now + 3600


async def test_a_reload_ends_the_page_token_before_it(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    first = await sessions.exchange(issued.token)
    second = await sessions.exchange(issued.token)

    assert await refusal(sessions.page(first.page_token)) == "session_replaced"
    assert (await sessions.page(second.page_token)).exchange == 2


async def test_five_openings_are_enough(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    opened = [await sessions.exchange(issued.token) for _ in range(5)][-1]

    assert await refusal(sessions.exchange(issued.token)) == "session_used"
    # Mallory, who has the token too late, does not take the form from Enzo.
    assert (await sessions.page(opened.page_token)).state == "open"


async def test_openings_at_the_same_moment_are_counted(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    answers = await asyncio.gather(
        *(sessions.exchange(issued.token) for _ in range(20)), return_exceptions=True
    )

    assert sum(not isinstance(answer, Exception) for answer in answers) == 5


async def test_a_refused_submit_does_not_close_the_form(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    await sessions.begin_submit(opened.session, 1)
    await sessions.exchange(issued.token)
    await sessions.end_submit(opened.session.id, 1, "refused", [{"code": "wrong_secret"}])

    assert (await sessions.exchange(issued.token)).session.submit == 1


async def test_an_accepted_submit_closes_the_form(sessions: Sessions, attempts: Attempts) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)
    await sessions.begin_submit(opened.session, 1)
    marker = await attempts.permit(
        opened.session, number=1, type="shopify", method="token", name="shop"
    )
    assert await refusal(sessions.exchange(issued.token)) == "session_used"

    await attempts.committed(marker, "upstream-1")
    assert await refusal(sessions.exchange(issued.token)) == "session_completed"


async def test_a_launch_code_works_once(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.launch(issued.launch_code)

    assert (await sessions.page(opened.page_token)).id == issued.session.id
    assert await refusal(sessions.launch(issued.launch_code)) == "session_used"
    assert await refusal(sessions.peek_launch(issued.launch_code)) == "session_used"


async def test_of_two_launches_at_once_one_succeeds(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    answers = await asyncio.gather(
        *(sessions.launch(issued.launch_code) for _ in range(8)), return_exceptions=True
    )

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1


async def test_a_token_is_no_launch_code_and_the_other_way_round(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())

    assert await refusal(sessions.launch(issued.token)) == "session_unknown"
    assert await refusal(sessions.exchange(issued.launch_code)) == "session_unknown"
    assert await refusal(sessions.page(issued.token)) == "session_unknown"


async def test_a_signed_token_without_its_row_is_worth_nothing(
    sessions: Sessions, clock: Clock
) -> None:
    other = await Store.open("sqlite://")
    foreign = await Sessions(other, KEYS, clock=clock).issue(wish())
    await other.close()

    assert await refusal(sessions.peek(foreign.token)) == "session_unknown"


async def test_the_first_use_as_a_bearer_opens_the_session_for_the_api(
    sessions: Sessions, clock: Clock
) -> None:
    issued = await sessions.issue(wish())
    first = await sessions.bearer(issued.token)
    clock.forward(1800)
    later = await sessions.bearer(issued.token)

    assert (first.opened_as, first.form_until) == ("api", later.form_until)
    assert (await sessions.peek(issued.token)).opened_as == "api"
    assert await refusal(sessions.exchange(issued.token)) == "session_used"
    assert await refusal(sessions.launch(issued.launch_code)) == "session_used"


async def test_first_uses_at_the_same_moment_all_succeed(sessions: Sessions) -> None:
    issued = await sessions.issue(wish())
    answers = await asyncio.gather(*(sessions.bearer(issued.token) for _ in range(8)))

    assert {session.opened_as for session in answers} == {"api"}


async def test_a_page_token_is_a_bearer_and_the_token_behind_it_is_not(
    sessions: Sessions,
) -> None:
    issued = await sessions.issue(wish())
    opened = await sessions.exchange(issued.token)

    assert (await sessions.bearer(opened.page_token)).id == issued.session.id
    assert await refusal(sessions.bearer(issued.token)) == "session_used"


@pytest.mark.parametrize("text", ["", "khs_", "khp_", "x" * 5000, "khp_a.b.c", "null"])
async def test_a_text_that_mallory_made_up_is_unknown(sessions: Sessions, text: str) -> None:
    for call in (sessions.peek, sessions.exchange, sessions.page, sessions.bearer, sessions.launch):
        assert await refusal(call(text)) == "session_unknown"


async def test_the_trail_tells_of_each_opening(sessions: Sessions, store: Store) -> None:
    issued = await sessions.issue(wish())
    await sessions.exchange(issued.token)
    await sessions.revoke(HOST, issued.session.id)
    rows = await store.read(lambda c: audit.newest(c, HOST))

    assert [(row["action"], row["actor"]) for row in rows] == [
        ("session.revoked", "host"),
        ("session.opened", "end_user"),
        ("session.issued", "host"),
    ]
