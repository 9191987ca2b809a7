"""Fixtures that every room shares; a fixture for one room lives in that room's conftest."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Keyhatch runs on asyncio alone: uvicorn and the aiohttp transport know nothing else."""
    return "asyncio"
