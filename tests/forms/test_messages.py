"""Sentences for people: their codes are public and pinned, their words follow the house's rules."""

import re
import string
from pathlib import Path

import pytest

from app.catalogue.model import Kind
from app.forms.messages import CODES, Finding, direction, words
from app.forms.sentences import SENTENCES, Sentence

PINNED = (Path(__file__).parent / "message_codes.txt").read_text().split()
BOOK = SENTENCES["en"]
PARTS = [
    (code, part)
    for code, sentence in BOOK.items()
    for part in (sentence.text, sentence.cause, sentence.fix)
    if part is not None
]
PARAMS = {"app", "the_app", "label", "noun", "value", "begins", "addresses", "permission"}
PARAMS |= {"user", "users", "seconds"}


def test_no_code_goes_away_and_none_comes_unseen() -> None:
    """Hosts switch on codes: removing or renaming one is a breaking change."""
    assert sorted(CODES) == PINNED


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_sentence_for_a_value_that_does_not_fit(kind: Kind) -> None:
    assert f"not_{kind.value.replace('-', '_')}" in CODES


@pytest.mark.parametrize("code", BOOK)
def test_a_code_is_a_name_of_its_own(code: str) -> None:
    assert re.fullmatch("[a-z][a-z_]{2,39}", code)


@pytest.mark.parametrize(("code", "part"), PARTS)
def test_every_part_is_whole_sentences_without_forbidden_words(code: str, part: str) -> None:
    forbidden = r"\b(?:invalid|please|oops|sorry|error|wrong password|must have typed|failed)\b|!"

    assert re.fullmatch(r"(?:[A-Z{]|integrator\.io).*\.", part, re.DOTALL), code
    assert not re.search(forbidden, part, re.IGNORECASE), code
    assert "  " not in part


@pytest.mark.parametrize(("code", "part"), PARTS)
def test_every_parameter_is_one_that_is_given(code: str, part: str) -> None:
    used = {name for _, name, _, _ in string.Formatter().parse(part) if name is not None}

    assert used <= PARAMS, code
    # A name or an address may be missing; a sentence with a hole in it is worse than none.
    assert "value" not in used


@pytest.mark.parametrize("code", [code for code, s in BOOK.items() if s.level == "error"])
def test_every_refusal_says_what_to_do(code: str) -> None:
    says_all = {"not_text", "not_secret", "not_text_block", "not_boolean"}

    assert BOOK[code].fix is not None or code in says_all


@pytest.mark.parametrize(
    "code",
    [c for c in BOOK if c.startswith(("upstream_", "address_", "app_", "connection_cut", "tls_"))],
)
def test_a_sentence_about_the_way_there_never_blames_a_secret(code: str) -> None:
    sentence = BOOK[code]

    said = f"{sentence.text} {sentence.fix}".lower()
    assert not re.search(r"password|token|secret|credential", said)


def test_words_fill_in_the_parameters() -> None:
    message = words(Finding("secret_refused", "token"), app="Shopify", label="Access token")

    assert message.text == "Shopify does not accept this access token."
    assert (message.code, message.field, message.level) == ("secret_refused", "token", "error")


@pytest.mark.parametrize(
    ("label", "noun"),
    [
        ("Access token", "access token"),
        ("API key", "API key"),
        ("PGP key", "PGP key"),
        ("", "value"),
    ],
)
def test_a_label_stands_in_a_sentence_as_one_writes_it(label: str, noun: str) -> None:
    message = words(Finding("secret_refused"), app="A", label=label)

    assert message.text == f"A does not accept this {noun}."


def test_a_sentence_about_an_unknown_field_and_side_has_no_hole() -> None:
    assert words(Finding("secret_refused")).text == "The other side does not accept this value."
    assert words(Finding("required")).text == "The value is empty."


def test_mallorys_values_are_filled_in_as_they_are() -> None:
    message = words(Finding("secret_refused"), app="{label.__class__}", label="{0} {app!r}")

    assert message.text == "{label.__class__} does not accept this {0} {app!r}."


def test_params_of_a_finding_win() -> None:
    named = Finding("permission_missing_named", params={"permission": "read_orders"})

    assert "read_orders" in words(named, app="Shopify", permission="other").text


@pytest.mark.parametrize("code", [code for code, s in BOOK.items() if s.without])
def test_a_sentence_that_lacks_a_parameter_gives_way_to_one_without(code: str) -> None:
    """An outcome that was written down has codes and fields only."""
    message = words(Finding(code), app="Orchard", label="Token")
    plain = words(Finding(BOOK[code].without or ""), app="Orchard", label="Token")

    assert message.code == code
    assert (message.text, message.cause, message.fix) == (plain.text, plain.cause, plain.fix)
    assert BOOK[BOOK[code].without or ""].level == BOOK[code].level


@pytest.mark.parametrize(("code", "part"), PARTS)
def test_a_parameter_that_may_be_missing_has_a_sentence_without_it(code: str, part: str) -> None:
    uncertain = {"user", "begins", "addresses", "permission"}
    used = {name for _, name, _, _ in string.Formatter().parse(part) if name is not None}

    assert not used & uncertain or BOOK[code].without


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("en-XB", "rtl"), ("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("fa", "rtl"),
     ("de", "ltr"), ("HE-il", "rtl"), ("", "ltr"), ("xx", "ltr"), ("art", "ltr")],
)  # fmt: skip
def test_a_language_has_a_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_the_pretended_language_has_every_sentence() -> None:
    assert SENTENCES["en-XB"].keys() == BOOK.keys()


def test_an_unknown_language_gets_english() -> None:
    assert words(Finding("required"), "xx", label="Farm").text == "Farm is empty."


def test_a_sentence_may_leave_out_cause_and_fix() -> None:
    assert Sentence("Done.").cause is None
    assert words(Finding("not_boolean"), label="Box").fix is None
