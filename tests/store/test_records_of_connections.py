"""A host finds its own records, page by page, and never another's."""

import pytest

from app.store import connections
from app.store.connections import BadCursor, ConnectionRecord
from app.store.engine import Clash, Connection, Store

pytestmark = pytest.mark.anyio


def record(
    number: int, *, host_id: str = "larkfield", end_user_id: str = "enzo", created_at: float = 0.0
) -> ConnectionRecord:
    """A record as a submit leaves it."""
    return ConnectionRecord(
        id=f"con_{number:03}",
        host_id=host_id,
        integrator_id=f"upstream-{host_id}-{number}",
        connection_type="shopify",
        method="token",
        name="Enzo's shop",
        end_user_id=end_user_id,
        created_at=created_at,
        updated_at=created_at,
        status="ok",
        marker=f"kh1_{number}",
        session_id="ses_1",
    )


async def put(store: Store, *records: ConnectionRecord) -> None:
    """Write records."""

    def change(connection: Connection) -> None:
        for one in records:
            connections.add(connection, one)

    await store.write(change)


async def page(
    store: Store, cursor: str | None, limit: int, end_user_id: str | None = None
) -> tuple[list[str], str | None]:
    """The ids of one page, and the cursor of the next."""
    records, following = await store.read(
        lambda c: connections.page(
            c, "larkfield", end_user_id=end_user_id, cursor=cursor, limit=limit
        )
    )
    return [one.id for one in records], following


async def pages(store: Store, limit: int, end_user_id: str | None = None) -> list[list[str]]:
    """The ids of every page of a listing."""
    ids, cursor = await page(store, None, limit, end_user_id)
    found = [ids]
    while cursor is not None:
        ids, cursor = await page(store, cursor, limit, end_user_id)
        found.append(ids)
    return found


async def test_a_record_comes_back_as_it_was_written(store: Store) -> None:
    await put(store, record(1))

    assert await store.read(lambda c: connections.get(c, "larkfield", "con_001")) == record(1)
    assert await store.read(
        lambda c: connections.by_integrator_id(c, "upstream-larkfield-1")
    ) == record(1)


async def test_mallorys_host_finds_nothing_of_hanas(store: Store) -> None:
    await put(store, record(1), record(2, host_id="mallory", end_user_id="enzo"))

    def look(connection: Connection) -> list[str]:
        own, _ = connections.page(connection, "mallory")
        assert connections.get(connection, "mallory", "con_001") is None
        return [one.id for one in own]

    assert await store.read(look) == ["con_002"]


async def test_mallorys_host_changes_nothing_of_hanas(store: Store) -> None:
    await put(store, record(1))
    forged = record(1, host_id="mallory")

    def change(connection: Connection) -> list[bool]:
        return [
            connections.set_status(connection, forged, "gone"),
            connections.touch(connection, forged),
            connections.delete(connection, forged),
        ]

    assert await store.write(change) == [False, False, False]
    assert await store.read(lambda c: connections.get(c, "larkfield", "con_001")) == record(1)


async def test_the_newest_come_first_and_equal_times_are_no_trouble(store: Store) -> None:
    await put(store, *(record(number, created_at=float(number // 3)) for number in range(7)))
    found = await pages(store, 2)

    assert found == [
        ["con_006", "con_005"],
        ["con_004", "con_003"],
        ["con_002", "con_001"],
        ["con_000"],
    ]


async def test_a_full_last_page_ends_the_listing(store: Store) -> None:
    await put(store, *(record(number) for number in range(4)))

    assert await pages(store, 2) == [["con_003", "con_002"], ["con_001", "con_000"]]


async def test_an_empty_listing_is_one_empty_page(store: Store) -> None:
    assert await pages(store, 2) == [[]]


async def test_one_end_users_records_are_found(store: Store) -> None:
    await put(store, record(1), record(2, end_user_id="ada"), record(3))

    assert await pages(store, 2, "enzo") == [["con_003", "con_001"]]


async def test_a_deletion_between_two_pages_hides_no_record(store: Store) -> None:
    await put(store, *(record(number) for number in range(4)))
    _, cursor = await page(store, None, 2)
    await store.write(lambda c: connections.delete(c, record(2)))

    assert await page(store, cursor, 2) == (["con_001", "con_000"], None)


@pytest.mark.parametrize("cursor", ["", "x", "%%", "W10", "WzEsMiwzXQ", "[" * 5000, "é", "bnVsbA"])
async def test_a_cursor_that_is_not_ours_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await store.read(lambda c: connections.page(c, "larkfield", cursor=cursor))


async def test_one_connection_upstream_has_one_record(store: Store) -> None:
    await put(store, record(1))

    with pytest.raises(Clash):
        await put(store, record(1, end_user_id="mallory"))


async def test_an_adopted_connection_gets_a_record_once(store: Store) -> None:
    def adopt(connection: Connection) -> ConnectionRecord | None:
        return connections.adopt(
            connection,
            host_id="larkfield",
            integrator_id="upstream-1",
            end_user_id="enzo",
            type="shopify",
            method="token",
            name="Old shop",
            status="unverified",
            at=7.0,
        )

    made = await store.write(adopt)
    again = await store.write(adopt)

    assert made is not None
    assert (made.status, made.created_at, made.marker) == ("unverified", 7.0, None)
    assert again is None


async def test_a_status_is_news_once(store: Store) -> None:
    await put(store, record(1))
    first = await store.write(lambda c: connections.set_status(c, record(1), "offline"))
    second = await store.write(lambda c: connections.set_status(c, record(1), "offline"))
    kept = await store.read(lambda c: connections.get(c, "larkfield", "con_001"))

    assert (first, second) == (True, False)
    assert kept is not None
    assert kept.status == "offline"
