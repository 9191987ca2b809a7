"""The reference of the API as a page of our own: FastAPI's loads its script from a CDN."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.web.rooms import rooms_of

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Every call, made from the same document as `/openapi.json`."""
    document = request.app.openapi()
    calls = list(_calls(document))
    shapes = [_shape(name, s) for name, s in document["components"]["schemas"].items()]
    renderer = rooms_of(request).renderer
    return renderer.page("reference.html", request, calls=calls, shapes=shapes)


def _calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            body = call.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield {
                "method": method.upper(),
                "path": path,
                "words": call.get("description", ""),
                "face": call["tags"][0],
                "takes": _name(body.get("schema", {})),
                "answers": [
                    (status, _answer(response)) for status, response in call["responses"].items()
                ],
            }


def _answer(response: dict[str, Any]) -> str:
    content: dict[str, Any] = next(iter(response.get("content", {}).values()), {})
    return _name(content.get("schema", {}))


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _shape(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        "name": name,
        "words": schema.get("description", ""),
        "fields": [
            (field, _kind(part), field in required)
            for field, part in schema.get("properties", {}).items()
        ],
    }


def _kind(part: dict[str, Any]) -> str:
    options = part.get("anyOf") or [part]
    return " or ".join(_name(option) or _plain(option) for option in options)


def _plain(option: dict[str, Any]) -> str:
    if option.get("type") == "array":
        return f"list of {_name(option['items']) or option['items'].get('type', 'anything')}"
    if "const" in option or "enum" in option:
        return ", ".join(str(value) for value in option.get("enum", [option.get("const")]))
    return str(option.get("type", "anything"))
