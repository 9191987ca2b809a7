"""After every answer of the table the right field says the right thing, and no secret is shown."""

import sys
from collections import Counter

import pytest

from app.catalogue.model import Role
from app.forms.cause import Cause
from app.forms.causes import cause_of
from app.forms.messages import Finding
from app.forms.outcome import from_answer
from app.forms.sentences import SENTENCES
from tests.forms.table import Answer, answers, filled_in

TABLE = answers()
SECRETS = {Role.SECRET, Role.KEY, Role.PASSPHRASE}
NOBODY_LOOKED = {
    Cause.ILL,
    Cause.BUSY,
    Cause.SILENT,
    Cause.NO_NAME,
    Cause.NO_WAY,
    Cause.REFUSED,
    Cause.CUT,
}

each_answer = pytest.mark.parametrize("answer", TABLE, ids=str)


def diagnosed(answer: Answer) -> tuple[Finding, ...]:
    return filled_in(answer).diagnosed(answer.status, answer.body)


def is_right(answer: Answer) -> bool:
    findings = diagnosed(answer)
    return bool(findings) and (findings[0].code, findings[0].field) == (answer.code, answer.field)


def test_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    """Every one of them: a single wrong field sends somebody to look in the wrong place."""
    right = sum(is_right(answer) for answer in TABLE)
    real = sum(answer.origin == "driver" for answer in TABLE)

    with capsys.disabled():
        share = f"{right} of {len(TABLE)} answers on the right field"
        sys.stdout.write(f"\n{share} ({real} said by real servers and drivers) ")
    assert right == len(TABLE)


@each_answer
def test_the_right_field_says_the_right_thing(answer: Answer) -> None:
    first, *more = diagnosed(answer)

    assert (first.code, first.field) == (answer.code, answer.field)
    assert {finding.code for finding in more} == set(answer.also)
    assert SENTENCES["en"][first.code].level != "info"


@each_answer
def test_no_secret_is_in_a_detail(answer: Answer) -> None:
    typed = filled_in(answer)

    for finding in typed.diagnosed(answer.status, answer.body):
        for secret in typed.values.revealed():
            assert secret.strip() not in f"{finding.detail}{finding.params}"


@each_answer
def test_a_secret_is_blamed_only_when_somebody_looked_at_it(answer: Answer) -> None:
    typed = filled_in(answer)
    fields = typed.definition.fields_of(typed.method)
    secrets = {field.name for field in fields if field.role in SECRETS}
    kind = str(typed.definition.constants_of(typed.method)["type"])
    causes = {cause_of(p, kind) for p in from_answer(answer.status, answer.body).problems}

    if causes & NOBODY_LOOKED:
        assert not secrets & {finding.field for finding in diagnosed(answer)}


def test_the_table_is_broad_and_mostly_real() -> None:
    types = Counter(answer.type for answer in TABLE)
    real = [answer for answer in TABLE if answer.origin == "driver"]

    assert len(TABLE) >= 60
    assert len(types) == 10
    assert min(types.values()) >= 6
    assert len(real) * 2 >= len(TABLE)
    assert {answer.origin for answer in TABLE} == {"driver", "documentation"}


def test_every_answer_says_where_it_is_from() -> None:
    for answer in TABLE:
        command = f"python -m tests.forms.real_services {answer.type}"
        assert (answer.source == command) is (answer.origin == "driver")


def test_no_two_answers_have_one_name() -> None:
    assert len({str(answer) for answer in TABLE}) == len(TABLE)


def test_every_cause_that_blames_a_person_has_an_answer() -> None:
    """A cause without a line in the table is a rule that nobody saw working."""
    covered = {finding.code for answer in TABLE for finding in diagnosed(answer)}
    seen_elsewhere = {
        "address_wrong", "passphrase_needed", "passphrase_wrong", "certificate_unreadable",
        "document_refused", "page_unknown", "app_unreachable", "address_silent_let_in",
        "not_let_in_addresses",
    }  # fmt: skip
    from app.forms.sentences.answers import ANSWERS
    from app.forms.sentences.network import NETWORK

    assert set(NETWORK) | set(ANSWERS) == covered | seen_elsewhere
