"""A host's server lives with its connections: list, show, ping, adopt, delete."""

from typing import Any

import pytest

from tests.keyhatch import Keyhatch

RIGHT: dict[str, Any] = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}


@pytest.fixture
def own_id(keyhatch: Keyhatch, request: pytest.FixtureRequest) -> str:
    """A stored connection of an end user who is this test's alone."""
    token = keyhatch.session("http-basic", end_user=request.node.name)["token"]
    made = keyhatch.page_api(token).post("/v1/connect/http-basic", json={"values": RIGHT})
    return str(made.json()["connection"]["id"])


def test_the_list_can_be_narrowed_to_an_end_user(
    keyhatch: Keyhatch, own_id: str, request: pytest.FixtureRequest
) -> None:
    found = keyhatch.hana().get("/v1/connections", params={"end_user_id": request.node.name})

    assert [row["id"] for row in found.json()["connections"]] == [own_id]


def test_pages_follow_the_cursor_to_the_end(keyhatch: Keyhatch, own_id: str) -> None:
    hana, seen, cursor = keyhatch.hana(), list[str](), None
    for _ in range(100):
        params = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = hana.get("/v1/connections", params=params).json()
        seen += [row["id"] for row in page["connections"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert own_id in seen
    assert len(seen) == len(set(seen))
    assert cursor is None


def test_what_is_shown_names_no_secret(keyhatch: Keyhatch, own_id: str) -> None:
    shown = keyhatch.hana().get(f"/v1/connections/{own_id}").json()

    assert shown["document"]["username"] == RIGHT["username"]
    assert "password" not in shown["document"]
    assert "******" not in str(shown)


def test_a_ping_tells_whether_it_still_works(keyhatch: Keyhatch, own_id: str) -> None:
    hana = keyhatch.hana()
    record = hana.get(f"/v1/connections/{own_id}").json()
    basic = keyhatch.emulator.connections[record["integrator_id"]]["http"]["auth"]["basic"]

    good = hana.post(f"/v1/connections/{own_id}/ping").json()
    basic["password"] = "changed-at-the-other-side"
    bad = hana.post(f"/v1/connections/{own_id}/ping").json()

    assert good == {"ok": True, "messages": []}
    assert bad["ok"] is False
    assert bad["messages"][0]["field"] == "password"
    assert hana.get(f"/v1/connections/{own_id}").json()["status"] == "offline"


def test_one_that_is_gone_upstream_says_gone(keyhatch: Keyhatch, own_id: str) -> None:
    hana = keyhatch.hana()
    record = hana.get(f"/v1/connections/{own_id}").json()
    del keyhatch.emulator.connections[record["integrator_id"]]

    assert hana.get(f"/v1/connections/{own_id}").json()["status"] == "gone"


def test_delete_removes_it_there_and_here(keyhatch: Keyhatch, own_id: str) -> None:
    hana = keyhatch.hana()
    record = hana.get(f"/v1/connections/{own_id}").json()

    assert hana.delete(f"/v1/connections/{own_id}").status_code == 204
    assert record["integrator_id"] not in keyhatch.emulator.connections
    assert hana.get(f"/v1/connections/{own_id}").status_code == 404


def test_one_that_is_used_stays_and_its_users_are_named(keyhatch: Keyhatch, own_id: str) -> None:
    hana = keyhatch.hana()
    record = hana.get(f"/v1/connections/{own_id}").json()
    control = f"{keyhatch.emulator_url}/_control/connections/{record['integrator_id']}"
    users = {"flows": [{"id": "0" * 24, "name": "Nightly orders"}]}
    hana.put(f"{control}/dependencies", json=users).raise_for_status()

    refused = hana.delete(f"/v1/connections/{own_id}")

    assert refused.status_code == 409
    assert "Nightly orders" in refused.json()["detail"]
    assert hana.get(f"/v1/connections/{own_id}").status_code == 200


def test_one_that_was_made_elsewhere_can_be_adopted_once(keyhatch: Keyhatch) -> None:
    upstream = keyhatch.client(Authorization="Bearer sandbox-token")
    document = {
        "type": "ftp",
        "name": "Made by hand",
        "ftp": {"type": "sftp", "hostURI": "h.example", "username": "u", "password": "p"},
    }
    made = upstream.post(f"{keyhatch.emulator_url}/v1/connections", json=document).json()
    body = {"integrator_id": made["_id"], "end_user_id": "enzo", "connection_type": "sftp"}

    first = keyhatch.hana().post("/v1/connections", json=body)
    second = keyhatch.hana().post("/v1/connections", json=body)
    wrong = keyhatch.hana().post("/v1/connections", json=body | {"connection_type": "shopify"})

    assert first.status_code == 201, first.text
    assert first.json()["status"] == "unverified"
    assert second.status_code == 409
    assert wrong.status_code == 422


def test_mallorys_guess_looks_like_nothing_is_there(keyhatch: Keyhatch) -> None:
    hana = keyhatch.hana()

    for call in (hana.get, hana.delete):
        answer = call("/v1/connections/con_00000000000000000000000000")

        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
