"""Receipts: signed proof, carried by the browser to the host's server, of which session made which
connection. The browser is a messenger, not a witness: the host's server has the receipt verified.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.connect.session import ConnectSession
from app.connect.tokens import RECEIPT, Seal
from app.store.connections import ConnectionRecord


@dataclass(frozen=True)
class ReceiptClaims:
    """What a receipt says. `host_id` must be the asking host's: a receipt is for one host."""

    session_id: str
    end_user_id: str
    connection_id: str
    host_id: str


class Receipts:
    """Issues and verifies receipts; `keys` as for sessions, the newest last."""

    def __init__(self, keys: Sequence[str], *, clock: Callable[[], float] = time.time) -> None:
        self._seal = Seal(RECEIPT, keys, clock)

    def issue(self, session: ConnectSession, connection: ConnectionRecord) -> str:
        """A receipt for the host of the session; good for 24 hours."""
        return self._seal.issue(session.id, session.end_user_id, connection.id, session.host_id)

    def verify(self, receipt: str) -> ReceiptClaims | None:
        """What an unchanged receipt of ours says, or None for any other text."""
        claims = self._seal.read(receipt)
        if claims is None or len(claims) != 4 or not all(isinstance(c, str) for c in claims):
            return None
        return ReceiptClaims(*claims)
