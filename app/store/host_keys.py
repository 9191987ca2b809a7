"""Host keys: random bearer secrets of a host's server, kept as their SHA-256.

A plain hash is enough: 256 random bits cannot be guessed, which a slow hash would be for.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.store.tables import host_key

# The part before the last underscore is public: it names the key in lists and logs.
_SHAPE = re.compile(r"(khk_[0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class HostKey:
    """What is known of a host key. `prefix` is public and names it."""

    prefix: str
    host_id: str
    scopes: tuple[str, ...]
    label: str
    created_at: float
    revoked_at: float | None


def create(
    connection: Connection, key: str, *, host_id: str, scopes: Sequence[str], label: str, at: float
) -> HostKey:
    """Keep the hash of a key that `new` made."""
    prefix = _prefix(key)
    row = {"prefix": prefix, "host_id": host_id, "digest": _digest(key), "label": label}
    connection.execute(insert(host_key), row | {"scopes": list(scopes), "created_at": at})
    return HostKey(prefix, host_id, tuple(scopes), label, at, None)


def new() -> str:
    """A key to be shown once."""
    return f"khk_{secrets.token_hex(6)}_{secrets.token_urlsafe(32)}"


def verify(connection: Connection, key: str) -> HostKey | None:
    """The row of a key that is right and was not revoked."""
    if _SHAPE.fullmatch(key) is None:
        return None
    query = select(host_key).where(host_key.c.prefix == _prefix(key))
    row = connection.execute(query).first()
    if row is None or not hmac.compare_digest(row.digest, _digest(key)):
        return None
    return None if row.revoked_at is not None else _host_key(row)


def every(connection: Connection, host_id: str) -> list[HostKey]:
    """All keys of a host, revoked ones too, the oldest first."""
    query = select(host_key).where(host_key.c.host_id == host_id).order_by(host_key.c.created_at)
    return [_host_key(row) for row in connection.execute(query)]


def revoke(connection: Connection, host_id: str, prefix: str, at: float) -> bool:
    """End a key at once; False if this host has no such key or it was revoked before."""
    mine = (host_key.c.host_id == host_id, host_key.c.prefix == prefix)
    query = update(host_key).where(*mine, host_key.c.revoked_at.is_(None)).values(revoked_at=at)
    return bool(connection.execute(query).rowcount)


def _prefix(key: str) -> str:
    found = _SHAPE.fullmatch(key)
    if found is None:
        raise ValueError("this is no host key; make one with new()")
    return found[1]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def _host_key(row: Row[Any]) -> HostKey:
    columns = row._asdict()
    del columns["digest"]
    return HostKey(**columns | {"scopes": tuple(row.scopes)})
