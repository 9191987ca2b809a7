"""Definitions are read once at start; what cannot be used stops the start and says why."""

from pathlib import Path

import pytest

from app.catalogue.load import BadDefinition, load, load_file
from tests.catalogue.orchard import ORCHARD


def put(folder: Path, name: str, text: str = ORCHARD) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_a_hosts_own_definition_is_added_to_ours(tmp_path: Path) -> None:
    put(tmp_path, "orchard.toml")

    catalogue = load(tmp_path)

    assert catalogue["orchard"].title == "Orchard"
    assert "shopify" in catalogue


def test_the_name_of_the_file_is_the_key(tmp_path: Path) -> None:
    assert load_file(put(tmp_path, "my-orchard.toml")).key == "my-orchard"


def test_a_hosts_definition_replaces_ours_of_the_same_key(tmp_path: Path) -> None:
    put(tmp_path, "shopify.toml")

    assert load(tmp_path)["shopify"].title == "Orchard"


def test_types_come_in_the_order_of_their_titles(tmp_path: Path) -> None:
    put(tmp_path, "zz.toml", ORCHARD.replace("Orchard", "apples"))

    titles = [definition.title for definition in load(tmp_path).values()]

    assert titles == sorted(titles, key=str.casefold)
    assert titles[0] == "apples"


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    put(tmp_path, "a.toml", ORCHARD.replace("tile =", "tiles ="))
    put(tmp_path, "b.toml", "not toml at all")
    put(tmp_path, "c.toml")

    with pytest.raises(BadDefinition) as caught:
        load(tmp_path)

    assert {line.split(":")[0] for line in caught.value.lines} == {"a.toml", "b.toml"}
    assert len(caught.value.lines) == 3


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match="there is no such folder"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe", b"[[fields]]\n[fields]\n"])
def test_what_is_not_toml_is_said_without_its_content(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)

    with pytest.raises(BadDefinition, match=r"^broken\.toml: it is not TOML"):
        load_file(file)


def test_an_empty_file_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition) as caught:
        load_file(put(tmp_path, "empty.toml", ""))

    lacking = {line.split(": ")[1] for line in caught.value.lines}
    assert lacking == {"title", "category", "summary", "tile", "document", "methods"}


def test_a_key_in_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match=r"^x\.toml: key: the name of the file is the key"):
        load_file(put(tmp_path, "x.toml", 'key = "y"\n' + ORCHARD))


def test_mallorys_values_are_not_repeated_in_the_reasons(tmp_path: Path) -> None:
    """A definition may hold an operator's own address; a log gets the key and the reason only."""
    bad = ORCHARD.replace('label = "Farm"', 'label = ["canary-of-mallory"]')

    with pytest.raises(BadDefinition) as caught:
        load_file(put(tmp_path, "orchard.toml", bad))

    assert "orchard.toml: fields.0.label" in str(caught.value)
    assert "canary" not in str(caught.value)
