"""Connection documents for an HTTP API, and the one problem of a failed ping."""

from typing import Any

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.integrator.reach.zone import Zone
from sandbox.targets.credentials import WORKING

BASIC = WORKING["http-basic"]
TOKEN = WORKING["http-token"]


def basic(base: str = BASIC["base_url"], path: str = "/v1/me", **changes: str) -> dict[str, Any]:
    """A connection document with HTTP basic."""
    username = changes.get("username", BASIC["username"])
    password = changes.get("password", BASIC["password"])
    auth = {"type": "basic", "basic": {"username": username, "password": password}}
    return {
        "type": "http",
        "http": {"baseURI": base, "auth": auth, "ping": {"relativeURI": path}},
    }


def token(value: str = TOKEN["token"], **place: str) -> dict[str, Any]:
    """A connection document with a token, by default in the Authorization header."""
    document = basic(path="/v1/whoami")
    auth = {"type": "token", "token": {"token": value, "location": "header", **place}}
    document["http"]["auth"] = auth
    return document


async def only_problem(document: dict[str, Any], zone: Zone, seconds: float = 10) -> Problem:
    """Try a connection that must fail with exactly one problem."""
    (problem,) = await try_connection(document, zone, seconds)
    return problem
