"""Fixtures that every room shares; a fixture for one room lives in that room's conftest."""

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sandbox.targets.running import Targets


@pytest.fixture
def anyio_backend() -> str:
    """Keyhatch runs on asyncio alone: uvicorn and the aiohttp transport know nothing else."""
    return "asyncio"


@pytest.fixture(scope="session")
def targets() -> Iterator["Targets"]:
    """All targets of the sandbox on free ports; who stops one starts it again before the end."""
    # Imported here, because it takes most of a second and few tests need it.
    from sandbox.targets.running import start_targets

    with start_targets() as running:
        assert running.unavailable == {}
        yield running


@pytest.fixture
def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
