"""The operator: one account, its password, and the cookie that shows it is signed in."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeTimedSerializer

from app.manage.hosts import ONLY_HOST
from app.store import operators
from app.store.engine import Store

# OWASP's floor is 19 MiB and two rounds; this is more, and runs in a thread of its own.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_LONGEST_SESSION = 8 * 3600
SHORTEST_PASSWORD = 12


class TooManyTries(Exception):
    """Too many wrong passwords: `seconds` until the next try counts."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("too many tries")


@dataclass
class _Tries:
    """Wrong passwords since the last right one. In memory: a restart costs an attacker more."""

    wrong: int = 0
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Operators:
    """Checks the operator's password and makes and reads the cookie."""

    def __init__(self, store: Store, keys: Sequence[str]) -> None:
        self._store = store
        self._tries: dict[str, _Tries] = {}
        self._cookies = URLSafeTimedSerializer(
            list(keys),
            salt="keyhatch.admin",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    async def exists(self) -> bool:
        """Whether anybody can sign in at all."""
        return await self._store.read(operators.any_there)

    async def put(self, name: str, password: str) -> None:
        """Make the operator, or set the password anew. Raises ValueError for a short one."""
        hashed = await asyncio.to_thread(hash_password, password)
        await self._store.write(lambda db: operators.put(db, name, hashed, host_id=ONLY_HOST))

    async def sign_in(self, name: str, password: str) -> str | None:
        """A cookie for the right password; None for a wrong one. Raises TooManyTries."""
        tries = self._tries.setdefault(name if len(self._tries) < 1000 else "", _Tries())
        # One check at a time: each takes 64 MiB.
        async with tries.lock:
            if (left := tries.until - time.monotonic()) > 0:
                raise TooManyTries(int(left) + 1)
            stored = await self._store.read(lambda db: operators.password_hash(db, name))
            right = await asyncio.to_thread(_matches, stored, password)
            if not right:
                tries.wrong += 1
                tries.until = time.monotonic() + _pause(tries.wrong)
                return None
            self._tries.pop(name, None)
        return str(self._cookies.dumps({"operator": name}))

    def signed_in(self, cookie: str | None) -> str | None:
        """The operator's name that a cookie carries, or None."""
        try:
            claims = self._cookies.loads(cookie or "", max_age=_LONGEST_SESSION)
        except BadData:
            return None
        return str(claims["operator"])


def hash_password(password: str) -> str:
    """The text to keep of a password. Raises ValueError for a short one."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"the password needs at least {SHORTEST_PASSWORD} characters")
    return _HASHER.hash(password)


def _pause(wrong: int) -> int:
    """Seconds to wait after so many wrong passwords: none for four, then 2, 4, 8 … 256."""
    return 0 if wrong <= 4 else 2 ** min(wrong - 4, 8)


@cache
def _nobody() -> str:
    """Checked when there is no such operator, so that the answer takes as long as a wrong one."""
    return _HASHER.hash("nobody has this password")


def _matches(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
