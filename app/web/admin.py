"""The operator's pages: sign in, list, make, test, reconnect, delete.

A new connection and a reconnect go through a connect session and the hosted page, so the operator
sees the very form that end users see. Signed in by cookie: every unsafe request must come from us.
"""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.connect.session import NewSession
from app.forms.messages import Finding, words
from app.integrator.errors import IntegratorError
from app.manage.connections import ConnectionRecord, InUse, Shown
from app.manage.hosts import ONLY_HOST
from app.manage.operators import TooManyTries
from app.web.problems import Problem, not_found
from app.web.reading import read_form
from app.web.rooms import Rooms, rooms_of

router = APIRouter(prefix="/admin", include_in_schema=False)
_COOKIE = "keyhatch_admin"


def _operator(request: Request) -> str:
    name = rooms_of(request).operators.signed_in(request.cookies.get(_cookie(request)))
    if name is None:
        raise Problem(303, "sign_in_first", "Sign in.", headers={"Location": "/admin/login"})
    return name


def _cookie(request: Request) -> str:
    # Browsers refuse the __Host- prefix without https, which development does not have.
    https = rooms_of(request).settings.public_url.startswith("https://")
    return f"__Host-{_COOKIE}" if https else _COOKIE


async def _posted(request: Request) -> dict[str, str]:
    """The form of an unsafe request, if it comes from one of our own pages."""
    if request.headers.get("origin") != rooms_of(request).settings.origin:
        raise Problem(403, "foreign_form", "This form did not come from Keyhatch's own page.")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Problem(403, "foreign_form", "This form did not come from Keyhatch's own page.")
    return await read_form(request)


def _page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    rooms = rooms_of(request)
    context |= {"operator": rooms.operators.signed_in(request.cookies.get(_cookie(request)))}
    return rooms.renderer.page(f"admin/{template}", request, status=status, **context)


def _go(path: str) -> Response:
    return RedirectResponse(path, 303)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form to sign in."""
    there = await rooms_of(request).operators.exists()
    return _page(request, "login.html", error=None, name="", exists=there)


@router.post("/login")
async def login(request: Request) -> Response:
    """Sign in with name and password."""
    form = await _posted(request)
    rooms, name = rooms_of(request), form.get("name", "")
    try:
        cookie = await rooms.operators.sign_in(name, form.get("password", ""))
    except TooManyTries as tries:
        message = words(Finding("too_many_tries", params={"seconds": str(tries.seconds)}))
        shown = _page(request, "login.html", 429, error=message, name=name, exists=True)
        shown.headers["Retry-After"] = str(tries.seconds)
        return shown
    if cookie is None:
        message = words(Finding("wrong_operator"))
        return _page(request, "login.html", 401, error=message, name=name, exists=True)
    response = _go("/admin")
    https = rooms.settings.public_url.startswith("https://")
    # Lax would do for reading; Strict, because nobody needs to be led here from another site.
    response.set_cookie(_cookie(request), cookie, httponly=True, secure=https, samesite="strict")
    return response


@router.post("/logout")
async def logout(request: Request) -> Response:
    """Sign out."""
    await _posted(request)
    response = _go("/admin/login")
    response.delete_cookie(_cookie(request))
    return response


@router.get("")
async def listing(request: Request, cursor: str | None = None) -> Response:
    """The connections, newest first."""
    _operator(request)
    rooms = rooms_of(request)
    wanted = request.query_params.get("end_user") or None
    records, following = await rooms.connections.page(ONLY_HOST, wanted, cursor, 50)
    rows = [{"record": r, "made": _day(r), **_type(rooms, r.connection_type)} for r in records]
    return _page(request, "connections.html", rows=rows, next=following, end_user=wanted or "")


def _day(record: ConnectionRecord) -> str:
    return f"{datetime.fromtimestamp(record.created_at, UTC):%-d %B %Y}"


def _type(rooms: Rooms, key: str) -> dict[str, str]:
    kind = rooms.catalogue.get(key)
    if kind is None:
        return {"title": key, "tile": "?", "category": "generic"}
    return {"title": kind.title, "tile": kind.tile, "category": kind.category}


@router.get("/new")
async def new_page(request: Request) -> Response:
    """Pick a type and an end user."""
    _operator(request)
    types = list(rooms_of(request).catalogue.values())
    return _page(request, "new.html", types=types, error=None, typed={})


@router.post("/new")
async def new(request: Request) -> Response:
    """Open the form for a new connection of an end user."""
    _operator(request)
    form = await _posted(request)
    rooms = rooms_of(request)
    end_user = form.get("end_user", "").strip()[:200]
    if not end_user or form.get("type") not in rooms.catalogue:
        types = list(rooms.catalogue.values())
        message = words(Finding("required"), label="End user")
        return _page(request, "new.html", 422, types=types, error=message, typed=form)
    return await _open(rooms, end_user, form["type"], None)


async def _open(rooms: Rooms, end_user: str, kind: str, reconnect: str | None) -> Response:
    issued = await rooms.sessions.issue(
        NewSession(
            host_id=ONLY_HOST,
            end_user_id=end_user,
            end_user_name=None,
            end_user_email=None,
            types=(kind,),
            origins=(),
            connection_id=reconnect,
            values={},
            upstream={},
            name=None,
            locale=None,
            theme=None,
            return_url=f"{rooms.settings.public_url}/admin",
            metadata={},
            expires_in=900,
        )
    )
    return _go(f"/c/{issued.launch_code}")


@router.get("/connections/{own_id}")
async def detail(own_id: str, request: Request) -> Response:
    """One connection: its record, what may be shown of its document."""
    _operator(request)
    return await _detail(request, own_id)


async def _detail(
    request: Request, own_id: str, messages: Any = (), passed: bool = False, status: int = 200
) -> Response:
    rooms = rooms_of(request)
    record = await rooms.connections.record(ONLY_HOST, own_id)
    if record is None:
        raise not_found()
    try:
        shown = await rooms.connections.shown(record)
    except IntegratorError:
        shown, messages = Shown(record, {}), [*messages, words(Finding("integrator_down"))]
    kind = rooms.catalogue.get(record.connection_type)
    method = kind.method(record.method) if kind else None
    fields = kind.fields_of(method) if kind and method else ()
    return _page(
        request,
        "connection.html",
        status,
        record=shown.record,
        values=[(f.label, shown.values.get(f.name), f.secret) for f in fields],
        messages=messages,
        passed=passed,
        made=_day(shown.record),
        **_type(rooms, record.connection_type),
    )


@router.post("/connections/{own_id}/{action}")
async def act(own_id: str, action: str, request: Request) -> Response:
    """Test, reconnect or delete a connection."""
    _operator(request)
    form = await _posted(request)
    rooms = rooms_of(request)
    record = await rooms.connections.record(ONLY_HOST, own_id)
    if record is None:
        raise not_found()
    if action == "reconnect":
        return await _open(rooms, record.end_user_id, record.connection_type, record.id)
    try:
        if action == "ping":
            tried = await rooms.connections.ping(record)
            messages = [words(finding, app=tried.title) for finding in tried.findings]
            return await _detail(request, own_id, messages, tried.ok)
        if action == "delete" and form.get("sure") == "yes":
            await rooms.connections.delete(record)
            return _go("/admin")
    except IntegratorError:
        return await _detail(request, own_id, [words(Finding("integrator_down"))], status=502)
    except InUse as used:
        params = {"users": ", ".join(used.names)}
        return await _detail(
            request, own_id, [words(Finding("connection_in_use", params=params))], status=409
        )
    raise not_found()
