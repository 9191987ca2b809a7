"""Reads a source application page by page, by the paging methods that export_model knows.

Cutting what it brings into pages of the asked size is virtual_export's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from sandbox.integrator.errors import not_emulated
from sandbox.integrator.export_model import Paging, Source
from sandbox.integrator.outgoing import Answer, Run, fetch
from sandbox.integrator.paths import ABSENT, Document, read
from sandbox.integrator.reach.http import Request
from sandbox.integrator.templates import as_text, fill, for_address, for_json


@dataclass(frozen=True)
class Place:
    """Where in the source to go on. `used` records of that source page have been handed out."""

    number: int = 0
    token: str = ""
    address: str | None = None
    first: bool = True
    used: int = 0


class SourceRefused(Exception):
    """The source application said no; `errors` are entries for the answer."""

    def __init__(self, *errors: Document) -> None:
        super().__init__("the source application refused")
        self.errors = list(errors)


def beginning(source: Source) -> Place:
    """The first place."""
    paging = source.paging
    return Place(paging.start, paging.first_token) if paging else Place()


async def read_page(run: Run, source: Source, place: Place) -> tuple[list[Any], Place | None]:
    """The records of one source page and the place of the next, None behind the last.

    Raises SourceRefused.
    """
    answer = await fetch(run, _request(source, place), source.rules)
    paging = source.paging
    if paging and paging.last_status is not None and answer.status == paging.last_status:
        return [], None
    if answer.errors:
        raise SourceRefused(*answer.errors)
    records = _records(answer.body, source.resource_path)
    if paging is None or _is_last(paging, place, records, answer.body):
        return records, None
    return records, _next(run, paging, place, records, answer)


def _request(source: Source, place: Place) -> Request:
    paging = source.paging
    address = source.relative_uri
    if paging and paging.relative_uri and not place.first:
        address = paging.relative_uri
    values = _values(paging, place)
    address = fill(address, lambda name: _value(values, name), for_address)
    if paging and paging.argument:
        address += f"{'&' if '?' in address else '?'}{quote(paging.argument)}={place.number}"
    body = source.body
    if body is not None:
        body = fill(body, lambda name: _value(values, name), for_json)
    if place.address is not None:
        address = place.address
    return Request(address, source.method, body, source.headers, source.media_type)


def _values(paging: Paging | None, place: Place) -> Mapping[str, Any]:
    prefix = "export.http.paging."
    if paging is None:
        return {}
    return {prefix + "token": place.token, prefix + paging.method: _own(paging, place)}


def _own(paging: Paging, place: Place) -> Any:
    return place.token if paging.method == "token" else place.number


def _value(values: Mapping[str, Any], name: str) -> Any:
    if name not in values:
        raise not_emulated(f"the value {name}")
    return values[name]


def _records(body: Any, path: str | None) -> list[Any]:
    found = read(body, path) if path else body
    if found is ABSENT or found is None or found == "":
        return []
    return found if isinstance(found, list) else [found]


def _is_last(paging: Paging, place: Place, records: list[Any], body: Any) -> bool:
    if paging.last_path and _tells(read(body, paging.last_path), paging.last_values):
        return True
    if paging.method not in ("page", "skip"):
        return False
    limit = paging.max_page_path if paging.method == "page" else paging.max_count_path
    reached = place.number if paging.method == "page" else place.number + len(records)
    known = read(body, limit) if limit else ABSENT
    return not records or (isinstance(known, int) and reached >= known)


def _tells(value: Any, values: Sequence[str]) -> bool:
    if value is ABSENT:
        return False
    return as_text(value) in values if values else bool(value)


def _next(
    run: Run, paging: Paging, place: Place, records: list[Any], answer: Answer
) -> Place | None:
    onward = replace(place, first=False, used=0)
    if paging.method == "page":
        return replace(onward, number=place.number + 1)
    if paging.method == "skip":
        return replace(onward, number=place.number + len(records))
    found = _pointer(paging, answer)
    if not found:
        return None
    if paging.method == "token":
        return replace(onward, token=found)
    return replace(onward, address=_relative(run, found))


def _pointer(paging: Paging, answer: Answer) -> str:
    if paging.method == "link":
        links = httpx.Response(200, headers=dict(answer.headers)).links
        return str(links.get(paging.relation, {}).get("url", ""))
    if paging.in_header:
        return answer.headers.get(paging.path.lower(), "")
    found = read(answer.body, paging.path)
    return "" if found is ABSENT or found is None else as_text(found)


def _relative(run: Run, address: str) -> str:
    """The address of the next page below the base URI: the credentials go nowhere else."""
    # The source wrote this address: nothing in it may read as a template.
    address = address.replace("{", "%7B")
    kind = run.document["type"]
    base = str(run.document[kind]["baseURI"]).rstrip("/")
    if address.startswith((base + "/", base + "?")):
        return address[len(base) :]
    path = urlsplit(base).path
    if not urlsplit(address).netloc and address.startswith(path + "/"):
        return address[len(path) :]
    message = "The address of the next page is not below the base URI."
    error = {"code": "invalid_next_page", "message": message, "source": "integrator.io"}
    raise SourceRefused(error)
