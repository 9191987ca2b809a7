"""Larkfield Books speaks to Keyhatch by the public contract, and keeps its host key to itself."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.host.app import HostOptions, create_host
from sandbox.serve import serve
from tests.sandbox.keyhatch_stub import CONNECTION, HOST_KEY, KeyhatchStub

JSON = {"Content-Type": "application/json"}
ELSEWHERE = "http://elsewhere.localhost:8402"
CREDENTIALS = {"shopify": {"store": "larkfield-demo", "token": "shpat_demo_larkfield"}}


@pytest.fixture
def keyhatch() -> KeyhatchStub:
    return KeyhatchStub()


@pytest.fixture
def larkfield(keyhatch: KeyhatchStub) -> Iterator[httpx.Client]:
    stub = serve(keyhatch.app)
    options = HostOptions(
        url="http://localhost:8402",
        keyhatch_url=stub.url,
        host_key=HOST_KEY,
        elsewhere=ELSEWHERE,
        credentials=CREDENTIALS,
        unavailable={"vendors": "There is no certificate authority."},
    )
    served = serve(create_host(options))
    with httpx.Client(base_url=served.url, timeout=10, trust_env=False) as client:
        yield client
    served.stop()
    stub.stop()


def asked(keyhatch: KeyhatchStub, path: str) -> Any:
    return next(body for _, at, body in keyhatch.asked if at == path)


def test_the_page_gets_a_token_and_never_the_host_key(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    answer = larkfield.post("/api/session?type=shopify", headers=JSON, json={})

    assert answer.json() == {"url": "https://connect.example", "token": "a-session-token"}
    assert keyhatch.keys == {f"Bearer {HOST_KEY}"}
    assert HOST_KEY not in larkfield.get("/").text


def test_a_session_is_for_enzo_and_the_type_of_the_card(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    larkfield.post("/api/session?type=shopify", headers=JSON, json={})

    body = asked(keyhatch, "/v1/connect-sessions")
    assert body["end_user"] == {"id": "enzo", "display_name": "Enzo"}
    assert body["connection_types"] == ["shopify"]
    assert "connection_id" not in body


def test_a_reconnect_names_the_connection(larkfield: httpx.Client, keyhatch: KeyhatchStub) -> None:
    larkfield.post("/api/session?type=shopify&connection=con_1", headers=JSON, json={})

    assert asked(keyhatch, "/v1/connect-sessions")["connection_id"] == "con_1"


def test_without_a_type_the_end_user_picks(larkfield: httpx.Client, keyhatch: KeyhatchStub) -> None:
    larkfield.post("/api/session", headers=JSON, json={})

    assert "connection_types" not in asked(keyhatch, "/v1/connect-sessions")


def test_the_hosted_page_leads_back(larkfield: httpx.Client, keyhatch: KeyhatchStub) -> None:
    answer = larkfield.get("/hosted?type=shopify")

    assert answer.status_code == 303
    assert answer.headers["location"] == "https://connect.example/c/code"
    assert asked(keyhatch, "/v1/connect-sessions")["return_url"] == "http://localhost:8402"


def test_a_receipt_is_what_keyhatch_says_of_it(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    answer = larkfield.post("/api/verify", headers=JSON, json={"receipt": "r.1"})

    assert answer.json()["connection"] == CONNECTION
    assert asked(keyhatch, "/v1/receipts/verify") == {"receipt": "r.1"}


def test_the_connections_are_enzos(larkfield: httpx.Client) -> None:
    assert larkfield.get("/api/connections").json() == [CONNECTION]


def test_a_connection_is_disconnected(larkfield: httpx.Client, keyhatch: KeyhatchStub) -> None:
    answer = larkfield.delete("/api/connections/con_1", headers=JSON)

    assert answer.status_code == 204
    assert ("DELETE", "/v1/connections/con_1", None) in keyhatch.asked


def test_the_page_shows_what_to_type_and_what_to_try_wrong(larkfield: httpx.Client) -> None:
    page = larkfield.get("/").text

    for value in ("larkfield-demo", "shpat_demo_larkfield", "not-the-right-one", "no-such-store"):
        assert f">{value}</code>" in page


def test_a_service_that_does_not_run_is_named(larkfield: httpx.Client) -> None:
    page = larkfield.get("/").text

    assert "Not on this machine: There is no certificate authority." in page
    assert "data-switch" not in page


@pytest.mark.parametrize("way", ["inline", "element", "own"])
def test_every_other_way_has_a_page(larkfield: httpx.Client, way: str) -> None:
    answer = larkfield.get(f"/as/{way}?type=shopify")

    assert answer.status_code == 200
    assert f'data-place="{way}"' in answer.text


@pytest.mark.parametrize("path", ["/as/nothing?type=shopify", "/as/inline?type=nothing"])
def test_what_does_not_exist_is_not_found(larkfield: httpx.Client, path: str) -> None:
    assert larkfield.get(path).status_code == 404


def test_a_page_in_a_strict_mood_says_so_in_its_headers(larkfield: httpx.Client) -> None:
    answer = larkfield.get("/?csp=strict&referrer=no-referrer")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<style" not in answer.text
    assert " style=" not in answer.text


def test_a_page_carries_its_mood_on_to_its_sessions(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    mood = "origin=foreign&expires_in=60"
    larkfield.post(f"/api/session?type=shopify&{mood}", headers=JSON, json={})

    body = asked(keyhatch, "/v1/connect-sessions")
    assert (body["origins"], body["expires_in"]) == ([ELSEWHERE], 60)
    assert 'data-query="origin=foreign&amp;expires_in=60"' in larkfield.get(f"/?{mood}").text


def test_a_keyhatch_that_refuses_is_one_sentence(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    keyhatch.status = 401

    words = "Keyhatch refused (host_key_unknown): The host key is not known."
    assert words in larkfield.get("/").text
    answer = larkfield.post("/api/session", headers=JSON, json={})
    assert (answer.status_code, answer.json()) == (502, {"problem": words})


def test_a_keyhatch_that_is_away_leaves_the_host_standing(closed_port: int) -> None:
    """The host's own health does not hang on one of the services that it uses."""
    options = HostOptions(
        url="http://localhost:8402",
        keyhatch_url=f"http://127.0.0.1:{closed_port}",
        host_key=HOST_KEY,
        elsewhere=ELSEWHERE,
    )
    served = serve(create_host(options))
    answer = httpx.get(served.url, trust_env=False)
    served.stop()

    assert answer.status_code == 200
    assert f"Keyhatch does not answer at http://127.0.0.1:{closed_port}" in answer.text


