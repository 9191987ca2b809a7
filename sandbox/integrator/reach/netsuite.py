"""NetSuite has no stand-in: its answers follow from magic values, all listed in docs/sandbox.md.

The codes are SuiteTalk's: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N3536956.html
and section_N3539978.html there.
"""

from typing import Any

from sandbox.integrator.reach.problem import Problem

ACCOUNTS = {"TSTDRV7654321": "production", "TSTDRV7654321_SB1": "sandbox"}
TOKEN_ID = "demo-netsuite-token-id"
TOKEN_SECRET = "demo-netsuite-token-secret"

_LOGIN = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)
# Token ids that are known but of no use today, with what NetSuite says of them.
SPECIAL_TOKEN_IDS = {
    "demo-netsuite-token-without-role": (
        "WS_PERMISSION_REQD",
        "You do not have permission to log in with SOAP web services.",
    ),
    "demo-netsuite-token-busy": (
        "WS_REQUEST_BLOCKED",
        "SuiteTalk concurrent request limit exceeded. Request blocked.",
    ),
    "demo-netsuite-token-maintenance": (
        "ACCT_TEMP_UNAVAILABLE",
        "The account you are trying to access is currently unavailable.",
    ),
}


async def ping(document: dict[str, Any]) -> list[Problem]:
    """Sign in with a token; other ways to sign in are not emulated."""
    given = document.get("netsuite") or {}
    if given.get("authType") != "token":
        message = f"The sandbox cannot sign in to NetSuite with {given.get('authType')}."
        return [Problem("not_in_sandbox", message, "netsuite")]
    account = str(given.get("account", "")).upper()
    if ACCOUNTS.get(account) != _realm(str(given.get("environment") or "production")):
        return [Problem("INVALID_ACCT", f"Invalid account number: {account}", "netsuite")]
    if given.get("tokenId") in SPECIAL_TOKEN_IDS and given.get("tokenSecret") == TOKEN_SECRET:
        code, message = SPECIAL_TOKEN_IDS[given["tokenId"]]
        return [Problem(code, message, "netsuite")]
    if (given.get("tokenId"), given.get("tokenSecret")) != (TOKEN_ID, TOKEN_SECRET):
        return [Problem("INVALID_LOGIN", _LOGIN, "netsuite")]
    return []


def _realm(environment: str) -> str:
    return "sandbox" if environment.startswith("sandbox") else environment
