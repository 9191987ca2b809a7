"""The widget opens by one POST from an allowed page into a frame; others are told no."""

import re

import pytest

from tests.keyhatch import HANAS_ORIGIN, Keyhatch


def test_a_token_posted_by_hanas_page_answers_with_the_finished_form(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify")["token"])

    assert page.status_code == 200
    assert "Connect Shopify" in page.text
    assert 'name="store"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_only_the_sessions_origins_may_frame_the_page(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify")["token"])

    policy = page.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors {HANAS_ORIGIN}")
    assert "require-trusted-types-for 'script'" in policy
    assert "x-frame-options" not in page.headers


def test_the_page_sets_no_cookie_and_asks_nobody_else(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify")["token"])

    assert "set-cookie" not in page.headers
    loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert all(address.startswith("/static/v1/") for address in loaded)


def test_mallorys_origin_is_refused_before_anything_is_spent(keyhatch: Keyhatch) -> None:
    token = keyhatch.session("shopify")["token"]

    for _ in range(8):
        refused = keyhatch.frame(token, origin="https://mallory.example")

    assert refused.status_code == 403
    assert "mallory.example" in refused.text
    assert "Enzo" not in refused.text
    assert refused.headers["content-security-policy"].endswith("frame-ancestors *")
    assert keyhatch.frame(token).status_code == 200


def test_a_token_posted_to_the_top_of_a_window_is_refused(keyhatch: Keyhatch) -> None:
    token = keyhatch.session("shopify")["token"]

    top = keyhatch.frame(token, **{"Sec-Fetch-Dest": "document"})

    assert top.status_code == 403


def test_a_host_with_no_referrer_is_let_in_and_framing_decides(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify")["token"], origin="null")

    assert page.status_code == 200
    assert HANAS_ORIGIN in page.headers["content-security-policy"]


def test_a_reload_opens_the_form_again_and_ends_the_older_copy(keyhatch: Keyhatch) -> None:
    token = keyhatch.session("http-basic")["token"]
    older = keyhatch.frame(token)
    newer = keyhatch.frame(token)

    late = keyhatch.step(older, {"base_url": "http://api.orchard.example"})

    assert newer.status_code == 200
    assert late.status_code == 401
    assert "http://api.orchard.example" in late.text


def test_a_token_opens_at_most_five_times(keyhatch: Keyhatch) -> None:
    token = keyhatch.session("shopify")["token"]

    statuses = [keyhatch.frame(token).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [401]


def test_several_types_open_with_a_picker(keyhatch: Keyhatch) -> None:
    picker = keyhatch.frame(keyhatch.session("shopify", "stripe")["token"])

    chosen = keyhatch.step(picker, {}, kh_type="stripe", kh_do="type")

    assert "Shopify" in picker.text
    assert "Connect Stripe" in chosen.text


def test_a_revoked_session_says_so(keyhatch: Keyhatch) -> None:
    made = keyhatch.session("shopify")
    keyhatch.hana().delete(f"/v1/connect-sessions/{made['id']}")

    page = keyhatch.frame(made["token"])

    assert page.status_code == 401
    assert "<title>" in page.text


@pytest.mark.parametrize("token", ["", "khs_", "khs_a.b.c", "x" * 3000, "khs_é.b.c"])
def test_mallorys_made_up_token_gets_a_page_and_never_a_fault(
    keyhatch: Keyhatch, token: str
) -> None:
    page = keyhatch.frame(token)

    assert page.status_code == 401
    assert page.headers["content-type"].startswith("text/html")
