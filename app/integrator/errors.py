"""What can go wrong between us and integrator.io, as one small tree.

IntegratorError
├─ NotSent          nothing reached integrator.io
│  └─ Busy          too many calls here already: nothing was even tried
├─ InDoubt          a write went out and no usable answer came back
├─ TokenRefused     401, 403: integrator.io does not take our own token
├─ NotFound         404
├─ Invalid          400, 422 and every other definite refusal
├─ Conflict         409, and 422 for something that is in use
├─ RateLimited      429
├─ Ill              a read or a ping without a usable answer: 5xx, cut off, too slow
└─ Unreadable       a read or a ping answered with something that is not the API

After a write (create, replace, patch, delete, import) only `InDoubt` leaves open whether it
happened; every other error of this tree means that it did not. A write never raises `Ill` or
`Unreadable`. What a text of these errors holds is our own words and a status, never a request, a
header or a sentence of integrator.io's: those may repeat a secret.
"""

from typing import ClassVar

from app.forms.outcome import Problem


class IntegratorError(Exception):
    """Anything that keeps integrator.io from doing what was asked.

    `code` names the class for logs and faces, `reason` is one word of ours that says more,
    `status` the HTTP status if there was one, `sent` whether the request may have left us.
    """

    code: ClassVar[str] = "integrator_error"
    sent: ClassVar[bool] = True

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status

    def __str__(self) -> str:
        status = "" if self.status is None else f" (status {self.status})"
        return f"{self.code}: {self.reason}{status}"


class NotSent(IntegratorError):
    """No connection to integrator.io came about. A write did not happen.

    Reasons: refused, unreachable, unknown_host, certificate, tls, connect_timeout.
    """

    code = "integrator_unreachable"
    sent = False


class Busy(NotSent):
    """Too many calls of this kind are under way here. A write did not happen.

    `retry_after` is in seconds.
    """

    code = "busy"

    def __init__(self, retry_after: float) -> None:
        super().__init__("queue_full")
        self.retry_after = retry_after


class InDoubt(IntegratorError):
    """A write went out, and whether it happened is unknown. It must not be sent again blindly.

    Reasons: timed_out, cut_off, server_error, redirect, not_http, not_json, too_large, encoded,
    wrong_shape, no_id, conflict, bad_status.
    """

    code = "integrator_in_doubt"


class TokenRefused(IntegratorError):
    """integrator.io refuses our own token (401, 403). A write did not happen."""

    code = "integrator_token_refused"


class NotFound(IntegratorError):
    """There is no such thing in our account, or the id cannot be one (404)."""

    code = "not_found"


class Invalid(IntegratorError):
    """integrator.io refuses what was sent. A write did not happen.

    `errors` is what it says about it: foreign text, to be scrubbed before anybody sees it.
    """

    code = "integrator_invalid"

    def __init__(self, reason: str, *, status: int, errors: tuple[Problem, ...] = ()) -> None:
        super().__init__(reason, status=status)
        self.errors = errors


class Conflict(Invalid):
    """Something else stands against it, for example a flow that uses the connection."""

    code = "conflict"


class RateLimited(IntegratorError):
    """Our account asked too often (429). A write did not happen.

    `retry_after`: seconds, at most 60, or None when integrator.io names none.
    """

    code = "rate_limited"

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("too_many_requests", status=429)
        self.retry_after = retry_after


class Ill(IntegratorError):
    """A read or a ping got no usable answer; integrator.io or the way to it is at fault.

    Reasons: timed_out, cut_off, server_error.
    """

    code = "integrator_ill"


class Unreadable(IntegratorError):
    """A read or a ping was answered, but not by the API that we know.

    Reasons: not_http, not_json, too_large, encoded, redirect, wrong_shape, bad_status,
    foreign_link, endless_paging.
    """

    code = "integrator_unreadable"


class MaskInDocument(ValueError):
    """A document to send holds ``******`` as a value: upstream would store that as the secret.

    Our own mistake, so it is no `IntegratorError`. The text names the path, never a value.
    """
