"""The house keeps its shape: who may import whom, what stays pure, how large things may grow.

The tables are docs/architecture.md as data. A change here is a change of the design: it belongs
into docs/decisions first.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
EVERY_ROOM = {"*"}

MAY_IMPORT: dict[str, set[str]] = {
    "main": EVERY_ROOM,
    "cli": {"main", "settings", "catalogue", "forms", "manage", "store"},
    "settings": set(),
    "web": {
        "connect",
        "manage",
        "guard",
        "catalogue",
        "forms",
        "settings",
        "integrator.errors",  # the classes alone: each face turns them into its own answer
    },
    "connect": {"forms", "catalogue", "integrator", "store", "guard"},
    "manage": {"forms", "catalogue", "integrator", "store", "guard"},
    "integrator": {"forms.outcome"},
    "notify": {"store"},
    "guard": {"store"},
    "store": set(),
    "forms": {"catalogue.model", "catalogue.slots", "catalogue.patterns"},
    "catalogue": set(),
}

# Who alone may use a package; what is not named here is free, except in the pure rooms.
RESERVED: dict[str, set[str]] = {
    "httpx": {"integrator", "notify"},
    "httpx_aiohttp": {"integrator", "notify"},
    "aiohttp": {"integrator", "notify"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlite3": {"store"},
    "aiosqlite": {"store"},
    "asyncpg": {"store"},
    "fastapi": {"web", "main"},
    "starlette": {"web", "main"},
    "jinja2": {"web"},
    "uvicorn": {"main", "cli", "web"},
    "click": {"cli"},
}

PURE = ("forms", "catalogue.model", "catalogue.slots", "catalogue.patterns")
KNOWS_THE_OUTSIDE = {
    "os", "sys", "io", "pathlib", "tempfile", "shutil", "subprocess", "socket", "ssl", "http",
    "time", "random", "secrets", "uuid", "threading", "asyncio", "logging", "importlib",
}  # fmt: skip
CALLS_TO_THE_OUTSIDE = {"open", "input", "print", "exec", "eval", "__import__"}
OUTSIDE_PACKAGES_OF_CATALOGUE = {"pydantic", "pydantic_core"}

LONGEST_MODULE = 300
LONG_FUNCTION = 20
LONGEST_FUNCTION = 40
SHARE_OF_LONG_FUNCTIONS = 0.08


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is dotted ("app.forms.form"), `room` the first part below app."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room of a module of app; the empty string is app itself."""
        return self.name.partition(".")[2].partition(".")[0]

    def imports(self) -> Iterator[str]:
        """Every module that it names in an import, inside functions and TYPE_CHECKING too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                # `from app.forms import form` may name a module or a thing in one: both are given.
                yield node.module or "."
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules(top: str) -> tuple[Module, ...]:
    """Every Python file below a folder of the checkout."""
    found = []
    for path in sorted((TOP / top).rglob("*.py")):
        parts = path.relative_to(TOP).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(path, name, ast.parse(path.read_text("utf-8"))))
    return tuple(found)


def within(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


def may_import(importer: Module, imported: str) -> bool:
    """Whether the table lets a module of app import a module (or a name) of app."""
    target = imported.removeprefix("app").removeprefix(".")
    room = target.partition(".")[0]
    if room in ("", "__version__", importer.room):
        return True
    allowed = MAY_IMPORT.get(importer.room, set())
    if allowed == EVERY_ROOM or any(within(target, one) for one in allowed):
        return True
    # `from app.integrator import errors` also reads as an import of the package around it.
    return any(one.startswith(target + ".") for one in allowed) and is_package(imported)


def is_package(name: str) -> bool:
    return (TOP / Path(*name.split(".")) / "__init__.py").exists()


def outside_packages(module: Module) -> set[str]:
    return {name.partition(".")[0] for name in module.imports()} - {"app"}


def forbidden_imports(module: Module) -> list[str]:
    return [
        f"{module.name} imports {name}"
        for name in module.imports()
        if within(name, "app") and not may_import(module, name)
    ]


def test_every_room_stands_in_the_table() -> None:
    rooms = {module.room for module in modules("app")} - {"", "__main__"}

    assert rooms <= set(MAY_IMPORT), f"not in the table: {sorted(rooms - set(MAY_IMPORT))}"


def test_rooms_import_only_what_the_table_allows() -> None:
    found = [line for module in modules("app") for line in forbidden_imports(module)]

    assert found == [], "\n".join(found)


def test_a_package_is_used_only_by_the_room_that_owns_it() -> None:
    found = [
        f"{module.name} imports {package}"
        for module in modules("app")
        for package in sorted(outside_packages(module))
        if package in RESERVED and module.room not in RESERVED[package]
    ]

    assert found == [], "\n".join(found)


def test_the_sandbox_and_the_house_know_nothing_of_each_other() -> None:
    found = [
        f"{module.name} imports {name}"
        for ours, theirs in (("app", "sandbox"), ("sandbox", "app"))
        for module in modules(ours)
        for name in module.imports()
        if within(name, theirs) or within(name, "tests")
    ]

    assert found == [], "\n".join(found)


def test_pure_modules_reach_for_nothing_outside() -> None:
    found = [
        f"{module.name} imports {package}"
        for module in modules("app")
        if any(within(module.name, f"app.{pure}") for pure in PURE)
        for package in sorted(outside_packages(module) & (KNOWS_THE_OUTSIDE | set(RESERVED)))
    ]

    assert found == [], "\n".join(found)


def test_pure_modules_open_nothing_and_ask_no_clock() -> None:
    found = [
        f"{module.name}:{node.lineno} calls {called}"
        for module in modules("app")
        if any(within(module.name, f"app.{pure}") for pure in PURE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        for called in [ast.unparse(node.func)]
        if called in CALLS_TO_THE_OUTSIDE or called.endswith((".now", ".today", ".utcnow"))
    ]

    assert found == [], "\n".join(found)


def test_the_catalogue_needs_the_standard_library_and_pydantic_alone() -> None:
    allowed = set(sys.stdlib_module_names) | OUTSIDE_PACKAGES_OF_CATALOGUE
    found = [
        f"{module.name} imports {package}"
        for module in modules("app")
        if module.room == "catalogue"
        for package in sorted(outside_packages(module) - allowed)
    ]

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("top", ["app", "sandbox", "tests", "benchmarks"])
def test_every_module_says_what_it_owns(top: str) -> None:
    found = [module.name for module in modules(top) if not ast.get_docstring(module.tree)]

    assert found == [], "\n".join(found)


def test_no_file_of_code_is_longer_than_a_sitting() -> None:
    found = [
        f"{path.relative_to(TOP)}: {lines} lines"
        for top in ("app", "sandbox", "tests", "benchmarks", "templates", "static", "docs")
        for path in sorted((TOP / top).rglob("*"))
        if path.suffix in (".py", ".js", ".mjs", ".ts", ".html")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_MODULE
    ]

    assert found == [], "\n".join(found)


def functions(tops: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each function with its lines, signature and docstring counted."""
    for top in tops:
        for module in modules(top):
            if "migrations" in module.name:
                continue  # tables written down once: data in the shape of a function
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or node.lineno) - node.lineno + 1
                    yield f"{module.name}:{node.lineno} {node.name}", lines


