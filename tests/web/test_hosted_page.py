"""The hosted page shows who asks for what, and only its own button opens the form."""

from typing import Any

import httpx

from tests.keyhatch import HANAS_ORIGIN, Keyhatch


def _code(keyhatch: Keyhatch, **more: Any) -> str:
    return str(keyhatch.session("http-basic", **more)["hosted_url"]).rsplit("/", 1)[1]


def _press(keyhatch: Keyhatch, code: str, origin: str | None = None) -> httpx.Response:
    headers = {"Origin": origin or keyhatch.url, "Sec-Fetch-Dest": "document"}
    return keyhatch.client(**headers).post("/connect", data={"code": code})


def test_it_names_the_host_and_the_type(keyhatch: Keyhatch) -> None:
    page = keyhatch.client().get(f"/c/{_code(keyhatch)}")

    assert page.status_code == 200
    assert "Larkfield Books" in page.text
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")


def test_looking_at_it_spends_nothing(keyhatch: Keyhatch) -> None:
    code = _code(keyhatch)

    for _ in range(10):
        keyhatch.client().get(f"/c/{code}")

    assert _press(keyhatch, code).status_code == 200


def test_its_code_opens_the_form_once(keyhatch: Keyhatch) -> None:
    code = _code(keyhatch)

    first, second = _press(keyhatch, code), _press(keyhatch, code)

    assert 'name="password"' in first.text
    assert second.status_code == 401


def test_mallorys_page_cannot_press_the_button(keyhatch: Keyhatch) -> None:
    code = _code(keyhatch)

    forged = _press(keyhatch, code, "https://mallory.example")

    assert forged.status_code == 403
    assert _press(keyhatch, code).status_code == 200


def test_success_links_back_and_never_redirects(keyhatch: Keyhatch) -> None:
    page = _press(keyhatch, _code(keyhatch, return_url=f"{HANAS_ORIGIN}/done"))
    values = {
        "base_url": "http://api.orchard.example",
        "ping_path": "/v1/me",
        "username": "enzo@larkfield.example",
        "password": "demo-orchard-password",
    }

    done = keyhatch.step(page, values, "document", kh_do="connect")

    assert done.status_code == 200
    assert f'href="{HANAS_ORIGIN}/done"' in done.text
