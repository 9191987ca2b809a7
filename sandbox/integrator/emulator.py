"""What one running emulator consists of: its options, its state, the outside world it reaches."""

import secrets
import time
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.integrator.debug_log import DebugLogs
from sandbox.integrator.documents import Documents
from sandbox.integrator.export_state import Exports
from sandbox.integrator.faults import Faults
from sandbox.integrator.paths import Document
from sandbox.integrator.rate_limit import Bucket
from sandbox.integrator.reach.zone import Zone

REMEMBERED_REQUESTS = 1000


@dataclass
class Options:
    """How the emulator behaves where integrator.io's documents leave it open, or say two things.

    `token` has full access; `scoped` maps further tokens to the ids that each may touch.
    `failed_ping_status` is 200 or 422. `keep_masks` reads a mask in a PUT as `unchanged` instead
    of storing it. `skip_paging` numbers pages instead of handing out a cursor. `burst` and
    `per_second` are the leaky bucket; `patience` is the seconds that a target has.
    """

    token: str = "sandbox-token"
    page_size: int = 100
    failed_ping_status: int = 200
    keep_masks: bool = False
    skip_paging: bool = False
    scoped: Mapping[str, Collection[str]] = field(default_factory=dict)
    burst: int = 1000
    per_second: float = 300.0
    patience: float = 30.0


@dataclass(frozen=True)
class Recorded:
    """One request that arrived. `body` is the parsed JSON, or the text if it was none."""

    method: str
    path: str
    query: str
    body: Any


class TargetSwitch(Protocol):
    """What the control endpoint needs of sandbox.targets.running.Targets."""

    def stop(self, name: str) -> None: ...
    def start(self, name: str) -> None: ...
    def hang(self, name: str, seconds: float) -> None: ...


class Emulator:
    """The state behind the HTTP interface; tests may look into it, only the routes change it."""

    def __init__(self, options: Options, zone: Zone, targets: TargetSwitch | None = None) -> None:
        self.options = options
        self.zone = zone
        self.targets = targets
        self.user_id = secrets.token_hex(12)
        self.reset()

    def reset(self) -> None:
        """Forget everything but the options."""
        self.documents = Documents(keep_masks=self.options.keep_masks)
        self.dependencies: dict[str, dict[str, Any]] = {}
        self.requests: deque[Recorded] = deque(maxlen=REMEMBERED_REQUESTS)
        self.faults = Faults()
        self.debug_logs = DebugLogs()
        self.exports = Exports()
        options = self.options
        self.bucket = Bucket(options.burst, options.per_second, _last=time.monotonic())

    @property
    def connections(self) -> dict[str, Document]:
        """The stored documents by id, UNMASKED, oldest first."""
        return self.documents.all
