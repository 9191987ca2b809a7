"""Opens a PostgreSQL session and runs one statement in it."""

import ssl
from typing import Any

import asyncpg

from sandbox.integrator.reach.network import unreachable
from sandbox.integrator.reach.problem import Problem, Unreachable
from sandbox.integrator.reach.tls import Certificates, client_context
from sandbox.integrator.reach.zone import Zone

_PORT = 5432
_NO_TLS = "The server does not support SSL connections"


async def ping(document: dict[str, Any], zone: Zone) -> list[Problem]:
    """Sign in and ``SELECT 1``. A refusal carries the server's SQLSTATE and its words."""
    given = document["rdbms"]
    name = str(given.get("host", ""))
    address = zone.locate(name, int(given.get("port") or _PORT))
    context = _context(given, zone, name)
    try:
        await _select_one(address, given, context)
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        # asyncpg's own words for a server that hung up, or that is none.
        raise Unreachable("ECONNRESET", f"Connection terminated unexpectedly: {error}") from error
    except asyncpg.PostgresError as refusal:
        return [Problem(str(refusal.sqlstate), str(refusal.args[0]), "postgresql")]
    except OSError as error:
        if "rejected SSL upgrade" in str(error):
            raise Unreachable("ERR_NO_SSL", _NO_TLS, "postgresql") from error
        raise unreachable(error, address, name, "postgresql") from error
    return []


async def _select_one(
    address: tuple[str, int], given: dict[str, Any], context: ssl.SSLContext | bool
) -> None:
    connection = await asyncpg.connect(
        host=address[0],
        port=address[1],
        user=str(given.get("user", "")),
        # None would make asyncpg look into PGPASSWORD and ~/.pgpass of this machine.
        password=str(given.get("password") or ""),
        database=str(given.get("database", "")),
        ssl=context,
        timeout=None,
        target_session_attrs="any",
    )
    try:
        await connection.execute("SELECT 1")
    finally:
        await connection.close()


def _context(given: dict[str, Any], zone: Zone, name: str) -> ssl.SSLContext | bool:
    """TLS as node-postgres does it: none unless the document says something about it."""
    offered = given.get("ssl") or {}
    names = ("ca", "key", "cert", "passphrase")
    certificates = Certificates(**{name: str(offered.get(name) or "") for name in names})
    relaxed = bool(given.get("disableStrictSSL"))
    if certificates == Certificates() and not relaxed:
        return False
    return client_context(zone, name, strict=not relaxed, certificates=certificates)
