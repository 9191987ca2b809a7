"""A ping of an HTTP API really calls it and judges the answer as integrator.io does."""

from typing import Any

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.http import Request, send
from sandbox.targets.credentials import SPECIAL
from sandbox.targets.running import Targets
from tests.sandbox.attempts import BASIC, TOKEN, basic, only_problem, token

pytestmark = pytest.mark.anyio


async def test_the_right_user_and_password_work(targets: Targets) -> None:
    assert await try_connection(basic(), targets.zone) == []


async def test_a_wrong_password_is_refused_with_the_words_of_the_api(targets: Targets) -> None:
    problem = await only_problem(basic(password="wrong"), targets.zone)

    assert problem.code == 401
    assert '"code":"unauthorized"' in problem.message


async def test_a_wrong_user_is_refused(targets: Targets) -> None:
    problem = await only_problem(basic(username="mallory"), targets.zone)

    assert problem.code == 401


async def test_only_what_stands_at_the_error_path_is_passed_on(targets: Targets) -> None:
    document = basic(password="wrong")
    document["http"]["ping"]["errorPath"] = "error.message"

    problem = await only_problem(document, targets.zone)

    assert problem.message == "Unknown credentials."


@pytest.mark.parametrize(
    "place",
    [
        {"headerName": "Authorization", "scheme": "Bearer"},
        {},
        {"headerName": "X-Orchard-Key", "scheme": " "},
        {"location": "url", "paramName": "api_key"},
    ],
)
async def test_a_token_works_in_each_of_its_places(targets: Targets, place: dict[str, str]) -> None:
    assert await try_connection(token(**place), targets.zone) == []
    assert (await only_problem(token("wrong", **place), targets.zone)).code == 401


async def test_a_scheme_is_put_before_the_token_unless_it_is_blank(targets: Targets) -> None:
    with_scheme = token(headerName="X-Orchard-Key", scheme="Bearer")
    without_scheme = token(headerName="Authorization", scheme=" ")

    assert (await only_problem(with_scheme, targets.zone)).code == 401
    assert (await only_problem(without_scheme, targets.zone)).code == 401


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("json", '{"api_key": "{{{connection.http.auth.token.token}}}"}'),
        ("urlencoded", "api_key={{{connection.http.encrypted.key}}}"),
    ],
)
async def test_a_token_in_the_body_is_filled_in_from_the_document(
    targets: Targets, media_type: str, body: str
) -> None:
    document = token(location="body")
    document["http"]["mediaType"] = media_type
    document["http"]["encrypted"] = {"key": TOKEN["token"]}
    document["http"]["ping"] |= {"method": "POST", "body": body}

    assert await try_connection(document, targets.zone) == []


async def test_headers_may_carry_encrypted_values(targets: Targets) -> None:
    document = basic(path="/v1/whoami")
    document["http"]["auth"] = {"type": "custom"}
    document["http"]["encrypted"] = {"key": TOKEN["token"]}
    value = "{{{connection.http.encrypted.key}}}"
    document["http"]["headers"] = [{"name": "X-Orchard-Key", "value": value}]

    assert await try_connection(document, targets.zone) == []


async def test_the_older_rest_documents_work_in_all_their_forms(targets: Targets) -> None:
    rest = {"baseURI": "http://api.orchard.example", "mediaType": "json"}
    with_token = rest | {
        "authType": "token",
        "bearerToken": TOKEN["token"],
        "tokenLocation": "url",
        "tokenParam": "api_key",
        "pingRelativeURI": "v1/whoami",
        "pingSuccessPath": "status",
        "pingSuccessValues": ["active"],
    }
    with_basic = rest | {
        "authType": "basic",
        "basicAuth": {"username": BASIC["username"], "password": BASIC["password"]},
        "pingRelativeURI": "v1/me",
        "pingFailurePath": "status",
        "pingFailureValues": ["active"],
    }

    assert await try_connection({"type": "rest", "rest": with_token}, targets.zone) == []
    problem = await only_problem({"type": "rest", "rest": with_basic}, targets.zone)
    assert problem.code == 200


@pytest.mark.parametrize(
    ("rules", "works"),
    [
        ({"successPath": "status"}, True),
        ({"successPath": "nothing.here"}, False),
        ({"successPath": "status", "successValues": ["active", "trial"]}, True),
        ({"successPath": "status", "successValues": ["closed"]}, False),
        ({"failPath": "status"}, False),
        ({"failPath": "status", "failValues": ["closed"]}, True),
        ({"failPath": "status", "failValues": ["active"]}, False),
        ({"failPath": "status", "failValues": ["active"], "successPath": "status"}, False),
        ({"failPath": "nothing.here"}, True),
    ],
)
async def test_the_rules_of_the_document_decide_about_a_200(
    targets: Targets, rules: dict[str, Any], works: bool
) -> None:
    document = basic()
    document["http"]["ping"] |= rules

    problems = await try_connection(document, targets.zone)

    assert (problems == []) is works
    assert all(problem.code == 200 for problem in problems)


async def test_one_match_in_an_array_is_enough_if_arrays_are_allowed(targets: Targets) -> None:
    document = token()
    document["http"]["ping"] = {
        "relativeURI": "/v1/invoices",
        "successPath": "invoices",
        "allowArrayforSuccessPath": True,
    }

    assert await try_connection(document, targets.zone) == []


async def test_an_api_may_name_its_own_status_for_refused_credentials(targets: Targets) -> None:
    document = basic()
    document["http"]["auth"] |= {"failPath": "status", "failValues": ["active"]}

    problem = await only_problem(document, targets.zone)

    assert problem.code == 401


SPECIAL_ANSWERS = {"forbidden": 403, "limited": 429, "maintenance": 503, "gateway": 502}


@pytest.mark.parametrize(("name", "status"), SPECIAL_ANSWERS.items())
async def test_special_credentials_provoke_their_status(
    targets: Targets, name: str, status: int
) -> None:
    for document in (basic(password=f"demo-orchard-{name}"), token(f"demo-orchard-{name}")):
        assert (await only_problem(document, targets.zone)).code == status


async def test_the_slow_credential_outlasts_a_short_patience(targets: Targets) -> None:
    problem = await only_problem(token("demo-orchard-slow"), targets.zone, 0.3)

    assert problem.code == "ETIMEDOUT"
    assert any(special.value == "demo-orchard-slow" for special in SPECIAL)


async def test_other_calls_go_out_with_the_same_credentials(targets: Targets) -> None:
    invoice = Request("/v1/invoices", "POST", '{"number": "2026-100"}')

    created = await send(token(), invoice, targets.zone, 10)
    listed = await send(token(), Request("/v1/invoices?page_size=1"), targets.zone, 10)

    assert created.status_code == 201
    assert len(listed.json()["invoices"]) == 1


async def test_mallory_cannot_smuggle_a_header_through_a_token(targets: Targets) -> None:
    problem = await only_problem(token("x\r\nX-Orchard-Key: demo"), targets.zone)

    assert problem.code == "ERR_INVALID_CHAR"


async def test_mallorys_handlebars_in_a_password_stay_what_they_are(targets: Targets) -> None:
    document = basic(password="{{{connection.http.encrypted.key}}}")
    document["http"]["encrypted"] = {"key": BASIC["password"]}

    assert (await only_problem(document, targets.zone)).code == 401
