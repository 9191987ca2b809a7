"""A body that is not JSON, broken, or too large gets its own status, and nothing is stored."""

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from tests.sandbox.conftest import Document, errors

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_a_415(client: httpx.Client, media_type: str) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = client.post("/connections", content=b"{}", headers=headers)

    assert answer.status_code == 415
    assert errors(answer) == [("unsupported_media_type", None)]


def test_a_charset_does_not_matter(client: httpx.Client, document: Document) -> None:
    request = client.build_request("POST", "/connections", json=document)
    request.headers["Content-Type"] = "application/json; charset=utf-8"

    assert client.send(request).status_code == 201


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"a": NaN}', b'{"a": 1e999}', b'"\xff"', b'"\\ud800"', b"[" * 100_000],
    ids=lambda body: str(body[:12]),
)
def test_broken_json_is_a_400(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/connections", content=body, headers=JSON)

    assert answer.status_code == 400
    assert errors(answer) == [("invalid_json", None)]


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"3"])
def test_json_that_is_no_object_is_a_422(client: httpx.Client, body: bytes) -> None:
    assert client.post("/connections", content=body, headers=JSON).status_code == 422


def test_a_body_above_five_megabytes_is_a_413(
    client: httpx.Client, emulator: Emulator, document: Document
) -> None:
    document["settings"] = {"filling": "x" * 5 * 1024 * 1024}

    answer = client.post("/connections", json=document)

    assert answer.status_code == 413
    assert errors(answer) == [("payload_too_large", None)]
    assert emulator.connections == {}


def test_a_body_just_below_is_taken(client: httpx.Client, document: Document) -> None:
    document["settings"] = {"filling": "x" * (5 * 1024 * 1024 - 2000)}

    assert client.post("/connections", json=document).status_code == 201
