"""A virtual export reads the source by each paging method, whole or by pages of the asked size."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Document, errors
from tests.sandbox.pantry import JARS, Pantry

Export = dict[str, Any]
AT_JARS = {"resourcePath": "jars"}
NUMBERED = "/by_page?page={{export.http.paging.page}}"


def http(uri: str, paging: Export | None = None, path: str | None = "jars") -> Export:
    """An export of an http connection."""
    model: Export = {"relativeURI": uri, "method": "GET"}
    model |= {"paging": paging} if paging else {}
    return {"http": model | ({"response": {"resourcePath": path}} if path else {})}


WAYS: dict[str, Export] = {
    "in one piece": http("/jars"),
    "page": http(NUMBERED, {"method": "page", "page": 1}),
    "page with a limit": http(NUMBERED, {"method": "page", "maxPagePath": "pages"}),
    "page until a flag": http(NUMBERED, {"method": "page", "lastPagePath": "last"}),
    "page until a status": http(
        "/by_page_until_404?page={{{export.http.paging.page}}}",
        {"method": "page", "lastPageStatusCode": 404},
    ),
    "skip": http("/by_skip?skip={{export.http.paging.skip}}", {"method": "skip"}),
    "skip with a count": http(
        "/by_skip?skip={{export.http.paging.skip}}", {"method": "skip", "maxCountPath": "total"}
    ),
    "token": http(
        "/by_token",
        {
            "method": "token",
            "path": "after",
            "relativeURI": "/by_token?after={{export.http.paging.token}}",
        },
    ),
    "link header": http("/linked", {"method": "linkheader"}, path=None),
    "next url": http("/next_url", {"method": "url", "path": "next"}),
}
REST_WAYS: dict[str, Export] = {
    "pageargument": {"relativeURI": "/shelf/by_page", "pageArgument": "page"},
    "skipargument": {"relativeURI": "/shelf/by_skip", "skipArgument": "skip"},
    "nextpageurl": {"relativeURI": "/shelf/next_url", "nextPagePath": "next"},
    "linkheader": {"relativeURI": "/shelf/linked"},
}

Run = Callable[[str, Export], Export]


@pytest.fixture
def export(client: httpx.Client) -> Run:
    """Runs an export in one go."""

    def run(identifier: str, model: Export) -> Export:
        answer = client.post(f"/connections/{identifier}/export", json={"export": model})
        assert answer.status_code == 200, answer.text
        body: Export = answer.json()
        return body

    return run


@pytest.fixture
def by_pages(client: httpx.Client) -> Callable[[str, Export], list[Export]]:
    """Runs an export by pages to its end."""

    def run(identifier: str, model: Export) -> list[Export]:
        pages: list[Export] = []
        body: Export = {"export": model}
        while len(pages) < 20:
            answer = client.post(f"/connections/{identifier}/export/pages", json=body)
            assert answer.status_code == 200, answer.text
            pages.append(answer.json())
            state = pages[-1]["pagedExportState"]
            if state["done"]:
                return pages
            body = {"export": model, "pagedExportState": state}
        raise AssertionError("it does not end")

    return run


@pytest.mark.parametrize("way", WAYS)
def test_an_export_brings_every_record_once(export: Run, saved: str, way: str) -> None:
    assert export(saved, WAYS[way]) == {"data": JARS}


@pytest.mark.parametrize("size", [2, 3, 5, 8, 20])
@pytest.mark.parametrize("way", WAYS)
def test_pages_have_the_asked_size_and_miss_nothing(
    by_pages: Callable[[str, Export], list[Export]], saved: str, way: str, size: int
) -> None:
    pages = by_pages(saved, WAYS[way] | {"pageSize": size, "asynchronous": True})

    assert [record for page in pages for record in page["data"]] == JARS
    assert [len(page["data"]) for page in pages[:-1]] == [size] * (len(pages) - 1) or size > 8
    assert [page["dataURIs"] for page in pages] == [[None] * len(page["data"]) for page in pages]
    assert [page["pagedExportState"]["pageIndex"] for page in pages] == list(
        range(2, len(pages) + 2)
    )


@pytest.mark.parametrize("method", REST_WAYS)
def test_the_older_type_pages_in_its_own_words(export: Run, saved_rest: str, method: str) -> None:
    path = {} if method == "linkheader" else AT_JARS

    found = export(saved_rest, {"rest": REST_WAYS[method] | {"pagingMethod": method} | path})

    assert found == {"data": JARS}


def test_an_object_is_one_record(export: Run, saved: str) -> None:
    assert export(saved, http("/jars", path=None)) == {"data": [{"jars": JARS}]}
    assert export(saved, http("/jars", path="nothing.here")) == {"data": []}


def test_a_test_export_stops_at_its_limit(
    export: Run, by_pages: Callable[[str, Export], list[Export]], saved: str
) -> None:
    model = WAYS["page"] | {"type": "test", "test": {"limit": 2}}

    assert export(saved, model) == {"data": JARS[:2]}
    assert [page["data"] for page in by_pages(saved, model)] == [JARS[:2]]


def test_a_refusal_of_the_source_comes_as_errors(export: Run, saved: str) -> None:
    rules = {"successPath": "ok", "successValues": ["true"], "errorPath": "reason.text"}
    model = {"http": {"relativeURI": "/not_really", "response": rules}}

    assert export(saved, model) == {
        "errors": [{"code": 200, "message": "the shelf is locked", "source": "http"}]
    }


def test_a_refused_sign_in_takes_the_connection_offline(
    client: httpx.Client, export: Run, saved: str, document: Document
) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"
    client.put(f"/connections/{saved}", json=document)

    found = export(saved, WAYS["in one piece"])

    assert found["errors"][0]["code"] == 401
    again = client.post(f"/connections/{saved}/export", json={"export": WAYS["page"]})
    assert (again.status_code, errors(again)) == (422, [("connection_offline", None)])


def test_a_changed_state_is_a_422(client: httpx.Client, saved: str) -> None:
    path, body = f"/connections/{saved}/export/pages", {"export": WAYS["page"] | {"pageSize": 2}}
    state = client.post(path, json=body).json()["pagedExportState"]

    for changed in (
        state | {"pageIndex": 3},
        state | {"sig": "0" * 64},
        {k: v for k, v in state.items() if k != "sig"},
        {},
        "state",
    ):
        answer = client.post(path, json=body | {"pagedExportState": changed})
        assert answer.status_code == 422
        assert errors(answer) == [("invalid_paged_export_state", "pagedExportState")]
    assert client.post(path, json=body | {"pagedExportState": state}).status_code == 200


def test_mallory_cannot_use_a_state_for_another_export_or_connection(
    client: httpx.Client, saved: str, document: Document
) -> None:
    other = client.post("/connections", json=document).json()["_id"]
    body = {"export": WAYS["page"] | {"pageSize": 2}}
    answer = client.post(f"/connections/{saved}/export/pages", json=body)
    state = {"pagedExportState": answer.json()["pagedExportState"]}

    elsewhere = client.post(f"/connections/{other}/export/pages", json=body | state)
    different = client.post(
        f"/connections/{saved}/export/pages", json={"export": WAYS["skip"]} | state
    )

    assert (elsewhere.status_code, different.status_code) == (422, 422)


def test_mallory_does_not_get_the_credentials_by_a_next_page_of_her_own(
    export: Run, pantry: Pantry, saved: str
) -> None:
    found = export(saved, http("/stray", {"method": "url", "path": "next"}))

    assert found["errors"][0]["code"] == "invalid_next_page"
    assert len(pantry.seen) == 1


def test_mallory_cannot_ask_for_a_secret_in_a_next_page(
    export: Run, pantry: Pantry, saved: str
) -> None:
    export(saved, http("/tricky", {"method": "url", "path": "next"}))

    assert "demo-token" not in pantry.seen[1].target
    assert "connection.http" in pantry.seen[1].target


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (WAYS["page"] | {"transform": {"rules": [1]}}, "transform"),
        (WAYS["page"] | {"type": "delta"}, "the export type delta"),
        (http("/jars", {"method": "relativeuri"}), "http.paging.method relativeuri"),
        (
            {"http": {"relativeURI": "/jars", "successMediaType": "csv"}},
            "http.successMediaType csv",
        ),
        (
            {"http": {"relativeURI": "/jars?since={{lastExportDateTime}}"}},
            "the value lastExportDateTime",
        ),
        ({"http": {"relativeURI": "/jars?x={{add 1 2}}"}}, "the expression {{add 1 2}}"),
        ({"http": {"relativeURI": "/jars", "lookups": [1]}}, "http.lookups"),
        (
            {"http": {"relativeURI": "/jars", "headers": [{"name": "X-At", "value": "{{now}}"}]}},
            "{{now}} in headers",
        ),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    client: httpx.Client, saved: str, model: Export, name: str
) -> None:
    answer = client.post(f"/connections/{saved}/export", json={"export": model})

    assert answer.status_code == 422
    assert errors(answer) == [("not_emulated", name)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "export"),
        ({"export": {}}, "http"),
        ({"export": []}, "export"),
        ({"export": {"rest": {"relativeURI": "/jars"}}}, "http"),
        ({"export": http("/jars") | {"pageSize": "many"}}, "pageSize"),
        ({"export": http("/jars", {"method": "page"})}, "http.paging"),
        ({"export": {"http": {"relativeURI": "/jars", "headers": ["x"]}}}, "headers"),
        ({"export": {"http": {"relativeURI": "/jars", "method": "B REW"}}}, "method"),
        ({"export": {"http": {"relativeURI": 7}}}, "http.relativeURI"),
        ({"export": http("/jars") | {"type": "test", "test": {"limit": "2"}}}, "test.limit"),
    ],
)
def test_a_model_with_a_mistake_is_a_422_that_names_it(
    client: httpx.Client, saved: str, body: Any, field: str
) -> None:
    answer = client.post(f"/connections/{saved}/export/pages", json=body)

    assert answer.status_code == 422
    assert errors(answer)[0][1] == field


def test_a_type_without_virtual_exports_is_refused_by_name(client: httpx.Client) -> None:
    ftp = {"type": "ftp", "hostURI": "a.example", "username": "enzo"}
    created = client.post("/connections", json={"type": "ftp", "name": "Files", "ftp": ftp})
    body = {"export": {"ftp": {"directoryPath": "/"}}}

    answer = client.post(f"/connections/{created.json()['_id']}/export", json=body)

    assert errors(answer) == [("not_emulated", "exports of type ftp")]
