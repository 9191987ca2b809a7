"""A body that is too large, not JSON, or not what was asked is a problem, never an echo."""

import pytest

from tests.keyhatch import Keyhatch

SECRET = "canary-in-a-bad-body"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"values": {"password": "%s"}' % SECRET.encode(), 400),
        (b"[" * 100_000, 413),
        (b"[" * 2_000, 400),
        (b'{"values": {"port": NaN}}', 400),
        (b'{"values": {"port": 1e999}}', 422),
        (b'{"values": {}, "values": {"password": "%s"}}' % SECRET.encode(), 400),
        (b'{"values": {"password": "\\ud800"}}', 400),
        (b'\xef\xbb\xbf{"values": {}}', 400),
        ('{"values": {}}'.encode("utf-16"), 400),
        (b'{"values": {"port": ' + b"9" * 5_000 + b"}}", 400),
        (b'{"values": "%s"}' % SECRET.encode(), 422),
        (b'{"values": {"password": {"a": ["%s"]}}}' % SECRET.encode(), 422),
        (b'"%s"' % SECRET.encode(), 422),
        (b"", 422),
    ],
)
def test_a_bad_body_is_a_problem_without_an_echo(
    keyhatch: Keyhatch, body: bytes, status: int
) -> None:
    token = keyhatch.session("http-basic")["token"]
    page = keyhatch.page_api(token)

    headers = {"Content-Type": "application/json"}
    answer = page.post("/v1/connect/http-basic", content=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_kind_of_content_is_a_415(keyhatch: Keyhatch, kind: str) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    headers = {"Content-Type": kind}
    answer = page.post("/v1/connect/http-basic", content=b'{"values":{}}', headers=headers)

    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_field_that_the_type_does_not_have_is_refused(keyhatch: Keyhatch) -> None:
    asked = len(keyhatch.emulator.requests)
    page = keyhatch.page_api(keyhatch.session("stripe")["token"])

    for name in ("http.baseURI", "__proto__", "_agentId", "type", "externalId"):
        typed = {"secret_key": "sk_test_demo_larkfield", name: "x"}
        answer = page.post("/v1/connect/stripe", json={"values": typed})

        assert answer.status_code == 422
    assert len(keyhatch.emulator.requests) == asked


def test_every_error_has_the_shape_of_a_problem_and_a_reference(keyhatch: Keyhatch) -> None:
    for path in ("/v1/connections", "/v1/nothing", "/v1/connect"):
        answer = keyhatch.client().get(path)

        body = answer.json()
        assert {"type", "title", "status", "code", "detail", "instance", "errors"} == set(body)
        assert body["instance"] == answer.headers["x-request-id"]
        assert body["status"] == answer.status_code


def test_no_version_of_the_server_is_told(keyhatch: Keyhatch) -> None:
    assert "server" not in keyhatch.client().get("/livez").headers
