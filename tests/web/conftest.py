"""A Keyhatch for all tests of the faces; each test makes sessions of its own."""

from collections.abc import Iterator

import pytest

from sandbox.targets.running import Targets
from tests.keyhatch import Keyhatch, running


@pytest.fixture(scope="session")
def keyhatch(targets: Targets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyhatch]:
    """A running server with its emulator and the sandbox's targets."""
    with running(targets.zone, tmp_path_factory.mktemp("keyhatch"), targets) as server:
        yield server
