"""What is installed is whole: the wheel that the image installs holds all that the code reads."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=TOP, capture_output=True, check=True, timeout=60)  # noqa: S603 - our own project
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize(
    ("folder", "inside"),
    [("app", "app"), ("templates", "app/_templates"), ("static", "app/_static")],
)
def test_every_file_that_the_code_reads_is_in_the_wheel(
    packed: set[str], folder: str, inside: str
) -> None:
    needed = {
        f"{inside}/{path.relative_to(TOP / folder)}"
        for path in (TOP / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert needed - packed == set()


def test_nothing_of_the_sandbox_or_the_tests_is_installed(packed: set[str]) -> None:
    tops = {name.partition("/")[0] for name in packed}

    assert {name for name in tops if not name.endswith(".dist-info")} == {"app"}
