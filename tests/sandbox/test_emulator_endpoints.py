"""Every endpoint of the published table is there, with its method and its status."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Document, errors

EXPORT = {"export": {"http": {"relativeURI": "/jars"}}}
IMPORT: dict[str, Any] = {"import": {"http": {"relativeURI": ["/echo"], "method": ["PUT"]}}}
TABLE: list[tuple[str, str, Any, int]] = [
    ("GET", "/connections", None, 200),
    ("GET", "/connections/{id}", None, 200),
    ("POST", "/connections", "document", 201),
    ("PUT", "/connections/{id}", "document", 200),
    ("PATCH", "/connections/{id}", [{"op": "replace", "path": "/name", "value": "New"}], 204),
    ("DELETE", "/connections/{id}", None, 204),
    ("GET", "/connections/{id}/ping", None, 200),
    ("POST", "/connections/{id}/ping", {}, 200),
    ("POST", "/connections/ping", "document", 200),
    ("GET", "/connections/{id}/debug", None, 200),
    ("DELETE", "/connections/{id}/debug", None, 204),
    ("GET", "/connections/{id}/debug/5f00000000000000000000bb", None, 200),
    ("POST", "/connections/{id}/export", EXPORT, 200),
    ("POST", "/connections/{id}/export/pages", EXPORT, 200),
    ("POST", "/connections/{id}/import", IMPORT | {"data": [{"a": 1}]}, 200),
    ("POST", "/connections/{id}/import/map", IMPORT | {"data": [{"a": 1}]}, 200),
    ("GET", "/connections/{id}/dependencies", None, 200),
    ("GET", "/tokenInfo", None, 200),
]


@pytest.mark.parametrize("slash", ["", "/"], ids=["plain", "trailing-slash"])
@pytest.mark.parametrize(("method", "path", "body", "status"), TABLE)
def test_an_endpoint_answers_without_a_redirect(
    client: httpx.Client,
    saved: str,
    document: Document,
    method: str,
    path: str,
    body: Any,
    status: int,
    slash: str,
) -> None:
    content = document if body == "document" else body

    answer = client.request(method, path.format(id=saved) + slash, json=content)

    assert answer.status_code == status
    assert (status == 204) == (answer.content == b"") or "debug" in path


@pytest.mark.parametrize("path", ["", "/ping", "/debug", "/export", "/import/map", "/dependencies"])
def test_an_unknown_id_is_a_404(client: httpx.Client, path: str) -> None:
    method = "POST" if "port" in path else "GET"

    answer = client.request(method, f"/connections/{'0' * 24}{path}", json={})

    assert answer.status_code == 404
    assert errors(answer) == [("not_found", None)]


def test_an_endpoint_that_is_only_known_by_name_says_so(client: httpx.Client, saved: str) -> None:
    answer = client.get(f"/connections/{saved}/oauth2")

    assert answer.status_code == 422
    assert errors(answer) == [("not_emulated", "the endpoint oauth2")]


def test_what_integrator_io_does_not_have_is_a_404(client: httpx.Client, saved: str) -> None:
    assert client.get(f"/connections/{saved}/debuglog").status_code == 404
    assert client.get("/nowhere/at/all").status_code == 404


def test_a_method_that_is_not_there_is_a_404(client: httpx.Client) -> None:
    answer = client.delete("/connections")

    assert answer.status_code == 404
    assert errors(answer) == [("not_found", None)]
