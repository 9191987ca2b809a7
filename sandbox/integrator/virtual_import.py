"""Virtual imports for http and rest: each record mapped, sent, and answered by a row of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sandbox.integrator.errors import Refusal, entry, invalid, missing, not_emulated
from sandbox.integrator.mapping import mapped
from sandbox.integrator.model_shape import Shapes, adaptor_of, http_method, only, pairs
from sandbox.integrator.outgoing import Answer, Rules, Run, fetch
from sandbox.integrator.paths import ABSENT, Document, read
from sandbox.integrator.reach.http import Request
from sandbox.integrator.templates import as_text, fill, for_address, for_json, inert

ONE = (str, list)  # a list with one entry, or the entry itself
COMMON: Shapes = {"mapping": dict, "name": str, "_id": str, "_connectionId": str}
HTTP: Shapes = {
    "relativeURI": ONE,
    "method": ONE,
    "body": ONE,
    "headers": list,
    "requestType": ONE,
    "batchSize": int,
    "ignoreExtract": str,
    "requestMediaType": str,
    "successMediaType": str,
    "errorMediaType": str,
    "response": dict,
}
HTTP_RESPONSE: Shapes = {
    "resourcePath": ONE,
    "resourceIdPath": ONE,
    "successPath": ONE,
    "successValues": list,
    "failPath": ONE,
    "failValues": list,
    "errorPath": str,
}
REST: Shapes = {
    "relativeURI": ONE,
    "method": ONE,
    "body": ONE,
    "headers": list,
    "ignoreExtract": str,
    "responseIdPath": ONE,
    "successPath": ONE,
    "successValues": list,
}


@dataclass(frozen=True)
class Destination:
    """How each record is sent, whatever the connection's type calls it."""

    relative_uri: str
    method: str
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "json"
    ignore: str | None = None
    resource_path: str | None = None
    id_path: str | None = None
    rules: Rules = field(default_factory=Rules)


async def import_records(run: Run, model: Any, data: Any) -> list[Document]:
    """One row for each record, in order; a record that fails is a row with `errors`.

    Raises Refusal (422) for a model that is wrong or holds what is not emulated.
    """
    destination = destination_of(model, run.document)
    records = _records(data)
    rows: list[Document] = []
    for record in records:
        if run.document.get("offline"):
            errors = [entry("connection_offline", "The connection is offline.")]
            rows.append({"statusCode": 403, "errors": _from_platform(errors)})
        elif _ignored(destination, record):
            rows.append({"statusCode": 200, "ignored": True})
        else:
            rows.append(await _imported(run, destination, model.get("mapping"), record))
    return rows


def _ignored(destination: Destination, record: Document) -> bool:
    found = read(record, destination.ignore) if destination.ignore else ABSENT
    return found is not ABSENT and bool(found)


def map_records(model: Any, document: Document, data: Any) -> list[Document]:
    """The records after the mapping; nothing is sent anywhere."""
    destination_of(model, document)
    return [mapped(record, model.get("mapping")) for record in _records(data)]


def destination_of(model: Any, document: Document) -> Destination:
    """Read an import for a connection. Raises Refusal (422)."""
    kind = document["type"]
    adaptor = adaptor_of(model, "import", kind, COMMON)
    if kind == "http":
        return _http(adaptor, document)
    if kind == "rest":
        return _rest(adaptor, document)
    raise not_emulated(f"imports of type {kind}")


async def _imported(run: Run, destination: Destination, mapping: Any, record: Document) -> Document:
    try:
        request = _request(destination, mapped(record, mapping), record)
    except Refusal as refusal:
        if any(error["code"] == "not_emulated" for error in refusal.errors):
            raise
        return {"statusCode": 422, "errors": _from_platform(refusal.errors)}
    return _row(await fetch(run, request, destination.rules), destination)


