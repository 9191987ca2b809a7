"""./x meets a machine that is not ready with one clear sentence, and passes a mirror of pip's on.

What it does on a machine that is ready, every run of the tests shows.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
OLD = '#!/bin/sh\ncase "$1" in -V) echo "Python 3.9.2" ;; *) exit 1 ;; esac\n'
BARE = (
    '#!/bin/sh\ncase "$1 $2" in "-m pip" | "-m venv") exit 1 ;; esac\n'
    f'exec "{sys.executable}" "$@"\n'
)
RECORDING_UV = '#!/bin/sh\necho "$1 ${UV_DEFAULT_INDEX:-none}" >>"$RECORD"\nexit 3\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as ./x looks at it; its path has a space."""
    folder = tmp_path / "a checkout"
    shutil.copytree(TOP / "requirements", folder / "requirements")
    shutil.copy(TOP / "x", folder / "x")
    return folder


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def run(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    return subprocess.run(  # noqa: S603 - our own script
        [str(checkout / "x"), *words],
        cwd="/",
        env={**plain, **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("command", ["demo", "test", "check", "fix", "bench"])
def test_an_older_python_gets_one_sentence(checkout: Path, command: str) -> None:
    done = run(checkout, command, PYTHON=program(checkout, "old/python3", OLD))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr


def test_a_machine_without_python_gets_one_sentence(checkout: Path) -> None:
    done = run(checkout, "demo", PYTHON="python3-that-is-not-there")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3 python3-pip" in done.stderr


def test_a_python_without_pip_is_told_what_to_install(checkout: Path) -> None:
    done = run(checkout, "demo", PYTHON=program(checkout, "bare/python3", BARE))

    assert done.returncode == 1
    assert done.stderr.endswith("has no pip. On Debian and Ubuntu: apt-get install python3-pip\n")


def with_uv(checkout: Path) -> Path:
    """A uv that only writes down what it was called with."""
    pin = re.search(r"^uv==([\d.]+)", (checkout / "requirements/uv.txt").read_text(), re.MULTILINE)
    assert pin
    program(checkout, ".tools/bin/uv", RECORDING_UV)
    (checkout / f".tools/uv-{pin[1]}.dist-info").mkdir()
    return checkout / "record"


def test_a_mirror_that_is_set_for_pip_is_used(checkout: Path) -> None:
    record = with_uv(checkout)
    run(
        checkout,
        "demo",
        PYTHON=sys.executable,
        PIP_INDEX_URL="http://mirror.example/simple",
        RECORD=str(record),
    )

    assert record.read_text() == "venv http://mirror.example/simple\n"


def test_a_mirror_of_uv_comes_first(checkout: Path) -> None:
    record = with_uv(checkout)
    run(
        checkout,
        "demo",
        PYTHON=sys.executable,
        PIP_INDEX_URL="http://mirror.example/simple",
        UV_DEFAULT_INDEX="http://uv.example/simple",
        RECORD=str(record),
    )

    assert record.read_text() == "venv http://uv.example/simple\n"


def test_the_list_of_commands_needs_nothing(checkout: Path) -> None:
    shown = run(checkout, PYTHON="python3-that-is-not-there")

    assert shown.returncode == 0
    assert shown.stdout == run(checkout, "help").stdout
    for command in ("demo", "test", "check", "fix", "bench", "help"):
        assert f"./x {command} " in shown.stdout


def test_an_unknown_command_shows_the_list_and_fails(checkout: Path) -> None:
    done = run(checkout, "tset")

    assert done.returncode == 1
    assert done.stderr.endswith("There is no ./x tset.\n")
    assert "./x test" in done.stderr


def test_make_and_the_gate_are_the_same_commands() -> None:
    aliases = re.findall(r"^([a-z ]+):$", (TOP / "Makefile").read_text(), re.MULTILINE)
    gate = re.findall(r"^\./x (.+)$", (TOP / ".ci/run").read_text(), re.MULTILINE)

    assert {"demo", "test", "check", "fix", "bench", "help"} <= set(aliases[0].split())
    assert gate == ["check", "test"]
