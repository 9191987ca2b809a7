"""An outcome becomes messages on the fields at fault, found by role. A secret is blamed only when
the other side looked at it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from app.catalogue.load import load
from app.catalogue.model import ConnectionType, Role
from app.forms.causes import cause_of
from app.forms.diagnosis import diagnose
from app.forms.messages import CODES, Finding
from app.forms.outcome import PingOutcome, Problem
from app.forms.places import PLACES, WITH_ADDRESSES
from app.forms.sentences import SENTENCES
from app.forms.values import Values
from tests.catalogue import typed
from tests.forms.makers import connection_type

ORCHARD = connection_type()
VALUES = Values({"farm": "lark"}, {"token": SecretStr("orc_demo_token")})
FORMS = list(typed.forms(load()))
SECRET_ROLES = {Role.SECRET, Role.KEY, Role.PASSPHRASE}
bounded = settings(derandomize=True, deadline=None, max_examples=200)


def found(
    *problems: Problem,
    definition: ConnectionType = ORCHARD,
    values: Values = VALUES,
    status: int = 200,
    addresses: tuple[str, ...] = (),
) -> list[Finding]:
    """What is said about a refused ping."""
    outcome = PingOutcome(False, status, problems)
    method = definition.methods[0]
    return list(diagnose(definition, method, values, outcome, addresses=addresses))


def said(*problems: Problem, **more: Any) -> list[tuple[str, str | None]]:
    """Code and field of each finding."""
    return [(finding.code, finding.field) for finding in found(*problems, **more)]


def test_an_accepted_ping_says_what_was_right() -> None:
    findings = diagnose(ORCHARD, ORCHARD.methods[0], VALUES, PingOutcome(True, 200))

    assert [(finding.code, finding.field) for finding in findings] == [("address_found", "farm")]


@pytest.mark.parametrize(
    ("when", "problem", "applies"),
    [
        ({"status": 401}, Problem("401"), True),
        ({"status": 401}, Problem("403"), False),
        ({"code": "28P01"}, Problem("28P01"), True),
        ({"code": "28P01"}, Problem("28P02"), False),
        ({"text": "no such farm"}, Problem("500", "No such FARM here"), True),
        ({"text": "no such farm"}, Problem("500", "no such far"), False),
        ({"status": 401, "text": "farm"}, Problem("401", "bad farm"), True),
        ({"status": 401, "text": "farm"}, Problem("401", "bad token"), False),
        ({"status": 401, "text": "farm"}, Problem("403", "bad farm"), False),
    ],
)
def test_a_definitions_own_rule_comes_first_when_all_of_it_holds(
    when: dict[str, Any], problem: Problem, applies: bool
) -> None:
    rule = {"when": when, "field": "farm", "message": "account_unknown"}
    definition = connection_type(diagnoses=[rule])

    findings = said(problem, definition=definition)

    assert (("account_unknown", "farm") in findings) is applies


def test_a_rule_on_a_field_of_another_method_stands_on_top() -> None:
    other = {
        "key": "other",
        "title": "Other",
        "fields": [{"name": "key", "label": "Key", "path": "http.unencrypted.key"}],
    }
    rule = {"when": {"status": 401}, "field": "key", "message": "secret_revoked"}
    definition = connection_type(
        methods=[{"key": "token", "title": "Token"}, other], diagnoses=[rule]
    )

    assert ("secret_revoked", None) in said(Problem("401"), definition=definition)


def test_integrator_ios_own_complaint_goes_to_the_field_that_writes_there() -> None:
    token = Problem("missing_required_field", "Expected field", "http.auth.token.token")
    base = Problem("invalid_field", "Not an address", "http.baseURI")
    media = Problem("missing_required_field", "Expected field", "http.mediaType")
    ref = Problem("invalid_ref", "No such iClient")

    assert said(token, base, media, ref, status=422) == [
        ("field_refused", "token"),
        ("field_refused", "farm"),
        ("document_refused", None),
    ]


def test_mallorys_answer_cannot_pass_for_integrator_ios_own() -> None:
    assert said(Problem("503", "No", "http.auth.token.token")) == [("upstream_ill", None)]


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        ("orc_right_shape", "secret_refused"),
        ("pat_other_shape", "wrong_shape"),
        (" orc_demo", "secret_has_spaces"),
        ("orc_demo ", "secret_has_spaces"),
        ("orc_demo\t", "secret_has_spaces"),
    ],
)
def test_a_refused_secret_is_looked_at_for_its_shape(secret: str, code: str) -> None:
    values = Values({"farm": "lark"}, {"token": SecretStr(secret)})

    assert said(Problem("401"), values=values)[0] == (code, "token")


@pytest.mark.parametrize("problem", [Problem("ETIMEDOUT"), Problem("503"), Problem("429")])
def test_the_shape_of_a_secret_that_nobody_looked_at_is_not_judged(problem: Problem) -> None:
    values = Values({"farm": "lark"}, {"token": SecretStr(" pat_other ")})

    assert all(field is None for _, field in said(problem, values=values))


@pytest.mark.parametrize(
    ("answer", "permission"),
    [
        ("[API] This action requires merchant approval for read_orders scope.", "read_orders"),
        ("Having the 'rak_balance_read' permission would allow this request", "rak_balance_read"),
        ('{"ok":false,"error":"missing_scope","needed":"users:read"}', "users:read"),
        ("Required scope: crm.objects.contacts.read", "crm.objects.contacts.read"),
        ('This token lacks the "Apples.Read" permission', "Apples.Read"),
        ("You need the scope 'apples/read' for this", "apples/read"),
    ],
)
def test_a_missing_permission_is_named_and_the_secret_called_good(
    answer: str, permission: str
) -> None:
    findings = found(Problem("403", answer))

    assert findings[0].code == "permission_missing_named"
    assert findings[0].field is None
    assert findings[0].params == {"permission": permission}
    assert ("secret_accepted", "token") in [(f.code, f.field) for f in findings]


def test_a_permission_that_nobody_named_blames_nothing() -> None:
    assert said(Problem("403", "Forbidden")) == [
        ("permission_missing", None), ("address_found", "farm"),
    ]  # fmt: skip


def test_mallory_cannot_have_a_secret_shown_as_a_permission() -> None:
    findings = found(Problem("403", "the 'orc_demo_token' permission, scope \"orc_demo_token\""))

    assert findings[0].code == "permission_missing"
    assert "orc_demo" not in repr(findings)


@pytest.mark.parametrize(
    "echo",
    ["orc_demo_token", "Bearer orc_demo_token", "b3JjX2RlbW9fdG9rZW4=", "nekot_omed_cro"],
)
def test_mallorys_echo_is_not_in_the_detail(echo: str) -> None:
    detail = found(Problem("401", f'{{"error":"bad token","received":"{echo}"}}'))[0].detail

    assert detail is not None
    assert detail.startswith('401: {"error":"bad token"')
    assert "orc_demo" not in detail
    assert echo not in detail


def test_the_detail_is_short_and_plain() -> None:
    detail = found(Problem("502", "<html><h1>Bad Gateway</h1>" + "<p>x</p>" * 500))[0].detail

    assert detail is not None
    assert detail.startswith("502: Bad Gateway")
    assert len(detail) <= 300
    assert "<" not in detail


def test_our_addresses_are_told_where_a_firewall_may_be_the_cause() -> None:
    definition = connection_type(
        fields=[{"name": "host", "label": "Host", "kind": "host", "role": "address", "path": "x"}]
    )
    addresses = ("192.0.2.1", "192.0.2.2")

    finding = found(Problem("ETIMEDOUT"), definition=definition, addresses=addresses)[0]

    assert (finding.code, finding.field) == ("address_silent_let_in", "host")
    assert finding.params == {"addresses": "192.0.2.1, 192.0.2.2"}
    assert found(Problem("ETIMEDOUT"), definition=definition)[0].code == "address_silent"


def test_the_same_is_said_once_and_not_more_than_a_few_things() -> None:
    problems = [Problem("401", str(number)) for number in range(50)]

    assert said(*problems) == [("secret_refused", "token"), ("address_found", "farm")]


def test_a_field_that_was_not_shown_is_not_blamed() -> None:
    key = {"kind": "pem", "role": "key", "where": "x", "when": "cert"}
    definition = connection_type(
        fields=[
            {"name": "cert", "label": "C", "role": "certificate", "path": "a", "required": False},
            {"name": "key", "label": "K", "path": "b", **key},
        ]
    )

    findings = said(Problem("INVALID_PRIVATE_KEY"), definition=definition, values=Values())

    assert findings == [("not_accepted", None)]


def test_every_message_of_every_place_exists() -> None:
    codes = {place.code for places in PLACES.values() for place in places}

    assert codes | set(WITH_ADDRESSES.values()) <= CODES


def test_every_list_of_places_ends_at_the_top_of_the_form() -> None:
    assert all(places[-1].roles == () for places in PLACES.values())


problems = st.builds(
    Problem,
    st.sampled_from(
        ["401", "403", "404", "429", "500", "503", "200", "530", "421", "unknown", "ECONNREFUSED",
         "ENOTFOUND", "ETIMEDOUT", "28P01", "28000", "57P03", "3D000", "INVALID_LOGIN", "EPROTO",
         "client-authentication", "ERR_OSSL_PEM_NO_START_LINE", "missing_required_field", "weird"]
    )
    | st.text(max_size=10),
    st.sampled_from(
        ["", "Invalid API key", "token expired", "no pg_hba.conf entry", 'role "x" does not exist',
         "<html>404</html>", "Too many requests", "self-signed certificate", "timeout expired"]
    )
    | st.text(max_size=50),
    st.none() | st.sampled_from(["http.baseURI", "ftp.password", "__proto__", ""]),
)  # fmt: skip


@bounded
@given(st.sampled_from(FORMS), st.lists(problems, min_size=1, max_size=3))
def test_every_refusal_says_something_on_a_field_that_is_there(
    form: tuple[Any, Any], several: list[Problem]
) -> None:
    definition, method = form
    outcome = PingOutcome(False, 200, tuple(several))

    findings = diagnose(definition, method, VALUES, outcome)

    names = {field.name for field in definition.fields_of(method)} | {None}
    assert any(SENTENCES["en"][finding.code].level != "info" for finding in findings)
    assert {finding.field for finding in findings} <= names
    assert {finding.code for finding in findings} <= CODES


@bounded
@given(st.sampled_from(FORMS), st.integers(500, 599), st.text(max_size=60))
def test_a_fault_of_theirs_never_blames_what_was_typed(
    form: tuple[Any, Any], status: int, text: str
) -> None:
    definition, method = form
    if str(definition.constants_of(method)["type"]) == "ftp" or definition.diagnoses:
        return  # to an FTP server 530 is a refused sign-in; a definition may know better

    outcome = PingOutcome(False, 200, (Problem(str(status), "wrong password: " + text),))

    assert [f.code for f in diagnose(definition, method, VALUES, outcome)] == ["upstream_ill"]


@pytest.mark.parametrize("word", ["ETIMEDOUT", "ESOCKETTIMEDOUT", "57P03", "08006", "53300"])
@pytest.mark.parametrize(("definition", "method"), FORMS)
def test_a_timeout_and_a_busy_server_never_blame_a_secret(
    word: str, definition: Any, method: Any
) -> None:
    outcome = PingOutcome(False, 200, (Problem(word, "invalid password, token expired"),))
    blamed = {finding.field for finding in diagnose(definition, method, VALUES, outcome)}
    secrets = {f.name for f in definition.fields_of(method) if f.role in SECRET_ROLES}

    if str(definition.constants_of(method)["type"]) == "rdbms" or word.startswith("E"):
        assert not blamed & secrets


def test_mallory_cannot_hold_the_rules_up() -> None:
    evil = ["no " * 100_000, 'role "' * 50_000, "ip " * 100_000, "encrypted " * 50_000, "x" * 2**20]

    for text in evil:
        cause_of(Problem("unknown", text), "http")
        found(Problem("403", text))
