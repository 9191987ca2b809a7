"""Host keys end at once, operators are kept by hash, the trail and the outbox keep their order."""

import hashlib

import pytest

from app.store import audit, host_keys, operators, outbox
from app.store.engine import Clash, Connection, Store

pytestmark = pytest.mark.anyio

A_KEY = "khh_obviously-a-made-up-key"
DIGEST = hashlib.sha256(A_KEY.encode()).hexdigest()
A_HASH = "$argon2id$v=19$m=65536,t=3,p=1$obviously$made-up"


def kept(connection: Connection, digest: str = DIGEST) -> str:
    """Keep Hana's key."""
    return host_keys.insert(
        connection, host_id="larkfield", digest=digest, prefix="khh_obv", label="staging", at=5.0
    )


async def test_a_key_leads_to_its_host_and_scopes(store: Store) -> None:
    key_id = await store.write(kept)
    found = await store.read(lambda c: host_keys.by_digest(c, DIGEST))

    assert found == host_keys.HostKey(
        key_id, "larkfield", "khh_obv", ("sessions", "read"), "staging", 5.0, None
    )
    assert await store.read(lambda c: host_keys.host_of(c, DIGEST)) == "larkfield"


async def test_a_key_that_was_never_kept_leads_nowhere(store: Store) -> None:
    await store.write(kept)
    mallorys = hashlib.sha256(b"khh_guessed").hexdigest()

    assert await store.read(lambda c: host_keys.host_of(c, mallorys)) is None


async def test_a_revoked_key_ends_at_once_and_stays_listed(store: Store) -> None:
    key_id = await store.write(kept)
    first = await store.write(lambda c: host_keys.revoke(c, key_id, 9.0))
    second = await store.write(lambda c: host_keys.revoke(c, key_id, 10.0))

    assert (first, second) == (True, False)
    assert await store.read(lambda c: host_keys.host_of(c, DIGEST)) is None
    assert [key.revoked_at for key in await store.read(host_keys.all_of)] == [9.0]


async def test_the_same_key_is_not_kept_twice(store: Store) -> None:
    await store.write(kept)

    with pytest.raises(Clash):
        await store.write(kept)


async def test_keys_of_another_host_are_not_listed(store: Store) -> None:
    await store.write(kept)

    assert await store.read(lambda c: host_keys.all_of(c, "mallory")) == []
    assert len(await store.read(lambda c: host_keys.all_of(c, "larkfield"))) == 1


async def test_an_operator_gets_a_new_password(store: Store) -> None:
    assert await store.read(operators.any_there) is False

    await store.write(lambda c: operators.put(c, "ada", A_HASH))
    await store.write(lambda c: operators.put(c, "ada", A_HASH + "-2"))

    assert await store.read(operators.any_there) is True
    assert await store.read(lambda c: operators.password_hash(c, "ada")) == A_HASH + "-2"
    assert await store.read(lambda c: operators.password_hash(c, "mallory")) is None


async def test_a_password_in_clear_is_never_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="argon2id"):
        await store.write(lambda c: operators.put(c, "ada", "correct horse battery"))

    assert await store.read(operators.any_there) is False


async def test_the_trail_is_read_from_its_end(store: Store) -> None:
    def change(connection: Connection) -> None:
        for number, host in enumerate(("larkfield", "mallory", "larkfield")):
            audit.add(
                connection,
                f"session.step_{number}",
                host_id=host,
                at=float(number),
                actor="host",
                codes=("a_code",),
            )

    await store.write(change)
    rows = await store.read(lambda c: audit.newest(c, "larkfield"))

    assert [row["action"] for row in rows] == ["session.step_2", "session.step_0"]
    assert rows[0]["codes"] == ["a_code"]


async def test_events_wait_in_the_order_in_which_they_are_due(store: Store) -> None:
    def change(connection: Connection) -> list[str]:
        return [
            outbox.add(connection, "connection.created", {"n": at}, host_id="larkfield", at=at)
            for at in (2.0, 1.0)
        ]

    late, early = await store.write(change)
    waiting = await store.read(outbox.waiting)

    assert [row["id"] for row in waiting] == [early, late]
    assert waiting[0]["data"] == {"n": 1.0}
