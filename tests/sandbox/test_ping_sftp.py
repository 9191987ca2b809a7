"""A ping of an SFTP server really signs in, by password or by private key."""

import base64
import struct
from typing import Any

import asyncssh
import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.targets.credentials import WORKING
from sandbox.targets.running import Targets
from tests.sandbox.attempts import only_problem

pytestmark = pytest.mark.anyio

SFTP = WORKING["sftp"]
REFUSED = Problem("client-authentication", "All configured authentication methods failed", "sftp")


def sftp(**changes: Any) -> dict[str, Any]:
    """A connection document for SFTP with the working password."""
    fields = {
        "type": "sftp",
        "hostURI": SFTP["host"],
        "username": SFTP["username"],
        "password": SFTP["password"],
    }
    return {"type": "ftp", "ftp": fields | changes}


def by_key(key: str, **changes: Any) -> dict[str, Any]:
    """The same with a private key instead."""
    document = sftp(authKey=key, **changes)
    del document["ftp"]["password"]
    return document


async def test_the_right_password_works(targets: Targets) -> None:
    assert await try_connection(sftp(), targets.zone) == []


async def test_the_right_key_works(targets: Targets) -> None:
    document = by_key(targets.credentials["sftp"]["private_key"])

    assert await try_connection(document, targets.zone) == []


async def test_the_key_works_in_other_formats(targets: Targets) -> None:
    key = asyncssh.import_private_key(targets.credentials["sftp"]["private_key"])
    pem = key.export_private_key("pkcs8-pem").decode()

    assert await try_connection(by_key(pem), targets.zone) == []


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"username": "mallory"}])
async def test_wrong_credentials_are_refused(targets: Targets, change: dict[str, str]) -> None:
    assert await only_problem(sftp(**change), targets.zone) == REFUSED


async def test_a_strange_key_is_refused(targets: Targets) -> None:
    strange = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()

    assert await only_problem(by_key(strange), targets.zone) == REFUSED


async def test_no_credentials_at_all_are_refused(targets: Targets) -> None:
    assert await only_problem(by_key(""), targets.zone) == REFUSED


@pytest.mark.parametrize("form", ["openssh", "pkcs1", "pkcs8"])
async def test_an_encrypted_key_is_told_from_a_wrong_one(targets: Targets, form: str) -> None:
    problem = await only_problem(by_key(encrypted_key(form)), targets.zone)

    assert problem.code == "ENCRYPTED_PRIVATE_KEY"
    assert "no passphrase given" in problem.message


@pytest.mark.parametrize("text", ["nonsense", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"])
async def test_what_is_no_key_is_called_so(targets: Targets, text: str) -> None:
    problem = await only_problem(by_key(text), targets.zone)

    assert problem.code == "INVALID_PRIVATE_KEY"


async def test_a_public_key_is_no_private_key(targets: Targets) -> None:
    key = asyncssh.import_private_key(targets.credentials["sftp"]["private_key"])
    public = key.export_public_key().decode()

    assert (await only_problem(by_key(public), targets.zone)).code == "INVALID_PRIVATE_KEY"


async def test_an_unknown_name_is_not_found(targets: Targets) -> None:
    problem = await only_problem(sftp(hostURI="sftp.nosuch.example"), targets.zone)

    assert problem.code == "ENOTFOUND"


async def test_a_closed_port_refuses(targets: Targets, closed_port: int) -> None:
    problem = await only_problem(sftp(hostURI="localhost", port=closed_port), targets.zone)

    assert problem.code == "ECONNREFUSED"


async def test_a_silent_server_times_out(targets: Targets) -> None:
    problem = await only_problem(sftp(hostURI="silent.larkfield.example"), targets.zone, 0.3)

    assert (problem.code, problem.message) == (
        "ETIMEDOUT",
        "Timed out while waiting for handshake",
    )


async def test_a_stopped_server_refuses_until_it_is_started(targets: Targets) -> None:
    targets.stop("sftp")
    stopped = await only_problem(sftp(), targets.zone)
    targets.start("sftp")

    assert stopped.code == "ECONNREFUSED"
    assert await try_connection(sftp(), targets.zone) == []


async def test_a_server_of_another_protocol_never_becomes_one(targets: Targets) -> None:
    port = targets.ports["orchard"]

    problem = await only_problem(sftp(hostURI="localhost", port=port), targets.zone, 1)

    assert problem.code in ("ECONNRESET", "ETIMEDOUT", "client-ssh")


async def test_keys_and_agents_of_this_machine_help_nobody(
    targets: Targets, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Mallory must not get in because the machine of the sandbox has a key that fits."""
    folder = tmp_path / ".ssh"
    folder.mkdir()
    (folder / "id_ed25519").write_text(targets.credentials["sftp"]["private_key"])
    (folder / "id_ed25519").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert await only_problem(by_key(""), targets.zone) == REFUSED


def encrypted_key(form: str) -> str:
    """A key that needs a passphrase. The OpenSSH one is put together by hand, because asyncssh
    needs bcrypt to write it; what is encrypted in it is noise."""
    if form == "openssh":
        fields = (b"aes256-ctr", b"bcrypt", struct.pack(">I16sI", 16, bytes(16), 1))
        texts = [struct.pack(">I", len(text)) + text for text in fields]
        public = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + bytes(32)
        blobs = [struct.pack(">I", len(blob)) + blob for blob in (public, bytes(64))]
        data = b"openssh-key-v1\0" + b"".join(texts) + struct.pack(">I", 1) + b"".join(blobs)
        lines = base64.encodebytes(data).decode()
        return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}-----END OPENSSH PRIVATE KEY-----\n"
    key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    return key.export_private_key(f"{form}-pem", passphrase="made-up").decode()
