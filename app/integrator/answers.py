"""What an answer of integrator.io means: a value, an error of the tree, the next page.

Pure: status, headers and bytes in, values or errors out. What a ping's answer says about the
target is `forms.outcome`'s to judge.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpx

from app.forms.outcome import problems_in
from app.integrator.calls import Call, CallKind, is_id
from app.integrator.errors import (
    Conflict,
    Ill,
    InDoubt,
    IntegratorError,
    Invalid,
    NotFound,
    RateLimited,
    TokenRefused,
    Unreadable,
)

# Longer than this nobody waits in front of a form; a larger value may also be an attack.
LONGEST_RETRY_AFTER = 60.0

_PARAMETER = r';\s*([\w!#$%&+.^`|~-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s",;<>]*)))?'
_LINK = re.compile(rf"<([^<>]*)>((?:\s*{_PARAMETER})*)")
_EACH_PARAMETER = re.compile(_PARAMETER)


@dataclass(frozen=True)
class Answer:
    """A whole answer as it came. Its body never shows in a `repr`."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)


def unanswered(call: Call, reason: str, status: int | None = None) -> IntegratorError:
    """The error for a request that went out and got no usable answer."""
    return (InDoubt if call.writes else Ill)(reason, status=status)


def garbled(call: Call, reason: str, status: int | None = None) -> IntegratorError:
    """The error for an answer that is not what this API says."""
    return (InDoubt if call.writes else Unreadable)(reason, status=status)


def checked(call: Call, answer: Answer) -> Answer:
    """The answer, if its status is a success; raises what the status means otherwise.

    A ping that is refused with a reason (400, 422) passes: for it that is a value.
    """
    status = answer.status
    if 200 <= status < 300:
        return answer
    if 400 <= status < 500:
        return _refused(call, answer)
    if status >= 500:
        raise unanswered(call, "server_error", status)
    raise garbled(call, "redirect" if status >= 300 else "bad_status", status)


def value(call: Call, answer: Answer) -> Any:
    """The JSON of an answer; None when it is empty, as a 204 and an old empty 200 are."""
    if answer.status == 204 or not answer.body.strip():
        return None
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise garbled(call, "encoded", answer.status)
    parsed = _parse(answer.body)
    if parsed is _NOT_JSON:
        raise garbled(call, "not_json", answer.status)
    return parsed


def document(call: Call, answer: Answer, *, empty: dict[str, Any] | None = None) -> dict[str, Any]:
    """The one JSON object of an answer; `empty` stands for an empty answer, where one is known."""
    found = value(call, answer)
    if found is None:
        found = empty
    if not isinstance(found, dict):
        raise garbled(call, "wrong_shape", answer.status)
    return found


def saved(call: Call, answer: Answer) -> dict[str, Any]:
    """The stored document. One without a usable ``_id`` leaves the write in doubt."""
    found = document(call, answer)
    if not is_id(found.get("_id")):
        raise garbled(call, "no_id", answer.status)
    return found


def rows(call: Call, answer: Answer) -> list[dict[str, Any]]:
    """The objects of a list page; no content means none, never an empty array."""
    found = value(call, answer)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise garbled(call, "wrong_shape", answer.status)
    return found


def records(call: Call, answer: Answer) -> dict[str, Any] | list[Any]:
    """What an export or import brings: an object or an array, whatever is in it."""
    found = value(call, answer)
    if not isinstance(found, dict | list):
        raise garbled(call, "wrong_shape", answer.status)
    return found


def text(call: Call, answer: Answer) -> str:
    """A plain text answer, as the debug log is; broken letters are replaced."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise garbled(call, "encoded", answer.status)
    return answer.body.decode("utf-8", "replace")


def next_target(base: httpx.URL, call: Call, answer: Answer) -> str | None:
    """Path and query of the next page, from ``Link``; None on the last page.

    Only those two are taken, so the token cannot follow a link to another host; a link that
    points to one is refused, since following it half would list something else.
    """
    link = _next_link(", ".join(answer.headers.get_list("Link")))
    if link is None:
        return None
    try:
        url = base.copy_with(raw_path=call.target.encode("ascii")).join(link)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if (url.host, url.port) != (base.host, base.port) or url.scheme not in {"http", "https"}:
        raise garbled(call, "foreign_link", answer.status)
    return url.raw_path.decode("ascii")


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait, from whole seconds or an HTTP date; None when it says neither."""
    if header is None:
        return None
    header = header.strip()
    if header.isascii() and header.isdecimal():
        return LONGEST_RETRY_AFTER if len(header) > 9 else min(float(header), LONGEST_RETRY_AFTER)
    try:
        then = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    wait = then.replace(tzinfo=then.tzinfo or UTC) - (now or datetime.now(UTC))
    return min(max(wait.total_seconds(), 0.0), LONGEST_RETRY_AFTER)


def _refused(call: Call, answer: Answer) -> Answer:
    status = answer.status
    if status in {401, 403}:
        raise TokenRefused("unauthorized" if status == 401 else "forbidden", status=status)
    if status == 404:
        raise NotFound("not_found", status=status)
    if status == 429:
        raise RateLimited(retry_after(answer.headers.get("Retry-After")))
    if status in {408, 425}:
        raise unanswered(call, "server_error", status)
    if status == 409 and call.kind is CallKind.CREATE:
        # Names and externalIds need not be unique, so this can only be about an earlier copy.
        raise InDoubt("conflict", status=status)
    return _with_problems(call, answer)


def _with_problems(call: Call, answer: Answer) -> Answer:
    said = _parse(answer.body)
    if (
        call.kind is CallKind.PING
        and answer.status in {400, 422}
        and said
        and said is not _NOT_JSON
    ):
        return answer
    errors = tuple(problems_in(said))
    in_use = answer.status == 409 or any(entry.code == "resource_in_use" for entry in errors)
    kind, reason = (Conflict, "in_use") if in_use else (Invalid, "refused")
    raise kind(reason, status=answer.status, errors=errors)


_NOT_JSON = object()


def _parse(body: bytes) -> Any:
    """The JSON of some bytes or `_NOT_JSON`: an error of the parser would hold the whole text."""
    try:
        return _DECODER.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return _NOT_JSON


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


# NaN and Infinity are Python's, not JSON's; they would break whoever reads what we pass on.
_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _next_link(header: str) -> str | None:
    for link in _LINK.finditer(header):
        for name, quoted, bare in _EACH_PARAMETER.findall(link[2]):
            if name.lower() == "rel" and "next" in (quoted or bare).lower().split():
                return link[1]
    return None
