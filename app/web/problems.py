"""Errors as application/problem+json (RFC 9457) for every face. Never a submitted value."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from app.connect.allowed import NotOffered
from app.connect.saving import says, status_of
from app.connect.session import SessionRefused
from app.integrator.errors import Busy, Conflict, IntegratorError, NotFound, RateLimited

log = structlog.get_logger()

TITLES = {
    400: "The request cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not that way",
    409: "Something stands against it",
    413: "Too large",
    415: "Not the expected kind of content",
    422: "The input does not fit",
    429: "Too many requests",
    500: "A fault of ours",
    502: "integrator.io failed",
    503: "Not possible for now",
    504: "integrator.io took too long",
}


class FieldError(BaseModel):
    """One thing that is wrong with the input; never the value."""

    field: str | None = None
    code: str


class ProblemBody(BaseModel):
    """The body of every error."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldError] = []


class Problem(HTTPException):
    """Raised by a face to answer with an error.

    An HTTPException: FastAPI turns every other exception of reading a body into its own 400.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code
        self.errors = list(errors)


def not_found() -> Problem:
    """The 404 of everything: what is not yours looks like what does not exist, byte for byte."""
    return Problem(404, "not_found", "There is nothing here under that name.")


SESSION_WORDS = {
    "session_unknown": "This is not a token of a connect session. Ask for a new session.",
    "session_expired": "The connect session has expired. Ask for a new one.",
    "session_revoked": "The connect session was revoked. Ask for a new one.",
    "session_replaced": "The form was opened again elsewhere; this copy of it has ended.",
    "session_used": "This link or token was used already. Ask for a new session.",
    "session_completed": "The connect session has done its work.",
}


def install(app: FastAPI) -> None:
    """Answer every error of the application in one shape."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(SessionRefused, _session)
    app.add_exception_handler(NotOffered, _not_offered)
    app.add_exception_handler(IntegratorError, _integrator)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def answer(request: Request, problem: Problem) -> Response:
    """The response of a problem."""
    reference = request.scope.get("state", {}).get("reference", "")
    body: dict[str, Any] = {
        "type": f"urn:keyhatch:problem:{problem.code}",
        "title": TITLES.get(problem.status_code, "It did not work"),
        "status": problem.status_code,
        "code": problem.code,
        "detail": problem.detail,
        "instance": reference,
        "errors": [error.model_dump() for error in problem.errors],
    }
    media = "application/problem+json"
    return JSONResponse(body, problem.status_code, headers=problem.headers, media_type=media)


def of_session(refused: SessionRefused) -> Problem:
    """A session that does not (or no longer) open what was asked."""
    return Problem(401, refused.code, SESSION_WORDS[refused.code])


def of_integrator(error: IntegratorError) -> Problem:
    """integrator.io failed us or refused; the reason is in the log, not in the answer."""
    headers = {}
    if isinstance(error, NotFound):
        return Problem(409, "connection_gone", "The connection no longer exists at integrator.io.")
    if isinstance(error, Conflict):
        return Problem(409, "connection_in_use", "Something at integrator.io still uses it.")
    if isinstance(error, Busy | RateLimited):
        headers["Retry-After"] = str(max(1, round(error.retry_after or 5)))
    status = status_of(error)
    return Problem(
        status, says(error), f"{TITLES[status]}; try again in a moment.", headers=headers
    )


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - the registration above is by class
    return answer(request, error)


async def _session(request: Request, error: Exception) -> Response:
    assert isinstance(error, SessionRefused)  # noqa: S101 - the registration above is by class
    return answer(request, of_session(error))


async def _not_offered(request: Request, _error: Exception) -> Response:
    return answer(request, not_found())


async def _integrator(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntegratorError)  # noqa: S101 - the registration above is by class
    log.error("integrator_failed", reason=str(error))
    return answer(request, of_integrator(error))


async def _invalid(request: Request, error: Exception) -> Response:
    """FastAPI's own answer would repeat the input, secrets too: fields and codes only."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered by class
    wrong = [
        FieldError(field=".".join(str(part) for part in fault["loc"][1:]), code=fault["type"])
        for fault in error.errors()
    ]
    words = "Some of the input does not fit; `errors` names the fields."
    return answer(request, Problem(422, "invalid_input", words, errors=wrong))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the registration above is by class
    if error.status_code == 404:
        return answer(request, not_found())
    code = {405: "method_not_allowed", 413: "too_large", 400: "unreadable"}.get(
        error.status_code, "refused"
    )
    words = TITLES.get(error.status_code, "It did not work") + "."
    return answer(request, Problem(error.status_code, code, words, headers=error.headers))


async def _bug(request: Request, error: Exception) -> Response:
    # The traceback goes to the log without local variables: they hold what was typed.
    log.error("bug", exc_info=(type(error), error, error.__traceback__))
    words = "This is a fault of ours. The reference finds it in our log."
    return answer(request, Problem(500, "our_fault", words))
