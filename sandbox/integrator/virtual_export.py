"""Virtual exports: the model in, records out, whole or by pages. source_pages reads the source."""

import secrets
from dataclasses import replace
from typing import Any

from sandbox.integrator import netsuite_search
from sandbox.integrator.errors import Refusal, entry
from sandbox.integrator.export_model import Source, page_size, source_of
from sandbox.integrator.outgoing import Run
from sandbox.integrator.paths import Document
from sandbox.integrator.source_pages import Place, SourceRefused, beginning, read_page

MOST_SOURCE_PAGES = 100


async def export_all(run: Run, export: Any) -> Document:
    """Every record at once: `{"data": [...]}`, or `{"errors": [...]}` if the source says no.

    Raises Refusal (422) for a model that is wrong, not emulated, or reads without end.
    """
    if run.document["type"] == "netsuite":
        return await netsuite_search.export_all(run, export)
    source = source_of(export, run.document["type"])
    try:
        data, place = await _collect(run, source, beginning(source), None)
    except SourceRefused as refused:
        return {"errors": refused.errors}
    if place is not None:
        message = f"More than {MOST_SOURCE_PAGES} pages: use export/pages."
        raise Refusal(422, entry("export_too_large", message))
    return {"data": data[: _limit(export)]}


async def export_page(run: Run, export: Any, state: Any) -> Document:
    """One page: data, dataURIs and the state that leads on. The last one says `done`."""
    if run.document["type"] == "netsuite":
        return await netsuite_search.export_page(run, export, state)
    source = source_of(export, run.document["type"])
    identifier, exports = run.document["_id"], run.emulator.exports
    place = beginning(source) if state is None else exports.place(identifier, export, state)
    size = page_size(export)
    try:
        data, onward = await _collect(run, source, place, size)
    except SourceRefused as refused:
        return {"errors": refused.errors}
    data, limit = data[: _limit(export)], _limit(export)
    facts = {
        "exportId": secrets.token_hex(12) if state is None else state["exportId"],
        "pageIndex": 2 if state is None else state["pageIndex"] + 1,
        "pageSize": size,
        "done": onward is None or limit is not None,
    }
    return {
        "data": data,
        "dataURIs": [None] * len(data),
        "pagedExportState": exports.state(identifier, export, facts, onward),
    }


async def _collect(
    run: Run, source: Source, place: Place, size: int | None
) -> tuple[list[Any], Place | None]:
    """Records from `place` on, `size` of them if there are so many, and where to go on."""
    data: list[Any] = []
    onward: Place | None = place
    for _ in range(MOST_SOURCE_PAGES):
        if onward is None or (size is not None and len(data) >= size):
            break
        here = onward
        records, onward = await read_page(run, source, here)
        rest = records[here.used :]
        wanted = len(rest) if size is None else size - len(data)
        data += rest[:wanted]
        if len(rest) > wanted:
            # The source's page holds more than ours: it is asked again, and the used part skipped.
            onward = replace(here, used=here.used + wanted)
    return data, onward


def _limit(export: Document) -> int | None:
    if export.get("type") != "test":
        return None
    return int((export.get("test") or {}).get("limit") or 1)
