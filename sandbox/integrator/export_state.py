"""`pagedExportState`: signed, so that a changed one is refused; the place itself stays here.

A place can hold an address of the source with a token in it, which is nothing to hand out.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections import OrderedDict
from typing import Any

from sandbox.integrator.errors import Refusal, entry
from sandbox.integrator.paths import Document

REMEMBERED = 1000


class Exports:
    """The exports that can be gone on with."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._places: OrderedDict[tuple[str, int], Any] = OrderedDict()

    def state(
        self, identifier: str, export: Document, facts: Document, place: Any = None
    ) -> Document:
        """The state that leads to `place`. `facts` are its readable part; `pageIndex` and the name
        of the export (`searchId` or `exportId`) are among them."""
        name = facts.get("searchId") or facts["exportId"]
        self._places[(name, facts["pageIndex"])] = place
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)
        state = facts | {"issuedAt": int(time.time())}
        return state | {"sig": self._signature(identifier, export, state)}

    def place(self, identifier: str, export: Document, state: Any) -> Any:
        """Where `state` leads. Raises Refusal (422) if it was changed, or is of another export."""
        facts = dict(state) if isinstance(state, dict) else {}
        signature = str(facts.pop("sig", ""))
        if not hmac.compare_digest(signature, self._signature(identifier, export, facts)):
            raise _refused("pagedExportState was changed, or belongs to another export.")
        key = (facts.get("searchId") or facts["exportId"], facts["pageIndex"])
        if key not in self._places or facts.get("done"):
            raise _refused("There is no further page.")
        return self._places[key]

    def _signature(self, identifier: str, export: Document, state: Document) -> str:
        signed = json.dumps([identifier, export, state], sort_keys=True)
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()


def _refused(message: str) -> Refusal:
    return Refusal(422, entry("invalid_paged_export_state", message, "pagedExportState"))
