"""What tests of sessions and journal share: Hana's wishes, a clock that tests move, refusals."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.connect.session import ConnectSession, NewSession, SessionRefused
from app.store import connections
from app.store.engine import Connection

# Obviously made up; the last one signs.
KEYS = ["an-old-signing-key-of-the-tests-0000", "the-signing-key-of-the-tests-0000000"]
HOST = "larkfield"
NAME = "Enzo's shop"

# Takes a session of Enzo's up to the permit of its first POST: the session and the marker.
Saving = Callable[[], Awaitable[tuple[ConnectSession, str]]]


class Clock:
    """Seconds since 1970, as the test wants them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def wish(**changes: Any) -> NewSession:
    """What Hana asks for Enzo."""
    wanted: dict[str, Any] = {"host_id": HOST, "end_user_id": "enzo", "types": ("shopify",)}
    wanted |= {"origins": ("https://larkfield.example",), "metadata": {"plan": "demo"}}
    return NewSession(**wanted | changes)


async def refusal(call: Awaitable[object]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(SessionRefused) as caught:
        await call
    return caught.value.code


def adopting(end_user_id: str, integrator_id: str = "upstream-1") -> Callable[[Connection], str]:
    """Gives the connection upstream a record by hand."""

    def change(connection: Connection) -> str:
        record = connections.adopt(
            connection,
            host_id=HOST,
            integrator_id=integrator_id,
            end_user_id=end_user_id,
            type="shopify",
            method="token",
            name="By hand",
            status="unverified",
        )
        assert record is not None
        return record.id

    return change
