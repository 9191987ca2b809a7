"""Lists come in pages that a client walks by following `Link`, and in no other way."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Document, Start, errors


def fill(client: httpx.Client, document: Document, count: int) -> list[str]:
    """Store `count` connections."""
    answers = [client.post("/connections", json=document) for _ in range(count)]
    return [answer.json()["_id"] for answer in answers]


def pages(client: httpx.Client, url: str) -> Iterator[list[dict[str, Any]]]:
    """Follow the links to the end."""
    following: str | None = url
    while following:
        answer = client.get(following)
        yield answer.json()
        following = answer.links.get("next", {}).get("url")


def test_an_empty_list_is_a_204_without_body(client: httpx.Client) -> None:
    answer = client.get("/connections")

    assert (answer.status_code, answer.content) == (204, b"")


def test_one_page_has_no_link(client: httpx.Client, saved: str) -> None:
    answer = client.get("/connections")

    assert [row["_id"] for row in answer.json()] == [saved]
    assert "Link" not in answer.headers


def test_following_the_links_sees_every_row_once_in_order(
    client: httpx.Client, document: Document
) -> None:
    ids = fill(client, document, 7)

    found = list(pages(client, "/connections?limit=3"))

    assert [len(page) for page in found] == [3, 3, 1]
    assert [row["_id"] for page in found for row in page] == ids


def test_the_link_is_absolute_and_names_the_host_that_was_asked(
    client: httpx.Client, document: Document
) -> None:
    fill(client, document, 2)

    answer = client.get("/connections?limit=1", headers={"Host": "integrator.example:8401"})

    link = answer.links["next"]["url"]
    assert link.startswith("http://integrator.example:8401/v1/connections?after=")
    assert "skip" not in link


def test_a_deleted_row_does_not_hide_its_neighbour(
    client: httpx.Client, document: Document
) -> None:
    ids = fill(client, document, 4)
    first = client.get("/connections?limit=2")
    client.delete(f"/connections/{ids[1]}")

    second = client.get(first.links["next"]["url"])

    assert [row["_id"] for row in second.json()] == ids[2:]


def test_numbered_pages_can_be_switched_on(start: Start, document: Document) -> None:
    client = start(skip_paging=True, page_size=2)
    ids = fill(client, document, 5)

    middle = client.get("/connections?skip=2")

    assert [row["_id"] for row in middle.json()] == ids[2:4]
    assert middle.links["next"]["url"].endswith("skip=4&limit=2")
    assert middle.links["prev"]["url"].endswith("skip=0&limit=2")
    assert [row["_id"] for page in pages(client, "/connections") for row in page] == ids


def test_include_and_exclude_shape_the_rows(
    client: httpx.Client, saved: str, document: Document
) -> None:
    included = client.get("/connections?include=name,http.auth.type,nothing").json()
    excluded = client.get("/connections?exclude=http,queues").json()

    assert included == [
        {"_id": saved, "name": document["name"], "http": {"auth": {"type": "token"}}}
    ]
    assert "http" not in excluded[0]
    assert excluded[0]["name"] == document["name"]


def test_include_is_kept_in_the_link(client: httpx.Client, document: Document) -> None:
    fill(client, document, 3)

    found = list(pages(client, "/connections?include=name&limit=2"))

    assert [set(row) for page in found for row in page] == [{"_id", "name"}] * 3


@pytest.mark.parametrize(
    "query",
    [
        "include=name&exclude=type",
        "include=na$me",
        "limit=0",
        "limit=ten",
        "limit=1001",
        "after=%21%21",
    ],
)
@pytest.mark.usefixtures("saved")
def test_a_query_that_makes_no_sense_is_a_400(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/connections?{query}")

    assert answer.status_code == 400
    assert errors(answer) == [("invalid_query_params", None)]


def test_a_single_read_ignores_include(client: httpx.Client, saved: str) -> None:
    assert "http" in client.get(f"/connections/{saved}?include=name").json()


@pytest.mark.usefixtures("saved")
def test_mallory_finds_no_secret_by_naming_it(client: httpx.Client) -> None:
    rows = client.get("/connections?include=http.auth.token.token").json()

    assert rows[0]["http"]["auth"]["token"]["token"] == "******"
