"""A host makes, reads and revokes connect sessions, within what the operator registered."""

from typing import Any

import pytest

from tests.keyhatch import HANAS_ORIGIN, Keyhatch


def _ask(keyhatch: Keyhatch, **body: Any) -> tuple[int, dict[str, Any]]:
    sent = {"end_user": {"id": "enzo"}, **body}
    answer = keyhatch.hana().post("/v1/connect-sessions", json=sent)
    return answer.status_code, answer.json()


def test_a_new_session_has_a_token_two_addresses_and_an_end(keyhatch: Keyhatch) -> None:
    status, made = _ask(keyhatch)

    assert status == 201
    assert set(made) == {"id", "token", "embed_url", "hosted_url", "expires_at"}
    assert made["embed_url"] == keyhatch.url
    assert made["token"] not in made["hosted_url"]


def test_it_is_open_until_something_happens(keyhatch: Keyhatch) -> None:
    _, made = _ask(keyhatch, metadata={"a": "b"})

    read = keyhatch.hana().get(f"/v1/connect-sessions/{made['id']}").json()

    assert read == {"id": made["id"], "state": "open", "connection": None, "metadata": {"a": "b"}}


def test_it_can_be_revoked_at_once(keyhatch: Keyhatch) -> None:
    _, made = _ask(keyhatch)
    hana = keyhatch.hana()

    assert hana.delete(f"/v1/connect-sessions/{made['id']}").status_code == 204
    assert hana.get(f"/v1/connect-sessions/{made['id']}").json()["state"] == "revoked"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"connection_types": ["no-such-type"]}, "connection_types.0"),
        ({"origins": ["https://mallory.example"]}, "origins.0"),
        ({"return_url": f"{HANAS_ORIGIN}.mallory.example/"}, "return_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": f"{HANAS_ORIGIN}@mallory.example"}, "return_url"),
        ({"values": {"shopify": {"token": {"value": "x"}}}}, "values.shopify.token"),
        ({"values": {"shopify": {"nothing": {"value": "x"}}}}, "values.shopify.nothing"),
        ({"theme": {"accent": "#ffff00"}}, "theme.accent"),
        ({"theme": {"accent": "red;}"}}, "theme.accent"),
        ({"expires_in": 5}, "expires_in"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_fit_is_named_and_never_echoed(
    keyhatch: Keyhatch, body: dict[str, Any], field: str
) -> None:
    status, problem = _ask(keyhatch, **body)

    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert "mallory" not in str(problem)


def test_a_prefilled_value_is_shown_and_a_locked_one_is_enforced(keyhatch: Keyhatch) -> None:
    rows = {"store": {"value": "larkfield-demo", "locked": True}}
    made = keyhatch.session("shopify", values={"shopify": rows})
    page = keyhatch.page_api(made["token"])

    form = page.get("/v1/connect/shopify").json()
    typed = {"store": "mallorys-shop", "token": "shpat_demo_larkfield"}
    changed = page.post("/v1/connect/shopify/ping", json={"values": typed})

    store = next(field for field in form["fields"] if field["name"] == "store")
    assert (store["value"], store["locked"]) == ("larkfield-demo", True)
    assert changed.status_code == 422
    assert "locked_value" in changed.text


def test_without_a_host_key_nothing_is_made(keyhatch: Keyhatch) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = keyhatch.client(**headers).post("/v1/connect-sessions", json={})

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_mallorys_guess_of_a_session_looks_like_one_that_never_was(keyhatch: Keyhatch) -> None:
    answer = keyhatch.hana().get("/v1/connect-sessions/ses_0000000000000000")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
