"""Reads the `http` or `rest` part of a virtual export into one shape; refuses the rest by name."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.integrator.errors import invalid, not_emulated
from sandbox.integrator.model_shape import Shapes, adaptor_of, http_method, only, pairs
from sandbox.integrator.outgoing import Rules
from sandbox.integrator.paths import Document

DEFAULT_PAGE_SIZE = 20
# `asynchronous` was asked for by the old documents and means nothing now.
COMMON: Shapes = {
    "asynchronous": bool,
    "pageSize": int,
    "type": str,
    "test": dict,
    "name": str,
    "_id": str,
    "_connectionId": str,
}
HTTP: Shapes = {
    "relativeURI": str,
    "method": str,
    "body": str,
    "headers": list,
    "requestMediaType": str,
    "successMediaType": str,
    "errorMediaType": str,
    "response": dict,
    "paging": dict,
}
HTTP_RESPONSE: Shapes = {
    "resourcePath": str,
    "successPath": str,
    "successValues": list,
    "failPath": str,
    "failValues": list,
    "errorPath": str,
}
HTTP_PAGING: Shapes = {
    "method": str,
    "page": int,
    "skip": int,
    "token": str,
    "path": str,
    "pathLocation": str,
    "relativeURI": str,
    "lastPageStatusCode": int,
    "lastPagePath": str,
    "lastPageValues": list,
    "maxPagePath": str,
    "maxCountPath": str,
    "linkHeaderRelation": str,
}
HTTP_METHODS = {
    "page": "page",
    "skip": "skip",
    "token": "token",
    "linkheader": "link",
    "url": "url",
}
REST: Shapes = {
    "relativeURI": str,
    "method": str,
    "postBody": str,
    "headers": list,
    "resourcePath": str,
    "successPath": str,
    "successValues": list,
    "pagingMethod": str,
    "nextPagePath": str,
    "pageArgument": str,
    "skipArgument": str,
    "maxPagePath": str,
    "maxCountPath": str,
    "linkHeaderRelation": str,
}
REST_METHODS = {
    "pageargument": "page",
    "skipargument": "skip",
    "linkheader": "link",
    "nextpageurl": "url",
}


@dataclass(frozen=True)
class Paging:
    """How to get from one page of the source to the next.

    `method` is page, skip, token, link or url. `argument` is a query parameter that carries the
    number (rest); without one a placeholder in the address or body carries it (http).
    """

    method: str
    start: int = 0
    first_token: str = ""
    path: str = ""
    in_header: bool = False
    argument: str | None = None
    relative_uri: str | None = None
    relation: str = "next"
    last_status: int | None = None
    last_path: str | None = None
    last_values: tuple[str, ...] = ()
    max_page_path: str | None = None
    max_count_path: str | None = None


@dataclass(frozen=True)
class Source:
    """What to ask the source application for, whatever the connection's type calls it."""

    relative_uri: str
    method: str = "GET"
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str | None = None
    resource_path: str | None = None
    rules: Rules = field(default_factory=Rules)
    paging: Paging | None = None


def source_of(export: Any, kind: str) -> Source:
    """Read an export for a connection of type `kind`. Raises Refusal (422)."""
    adaptor = adaptor_of(export, "export", kind, COMMON)
    check_type(export)
    if kind == "http":
        return _http(adaptor)
    if kind == "rest":
        return _rest(adaptor)
    raise not_emulated(f"exports of type {kind}")


def check_type(export: Document) -> None:
    """An export of everything, or a test with a limit; nothing that remembers or changes."""
    if export.get("type") not in (None, "", "test"):
        raise not_emulated(f"the export type {export['type']}")
    only(export.get("test") or {}, {"limit": int}, "test")


def page_size(export: Document) -> int:
    """The records of a page."""
    size: int = export.get("pageSize") or DEFAULT_PAGE_SIZE
    if size < 1:
        raise invalid("pageSize", "pageSize is a number of records.")
    return size


def _http(adaptor: Document) -> Source:
    only(adaptor, HTTP, "http")
    response, paging = adaptor.get("response") or {}, adaptor.get("paging") or {}
    only(response, HTTP_RESPONSE, "http.response")
    for key in ("successMediaType", "errorMediaType"):
        if adaptor.get(key) not in (None, "", "json"):
            raise not_emulated(f"http.{key} {adaptor[key]}")
    return Source(
        relative_uri=adaptor.get("relativeURI") or "",
        method=http_method(adaptor.get("method") or "GET"),
        body=adaptor.get("body"),
        headers=pairs(adaptor.get("headers")),
        media_type=adaptor.get("requestMediaType"),
        resource_path=response.get("resourcePath"),
        rules=Rules(
            response.get("successPath"),
            response.get("successValues") or (),
            response.get("failPath"),
            response.get("failValues") or (),
            response.get("errorPath"),
        ),
        paging=_http_paging(paging, adaptor) if paging.get("method") else None,
    )


def _http_paging(paging: Document, adaptor: Document) -> Paging:
    only(paging, HTTP_PAGING, "http.paging")
    method = HTTP_METHODS.get(paging["method"])
    if method is None:
        raise not_emulated(f"http.paging.method {paging['method']}")
    templates = [paging.get("relativeURI"), adaptor.get("relativeURI"), adaptor.get("body")]
    placed = any(f"export.http.paging.{method}" in str(text) for text in templates)
    # Without a placeholder every page would be the first one, for ever.
    if method in ("page", "skip", "token") and not placed:
        raise invalid("http.paging", f"Nothing holds {{{{export.http.paging.{method}}}}}.")
    return Paging(
        method=method,
        start=paging.get("skip" if method == "skip" else "page") or int(method == "page"),
        first_token=paging.get("token") or "",
        path=paging.get("path") or "",
        in_header=paging.get("pathLocation") == "header",
        relative_uri=paging.get("relativeURI"),
        relation=paging.get("linkHeaderRelation") or "next",
        last_status=paging.get("lastPageStatusCode"),
        last_path=paging.get("lastPagePath"),
        last_values=tuple(paging.get("lastPageValues") or ()),
        max_page_path=paging.get("maxPagePath"),
        max_count_path=paging.get("maxCountPath"),
    )


def _rest(adaptor: Document) -> Source:
    only(adaptor, REST, "rest")
    return Source(
        relative_uri=adaptor.get("relativeURI") or "",
        method=http_method(adaptor.get("method") or "GET"),
        body=adaptor.get("postBody"),
        headers=pairs(adaptor.get("headers")),
        resource_path=adaptor.get("resourcePath"),
        rules=Rules(adaptor.get("successPath"), adaptor.get("successValues") or ()),
        paging=_rest_paging(adaptor) if adaptor.get("pagingMethod") else None,
    )


def _rest_paging(adaptor: Document) -> Paging:
    method = REST_METHODS.get(adaptor["pagingMethod"])
    if method is None:
        raise not_emulated(f"rest.pagingMethod {adaptor['pagingMethod']}")
    arguments = {"page": adaptor.get("pageArgument"), "skip": adaptor.get("skipArgument")}
    return Paging(
        method=method,
        start=int(method == "page"),
        path=adaptor.get("nextPagePath") or "",
        argument=(arguments.get(method) or method) if method in arguments else None,
        relation=adaptor.get("linkHeaderRelation") or "next",
        max_page_path=adaptor.get("maxPagePath"),
        max_count_path=adaptor.get("maxCountPath"),
    )
