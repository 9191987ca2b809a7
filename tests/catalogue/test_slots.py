"""Where values go and how they are read back: paths, rows of lists, placeholders."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import slots

PATTERNS = {"store": "[a-z][a-z0-9]*", "version": "[0-9]{4}-[0-9]{2}", "word": "[A-Za-z]+"}
bounded = settings(derandomize=True, deadline=None, max_examples=200)

literal = st.text("ab/.:-?&= ", max_size=6)
values = st.fixed_dictionaries(
    {name: st.from_regex(pattern, fullmatch=True) for name, pattern in PATTERNS.items()}
)
# A sign that no pattern takes stands between two placeholders, as check demands a text there.
constants = st.lists(st.sampled_from(list(PATTERNS)), min_size=1, max_size=4).flatmap(
    lambda names: st.lists(literal, min_size=len(names), max_size=len(names)).map(
        lambda texts: "".join(
            f"/{text}/{{{name}}}" for name, text in zip(names, texts, strict=True)
        )
    )
)


@bounded
@given(constants, values)
def test_what_fills_a_constant_is_read_back_out_of_it(
    constant: str, filling: dict[str, str]
) -> None:
    used = {name: filling[name] for name in slots.placeholders(constant)}

    assert slots.read_back(constant, slots.fill(constant, filling), PATTERNS) == used


@bounded
@given(constants, st.text("abcz09-/.{}", max_size=40))
def test_what_is_read_back_fills_to_the_same_text(constant: str, stored: str) -> None:
    found = slots.read_back(constant, stored, PATTERNS)

    assert found is None or slots.fill(constant, found) == stored


@bounded
@given(st.text("{}abc:SECRT_", max_size=30), st.text("{}abc", max_size=10))
def test_a_value_that_looks_like_a_placeholder_stays_text(constant: str, value: str) -> None:
    filled = slots.fill(constant, dict.fromkeys(slots.placeholders(constant), value))

    assert filled == re.sub(
        r"(?<!\{)\{(?:[a-z][a-z0-9_]*|secret:[A-Z][A-Z0-9_]*)\}(?!\})", lambda _: value, constant
    )


def test_handlebars_are_no_placeholders() -> None:
    body = '{"{word}":"{{{connection.http.auth.token.token}}}","x":"{{word}}"}'

    assert slots.placeholders(body) == ["word"]
    assert slots.fill(body, {"word": "key"}).startswith('{"key":"{{{connection')


def test_placeholders_in_rows_are_found_and_filled() -> None:
    rows = [{"name": "X-Store", "value": "{store}"}, {"name": "X-Key", "value": "{secret:KEY}"}]

    assert slots.placeholders(rows) == ["store", "secret:KEY"]
    assert slots.fill(rows, {"store": "a", "secret:KEY": "b"})[1]["value"] == "b"


def test_an_operators_secret_is_not_read_back() -> None:
    found = slots.read_back("{secret:KEY}-{store}", "hidden-larkfield", PATTERNS)

    assert found == {"store": "larkfield"}


@pytest.mark.parametrize("stored", [None, 5, "", "https://evil.example/", ["x"], "a larkfield"])
def test_what_does_not_fit_is_not_read(stored: Any) -> None:
    assert slots.read_back("https://{store}.example", stored, PATTERNS) is None


@pytest.mark.parametrize(
    ("constant", "touches"),
    [("{store}{word}", True), ("{store}.{word}", False), ([{"value": "a{word}{store}"}], True),
     ("{{store}}{word}", False), (5, False), ("{secret:A}{word}", True)],
)  # fmt: skip
def test_touching_placeholders_are_seen(constant: Any, touches: bool) -> None:
    assert slots.touching(constant) is touches


@pytest.mark.parametrize(
    ("path", "good"),
    [("http.baseURI", True), ("http.headers[name=X-Key].value", True), ("type", True),
     ("", False), ("http..x", False), (".http", False), ("http.x y", False),
     ("http.headers[name=].value", False), ("http.headers[name=X]", False),
     ("http.headers[name=X].name", False), ("a[name=X].b[name=Y].value", False),
     ("__proto__.x", False), ("http.encrypted.constructor", False), ("http.prototypes", True),
     ("http[0].x", False)],
)  # fmt: skip
def test_only_plain_paths_are_paths(path: str, good: bool) -> None:
    assert slots.is_path(path) is good


@pytest.mark.parametrize(
    ("path", "templated"),
    [("http.auth.basic.password", False), ("http.auth.token.token", False),
     ("http.auth.token.headerName", False), ("http.encrypted.key", False),
     ("http.clientCertificates.ca", False), ("rest.bearerToken", False),
     ("rest.basicAuth.username", False), ("ftp.password", False), ("rdbms.database", False),
     ("mcp.http.encrypted.key", False),
     ("http.baseURI", True), ("http.ping.body", True), ("http.headers", True),
     ("http.headers[name=X].value", True), ("http.auth.token.refreshBody", True),
     ("http.auth.cookie.uri", True), ("http.auth.oauth.tokenURI", True),
     ("http.auth.jwt.payload", True), ("rest.pingBody", True), ("mcp.serverURL", True)],
)  # fmt: skip
def test_slots_with_handlebars_are_known(path: str, templated: bool) -> None:
    assert slots.is_templated(path) is templated


paths = st.lists(
    st.from_regex("[a-z]{1,3}", fullmatch=True), min_size=1, max_size=4, unique=True
).map(".".join)


@bounded
@given(paths, st.text(max_size=5))
def test_what_is_put_is_got_and_can_be_dropped(path: str, value: str) -> None:
    tree: dict[str, Any] = {}

    slots.put(tree, path, value)
    assert slots.get(tree, path) == value
    slots.drop(tree, path)
    assert slots.get(tree, path) is None


def test_a_row_is_made_changed_and_dropped_beside_the_others() -> None:
    tree: dict[str, Any] = {"http": {"headers": [{"name": "X-Old", "value": "1"}]}}
    path = "http.headers[name=X-New].value"

    slots.put(tree, path, "2")
    slots.put(tree, path, "3")
    assert slots.get(tree, path) == "3"
    slots.drop(tree, path)

    assert tree == {"http": {"headers": [{"name": "X-Old", "value": "1"}]}}


def test_a_mask_over_a_map_is_dropped_with_a_value_in_it() -> None:
    tree: dict[str, Any] = {"http": {"encrypted": slots.MASK, "baseURI": "https://x.example"}}

    slots.drop(tree, "http.encrypted.key")

    assert tree == {"http": {"baseURI": "https://x.example"}}


@pytest.mark.parametrize(
    "stored", [{}, {"http": 5}, {"http": None}, {"http": {"headers": "x"}}, [], None,
               {"http": {"headers": [5, None, {"name": "other"}]}}],
)  # fmt: skip
def test_mallorys_odd_documents_break_nothing(stored: Any) -> None:
    path = "http.headers[name=X].value"

    assert slots.get(stored, path) is None
    slots.drop(stored, path)
    slots.drop(stored, "http.encrypted.key")
