"""What the peers are given ready made: the connection document, and the form as plain values.

Made once by Keyhatch's own code, so that both sides send and show the same; what it costs to make
them is not held against the peers.
"""

import json
from typing import Any

from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Method
from app.forms import document
from app.forms.form import show
from app.forms.values import read
from benchmarks.keyhatch import METHOD, TYPE, VALUES


def _measured() -> tuple[ConnectionType, Method]:
    kind = load()[TYPE]
    return kind, next(each for each in kind.methods if each.key == METHOD)


def filled() -> dict[str, Any]:
    """The connection document of a filled form."""
    kind, method = _measured()
    reading = read(kind.fields_of(method), VALUES)
    if reading.findings:
        raise RuntimeError(f"the form of {TYPE} has changed: {reading.findings}")
    return document.build(kind, method, reading.values, name=f"{kind.title} - Enzo")


def page() -> str:
    """All that the templates ask of a form which is shown for the first time, as JSON."""
    kind, method = _measured()
    form = show(kind, method, submit=1)
    values = {"form": {**form.model_dump(mode="json"), "wrong": []}}
    return json.dumps({**values, "tile": kind.tile, "category": kind.category})
