"""The papers are true: what the code has is in them, and what they name exists.

Tables made from the code are compared with the code; `./x fix` writes them anew.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from app import __version__
from app.catalogue.load import load
from app.cli import main as keyhatch
from app.connect.saving import says
from app.forms.form import Form, FormField
from app.forms.messages import Message
from app.integrator.errors import Busy, IntegratorError, NotFound, TokenRefused
from app.main import create_app
from app.settings import PREFIX, Settings, from_environment
from app.web.problems import SESSION_WORDS
from docs import tables

TOP = Path(__file__).parents[1]
PAPERS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
FAILURES = (Busy(5.0), TokenRefused("403"), NotFound("gone"), IntegratorError("broken"))
HTTP_METHODS = {"get", "post", "put", "patch", "delete"}


def some_settings() -> Settings:
    return from_environment(
        {
            "KEYHATCH_INTEGRATOR_TOKEN": "a-token-for-the-papers",
            "KEYHATCH_SECRET_KEYS": "a-signing-key-that-signs-nothing-at-all",
        }
    )


@cache
def everything_written() -> str:
    return "\n".join(paper.read_text("utf-8") for paper in PAPERS)


@pytest.mark.parametrize("name", sorted(tables.TABLES))
def test_a_table_made_from_the_code_is_up_to_date(name: str) -> None:
    paper, table = tables.TABLES[name]
    text = (TOP / paper).read_text("utf-8")

    assert text == tables.with_table(text, name, table()), "run ./x fix"


@pytest.mark.anyio
async def test_every_endpoint_is_described() -> None:
    app: Any = create_app(some_settings(), load())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8400"
    ) as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    written = everything_written()
    missing = [
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method in operations
        if method in HTTP_METHODS and f"`{method.upper()} {path}`" not in written
    ]

    assert missing == []


def test_every_code_of_an_error_is_described() -> None:
    described = set(re.findall(r"`([a-z_]+)`", everything_written()))
    codes = set(SESSION_WORDS) | {says(error) for error in FAILURES}
    for face in sorted((TOP / "app/web").glob("*.py")):
        if face.name != "admin.py":
            codes |= set(literal_codes(ast.parse(face.read_text("utf-8"))))

    assert len(codes) > 20
    assert sorted(codes - described) == []


def literal_codes(tree: ast.Module) -> Iterator[str]:
    """The code that each Problem(status, code, …) and _wrong(field, code, …) is made with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Problem", "_wrong"):
            code = node.args[1] if len(node.args) > 1 else None
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def test_every_member_of_a_form_is_described() -> None:
    written = section("docs/browser-api.md", "A form")
    names = {
        "schema" if name == "schema_" else name
        for shape in (Form, FormField, Message)
        for name in shape.model_fields
    }

    assert {name for name in names if not re.search(rf"\b{name}\b", written)} == set()


def test_every_event_of_the_frame_is_described() -> None:
    declared = (TOP / "static/v1/embed.d.ts").read_text("utf-8")
    events = set(re.findall(r'\{ type: "([a-z_]+)"', declared))
    described = set(re.findall(r"^\| `([a-z_]+)` \|", section("docs/embed.md", "Events"), re.M))

    assert events
    assert described == events


def section(paper: str, heading: str) -> str:
    text = (TOP / paper).read_text("utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_setting_that_is_named_somewhere_exists() -> None:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    places = [*PAPERS, TOP / ".env.example", TOP / "docker-compose.yml", TOP / "Dockerfile"]
    found = [
        f"{place.name}: {name}"
        for place in places
        for name in re.findall(r"(?<![A-Z_])KEYHATCH_[A-Z_]+[A-Z]", place.read_text("utf-8"))
        if name.removesuffix("_FILE") not in names and not name.startswith("KEYHATCH_CONSTANT")
    ]

    assert found == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_link_leads_somewhere(paper: Path) -> None:
    text = paper.read_text("utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    broken = [
        target
        for target in targets
        if not target.startswith(("http://", "https://", "mailto:")) and not leads(paper, target)
    ]

    assert broken == []


def leads(paper: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (paper.parent / name).resolve() if name else paper
    if not path.exists():
        return False
    return not anchor or anchor in anchors(path)


def anchors(paper: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", paper.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def test_every_file_that_a_paper_names_exists() -> None:
    named = re.findall(
        r"`((?:app|sandbox|tests|docs|requirements|static|templates|benchmarks)/[\w./-]*\w)`",
        everything_written(),
    )
    missing = [name for name in sorted(set(named)) if not (TOP / name).exists()]

    assert missing == []


def test_every_command_that_a_paper_names_exists() -> None:
    script = [str(TOP / "x"), "help"]
    helped = subprocess.run(script, capture_output=True, text=True, check=True, timeout=20).stdout  # noqa: S603 - our own script
    known = set(re.findall(r"^\./x (\w+)", helped, re.MULTILINE))
    named = set(re.findall(r"\./x (\w+)", everything_written()))

    assert {"demo", "test", "check", "fix", "bench", "help"} <= known
    assert named <= known


def test_every_command_line_of_keyhatch_that_a_paper_names_exists() -> None:
    named = re.findall(r"(?:^|`)keyhatch ([a-z]+(?: [a-z]+)?)", everything_written(), re.MULTILINE)

    assert {"serve", "check"} <= {words.split()[0] for words in named}
    assert [words for words in named if not is_command(keyhatch, words.split())] == []


def is_command(group: click.Command, words: list[str]) -> bool:
    if not isinstance(group, click.Group) or not words:
        return True
    return words[0] in group.commands and is_command(group.commands[words[0]], words[1:])


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    newest = re.findall(r"^## \[([^\]]+)\]", (TOP / "CHANGELOG.md").read_text("utf-8"), re.M)

    assert project["version"] == __version__
    assert newest[0] == "Unreleased" or newest[0] == __version__


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    lines = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["sandbox"],
        *project["dependency-groups"]["dev"],
    ]
    reasons = (TOP / "docs/decisions/0002-dependencies.md").read_text("utf-8")
    names = {re.split(r"[\[>=<;~! ]", line)[0] for line in lines}

    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", reasons)} == set()
