"""A document that the schema does not take is a 422 that names the field; the rest is dropped."""

import copy
from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from sandbox.integrator.paths import read, remove, write
from tests.sandbox.conftest import Document, errors
from tests.sandbox.test_emulator_masks import BASE

MISSING = "missing_required_field"
INVALID = "invalid_field"


def refused(client: httpx.Client, document: Any) -> list[tuple[str, str | None]]:
    """The errors of a POST and of a virtual ping, which are the same."""
    created = client.post("/connections", json=document)
    pinged = client.post("/connections/ping", json=document)
    assert (created.status_code, pinged.status_code) == (422, 422)
    assert created.json() == pinged.json()
    return errors(created)


@pytest.mark.parametrize(
    "path",
    ["type", "name", "http.baseURI", "http.mediaType", "http.auth.token.token"],
)
def test_a_required_field_that_is_missing_is_named(
    client: httpx.Client, document: Document, path: str
) -> None:
    remove(document, path)

    assert refused(client, document) == [(MISSING, path)]


def test_an_empty_text_is_as_good_as_none(client: httpx.Client, document: Document) -> None:
    document["http"]["baseURI"] = ""

    assert refused(client, document) == [(MISSING, "http.baseURI")]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("ftp", "ftp.hostURI"),
        ("ftp", "ftp.username"),
        ("rdbms", "rdbms.host"),
        ("rdbms", "rdbms.database"),
        ("rdbms", "rdbms.user"),
        ("rdbms", "rdbms.password"),
        ("rest", "rest.baseURI"),
        ("rest", "rest.authType"),
        ("s3", "s3.secretAccessKey"),
        ("mongodb", "mongodb.host"),
        ("netsuite", "netsuite.authType"),
    ],
)
def test_each_type_has_its_own_required_fields(client: httpx.Client, kind: str, path: str) -> None:
    document = copy.deepcopy(BASE[kind]) | {"name": "Larkfield"}
    remove(document, path)

    assert (MISSING, path) in refused(client, document)


def test_everything_that_is_wrong_is_told_at_once(client: httpx.Client) -> None:
    found = refused(client, {"type": "http", "name": "x", "http": {"auth": {"type": "magic"}}})

    assert set(found) == {
        (MISSING, "http.baseURI"),
        (MISSING, "http.mediaType"),
        (INVALID, "http.auth.type"),
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("type", "graphql", INVALID),
        ("name", "x" * 101, INVALID),
        ("name", 7, INVALID),
        ("http", "everything", INVALID),
        ("http.mediaType", "yaml", INVALID),
        ("http.ping.method", "BREW", INVALID),
        ("http.headers", {"a": "b"}, INVALID),
        ("http.headers", [{"name": "a"}], INVALID),
        ("debugDate", "tomorrow", INVALID),
        ("http.disableStrictSSL", "no", INVALID),
        ("http.concurrencyLevel", "5", INVALID),
        ("http.concurrencyLevel", 0, INVALID),
        ("http._iClientId", "not-an-id", "invalid_ref"),
        ("_agentId", "not-an-id", "invalid_ref"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    client: httpx.Client, document: Document, path: str, value: Any, code: str
) -> None:
    write(document, path, value)

    assert (code, path) in refused(client, document)


def test_a_port_is_a_number_up_to_65535(client: httpx.Client) -> None:
    for port in ("22", 65536, -1, True):
        document = copy.deepcopy(BASE["ftp"]) | {"name": "Larkfield"}
        document["ftp"]["port"] = port
        assert refused(client, document) == [(INVALID, "ftp.port")]


def test_a_netsuite_password_login_is_refused_with_its_own_code(client: httpx.Client) -> None:
    document = {"type": "netsuite", "name": "Books", "netsuite": {"authType": "basic"}}

    assert refused(client, document) == [("netsuite_wsdl_tba_mandatory", "netsuite.authType")]


def test_a_file_system_needs_an_agent(client: httpx.Client) -> None:
    document = {"type": "filesystem", "name": "Share", "filesystem": {}}

    assert refused(client, document) == [(MISSING, "_agentId")]


def test_unknown_and_read_only_fields_are_dropped_in_silence(
    client: httpx.Client, emulator: Emulator, document: Document
) -> None:
    extra = {"_id": "0" * 24, "createdAt": "1999", "queues": [1], "sandbox": True, "nonsense": 1}
    document["http"]["nonsense"] = {"deep": 1}
    document["ftp"] = {"type": "ftp"}

    created = client.post("/connections", json=document | extra)

    assert created.status_code == 201
    stored = emulator.connections[created.json()["_id"]]
    assert stored["_id"] != "0" * 24
    assert not {"queues", "sandbox", "nonsense", "ftp"} & set(stored)
    assert "nonsense" not in stored["http"]


@pytest.mark.parametrize(
    ("kind", "path", "default"),
    [
        ("http", "http.concurrencyLevel", 25),
        ("http", "http.disableStrictSSL", False),
        ("rest", "rest.scope", []),
        ("ftp", "ftp.port", 22),
        ("rdbms", "rdbms.port", 5432),
        ("rdbms", "rdbms.concurrencyLevel", 5),
        ("netsuite", "netsuite.wsdlVersion", "latest"),
    ],
)
def test_defaults_are_filled_in(client: httpx.Client, kind: str, path: str, default: Any) -> None:
    created = client.post("/connections", json=BASE[kind] | {"name": "Larkfield"})

    assert read(created.json(), path) == default


def test_implicit_ftps_has_its_own_port(client: httpx.Client) -> None:
    ftp = {"type": "ftps", "hostURI": "a.example", "username": "enzo", "useImplicitFtps": True}

    created = client.post("/connections", json={"type": "ftp", "name": "Files", "ftp": ftp})

    assert created.json()["ftp"]["port"] == 990


def test_a_concurrency_above_the_licence_is_lowered_in_silence(
    client: httpx.Client, document: Document
) -> None:
    document["http"]["concurrencyLevel"] = 50

    assert client.post("/connections", json=document).json()["http"]["concurrencyLevel"] == 25


def test_the_stored_document_has_an_id_and_dates(client: httpx.Client, document: Document) -> None:
    first, second = (client.post("/connections", json=document).json() for _ in range(2))

    assert first["_id"] != second["_id"]
    assert len(first["_id"]) == 24
    assert int(first["_id"], 16)
    assert first["createdAt"] == first["lastModified"]
    assert first["createdAt"].endswith("Z")
    assert len(first["createdAt"]) == len("2026-01-01T00:00:00.000Z")
    assert first["queues"] == [{"name": first["_id"], "size": 0}]


def test_post_stores_credentials_that_do_not_work(client: httpx.Client, document: Document) -> None:
    document["http"]["auth"]["token"]["token"] = "wrong"

    assert client.post("/connections", json=document).status_code == 201
