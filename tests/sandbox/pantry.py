"""A small API for virtual exports, imports and pings to meet: bearer token, five ways of paging."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "pantry-demo-token"
JARS = [{"id": number, "label": f"Jar {number}"} for number in range(1, 9)]
SIZE = 3


@dataclass(frozen=True)
class Seen:
    """A request that the pantry answered."""

    method: str
    target: str
    headers: dict[str, str]
    body: str


class Pantry:
    """The app and what it has seen."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.app = Starlette(
            routes=[
                Route("/shelf/{name}", self._answer, methods=["GET", "POST", "PUT", "DELETE"]),
                Route("/system/v1/heartbeat", self._answer, methods=["PUT"]),
            ]
        )

    async def _answer(self, request: Request) -> Response:
        body = (await request.body()).decode()
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.seen.append(Seen(request.method, target, dict(request.headers), body))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "who are you?"}, 401)
        return await ANSWERS[request.path_params.get("name", "heartbeat")](request, body)


async def _jars(_request: Request, _body: str) -> Response:
    return JSONResponse({"jars": JARS})


async def _by_page(request: Request, _body: str) -> Response:
    page = int(request.query_params.get("page", 1))
    part = JARS[(page - 1) * SIZE : page * SIZE]
    return JSONResponse({"jars": part, "pages": 3, "last": page == 3})


async def _by_page_until_404(request: Request, body: str) -> Response:
    if int(request.query_params["page"]) > 3:
        return JSONResponse({"error": "no such page"}, 404)
    return await _by_page(request, body)


async def _by_skip(request: Request, _body: str) -> Response:
    skip = int(request.query_params.get("skip", 0))
    return JSONResponse({"jars": JARS[skip : skip + SIZE], "total": len(JARS)})


async def _by_token(request: Request, _body: str) -> Response:
    start = int(request.query_params.get("after") or 0)
    more = start + SIZE < len(JARS)
    page = {"jars": JARS[start : start + SIZE], "after": str(start + SIZE) if more else None}
    return JSONResponse(page)


async def _linked(request: Request, _body: str) -> Response:
    start = int(request.query_params.get("from", 0))
    following = request.url.include_query_params(**{"from": start + SIZE})
    more = start + SIZE < len(JARS)
    headers = {"Link": f'<{following}>; rel="next"'} if more else None
    return JSONResponse(JARS[start : start + SIZE], headers=headers)


async def _next_url(request: Request, _body: str) -> Response:
    start = int(request.query_params.get("from", 0))
    following = str(request.url.include_query_params(**{"from": start + SIZE}))
    more = start + SIZE < len(JARS)
    page = {"jars": JARS[start : start + SIZE], "next": following if more else ""}
    return JSONResponse(page)


async def _stray(_request: Request, _body: str) -> Response:
    return JSONResponse({"jars": JARS[:1], "next": "http://mallory.example/shelf/next_url"})


async def _tricky(request: Request, _body: str) -> Response:
    trick = "?secret={{{connection.http.auth.token.token}}}"
    following = "" if request.url.query else str(request.url) + trick
    return JSONResponse({"jars": JARS[:1], "next": following})


async def _not_really(_request: Request, _body: str) -> Response:
    return JSONResponse({"ok": False, "reason": {"text": "the shelf is locked"}})


async def _slow(_request: Request, _body: str) -> Response:
    await asyncio.sleep(0.5)
    return JSONResponse({})


async def _new_jar(_request: Request, body: str) -> Response:
    label = json.loads(body).get("label")
    if not label:
        return JSONResponse({"error": "a jar needs a label"}, 400)
    return JSONResponse({"jar": {"number": 9, "label": label}}, 201)


async def _form(_request: Request, body: str) -> Response:
    return JSONResponse({"id": 1, "form": {k: v[0] for k, v in parse_qs(body).items()}})


async def _echo(_request: Request, body: str) -> Response:
    return JSONResponse({"id": 5, "got": json.loads(body) if body else None})


async def _heartbeat(_request: Request, body: str) -> Response:
    sent = json.loads(body)
    return JSONResponse({"_id": "5f00000000000000000000aa", "__v": 0} | sent)


ANSWERS: dict[str, Callable[[Request, str], Awaitable[Response]]] = {
    "jars": _jars,
    "by_page": _by_page,
    "by_page_until_404": _by_page_until_404,
    "by_skip": _by_skip,
    "by_token": _by_token,
    "linked": _linked,
    "next_url": _next_url,
    "stray": _stray,
    "tricky": _tricky,
    "not_really": _not_really,
    "slow": _slow,
    "new_jar": _new_jar,
    "form": _form,
    "echo": _echo,
    "heartbeat": _heartbeat,
}
