"""A receipt proves to the host's server which session made which connection, for a day."""

import pytest

from app.connect.receipt import ReceiptClaims, Receipts
from app.connect.session import ConnectSession, Sessions
from app.connect.tokens import RECEIPT, Seal
from app.store.connections import ConnectionRecord
from tests.connect.stage import HOST, KEYS, Clock, wish
from tests.connect.test_changed_tokens_are_refused import changes

pytestmark = pytest.mark.anyio

RECORD = ConnectionRecord(
    id="con_1",
    host_id=HOST,
    integrator_id="upstream-1",
    connection_type="shopify",
    method="token",
    name="Enzo's shop",
    end_user_id="enzo",
    created_at=0.0,
    updated_at=0.0,
    status="ok",
)


@pytest.fixture
async def session(sessions: Sessions) -> ConnectSession:
    """The session that made RECORD."""
    return (await sessions.issue(wish())).session


@pytest.fixture
def receipts(clock: Clock) -> Receipts:
    """Receipts of this Keyhatch."""
    return Receipts(KEYS, clock=clock)


async def test_a_receipt_says_who_made_what(receipts: Receipts, session: ConnectSession) -> None:
    claims = receipts.verify(receipts.issue(session, RECORD))

    assert claims == ReceiptClaims(session.id, "enzo", "con_1", HOST)


async def test_a_receipt_is_good_for_a_day(
    receipts: Receipts, session: ConnectSession, clock: Clock
) -> None:
    receipt = receipts.issue(session, RECORD)
    clock.forward(24 * 3600)
    assert receipts.verify(receipt) is not None

    clock.forward(1)
    assert receipts.verify(receipt) is None


async def test_a_changed_receipt_proves_nothing(
    receipts: Receipts, session: ConnectSession
) -> None:
    """Mallory would like hers to name Enzo's connection."""
    receipt = receipts.issue(session, RECORD)

    assert [text for text in changes(receipt, 2000) if receipts.verify(text)] == []


async def test_another_keyhatch_proves_nothing(receipts: Receipts, session: ConnectSession) -> None:
    assert receipts.verify(Receipts(["mallorys-key"]).issue(session, RECORD)) is None


async def test_a_session_token_is_no_receipt(receipts: Receipts, sessions: Sessions) -> None:
    issued = await sessions.issue(wish())

    assert receipts.verify(issued.token) is None
    assert receipts.verify(RECEIPT.prefix + issued.token[4:]) is None


@pytest.mark.parametrize("claims", [(), ("ses_1",), ("a", "b", "c", 4), ("a", "b", "c", "d", "e")])
def test_claims_of_another_shape_prove_nothing(
    receipts: Receipts, clock: Clock, claims: tuple[str | int, ...]
) -> None:
    assert receipts.verify(Seal(RECEIPT, KEYS, clock).issue(*claims)) is None


async def test_a_long_foreign_name_fits(receipts: Receipts, sessions: Sessions) -> None:
    """Hosts choose the ids of their end users."""
    name = "山" * 255
    session = (await sessions.issue(wish(end_user_id=name))).session
    claims = receipts.verify(receipts.issue(session, RECORD))

    assert claims is not None
    assert claims.end_user_id == name
