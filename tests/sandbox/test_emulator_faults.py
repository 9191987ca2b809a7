"""Faults on demand do what they say on a real connection, and only to the requests they name."""

import errno
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from tests.sandbox.conftest import Document, errors

CREATE = {"method": "post", "path": "/connections$"}


def numbers(error: BaseException | None) -> Iterator[int | None]:
    """The errno of an error and of all that led to it."""
    while error is not None:
        yield getattr(error, "errno", None)
        error = error.__cause__ or error.__context__


def fault(stranger: httpx.Client, kind: str, **more: Any) -> None:
    """Put one fault in wait for the next create."""
    body = {"kind": kind, "match": CREATE, "times": 1, **more}
    assert stranger.post("/_control/faults", json=[body]).status_code == 201


def test_latency_answers_late(
    client: httpx.Client, stranger: httpx.Client, document: Document
) -> None:
    fault(stranger, "latency", seconds=0.3)

    began = time.monotonic()
    answer = client.post("/connections", json=document)

    assert answer.status_code == 201
    assert 0.3 <= time.monotonic() - began < 2


def test_a_client_that_gave_up_is_served_all_the_same(
    client: httpx.Client, stranger: httpx.Client, emulator: Emulator, document: Document
) -> None:
    fault(stranger, "latency", seconds=0.3)

    with pytest.raises(httpx.ReadTimeout):
        client.post("/connections", json=document, timeout=0.1)

    time.sleep(0.4)
    assert len(emulator.connections) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 409, 500, 502, 503, 504])
def test_any_status_comes_before_anything_is_done(
    client: httpx.Client,
    stranger: httpx.Client,
    emulator: Emulator,
    document: Document,
    status: int,
) -> None:
    fault(stranger, "status", status=status)

    answer = client.post("/connections", json=document)

    assert answer.status_code == status
    assert errors(answer)
    assert emulator.connections == {}


def test_a_status_has_the_body_that_was_asked_for(
    client: httpx.Client, stranger: httpx.Client, document: Document
) -> None:
    fault(stranger, "status", status=502, body="<h1>Bad gateway</h1>")
    fault(stranger, "status", status=500, body={"message": "boom"})

    texts = [client.post("/connections", json=document).text for _ in range(2)]

    assert texts == ["<h1>Bad gateway</h1>", '{"message":"boom"}']


def test_a_429_says_when_to_come_back(
    client: httpx.Client, stranger: httpx.Client, document: Document
) -> None:
    fault(stranger, "status", status=429)
    fault(stranger, "status", status=429, retry_after=17)

    answers = [client.post("/connections", json=document) for _ in range(2)]

    assert [answer.headers["Retry-After"] for answer in answers] == ["1", "17"]
    assert [errors(answer) for answer in answers] == [[("rate_limited", None)]] * 2


@pytest.mark.parametrize(("kind", "stored"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_is_a_real_one(
    client: httpx.Client,
    stranger: httpx.Client,
    emulator: Emulator,
    document: Document,
    kind: str,
    stored: int,
) -> None:
    fault(stranger, kind)

    with pytest.raises(httpx.ReadError) as caught:
        client.post("/connections", json=document)

    assert errno.ECONNRESET in list(numbers(caught.value))
    assert len(emulator.connections) == stored


def test_a_truncated_body_breaks_off_after_the_commit(
    client: httpx.Client, stranger: httpx.Client, emulator: Emulator, document: Document
) -> None:
    fault(stranger, "truncate")

    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        client.post("/connections", json=document)

    assert len(emulator.connections) == 1


def test_a_201_can_lack_its_id(
    client: httpx.Client, stranger: httpx.Client, emulator: Emulator, document: Document
) -> None:
    fault(stranger, "no_id")

    answer = client.post("/connections", json=document)

    assert answer.status_code == 201
    assert "_id" not in answer.json()
    assert answer.json()["name"] == document["name"]
    assert len(emulator.connections) == 1


@pytest.mark.parametrize("status", [None, 504])
def test_a_late_commit_happens_after_the_failure_was_seen(
    client: httpx.Client,
    stranger: httpx.Client,
    emulator: Emulator,
    document: Document,
    status: int | None,
) -> None:
    fault(stranger, "commit_late", seconds=0.3, **({"status": status} if status else {}))

    if status:
        assert client.post("/connections", json=document).status_code == 504
    else:
        with pytest.raises(httpx.ReadError):
            client.post("/connections", json=document)

    assert emulator.connections == {}
    time.sleep(0.5)
    assert len(emulator.connections) == 1


def test_a_fault_hits_only_what_it_names_and_as_often(
    client: httpx.Client, stranger: httpx.Client, saved: str, document: Document
) -> None:
    one = {"kind": "status", "status": 500, "match": {"path": "/ping$"}, "times": 2}
    stranger.post("/_control/faults", json=[one])

    assert client.get(f"/connections/{saved}").status_code == 200
    statuses = [client.post("/connections/ping", json=document).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_a_fault_without_times_stays_until_it_is_deleted(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    stranger.post("/_control/faults", json={"kind": "status", "status": 503})

    assert [client.get("/tokenInfo").status_code for _ in range(3)] == [503] * 3
    assert stranger.delete("/_control/faults").status_code == 204
    assert client.get("/tokenInfo").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "earthquake"},
        {"kind": "status"},
        {"kind": "status", "status": 42},
        {"kind": "latency", "secnods": 3},
        {"kind": "latency", "match": {"host": "x"}},
        {"kind": "latency", "match": {"path": "("}},
        "latency",
    ],
)
def test_a_fault_with_a_mistake_is_refused(stranger: httpx.Client, body: Any) -> None:
    assert stranger.post("/_control/faults", json=[body]).status_code == 422
