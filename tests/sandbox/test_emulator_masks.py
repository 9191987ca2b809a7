"""Every read masks what integrator.io masks, as exactly six asterisks, and nothing else."""

import copy
import json
from typing import Any

import httpx
import pytest

from sandbox.integrator.emulator import Emulator
from sandbox.integrator.paths import read, write

AGENT = "5f00000000000000000000cc"
BASE: dict[str, dict[str, Any]] = {
    "http": {"type": "http", "http": {"baseURI": "https://a.example", "mediaType": "json"}},
    "rest": {
        "type": "rest",
        "rest": {"baseURI": "https://a.example", "mediaType": "json", "authType": "custom"},
    },
    "netsuite": {"type": "netsuite", "netsuite": {"authType": "token"}},
    "ftp": {"type": "ftp", "ftp": {"type": "sftp", "hostURI": "a.example", "username": "enzo"}},
    "s3": {"type": "s3", "s3": {"accessKeyId": "not-a-key", "secretAccessKey": "x"}},
    "rdbms": {
        "type": "rdbms",
        "rdbms": {
            "type": "postgresql",
            "host": "db.example",
            "database": "orders",
            "user": "enzo",
            "password": "x",
        },
    },
    "mongodb": {
        "type": "mongodb",
        "mongodb": {"host": ["db.example"], "username": "enzo", "password": "x"},
    },
    "jdbc": {"type": "jdbc", "jdbc": {"type": "sqlserver", "host": "db.example"}},
    "wrapper": {"type": "wrapper", "wrapper": {"pingFunction": "ping"}},
}
MASKED = [
    "http.auth.basic.password",
    "http.auth.token.token",
    "http.auth.token.refreshToken",
    "http.auth.oauth.clientSecret",
    "http.auth.oauth.oauth1.tokenSecret",
    "http.auth.jwt.privateKey",
    "http.clientCertificates.key",
    "http.clientCertificates.passphrase",
    "rest.bearerToken",
    "rest.basicAuth.password",
    "netsuite.tokenId",
    "netsuite.tokenSecret",
    "ftp.password",
    "ftp.authKey",
    "s3.secretAccessKey",
    "rdbms.password",
    "rdbms.ssl.ca",
    "rdbms.ssl.key",
    "rdbms.ssl.cert",
    "mongodb.password",
    "jdbc.password",
]
SHOWN = [
    "http.auth.basic.username",
    "http.auth.cookie.body",
    "http.auth.token.refreshBody",
    "http.unencrypted.tenant",
    "rest.basicAuth.username",
    "netsuite.account",
    "ftp.username",
    "s3.accessKeyId",
    "rdbms.user",
    "pgp.publicKey",
]


def document_with(path: str, value: Any) -> dict[str, Any]:
    """The smallest document of the path's type, with `value` at the path."""
    kind = path.partition(".")[0]
    document = copy.deepcopy(BASE["ftp" if kind == "pgp" else kind]) | {"name": "Larkfield"}
    write(document, path, value)
    return document


def reads(client: httpx.Client, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The document as each kind of answer shows it."""
    created = client.post("/connections", json=document)
    assert created.status_code == 201, created.text
    path = f"/connections/{created.json()['_id']}"
    replaced = client.put(path, json=document)
    return [
        created.json(),
        replaced.json(),
        client.get(path).json(),
        client.get("/connections").json()[0],
    ]


@pytest.mark.parametrize("path", [*MASKED, "pgp.privateKey", "pgp.passphrase"])
def test_a_secret_is_six_asterisks_in_every_answer(
    client: httpx.Client, emulator: Emulator, path: str
) -> None:
    secret = "CANARY-" + path

    answers = reads(client, document_with(path, secret))

    assert [read(answer, path) for answer in answers] == ["******"] * 4
    assert "CANARY" not in json.dumps(answers)
    (stored,) = emulator.connections.values()
    assert read(stored, path) == secret


@pytest.mark.parametrize("kind", ["http", "rest", "wrapper"])
def test_encrypted_is_one_string_and_its_names_stay_unknown(
    client: httpx.Client, kind: str
) -> None:
    answers = reads(client, document_with(f"{kind}.encrypted", {"apiKey": "CANARY"}))

    assert [answer[kind]["encrypted"] for answer in answers] == ["******"] * 4
    assert "apiKey" not in json.dumps(answers)


@pytest.mark.parametrize("path", SHOWN)
def test_what_integrator_io_shows_is_shown(client: httpx.Client, path: str) -> None:
    answers = reads(client, document_with(path, "in clear"))

    expected = "IN CLEAR" if path == "netsuite.account" else "in clear"
    assert [read(answer, path) for answer in answers] == [expected] * 4


def test_a_secret_that_is_not_there_is_not_made_up(client: httpx.Client) -> None:
    answers = reads(client, BASE["ftp"] | {"name": "Larkfield"})

    assert all("password" not in answer["ftp"] for answer in answers)
