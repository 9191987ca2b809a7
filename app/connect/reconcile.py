"""Finds out what became of attempts that were left in doubt, and deletes copies that nobody wants.

Needs no secret: either integrator.io has the connection, and it is adopted, or nobody has, and the
end user types again. The states are journal's; the transactions are recovery's.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from app.connect.attempt import Attempts
from app.connect.journal import State
from app.connect.recovery import Recovery, Wanted
from app.integrator.client import Integrator
from app.integrator.errors import IntegratorError, NotFound
from app.store.engine import StoreFault

log = logging.getLogger(__name__)

# After a failure the next look waits longer, up to this many seconds.
LONGEST_PAUSE = 60.0


async def run(
    stop: asyncio.Event,
    attempts: Attempts,
    integrator: Integrator,
    *,
    every: float = 5.0,
    give_up_after: float = 90.0,
) -> None:
    """Recover and look around every so many seconds until `stop` is set.

    `give_up_after`: how long after the last possible sending an attempt that is in no list counts
    as not saved. Too short costs a deleted copy, too long a waiting end user.
    """
    recovery = Recovery(attempts)
    # Two loops, because a slow integrator.io must not make this process look dead to others.
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_live(stop, recovery, every))
        loops.create_task(_look(stop, recovery, integrator, every, give_up_after))


async def _live(stop: asyncio.Event, recovery: Recovery, every: float) -> None:
    while not stop.is_set():
        try:
            await recovery.live(for_seconds=4 * every)
        except StoreFault as fault:
            log.warning("this process could not renew its lease: %s", fault)
        await _pause(stop, every)
    with contextlib.suppress(StoreFault):
        await recovery.leave()


async def _look(
    stop: asyncio.Event,
    recovery: Recovery,
    integrator: Integrator,
    every: float,
    give_up_after: float,
) -> None:
    pause, looked_at = every, 0.0
    while not stop.is_set():
        try:
            if await recovery.leads(for_seconds=4 * every):
                looked_at = await _settle(recovery, integrator, looked_at, every, give_up_after)
            pause = every
        except (StoreFault, IntegratorError) as error:
            pause = min(2 * pause, max(every, LONGEST_PAUSE))
            log.warning("doubtful attempts could not be looked for: %s", error)
        await _pause(stop, pause)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _settle(
    recovery: Recovery,
    integrator: Integrator,
    looked_at: float,
    every: float,
    give_up_after: float,
) -> float:
    """One look, if one is due; returns the time of the last one."""
    wanted = await recovery.wanted()
    began = recovery.now()
    if any(_due(one, began, looked_at, every) for one in wanted):
        found = await _found(integrator, wanted)
        for one in wanted:
            await _judge(recovery, one, found.get(one.marker), began - give_up_after)
        looked_at = began
    for marker in await recovery.orphans():
        await _sweep(recovery, integrator, marker)
    return looked_at


def _due(one: Wanted, now: float, looked_at: float, every: float) -> bool:
    if one.state == State.UNKNOWN:
        return True
    # Somebody waits for the one above. A late copy of these may come for a day, but mostly soon.
    return now - looked_at >= max(12 * every, (now - one.changed_at) / 10)


async def _found(integrator: Integrator, wanted: list[Wanted]) -> dict[str, Mapping[str, Any]]:
    """The rows of the connections that carry a marker of ours that is wanted."""
    markers = {one.marker for one in wanted}
    found: dict[str, Mapping[str, Any]] = {}
    # Only these fields: a whole row would bring values that are not masked.
    async for row in integrator.list(include=("externalId", "name", "type")):
        if (marker := row.get("externalId")) in markers:
            found.setdefault(str(marker), row)
    return found


async def _judge(
    recovery: Recovery, one: Wanted, row: Mapping[str, Any] | None, too_old: float
) -> None:
    if row is None:
        if one.state == State.UNKNOWN and await recovery.missed(one.marker, too_old):
            log.info("attempt %s is nowhere at integrator.io", one.marker)
    elif not one.is_like(row):
        # Somebody changed it by hand: not ours to take, and not ours to delete.
        log.error("connection %s carries marker %s and differs", row.get("_id"), one.marker)
    elif await recovery.found(one.marker, str(row["_id"])):
        log.info("attempt %s was found and adopted", one.marker)


async def _sweep(recovery: Recovery, integrator: Integrator, marker: str) -> None:
    """Delete a copy that nobody wants, after a last look at both sides."""
    integrator_id = await recovery.condemned(marker)
    if integrator_id is None:
        return
    with contextlib.suppress(NotFound):
        document = await integrator.get(integrator_id)
        if document.get("externalId") != marker:
            log.error("connection %s no longer carries marker %s", integrator_id, marker)
            return
        await integrator.delete(integrator_id)
    await recovery.removed(marker)
    log.info("the copy of attempt %s was deleted", marker)
