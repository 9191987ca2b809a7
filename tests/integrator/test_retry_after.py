"""Retry-After comes as seconds or as a date; whatever it says, nobody waits long."""

from datetime import UTC, datetime

import pytest

from app.integrator.answers import retry_after
from app.integrator.errors import RateLimited
from tests.integrator.conftest import Connect
from tests.integrator.stub import DOCUMENT, always, listening

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("60", 60.0),
        ("61", 60.0),
        ("9" * 5000, 60.0),
        ("Mon, 23 Nov 2026 12:00:09 GMT", 9.0),
        ("Monday, 23-Nov-26 12:00:09 GMT", 9.0),
        ("Mon Nov 23 12:00:09 2026", 9.0),
        ("Mon, 23 Nov 2026 12:00:09 -0000", 9.0),
        ("Mon, 23 Nov 2026 11:59:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 60.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٧", None),
        ("Mon, 99 Nov 2026 12:00:09 GMT", None),
        ("Mon, 23 Nov 99999999999 12:00:09 GMT", None),
    ],
)
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("header", "seconds"),
    [("12", 12.0), ("Fri, 31 Dec 2100 23:59:59 GMT", 60.0), ("soon", None)],
)
async def test_a_rate_limit_tells_when_to_come_back(
    connect: Connect, header: str, seconds: float | None
) -> None:
    async with (
        listening(always(429, None, Retry_After=header)) as stub,
        connect(stub.url) as client,
    ):
        with pytest.raises(RateLimited) as caught:
            await client.create(DOCUMENT)

    assert caught.value.retry_after == seconds
