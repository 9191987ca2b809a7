"""Ping really connects; a refusal is a 200 with errors, and only a ping by id moves `offline`."""

import threading
import time

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from tests.sandbox.conftest import Document, Start, errors
from tests.sandbox.pantry import Pantry


def test_a_good_virtual_ping_answers_code_200_and_stores_nothing(
    client: httpx.Client, emulator: Emulator, pantry: Pantry, document: Document
) -> None:
    answer = client.post("/connections/ping", json=document)

    assert (answer.status_code, answer.json()) == (200, {"code": 200})
    assert [seen.target for seen in pantry.seen] == ["/shelf/jars"]
    assert emulator.connections == {}


def test_a_refused_sign_in_is_a_200_with_the_words_of_the_other_side(
    client: httpx.Client, document: Document
) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"

    answer = client.post("/connections/ping", json=document)

    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["code"] == 401
    assert "who are you?" in error["message"]
    assert set(error) == {"code", "message", "source"}


@pytest.mark.parametrize(
    ("base", "code"),
    [("http://nowhere.example", "ENOTFOUND"), ("http://127.0.0.1:{port}", "ECONNREFUSED")],
)
def test_an_unreachable_host_is_a_200_with_the_drivers_word(
    client: httpx.Client, document: Document, closed_port: int, base: str, code: str
) -> None:
    document["http"]["baseURI"] = base.format(port=closed_port)

    answer = client.post("/connections/ping", json=document)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (200, code)


def test_a_refusal_can_be_a_422_instead(start: Start, document: Document) -> None:
    client = start(failed_ping_status=422)
    document["http"]["auth"]["token"]["token"] = "wrong"

    answer = client.post("/connections/ping", json=document)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == 401


def test_a_document_that_could_not_be_stored_is_not_tried(
    client: httpx.Client, pantry: Pantry, document: Document
) -> None:
    del document["name"]

    answer = client.post("/connections/ping", json=document)

    assert (answer.status_code, errors(answer)) == (422, [("missing_required_field", "name")])
    assert pantry.seen == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_ping_by_id_sets_and_clears_offline(
    client: httpx.Client, saved: str, document: Document, method: str
) -> None:
    path = f"/connections/{saved}"
    good = document["http"]["auth"]["token"]["token"]
    document["http"]["auth"]["token"]["token"] = "wrong"
    client.put(path, json=document)
    modified = client.get(path).json()["lastModified"]

    assert client.request(method, f"{path}/ping").json()["errors"]
    offline = client.get(path).json()
    document["http"]["auth"]["token"]["token"] = good
    client.put(path, json=document)
    assert client.request(method, f"{path}/ping").json() == {"code": 200}

    assert offline["offline"] is True
    assert offline["lastModified"] == modified
    assert client.get(path).json()["offline"] is False


def test_a_virtual_ping_moves_no_offline(
    client: httpx.Client, saved: str, document: Document
) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"

    client.post("/connections/ping", json=document | {"_id": saved})

    assert "offline" not in client.get(f"/connections/{saved}").json()


def test_a_post_ping_takes_a_body_or_none(client: httpx.Client, saved: str) -> None:
    flow = {"_flowId": "5f00000000000000000000ee", "_exportId": "5f00000000000000000000ef"}

    assert client.post(f"/connections/{saved}/ping", json=flow).json() == {"code": 200}
    assert client.post(f"/connections/{saved}/ping").json() == {"code": 200}


def test_a_slow_target_holds_up_nobody_else(client: httpx.Client, document: Document) -> None:
    document["http"]["ping"]["relativeURI"] = "/slow"
    slow = threading.Thread(
        target=client.post, args=("/connections/ping",), kwargs={"json": document}
    )
    slow.start()
    time.sleep(0.1)

    began = time.monotonic()
    client.get("/tokenInfo")

    assert time.monotonic() - began < 0.2
    slow.join()


def test_a_target_has_only_so_much_time(start: Start, document: Document) -> None:
    client = start(patience=0.2)
    document["http"]["ping"]["relativeURI"] = "/slow"

    answer = client.post("/connections/ping", json=document)

    assert answer.json()["errors"][0]["code"] == "ETIMEDOUT"
