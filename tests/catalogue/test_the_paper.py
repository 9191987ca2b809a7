"""docs/add-a-connection-type.md is true: its example loads, its tables name all that there is."""

import re
from pathlib import Path

import pytest

from app.catalogue.load import load_file
from app.catalogue.model import ConnectionType, Diagnosis, Field, Kind, Method, Role
from app.forms.messages import CODES

PAPER = (Path(__file__).parents[2] / "docs/add-a-connection-type.md").read_text("utf-8")
SAID = set(re.findall(r"`([a-z_-]+)(?: =[^`]*)?`", PAPER))


def test_the_example_is_a_definition(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAPER, re.DOTALL)
    file = tmp_path / "orchard.toml"
    file.write_text(example)

    definition = load_file(file, CODES)

    assert definition.key == "orchard"
    assert [field.name for field in definition.fields_of(definition.methods[0])] == [
        "farm",
        "token",
    ]


@pytest.mark.parametrize("model", [Field, Method, Diagnosis])
def test_every_key_is_explained(model: type[Field | Method | Diagnosis]) -> None:
    assert set(model.model_fields) - {"document"} <= SAID


def test_every_key_of_a_type_is_explained_or_in_the_example() -> None:
    known = SAID | set(re.findall(r"^([a-z_]+) = ", PAPER, re.MULTILINE))

    assert set(ConnectionType.model_fields) <= known | {"key", "document", "diagnoses", "methods"}


def test_every_kind_and_role_is_explained() -> None:
    assert {kind.value for kind in Kind} | {role.value for role in Role} <= SAID
