"""create_app(): wires everything and owns the lifespan; the only place that knows all rooms."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__
from app.catalogue.load import Catalogue
from app.connect import reconcile
from app.connect.attempt import Attempts
from app.connect.opening import Openings
from app.connect.receipt import Receipts
from app.connect.results import Terms
from app.connect.session import Sessions
from app.connect.submit import Submits
from app.guard.bulkhead import Bulkheads
from app.integrator.client import CallKind, Integrator
from app.integrator.errors import Busy, IntegratorError
from app.manage.connections import Connections
from app.manage.hosts import Hosts
from app.manage.operators import Operators
from app.manage.readiness import Readiness
from app.settings import Settings
from app.store.engine import Store
from app.store.faults import StoreFault
from app.web import (
    admin,
    browser_api,
    connections_api,
    health,
    host_api,
    problems,
    reference,
    widget,
)
from app.web.render import Renderer, folder
from app.web.rooms import Rooms
from app.web.security import Security
from app.web.static import StaticFiles

log = structlog.get_logger()

# Besides pings, which an operator sets: security.md's figures for one process.
_LIMITS = {"create": 50, "replace": 50, "read": 50, "list": 2, "delete": 10, "run": 10}


def create_app(settings: Settings, types: Catalogue) -> ASGIApp:
    """The application: an ASGI app whose lifespan opens the store and starts the loops."""
    static = StaticFiles(folder("static") / "v1")
    app = FastAPI(
        title="Keyhatch",
        version=__version__,
        description="An embeddable credential form over integrator.io.",
        docs_url=None,  # its page loads from a CDN
        redoc_url=None,
        lifespan=_lifespan(settings, types, static),
    )
    problems.install(app)
    for face in (widget, browser_api, host_api, connections_api, admin, health, reference):
        app.include_router(face.router)
    app.include_router(static.router())
    https = settings.public_url.startswith("https://")
    return Security(app, origins=settings.allowed_origins, https=https)


def integrator_of(settings: Settings) -> Integrator:
    """The client of integrator.io, with its bulkheads."""
    limits = _LIMITS | {"ping": settings.pings_in_flight}
    return Integrator(
        settings.integrator_url,
        settings.integrator_token.get_secret_value(),
        admit=Bulkheads(limits, refusal=Busy).admit,
        timeouts={CallKind.PING: settings.ping_timeout},
    )


@dataclass(frozen=True)
class Trial:
    """One thing that `keyhatch check` tried."""

    name: str
    ok: bool
    words: str


async def try_out(settings: Settings) -> list[Trial]:
    """Open the store and use the integrator token, once each."""
    return [await _tried("store", _open(settings)), await _tried("integrator", _token(settings))]


async def _tried(name: str, trial: Awaitable[str]) -> Trial:
    try:
        return Trial(name, True, await trial)
    except (StoreFault, IntegratorError) as error:
        return Trial(name, False, str(error))


async def _open(settings: Settings) -> str:
    store = await Store.open(settings.database_url)
    await store.close()
    return settings.database_url


async def _token(settings: Settings) -> str:
    integrator = integrator_of(settings)
    try:
        info = await integrator.token_info()
    finally:
        await integrator.aclose()
    return f"{settings.integrator_url}, token of user {info.get('_userId', 'unknown')}"


class PortTaken(Exception):
    """Another program listens where Keyhatch should."""


def serve(settings: Settings, types: Catalogue) -> None:
    """Run the server until it is told to stop. Raises StoreFault and PortTaken."""
    # Tried before the server starts: a fault inside its start would be told as a traceback.
    asyncio.run(_open(settings))
    config = uvicorn.Config(
        create_app(settings, types),
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=75,
    )
    with _listener(settings) as listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.listen else socket.AF_INET
    try:
        return socket.create_server((settings.listen, settings.port), family=family, backlog=2048)
    except OSError as error:
        place = f"{settings.listen} port {settings.port}"
        reason = error.strerror or "it is taken"
        raise PortTaken(
            f"cannot listen on {place}: {reason}. Set KEYHATCH_LISTEN or KEYHATCH_PORT to another."
        ) from None


def _lifespan(settings: Settings, types: Catalogue, static: StaticFiles):  # type: ignore[no-untyped-def]  # Starlette's own type for it is private
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_log(settings)
        store = await Store.open(settings.database_url)
        integrator = integrator_of(settings)
        try:
            async with _running(app, settings, types, static, store, integrator):
                yield
        finally:
            await integrator.aclose()
            await store.close()

    return lifespan


@contextlib.asynccontextmanager
async def _running(
    app: FastAPI,
    settings: Settings,
    types: Catalogue,
    static: StaticFiles,
    store: Store,
    integrator: Integrator,
) -> AsyncIterator[None]:
    keys = [key.get_secret_value() for key in settings.secret_keys]
    sessions, receipts = Sessions(store, keys), Receipts(keys)
    attempts = Attempts(store)
    submits = Submits(types, sessions, attempts, receipts, integrator, _terms(settings))
    app.state.rooms = Rooms(
        settings=settings,
        catalogue=types,
        sessions=sessions,
        openings=Openings(types, attempts, integrator),
        submits=submits,
        receipts=receipts,
        connections=Connections(store, integrator, types),
        hosts=Hosts(store, [key.get_secret_value() for key in settings.host_keys]),
        operators=Operators(store, keys),
        readiness=Readiness(store),
        renderer=Renderer(settings, static),
    )
    await sessions.forget_dead_submits()
    stop = asyncio.Event()
    loop = asyncio.create_task(reconcile.run(stop, attempts, integrator))
    log.info("ready", connection_types=len(types), version=__version__)
    try:
        yield
    finally:
        await submits.drain(settings.answer_within)
        stop.set()
        await loop


def _terms(settings: Settings) -> Terms:
    return Terms(
        constants={name: value.get_secret_value() for name, value in settings.constants.items()},
        addresses=settings.egress_addresses,
        allow_private=settings.allow_private_targets,
        answer_within=settings.answer_within,
    )


def configure_log(settings: Settings) -> None:
    """JSON lines on standard output; tracebacks without local variables, which hold secrets."""
    level: Mapping[str, int] = logging.getLevelNamesMapping()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level[settings.log_level.upper()]),
    )
    # These write addresses, headers and bodies of answers at lower levels.
    for name in ("httpx", "httpcore", "aiohttp", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
