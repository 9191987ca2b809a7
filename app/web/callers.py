"""Who is asking: a host's server by its key, a page by its token and origin."""

from typing import Annotated

from fastapi import Depends, Request

from app.connect.session import ConnectSession, SessionRefused
from app.manage.hosts import Host
from app.web.problems import Problem
from app.web.rooms import Rooms, rooms_of

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def bearer_of(request: Request) -> str:
    """The bearer token of a request. 401 when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        words = "Send the token as `Authorization: Bearer …`."
        raise Problem(401, "no_token", words, headers=_CHALLENGE)
    return token.strip()


async def _host(request: Request) -> Host:
    """The host whose key the request carries. 401 when it is unknown."""
    host = await rooms_of(request).hosts.by_key(bearer_of(request))
    if host is None:
        raise Problem(401, "host_key_unknown", "This is not a host key.", headers=_CHALLENGE)
    return host


async def _session(request: Request) -> ConnectSession:
    session = await rooms_of(request).sessions.bearer(bearer_of(request))
    _check_origin(request, session)
    return session


async def _open_session(request: Request) -> ConnectSession:
    """After completion a token may only ask for the outcome, for ten more minutes."""
    session = await _session(request)
    if session.state == "completed":
        raise SessionRefused("session_completed", session)
    return session


def _check_origin(request: Request, session: ConnectSession) -> None:
    """403 unless the request comes from an origin of the session, or from our own page."""
    origin = request.headers.get("origin")
    if origin is None and request.headers.get("sec-fetch-site") == "same-origin":
        return
    if origin is None or origin not in (*session.origins, rooms_of(request).settings.origin):
        words = "This page's origin is not one of the session's `origins`."
        raise Problem(403, "origin_not_allowed", words)


async def _rooms(request: Request) -> Rooms:
    # Async, because FastAPI runs a plain function in a thread: a hop for each request.
    return rooms_of(request)


HostOf = Annotated[Host, Depends(_host)]
SessionOf = Annotated[ConnectSession, Depends(_session)]
OpenSessionOf = Annotated[ConnectSession, Depends(_open_session)]
RoomsOf = Annotated[Rooms, Depends(_rooms)]
