"""What was left in doubt ends well: it is taken if it is there, and entered again if it is not."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from app.connect.journal import State
from app.integrator.errors import IntegratorError
from app.store import attempts as rows
from tests.connect.scene import Scene, document
from tests.connect.stage import NAME

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kind", ["reset_after", "truncate", "no_id"])
async def test_what_was_stored_before_the_answer_broke_is_taken(scene: Scene, kind: str) -> None:
    session, marker = await scene.doubt(kind)
    async with scene.searching():
        await scene.reach(marker, State.COMMITTED)
    ended = await scene.now(session)

    assert (ended.state, ended.submit_state) == ("completed", "completed")
    assert await scene.markers() == [marker]


@pytest.mark.parametrize("fault", [{"kind": "reset_before"}, {"kind": "status", "status": 503}])
async def test_what_was_never_stored_has_to_be_entered_again(
    scene: Scene, fault: dict[str, Any]
) -> None:
    session, marker = await scene.doubt(**fault)
    async with scene.searching():
        scene.clock.forward(89)
        await scene.searched()
        # It may still be on its way.
        assert (await scene.now(session)).submit_state == "saving"
        scene.clock.forward(2)
        await scene.reach(marker, State.ABSENT)
    ended = await scene.now(session)

    assert (ended.state, ended.submit_state) == ("open", "refused")
    assert ended.outcome == [{"code": "enter_again", "type": "shopify", "method": "token"}]


async def test_a_save_whose_process_was_killed_is_found(scene: Scene) -> None:
    """The answer came to nobody."""
    session, marker = await scene.saving()
    await scene.integrator.create(document(NAME, marker))
    await scene.store.write(lambda c: rows.change(c, marker, owner="own_killed"))
    async with scene.searching():
        await scene.reach(marker, State.COMMITTED)

    assert (await scene.now(session)).state == "completed"
    assert await scene.markers() == [marker]


async def test_a_save_of_a_living_process_is_left_alone(scene: Scene) -> None:
    _, marker = await scene.saving()
    async with scene.searching():
        await scene.searched()

        assert await scene.state(marker) == State.SENDING


async def test_a_save_that_got_lost_in_a_living_process_is_looked_for(scene: Scene) -> None:
    _, marker = await scene.saving()
    async with scene.searching():
        scene.clock.forward(96)
        await scene.reach(marker, State.UNKNOWN)
        scene.clock.forward(91)
        await scene.reach(marker, State.ABSENT)


async def test_an_account_that_cannot_be_listed_decides_nothing(scene: Scene) -> None:
    """Half a list is no list: the marker may be on the page that did not come."""
    session, marker = await scene.doubt("reset_after")
    listing = {"method": "GET", "path": "/connections$"}
    await scene.break_calls({"match": listing, "kind": "status", "status": 500})
    with pytest.raises(IntegratorError):
        _ = [row async for row in scene.integrator.list()]
    async with scene.searching():
        scene.clock.forward(500)
        await scene.searched()
        assert (await scene.now(session)).submit_state == "saving"
        await scene.control.delete("/faults")
        await scene.reach(marker, State.COMMITTED)


async def test_processes_that_search_at_once_agree(scene: Scene) -> None:
    markers = [(await scene.doubt("reset_after"))[1] for _ in range(3)]
    async with scene.searching("own_a", "own_b", "own_c"):
        for marker in markers:
            await scene.reach(marker, State.COMMITTED)

    assert sorted(await scene.markers()) == sorted(markers)


async def test_the_search_moves_on_when_its_process_ends(scene: Scene) -> None:
    async with scene.searching("own_first"):
        await scene.searched()
    _, marker = await scene.doubt("reset_after")
    async with scene.searching("own_second"):
        await scene.reach(marker, State.COMMITTED)


async def test_the_search_sees_no_values(scene: Scene) -> None:
    """Some of them are not masked, so they are not even asked for."""
    _, marker = await scene.doubt("reset_after")
    async with scene.searching():
        await scene.reach(marker, State.COMMITTED)
    heard = (await scene.control.get("/requests")).json()
    listings = [one for one in heard if one["method"] == "GET"]
    asked = {parse_qs(one["query"])["include"][0] for one in listings}

    assert asked == {"externalId,name,type"}
