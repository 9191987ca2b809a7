"""The form works from end to end without script: methods, refusals, double clicks, success."""

from concurrent.futures import ThreadPoolExecutor

from tests.keyhatch import Keyhatch

RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}


def test_right_credentials_end_on_our_own_page_with_a_receipt(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])

    done = keyhatch.step(page, RIGHT, kh_do="connect")

    assert done.status_code == 200
    assert "is connected" in done.text
    assert "khr_" in done.text


def test_a_refusal_keeps_everything_but_the_secrets(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])

    again = keyhatch.step(page, RIGHT | {"password": "not-the-password"}, kh_do="connect")

    assert again.status_code == 422
    assert 'value="enzo@larkfield.example"' in again.text
    assert "not-the-password" not in again.text
    assert "aria-invalid=true" in again.text
    assert "role=alert" in again.text


def test_after_a_refusal_the_same_page_can_be_sent_again(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])
    again = keyhatch.step(page, RIGHT | {"password": "not-the-password"}, kh_do="connect")

    done = keyhatch.step(again, RIGHT, kh_do="connect")

    assert "is connected" in done.text


def test_switching_the_method_keeps_what_both_ask_for(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify")["token"])

    other = keyhatch.step(page, {"store": "larkfield-demo", "token": "shpat_x"}, kh_method="key")

    assert other.status_code == 200
    assert 'value="larkfield-demo"' in other.text
    assert 'name="api_key"' in other.text
    assert "shpat_x" not in other.text


def test_a_test_passes_and_saves_nothing(keyhatch: Keyhatch) -> None:
    before = len(keyhatch.emulator.connections)
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])

    tested = keyhatch.step(page, RIGHT, kh_do="test")

    assert tested.status_code == 200
    assert len(keyhatch.emulator.connections) == before


def test_a_double_click_makes_one_connection_and_shows_success_twice(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])
    before = len(keyhatch.emulator.connections)

    with ThreadPoolExecutor(2) as pool:
        clicks = [pool.submit(keyhatch.step, page, RIGHT, kh_do="connect") for _ in range(2)]
        answers = [click.result() for click in clicks]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("is connected" in answer.text for answer in answers)
    assert len(keyhatch.emulator.connections) == before + 1


def test_a_revoked_session_keeps_what_was_typed(keyhatch: Keyhatch) -> None:
    made = keyhatch.session("http-basic")
    page = keyhatch.frame(made["token"])
    keyhatch.hana().delete(f"/v1/connect-sessions/{made['id']}")

    late = keyhatch.step(page, RIGHT, kh_do="connect")

    assert late.status_code == 401
    assert 'value="enzo@larkfield.example"' in late.text
    assert "demo-orchard-password" not in late.text


def test_mallorys_form_on_another_site_cannot_take_a_step(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("http-basic")["token"])
    from tests.keyhatch import hidden_fields

    forged = keyhatch.client(Origin="https://mallory.example").post(
        "/connect/step", data=hidden_fields(page.text) | RIGHT
    )

    assert forged.status_code == 403
