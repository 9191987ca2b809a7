"""A FastAPI program that forwards a ping and a create to integrator.io, without any check.

What one would write in half an hour: no session, no journal, no diagnosis, no limits.
"""

import os
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

TOKEN = {"Authorization": f"Bearer {os.environ['PEER_TOKEN']}"}
upstream = httpx.AsyncClient(base_url=os.environ["PEER_UPSTREAM"], headers=TOKEN)
app = FastAPI()


@app.get("/readyz")
async def ready() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@app.post("/submit")
async def submit(request: Request) -> JSONResponse:
    """Ping, then create."""
    document: dict[str, Any] = await request.json()
    ping = await upstream.post("/connections/ping", json=document)
    if ping.status_code != 200:
        return JSONResponse(ping.json(), 422)
    made = await upstream.post("/connections", json=document)
    return JSONResponse({"id": made.json()["_id"]}, 201)