def test_the_server_may_reach_keyhatch_elsewhere_than_browsers_do(keyhatch: KeyhatchStub) -> None:
    """In containers each has a name that the other does not know."""
    stub = serve(keyhatch.app)
    options = HostOptions(
        url="http://localhost:8402",
        keyhatch_url="http://connect.example",
        keyhatch_inside=stub.url,
        host_key=HOST_KEY,
        elsewhere=ELSEWHERE,
    )
    served = serve(create_host(options))
    page = httpx.get(served.url, trust_env=False).text
    served.stop()
    stub.stop()

    assert "Shopify" in page
    assert stub.url not in page
    assert 'src="http://connect.example/static/v1/embed.js"' in page


def test_mallorys_receipt_proves_nothing_about_enzo(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    keyhatch.end_user = "mallory"
    answer = larkfield.post("/api/verify", headers=JSON, json={"receipt": "r.1"})

    assert answer.status_code == 502
    assert "another person" in answer.json()["problem"]


def test_mallory_cannot_disconnect_what_is_not_enzos(
    larkfield: httpx.Client, keyhatch: KeyhatchStub
) -> None:
    larkfield.delete("/api/connections/con_of_somebody_else", headers=JSON)

    assert all(method != "DELETE" for method, _, _ in keyhatch.asked)


@pytest.mark.parametrize("path", ["/api/session", "/api/verify", "/api/panel/shopify"])
def test_a_form_on_mallorys_page_cannot_post_here(larkfield: httpx.Client, path: str) -> None:
    """A browser sends such a form without asking first; JSON it would ask about."""
    assert larkfield.post(path, data={"state": "stopped"}).status_code == 415
    assert larkfield.post(path, content='{"state":"stopped"}').status_code == 415


def test_broken_json_is_a_400(larkfield: httpx.Client) -> None:
    assert larkfield.post("/api/verify", headers=JSON, content="{").status_code == 400
