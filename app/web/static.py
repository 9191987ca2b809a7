"""Static files, read or made and compressed once at start, served from memory with an ETag."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.web.problems import not_found

_MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".ts": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
# What hosts load from another site, some with COEP, some as a module; only our pages load the rest.
_FOR_HOSTS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True)
class _File:
    body: bytes
    packed: bytes
    headers: dict[str, str]


class StaticFiles:
    """The files of one folder by name."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            file.name: _packed(file.name, file.read_bytes())
            for file in sorted(folder.iterdir())
            if file.suffix in _MEDIA
        }

    def add(self, name: str, body: bytes) -> str:
        """Serve one more file, made at start; its address."""
        self._files[name] = _packed(name, body)
        return self.address(name)

    def address(self, name: str) -> str:
        """The path of a file, with its version, so that browsers may keep it for ever."""
        return f"/static/v1/{name}?{self._files[name].headers['ETag'][1:9]}"

    def router(self) -> APIRouter:
        """The route that serves them."""
        router = APIRouter()
        router.add_api_route("/static/v1/{name}", self._serve, include_in_schema=False)
        return router

    async def _serve(self, name: str, request: Request) -> Response:
        file = self._files.get(name)
        if file is None:
            raise not_found()
        # A versioned address never changes its content; the plain one is what hosts write.
        kept = "public, max-age=31536000, immutable" if request.url.query else "public, max-age=300"
        headers = file.headers | {"Cache-Control": kept}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"})
        return Response(file.body, headers=headers)


def _packed(name: str, body: bytes) -> _File:
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Content-Type": _MEDIA[Path(name).suffix],
        "Vary": "Accept-Encoding",
    }
    if name.startswith("embed."):
        headers |= _FOR_HOSTS
    return _File(body, gzip.compress(body, 9, mtime=0), headers)
