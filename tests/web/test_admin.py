"""Ada, the operator, signs in and lives with the connections; nobody else gets in."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.targets.running import Targets
from tests.keyhatch import Keyhatch, hidden_fields, running

PASSWORD = "correct-horse-battery-staple"
RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}


@pytest.fixture(scope="module")
def adas(targets: Targets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyhatch]:
    """A Keyhatch of its own, because a wrong password makes the next one wait."""
    import asyncio

    from app.manage.operators import Operators
    from app.store.engine import Store

    folder = tmp_path_factory.mktemp("admin")

    async def create() -> None:
        store = await Store.open(f"sqlite:///{folder}/keyhatch.sqlite3")
        await Operators(store, ("x",)).put("ada", PASSWORD)
        await store.close()

    asyncio.run(create())
    with running(targets.zone, folder, targets) as server:
        yield server


@pytest.fixture
def ada(adas: Keyhatch) -> httpx.Client:
    """Ada's browser, signed in."""
    client = adas.client(Origin=adas.url)
    answer = client.post("/admin/login", data={"name": "ada", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_without_signing_in_there_is_only_the_way_to_sign_in(adas: Keyhatch) -> None:
    for path in ("/admin", "/admin/new", "/admin/connections/con_0"):
        answer = adas.client().get(path)

        assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")


def test_the_cookie_is_for_this_site_and_this_browser_alone(adas: Keyhatch) -> None:
    answer = adas.client(Origin=adas.url).post(
        "/admin/login", data={"name": "ada", "password": PASSWORD}
    )

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_ada_makes_a_connection_for_an_end_user_with_the_same_form(ada: httpx.Client) -> None:
    opened = ada.post("/admin/new", data={"type": "http-basic", "end_user": "grace"})
    hosted = ada.get(opened.headers["location"])
    code = opened.headers["location"].rsplit("/", 1)[1]
    form = ada.post("/connect", data={"code": code}, headers={"Sec-Fetch-Dest": "document"})
    done = ada.post("/connect/step", data=hidden_fields(form.text) | RIGHT | {"kh_do": "connect"})

    assert hosted.status_code == 200
    assert "is connected" in done.text
    assert "grace" in ada.get("/admin").text


def test_she_tests_and_deletes_it(adas: Keyhatch, ada: httpx.Client) -> None:
    token = adas.session("http-basic", end_user="linus")["token"]
    made = adas.page_api(token).post("/v1/connect/http-basic", json={"values": RIGHT}).json()
    path = f"/admin/connections/{made['connection']['id']}"

    shown = ada.get(path)
    tested = ada.post(f"{path}/ping", data={"press": ""})
    again = ada.post(f"{path}/reconnect", data={"press": ""})
    kept = ada.post(f"{path}/delete", data={"press": ""})
    deleted = ada.post(f"{path}/delete", data={"sure": "yes"})

    assert RIGHT["username"] in shown.text
    assert RIGHT["password"] not in shown.text
    assert tested.status_code == 200
    assert again.headers["location"].startswith("/c/")
    assert kept.status_code == 404
    assert (deleted.status_code, deleted.headers["location"]) == (303, "/admin")
    assert ada.get(path).status_code == 404


def test_mallorys_page_cannot_use_adas_cookie(ada: httpx.Client) -> None:
    for headers in (
        {"Origin": "https://mallory.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        data = {"type": "stripe", "end_user": "mallory"}
        answer = ada.post("/admin/new", data=data, headers=headers)

        assert answer.status_code == 403


def test_mallorys_changed_cookie_opens_nothing(adas: Keyhatch, ada: httpx.Client) -> None:
    cookie = ada.cookies["keyhatch_admin"]
    for forged in (cookie[:-3] + "AAA", "x", "", cookie.split(".")[0]):
        answer = adas.client(Cookie=f"keyhatch_admin={forged}").get("/admin")

        assert answer.status_code == 303


def test_mallorys_guesses_soon_have_to_wait_even_with_the_right_password(adas: Keyhatch) -> None:
    mallory = adas.client(Origin=adas.url)
    data = {"name": "mallorys-target", "password": "a guess"}

    answers = [mallory.post("/admin/login", data=data) for _ in range(7)]

    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
