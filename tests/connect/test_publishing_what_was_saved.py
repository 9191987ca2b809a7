"""A session gets one connection, however often it is said; its host is told in the same breath."""

import asyncio
from collections.abc import Callable

import pytest

from app.connect.attempt import Attempts, InProgress
from app.connect.journal import Event, Impossible, State
from app.connect.publish import public
from app.connect.session import Sessions
from app.store import attempts as rows
from app.store import connections, outbox
from app.store.engine import Connection, Store
from tests.connect.stage import HOST, Clock, Saving, adopting, refusal, wish

pytestmark = pytest.mark.anyio


def state_of(marker: str) -> Callable[[Connection], str | None]:
    """Reads the state of an attempt."""

    def query(connection: Connection) -> str | None:
        row = rows.locked(connection, marker)
        return None if row is None else str(row["state"])

    return query


async def test_a_saved_connection_is_published(
    sessions: Sessions, attempts: Attempts, saving: Saving, clock: Clock
) -> None:
    session, marker = await saving()
    clock.forward(2)
    record = await attempts.committed(marker, "upstream-1")
    found = await sessions.get(HOST, session.id)

    assert found is not None
    assert (found.state, found.submit_state) == ("completed", "completed")
    assert found.published_id == record.id
    assert await attempts.record(HOST, record.id) == record
    assert await attempts.record("mallory", record.id) is None
    assert vars(record) == {
        "id": record.id,
        "host_id": HOST,
        "integrator_id": "upstream-1",
        "connection_type": "shopify",
        "method": "token",
        "name": "Enzo's shop",
        "end_user_id": "enzo",
        "created_at": clock.now,
        "updated_at": clock.now,
        "status": "ok",
        "marker": marker,
        "session_id": session.id,
    }


async def test_the_host_is_told_once(attempts: Attempts, saving: Saving, store: Store) -> None:
    session, marker = await saving()
    record = await attempts.committed(marker, "upstream-1")
    await attempts.committed(marker, "upstream-1")
    events = await store.read(outbox.waiting)

    assert [event["type"] for event in events] == ["connection.created"]
    assert events[0]["data"] == {
        "session_id": session.id,
        "end_user_id": "enzo",
        "connection": public(record),
        "metadata": {"plan": "demo"},
    }


async def test_said_twice_it_is_the_same_connection(attempts: Attempts, saving: Saving) -> None:
    """The answer and the search may arrive together; neither loses."""
    _, marker = await saving()
    records = await asyncio.gather(*(attempts.committed(marker, "upstream-1") for _ in range(10)))

    assert len({record.id for record in records}) == 1


async def test_an_answer_after_the_doubt_still_counts(attempts: Attempts, saving: Saving) -> None:
    _, marker = await saving()
    await attempts.in_doubt(marker)

    assert (await attempts.committed(marker, "upstream-1")).integrator_id == "upstream-1"


async def test_a_doubt_after_the_answer_changes_nothing(
    attempts: Attempts, saving: Saving, store: Store
) -> None:
    _, marker = await saving()
    await attempts.committed(marker, "upstream-1")
    await attempts.in_doubt(marker)
    await attempts.rejected(marker)

    assert await store.write(state_of(marker)) == State.COMMITTED


async def test_what_was_saved_for_a_revoked_session_is_not_published(
    sessions: Sessions, attempts: Attempts, saving: Saving, store: Store
) -> None:
    session, marker = await saving()
    await sessions.revoke(HOST, session.id)

    assert await refusal(attempts.committed(marker, "upstream-1")) == "session_revoked"

    assert await store.write(state_of(marker)) == State.ORPHAN
    assert await store.read(lambda c: connections.page(c, HOST)) == ([], None)
    assert await store.read(outbox.waiting) == []


async def test_a_connection_that_the_host_adopted_meanwhile_is_the_sessions(
    attempts: Attempts, saving: Saving, store: Store
) -> None:
    _, marker = await saving()
    adopted = await store.write(adopting("enzo"))

    assert (await attempts.committed(marker, "upstream-1")).id == adopted


async def test_a_connection_that_is_another_end_users_is_not_published(
    sessions: Sessions, attempts: Attempts, saving: Saving, store: Store
) -> None:
    session, marker = await saving()
    await store.write(adopting("mallory"))
    with pytest.raises(InProgress):
        await attempts.committed(marker, "upstream-1")
    found = await sessions.get(HOST, session.id)

    assert found is not None
    assert found.published_id is None
    # Seen again it is still not theirs, and no mistake.
    with pytest.raises(InProgress):
        await attempts.committed(marker, "upstream-1")


async def test_a_reconnect_is_published(
    sessions: Sessions, attempts: Attempts, saving: Saving, store: Store, clock: Clock
) -> None:
    _, marker = await saving()
    old = await attempts.committed(marker, "upstream-1")
    clock.forward(100)
    issued = await sessions.issue(wish(connection_id=old.id))
    opened = await sessions.exchange(issued.token)
    await sessions.begin_submit(opened.session, 1)
    await attempts.replacing(opened.session, old)
    new = await attempts.replaced(opened.session, old, method="legacy", name="New name")
    again = await attempts.replaced(opened.session, old, method="legacy", name="New name")
    found = await sessions.get(HOST, opened.session.id)
    events = await store.read(outbox.waiting)

    assert found is not None
    assert (found.state, found.published_id) == ("completed", old.id)
    assert (new.id, new.method, new.name) == (old.id, "legacy", "New name")
    assert (new.created_at, new.updated_at) == (old.created_at, clock.now)
    assert again == new == await attempts.record(HOST, old.id)
    assert [event["type"] for event in events] == ["connection.created", "connection.updated"]


async def test_a_reconnect_of_a_revoked_session_is_noted_and_not_answered(
    sessions: Sessions, attempts: Attempts, saving: Saving
) -> None:
    """The credentials are replaced upstream; that cannot be taken back, only told."""
    _, marker = await saving()
    old = await attempts.committed(marker, "upstream-1")
    opened = await sessions.exchange((await sessions.issue(wish())).token)
    await sessions.begin_submit(opened.session, 1)
    await attempts.replacing(opened.session, old)
    await sessions.revoke(HOST, opened.session.id)
    call = attempts.replaced(opened.session, old, method="legacy", name="New name")

    assert await refusal(call) == "session_revoked"
    kept = await attempts.record(HOST, old.id)
    assert kept is not None
    assert kept.name == "New name"


async def test_an_event_that_cannot_follow_changes_nothing(
    attempts: Attempts, saving: Saving, store: Store
) -> None:
    _, marker = await saving()
    await attempts.rejected(marker)
    with pytest.raises(Impossible, match=f"REJECTED cannot be {Event.DOUBTED}"):
        await attempts.in_doubt(marker)

    assert await store.write(state_of(marker)) == State.REJECTED


async def test_a_marker_that_is_not_in_the_journal_is_our_mistake(attempts: Attempts) -> None:
    with pytest.raises(LookupError, match="kh1_made_up"):
        await attempts.committed("kh1_made_up", "upstream-1")
