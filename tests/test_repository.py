"""What is in the tree can be shown to anybody: no secret, no machine, no registry, no leftovers.

Reads the files that git would commit; outside a git checkout all but the folders of tools.
"""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
LEFT_OUT = {
    ".git", ".venv", ".tools", ".cache", "__pycache__", "node_modules", "dist", "screenshots",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
}  # fmt: skip

# The brackets keep a pattern from finding itself.
REGISTRIES = re.compile(
    r"pypi[.]org|python[h]osted|registry[.]npmjs|deb[.]debian[.]org|proxy[.]golang|ghcr[.]io|"
    r"jsdelivr[.]net|unpkg[.]com",
    re.IGNORECASE,
)
MACHINES = re.compile(r"/(?:home|Users|work|farm|root)/[\w.]|/tmp/(?:bash|kh)[/_]|C:\\\\Users")
SECRETS = {
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)(?!EXAMPLE|DEMO)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{36,}\b"),
    "Slack token": re.compile(r"\bxox[abprs]-\d{9,}-\d{9,}-[0-9A-Za-z]{20,}"),
    "Shopify token": re.compile(r"\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b"),
    "Stripe key": re.compile(r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{24,}\b"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_\-]{35}\b"),
    "signed token": re.compile(r"\beyJ[\w\-]{20,}\.eyJ[\w\-]{20,}\.[\w\-]{20,}"),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)+[0-9A-Za-z+/=]{40}"),
}


def git_lists() -> list[str] | None:
    """What git would commit; None without git, or where it does not trust the folder."""
    git = shutil.which("git")
    if not git or not (TOP / ".git").exists():
        return None
    done = subprocess.run(  # noqa: S603 - our own words, nothing typed by anybody
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
    )
    return done.stdout.decode().split("\0") if done.returncode == 0 else None


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, tracked or about to be."""
    listed = git_lists()
    if listed is not None:
        return tuple(TOP / name for name in listed if (TOP / name).is_file())
    found = (path for path in TOP.rglob("*") if not LEFT_OUT & set(path.relative_to(TOP).parts))
    return tuple(path for path in found if path.is_file())


@cache
def texts() -> dict[str, str]:
    """The content of each file that is text, by its name in the tree."""
    read = {}
    for path in files():
        try:
            read[str(path.relative_to(TOP))] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
    return read


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()[:40]}"
        for name, text in texts().items()
        for match in pattern.finditer(text)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRIES) == []


def test_no_file_names_a_folder_of_some_machine() -> None:
    assert places(MACHINES) == []


@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_no_file_holds_what_looks_like_a_real_secret(kind: str) -> None:
    assert places(SECRETS[kind]) == []


@pytest.mark.parametrize("lock", ["core", "sandbox", "dev", "build", "uv"])
def test_a_lock_names_no_address_and_hashes_everything(lock: str) -> None:
    text = (TOP / f"requirements/{lock}.txt").read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==", text, re.MULTILINE)

    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pins) > 0


def test_the_small_locks_are_parts_of_the_large_one() -> None:
    def pins(lock: str) -> set[str]:
        text = (TOP / f"requirements/{lock}.txt").read_text("utf-8")
        return set(re.findall(r"^[\w.\-]+(?:\[[\w,]+\])?==[\w.+]+", text, re.MULTILINE))

    assert pins("core") <= pins("sandbox") <= pins("dev")
    assert pins("build") <= pins("dev")


def test_no_lock_of_another_tool_slipped_in() -> None:
    names = {path.name for path in files()}

    assert not {"uv.lock", "poetry.lock", "Pipfile.lock", "pylock.toml"} & names


def test_what_people_run_is_executable() -> None:
    assert all((TOP / name).stat().st_mode & 0o111 for name in ("x", ".ci/run"))


def test_mallory_cannot_hide_a_key_behind_a_line_break() -> None:
    begin, body = "-----BEGIN PRIVATE" + " KEY-----", "M" * 44
    search = SECRETS["private key"].search

    assert search(f"{begin}\n{body}")
    assert search(f"{begin}\\n{body}")
    assert not search(f"{begin}\\n…")
