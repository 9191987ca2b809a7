"""A ping of an HTTP API really calls it and judges the answer as integrator.io does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.http import Request, send
from sandbox.integrator.reach.problem import Problem
from sandbox.integrator.reach.zone import Zone
from sandbox.serve import serve
from sandbox.targets.certificates import Authority
from sandbox.targets.credentials import SPECIAL, WORKING
from sandbox.targets.orchard import create_orchard
from sandbox.targets.running import Targets

pytestmark = pytest.mark.anyio

BASIC = WORKING["http-basic"]
TOKEN = WORKING["http-token"]


def basic(base: str = BASIC["base_url"], path: str = "/v1/me", **changes: str) -> dict[str, Any]:
    """A connection document with HTTP basic."""
    username = changes.get("username", BASIC["username"])
    password = changes.get("password", BASIC["password"])
    auth = {"type": "basic", "basic": {"username": username, "password": password}}
    return {
        "type": "http",
        "http": {"baseURI": base, "auth": auth, "ping": {"relativeURI": path}},
    }


def token(value: str = TOKEN["token"], **place: str) -> dict[str, Any]:
    """A connection document with a token, by default in the Authorization header."""
    document = basic(path="/v1/whoami")
    auth = {"type": "token", "token": {"token": value, "location": "header", **place}}
    document["http"]["auth"] = auth
    return document


async def only_problem(document: dict[str, Any], zone: Zone, seconds: float = 10) -> Problem:
    (problem,) = await try_connection(document, zone, seconds)
    return problem


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


async def test_an_unknown_name_is_not_found_and_nobody_is_asked(targets: Targets) -> None:
    problem = await only_problem(basic("http://nosuch.orchard.example"), targets.zone)

    assert problem == Problem("ENOTFOUND", "getaddrinfo ENOTFOUND nosuch.orchard.example", "")


async def test_a_closed_port_refuses(targets: Targets, closed_port: int) -> None:
    problem = await only_problem(basic(f"http://localhost:{closed_port}"), targets.zone)

    assert problem.code == "ECONNREFUSED"
    assert problem.message == f"connect ECONNREFUSED 127.0.0.1:{closed_port}"


async def test_an_address_of_another_machine_is_out_of_reach(targets: Targets) -> None:
    problem = await only_problem(basic("http://192.0.2.1"), targets.zone)

    assert problem.code == "EHOSTUNREACH"


async def test_a_silent_server_times_out(targets: Targets) -> None:
    problem = await only_problem(basic("http://silent.larkfield.example"), targets.zone, 0.3)

    assert problem.code == "ETIMEDOUT"


async def test_a_server_that_hangs_up_resets(targets: Targets) -> None:
    with impolite_server(b"") as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert (problem.code, problem.message) == ("ECONNRESET", "socket hang up")


async def test_a_server_of_another_protocol_is_noticed(targets: Targets) -> None:
    with impolite_server(b"220 Mail ready\r\n\r\n") as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert problem.code == "HPE_INVALID_CONSTANT"


@pytest.mark.parametrize(
    "base", ["api.orchard.example", "ftp://api.orchard.example", "http://", ""]
)
async def test_an_address_that_is_none_is_called_invalid(targets: Targets, base: str) -> None:
    assert (await only_problem(basic(base), targets.zone)).code == "ERR_INVALID_URL"


async def test_tls_is_checked_against_the_name_in_the_document(targets: Targets) -> None:
    assert await try_connection(basic("https://api.orchard.example"), targets.zone) == []


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("expired", "CERT_HAS_EXPIRED"),
        ("untrusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ("other", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ],
)
async def test_a_bad_certificate_is_refused_unless_the_document_allows_it(
    targets: Targets, host: str, code: str
) -> None:
    strict = basic(f"https://{host}.orchard.example")
    relaxed = basic(f"https://{host}.orchard.example")
    relaxed["http"]["disableStrictSSL"] = True

    assert (await only_problem(strict, targets.zone)).code == code
    after = await try_connection(relaxed, targets.zone)
    # The vendors' port does not serve the strange name, but TLS itself went through.
    assert after == [] or after[0].code == 421


async def test_a_document_may_bring_its_own_authority(targets: Targets, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    issued = authority.issue("own", "localhost")
    served = serve(create_orchard(), tls=(issued.chain, issued.key))
    document = basic(f"https://localhost:{served.port}")
    document["http"]["clientCertificates"] = {"ca": authority.ca_file.read_text()}

    problems = await try_connection(document, targets.zone)
    served.stop()

    assert problems == []


async def test_tls_spoken_to_a_plain_server_is_a_protocol_error(targets: Targets) -> None:
    document = basic(f"https://localhost:{targets.ports['orchard']}")

    assert (await only_problem(document, targets.zone)).code == "EPROTO"


async def test_a_stopped_web_service_answers_503(targets: Targets) -> None:
    targets.stop("orchard")
    problem = await only_problem(basic(), targets.zone)
    targets.start("orchard")

    assert problem.code == 503
    assert "No server is available" in problem.message
    assert await try_connection(basic(), targets.zone) == []


async def test_a_hanging_web_service_answers_late(targets: Targets) -> None:
    targets.hang("orchard", 0.6)
    early = await only_problem(basic(), targets.zone, 0.2)
    late = await try_connection(basic(), targets.zone, 10)
    targets.start("orchard")

    assert early.code == "ETIMEDOUT"
    assert late == []


async def test_a_redirect_is_not_followed(targets: Targets) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://api.orchard.example/v1/me\r\n\r\n"
    with impolite_server(answer) as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert (problem.code, problem.message) == (302, "Found")


async def test_proxies_of_the_environment_are_ignored(
    targets: Targets, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://localhost:{closed_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://localhost:{closed_port}")

    assert await try_connection(basic(), targets.zone) == []


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


@contextmanager
def impolite_server(answer: bytes) -> Iterator[int]:
    """A server that reads a little, says `answer` and hangs up; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def converse() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
