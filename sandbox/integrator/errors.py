"""Refusals in integrator.io's error envelope. Who refuses what is decided elsewhere."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Entry = dict[str, Any]


class Refusal(Exception):
    """An answer outside 2xx: `status` and the entries of the `errors` array."""

    def __init__(
        self, status: int, *errors: Entry, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {errors}")
        self.status = status
        self.errors = list(errors)
        self.headers = dict(headers or {})


def entry(code: str, message: str, field: str | None = None) -> Entry:
    """One entry of the envelope; `field` is only there when one field is meant."""
    return {"code": code, "message": message} | ({"field": field} if field else {})


def missing(field: str) -> Entry:
    """The schema wants `field`."""
    message = f"Expected field: {field} to be present"
    return entry("missing_required_field", message, field)


def invalid(field: str, message: str) -> Refusal:
    """422: what stands in `field` cannot be taken."""
    return Refusal(422, entry("invalid_field", message, field))


def bad_query(message: str) -> Refusal:
    """400: a query parameter makes no sense."""
    return Refusal(400, entry("invalid_query_params", message))


def not_found(what: str = "connection") -> Refusal:
    """404: the same for an id of another account and one that never was."""
    return Refusal(404, entry("not_found", f"No such {what}."))


def not_emulated(name: str) -> Refusal:
    """422: integrator.io has `name`, this emulator does not; better loud than quietly different."""
    return Refusal(422, entry("not_emulated", f"The emulator does not have {name}.", name))


async def answer_refusal(_request: Request, refusal: Exception) -> Response:
    """Starlette's handler for Refusal."""
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for this class alone
    return JSONResponse({"errors": refusal.errors}, refusal.status, refusal.headers)


async def answer_other(_request: Request, error: Exception) -> Response:
    """Starlette's handler for what its router refuses: a path or a method that is not there."""
    status = int(getattr(error, "status_code", 500))
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "error")
    return JSONResponse({"errors": [entry(code, "There is nothing here.")]}, status)
