"""A store that cannot be used stops the start with a sentence that says what to do."""

import os
import re
import sqlite3
from pathlib import Path

import pytest

from app.store.engine import Store, StoreFault
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio


async def refused(url: str) -> str:
    """The sentence of a store that does not open."""
    with pytest.raises(StoreFault) as caught:
        await Store.open(url)
    return str(caught.value)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = await refused(f"sqlite:///{tmp_path}/nowhere/keyhatch.sqlite3")

    assert f"no folder {tmp_path}/nowhere" in said
    assert "create it" in said


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in await refused(f"sqlite:///{tmp_path}")


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Not by mode bits: the superuser, who may run the tests, is not held by them."""
    beneath_a_file = tmp_path / "file"
    beneath_a_file.write_text("")
    said = await refused(f"sqlite:///{beneath_a_file}/keyhatch.sqlite3")

    assert f"cannot write {beneath_a_file}/keyhatch.sqlite3" in said
    assert "choose another place" in said


async def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letters.txt"
    file.write_text("Dear Hana, " * 1000)
    before = file.read_bytes()

    assert "not a SQLite database" in await refused(f"sqlite:///{file}")
    assert file.read_bytes() == before


async def test_tables_of_a_newer_keyhatch_are_left_alone(database: Path, reopen: Reopen) -> None:
    async with reopen():
        pass
    with sqlite3.connect(database) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    said = await refused(f"sqlite:///{database}")

    assert "newer Keyhatch" in said
    assert "9999" in said
    assert "backup" in said


@pytest.mark.parametrize("url", ["postgresql://db.example/keyhatch", "mysql://db.example/k"])
async def test_a_database_of_another_kind_is_refused_by_name(url: str) -> None:
    said = await refused(url)

    assert url.partition(":")[0] in said
    assert "sqlite:///" in said


@pytest.mark.parametrize("url", ["", "keyhatch.sqlite3", "://"])
async def test_a_text_that_is_no_url_is_refused_with_an_example(url: str) -> None:
    assert "sqlite:///path/to/file" in await refused(url)


async def test_a_url_is_never_repeated() -> None:
    """It may hold the password of the database."""
    said = await refused("postgresql://keyhatch:a-password@db.example/keyhatch")

    assert "a-password" not in said


async def test_the_file_and_its_logs_are_for_their_owner_alone(
    database: Path, reopen: Reopen
) -> None:
    before = os.umask(0)
    try:
        async with reopen():
            modes = {path.name: path.stat().st_mode & 0o777 for path in database.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == {
        "keyhatch.sqlite3": 0o600,
        "keyhatch.sqlite3-wal": 0o600,
        "keyhatch.sqlite3-shm": 0o600,
    }


async def test_no_column_could_hold_a_secret(reopen: Reopen, database: Path) -> None:
    """By name at least: a hash is one of a host key, which is random, or of Ada's password."""
    async with reopen():
        pass
    raw = sqlite3.connect(database)
    tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = {
        f"{table}.{row[1]}"
        for table in tables
        for row in raw.execute(f"PRAGMA table_info({table})")
    }
    raw.close()
    telling = re.compile("secret|password|token|credential|document$|body|digest|hash|length")

    assert {name for name in columns if telling.search(name)} == {
        "host_key.digest",
        "operator.password_hash",
    }
