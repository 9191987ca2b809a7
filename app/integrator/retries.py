"""When a call may be tried again, and how long to wait first. Sends nothing itself."""

import random

from app.integrator.calls import POLICIES, Call
from app.integrator.errors import Ill, IntegratorError, NotSent

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 4.0

# An unknown name or a bad certificate is not going to heal within seconds.
_MAY_PASS = frozenset({"refused", "unreachable", "connect_timeout"})


class Budget:
    """Keeps retries at a tenth of all calls, so that an outage is not answered with a storm.

    Every call pays a tenth in, up to ten; a retry takes one out.
    """

    _MOST = 10.0

    def __init__(self) -> None:
        self._left = self._MOST

    def pay_in(self) -> None:
        """Count a call."""
        self._left = min(self._left + 0.1, self._MOST)

    def take(self) -> bool:
        """Whether one more retry is allowed; takes it if so."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


def may_retry(call: Call, failure: IntegratorError, tried: int) -> bool:
    """Whether `call` may go out again after `tried` tries, the last of which ended in `failure`.

    What never reached integrator.io may be tried again by most kinds, what did only by reads.
    """
    policy = POLICIES[call.kind]
    if isinstance(failure, NotSent):
        return failure.reason in _MAY_PASS and tried <= policy.reconnects
    return isinstance(failure, Ill) and tried <= policy.rereads


def pause(tried: int) -> float:
    """Seconds before the next try: full jitter, so that many callers do not come back at once."""
    longest = min(_FIRST_PAUSE * 2 ** (tried - 1), _LONGEST_PAUSE)
    return random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing
