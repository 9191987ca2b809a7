"""Signs in to FTP servers: plain, with explicit TLS (AUTH TLS) and with implicit TLS."""

import asyncio
import contextlib
from typing import Any

import aioftp

from sandbox.integrator.reach.network import unreachable
from sandbox.integrator.reach.problem import Problem, Unreachable
from sandbox.integrator.reach.tls import client_context
from sandbox.integrator.reach.zone import Zone

_PORT, _IMPLICIT_PORT = 21, 990


async def ping(document: dict[str, Any], zone: Zone) -> list[Problem]:
    """Connect, sign in, say goodbye. A refusal carries the server's reply code and its words."""
    given = document["ftp"]
    encrypted = given.get("type") == "ftps"
    implicit = encrypted and bool(given.get("useImplicitFtps"))
    name = str(given.get("hostURI", ""))
    port = int(given.get("port") or (_IMPLICIT_PORT if implicit else _PORT))
    address = zone.locate(name, port)
    context = client_context(zone, name, strict=True) if encrypted else None
    user, password = _command(given.get("username")), _command(given.get("password"))
    client = aioftp.Client(ssl=context if implicit else None)
    try:
        await client.connect(*address)
        if context and not implicit:
            await client.upgrade_to_tls(context)
        await client.login(user, password)
        await client.quit()
    except aioftp.StatusCodeError as refusal:
        return [_refusal(refusal)]
    except (OSError, ValueError, EOFError) as error:
        # ValueError: what answers is no FTP server, its first line has no reply code.
        raise unreachable(error, address, name, "ftp") from error
    finally:
        await _hang_up(client)
    return []


def _command(value: Any) -> str:
    text = str(value or "")
    # A line break in a user name would be a second command; Node's FTP library says so, too.
    if any(ord(sign) < 32 for sign in text):
        message = "Invalid command: Contains control characters."
        raise Unreachable("ERR_INVALID_CHAR", message, "ftp")
    return text


async def _hang_up(client: aioftp.Client) -> None:
    # aioftp says ConnectionError of a client that never got a connection; Python before 3.11.5
    # has no transport left to abort when TLS has closed it (AttributeError).
    with contextlib.suppress(ConnectionError, AttributeError):
        client.stream.writer.transport.abort()
    # The socket itself is closed in the loop's next round, which may not come without us.
    await asyncio.sleep(0)


def _refusal(refusal: aioftp.StatusCodeError) -> Problem:
    code = str(refusal.received_codes[-1])
    lines = [refusal.info] if isinstance(refusal.info, str) else refusal.info
    words = " ".join(line.strip(" -") for line in lines)
    return Problem(int(code) if code.isdecimal() else "EPROTO", f"{code} {words}".strip(), "ftp")
