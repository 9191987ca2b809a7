"""The face in a browser: the frame's page, the hosted page, and the steps of a form without script.

Success is always our own 200 page: a redirect in answer to a form post would fall to `form-action`.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.model import Field
from app.connect.allowed import NotOffered, Offer, offer, types_for
from app.connect.results import Order, Saved
from app.connect.session import ConnectSession, SessionRefused
from app.web.pages import Pages
from app.web.reading import read_form
from app.web.rooms import Rooms, rooms_of

router = APIRouter(include_in_schema=False)


@router.get("/c/{code}")
async def hosted(code: str, request: Request) -> Response:
    """Who asks for what, and one button. A link preview that opens it spends nothing."""
    rooms = rooms_of(request)
    try:
        session = await rooms.sessions.peek_launch(code)
    except SessionRefused as refused:
        return _ended(request, rooms, refused)
    types = types_for(session, rooms.catalogue)
    return rooms.renderer.page(
        "hosted.html", request, session=session, code=code, types=types, open_url="/connect"
    )


@router.post("/connect")
async def open_widget(request: Request) -> Response:
    """Open the widget: a token from the host's page into a frame, or a launch code of ours."""
    rooms = rooms_of(request)
    form = await read_form(request)
    try:
        if "code" in form:
            return await _launch(request, rooms, form["code"])
        return await _exchange(request, rooms, form.get("token", ""))
    except SessionRefused as refused:
        return _ended(request, rooms, refused)


async def _launch(request: Request, rooms: Rooms, code: str) -> Response:
    # Any page can post to us top-level, where frame-ancestors says nothing: only our button may.
    if request.headers.get("origin") != rooms.settings.origin:
        return _refused(request, rooms)
    opened = await rooms.sessions.launch(code)
    return await Pages(request, rooms, opened.session, opened.page_token).first()


async def _exchange(request: Request, rooms: Rooms, token: str) -> Response:
    """The origin is checked before anything of the session is spent."""
    session = await rooms.sessions.peek(token)
    origin = request.headers.get("origin")
    # `null` comes from hosts with no-referrer; then frame-ancestors decides in the browser.
    if origin not in (*session.origins, rooms.settings.origin, "null"):
        return _refused(request, rooms)
    if request.headers.get("sec-fetch-dest", "iframe") != "iframe":
        return _refused(request, rooms)
    opened = await rooms.sessions.exchange(token)
    return await Pages(request, rooms, opened.session, opened.page_token).first()


@router.post("/connect/step")
async def step(request: Request) -> Response:
    """One step of the form, posted by the page: choose, switch, test, connect, look again."""
    rooms = rooms_of(request)
    form = await read_form(request)
    if request.headers.get("origin") != rooms.settings.origin:
        return _refused(request, rooms)
    control = {name: form.pop(name) for name in list(form) if name.startswith("kh_")}
    try:
        session = await rooms.sessions.page(control.get("kh_page", ""))
        pages = Pages(request, rooms, session, control["kh_page"])
        return await _take(rooms, session, pages, control, form)
    except SessionRefused as refused:
        return await _late(request, rooms, refused, control, form)
    except NotOffered:
        return await pages.first()


async def _take(
    rooms: Rooms,
    session: ConnectSession,
    pages: Pages,
    control: dict[str, str],
    typed: dict[str, str],
) -> Response:
    do = control.get("kh_do", "connect")
    if session.state == "completed":
        return await _completed(rooms, session, pages)
    if "kh_type" not in control or do in ("search", "types"):
        return pages.picker(types_for(session, rooms.catalogue), control.get("kh_q", ""))
    chosen = control.get("kh_method") or control.get("kh_shown")
    offered = offer(session, rooms.catalogue, control["kh_type"], chosen)
    if do == "type" or "kh_method" in control:
        return pages.form(await pages.opened(offered.type.key, chosen, _kept(offered, typed)))
    number = _number(control.get("kh_submit"))
    order = Order(offered.type.key, offered.method.key, _as_typed(offered, typed), number)
    if do == "test":
        return await pages.outcome(await rooms.submits.test(session, order), order, offered)
    if do == "result":
        return await pages.outcome(await rooms.submits.result(session), order, offered)
    return await pages.outcome(await rooms.submits.submit(session, order), order, offered)


