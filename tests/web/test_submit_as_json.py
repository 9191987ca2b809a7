"""A host's own front end submits JSON: proven and stored once, or refused on a field."""

from tests.keyhatch import HANAS_ORIGIN, Keyhatch

RIGHT = {
    "base_url": "http://api.orchard.example",
    "ping_path": "/v1/me",
    "username": "enzo@larkfield.example",
    "password": "demo-orchard-password",
}


def test_right_credentials_are_stored_and_the_receipt_is_genuine(keyhatch: Keyhatch) -> None:
    made = keyhatch.session("http-basic", metadata={"order": "7"})
    page = keyhatch.page_api(made["token"])

    answer = page.post("/v1/connect/http-basic", json={"method": "basic", "values": RIGHT})

    assert answer.status_code == 201, answer.text
    connection = answer.json()["connection"]
    assert set(connection) == {"id", "connection_type", "name"}
    receipt = {"receipt": answer.json()["receipt"]}
    verified = keyhatch.hana().post("/v1/receipts/verify", json=receipt).json()
    assert verified["session_id"] == made["id"]
    assert verified["end_user_id"] == "enzo"
    assert verified["metadata"] == {"order": "7"}
    assert verified["connection"]["integrator_id"] in keyhatch.emulator.connections


def test_a_wrong_password_is_refused_on_its_field_and_nothing_is_stored(keyhatch: Keyhatch) -> None:
    before = len(keyhatch.emulator.connections)
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    typed = RIGHT | {"password": "not-the-password"}

    answer = page.post("/v1/connect/http-basic", json={"method": "basic", "values": typed})

    assert answer.status_code == 422
    fields = {field["name"]: field for field in answer.json()["fields"]}
    assert fields["password"]["messages"][0]["level"] == "error"
    assert fields["password"]["value"] is None
    assert fields["username"]["value"] == RIGHT["username"]
    assert "not-the-password" not in answer.text
    assert len(keyhatch.emulator.connections) == before


def test_a_test_saves_nothing(keyhatch: Keyhatch) -> None:
    before = len(keyhatch.emulator.connections)
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    answer = page.post("/v1/connect/http-basic/ping", json={"values": RIGHT})

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert len(keyhatch.emulator.connections) == before


def test_a_repeated_submit_gets_the_first_answer_and_makes_no_second_connection(
    keyhatch: Keyhatch,
) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    body = {"values": RIGHT, "submit": 1}
    first = page.post("/v1/connect/http-basic", json=body)
    stored = len(keyhatch.emulator.connections)

    second = page.post("/v1/connect/http-basic", json=body)

    assert second.json()["connection"] == first.json()["connection"]
    assert len(keyhatch.emulator.connections) == stored


def test_bad_input_never_reaches_the_network(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    asked = len(keyhatch.emulator.requests)

    answer = page.post("/v1/connect/http-basic", json={"values": {"base_url": "not an address"}})

    assert answer.status_code == 422
    wrong = {f["name"] for f in answer.json()["fields"] if f["messages"]}
    assert {"base_url", "password"} <= wrong
    assert len(keyhatch.emulator.requests) == asked


def test_a_type_that_the_session_does_not_allow_looks_like_one_that_does_not_exist(
    keyhatch: Keyhatch,
) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    foreign = page.get("/v1/connect/stripe")
    missing = page.get("/v1/connect/no-such-type")

    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}


def test_mallorys_page_cannot_use_the_token(keyhatch: Keyhatch) -> None:
    made = keyhatch.session("http-basic")
    mallory = keyhatch.page_api(made["token"], origin="https://mallory.example")

    answer = mallory.get("/v1/connect")

    assert answer.status_code == 403
    assert answer.json()["code"] == "origin_not_allowed"
    assert "access-control-allow-origin" not in answer.headers


def test_hanas_page_may_read_answers_and_errors(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api("khs_nonsense")

    answer = page.get("/v1/connect")

    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == HANAS_ORIGIN
    assert "Origin" in answer.headers["vary"]


def test_a_preflight_is_answered_without_a_token(keyhatch: Keyhatch) -> None:
    headers = {"Origin": HANAS_ORIGIN, "Access-Control-Request-Method": "POST"}

    answer = keyhatch.client().options("/v1/connect/http-basic", headers=headers)

    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"]


def test_a_secret_is_never_in_the_form(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    form = page.get("/v1/connect/http-basic").json()

    secrets = [field for field in form["fields"] if field["secret"]]
    assert secrets
    assert all(field["value"] is None for field in secrets)
    assert form["schema"]["properties"]["password"]["writeOnly"] is True


def test_after_completion_the_token_only_tells_the_outcome(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])
    page.post("/v1/connect/http-basic", json={"values": RIGHT})

    told = page.get("/v1/connect/result").json()
    others = [page.get("/v1/connect"), page.get("/v1/connect/http-basic")]
    tested = page.post("/v1/connect/http-basic/ping", json={"values": RIGHT})

    assert told["state"] == "completed"
    assert told["connection"]["connection_type"] == "http-basic"
    assert {answer.json()["code"] for answer in (*others, tested)} == {"session_completed"}


def test_a_number_that_no_form_carried_is_never_a_fault(keyhatch: Keyhatch) -> None:
    page = keyhatch.page_api(keyhatch.session("http-basic")["token"])

    answer = page.post("/v1/connect/http-basic", json={"values": RIGHT, "submit": 7})

    assert answer.status_code == 422
    assert answer.json()["messages"][0]["code"] == "stale_form"
    assert answer.json()["submit"] == 1
