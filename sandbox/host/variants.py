"""How a page of the host can differ, for those who build hosts: `?csp=strict&referrer=no-referrer`.

Each variant is something that real hosts do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# A registered origin on which none of the host's pages stands.
ELSEWHERE = "elsewhere.localhost"


@dataclass(frozen=True)
class Variant:
    """The headers of a page, and what its sessions are asked for beside the usual."""

    headers: Mapping[str, str]
    origins: tuple[str, ...] | None = None
    expires_in: int | None = None
    once: bool = False  # the page gives its token as a string, which cannot be renewed


def variant(query: Mapping[str, str], keyhatch: str, elsewhere: str) -> Variant:
    """Read the variant of a page from its query.

    `csp`: strict, no-frame-src, no-form-action. `referrer`: any Referrer-Policy. `origin=foreign`:
    sessions for another origin. `expires_in`: seconds. `token=once`.
    """
    headers = {}
    if "referrer" in query:
        headers["Referrer-Policy"] = query["referrer"]
    if "csp" in query:
        headers["Content-Security-Policy"] = _policy(query["csp"], keyhatch)
    seconds = query.get("expires_in", "")
    return Variant(
        headers=headers,
        origins=(elsewhere,) if query.get("origin") == "foreign" else None,
        expires_in=int(seconds) if seconds.isdecimal() else None,
        once=query.get("token") == "once",
    )


def _policy(name: str, keyhatch: str) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {keyhatch}",
        "style-src": "'self'",
        "connect-src": f"'self' {keyhatch}",
        "base-uri": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
        "frame-src": keyhatch,
        "form-action": f"'self' {keyhatch}",
    }
    if name == "no-frame-src":
        rules["frame-src"] = "'self'"
    if name == "no-form-action":
        rules["form-action"] = "'self'"
    return "; ".join(f"{directive} {value}" for directive, value in rules.items())
