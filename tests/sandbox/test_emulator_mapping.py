"""`import/map` maps by the older mapping language, sends nothing, and refuses the newer by name."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import errors
from tests.sandbox.pantry import Pantry

RECORD = {
    "id": 7,
    "name": "Plums",
    "empty": "",
    "nothing": None,
    "price": "2.50",
    "shop": {"town": "Larkfield"},
    "tags": ["ripe", "blue"],
    "lines": [{"sku": "P-1", "qty": 2}, {"sku": "P-2", "qty": 5}],
}


def mapped(client: httpx.Client, identifier: str, mapping: Any, record: Any = RECORD) -> Any:
    """The one record after the mapping."""
    answer = post(client, identifier, mapping, [record])
    assert answer.status_code == 200, answer.text
    return answer.json()[0]


def post(client: httpx.Client, identifier: str, mapping: Any, data: Any) -> httpx.Response:
    """The answer of import/map."""
    model = {"http": {"relativeURI": ["/echo"], "method": ["PUT"]}, "mapping": mapping}
    path = f"/connections/{identifier}/import/map"
    return client.post(path, json={"import": model, "data": data})


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"extract": "id", "generate": "key"}, {"key": 7}),
        ({"extract": "shop.town", "generate": "to.town"}, {"to": {"town": "Larkfield"}}),
        ({"hardCodedValue": "fixed", "generate": "key"}, {"key": "fixed"}),
        ({"extract": "missing", "default": "none", "generate": "key"}, {"key": "none"}),
        ({"extract": "empty", "default": "none", "generate": "key"}, {"key": "none"}),
        ({"extract": "nothing", "generate": "key"}, {}),
        ({"hardCodedValue": None, "generate": "key"}, {"key": None}),
        ({"extract": "missing", "generate": "key"}, {}),
        (
            {"extract": "{{name}} of {{shop.town}}", "generate": "key"},
            {"key": "Plums of Larkfield"},
        ),
        ({"extract": "{name}", "generate": "key"}, {"key": "Plums"}),
        ({"extract": "price", "dataType": "number", "generate": "key"}, {"key": 2.5}),
        ({"extract": "id", "dataType": "string", "generate": "key"}, {"key": "7"}),
        ({"hardCodedValue": "true", "dataType": "boolean", "generate": "key"}, {"key": True}),
        (
            {"extract": "tags", "dataType": "stringarray", "generate": "key"},
            {"key": ["ripe", "blue"]},
        ),
        ({"extract": "lines[1].sku", "generate": "key"}, {"key": "P-2"}),
    ],
)
def test_a_field_is_mapped(
    client: httpx.Client, saved: str, field: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert mapped(client, saved, {"fields": [field]}) == expected


def test_a_list_has_an_entry_for_each_entry_of_its_source(client: httpx.Client, saved: str) -> None:
    fields = [
        {"extract": "lines[*].sku", "generate": "code"},
        {"extract": "lines[*].qty", "generate": "count.sold", "dataType": "string"},
        {"extract": "name", "generate": "what"},
        {"hardCodedValue": "EUR", "generate": "currency"},
    ]

    found = mapped(client, saved, {"lists": [{"generate": "sold.items", "fields": fields}]})

    common = {"what": "Plums", "currency": "EUR"}
    assert found == {
        "sold": {
            "items": [
                {"code": "P-1", "count": {"sold": "2"}} | common,
                {"code": "P-2", "count": {"sold": "5"}} | common,
            ]
        }
    }


def test_a_list_without_source_entries_is_left_out(client: httpx.Client, saved: str) -> None:
    lists = [{"generate": "items", "fields": [{"extract": "none[*].sku", "generate": "code"}]}]

    assert mapped(client, saved, {"lists": lists}) == {}


def test_without_a_mapping_records_stay_as_they_are(client: httpx.Client, saved: str) -> None:
    assert mapped(client, saved, None) == RECORD


def test_mapping_sends_nothing(client: httpx.Client, pantry: Pantry, saved: str) -> None:
    mapped(client, saved, {"fields": [{"extract": "id", "generate": "key"}]})

    assert pantry.seen == []


@pytest.mark.parametrize(
    ("mapping", "name"),
    [
        ({"fields": [{"generate": "a", "lookupName": "shops"}]}, "mapping.fields.lookupName"),
        (
            {"fields": [{"generate": "a", "extractDateFormat": "YYYY"}]},
            "mapping.fields.extractDateFormat",
        ),
        ({"fields": [{"generate": "a", "extract": "id", "dataType": "date"}]}, "the dataType date"),
        (
            {"fields": [{"generate": "a", "extract": "{{upper name}}"}]},
            "the expression {{upper name}}",
        ),
        (
            {"fields": [{"generate": "a", "extract": "lines[*].sku"}]},
            "the list lines[*].sku outside mapping.lists",
        ),
        ({"rules": [1]}, "mapping.rules"),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    client: httpx.Client, saved: str, mapping: Any, name: str
) -> None:
    answer = post(client, saved, mapping, [RECORD])

    assert (answer.status_code, errors(answer)) == (422, [("not_emulated", name)])


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({"fields": [{"extract": "id"}]}, "generate"),
        ({"fields": ["id"]}, "mapping.fields"),
        ({"fields": [{"extract": "name", "generate": "a", "dataType": "number"}]}, "dataType"),
        (
            {"fields": [{"extract": "id", "generate": "a"}, {"extract": "id", "generate": "a.b"}]},
            "generate",
        ),
    ],
)
def test_a_mapping_with_a_mistake_is_a_422_that_names_it(
    client: httpx.Client, saved: str, mapping: Any, field: str
) -> None:
    answer = post(client, saved, mapping, [RECORD])

    assert answer.status_code == 422
    assert errors(answer)[0][1] == field


def test_mallory_gets_no_secret_by_mapping_one(client: httpx.Client, saved: str) -> None:
    extract = "{{connection.http.auth.token.token}}"

    assert "demo-token" not in str(
        mapped(client, saved, {"fields": [{"extract": extract, "generate": "a"}]})
    )
