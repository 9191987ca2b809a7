"""Pages: Jinja2 with autoescape, strict about names. What goes into a page is the faces' affair."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.connect.session import ConnectSession
from app.forms.messages import direction
from app.settings import Settings
from app.web.security import page_policy
from app.web.static import StaticFiles

_HERE = Path(__file__).parents[1]
# What words.json was translated to.
_LANGUAGES = ("en",)


def folder(name: str) -> Path:
    """Where templates or static files are: beside the code when installed, else at the top.

    An editable install does not copy what the wheel includes by force, hence both.
    """
    packed = _HERE / f"_{name}"
    return packed if packed.is_dir() else _HERE.parent / name


class Renderer:
    """Makes pages with their Content-Security-Policy."""

    def __init__(self, settings: Settings, static: StaticFiles) -> None:
        self._settings = settings
        self._pages = Environment(
            loader=FileSystemLoader(folder("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
        # A page that holds a token travels uncompressed: no byte for spaces and escapes.
        self._pages.policies["json.dumps_kwargs"] = {
            "separators": (",", ":"),
            "ensure_ascii": False,
        }
        self._pages.globals["static"] = static.address
        self._pages.filters["bold"] = bold
        said = {language: self._publish(static, language) for language in _LANGUAGES}
        self._pages.globals["words"] = lambda language: said.get(language, said["en"])

    def _publish(self, static: StaticFiles, language: str) -> str:
        """The sentences of scripts as a file beside them, the same for everybody; its address."""
        body = self._pages.get_template("words.json").render()
        return static.add(f"words.{language}.json", body.encode())

    def page(
        self,
        template: str,
        request: Request,
        *,
        session: ConnectSession | None = None,
        layout: str = "hosted",
        ancestors: Iterable[str] = (),
        status: int = 200,
        **context: Any,
    ) -> Response:
        """Render a template. `ancestors`: the origins that may frame it; none by default."""
        nonce = secrets.token_urlsafe(16)
        theme = (session.theme if session else None) or {}
        language = (session.locale if session else None) or "en"
        page = {
            "lang": language,
            "dir": direction(language),
            "scheme": theme.get("scheme", ""),
            "theme": theme or None,
            "nonce": nonce,
            "layout": layout,
            "reference": request.scope["state"]["reference"],
            "host_name": self._settings.host_name,
            "end_user_name": session.end_user_name if session else None,
            "origin_host": self._settings.public_url.split("://", 1)[1],
            "privacy_url": self._settings.privacy_url,
            "help_url": self._settings.help_url,
        }
        body = self._pages.get_template(template).render(page=page, **context)
        headers = {
            "Content-Security-Policy": page_policy(nonce, ancestors),
            # A host with COEP may frame us; we load nothing but our own files.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
        }
        if layout == "hosted":  # browsers ignore it in a frame
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return HTMLResponse(body, status, headers)


def bold(text: str) -> list[tuple[str, bool]]:
    """Split ``**words of another product**`` from the rest: (text, whether it is bold)."""
    return [(part, bool(n % 2)) for n, part in enumerate(text.split("**")) if part]
