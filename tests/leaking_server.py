"""Keyhatch with a hole: writes every body to its log. The sweep of test_secrets must find that."""

import os
import sys

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.catalogue.load import load
from app.main import create_app
from app.settings import from_environment


class Leak:
    """Prints each body that it passes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def watching() -> Message:
            message = await receive()
            sys.stdout.write(f"{message.get('body', b'')!r}\n")
            return message

        await self._app(scope, watching, send)


if __name__ == "__main__":
    settings = from_environment(os.environ)
    uvicorn.run(Leak(create_app(settings, load())), port=settings.port, log_level="warning")
