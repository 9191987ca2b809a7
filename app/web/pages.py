"""The widget's pages as values of templates: form, picker, states. Which one is widget's."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from app.catalogue.model import ConnectionType
from app.connect.allowed import Offer, types_for
from app.connect.results import Order, Passed, Refused, Result, Saved, Working
from app.connect.session import ConnectSession
from app.forms.form import Form
from app.web.rooms import Rooms


class Pages:
    """Pages of one session in one layout, for one request."""

    def __init__(self, request: Request, rooms: Rooms, session: ConnectSession, token: str) -> None:
        self._request = request
        self._rooms = rooms
        self._session = session
        self._token = token
        # A frame says so itself; without that header (old browsers) the hosted page is a safe
        # guess, because it differs only in what stands around the form.
        framed = request.headers.get("sec-fetch-dest") == "iframe"
        self._layout = "frame" if framed else "hosted"

    async def first(self) -> Response:
        """What a session begins with: its form, or the picker when there is a choice."""
        types = types_for(self._session, self._rooms.catalogue)
        if len(types) == 1:
            return self.form(await self.opened(types[0].key))
        return self.picker(types)

    async def opened(
        self,
        type_key: str,
        method_key: str | None = None,
        typed: Mapping[str, Any] | None = None,
        code: str | None = None,
    ) -> Form:
        """A form that was not submitted yet. Raises NotOffered."""
        return await self._rooms.openings.form(
            self._session, type_key, method_key, typed=typed, code=code
        )

    def picker(self, types: Iterable[ConnectionType], query: str = "") -> Response:
        """The list of types to choose from; `query` filters it on the server."""
        found = [kind for kind in types if query.casefold() in _searched(kind)]
        return self._page(
            "picker.html",
            types=found,
            categories=sorted({kind.category for kind in found}),
            query=query,
            state=self._config(None),
            token=self._token,
        )

    def form(self, form: Form, status: int = 200, passed: bool = False) -> Response:
        """A form; `passed`: a test of it was just accepted."""
        kind = self._rooms.catalogue[form.type]
        many = len(types_for(self._session, self._rooms.catalogue)) > 1
        return self._page(
            "form.html",
            status=status,
            form=form,
            tile=kind.tile,
            category=kind.category,
            passed=passed,
            many=many,
            reconnect=self._session.connection_id is not None,
            return_url=self._session.return_url,
            state=self._config(form),
            token=self._token,
            step_url="/connect/step",
        )

    async def outcome(self, result: Result | Passed, order: Order, offered: Offer) -> Response:
        """What came of a submit or a test."""
        if isinstance(result, Passed):
            form = await self.opened(order.type, order.method, order.typed)
            return self.form(form, passed=True)
        if isinstance(result, Refused):
            return self.form(result.form, result.status)
        return self.state_of(result, offered.type)

    def state_of(self, result: Saved | Working, kind: ConnectionType) -> Response:
        """Connected, or still at work."""
        if isinstance(result, Working):
            return self.state(f"working_{result.state}", kind, status=202)
        record = result.connection
        short = {
            "id": record.id,
            "connection_type": record.connection_type,
            "name": record.name,
        }
        return self.state("connected", kind, connection=short, receipt=result.receipt)

    def state(
        self,
        name: str,
        kind: ConnectionType | None = None,
        *,
        status: int = 200,
        connection: dict[str, str] | None = None,
        receipt: str | None = None,
    ) -> Response:
        """One sheet with a sentence in place of a form."""
        saved = {"connection": connection, "receipt": receipt} if receipt else {}
        return self._page(
            "state.html",
            status=status,
            kind=name,
            title=kind.title if kind else "",
            type=kind.key if kind else "",
            connection=connection,
            return_url=self._session.return_url,
            origin=None,
            state=self._config(None) | {"kind": name} | saved,
            token=self._token,
            step_url="/connect/step",
        )

    def _config(self, form: Form | None) -> dict[str, Any]:
        """What widget.js needs to know. It is on the page as JSON: no secret of ours is in it."""
        session = self._session
        config: dict[str, Any] = {
            "token": self._token,
            "origins": list(session.origins),
            "framed": self._layout == "frame",
        }
        if form is not None:
            config |= {"type": form.type, "method": form.method, "submit": form.submit}
        return config

    def _page(self, template: str, status: int = 200, **context: Any) -> Response:
        framed = self._layout == "frame"
        return self._rooms.renderer.page(
            template,
            self._request,
            session=self._session,
            layout=self._layout,
            ancestors=self._session.origins if framed else (),
            status=status,
            **context,
        )


def _searched(kind: ConnectionType) -> str:
    return f"{kind.title} {kind.summary} {kind.category} {kind.key}".casefold()
