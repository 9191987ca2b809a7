"""What a person types is read by the kind of the field: a clean value, or one finding on it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.model import Kind
from app.forms.checks import LONGEST
from app.forms.values import Values, read
from tests.forms.makers import field, fields

PEM = "-----BEGIN PRIVATE KEY-----\nZGVtbw==\n-----END PRIVATE KEY-----\n"
CHOICES = [{"value": "eu", "label": "Europe"}, {"value": " ", "label": "None"}]
bounded = settings(derandomize=True, deadline=None, max_examples=150)


def outcome(kind: str, raw: Any, **more: Any) -> Any:
    """The clean value, or the code of the finding."""
    if kind == "choice":
        more["choices"] = CHOICES
    reading = read((field(kind, **more),), {"it": raw})
    if reading.findings:
        (finding,) = reading.findings
        assert finding.field == "it"
        return finding.code
    return reading.values.get("it")


ACCEPTED: list[tuple[str, Any, Any]] = [
    ("text", "  larkfield ", "larkfield"),
    ("text", "Grüße, 世界", "Grüße, 世界"),
    ("secret", "  spaces may be meant ", "  spaces may be meant "),
    ("secret", "{{{connection.http.encrypted.x}}}", "{{{connection.http.encrypted.x}}}"),
    ("url", " https://api.example.com/v2/ ", "https://api.example.com/v2"),
    ("url", "https://bücher.example:8443/api", "https://bücher.example:8443/api"),
    ("url", "https://8.8.8.8", "https://8.8.8.8"),
    ("host", "db.example.com", "db.example.com"),
    ("host", "db_1.intern", "db_1.intern"),
    ("host", "192.0.2.7", "192.0.2.7"),
    ("host", "2001:db8::1", "2001:db8::1"),
    ("port", "5432", 5432),
    ("port", 65535, 65535),
    ("integer", "0", 0),
    ("integer", 12, 12),
    ("boolean", True, True),
    ("boolean", "on", True),
    ("boolean", "false", False),
    ("boolean", "", False),
    ("choice", "eu", "eu"),
    ("choice", " ", " "),
    ("pem", "\r\n" + PEM.replace("\n", "\r\n") + "\r\n", PEM),
    ("text-block", "one\r\ntwo\n", "one\ntwo\n"),
    ("email", "enzo@larkfield.example", "enzo@larkfield.example"),
    ("list", "one\n\n two \n", ["one", "two"]),
    ("list", ["one", "two"], ["one", "two"]),
    ("pairs", "X-A: 1\nX-B:http://x", [
        {"name": "X-A", "value": "1"}, {"name": "X-B", "value": "http://x"},
    ]),
    ("pairs", [{"name": "X-A", "value": ""}], [{"name": "X-A", "value": ""}]),
]  # fmt: skip

REFUSED: list[tuple[str, Any, str]] = [
    ("text", "", "required"),
    ("text", "   ", "required"),
    ("text", None, "required"),
    ("text", 5, "not_text"),
    ("text", ["x"], "not_text"),
    ("text", "two\nlines", "line_break"),
    ("text", "a\u202eb", "unseen_signs"),
    ("text", "a\u200bb", "unseen_signs"),
    ("text", "\ufeffa", "unseen_signs"),
    ("text", "a\x00b", "unseen_signs"),
    ("text", "\ud800", "unseen_signs"),
    ("text", "x" * (LONGEST + 1), "too_long"),
    ("text", "******", "mask_typed"),
    ("secret", "******", "mask_typed"),
    ("secret", " ****** ", "mask_typed"),
    ("secret", 12345, "not_secret"),
    ("secret", "pass\nword", "line_break"),
    ("url", "api.example.com", "not_url"),
    ("url", "ftp://api.example.com", "not_url"),
    ("url", "javascript:alert(1)", "not_url"),
    ("url", "https://", "not_url"),
    ("url", "https://api.example.com:99999", "not_url"),
    ("url", "https://{store}.example.com", "not_url"),
    ("url", "https://exa mple.com", "not_url"),
    ("url", "https://x.example\\@evil.example", "not_url"),
    ("url", "http://api.example.com", "url_not_https"),
    ("url", "https://enzo:pw@api.example.com", "url_with_login"),
    ("url", "https://api.example.com?key=1", "url_with_query"),
    ("url", "https://api.example.com/#top", "url_with_query"),
    ("host", "https://db.example.com", "host_is_address"),
    ("host", "enzo@db.example.com", "host_is_address"),
    ("host", "db.example.com:5432", "host_with_port"),
    ("host", "db example", "not_host"),
    ("host", "-db.example", "not_host"),
    ("host", "a..b", "not_host"),
    ("port", "0", "not_port"),
    ("port", "65536", "not_port"),
    ("port", "-1", "not_port"),
    ("port", "５４３２", "not_port"),
    ("port", True, "not_port"),
    ("port", 1.5, "not_port"),
    ("integer", "1e3", "not_integer"),
    ("integer", 2**60, "not_integer"),
    ("boolean", "perhaps", "not_boolean"),
    ("boolean", 1, "not_boolean"),
    ("choice", "asia", "not_choice"),
    ("choice", "", "required"),
    ("pem", "ZGVtbw==", "not_pem"),
    ("pem", PEM.replace("\n", " "), "not_pem"),
    ("pem", PEM[:40], "not_pem"),
    ("text-block", "\r\n ", "required"),
    ("text-block", "******\n", "mask_typed"),
    ("email", "enzo", "not_email"),
    ("email", "a@b@c", "not_email"),
    ("list", [], "required"),
    ("list", " \n ", "required"),
    ("list", [1], "not_list"),
    ("list", ["x"] * 51, "not_list"),
    ("list", ["a\u202eb"], "unseen_signs"),
    ("pairs", "no colon", "not_pairs"),
    ("pairs", [{"name": "", "value": "x"}], "not_pairs"),
    ("pairs", [{"name": "x", "value": "y", "__proto__": {}}], "not_pairs"),
    ("pairs", [{"name": "X", "value": "******"}], "mask_typed"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "clean"), ACCEPTED)
def test_a_value_that_fits_is_taken(kind: str, raw: Any, clean: Any) -> None:
    assert outcome(kind, raw) == clean
    assert type(outcome(kind, raw)) is type(clean)


@pytest.mark.parametrize(("kind", "raw", "code"), REFUSED)
def test_a_value_that_does_not_fit_is_told_why(kind: str, raw: Any, code: str) -> None:
    assert outcome(kind, raw) == code


def test_every_kind_is_tried() -> None:
    kinds = {kind.value for kind in Kind}

    assert {kind for kind, _, _ in ACCEPTED} == kinds
    assert {kind for kind, _, _ in REFUSED} == kinds


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "10.1.2.3",
     "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "[::1]", "[::]",
     "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
     "224.0.0.1", "intranet", "intranet.", "printer.local", "db.internal", "nas.home.arpa",
     "a.localhost", "LOCALHOST.", "①②⑦.⓪.⓪.①", "127。0。0。1"],
)  # fmt: skip
def test_an_address_inside_a_network_is_refused_however_it_is_spelt(host: str) -> None:
    assert outcome("url", f"https://{host}/api") == "url_private"


def test_private_addresses_pass_when_the_operator_allows_them() -> None:
    reading = read((field("url"),), {"it": "http://127.0.0.1:8410/v1"}, allow_private=True)

    assert reading.findings == ()
    assert reading.values.get("it") == "http://127.0.0.1:8410/v1"


@pytest.mark.parametrize("path", ["http.baseURI", "http.ping.body", "http.headers", None])
def test_double_braces_are_refused_where_they_would_be_evaluated(path: str | None) -> None:
    assert outcome("text", "{{x}}", path=path) == "template_signs"
    assert outcome("secret", "x}}", path=path) == "template_signs"


def test_double_braces_are_refused_in_what_may_fill_a_placeholder() -> None:
    assert outcome("text", "{{x}}", path="http.unencrypted.store", pattern=".*") == "template_signs"


def test_double_braces_stay_in_a_password() -> None:
    assert outcome("secret", "a{{b}}", path="http.auth.basic.password") == "a{{b}}"


def test_a_pattern_must_fit_the_whole_value() -> None:
    assert outcome("text", "larkfield", pattern="[a-z]+") == "larkfield"
    assert outcome("text", "lark.field", pattern="[a-z]+") == "wrong_pattern"
    assert outcome("text", "١٢٣", pattern="\\d+") == "wrong_pattern"


def test_an_optional_field_may_stay_empty() -> None:
    for kind in Kind:
        more = {"choices": CHOICES} if kind is Kind.CHOICE else {}
        reading = read((field(kind, required=False, **more),), {"it": ""})

        assert reading.findings == ()
        assert reading.values.get("it") in (None, False)


def test_what_is_left_out_has_its_default_and_what_is_emptied_has_not() -> None:
    port = (field("port", default=5432),)

    assert read(port, {}).values.get("it") == 5432
    assert [finding.code for finding in read(port, {"it": ""}).findings] == ["required"]


def test_a_box_that_was_not_ticked_is_off() -> None:
    assert read((field("boolean", default=True),), {}).values.get("it") is False


WHEN = fields(
    {"name": "way", "kind": "choice", "choices": CHOICES, "default": "eu"},
    {"name": "extra", "when": {"field": "way", "equals": ["eu"]}},
    {"name": "box", "kind": "boolean"},
    {"name": "boxed", "when": {"field": "box", "equals": ["true"]}},
    {"name": "key", "kind": "secret", "required": False},
    {"name": "phrase", "kind": "secret", "when": "key"},
    {"name": "deep", "when": "phrase"},
)


@pytest.mark.parametrize(
    ("raw", "asked"),
    [({}, {"extra"}), ({"way": " "}, set()), ({"box": "on"}, {"extra", "boxed"}),
     ({"box": "false"}, {"extra"}), ({"key": "k"}, {"extra", "phrase"}),
     ({"key": "k", "phrase": "p"}, {"extra", "deep"}), ({"phrase": "p"}, {"extra"})],
)  # fmt: skip
def test_a_field_counts_only_when_its_condition_holds(raw: dict[str, Any], asked: set[str]) -> None:
    reading = read(WHEN, raw)

    assert {finding.field for finding in reading.findings} == asked
    assert all(finding.code == "required" for finding in reading.findings)


def test_what_a_hidden_field_holds_is_left_out() -> None:
    reading = read(WHEN, {"way": " ", "extra": "left over from before"})

    assert reading.values.get("extra") is None


def test_one_wrong_field_leaves_the_others_read() -> None:
    both = fields({"name": "port", "kind": "port"}, {"name": "user"})

    reading = read(both, {"port": "many", "user": "enzo"})

    assert [finding.field for finding in reading.findings] == ["port"]
    assert reading.values.get("user") == "enzo"


@pytest.mark.parametrize(
    "name",
    ["_id", "type", "externalId", "_agentId", "http.baseURI", "http[baseURI]", "__proto__",
     "constructor", "IT", "it.x", "it[]", "offline", "", "settingsForm", "\u0430it"],
)  # fmt: skip
def test_mallorys_names_are_a_finding_and_never_a_value(name: str) -> None:
    reading = read((field(),), {"it": "x", name: "evil"})

    assert [finding.code for finding in reading.findings] == ["unknown_field"]
    assert dict(reading.values.plain) == {"it": "x"}


def test_secrets_show_in_no_text_of_the_values() -> None:
    values = read((field("secret"),), {"it": "canary-secret"}).values

    assert isinstance(values, Values)
    assert "canary" not in f"{values!r} {values}"
    assert values.revealed() == ["canary-secret"]
    assert "it" in values


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@bounded
@given(st.sampled_from(list(Kind)), anything)
def test_whatever_mallory_sends_is_a_value_or_a_finding(kind: Kind, raw: Any) -> None:
    more = {"choices": CHOICES} if kind is Kind.CHOICE else {}

    reading = read((field(kind, **more),), {"it": raw})

    value = reading.values.get("it")
    assert bool(reading.findings) or type(value) in (str, int, bool, list)
