"""A virtual import sends each record and answers with a row for each; the whole is always 200."""

import json
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Document, errors
from tests.sandbox.pantry import Pantry

NEW_JAR = {"relativeURI": ["/new_jar"], "method": ["POST"]}
ECHO = {"relativeURI": ["/echo"], "method": ["PUT"]}


def run(
    client: httpx.Client, identifier: str, model: dict[str, Any], data: Any
) -> list[dict[str, Any]]:
    """Run an import and give its rows."""
    body = {"import": model, "data": data}
    answer = client.post(f"/connections/{identifier}/import", json=body)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def test_each_record_has_a_row_in_order(client: httpx.Client, saved: str) -> None:
    response = {"resourcePath": ["jar"], "resourceIdPath": ["number"]}

    rows = run(
        client,
        saved,
        {"http": NEW_JAR | {"response": response}},
        [{"label": "Plums"}, {"label": ""}, {"label": "Figs"}],
    )

    assert rows[0] == {
        "statusCode": 200,
        "id": "9",
        "_json": {"jar": {"number": 9, "label": "Plums"}},
    }
    assert rows[1] == {
        "statusCode": 422,
        "errors": [{"code": 400, "message": '{"error":"a jar needs a label"}', "source": "http"}],
    }
    assert rows[2]["_json"]["jar"]["label"] == "Figs"


def test_a_record_is_sent_after_its_mapping(
    client: httpx.Client, pantry: Pantry, saved: str
) -> None:
    mapping = {"fields": [{"extract": "name", "generate": "jar.label"}]}

    run(client, saved, {"http": ECHO, "mapping": mapping}, [{"name": "Plums", "secret": 1}])

    assert json.loads(pantry.seen[0].body) == {"jar": {"label": "Plums"}}
    assert pantry.seen[0].headers["content-type"] == "application/json"


def test_names_in_address_and_body_are_filled_in(
    client: httpx.Client, pantry: Pantry, saved: str
) -> None:
    model = {
        "relativeURI": ["/echo?jar={{id}}"],
        "method": ["PUT"],
        "body": ['{"label": "{{record.label}}", "count": {{{count}}}}'],
    }

    run(client, saved, {"http": model}, [{"id": "a/b c", "label": 'say "cheese"', "count": 3}])

    assert pantry.seen[0].target == "/shelf/echo?jar=a%2Fb%20c"
    assert json.loads(pantry.seen[0].body) == {"label": 'say "cheese"', "count": 3}


def test_a_form_is_sent_as_a_form(client: httpx.Client, saved: str) -> None:
    model = {"relativeURI": "/form", "method": "POST", "requestMediaType": "urlencoded"}

    rows = run(client, saved, {"http": model}, [{"label": "Plums & figs", "count": 2}])

    assert rows[0]["_json"]["form"] == {"label": "Plums & figs", "count": "2"}


def test_ignored_records_are_not_sent(client: httpx.Client, pantry: Pantry, saved: str) -> None:
    model = ECHO | {"ignoreExtract": "eaten"}

    rows = run(client, saved, {"http": model}, [{"eaten": True}, {"eaten": False}])

    assert rows[0] == {"statusCode": 200, "ignored": True}
    assert rows[1]["statusCode"] == 200
    assert len(pantry.seen) == 1


def test_a_failure_inside_a_200_is_noticed(client: httpx.Client, saved: str) -> None:
    rules = {"failPath": ["ok"], "failValues": [["false"]], "errorPath": "reason.text"}
    model = {"relativeURI": ["/not_really"], "method": ["PUT"], "response": rules}

    (row,) = run(client, saved, {"http": model}, [{"a": 1}])

    assert row["statusCode"] == 422
    assert row["errors"][0]["message"] == "the shelf is locked"


