"""Whatever JSON Mallory sends, the emulator answers with a status of its own, never a 500."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.test_emulator_masks import BASE

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = """
type name http rest auth token basic headers ping test limit paging method response body
relativeURI successPath successValues mapping fields lists generate extract dataType default
pageSize encrypted debugDate op path value kind match times seconds status
"""
KEYS = st.sampled_from(NAMES.split())
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-9, 99999)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", "test", "page", "GET", "a.b", "a[*].b", "{{a}}", "{{", "******", "token"]
    )
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)
)
PARTS = st.dictionaries(KEYS, VALUES, max_size=6)


def refuses(client: httpx.Client, method: str, path: str, body: Any) -> bool:
    """Whether the answer is a proper one; a 500 or a dead connection is not."""
    return client.request(method, path, json=body).status_code < 500


@FEW
@given(kind=st.sampled_from(sorted(BASE)), part=PARTS, rest=PARTS)
def test_no_document_breaks_it(
    client: httpx.Client, kind: str, part: dict[str, Any], rest: dict[str, Any]
) -> None:
    base = BASE[kind]
    body = rest | {"type": kind, "name": "x", kind: base[kind] | part}

    assert refuses(client, "POST", "/connections/ping", body)
    assert refuses(client, "POST", "/connections", body)


@FEW
@given(body=VALUES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", ""),
        ("PATCH", ""),
        ("POST", "/ping"),
        ("POST", "/export"),
        ("POST", "/import"),
    ],
)
def test_no_body_breaks_it(
    client: httpx.Client, saved: str, method: str, path: str, body: Any
) -> None:
    assert refuses(client, method, f"/connections/{saved}{path}", body)


@FEW
@given(part=PARTS, more=PARTS)
def test_no_export_breaks_it(
    client: httpx.Client, saved: str, part: dict[str, Any], more: dict[str, Any]
) -> None:
    model = more | {"http": {"relativeURI": "/jars"} | part}

    for path in ("export", "export/pages"):
        assert refuses(client, "POST", f"/connections/{saved}/{path}", {"export": model})


@FEW
@given(part=PARTS, mapping=PARTS, record=PARTS)
def test_no_import_breaks_it(
    client: httpx.Client,
    saved: str,
    part: dict[str, Any],
    mapping: dict[str, Any],
    record: dict[str, Any],
) -> None:
    http = {"relativeURI": ["/echo"], "method": ["PUT"]} | part
    body = {"import": {"http": http, "mapping": mapping}, "data": [record]}

    for path in ("import", "import/map"):
        assert refuses(client, "POST", f"/connections/{saved}/{path}", body)


@FEW
@given(body=VALUES | st.lists(PARTS))
def test_no_fault_breaks_it(stranger: httpx.Client, body: Any) -> None:
    assert refuses(stranger, "POST", "/_control/faults", body)
    stranger.delete("/_control/faults")
