"""`./x bench` runs to its end and prints what it promises; the figures are for people to judge."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


@pytest.mark.timeout(110)
def test_the_benchmarks_print_both_sides_and_their_ratio() -> None:
    command = [sys.executable, "-m", "benchmarks", "--rounds=1", "--requests=20", "--starts=1"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=100)  # noqa: S603 - our own program

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CPU/request") == done.stdout.count("ratio") == 4
    for title in ("A submit", "A form page", "Start until ready", "Memory at rest"):
        assert title in done.stdout
    for peer in ("Keyhatch", "FastAPI + httpx", "Flask + Jinja2"):
        assert done.stdout.count(peer) >= 5
