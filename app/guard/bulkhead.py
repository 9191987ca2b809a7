"""How many calls of a kind may be under way at once in this process, and who waits in which order.

A bounded queue per kind in front of the connections: what hangs at one kind of call cannot take
the room of another. Knows nothing of what is called.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


class Full(Exception):
    """There is no room, and no room to wait either. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"full, try again in {retry_after:g} s")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Load:
    """Counters of one kind, for the metrics. The last three only ever grow."""

    limit: int
    in_flight: int
    waiting: int
    admitted: int
    turned_away: int
    gave_up: int


class Bulkheads:
    """One bounded, fair room per kind.

    `limits`: how many may be inside at once, by kind; a kind without a limit is a `KeyError`.
    `waiting`: how many may queue per kind; the next is turned away at once. `patience`: seconds
    that one may queue. `refusal` makes the error from a Retry-After in seconds: the caller's own
    class, so that neither room needs to know the other.
    """

    def __init__(
        self,
        limits: Mapping[str, int],
        *,
        waiting: int = 2000,
        patience: float = 20.0,
        refusal: Callable[[float], Exception] = Full,
    ) -> None:
        if any(limit < 1 for limit in limits.values()):
            raise ValueError("a bulkhead needs room for at least one")
        self._rooms = {str(kind): _Room(limit) for kind, limit in limits.items()}
        self._waiting = waiting
        self._patience = patience
        self._refusal = refusal

    @asynccontextmanager
    async def admit(self, kind: str) -> AsyncIterator[None]:
        """Hold a place of `kind`; first come, first served."""
        room = self._rooms[kind]
        if not room.enter_at_once():
            await self._queue(room)
        room.admitted += 1
        try:
            yield
        finally:
            room.leave()

    def loads(self) -> Mapping[str, Load]:
        """The counters of this moment, by kind."""
        return {kind: room.load() for kind, room in self._rooms.items()}

    async def _queue(self, room: "_Room") -> None:
        if len(room.queue) >= self._waiting:
            room.turned_away += 1
            raise self._refusal(self._patience)
        if not await room.wait(self._patience):
            room.gave_up += 1
            raise self._refusal(self._patience)


@dataclass
class _Room:
    limit: int
    in_flight: int = 0
    admitted: int = 0
    turned_away: int = 0
    gave_up: int = 0
    # In order of arrival; a dict, because one that gives up leaves from the middle.
    queue: dict[asyncio.Future[None], None] = field(default_factory=dict)

    def load(self) -> Load:
        return Load(
            limit=self.limit,
            in_flight=self.in_flight,
            waiting=len(self.queue),
            admitted=self.admitted,
            turned_away=self.turned_away,
            gave_up=self.gave_up,
        )

    def enter_at_once(self) -> bool:
        # Whoever leaves hands the place on, so a free place means an empty queue.
        if self.in_flight >= self.limit:
            return False
        self.in_flight += 1
        return True

    async def wait(self, patience: float) -> bool:
        """Queue for a place; False when patience runs out."""
        turn = asyncio.get_running_loop().create_future()
        self.queue[turn] = None
        try:
            # asyncio.wait leaves the future alone: a place handed over in the very moment of a
            # timeout or a cancellation is still there to be seen.
            await asyncio.wait([turn], timeout=patience)
        except asyncio.CancelledError:
            if turn.done():
                self.leave()
            raise
        finally:
            self.queue.pop(turn, None)
        return turn.done()

    def leave(self) -> None:
        """Hand the place to the first in the queue; nobody can slip in between."""
        if self.queue:
            turn = next(iter(self.queue))
            del self.queue[turn]
            turn.set_result(None)
        else:
            self.in_flight -= 1
