"""PUT is a full replace: what is left out is gone, a mask is stored as it is, the type stays."""

import logging
import time

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from tests.sandbox.conftest import Document, Start, errors

LOST = "http.auth.token.token is now stored as six asterisks"


def test_what_is_left_out_is_erased(
    client: httpx.Client, emulator: Emulator, saved: str, document: Document
) -> None:
    client.put(f"/connections/{saved}", json=document | {"externalId": "intent-1"})
    del document["http"]["ping"]

    replaced = client.put(f"/connections/{saved}", json=document)

    assert replaced.status_code == 200
    assert "externalId" not in replaced.json()
    assert "ping" not in emulator.connections[saved]["http"]


@pytest.mark.parametrize("body", [{}, {"name": "Only a name"}, {"type": "http", "name": "x"}])
def test_a_partial_put_is_a_422_and_changes_nothing(
    client: httpx.Client, saved: str, body: Document
) -> None:
    before = client.get(f"/connections/{saved}").json()

    answer = client.put(f"/connections/{saved}", json=body)

    assert answer.status_code == 422
    assert {code for code, _ in errors(answer)} == {"missing_required_field"}
    assert client.get(f"/connections/{saved}").json() == before


def test_the_type_cannot_change(client: httpx.Client, saved: str, rest_document: Document) -> None:
    answer = client.put(f"/connections/{saved}", json=rest_document)

    assert (answer.status_code, errors(answer)) == (422, [("invalid_field", "type")])


def test_id_and_creation_stay_and_the_modification_moves_on_every_change(
    client: httpx.Client, saved: str, document: Document
) -> None:
    before = client.get(f"/connections/{saved}").json()

    dates = [
        client.put(f"/connections/{saved}", json=document).json()["lastModified"] for _ in range(5)
    ]

    after = client.get(f"/connections/{saved}").json()
    assert (after["_id"], after["createdAt"]) == (before["_id"], before["createdAt"])
    assert sorted({before["lastModified"], *dates}) == [before["lastModified"], *dates]


def test_a_mask_that_is_sent_back_is_stored_and_said_aloud(
    client: httpx.Client, emulator: Emulator, saved: str, caplog: pytest.LogCaptureFixture
) -> None:
    read = client.get(f"/connections/{saved}").json()

    with caplog.at_level(logging.WARNING):
        client.put(f"/connections/{saved}", json=read)

    assert emulator.connections[saved]["http"]["auth"]["token"]["token"] == "******"
    assert LOST in caplog.text
    assert client.post(f"/connections/{saved}/ping").json()["errors"][0]["code"] == 401


def test_a_mask_may_mean_unchanged_if_the_option_says_so(start: Start, document: Document) -> None:
    client = start(keep_masks=True)
    document["http"]["encrypted"] = {"key": "kept"}
    identifier = client.post("/connections", json=document).json()["_id"]

    client.put(f"/connections/{identifier}", json=client.get(f"/connections/{identifier}").json())

    stored = httpx.get(f"{str(client.base_url).removesuffix('v1/')}_control/connections").json()
    assert stored[0]["http"]["encrypted"] == {"key": "kept"}
    assert client.post(f"/connections/{identifier}/ping").json() == {"code": 200}


def test_put_does_not_say_whether_it_works(
    client: httpx.Client, saved: str, document: Document
) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"
    client.put(f"/connections/{saved}", json=document)
    client.post(f"/connections/{saved}/ping")

    replaced = client.put(f"/connections/{saved}", json=document | {"offline": False})

    assert replaced.json()["offline"] is True


def test_mallory_cannot_take_another_id_by_writing_it(
    client: httpx.Client, saved: str, document: Document
) -> None:
    time.sleep(0.002)
    replaced = client.put(f"/connections/{saved}", json=document | {"_id": "f" * 24})

    assert replaced.json()["_id"] == saved
    assert client.get("/connections/" + "f" * 24).status_code == 404
