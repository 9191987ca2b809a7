"""Signed tokens: text that we gave out comes back unchanged, for the one purpose it was made for.

Signed, not encrypted: who holds a token can read it. What it permits now is decided by the row
that it names; session and receipt do that.
"""

import base64
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode


@dataclass(frozen=True)
class Purpose:
    """What a token is for. The salt makes each purpose a key of its own."""

    prefix: str
    salt: str
    seconds: int
    longest: int = 1024


WEEK: Final = 7 * 24 * 3600
# The first three live as their session's row says; their age only bounds how long a key matters.
SESSION: Final = Purpose("khs_", "keyhatch.session", WEEK)
PAGE: Final = Purpose("khp_", "keyhatch.page", WEEK)
LAUNCH: Final = Purpose("khl_", "keyhatch.launch", WEEK)
RECEIPT: Final = Purpose("khr_", "keyhatch.receipt", 24 * 3600, longest=4096)

# Payload, time, signature: 43 characters are the 256 bits of the signature.
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", re.ASCII)


class _Signer(TimestampSigner):
    def __init__(self, *args: Any, clock: Callable[[], float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())


class _Serializer(URLSafeTimedSerializer):
    def dump_payload(self, obj: Any) -> bytes:
        # Never compressed: a text has one form, and nothing is unpacked before it is trusted.
        return base64_encode(str(self.serializer.dumps(obj)))


class Seal:
    """Issues and reads the tokens of one purpose. `keys`: the newest is last and signs."""

    def __init__(
        self, purpose: Purpose, keys: Sequence[str], clock: Callable[[], float] = time.time
    ) -> None:
        if not keys or not all(keys):
            raise ValueError("signing needs at least one key, and no key may be empty")
        self.purpose = purpose
        self._serializer = _Serializer(
            list(keys),
            salt=purpose.salt,
            signer=_Signer,
            signer_kwargs={
                "clock": clock,
                "digest_method": hashlib.sha256,
                "key_derivation": "hmac",
            },
        )

    def issue(self, *claims: str | int) -> str:
        """A token that carries the claims, readable by anyone."""
        return self.purpose.prefix + self._serializer.dumps(list(claims))

    def read(self, token: str) -> list[Any] | None:
        """The claims of a token of ours that is young enough; None for everything else."""
        prefix, text = self.purpose.prefix, token[len(self.purpose.prefix) :]
        if len(token) > self.purpose.longest or not token.startswith(prefix):
            return None
        if not _SHAPE.fullmatch(text) or not _canonical(text.rpartition(".")[2]):
            return None
        try:
            claims = self._serializer.loads(text, max_age=self.purpose.seconds)
        except BadData:
            return None
        return claims if isinstance(claims, list) else None


def _canonical(signature: str) -> bool:
    # itsdangerous takes several texts for one signature: 43 characters hold two bits too many, and
    # what is not base64 is skipped. The payload and the time are safe: they are signed as text.
    data = base64.urlsafe_b64decode(signature + "=")
    return base64_encode(data).decode("ascii") == signature
