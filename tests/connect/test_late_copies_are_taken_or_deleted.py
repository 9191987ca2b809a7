"""A copy that turns up after it was given up is taken if there is still use for it, else deleted.

Nothing else at integrator.io is ever touched, whatever it looks like.
"""

from typing import Any

import pytest

from app.connect.attempt import InProgress
from app.connect.journal import State
from app.store import audit
from tests.connect.scene import Scene, document
from tests.connect.stage import HOST, NAME, adopting, refusal

pytestmark = pytest.mark.anyio

FTP = {"type": "ftp", "http": None}


async def test_a_late_copy_is_taken_while_the_form_is_open(scene: Scene) -> None:
    session, marker = await scene.doubt("reset_before")
    async with scene.searching():
        scene.clock.forward(91)
        await scene.reach(marker, State.ABSENT)
        await scene.integrator.create(document(NAME, marker))
        scene.clock.forward(61)
        await scene.reach(marker, State.COMMITTED)

    assert (await scene.now(session)).state == "completed"
    assert await scene.markers() == [marker]


async def test_a_late_copy_beside_the_second_try_is_deleted(scene: Scene) -> None:
    session, first = await scene.doubt("reset_before")
    async with scene.searching():
        scene.clock.forward(91)
        await scene.reach(first, State.ABSENT)
        await scene.sessions.begin_submit(session, 2)
        second = await scene.attempts.permit(
            session, number=2, type="shopify", method="token", name=NAME
        )
        made = await scene.integrator.create(document(NAME, second))
        await scene.integrator.create(document(NAME, first))
        scene.clock.forward(61)
        await scene.searched()
        # Nothing is decided while the second is on its way.
        assert await scene.state(first) == State.ABSENT
        await scene.attempts.committed(second, str(made["_id"]))
        scene.clock.forward(61)
        await scene.reach(first, State.SWEPT)
    trail = await scene.store.read(lambda c: audit.newest(c, HOST))

    assert await scene.markers() == [second]
    assert ("connection.sweep_permitted", first) in {(r["action"], r["marker"]) for r in trail}


async def test_a_copy_for_a_revoked_session_is_deleted(scene: Scene) -> None:
    session, marker = await scene.doubt("reset_after")
    await scene.sessions.revoke(HOST, session.id)
    async with scene.searching():
        await scene.reach(marker, State.SWEPT)

    assert await scene.markers() == []


async def test_a_late_copy_for_an_expired_session_is_deleted(scene: Scene) -> None:
    _, marker = await scene.doubt("reset_before")
    async with scene.searching():
        scene.clock.forward(91)
        await scene.reach(marker, State.ABSENT)
        await scene.integrator.create(document(NAME, marker))
        scene.clock.forward(4000)
        await scene.reach(marker, State.SWEPT)

    assert await scene.markers() == []


async def test_a_deletion_that_breaks_is_tried_again(scene: Scene) -> None:
    session, marker = await scene.doubt("reset_after")
    await scene.sessions.revoke(HOST, session.id)
    await scene.break_calls({"match": {"method": "DELETE"}, "kind": "reset_before", "times": 1})
    async with scene.searching():
        await scene.reach(marker, State.SWEPT)

    assert await scene.markers() == []


async def test_a_copy_that_no_longer_carries_the_marker_is_not_deleted(scene: Scene) -> None:
    """The id alone is no proof: somebody who also writes to the account has taken it over."""
    session, marker = await scene.saving()
    made = await scene.integrator.create(document(NAME, marker))
    await scene.sessions.revoke(HOST, session.id)
    saved = scene.attempts.committed(marker, str(made["_id"]))
    assert await refusal(saved) == "session_revoked"

    await scene.integrator.replace(str(made["_id"]), document("Taken over"))
    async with scene.searching():
        await scene.searched()

    assert await scene.state(marker) == State.ORPHAN
    assert [row["name"] for row in await scene.stored()][-1] == "Taken over"


async def test_a_copy_that_the_host_adopted_for_somebody_else_is_not_deleted(scene: Scene) -> None:
    _, marker = await scene.saving()
    made = await scene.integrator.create(document(NAME, marker))
    await scene.store.write(adopting("ada", str(made["_id"])))
    with pytest.raises(InProgress):
        await scene.attempts.committed(marker, str(made["_id"]))
    async with scene.searching():
        await scene.searched()

    assert await scene.state(marker) == State.ORPHAN
    assert await scene.markers() == [marker]


@pytest.mark.parametrize("changes", [{"name": "Mallory's shop"}, FTP])
async def test_a_connection_that_only_bears_the_marker_is_neither_taken_nor_deleted(
    scene: Scene, changes: dict[str, Any]
) -> None:
    session, marker = await scene.doubt("reset_before")
    forged = {**document(NAME, marker), **changes}
    if "http" in changes:
        del forged["http"]
        forged["ftp"] = {"type": "ftp", "hostURI": "127.0.0.1", "username": "mallory"}
    await scene.integrator.create(forged)
    async with scene.searching():
        scene.clock.forward(200)
        await scene.searched()

    assert (await scene.now(session)).published_id is None
    assert await scene.markers() == [marker]


async def test_connections_that_are_not_ours_are_never_touched(scene: Scene) -> None:
    """A marker that is in no journal may come from a database that was restored since."""
    foreign = "kh1_" + "0" * 32
    await scene.integrator.create(document("before the backup", foreign))
    before = len(await scene.stored())
    _, marker = await scene.doubt("reset_before")
    async with scene.searching():
        scene.clock.forward(200)
        await scene.reach(marker, State.ABSENT)

    assert await scene.markers() == [foreign]
    assert len(await scene.stored()) == before