def test_nearly_every_function_fits_on_a_card(
    record_property: Callable[[str, object], None],
) -> None:
    sizes = dict(functions(("app", "sandbox")))
    long = sorted(
        ((lines, name) for name, lines in sizes.items() if lines > LONG_FUNCTION), reverse=True
    )
    share = len(long) / len(sizes)
    record_property("share_of_long_functions", f"{share:.1%} of {len(sizes)}")

    assert [one for one in long if one[0] > LONGEST_FUNCTION] == []
    assert share <= SHARE_OF_LONG_FUNCTIONS, f"{share:.1%} are long: {long}"


def test_no_room_is_a_drawer_for_odds_and_ends() -> None:
    found = [
        module.name
        for top in ("app", "sandbox", "tests", "benchmarks")
        for module in modules(top)
        if {"utils", "util", "helpers", "helper", "common", "misc", "services"}
        & set(module.name.split("."))
    ]

    assert found == [], "\n".join(found)


def test_every_exception_to_a_rule_says_why() -> None:
    exception = re.compile(r"#\s*(noqa|type:\s*ignore)\b(.*)")
    reason = re.compile(
        r"(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])\s*(?:#\s*|- ).{8,}"
    )
    found = [
        f"{path.relative_to(TOP)}:{number}"
        for top in ("app", "sandbox", "tests", "benchmarks")
        for path in sorted((TOP / top).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in [exception.search(line)]
        if match and not reason.match(match.group(2))
    ]

    assert found == [], "\n".join(found)


def test_mallory_cannot_slip_an_import_past_the_table() -> None:
    sneaky = "def f():\n    from app.store import tables\n    import app.integrator.client\n"
    module = Module(Path("x.py"), "app.forms.form", ast.parse(sneaky))

    assert forbidden_imports(module) == [
        "app.forms.form imports app.store",
        "app.forms.form imports app.store.tables",
        "app.forms.form imports app.integrator.client",
    ]
