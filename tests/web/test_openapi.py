"""The API describes itself: a generator makes a client of it; the reference needs nobody."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.keyhatch import Keyhatch


def test_a_generator_makes_a_client_of_the_document(keyhatch: Keyhatch, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(keyhatch.client().get("/openapi.json").text)

    command = ["-m", "openapi_python_client", "generate", "--path", str(document)]
    made = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, *command, "--meta", "none", "--output-path", str(tmp_path / "client")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in made.stdout.lower()
    assert list((tmp_path / "client").rglob("create_connect_session*.py")) or list(
        (tmp_path / "client").rglob("create_session*.py")
    )


def test_every_call_names_its_errors(keyhatch: Keyhatch) -> None:
    document = keyhatch.client().get("/openapi.json").json()

    for path, methods in document["paths"].items():
        for method, call in methods.items():
            assert {"401", "404"} <= set(call["responses"]), f"{method} {path}"


def test_the_reference_page_asks_nobody_else(keyhatch: Keyhatch) -> None:
    page = keyhatch.client().get("/docs")

    assert page.status_code == 200
    assert "/v1/connect-sessions" in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    document = json.loads(keyhatch.client().get("/openapi.json").text)
    assert all(path in page.text for path in document["paths"])
