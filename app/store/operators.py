"""Operators: who may sign in to the admin face, with an argon2 hash of the password.

Hashing takes a fifth of a second, so it happens before a row is read or written, never in here.
"""

import time

from sqlalchemy import Connection, insert, select, update

from app.store.tables import operator


def put(
    connection: Connection,
    name: str,
    password_hash: str,
    *,
    host_id: str = "default",
    at: float | None = None,
) -> None:
    """Make an operator, or give the one of that name a new password. Wants an argon2 hash."""
    if not password_hash.startswith("$argon2id$"):
        raise ValueError("an operator's password is kept as an argon2id hash only")
    now = time.time() if at is None else at
    row: dict[str, object] = {"password_hash": password_hash, "updated_at": now}
    if not connection.execute(update(operator).where(operator.c.name == name), row).rowcount:
        row |= {"name": name, "host_id": host_id, "created_at": now}
        connection.execute(insert(operator), row)


def password_hash(connection: Connection, name: str) -> str | None:
    """The argon2 hash of an operator's password; None if there is no such operator."""
    query = select(operator.c.password_hash).where(operator.c.name == name)
    return connection.execute(query).scalar()


def any_there(connection: Connection) -> bool:
    """Whether anybody can sign in at all."""
    return connection.execute(select(operator.c.name).limit(1)).first() is not None