async def _completed(rooms: Rooms, session: ConnectSession, pages: Pages) -> Response:
    """Whatever is pressed after success shows success again."""
    result = await rooms.submits.result(session)
    if not isinstance(result, Saved) or result.connection.connection_type not in rooms.catalogue:
        raise SessionRefused("session_completed", session)
    return pages.state_of(result, rooms.catalogue[result.connection.connection_type])


def _kept(offered: Offer, typed: dict[str, str]) -> dict[str, Any]:
    """What was typed for another method, where this one has a field of the name; no secrets."""
    names = {field.name for field in offered.fields if not field.secret}
    return {name: value for name, value in typed.items() if name in names and value}


def _as_typed(offered: Offer, typed: dict[str, str]) -> dict[str, Any]:
    """A form leaves out a box that is not ticked: it is a no, not a missing answer."""
    unticked = {f.name: False for f in offered.fields if _is_box(f) and f.name not in typed}
    return typed | unticked


def _is_box(each: Field) -> bool:
    return each.kind == "boolean"


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 9 else None


async def _late(
    request: Request,
    rooms: Rooms,
    refused: SessionRefused,
    control: dict[str, str],
    typed: dict[str, str],
) -> Response:
    """The session ended while somebody typed: the form stays, says so, keeps what may be kept."""
    session = refused.session
    if session is None or "kh_type" not in control or refused.code == "session_completed":
        return _ended(request, rooms, refused)
    chosen = control.get("kh_method") or control.get("kh_shown")
    try:
        offered = offer(session, rooms.catalogue, control["kh_type"], chosen)
    except NotOffered:
        return _ended(request, rooms, refused)
    pages = Pages(request, rooms, session, control["kh_page"])
    kept = _kept(offered, typed)
    form = await pages.opened(offered.type.key, offered.method.key, kept, refused.code)
    return pages.form(form, 401)


def _ended(request: Request, rooms: Rooms, refused: SessionRefused) -> Response:
    """A page without session data; anybody may frame it, because it says nothing of anybody."""
    framed = request.headers.get("sec-fetch-dest") == "iframe"
    session = refused.session
    return rooms.renderer.page(
        "state.html",
        request,
        session=session,
        layout="frame" if framed else "hosted",
        ancestors=(session.origins if session else ("*",)) if framed else (),
        status=401,
        kind=refused.code.removeprefix("session_"),
        title="",
        type="",
        connection=None,
        return_url=session.return_url if session else None,
        origin=None,
        state={
            "kind": refused.code,
            # The page that sent the token hears of it in any case, or its script would wait.
            "origins": list(session.origins) if session else _sender(request, rooms),
            "framed": framed,
        },
        token=None,
        step_url=None,
    )


def _sender(request: Request, rooms: Rooms) -> list[str]:
    """The origin that the browser names, if it is another one than ours: one or none."""
    origin = _shown_origin(request.headers.get("origin"))
    return [origin] if origin and origin != rooms.settings.origin else []


def _refused(request: Request, rooms: Rooms) -> Response:
    """403, framable by anyone and without session data, so that a frame is never blank."""
    sender = _sender(request, rooms)
    return rooms.renderer.page(
        "state.html",
        request,
        layout="frame" if request.headers.get("sec-fetch-dest") == "iframe" else "hosted",
        ancestors=("*",),
        status=403,
        kind="not_allowed",
        title="",
        type="",
        connection=None,
        return_url=None,
        origin=sender[0] if sender else None,
        state={
            "kind": "origin_not_allowed",
            "origins": sender,
            "framed": True,
        },
        token=None,
        step_url=None,
    )


def _shown_origin(origin: str | None) -> str | None:
    return origin if origin and origin != "null" and len(origin) < 200 else None
