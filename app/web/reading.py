"""Reads bodies strictly: kind, size, depth, doubles, encoding. What fields mean is for others."""

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.routing import APIRoute

from app.web.problems import Problem

LARGEST = 64 * 1024
_DEEPEST = 16
_MOST_MEMBERS = 400
_MOST_DIGITS = 20


def _unreadable(words: str) -> Problem:
    return Problem(400, "unreadable", words)


async def body_of(request: Request, kind: str) -> bytes:
    """The raw body. 415 for another kind, 413 above 64 KiB, before more of it is read."""
    given = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if given != kind or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "wrong_content_type", f"The body must be {kind}.")
    too_large = Problem(413, "too_large", "The body may have at most 64 KiB.")
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise too_large
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """An urlencoded form. A doubled name is refused: which of the two was meant is a guess."""
    raw = await body_of(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_MEMBERS,
        )
    except ValueError:
        raise _unreadable("The form cannot be read.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise _unreadable("The form has a field twice.")
    return dict(pairs)


async def read_json(request: Request) -> Any:
    """A JSON value, read strictly: UTF-8 without a mark, no doubled names, no NaN, 16 deep."""
    raw = await body_of(request, "application/json")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("The JSON is not UTF-8.") from None
    _refuse_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer
        )
    except (ValueError, RecursionError):
        raise _unreadable("The body is not JSON that we take.") from None
    _refuse_surrogates(text, value)
    return value


def _refuse_depth(text: str) -> None:
    # Counted before parsing: a deep nest would end in a RecursionError deep inside the parser.
    depth, quoted, skip = 0, False, False
    for sign in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = sign == "\\", sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise _unreadable("The JSON is nested too deep.")
        elif sign in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > _MOST_MEMBERS or len({name for name, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def _constant(_name: str) -> Any:
    raise ValueError


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError
    return int(digits)


def _refuse_surrogates(text: str, value: Any) -> None:
    # Only an escape can make one; encoding the value again would fail later, as a fault of ours.
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise _unreadable("The JSON holds half a sign.") from None


class _StrictRequest(Request):
    async def json(self) -> Any:
        return await read_json(self)

    async def body(self) -> bytes:
        # FastAPI reads the body first and hands it to json(): keep what was read for it.
        if not hasattr(self, "_body"):
            self._body = await body_of(self, "application/json")
        return self._body


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly; FastAPI then checks it against the model."""

    def get_route_handler(self) -> Any:
        """FastAPI's handler, on a request that reads strictly."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Any:
            return await inner(_StrictRequest(request.scope, request.receive))

        return handler
