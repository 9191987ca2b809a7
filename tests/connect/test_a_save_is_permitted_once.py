"""Before a POST leaves, its attempt is in the journal, and a session has one at a time.

What cannot be noted is not permitted.
"""

import asyncio
import re

import pytest
import sqlalchemy

from app.connect.attempt import AlreadyDone, Attempts, InProgress
from app.connect.session import ConnectSession, Sessions
from app.store import attempts as rows
from app.store import audit
from app.store.engine import Connection, Store, StoreFault
from tests.connect.stage import HOST, Saving, refusal, wish

pytestmark = pytest.mark.anyio


async def permit(attempts: Attempts, session: ConnectSession, number: int = 1) -> str:
    """Ask for the permit of a POST."""
    return await attempts.permit(
        session, number=number, type="shopify", method="token", name="Enzo's shop"
    )


async def begun(sessions: Sessions) -> ConnectSession:
    """A session whose first submit is checking."""
    opened = await sessions.exchange((await sessions.issue(wish())).token)
    assert await sessions.begin_submit(opened.session, 1)
    return opened.session


async def state(sessions: Sessions, session: ConnectSession) -> str | None:
    """The state of the session's submit."""
    found = await sessions.get(HOST, session.id)
    assert found is not None
    return found.submit_state


async def test_a_permit_is_a_marker_that_nobody_can_guess(
    sessions: Sessions, attempts: Attempts
) -> None:
    first = await permit(attempts, await begun(sessions))
    second = await permit(attempts, await begun(sessions))

    assert re.fullmatch("kh1_[0-9a-f]{32}", first)
    assert first != second


async def test_the_row_is_there_before_the_permit(
    sessions: Sessions, attempts: Attempts, store: Store
) -> None:
    session = await begun(sessions)
    marker = await permit(attempts, session)
    row = await store.write(lambda c: rows.locked(c, marker))

    assert row is not None
    assert (row["state"], row["session_id"], row["number"]) == ("SENDING", session.id, 1)
    assert (row["name"], row["owner"]) == ("Enzo's shop", store.owner)
    assert await state(sessions, session) == "saving"


async def test_the_permit_is_in_the_trail(
    sessions: Sessions, attempts: Attempts, store: Store
) -> None:
    await permit(attempts, await begun(sessions))
    newest = (await store.read(lambda c: audit.newest(c, HOST)))[0]

    assert (newest["action"], newest["actor"]) == ("connection.create_permitted", "end_user")


async def test_without_a_trail_nothing_is_permitted(
    sessions: Sessions, attempts: Attempts, store: Store
) -> None:
    session = await begun(sessions)
    await store.write(lambda c: _execute(c, "DROP TABLE audit"))
    with pytest.raises(StoreFault):
        await permit(attempts, session)

    assert await store.read(lambda c: rows.in_states(c, ["SENDING"])) == []
    assert await state(sessions, session) == "checking"


async def test_of_many_at_once_one_is_permitted(sessions: Sessions, attempts: Attempts) -> None:
    session = await begun(sessions)
    answers = await asyncio.gather(
        *(permit(attempts, session) for _ in range(20)), return_exceptions=True
    )

    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, InProgress) for answer in answers) == 19


async def test_the_table_itself_refuses_a_second_live_attempt(
    sessions: Sessions, attempts: Attempts, store: Store
) -> None:
    """Should the check before it ever be wrong."""
    session = await begun(sessions)
    await permit(attempts, session)
    await store.write(lambda c: _execute(c, "UPDATE session SET submit_state = 'checking'"))

    with pytest.raises(InProgress):
        await permit(attempts, session)


async def test_a_submit_that_was_given_up_gets_no_permit(
    sessions: Sessions, attempts: Attempts
) -> None:
    """A process that slept through its lease must not save what is being typed again."""
    session = await begun(sessions)
    await sessions.end_submit(session.id, 1, "refused", [{"code": "enter_again"}])
    with pytest.raises(InProgress):
        await permit(attempts, session)

    await sessions.begin_submit(session, 2)
    with pytest.raises(InProgress):
        await permit(attempts, session, number=1)
    assert await permit(attempts, session, number=2)


async def test_a_refused_save_leaves_room_for_another(
    sessions: Sessions, attempts: Attempts, saving: Saving
) -> None:
    session, marker = await saving()
    await attempts.rejected(marker)
    await sessions.end_submit(session.id, 1, "refused", [{"code": "save_refused"}])
    await sessions.begin_submit(session, 2)

    assert await permit(attempts, session, number=2) != marker


async def test_a_completed_session_gets_its_connection_instead(
    attempts: Attempts, saving: Saving
) -> None:
    session, marker = await saving()
    record = await attempts.committed(marker, "upstream-1")
    with pytest.raises(AlreadyDone) as caught:
        await permit(attempts, session)

    assert caught.value.record == record


async def test_a_session_that_was_revoked_during_the_ping_gets_none(
    sessions: Sessions, attempts: Attempts
) -> None:
    session = await begun(sessions)
    await sessions.revoke(HOST, session.id)

    assert await refusal(permit(attempts, session)) == "session_revoked"


async def test_a_reconnect_is_permitted_and_noted_the_same_way(
    sessions: Sessions, attempts: Attempts, saving: Saving, store: Store
) -> None:
    _, marker = await saving()
    record = await attempts.committed(marker, "upstream-1")
    session = await begun(sessions)
    await attempts.replacing(session, record, number=1)
    newest = (await store.read(lambda c: audit.newest(c, HOST)))[0]

    assert (newest["action"], newest["connection_id"]) == (
        "connection.replace_permitted",
        record.id,
    )
    assert await state(sessions, session) == "saving"
    with pytest.raises(InProgress):
        await attempts.replacing(session, record)


def _execute(connection: Connection, statement: str) -> None:
    connection.execute(sqlalchemy.text(statement))
