"""The pages of `GET /connections`: cursor, `Link` header, `limit`, `include` and `exclude`."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from sandbox.integrator.errors import bad_query
from sandbox.integrator.paths import ABSENT, Document, read, remove, write

MOST = 1000
FIELD_LIST = re.compile(r"[A-Za-z0-9_.]+(,[A-Za-z0-9_.]+)*\Z")


@dataclass(frozen=True)
class Page:
    """One page: the rows in the order of creation, and the value of `Link` (empty on the last)."""

    rows: list[Document]
    link: str


def page_of(rows: Sequence[Document], request: Request, size: int, *, skip_paging: bool) -> Page:
    """Cut the page that the request's query asks for; `rows` are masked and sorted by id.

    Raises Refusal (400) for a query that makes no sense.
    """
    limit = _number(request, "limit", size, least=1)
    start = _skipped(request) if skip_paging else _start_after(rows, request)
    part = list(rows[start : start + limit])
    links = []
    if skip_paging and start > 0:
        links.append(_link(request, "prev", skip=max(0, start - limit), limit=limit))
    if start + limit < len(rows):
        where = {"skip": start + limit} if skip_paging else {"after": _cursor(part[-1])}
        links.append(_link(request, "next", **where, limit=limit))
    # The documents' own sample has this odd white space; a client has to cope.
    return Page(_shaped(part, request), ",   ".join(links))


def _start_after(rows: Sequence[Document], request: Request) -> int:
    cursor = request.query_params.get("after")
    if not cursor:
        return 0
    try:
        last = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise bad_query("after is not a cursor of this list.") from error
    # By id and not by place: a row that was deleted meanwhile must not hide its neighbour.
    return sum(1 for row in rows if row["_id"] <= last)


def _skipped(request: Request) -> int:
    return _number(request, "skip", 0, least=0, most=10**9)


def _number(request: Request, name: str, default: int, *, least: int, most: int = MOST) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:12]) <= most:
        raise bad_query(f"{name} is a number from {least} to {most}.")
    return int(text)


def _cursor(row: Document) -> str:
    return base64.urlsafe_b64encode(str(row["_id"]).encode()).decode()


def _link(request: Request, relation: str, **query: str | int) -> str:
    asked = {
        k: request.query_params[k] for k in ("include", "exclude") if k in request.query_params
    }
    # From the Host header: some clients follow the link, some put its path on their own base.
    base = f"{request.url.scheme}://{request.headers.get('host', '')}{request.url.path}"
    return f'<{base}?{urlencode(asked | query)}>;  rel="{relation}"'


def _shaped(rows: list[Document], request: Request) -> list[Document]:
    include, exclude = (_fields(request, name) for name in ("include", "exclude"))
    if include and exclude:
        raise bad_query("include and exclude do not go together.")
    for row in rows:
        for path in exclude:
            remove(row, path)
    return [_only(row, include) for row in rows] if include else rows


def _fields(request: Request, name: str) -> list[str]:
    text = request.query_params.get(name)
    if text is None:
        return []
    if not FIELD_LIST.match(text):
        raise bad_query(f"{name} is a list of field names with commas between them.")
    return text.split(",")


def _only(row: Document, paths: list[str]) -> Document:
    only: Document = {"_id": row["_id"]}
    for path in paths:
        if (value := read(row, path)) is not ABSENT:
            write(only, path, value)
    return only
