"""Nobody gets past the emulator without the bearer token, and a custom-scope token sees its own."""

import httpx
import pytest

from tests.sandbox.conftest import Document, Start, client_of, errors

PATHS = ["/v1/connections", "/v1/connections/" + "0" * 24, "/v1/tokenInfo", "/v1/nowhere"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic c2FuZGJveA==", "wrong"])
def test_no_token_or_a_wrong_one_is_a_401(
    stranger: httpx.Client, path: str, header: str | None
) -> None:
    answer = stranger.get(path, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert errors(answer) == [("unauthorized", None)]


def test_the_token_tells_whose_it_is(client: httpx.Client) -> None:
    info = client.get("/tokenInfo").json()

    assert info["scope"] == "*"
    assert len(info["_userId"]) == 24


def test_a_custom_token_reaches_its_connections_and_no_other(
    start: Start, document: Document
) -> None:
    scoped: dict[str, list[str]] = {"scoped-token": []}
    full = start(scoped=scoped)
    mine, other = (full.post("/connections", json=document).json()["_id"] for _ in range(2))
    scoped["scoped-token"].append(mine)

    with client_of(str(full.base_url).removesuffix("/v1/"), "scoped-token") as hana:
        assert hana.get("/tokenInfo").json()["scope"] == "custom"
        assert hana.get(f"/connections/{mine}").status_code == 200
        assert [row["_id"] for row in hana.get("/connections").json()] == [mine]
        for refused in (
            hana.get(f"/connections/{other}"),
            hana.delete(f"/connections/{other}"),
            hana.post(f"/connections/{other}/ping"),
            hana.post("/connections", json=document),
            hana.post("/connections/ping", json=document),
        ):
            assert refused.status_code == 403
            assert errors(refused) == [("forbidden", None)]


def test_mallory_learns_nothing_from_a_connection_outside_her_scope(
    start: Start, document: Document
) -> None:
    full = start(scoped={"mallorys-token": []})
    existing = full.post("/connections", json=document).json()["_id"]

    with client_of(str(full.base_url).removesuffix("/v1/"), "mallorys-token") as mallory:
        real = mallory.get(f"/connections/{existing}")
        invented = mallory.get("/connections/" + "f" * 24)

    assert (real.status_code, real.content) == (invented.status_code, invented.content)
