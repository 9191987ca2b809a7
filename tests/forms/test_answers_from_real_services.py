"""The lines of the table that a driver said are what drivers say today: each is really pinged.

The codes must be the same, and the form must say the same; the words may hold a port or a time.
"""

import json

import pytest

from sandbox.targets.running import Targets
from tests.forms.real_services import body_of, problems_of
from tests.forms.table import Answer, answers, filled_in

pytestmark = pytest.mark.anyio

REAL = [answer for answer in answers() if answer.origin == "driver"]
# Those that stop a target come last, so that no other line waits for it to come back.
REAL.sort(key=lambda answer: bool(answer.when))


@pytest.mark.parametrize("answer", REAL, ids=str)
async def test_a_real_service_says_what_the_table_says(answer: Answer, targets: Targets) -> None:
    problems = await problems_of(answer, targets)

    recorded = [str(entry["code"]) for entry in answer.body["errors"]]
    assert [str(problem.code) for problem in problems] == recorded
    first, *_ = filled_in(answer).diagnosed(200, json.loads(body_of(problems)))
    assert (first.code, first.field) == (answer.code, answer.field)
