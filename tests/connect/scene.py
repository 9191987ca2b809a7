"""The stage for saves that end in doubt: a journal, our client, an emulator that breaks answers.

Everything but the clock is real.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.connect import reconcile
from app.connect.attempt import Attempts
from app.connect.journal import State
from app.connect.session import ConnectSession, Sessions
from app.integrator.client import Integrator
from app.integrator.errors import InDoubt
from app.store import attempts as rows
from app.store.engine import Store
from tests.connect.stage import HOST, NAME, Clock, Saving


def document(name: str, marker: str | None = None) -> dict[str, Any]:
    """A connection that the emulator takes."""
    basic = {"username": "enzo", "password": "made-up"}
    http: dict[str, Any] = {"mediaType": "json", "baseURI": "http://127.0.0.1:1"}
    http |= {"auth": {"type": "basic", "basic": basic}}
    made: dict[str, Any] = {"type": "http", "name": name, "http": http}
    return made if marker is None else made | {"externalId": marker}


@dataclass(frozen=True)
class Scene:
    """What a test of the search needs in its hands."""

    control: httpx.AsyncClient
    integrator: Integrator
    store: Store
    sessions: Sessions
    attempts: Attempts
    saving: Saving
    clock: Clock

    async def doubt(self, kind: str, **more: Any) -> tuple[ConnectSession, str]:
        """A save of Enzo's whose POST ends in this way: its session and marker."""
        session, marker = await self.saving()
        match = {"method": "POST", "path": "/connections$"}
        await self.break_calls({"match": match, "kind": kind, "times": 1, **more})
        with pytest.raises(InDoubt):
            await self.integrator.create(document(NAME, marker))
        await self.attempts.in_doubt(marker)
        return session, marker

    async def break_calls(self, fault: dict[str, Any]) -> None:
        """Have the emulator answer in its worst ways."""
        (await self.control.post("/faults", json=[fault])).raise_for_status()

    async def stored(self) -> list[dict[str, Any]]:
        """What the emulator holds."""
        found: list[dict[str, Any]] = (await self.control.get("/connections")).json()
        return found

    async def markers(self) -> list[str]:
        """The markers of what the emulator holds."""
        return [row["externalId"] for row in await self.stored() if "externalId" in row]

    async def state(self, marker: str) -> str:
        """The state of an attempt."""
        row = await self.store.write(lambda c: rows.locked(c, marker))
        assert row is not None
        return str(row["state"])

    async def now(self, session: ConnectSession) -> ConnectSession:
        """The session as it stands."""
        found = await self.sessions.get(HOST, session.id)
        assert found is not None
        return found

    @asynccontextmanager
    async def searching(self, *owners: str) -> AsyncIterator[None]:
        """Run reconcile for the length of a block: in this process, or in those named."""
        stop = asyncio.Event()
        processes = [Attempts(self.store, clock=self.clock, owner=owner) for owner in owners]
        loops = [
            asyncio.create_task(reconcile.run(stop, one, self.integrator, every=0.02))
            for one in processes or [self.attempts]
        ]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*loops), 10)

    async def reach(self, marker: str, state: State) -> None:
        """Wait until an attempt is in the state; ten seconds are far more than it needs."""

        async def reached() -> bool:
            return await self.state(marker) == state

        await _until(reached)

    async def searched(self) -> None:
        """Let several rounds of the search go by."""
        await asyncio.sleep(0.25)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - the journal tells nobody when it changes
            await asyncio.sleep(0.01)
