"""The leaky bucket: what does not fit is a 429 that says when to come back."""

import time

import httpx

from sandbox.integrator.rate_limit import Bucket
from tests.sandbox.conftest import Start, errors


def test_one_request_too_many_is_a_429_with_retry_after(start: Start) -> None:
    hana = start(burst=3, per_second=0.5)

    answers = [hana.get("/tokenInfo") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert errors(answers[3]) == [("rate_limited", None)]
    assert answers[3].headers["Retry-After"] == "2"


def test_after_the_wait_it_fits(start: Start) -> None:
    hana = start(burst=1, per_second=5)
    hana.get("/tokenInfo")
    assert hana.get("/tokenInfo").status_code == 429

    time.sleep(0.3)

    assert hana.get("/tokenInfo").status_code == 200


def test_mallory_without_a_token_does_not_use_up_the_bucket(start: Start) -> None:
    hana = start(burst=2, per_second=0.1)
    for _ in range(5):
        httpx.get(f"{hana.base_url}tokenInfo")

    assert hana.get("/tokenInfo").status_code == 200


def test_the_bucket_holds_a_thousand_and_drains_three_hundred_a_second() -> None:
    bucket = Bucket(1000, 300)

    assert [bucket.take(0.0) for _ in range(1000)] == [0] * 1000
    assert bucket.take(0.0) == 1
    assert [bucket.take(1.0) for _ in range(300)] == [0] * 300
    assert bucket.take(1.0) == 1
