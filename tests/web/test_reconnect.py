"""A reconnect replaces the credentials and nothing else; a refused one changes nothing."""

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
def connection(keyhatch: Keyhatch) -> dict[str, Any]:
    """A stored connection of Enzo, as Hana's server sees it."""
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    made = page.post("/v1/connect/http-basic", json={"values": RIGHT}).json()["connection"]
    shown: dict[str, Any] = keyhatch.hana().get(f"/v1/connections/{made['id']}").json()
    return shown


def test_the_form_refills_everything_but_the_secrets(
    keyhatch: Keyhatch, connection: dict[str, Any]
) -> None:
    page = keyhatch.page_api(keyhatch.session(connection_id=connection["id"])["token"])

    form = page.get("/v1/connect/http-basic").json()

    values = {field["name"]: field["value"] for field in form["fields"]}
    assert values["username"] == RIGHT["username"]
    assert values["base_url"] == RIGHT["base_url"]
    assert values["password"] is None


def test_the_frame_refills_too(keyhatch: Keyhatch, connection: dict[str, Any]) -> None:
    page = keyhatch.frame(keyhatch.session(connection_id=connection["id"])["token"])

    assert f'value="{RIGHT["username"]}"' in page.text
    assert "******" not in page.text


def test_it_keeps_the_connection_and_what_others_set_on_it(
    keyhatch: Keyhatch, connection: dict[str, Any]
) -> None:
    stored = keyhatch.emulator.connections[connection["integrator_id"]]
    stored["settings"] = {"set_by": "somebody else"}
    page = keyhatch.page_api(keyhatch.session(connection_id=connection["id"])["token"])

    answer = page.post("/v1/connect/http-basic", json={"values": RIGHT})

    assert answer.status_code == 201, answer.text
    assert answer.json()["connection"]["id"] == connection["id"]
    replaced = keyhatch.emulator.connections[connection["integrator_id"]]
    assert replaced["settings"] == {"set_by": "somebody else"}
    assert replaced["externalId"] == stored["externalId"]
    assert replaced["http"]["auth"]["basic"]["password"] == RIGHT["password"]


def test_wrong_credentials_leave_the_old_ones_in_force(
    keyhatch: Keyhatch, connection: dict[str, Any]
) -> None:
    page = keyhatch.page_api(keyhatch.session(connection_id=connection["id"])["token"])

    typed = RIGHT | {"password": "not-the-password"}
    answer = page.post("/v1/connect/http-basic", json={"values": typed})

    assert answer.status_code == 422
    kept = keyhatch.emulator.connections[connection["integrator_id"]]
    assert kept["http"]["auth"]["basic"]["password"] == RIGHT["password"]


def test_a_secret_that_the_form_cannot_supply_is_never_overwritten(
    keyhatch: Keyhatch, connection: dict[str, Any]
) -> None:
    stored = keyhatch.emulator.connections[connection["integrator_id"]]
    stored["http"]["clientCertificates"] = {"key": "a key that our form does not ask for"}
    page = keyhatch.page_api(keyhatch.session(connection_id=connection["id"])["token"])

    answer = page.post("/v1/connect/http-basic", json={"values": RIGHT})

    assert answer.status_code == 409
    assert answer.json()["code"] == "cannot_preserve_secret"
    kept = keyhatch.emulator.connections[connection["integrator_id"]]
    assert kept["http"]["clientCertificates"] == {"key": "a key that our form does not ask for"}


def test_mallorys_end_user_cannot_reconnect_enzos_connection(
    keyhatch: Keyhatch, connection: dict[str, Any]
) -> None:
    body = {"end_user": {"id": "mallory"}, "connection_id": connection["id"]}

    foreign = keyhatch.hana().post("/v1/connect-sessions", json=body)
    missing = keyhatch.hana().post("/v1/connect-sessions", json=body | {"connection_id": "con_0"})

    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}


def test_an_optional_secret_that_would_be_lost_is_asked_for_again(keyhatch: Keyhatch) -> None:
    typed = {
        "host": "db.larkfield.example",
        "port": 5432,
        "database": "bookkeeping",
        "user": "larkfield",
        "password": "demo-postgresql-password",
    }
    token = keyhatch.session("postgresql")["token"]
    made = keyhatch.page_api(token).post("/v1/connect/postgresql", json={"values": typed}).json()
    record = keyhatch.hana().get(f"/v1/connections/{made['connection']['id']}").json()
    rdbms = keyhatch.emulator.connections[record["integrator_id"]]["rdbms"]
    rdbms["ssl"] = {"passphrase": "kept upstream"}

    page = keyhatch.page_api(keyhatch.session(connection_id=record["id"])["token"])
    form = page.get("/v1/connect/postgresql").json()

    told = {f["name"]: [m["code"] for m in f["messages"]] for f in form["fields"] if f["messages"]}
    assert list(told.values()) == [["type_again"]]
