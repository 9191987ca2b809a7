"""A token works as it was given out, for its purpose and in its time; every other text does not.

Mallory holds a valid token and changes it. The library that signs takes several texts for one
signature, so each of those families has its own test.
"""

import random
import string
from collections.abc import Iterator

import pytest
from itsdangerous import URLSafeTimedSerializer

from app.connect.tokens import LAUNCH, PAGE, RECEIPT, SESSION, Purpose, Seal
from tests.connect.stage import KEYS, Clock

ALPHABET = string.ascii_letters + string.digits + "-_"
PURPOSES = [SESSION, PAGE, LAUNCH, RECEIPT]


@pytest.fixture
def seal(clock: Clock) -> Seal:
    """The seal of session tokens."""
    return Seal(SESSION, KEYS, clock)


def changes(token: str, count: int) -> Iterator[str]:
    """Texts that are like the token and not it: replaced, removed, added, moved, repeated."""
    dice = random.Random(20261123)  # noqa: S311 - the same ten thousand on every run
    characters = ALPHABET + ".=+/ \n\t\0%éＡ٠"
    made = 0
    while made < count:
        at, to = dice.randrange(len(token)), dice.randrange(len(token) + 1)
        text = dice.choice(
            [
                token[:at] + dice.choice(characters) + token[at + 1 :],
                token[:at] + token[at + 1 :],
                token[:to] + dice.choice(characters) + token[to:],
                token[:at],
                token[at:] + token[:at],
                token[:at] + token[at].swapcase() + token[at + 1 :],
                token + token[at:],
                token.replace(token[at], dice.choice(characters)),
            ]
        )
        if text != token:
            made += 1
            yield text


def test_a_token_says_what_it_was_given(seal: Seal) -> None:
    assert seal.read(seal.issue("ses_1", 7)) == ["ses_1", 7]


def test_ten_thousand_changes_of_a_token_are_refused(seal: Seal) -> None:
    accepted = [text for text in changes(seal.issue("ses_1"), 10_000) if seal.read(text)]

    assert accepted == []


def test_a_token_has_one_last_character_only(seal: Seal) -> None:
    """The last character of a signature carries two bits that say nothing."""
    token = seal.issue("ses_1")
    accepted = [last for last in ALPHABET if seal.read(token[:-1] + last)]

    assert accepted == [token[-1]]


@pytest.mark.parametrize("tail", ["=", "==", "===", "\n", "\r\n", " ", "\0", ".", "A", "é"])
def test_nothing_may_follow_a_token(seal: Seal, tail: str) -> None:
    assert seal.read(seal.issue("ses_1") + tail) is None


@pytest.mark.parametrize("odd", ["é", "\u200b", "Ａ", "٠", "\ud800", "\0", " ", "=", "+"])
def test_nothing_may_hide_inside_a_token(seal: Seal, odd: str) -> None:
    """The library skips what it cannot decode."""
    token = seal.issue("ses_1")

    assert [n for n in range(len(token) + 1) if seal.read(token[:n] + odd + token[n:])] == []


def test_the_other_alphabet_of_base64_is_refused(clock: Clock) -> None:
    """The library takes a slash for an underscore, and a plus for a hyphen."""
    seal = Seal(PAGE, KEYS, clock)
    tried = 0
    for number in range(200):
        token = seal.issue("ses_1", number)
        for other in (token.replace("_", "/"), token.replace("-", "+")):
            alias = PAGE.prefix + other[len(PAGE.prefix) :]
            if alias != token:
                tried += 1
                assert seal.read(alias) is None
    assert tried > 50


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.prefix)
@pytest.mark.parametrize("other", PURPOSES, ids=lambda purpose: purpose.prefix)
def test_a_token_serves_one_purpose(purpose: Purpose, other: Purpose, clock: Clock) -> None:
    token = Seal(purpose, KEYS, clock).issue("ses_1")
    disguised = other.prefix + token.removeprefix(purpose.prefix)

    assert (Seal(other, KEYS, clock).read(disguised) is None) == (purpose != other)


def test_a_key_that_mallory_made_signs_nothing(seal: Seal, clock: Clock) -> None:
    assert seal.read(Seal(SESSION, ["mallory"], clock).issue("ses_1")) is None


def test_the_librarys_usual_settings_sign_nothing(seal: Seal) -> None:
    """SHA-1 and a plain concatenated key are its defaults."""
    weak = URLSafeTimedSerializer(KEYS, salt=SESSION.salt)

    assert seal.read(SESSION.prefix + str(weak.dumps(["ses_1"]))) is None


def test_an_older_key_still_verifies_and_a_removed_one_does_not(clock: Clock) -> None:
    old = Seal(SESSION, KEYS[:1], clock).issue("ses_1")

    assert Seal(SESSION, KEYS, clock).read(old) == ["ses_1"]
    assert Seal(SESSION, KEYS[1:], clock).read(old) is None


def test_the_newest_key_signs(clock: Clock) -> None:
    token = Seal(SESSION, KEYS, clock).issue("ses_1")

    assert Seal(SESSION, KEYS[1:], clock).read(token) == ["ses_1"]


def test_a_token_from_the_future_is_refused(seal: Seal, clock: Clock) -> None:
    token = seal.issue("ses_1")
    clock.forward(-60)

    assert seal.read(token) is None


def test_a_token_ends_with_its_time(seal: Seal, clock: Clock) -> None:
    token = seal.issue("ses_1")
    clock.forward(SESSION.seconds)
    assert seal.read(token) == ["ses_1"]

    clock.forward(1)
    assert seal.read(token) is None


def test_a_text_that_is_too_long_is_not_even_read(clock: Clock) -> None:
    seal = Seal(SESSION, KEYS, clock)

    assert seal.read(seal.issue("x" * 2000)) is None


def test_a_compressed_text_is_not_unpacked(seal: Seal) -> None:
    """The library unpacks what begins with a dot; ours never does."""
    assert seal.read(seal.issue("a" * 500)) == ["a" * 500]
    assert "." not in seal.issue("a" * 500).removeprefix(SESSION.prefix)[:1]


@pytest.mark.parametrize("keys", [[], [""], ["a-key", ""]])
def test_there_is_no_signing_without_a_key(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Seal(SESSION, keys)
