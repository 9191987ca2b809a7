"""Whether this process can work: its store takes writes. What cannot be journalled is not sent."""

import asyncio

from app.store.engine import Connection, Store
from app.store.faults import StoreFault

_PATIENCE = 1.0


class Readiness:
    """Asks the store for one empty write."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def writable(self) -> bool:
        """Whether an empty transaction was committed within a second."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._store.write(_nothing)
        except (TimeoutError, StoreFault):
            return False
        return True


def _nothing(_db: Connection) -> None:
    """The transaction around it is the question."""
