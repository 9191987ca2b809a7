"""What Enzo types into each form of our definitions, and the documents that come of it.

``python -m tests.catalogue.typed`` writes them anew; the diff shows what changed for hosts.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.catalogue.load import Catalogue, load
from app.catalogue.model import ConnectionType, Method
from app.forms import document, values

BUILT = Path(__file__).parent / "built"
PEM = "-----BEGIN {0}-----\nZGVtbw==\n-----END {0}-----\n"
CERTIFICATE = PEM.format("CERTIFICATE")
KEY = PEM.format("PRIVATE KEY")
PGP = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nZGVtbw==\n-----END PGP PUBLIC KEY BLOCK-----\n"

_API = {"base_url": "https://api.larkfield.example/v2/", "ping_path": "/me"}
_TOKEN_API = {**_API, "token": "demo-token"}
_SERVER = {"host": "files.larkfield.example", "username": "enzo"}
_DATABASE = {
    "host": "db.larkfield.example",
    "database": "orders",
    "user": "enzo",
    "password": "demo-password",
}

# By type and method: the least that a form takes, and what may be added to it.
TYPED: dict[str, dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "http-basic": {
        "basic": (
            {**_API, "username": "enzo", "password": "demo-password"},
            {
                "ping_method": "POST",
                "ping_body": '{\r\n  "hello": true\r\n}',
                "success_path": "status.ok",
                "success_values": ["true", "yes"],
                "concurrency": 5,
                "ca": CERTIFICATE,
            },
        )
    },
    "http-token": {
        "header": (_TOKEN_API, {"header_name": "X-Api-Key", "scheme": " "}),
        "query": (_TOKEN_API, {"param_name": "key"}),
        "body": (_TOKEN_API, {"param_name": "api_key"}),
    },
    "slack": {
        "header": ({"token": "xoxb-demo"}, {}),
        "query": ({"token": "xoxb-demo"}, {}),
    },
    "shopify": {
        "token": ({"store": "larkfield-demo", "token": "shpat_demo"}, {"version": "2026-04"}),
        "key": (
            {"store": "larkfield-demo", "api_key": "demo-key", "password": "demo-password"},
            {"version": "2026-04"},
        ),
    },
    "zendesk": {
        "token": (
            {"subdomain": "larkfield", "email": "enzo@larkfield.example", "token": "demo-token"},
            {},
        )
    },
    "stripe": {"key": ({"secret_key": "rk_test_demo"}, {"account": "acct_demo"})},
    "postgresql": {
        "password": (
            _DATABASE,
            {
                "port": "6432",
                "ssl_ca": CERTIFICATE,
                "ssl_cert": CERTIFICATE,
                "ssl_key": KEY,
                "ssl_passphrase": "demo-passphrase",
                "ssl_unchecked": True,
                "options": "application_name: keyhatch\nconnect_timeout: 10",
            },
        )
    },
    "sftp": {
        "password": ({**_SERVER, "password": "demo-password"}, {"port": 2222, "pgp_key": PGP}),
        "key": (
            {**_SERVER, "private_key": KEY},
            {"port": 2222, "password": "demo-password", "pgp_key": PGP},
        ),
    },
    "ftp": {
        "tls": ({**_SERVER, "password": "demo-password"}, {"port": 2121, "reuse": "on"}),
        "plain": ({**_SERVER, "password": "demo-password"}, {"port": 2121}),
    },
    "netsuite": {
        "token": (
            {"account": "1234567", "token_id": "demo-id", "token_secret": "demo-secret"},
            {"account": "1234567_SB1", "environment": "sandbox2.0"},
        )
    },
}


def forms(catalogue: Catalogue) -> Iterator[tuple[ConnectionType, Method]]:
    """Every method of every type."""
    for definition in catalogue.values():
        for method in definition.methods:
            yield definition, method


def typed(definition: ConnectionType, method: Method, *, full: bool) -> dict[str, Any]:
    """What is typed: the least, or everything."""
    least, more = TYPED[definition.key][method.key]
    return least | (more if full else {})


def built(definition: ConnectionType, method: Method, *, full: bool) -> dict[str, Any]:
    """The document that a form with this input builds."""
    reading = values.read(definition.fields_of(method), typed(definition, method, full=full))
    assert reading.findings == ()
    return document.build(definition, method, reading.values, name="Larkfield Books")


def pinned(definition: ConnectionType, method: Method) -> Path:
    """The file that holds the documents of one method."""
    return BUILT / f"{definition.key}-{method.key}.json"


def write() -> None:
    """Write every document anew."""
    for definition, method in forms(load()):
        documents = {
            "least": built(definition, method, full=False),
            "full": built(definition, method, full=True),
        }
        pinned(definition, method).write_text(json.dumps(documents, indent=2) + "\n")


if __name__ == "__main__":
    write()
