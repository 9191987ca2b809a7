"""Signs in to SFTP servers by password, by private key, or by both if the server asks for both."""

from typing import Any

import asyncssh

from sandbox.integrator.reach.network import unreachable
from sandbox.integrator.reach.problem import Problem, Unreachable
from sandbox.integrator.reach.zone import Zone

_PORT = 22
_ENCRYPTED = "Encrypted private OpenSSH key detected, but no passphrase given"


async def ping(document: dict[str, Any], zone: Zone) -> list[Problem]:
    """Connect, sign in, open the SFTP subsystem.

    Codes and words of a refusal are those of Node's SSH library (lib/client.js and
    lib/protocol/keyParser.js in https://github.com/mscdex/ssh2).
    """
    given = document["ftp"]
    name = str(given.get("hostURI", ""))
    keys = _keys(str(given.get("authKey") or ""))
    address = zone.locate(name, int(given.get("port") or _PORT))
    try:
        async with (
            asyncssh.connect(*address, **_options(given, keys)) as connection,
            connection.start_sftp_client(),
        ):
            return []
    except asyncssh.PermissionDenied:
        return [_problem("client-authentication", "All configured authentication methods failed")]
    except (asyncssh.SFTPError, asyncssh.ChannelOpenError) as error:
        return [_problem("client-sftp", f"Unable to start subsystem: sftp: {error.reason}")]
    except asyncssh.ConnectionLost:
        raise Unreachable("ECONNRESET", "Connection lost before handshake", "sftp") from None
    except asyncssh.DisconnectError as error:
        return [_problem("client-ssh", error.reason)]
    except OSError as error:
        raise unreachable(error, address, name, "sftp") from error


def _options(given: dict[str, Any], keys: list[asyncssh.SSHKey]) -> dict[str, Any]:
    return {
        "username": str(given.get("username", "")),
        "password": str(given["password"]) if given.get("password") else None,
        "client_keys": keys or None,
        # Nothing of this machine may help: no known hosts, no configuration, no agent.
        "known_hosts": None,
        "config": None,
        "agent_path": None,
    }


def _keys(pem: str) -> list[asyncssh.SSHKey]:
    if not pem:
        return []
    try:
        return [asyncssh.import_private_key(pem)]
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as error:
        # A connection document has no place for a passphrase.
        if "assphrase" in str(error):
            code, words = "ENCRYPTED_PRIVATE_KEY", _ENCRYPTED
        else:
            code, words = "INVALID_PRIVATE_KEY", "Unsupported key format"
        raise Unreachable(code, f"Cannot parse privateKey: {words}", "sftp") from None


def _problem(code: str, message: str) -> Problem:
    return Problem(code, message, "sftp")
