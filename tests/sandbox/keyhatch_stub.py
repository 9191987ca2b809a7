"""A Keyhatch that answers the host as the public contract says, and remembers what it was asked."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

HOST_KEY = "a-host-key-of-the-tests-with-enough-characters"
FIELDS = [
    {"name": "store", "label": "Store name", "secret": False},
    {"name": "token", "label": "Access token", "secret": True},
]
FORM = {"method": "token", "methods": [{"key": "token", "title": "Token"}], "fields": FIELDS}
SHOPIFY = {
    "key": "shopify",
    "title": "Shopify",
    "summary": "Orders of a store",
    "forms": [FORM],
}
CONNECTION = {"id": "con_1", "connection_type": "shopify", "name": "Shopify - Enzo"}


class KeyhatchStub:
    """Change `end_user` or `status`, and the next answer has it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.keys: set[str | None] = set()
        self.end_user = "enzo"
        self.status = 200
        self.app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "DELETE"])]
        )

    async def _answer(self, request: Request) -> Response:
        body = await request.json() if await request.body() else None
        self.asked.append((request.method, request.url.path, body))
        self.keys.add(request.headers.get("authorization"))
        if self.status != 200:
            problem = {"code": "host_key_unknown", "detail": "The host key is not known."}
            return JSONResponse(problem, self.status)
        if request.method == "DELETE":
            return Response(status_code=204)
        return JSONResponse(self._found(request.url.path))

    def _found(self, path: str) -> Any:
        session = {
            "id": "ses_1",
            "token": "a-session-token",
            "embed_url": "https://connect.example",
            "hosted_url": "https://connect.example/c/code",
        }
        proof = {"session_id": "ses_1", "end_user_id": self.end_user, "connection": CONNECTION}
        return {
            "/v1/connection-types": {"connection_types": [{"key": "shopify"}]},
            "/v1/connection-types/shopify": SHOPIFY,
            "/v1/connect-sessions": session,
            "/v1/receipts/verify": proof,
            "/v1/connections": {"connections": [CONNECTION], "next": None},
        }[path]
