"""A deleted connection is gone; one that something uses stays."""

from typing import Any

import httpx

from tests.sandbox.conftest import errors

USED: dict[str, Any] = {"flows": [{"_id": "5f00000000000000000000dd", "name": "Nightly orders"}]}


def test_a_deleted_connection_is_a_404_everywhere(client: httpx.Client, saved: str) -> None:
    answer = client.delete(f"/connections/{saved}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(f"/connections/{saved}").status_code == 404
    assert client.delete(f"/connections/{saved}").status_code == 404
    assert client.get("/connections").status_code == 204


def test_an_unused_connection_has_no_dependencies(client: httpx.Client, saved: str) -> None:
    assert client.get(f"/connections/{saved}/dependencies").json() == {}


def test_a_connection_in_use_tells_by_what_and_stays(
    client: httpx.Client, stranger: httpx.Client, saved: str
) -> None:
    stranger.put(f"/_control/connections/{saved}/dependencies", json=USED)

    refused = client.delete(f"/connections/{saved}")

    assert (refused.status_code, errors(refused)) == (422, [("resource_in_use", None)])
    assert client.get(f"/connections/{saved}/dependencies").json() == USED
    stranger.put(f"/_control/connections/{saved}/dependencies", json={})
    assert client.delete(f"/connections/{saved}").status_code == 204
