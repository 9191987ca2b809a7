"""The definitions that ship with Keyhatch are complete, alike, and use the whole format."""

import json
import re
from typing import Any

import pytest

from app.catalogue import check, slots
from app.catalogue.load import load
from app.catalogue.model import Autofill, ConnectionType, Kind, Method, Role
from app.forms import document, values
from app.forms.messages import CODES
from tests.catalogue import typed

CATALOGUE = load(codes=CODES)
FORMS = list(typed.forms(CATALOGUE))
IDS = [f"{definition.key}-{method.key}" for definition, method in FORMS]
CATEGORIES = {
    "commerce",
    "support",
    "payments",
    "files",
    "databases",
    "finance",
    "chat",
    "generic",
}

every_form = pytest.mark.parametrize(("definition", "method"), FORMS, ids=IDS)
every_definition = pytest.mark.parametrize("definition", CATALOGUE.values(), ids=list(CATALOGUE))


def test_there_are_the_ten_that_were_promised() -> None:
    assert set(CATALOGUE) == {
        "http-basic",
        "http-token",
        "slack",
        "shopify",
        "zendesk",
        "stripe",
        "postgresql",
        "sftp",
        "ftp",
        "netsuite",
    }


@every_definition
def test_each_has_a_tile_a_category_and_a_summary(definition: ConnectionType) -> None:
    assert definition.category in CATEGORIES
    assert re.fullmatch("[A-Z][a-z]", definition.tile)
    assert not definition.summary.endswith(".")


def test_no_two_tiles_are_alike() -> None:
    tiles = [definition.tile for definition in CATALOGUE.values()]

    assert len(set(tiles)) == len(tiles)


@every_form
def test_each_way_to_a_secret_is_told_in_whole_sentences(
    definition: ConnectionType, method: Method
) -> None:
    for field in definition.fields_of(method):
        for step in field.where:
            assert step.endswith(".")
            assert step.count("**") % 2 == 0


@every_form
def test_what_a_form_builds_is_pinned(definition: ConnectionType, method: Method) -> None:
    """A change is one for every host. `python -m tests.catalogue.typed` writes it anew."""
    pinned = json.loads(typed.pinned(definition, method).read_text())

    assert typed.built(definition, method, full=False) == pinned["least"]
    assert typed.built(definition, method, full=True) == pinned["full"]


def test_nothing_is_pinned_that_no_form_builds() -> None:
    pinned = {file for file in typed.BUILT.iterdir() if file.suffix == ".json"}

    assert pinned == {typed.pinned(definition, method) for definition, method in FORMS}


@every_form
@pytest.mark.parametrize("full", [False, True])
def test_what_built_a_document_reads_it_back(
    definition: ConnectionType, method: Method, full: bool
) -> None:
    """So that a form for a reconnect has everything filled in but the secrets."""
    stored = masked(typed.built(definition, method, full=full))
    fields = definition.fields_of(method)
    clean = values.read(fields, typed.typed(definition, method, full=full)).values

    read = document.method_of(definition, stored)

    assert read is method
    assert document.shown(definition, method, stored) == clean.plain
    assert set(document.kept_secrets(definition, method, stored)) == set(clean.secrets)


def masked(built: dict[str, Any]) -> dict[str, Any]:
    """The document as integrator.io gives it back."""
    for path in check.known_paths()[built["type"]]["masked"]:
        if slots.get(built, path) is not None:
            slots.put(built, path, slots.MASK)
    return built


FIELDS = [field for definition, method in FORMS for field in definition.fields_of(method)]
CONSTANTS = [
    value for definition, method in FORMS for value in definition.constants_of(method).values()
]
FILLED = set(slots.placeholders(CONSTANTS))
RULES = [rule.when for definition in CATALOGUE.values() for rule in definition.diagnoses]

USED: dict[str, bool] = {
    **{f"kind {kind}": any(f.kind is kind for f in FIELDS) for kind in Kind},
    # There is no type with buckets among the ten.
    **{f"role {r}": any(f.role is r for f in FIELDS) for r in Role if r is not Role.BUCKET},
    **{f"autofill {policy}": any(f.autofill is policy for f in FIELDS) for policy in Autofill},
    "prefix": any(f.prefix for f in FIELDS),
    "suffix": any(f.suffix for f in FIELDS),
    "pattern": any(f.pattern for f in FIELDS),
    "default": any(f.default is not None for f in FIELDS),
    "group": any(f.group for f in FIELDS),
    "help": any(f.help for f in FIELDS),
    "when another is filled in": any(f.when and not f.when.equals for f in FIELDS),
    "when another has a value": any(f.when and f.when.equals for f in FIELDS),
    "looks_like": any(f.looks_like for f in FIELDS),
    "public key material": any(f.public for f in FIELDS),
    "optional field": any(not f.required for f in FIELDS),
    "row of a list": any("[name=" in (f.path or "") for f in FIELDS),
    "placeholder without a path": any(f.path is None and f.name in FILLED for f in FIELDS),
    "placeholder beside a path": any(f.path and f.name in FILLED for f in FIELDS),
    "constant that is a list": any(isinstance(value, list) for value in CONSTANTS),
    "handlebars in a constant": any("{{{" in str(value) for value in CONSTANTS),
    "several methods": any(len(d.methods) > 1 for d in CATALOGUE.values()),
    "deprecated method": any(m.deprecated for _, m in FORMS),
    "note on a method": any(m.note for _, m in FORMS),
    "called": any(d.called for d in CATALOGUE.values()),
    "help_url": any(d.help_url for d in CATALOGUE.values()),
    "diagnosis by status": any(when.status for when in RULES),
    "diagnosis by code": any(when.code for when in RULES),
    "diagnosis by text": any(when.text for when in RULES),
}


@pytest.mark.parametrize("mechanism", USED)
def test_each_mechanism_of_the_format_is_used_by_some_file(mechanism: str) -> None:
    assert USED[mechanism]