def test_a_refused_sign_in_is_a_403_and_stops_the_rest(
    client: httpx.Client, pantry: Pantry, saved: str, document: Document
) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"
    client.put(f"/connections/{saved}", json=document)

    rows = run(client, saved, {"http": ECHO}, [{"a": 1}, {"a": 2}])

    assert [row["statusCode"] for row in rows] == [403, 403]
    assert rows[1]["errors"][0]["source"] == "integrator.io"
    assert len(pantry.seen) == 1
    assert client.get(f"/connections/{saved}").json()["offline"] is True


def test_an_unreachable_target_is_a_row(
    client: httpx.Client, saved: str, document: Document
) -> None:
    document["http"]["baseURI"] = "http://nowhere.example"
    client.put(f"/connections/{saved}", json=document)

    (row,) = run(client, saved, {"http": ECHO}, [{"a": 1}])

    assert (row["statusCode"], row["errors"][0]["code"]) == (422, "ENOTFOUND")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ({"http": ECHO, "hooks": {"preMap": {}, "x": 1}}, "hooks"),
        ({"http": ECHO | {"lookups": [{"name": "a"}]}}, "http.lookups"),
        ({"http": ECHO | {"batchSize": 10}}, "http.batchSize above 1"),
        ({"http": ECHO | {"relativeURI": ["/a", "/b"]}}, "more than one relativeURI"),
        ({"http": ECHO | {"requestMediaType": "xml"}}, "imports as xml"),
        ({"http": ECHO, "mappings": [{"generate": "a"}]}, "mappings"),
        ({"http": ECHO | {"body": ["{{#each x}}"]}}, "the expression {{#each x}}"),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    client: httpx.Client, saved: str, model: dict[str, Any], name: str
) -> None:
    body = {"import": model, "data": [{"a": 1}]}

    answer = client.post(f"/connections/{saved}/import", json=body)

    assert (answer.status_code, errors(answer)) == (422, [("not_emulated", name)])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"data": []}, "import"),
        ({"import": {"http": {"method": ["PUT"]}}, "data": []}, "relativeURI"),
        ({"import": {"http": {"relativeURI": ["/echo"]}}, "data": []}, "method"),
        ({"import": {"http": ECHO | {"method": ["B REW"]}}, "data": []}, "method"),
        ({"import": {"http": ECHO | {"headers": "x"}}, "data": []}, "http.headers"),
        ({"import": {"http": ECHO, "mapping": []}}, "data"),
        ({"import": {"http": ECHO}}, "data"),
        ({"import": {"http": ECHO}, "data": [1]}, "data"),
    ],
)
def test_a_model_with_a_mistake_is_a_422_that_names_it(
    client: httpx.Client, saved: str, body: Any, field: str
) -> None:
    answer = client.post(f"/connections/{saved}/import", json=body)

    assert answer.status_code == 422
    assert errors(answer)[0][1] == field


@pytest.mark.parametrize(
    "adaptor",
    [
        ECHO,
        ECHO | {"body": ['{"label": "{{label}}"}']},
        ECHO | {"relativeURI": ["/echo?label={{label}}"]},
    ],
    ids=["whole", "body", "address"],
)
def test_mallory_cannot_ask_for_a_secret_in_her_data(
    client: httpx.Client, pantry: Pantry, saved: str, adaptor: dict[str, Any]
) -> None:
    """Data is never a template: what looks like one arrives as it is."""
    trick = "{{{connection.http.auth.token.token}}}"

    (row,) = run(client, saved, {"http": adaptor}, [{"label": trick}])

    assert row["_json"]["got"] == {"label": trick}
    assert "demo-token" not in pantry.seen[0].target + pantry.seen[0].body


def test_mallory_cannot_go_in_raw(client: httpx.Client, pantry: Pantry, saved: str) -> None:
    model = ECHO | {"body": ['{"label": "{{{label}}}"}']}
    trick = "{{{connection.http.auth.token.token}}}"

    (row,) = run(client, saved, {"http": model}, [{"label": trick}])

    assert row["statusCode"] == 422
    assert pantry.seen == []
