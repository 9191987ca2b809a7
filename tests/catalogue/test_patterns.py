"""Patterns get the same verdict in Python and in browsers, and none takes for ever.

That browsers compile all patterns of the definitions with the v flag is tested in a browser.
"""

import time

import pytest

from app.catalogue.load import load
from app.catalogue.patterns import fault_of, matches

GOOD = [
    "[a-z0-9][a-z0-9\\-]*", "[0-9]{4}-[0-9]{2}", "acct_[A-Za-z0-9]+", "\\d{3}", "[\\d\\-]+",
    "a|b|c", "(?:ab)+", "(a+)?b", "x{2,}", "[^\\/\\s]" .replace("\\s", "x"), "a\\.b", "[.]", "",
    "/[A-Za-z0-9\\-._~%!$'*+,;=:@?&\\/\\(\\)]*", "[&!]", "[a-zA-Z_\\-]{1,40}", ".*",
]  # fmt: skip
BAD = [
    "[a-z-]", "[-a]", "[a-z-9]", "[a&&b]", "[a--b]", "[a(b]", "[a/b]", "[{}]", "[a|b]", "[[a]]",
    "[^-#]", "(?=a)", "(?<!a)", "(?P<x>a)", "(?i)a", "(?<x>a)", "\\bword", "\\1", "(a)\\1",
    "\\s", "\\S+",
    "\\w+\\u0041", "\\p{L}", "a\\-b", "^a$", "a{", "a}", "a]", "a{,3}", "a++", "a*+", "(abc",
    "abc)", "[abc", "*a", "a**", "(a+)+", "(a*)*", "(?:a+b)*", "(a|b)*", "((a+))+", "(a?){5}",
    "([a-z]+\\.)*", "\\x41", "[\\w\\x41]", "(?#x)",
]  # fmt: skip


@pytest.mark.parametrize("pattern", GOOD)
def test_the_common_subset_is_taken(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize("pattern", BAD)
def test_what_browsers_read_otherwise_or_slowly_is_refused(pattern: str) -> None:
    assert fault_of(pattern) is not None


def test_the_whole_value_must_fit() -> None:
    assert matches("[a-z]+", "abc")
    assert not matches("[a-z]+", "abc\n")
    assert not matches("[a-z]+", "abc.evil.example")


def test_a_digit_is_what_a_browser_calls_one() -> None:
    assert matches("\\d+", "123")
    assert not matches("\\d+", "١٢٣")


def test_mallory_cannot_make_a_pattern_of_ours_slow() -> None:
    patterns = {
        field.pattern
        for definition in load().values()
        for method in definition.methods
        for field in definition.fields_of(method)
        if field.pattern
    }
    began = time.process_time()

    for pattern in patterns:
        for evil in ("a" * 16_384 + "!", "-" * 16_384, "a.@" * 5_000 + "\n", "9" * 16_384):
            matches(pattern, evil)

    assert time.process_time() - began < 1
