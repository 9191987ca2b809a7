"""Fixtures for the store: one in memory, one in a file that can be opened again."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from app.store.engine import Store

Reopen = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    opened = await Store.open("sqlite://")
    yield opened
    await opened.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the file of a store may be; nothing is there yet."""
    return tmp_path / "keyhatch.sqlite3"


@pytest.fixture
def reopen(database: Path) -> Reopen:
    """Opens the store in the file, closed at the end of its block."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        store = await Store.open(f"sqlite:///{database}")
        try:
            yield store
        finally:
            await store.close()

    return opened
