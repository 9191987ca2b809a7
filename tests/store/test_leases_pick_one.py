"""A lease is held by one process until it ends or stops renewing it."""

import pytest

from app.store import leases
from app.store.engine import Store

pytestmark = pytest.mark.anyio


async def take(store: Store, owner: str, now: float, until: float) -> bool:
    """Take the lease of some work."""
    return await store.write(lambda c: leases.take(c, "work", owner, now, until))


async def test_only_one_holds_it(store: Store) -> None:
    assert await take(store, "own_a", 0.0, 10.0) is True
    assert await take(store, "own_b", 5.0, 15.0) is False


async def test_its_owner_renews_it(store: Store) -> None:
    await take(store, "own_a", 0.0, 10.0)

    assert await take(store, "own_a", 9.0, 19.0) is True
    assert await take(store, "own_b", 11.0, 21.0) is False


async def test_it_goes_to_another_when_it_ran_out(store: Store) -> None:
    await take(store, "own_a", 0.0, 10.0)

    assert await take(store, "own_b", 10.0, 20.0) is True
    assert await take(store, "own_a", 11.0, 21.0) is False


async def test_it_is_free_once_its_owner_leaves(store: Store) -> None:
    await take(store, "own_a", 0.0, 10.0)
    await store.write(lambda c: leases.drop(c, ["own_a"]))

    assert await take(store, "own_b", 1.0, 11.0) is True
