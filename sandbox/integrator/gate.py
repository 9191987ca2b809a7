"""Who may come in, and in what shape: bearer token, rate limit, scope, JSON body."""

import hmac
import json
import time
from typing import Any

from starlette.requests import Request

from sandbox.integrator.emulator import Emulator
from sandbox.integrator.errors import Refusal, entry
from sandbox.integrator.paths import Document


def admit(request: Request) -> Emulator:
    """The emulator, for a caller with a good token who is within the rate. Raises Refusal."""
    emulator: Emulator = request.app.state.emulator
    _token(request, emulator)
    if wait := emulator.bucket.take(time.monotonic()):
        refusal = entry("rate_limited", "Too many requests.")
        raise Refusal(429, refusal, headers={"Retry-After": str(wait)})
    return emulator


def admit_fully(request: Request) -> Emulator:
    """The same for what no custom-scope token may do. The documents are silent here: a choice."""
    emulator = admit(request)
    if scope_of(request, emulator) is not None:
        raise _forbidden()
    return emulator


def connection(request: Request) -> tuple[Emulator, Document]:
    """The connection that the path names, unmasked. Raises Refusal: 403 no scope, 404 unknown."""
    emulator = admit(request)
    identifier = request.path_params["id"]
    scope = scope_of(request, emulator)
    if scope is not None and identifier not in scope:
        raise _forbidden()
    return emulator, emulator.documents.get(identifier)


def scope_of(request: Request, emulator: Emulator) -> set[str] | None:
    """The ids that the caller may touch; None means all."""
    allowed = emulator.options.scoped.get(_token(request, emulator))
    return None if allowed is None else set(allowed)


async def json_body(request: Request, *, empty: Any = None) -> Any:
    """The body as JSON. `empty` is what no body at all means; None: it is an error.

    Raises Refusal: 415 for another media type, 400 for broken JSON.
    """
    raw = await request.body()
    if not raw and empty is not None:
        return empty
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(415, entry("unsupported_media_type", "The body has to be application/json."))
    try:
        value = json.loads(raw, parse_constant=_no_constant)
        # Half a surrogate pair, or a number beyond every float: no answer could carry it.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        return value
    except (ValueError, RecursionError) as error:
        raise Refusal(400, entry("invalid_json", "The body is not JSON.")) from error


def _token(request: Request, emulator: Emulator) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    known = (emulator.options.token, *emulator.options.scoped)
    if scheme.lower() == "bearer":
        for candidate in known:
            if hmac.compare_digest(candidate.encode(), token.strip().encode()):
                return candidate
    raise Refusal(401, entry("unauthorized", "Invalid or missing bearer token."))


def _forbidden() -> Refusal:
    return Refusal(403, entry("forbidden", "The token's scope does not cover this."))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
