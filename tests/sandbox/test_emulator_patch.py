"""PATCH takes a short list of paths, all or nothing, and never a credential."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from tests.sandbox.conftest import errors


def replace(path: str, value: Any) -> dict[str, Any]:
    """One operation."""
    return {"op": "replace", "path": path, "value": value}


def ahead(**time: float) -> str:
    """A date that far in the future."""
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


def test_a_patch_changes_what_it_names_and_answers_204(client: httpx.Client, saved: str) -> None:
    before = client.get(f"/connections/{saved}").json()

    operations = [
        replace("/name", "New name"),
        replace("/http/ping/successPath", "ok"),
        replace("/http/auth/failStatusCode", 403),
    ]
    answer = client.patch(f"/connections/{saved}", json=operations)

    after = client.get(f"/connections/{saved}").json()
    assert (answer.status_code, answer.content) == (204, b"")
    assert (after["name"], after["http"]["ping"]["successPath"]) == ("New name", "ok")
    assert after["http"]["auth"]["failStatusCode"] == 403
    assert after["lastModified"] > before["lastModified"]


def test_remove_takes_away(client: httpx.Client, saved: str) -> None:
    client.patch(f"/connections/{saved}", json=[replace("/debugDate", ahead(minutes=15))])

    client.patch(f"/connections/{saved}", json=[{"op": "remove", "path": "/debugDate"}])

    assert "debugDate" not in client.get(f"/connections/{saved}").json()


@pytest.mark.parametrize(
    "path",
    [
        "/type",
        "/http/baseURI",
        "/http/auth/token/token",
        "/http/auth/basic/password",
        "/externalId",
        "/_id",
        "name",
        "/rest/cookieAuth/successStatusCode",
    ],
)
def test_mallory_cannot_patch_what_is_not_on_the_list(
    client: httpx.Client, emulator: Emulator, saved: str, path: str
) -> None:
    operations = [replace("/name", "New"), replace(path, "mallory")]

    answer = client.patch(f"/connections/{saved}", json=operations)

    assert (answer.status_code, errors(answer)) == (422, [("invalid_field", path)])
    assert "mallory" not in str(emulator.connections[saved])
    assert emulator.connections[saved]["name"] == "Larkfield pantry"


@pytest.mark.parametrize(
    "operations",
    [
        {"op": "replace", "path": "/name", "value": "x"},
        [],
        ["name"],
        [{"op": "add", "path": "/name", "value": "x"}],
        [{"op": "replace", "path": "/name"}],
        [{"op": "remove", "path": "/name"}],
        [{"op": "replace", "path": "/name", "value": 7}],
    ],
)
def test_what_is_no_patch_is_a_422(client: httpx.Client, saved: str, operations: Any) -> None:
    assert client.patch(f"/connections/{saved}", json=operations).status_code == 422


@pytest.mark.parametrize("minutes", [-1, 61])
def test_the_debug_date_lies_ahead_but_at_most_an_hour(
    client: httpx.Client, saved: str, minutes: int
) -> None:
    date = ahead(minutes=minutes)

    answer = client.patch(f"/connections/{saved}", json=[replace("/debugDate", date)])

    assert (answer.status_code, errors(answer)) == (422, [("invalid_field", "debugDate")])


@pytest.mark.parametrize("date", ["soon", 7, "2030-01-01T00:00:00"])
def test_the_debug_date_is_a_date_with_a_zone(client: httpx.Client, saved: str, date: Any) -> None:
    answer = client.patch(f"/connections/{saved}", json=[replace("/debugDate", date)])

    assert (answer.status_code, errors(answer)) == (422, [("invalid_field", "debugDate")])


def test_a_json_patch_has_to_come_as_plain_json(client: httpx.Client, saved: str) -> None:
    headers = {"Content-Type": "application/json-patch+json"}

    answer = client.patch(f"/connections/{saved}", content=b"[]", headers=headers)

    assert answer.status_code == 415
