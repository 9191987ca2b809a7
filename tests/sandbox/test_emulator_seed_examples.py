"""The five examples of the published page on connections, replayed with values of our own."""

import re
from typing import Any

import httpx
import pytest

from sandbox.integrator.reach.netsuite import TOKEN_ID, TOKEN_SECRET
from tests.sandbox.conftest import Document, errors
from tests.sandbox.pantry import Pantry

SLACK = {
    "type": "rest",
    "name": "Slack API",
    "rest": {
        "baseURI": "https://slack.com/api",
        "bearerToken": "xoxb-demo",
        "tokenLocation": "url",
        "tokenParam": "token",
        "mediaType": "urlencoded",
        "authType": "token",
        "encryptedFields": [],
        "unencryptedFields": [],
        "scope": [],
        "pingRelativeURI": "api.test",
    },
}
NETSUITE = {
    "type": "netsuite",
    "name": "Larkfield books",
    "netsuite": {
        "authType": "token",
        "account": "TSTDRV7654321",
        "environment": "production",
        "tokenId": TOKEN_ID,
        "tokenSecret": TOKEN_SECRET,
    },
}
SEARCH: dict[str, Any] = {
    "asynchronous": True,
    "pageSize": 5,
    "netsuite": {
        "type": "search",
        "searches": [{"recordType": "customRecord", "savedSearchId": "123456"}],
        "skipGrouping": True,
    },
}
STATE_KEYS = {
    "searchId",
    "pageIndex",
    "pageSize",
    "totalPages",
    "totalRecords",
    "done",
    "issuedAt",
    "sig",
}
HEARTBEAT = {
    "mapping": {
        "fields": [
            {"extract": "timestamp", "generate": "timestamp"},
            {"generate": "key", "hardCodedValue": "larkfield_flow"},
        ]
    },
    "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]},
}


@pytest.fixture
def books(client: httpx.Client) -> str:
    """The id of a NetSuite connection that works."""
    return str(client.post("/connections", json=NETSUITE).json()["_id"])


def page(client: httpx.Client, identifier: str, **state: Any) -> Document:
    """One page of the search."""
    body = {"export": SEARCH} | state
    answer = client.post(f"/connections/{identifier}/export/pages", json=body)
    assert answer.status_code == 200, answer.text
    found: Document = answer.json()
    return found


def test_example_1_a_connection_is_read_with_its_token_masked(client: httpx.Client) -> None:
    identifier = client.post("/connections", json=SLACK).json()["_id"]

    read = client.get(f"/connections/{identifier}").json()

    assert (read["_id"], read["type"], read["name"]) == (identifier, "rest", "Slack API")
    assert SLACK["rest"] | {"bearerToken": "******"} == {  # type: ignore[operator] # it is a dict
        key: read["rest"][key] for key in SLACK["rest"]
    }
    assert read["queues"] == [{"name": identifier, "size": 0}]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", read["lastModified"])


def test_example_2_a_connection_is_pinged(client: httpx.Client, saved: str) -> None:
    answer = client.get(f"/connections/{saved}/ping")

    assert (answer.status_code, answer.json()) == (200, {"code": 200})


def test_example_3_the_first_page_of_a_netsuite_search(client: httpx.Client, books: str) -> None:
    found = page(client, books)

    state = found["pagedExportState"]
    assert set(found) == {"data", "dataURIs", "pagedExportState"}
    assert len(found["data"]) == 5
    assert all({"recType", "Planted On"} <= set(record) for record in found["data"])
    assert found["dataURIs"] == [None] * 5
    assert set(state) == STATE_KEYS
    assert (state["pageIndex"], state["pageSize"], state["done"]) == (2, 5, False)
    assert state["totalPages"] == -(-state["totalRecords"] // 5)
    assert re.fullmatch("[0-9a-f]{64}", state["sig"])
    assert isinstance(state["issuedAt"], int)


def test_example_4_the_state_leads_to_the_next_page_and_to_the_end(
    client: httpx.Client, books: str
) -> None:
    first = page(client, books)

    second = page(client, books, pagedExportState=first["pagedExportState"])
    third = page(client, books, pagedExportState=second["pagedExportState"])

    states = [found["pagedExportState"] for found in (first, second, third)]
    assert [state["pageIndex"] for state in states] == [2, 3, 4]
    assert [state["done"] for state in states] == [False, False, True]
    assert len({state["searchId"] for state in states}) == 1
    records = [record for found in (first, second, third) for record in found["data"]]
    assert len({str(record) for record in records}) == states[0]["totalRecords"] == len(records)


def test_example_5_records_are_imported_through_a_mapping(
    client: httpx.Client, saved_rest: str
) -> None:
    stamp = 1790000000000
    body = {"import": HEARTBEAT, "data": [{"timestamp": stamp}] * 4}

    answer = client.post(f"/connections/{saved_rest}/import", json=body)

    rows = answer.json()
    assert (answer.status_code, len(rows)) == (200, 4)
    for row in rows:
        assert (row["statusCode"], row["id"]) == (200, row["_json"]["_id"])
        assert row["_json"]["key"] == "larkfield_flow"
        assert row["_json"]["timestamp"] == stamp


def test_example_5_can_be_mapped_without_being_sent(
    client: httpx.Client, pantry: Pantry, saved_rest: str
) -> None:
    body = {"import": HEARTBEAT, "data": [{"timestamp": 1}]}

    answer = client.post(f"/connections/{saved_rest}/import/map", json=body)

    assert answer.json() == [{"timestamp": 1, "key": "larkfield_flow"}]
    assert pantry.seen == []


def test_a_search_can_be_had_in_one_piece(client: httpx.Client, books: str) -> None:
    answer = client.post(f"/connections/{books}/export", json={"export": SEARCH})

    total = page(client, books)["pagedExportState"]["totalRecords"]
    assert len(answer.json()["data"]) == total


def test_a_search_with_credentials_that_are_not_magic_is_refused(client: httpx.Client) -> None:
    wrong = NETSUITE["netsuite"] | {"tokenSecret": "wrong"}  # type: ignore[operator] # it is a dict
    created = client.post("/connections", json=NETSUITE | {"netsuite": wrong})

    found = page(client, created.json()["_id"])

    assert found["errors"][0]["code"] == "INVALID_LOGIN"


def test_a_search_whose_state_was_changed_is_refused(client: httpx.Client, books: str) -> None:
    state = page(client, books)["pagedExportState"] | {"pageIndex": 3}

    answer = client.post(
        f"/connections/{books}/export/pages", json={"export": SEARCH, "pagedExportState": state}
    )

    assert (answer.status_code, errors(answer)) == (
        422,
        [("invalid_paged_export_state", "pagedExportState")],
    )


@pytest.mark.parametrize(
    ("netsuite", "name"),
    [
        ({"type": "restlet"}, "netsuite.type restlet"),
        (SEARCH["netsuite"] | {"restlet": {"recordType": "x"}}, "netsuite.restlet"),
    ],
)
def test_other_netsuite_exports_are_refused_by_name(
    client: httpx.Client, books: str, netsuite: Any, name: str
) -> None:
    body = {"export": {"netsuite": netsuite}}

    answer = client.post(f"/connections/{books}/export", json=body)

    assert errors(answer) == [("not_emulated", name)]
