"""The debug log is plain text, runs only until its date, and holds no credential."""

import base64
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.integrator.debug_log import DebugLogs
from tests.sandbox.conftest import Document
from tests.sandbox.pantry import TOKEN

EXPORT_ID = "5f00000000000000000000bb"
EXPORT = {"export": {"_id": EXPORT_ID, "http": {"relativeURI": "/jars"}}}
IMPORT: dict[str, Any] = {
    "import": {"http": {"relativeURI": ["/new_jar"], "method": ["POST"]}},
    "data": [{"label": "Plums"}],
}
FIRST_LINE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9a-f-]{36} (\w+) (\w+)"


def debug(client: httpx.Client, identifier: str, **ahead: float) -> None:
    """Switch the log on."""
    until = (datetime.now(UTC) + timedelta(**ahead)).isoformat()
    operation = {"op": "replace", "path": "/debugDate", "value": until}
    assert client.patch(f"/connections/{identifier}", json=[operation]).status_code == 204


def calls(text: str) -> list[tuple[str, str]]:
    """Resource and id of each block."""
    return re.findall(FIRST_LINE, text)


@pytest.fixture
def log(client: httpx.Client, saved: str) -> str:
    """The path of the log of a connection that was exported from, imported to and pinged."""
    debug(client, saved, minutes=5)
    client.post(f"/connections/{saved}/export", json=EXPORT)
    client.post(f"/connections/{saved}/import", json=IMPORT)
    client.post(f"/connections/{saved}/ping")
    return f"/connections/{saved}/debug"


def test_nothing_is_written_while_the_date_does_not_lie_ahead(
    client: httpx.Client, saved: str
) -> None:
    client.post(f"/connections/{saved}/export", json=EXPORT)
    debug(client, saved, seconds=0.2)
    time.sleep(0.3)
    client.post(f"/connections/{saved}/export", json=EXPORT)

    answer = client.get(f"/connections/{saved}/debug")

    assert (answer.status_code, answer.text) == (200, "")


def test_each_call_leaves_its_request_and_its_answer(client: httpx.Client, log: str) -> None:
    answer = client.get(log)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert [resource for resource, _ in calls(answer.text)] == [
        "export",
        "export",
        "import",
        "import",
        "connection",
        "connection",
    ]
    assert "/shelf/jars" in answer.text
    assert '\\"label\\": \\"Plums\\"' in answer.text


def test_a_resource_id_picks_its_blocks(client: httpx.Client, log: str) -> None:
    answer = client.get(f"{log}/{EXPORT_ID}")

    assert calls(answer.text) == [("export", EXPORT_ID)] * 2
    assert client.get(f"{log}/{'0' * 24}").text == ""


def test_a_wiped_log_is_empty(client: httpx.Client, log: str) -> None:
    assert client.delete(log).status_code == 204
    assert client.get(log).text == ""


def test_mallory_finds_no_credential_in_the_log(client: httpx.Client, log: str) -> None:
    text = client.get(log).text

    assert TOKEN not in text
    assert '"authorization": "******"' in text


@pytest.mark.parametrize(
    "spelled",
    [
        'p ss/w&rd+"1',
        "p%20ss%2Fw%26rd%2B%221",
        "p+ss%2Fw%26rd%2B%221",
        base64.b64encode(b'p ss/w&rd+"1').decode(),
    ],
)
def test_a_secret_is_struck_out_in_each_of_its_spellings(spelled: str) -> None:
    document: Document = {
        "_id": "0" * 24,
        "type": "http",
        "debugDate": (datetime.now(UTC) + timedelta(minutes=1)).isoformat(),
        "http": {"auth": {"basic": {"password": 'p ss/w&rd+"1'}}},
    }
    logs = DebugLogs()

    logs.record(document, "export", "x", {"url": f"http://a.example/?key={spelled}"}, {})

    text = logs.text("0" * 24)
    assert "key=******" in text
    assert spelled not in text
