"""Host keys: random bearer secrets of a host's server, kept as their SHA-256.

A plain hash is enough: a key is 256 random bits, which nobody guesses, however fast the hash is.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Row, bindparam, select, update

from app.store.tables import host_key

_BY_DIGEST = select(host_key).where(
    host_key.c.digest == bindparam("digest"), host_key.c.revoked_at.is_(None)
)


@dataclass(frozen=True)
class HostKey:
    """What is known of a host key. `prefix` is how it begins, to tell one from another."""

    id: str
    host_id: str
    prefix: str
    scopes: tuple[str, ...]
    label: str
    created_at: float
    revoked_at: float | None


def insert(
    connection: Connection,
    *,
    host_id: str,
    digest: str,
    prefix: str,
    label: str = "",
    scopes: Sequence[str] = ("sessions", "read"),
    at: float | None = None,
) -> str:
    """Keep the SHA-256 of a key, in hex; returns the id that names it."""
    key_id = "key_" + secrets.token_hex(8)
    row = {"id": key_id, "host_id": host_id, "digest": digest, "prefix": prefix, "label": label}
    created_at = time.time() if at is None else at
    connection.execute(
        sqlalchemy.insert(host_key), row | {"scopes": list(scopes), "created_at": created_at}
    )
    return key_id


def by_digest(connection: Connection, digest: str) -> HostKey | None:
    """The key with that SHA-256, unless it was revoked."""
    row = connection.execute(_BY_DIGEST, {"digest": digest}).first()
    return None if row is None else _host_key(row)


def host_of(connection: Connection, digest: str) -> str | None:
    """The host whose key has that SHA-256, unless it was revoked."""
    key = by_digest(connection, digest)
    return None if key is None else key.host_id


def all_of(connection: Connection, host_id: str | None = None) -> list[HostKey]:
    """All keys of a host, or of all hosts; revoked ones too, the oldest first."""
    query = select(host_key).order_by(host_key.c.created_at)
    if host_id is not None:
        query = query.where(host_key.c.host_id == host_id)
    return [_host_key(row) for row in connection.execute(query)]


def revoke(connection: Connection, key_id: str, at: float | None = None) -> bool:
    """End a key at once; False if there is no such key or it was revoked before."""
    now = time.time() if at is None else at
    active = (host_key.c.id == key_id, host_key.c.revoked_at.is_(None))
    return bool(connection.execute(update(host_key).where(*active).values(revoked_at=now)).rowcount)


def _host_key(row: Row[Any]) -> HostKey:
    columns = row._asdict()
    del columns["digest"]
    return HostKey(**columns | {"scopes": tuple(row.scopes)})
