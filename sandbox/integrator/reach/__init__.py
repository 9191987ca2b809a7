"""How the emulator really connects: one driver per connection type, and the verdict on its answer.

What integrator.io makes of the verdict (status, envelope, `offline`) is the emulator's business.
"""

import asyncio
import logging
from typing import Any

from sandbox.integrator.reach import ftp, http, netsuite, postgresql, sftp
from sandbox.integrator.reach.problem import Problem, Unreachable
from sandbox.integrator.reach.zone import Zone

# At INFO these write URLs and user names, and a token may stand in a URL.
for _driver in ("httpx", "httpcore", "aioftp", "asyncssh"):
    logging.getLogger(_driver).setLevel(logging.WARNING)

# Types for which integrator.io has no test either: it answers that all is well.
_NEVER_TRIED = {"as2", "van"}


async def try_connection(
    document: dict[str, Any],
    zone: Zone,
    timeout: float = 30.0,  # noqa: ASYNC109 - running out of time is a verdict here, not an error
) -> list[Problem]:
    """Sign in with a connection document. An empty list means that it works.

    `timeout` is in seconds and holds for the whole attempt; after it the problem is ETIMEDOUT.
    """
    try:
        async with asyncio.timeout(timeout):
            return await _ping(document, zone, timeout)
    except Unreachable as failure:
        return [failure.problem]
    except TimeoutError:
        return [Problem("ETIMEDOUT", _WAITED.get(_kind(document), "connect ETIMEDOUT"))]


# What the drivers say when the handshake does not end in time.
_WAITED = {
    "sftp": "Timed out while waiting for handshake",
    "rdbms": "timeout expired",
}


async def _ping(document: dict[str, Any], zone: Zone, seconds: float) -> list[Problem]:
    match _kind(document):
        case "http" | "rest":
            return await http.ping(document, zone, seconds)
        case "sftp":
            return await sftp.ping(document, zone)
        case "ftp":
            return await ftp.ping(document, zone)
        case "rdbms" if document["rdbms"].get("type") == "postgresql":
            return await postgresql.ping(document, zone)
        case "netsuite":
            return await netsuite.ping(document)
        case kind if kind in _NEVER_TRIED:
            return []
        case kind:
            return [Problem("not_in_sandbox", f"The sandbox cannot try a connection to {kind}.")]


def _kind(document: dict[str, Any]) -> str:
    kind = str(document.get("type"))
    if kind == "ftp" and document.get("ftp", {}).get("type") == "sftp":
        return "sftp"
    return kind
