"""Leases: which processes live, and which one of them does a piece of work that only one may do."""

from collections.abc import Iterable

from sqlalchemy import Connection, ScalarSelect, delete, insert, select, update

from app.store.tables import lease

_PROCESS = "process:"


def take(connection: Connection, name: str, owner: str, now: float, until: float) -> bool:
    """Take or renew a lease; False while another owner holds it."""
    mine = (lease.c.owner == owner) | (lease.c.until <= now)
    taken = update(lease).where(lease.c.name == name, mine).values(owner=owner, until=until)
    if connection.execute(taken).rowcount:
        return True
    if connection.execute(select(lease.c.name).where(lease.c.name == name)).first():
        return False
    connection.execute(insert(lease), {"name": name, "owner": owner, "until": until})
    return True


def live(connection: Connection, owner: str, now: float, until: float) -> None:
    """Say that the process `owner` lives until then; forget those that ended."""
    ended = lease.c.name.startswith(_PROCESS, autoescape=True) & (lease.c.until <= now)
    connection.execute(delete(lease).where(ended))
    take(connection, _PROCESS + owner, owner, now, until)


def drop(connection: Connection, owners: Iterable[str]) -> None:
    """Give back everything that these hold: they end, and others need not wait."""
    connection.execute(delete(lease).where(lease.c.owner.in_(list(owners))))


def living(now: float) -> ScalarSelect[str]:
    """The owners that live, as part of a larger query."""
    alive = lease.c.name.startswith(_PROCESS, autoescape=True) & (lease.c.until > now)
    return select(lease.c.owner).where(alive).scalar_subquery()
