"""The leaky bucket in front of the API. Pure: the caller brings the clock."""

from dataclasses import dataclass, field
from math import ceil


@dataclass
class Bucket:
    """Holds `capacity` requests, drains `per_second`; integrator.io has 1000 and 300 an account."""

    capacity: float
    per_second: float
    level: float = 0.0
    _last: float = field(default=0.0, repr=False)

    def take(self, now: float) -> int:
        """0 when the request fits, else the whole seconds until one will. `now` is in seconds."""
        self.level = max(0.0, self.level - max(0.0, now - self._last) * self.per_second)
        self._last = now
        if self.level + 1 <= self.capacity:
            self.level += 1
            return 0
        return max(1, ceil((self.level + 1 - self.capacity) / self.per_second))
