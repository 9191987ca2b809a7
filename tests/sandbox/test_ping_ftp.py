"""A ping of an FTP server really signs in, plain or encrypted."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.integrator.reach.zone import Zone
from sandbox.targets.certificates import Authority
from sandbox.targets.credentials import WORKING
from sandbox.targets.ftp import FtpTarget
from sandbox.targets.running import Targets
from tests.sandbox.attempts import only_problem

pytestmark = pytest.mark.anyio

FTP = WORKING["ftp"]


def ftp(kind: str = "ftp", **changes: Any) -> dict[str, Any]:
    """A connection document for FTP; `kind` ftps means explicit TLS."""
    fields = {
        "type": kind,
        "hostURI": FTP["host"],
        "username": FTP["username"],
        "password": FTP["password"],
    }
    return {"type": "ftp", "ftp": fields | changes}


@pytest.mark.parametrize("kind", ["ftp", "ftps"])
async def test_the_right_user_and_password_work(targets: Targets, kind: str) -> None:
    assert await try_connection(ftp(kind), targets.zone) == []


@pytest.mark.parametrize("kind", ["ftp", "ftps"])
@pytest.mark.parametrize("change", [{"password": "wrong"}, {"username": "mallory"}])
async def test_wrong_credentials_are_refused_with_the_servers_reply(
    targets: Targets, kind: str, change: dict[str, str]
) -> None:
    problem = await only_problem(ftp(kind, **change), targets.zone)

    assert problem == Problem(530, "530 Authentication failed.", "ftp")


async def test_an_account_may_insist_on_tls(targets: Targets) -> None:
    problem = await only_problem(ftp(username="larkfield_tls"), targets.zone)

    assert problem.code == 530
    assert "needs an encrypted connection" in problem.message
    assert await try_connection(ftp("ftps", username="larkfield_tls"), targets.zone) == []


async def test_a_locked_account_is_refused(targets: Targets) -> None:
    problem = await only_problem(ftp(username="larkfield_locked"), targets.zone)

    assert problem.message == "530 This account is locked."


async def test_an_unknown_name_is_not_found(targets: Targets) -> None:
    problem = await only_problem(ftp(hostURI="ftp.nosuch.example"), targets.zone)

    assert problem.code == "ENOTFOUND"


async def test_a_closed_port_refuses(targets: Targets, closed_port: int) -> None:
    problem = await only_problem(ftp(hostURI="127.0.0.1", port=closed_port), targets.zone)

    assert problem.code == "ECONNREFUSED"


async def test_a_silent_server_times_out(targets: Targets) -> None:
    problem = await only_problem(ftp(hostURI="silent.larkfield.example"), targets.zone, 0.3)

    assert problem.code == "ETIMEDOUT"


async def test_a_stopped_server_refuses_until_it_is_started(targets: Targets) -> None:
    targets.stop("ftp")
    stopped = await only_problem(ftp(), targets.zone)
    targets.start("ftp")

    assert stopped.code == "ECONNREFUSED"
    assert await try_connection(ftp(), targets.zone) == []


async def test_a_hanging_server_times_out_until_it_is_started(targets: Targets) -> None:
    targets.hang("ftp", 30)
    hanging = await only_problem(ftp(), targets.zone, 0.3)
    targets.start("ftp")

    assert hanging.code == "ETIMEDOUT"
    assert await try_connection(ftp(), targets.zone) == []


async def test_a_server_of_another_protocol_never_becomes_one(targets: Targets) -> None:
    port = targets.ports["sftp"]

    problem = await only_problem(ftp(hostURI="localhost", port=port), targets.zone, 0.5)

    assert problem.code == "ETIMEDOUT"


async def test_implicit_tls_spoken_to_an_explicit_server_is_a_protocol_error(
    targets: Targets,
) -> None:
    document = ftp("ftps", useImplicitFtps=True, port=targets.ports["ftp"], hostURI="localhost")

    assert (await only_problem(document, targets.zone)).code == "EPROTO"


@pytest.mark.parametrize(
    ("name", "expired", "trusted", "code"),
    [
        ("localhost", True, True, "CERT_HAS_EXPIRED"),
        ("localhost", False, False, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ("ftp.elsewhere.example", False, True, "ERR_TLS_CERT_ALTNAME_INVALID"),
    ],
)
async def test_a_bad_certificate_is_refused(
    tmp_path: Path, targets: Targets, name: str, expired: bool, trusted: bool, code: str
) -> None:
    authority = Authority(tmp_path)
    server = FtpTarget(0, tmp_path, authority.issue("ftp", name, expired=expired))
    zone = Zone({}, authority.ca_file if trusted else targets.authority.ca_file)

    problem = await only_problem(ftp("ftps", hostURI="localhost", port=server.port), zone)
    server.stop()

    assert problem.code == code


async def test_mallory_cannot_add_a_command_by_a_line_break(targets: Targets) -> None:
    """A line break in a user name must not become a second command, with a password of its own."""
    injected = f"mallory\r\nUSER {FTP['username']}"

    problem = await only_problem(ftp(username=injected), targets.zone)

    assert problem.code == "ERR_INVALID_CHAR"
