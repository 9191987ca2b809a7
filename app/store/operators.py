"""Operators: who may sign in to the admin face, with an argon2 hash of the password.

Hashing takes a fifth of a second, so it happens before a row is read or written, never in here.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from app.store.tables import operator


@dataclass(frozen=True)
class Operator:
    """An account of the admin face."""

    name: str
    host_id: str
    password_hash: str = field(repr=False)


def put(connection: Connection, name: str, password_hash: str, *, host_id: str, at: float) -> None:
    """Make an operator, or give the one of that name a new password. Wants an argon2 hash."""
    if not password_hash.startswith("$argon2id$"):
        raise ValueError("an operator's password is kept as an argon2id hash only")
    row: dict[str, object] = {"password_hash": password_hash, "updated_at": at}
    changed = update(operator).where(operator.c.name == name, operator.c.host_id == host_id)
    if not connection.execute(changed, row).rowcount:
        row |= {"name": name, "host_id": host_id, "created_at": at}
        connection.execute(insert(operator), row)


def get(connection: Connection, name: str) -> Operator | None:
    """The operator of that name, or None."""
    row = connection.execute(select(operator).where(operator.c.name == name)).first()
    return None if row is None else Operator(row.name, row.host_id, row.password_hash)