def _request(destination: Destination, sent: Document, record: Document) -> Request:
    # A name in the address or body may be one of the mapped record or one of the record as it came.
    names: Mapping[str, Any] = record | sent

    def find(name: str) -> Any:
        return read(names, name.removeprefix("record."))

    address = fill(destination.relative_uri, find, for_address)
    if destination.method in ("GET", "DELETE"):
        body = None
    elif destination.body is not None:
        body = fill(destination.body, find, for_json)
    else:
        body = _encoded(sent, destination.media_type)
    return Request(address, destination.method, body, destination.headers, destination.media_type)


def _encoded(record: Document, media_type: str) -> str:
    if media_type == "urlencoded":
        return urlencode({key: as_text(value) for key, value in record.items()})
    return inert(json.dumps(record))


def _row(answer: Answer, destination: Destination) -> Document:
    if answer.errors:
        status = 403 if answer.auth_failed else 422
        return {"statusCode": status, "errors": list(answer.errors)}
    row: Document = {"statusCode": 200}
    resource = read(answer.body, destination.resource_path or "")
    paths = [destination.id_path] if destination.id_path else ["id", "_id"]
    for path in paths:
        if (found := read(resource, path)) is not ABSENT:
            row["id"] = as_text(found)
            break
    if isinstance(answer.body, dict | list):
        row["_json"] = answer.body
    return row


def _from_platform(errors: list[Document]) -> list[Document]:
    return [error | {"source": "integrator.io"} for error in errors]


def _records(data: Any) -> list[Document]:
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise invalid("data", "data is a list of records.")
    return data


def _http(adaptor: Document, document: Document) -> Destination:
    only(adaptor, HTTP, "http")
    response = adaptor.get("response") or {}
    only(response, HTTP_RESPONSE, "http.response")
    if adaptor.get("batchSize") not in (None, 1):
        raise not_emulated("http.batchSize above 1")
    for key in ("successMediaType", "errorMediaType"):
        if adaptor.get(key) not in (None, "", "json"):
            raise not_emulated(f"http.{key} {adaptor[key]}")
    rules = Rules(
        _one(response, "successPath"),
        _values(response, "successValues"),
        _one(response, "failPath"),
        _values(response, "failValues"),
        response.get("errorPath"),
    )
    media_type = adaptor.get("requestMediaType") or document["http"]["mediaType"]
    return _destination(adaptor, media_type, rules, response, "resourceIdPath")


def _rest(adaptor: Document, document: Document) -> Destination:
    only(adaptor, REST, "rest")
    rules = Rules(_one(adaptor, "successPath"), _values(adaptor, "successValues"))
    media_type = document["rest"]["mediaType"]
    return _destination(adaptor, media_type, rules, adaptor, "responseIdPath")


def _destination(
    adaptor: Document, media_type: str, rules: Rules, response: Document, id_key: str
) -> Destination:
    relative_uri, method = _one(adaptor, "relativeURI"), _one(adaptor, "method")
    if relative_uri is None or not method:
        raise Refusal(422, missing("relativeURI" if relative_uri is None else "method"))
    if media_type not in ("json", "urlencoded"):
        raise not_emulated(f"imports as {media_type}")
    return Destination(
        relative_uri=relative_uri,
        method=http_method(method),
        body=_one(adaptor, "body"),
        headers=pairs(adaptor.get("headers")),
        media_type=media_type,
        ignore=adaptor.get("ignoreExtract"),
        resource_path=_one(response, "resourcePath"),
        id_path=_one(response, id_key),
        rules=rules,
    )


def _one(model: Document, key: str) -> str | None:
    """The value of a list with one entry. Two are a composite: create here, update there."""
    value = model.get(key)
    values = value if isinstance(value, list) else [value]
    if len(values) > 1:
        raise not_emulated(f"more than one {key}")
    if values and values[0] is not None and not isinstance(values[0], str):
        raise invalid(key, f"{key} holds text.")
    return values[0] if values else None


def _values(model: Document, key: str) -> list[Any]:
    values = model.get(key) or []
    nested = bool(values) and isinstance(values[0], list)
    return list(values[0]) if nested else list(values)
