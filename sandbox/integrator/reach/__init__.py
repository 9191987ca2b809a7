"""How the emulator really connects: one driver per connection type, and the verdict on its answer.

What integrator.io makes of the verdict (status, envelope, `offline`) is the emulator's business.
"""

from typing import Any

from sandbox.integrator.reach.problem import Problem
from sandbox.integrator.reach.zone import Zone


async def try_connection(
    document: dict[str, Any],
    zone: Zone,
    timeout: float = 30.0,  # noqa: ASYNC109 - running out of time is a verdict here, not an error
) -> list[Problem]:
    """Sign in with a connection document. An empty list means that it works.

    `timeout` is in seconds and holds for the whole attempt; after it the problem is ETIMEDOUT.
    """
    raise NotImplementedError
