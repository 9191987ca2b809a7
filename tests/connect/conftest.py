"""Fixtures for making a connection: store, sessions, journal, and an emulator to search in."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from app.connect.attempt import Attempts
from app.connect.session import ConnectSession, Sessions
from app.integrator.client import Integrator
from app.store.engine import Store
from sandbox.integrator.app import Options
from sandbox.integrator.reach.zone import Zone
from sandbox.integrator.server import start_emulator
from tests.connect.scene import Scene, document
from tests.connect.stage import KEYS, NAME, Clock, Saving, wish
from tests.store.conftest import database, reopen

__all__ = ["database", "reopen"]  # the fixtures of a store in a file

EMULATOR_TOKEN = "emulator-demo-token"


@pytest.fixture
def clock() -> Clock:
    """The time of sessions and journal."""
    return Clock()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    opened = await Store.open("sqlite://")
    yield opened
    await opened.close()


@pytest.fixture
def sessions(store: Store, clock: Clock) -> Sessions:
    """Sessions whose forms live an hour."""
    return Sessions(store, KEYS, clock=clock)


@pytest.fixture
def attempts(store: Store, clock: Clock) -> Attempts:
    """The journal of this process."""
    return Attempts(store, clock=clock)


@pytest.fixture
def saving(sessions: Sessions, attempts: Attempts) -> Saving:
    """Begins a save of Enzo's."""

    async def begin() -> tuple[ConnectSession, str]:
        issued = await sessions.issue(wish())
        opened = await sessions.exchange(issued.token)
        assert await sessions.begin_submit(opened.session, 1)
        marker = await attempts.permit(
            opened.session,
            number=1,
            type="shopify",
            method="token",
            name=NAME,
            document_type="http",
        )
        return opened.session, marker

    return begin


@pytest.fixture(scope="session")
def emulator_url() -> Iterator[str]:
    """An emulator on a port of its own; two rows to a page, so that every search turns pages."""
    served = start_emulator(0, Options(token=EMULATOR_TOKEN, page_size=2), Zone())
    yield served.url
    served.stop()


@pytest.fixture
async def scene(
    emulator_url: str,
    store: Store,
    sessions: Sessions,
    attempts: Attempts,
    saving: Saving,
    clock: Clock,
) -> AsyncIterator[Scene]:
    """All that a save in doubt needs; the account holds connections that are not ours."""
    integrator = Integrator(f"{emulator_url}/v1", EMULATOR_TOKEN)
    async with httpx.AsyncClient(base_url=f"{emulator_url}/_control", trust_env=False) as control:
        await control.post("/reset")
        for number in range(4):
            await integrator.create(document(f"of the host {number}"))
        yield Scene(control, integrator, store, sessions, attempts, saving, clock)
    await integrator.aclose()
