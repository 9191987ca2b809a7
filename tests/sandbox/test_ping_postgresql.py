"""A ping of PostgreSQL really opens a session; a refusal has SQLSTATE and the server's words."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.zone import Zone
from sandbox.targets.certificates import Authority
from sandbox.targets.credentials import WORKING
from sandbox.targets.running import Targets
from tests.sandbox.attempts import only_problem

pytestmark = pytest.mark.anyio

DATABASE = WORKING["postgresql"]


def rdbms(**changes: Any) -> dict[str, Any]:
    """A connection document for PostgreSQL."""
    fields = {
        "type": "postgresql",
        "host": DATABASE["host"],
        "port": int(DATABASE["port"]),
        "database": DATABASE["database"],
        "user": DATABASE["user"],
        "password": DATABASE["password"],
    }
    return {"type": "rdbms", "rdbms": fields | changes}


def ca(targets: Targets) -> dict[str, str]:
    return {"ca": targets.authority.ca_file.read_text()}


async def test_the_right_credentials_work(targets: Targets) -> None:
    assert await try_connection(rdbms(), targets.zone) == []


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"password": "wrong"}, "28P01", 'password authentication failed for user "larkfield"'),
        ({"password": ""}, "28P01", "password authentication failed"),
        ({"user": "mallory"}, "28P01", 'password authentication failed for user "mallory"'),
        ({"database": "nosuch"}, "3D000", 'database "nosuch" does not exist'),
        ({"user": "larkfield_suspended"}, "28000", "is not permitted to log in"),
        ({"user": "larkfield_outsider"}, "42501", "permission denied for database"),
        ({"user": "larkfield_full"}, "53300", "too many connections for role"),
        ({"user": "larkfield_tls"}, "28000", "no encryption"),
        ({"user": "larkfield_cert"}, "28000", "pg_hba.conf rejects connection"),
    ],
)
async def test_a_refusal_has_the_servers_code_and_words(
    targets: Targets, change: dict[str, str], code: str, words: str
) -> None:
    problem = await only_problem(rdbms(**change), targets.zone)

    assert problem.code == code
    assert words in problem.message


async def test_tls_is_used_and_checked_when_the_document_brings_an_authority(
    targets: Targets,
) -> None:
    document = rdbms(user="larkfield_tls", ssl=ca(targets))

    assert await try_connection(document, targets.zone) == []


async def test_a_client_certificate_signs_in(targets: Targets) -> None:
    issued = targets.authority.issue("client", "larkfield.example", common_name="larkfield_cert")
    ssl = ca(targets) | {"cert": issued.chain.read_text(), "key": issued.key.read_text()}

    assert await try_connection(rdbms(user="larkfield_cert", ssl=ssl), targets.zone) == []


async def test_a_foreign_authority_is_refused_unless_the_document_is_relaxed(
    targets: Targets, tmp_path: Path
) -> None:
    foreign = {"ca": Authority(tmp_path).ca_file.read_text()}
    strict = rdbms(user="larkfield_tls", ssl=foreign)
    relaxed = rdbms(user="larkfield_tls", ssl=foreign, disableStrictSSL=True)

    assert (await only_problem(strict, targets.zone)).code == "SELF_SIGNED_CERT_IN_CHAIN"
    assert await try_connection(relaxed, targets.zone) == []


async def test_the_certificate_must_be_for_the_name_in_the_document(targets: Targets) -> None:
    names = {"other.larkfield.example": targets.ports["postgresql"]}
    document = rdbms(host="other.larkfield.example", ssl=ca(targets))

    problem = await only_problem(document, Zone(names))

    assert problem.code == "ERR_TLS_CERT_ALTNAME_INVALID"


async def test_an_unreadable_certificate_is_called_so(targets: Targets) -> None:
    problem = await only_problem(rdbms(ssl={"ca": "nonsense"}), targets.zone)

    assert problem.code == "ERR_OSSL_PEM_NO_START_LINE"


async def test_an_unknown_name_is_not_found(targets: Targets) -> None:
    problem = await only_problem(rdbms(host="db.nosuch.example"), targets.zone)

    assert problem.code == "ENOTFOUND"


async def test_a_closed_port_refuses(targets: Targets, closed_port: int) -> None:
    problem = await only_problem(rdbms(port=closed_port), targets.zone)

    assert problem.code == "ECONNREFUSED"


async def test_a_silent_server_times_out(targets: Targets) -> None:
    problem = await only_problem(rdbms(host="silent.larkfield.example"), targets.zone, 0.3)

    assert (problem.code, problem.message) == ("ETIMEDOUT", "timeout expired")


async def test_a_stopped_server_refuses_until_it_is_started(targets: Targets) -> None:
    targets.stop("postgresql")
    stopped = await only_problem(rdbms(), targets.zone)
    targets.start("postgresql")

    assert stopped.code == "ECONNREFUSED"
    assert await try_connection(rdbms(), targets.zone) == []


async def test_a_hanging_server_times_out_until_it_is_started(targets: Targets) -> None:
    targets.hang("postgresql", 30)
    hanging = await only_problem(rdbms(), targets.zone, 0.3)
    targets.start("postgresql")

    assert hanging.code == "ETIMEDOUT"
    assert await try_connection(rdbms(), targets.zone) == []


@pytest.mark.parametrize("target", ["orchard", "ftp"])
async def test_a_server_of_another_protocol_never_becomes_one(
    targets: Targets, target: str
) -> None:
    document = rdbms(host="localhost", port=targets.ports[target])

    problem = await only_problem(document, targets.zone, 0.5)

    assert problem.code in ("ECONNRESET", "ETIMEDOUT")


async def test_a_server_without_tls_is_named_as_such(targets: Targets) -> None:
    document = rdbms(host="localhost", port=targets.ports["ftp"], ssl=ca(targets))

    problem = await only_problem(document, targets.zone, 3)

    assert problem.code == "ERR_NO_SSL"


async def test_passwords_of_this_machine_help_nobody(
    targets: Targets, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Mallory must not get in because the machine of the sandbox knows the password."""
    passfile = tmp_path / "pgpass"
    passfile.write_text(f"*:*:*:*:{DATABASE['password']}\n")
    passfile.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    monkeypatch.setenv("PGPASSWORD", DATABASE["password"])
    document = rdbms()
    del document["rdbms"]["password"]

    assert (await only_problem(document, targets.zone)).code == "28P01"
