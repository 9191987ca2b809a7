"""What the peers are given, ready made: the connection document, and the form as a value.

Made once at their start by Keyhatch's own code, so that both sides send and show the same; what it
costs to make them is not held against the peers.
"""

from typing import Any

from app.catalogue.load import load
from app.catalogue.model import ConnectionType
from app.forms import document
from app.forms.form import Form, show
from app.forms.values import read
from benchmarks.keyhatch import METHOD, TYPE, VALUES


def definition() -> ConnectionType:
    """The connection type that is measured."""
    return load()[TYPE]


def built() -> dict[str, Any]:
    """The document of a filled form."""
    kind = definition()
    method = next(each for each in kind.methods if each.key == METHOD)
    reading = read(kind.fields_of(method), VALUES)
    assert not reading.findings, reading.findings  # noqa: S101 - or the comparison is void
    return document.build(kind, method, reading.values, name=f"{kind.title} - Enzo")


def form() -> Form:
    """The form as it is shown first."""
    kind = definition()
    return show(kind, next(each for each in kind.methods if each.key == METHOD), submit=1)
