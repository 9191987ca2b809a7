"""NetSuite searches without a NetSuite: a few invented records, whatever search is asked.

Documented as magic in docs/sandbox.md. Which credentials are good, reach's magic values say.
"""

import secrets
from dataclasses import asdict
from typing import Any

from sandbox.integrator.errors import Refusal, missing, not_emulated
from sandbox.integrator.export_model import COMMON, check_type, page_size
from sandbox.integrator.model_shape import adaptor_of, only
from sandbox.integrator.outgoing import Run
from sandbox.integrator.paths import Document
from sandbox.integrator.reach import try_connection

SEARCH = {"recordType": str, "savedSearchId": str}
_PLANTED = (
    ("Bramley", 41, "Orchards"),
    ("Cox", 12, "Packing"),
    ("Discovery", 33, "Orchards"),
    ("Egremont", 7, "Press"),
    ("Fiesta", 25, "Packing"),
    ("Gala", 18, "Press"),
    ("Holstein", 29, "Orchards"),
    ("Idared", 3, "Press"),
    ("Jonagold", 36, "Packing"),
    ("Katy", 14, "Orchards"),
    ("Laxton", 22, "Press"),
    ("Mutsu", 9, "Packing"),
)
RECORDS: list[Document] = [
    {
        "recType": "41",
        "Planted On": f"2024-03-{10 + number:02}T09:00:00.000-08:00",
        "custrecord_tree_variety": variety,
        "custrecord_tree_count": count,
        "custrecord_tree_department": department,
    }
    for number, (variety, count, department) in enumerate(_PLANTED)
]


async def export_all(run: Run, export: Any) -> Document:
    """All records."""
    _check(export)
    errors = await _sign_in(run)
    return {"errors": errors} if errors else {"data": RECORDS}


async def export_page(run: Run, export: Any, state: Any) -> Document:
    """One page, with the state that NetSuite searches have."""
    _check(export)
    size, exports = page_size(export), run.emulator.exports
    start = 0 if state is None else exports.place(run.document["_id"], export, state)
    if errors := await _sign_in(run):
        return {"errors": errors}
    data = RECORDS[start : start + size]
    facts = {
        "searchId": f"WEBSERVICES_{secrets.token_hex(16)}" if state is None else state["searchId"],
        "pageIndex": start // size + 2,
        "pageSize": size,
        "totalPages": -(-len(RECORDS) // size),
        "totalRecords": len(RECORDS),
        "done": start + size >= len(RECORDS),
    }
    return {
        "data": data,
        "dataURIs": [None] * len(data),
        "pagedExportState": exports.state(run.document["_id"], export, facts, start + size),
    }


def _check(export: Any) -> None:
    adaptor = adaptor_of(export, "export", "netsuite", COMMON)
    check_type(export)
    only(adaptor, {"type": str, "searches": list, "skipGrouping": bool}, "netsuite")
    if adaptor.get("type") != "search":
        raise not_emulated(f"netsuite.type {adaptor.get('type')}")
    if not adaptor.get("searches"):
        raise Refusal(422, missing("netsuite.searches"))
    for search in adaptor["searches"]:
        only(search, SEARCH, "netsuite.searches")
        for key in sorted(set(SEARCH) - set(search)):
            raise Refusal(422, missing(f"netsuite.searches.{key}"))


async def _sign_in(run: Run) -> list[Document]:
    emulator = run.emulator
    problems = await try_connection(run.document, emulator.zone, emulator.options.patience)
    return [asdict(problem) for problem in problems]
