"""Whether the process lives and can work. Forms stay up without integrator.io: it is not asked."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.web.rooms import rooms_of

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def live() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """The store takes writes."""
    if not await rooms_of(request).readiness.writable():
        return JSONResponse({"status": "the store takes no writes"}, 503)
    return JSONResponse({"status": "ok"})
