"""A ping's answer is judged the same whatever shape its errors have."""

from typing import Any

import pytest

from app.forms.outcome import Problem, from_answer

ACCEPTED: list[tuple[int, Any]] = [
    (200, {"code": 200}),
    (200, None),
    (204, None),
    (200, {}),
    (200, {"errors": []}),
    (200, {"errors": None}),
    (200, {"errors": ""}),
    (200, {"errors": {}}),
    (200, {"code": "ok"}),
    (200, {"code": True}),
    (200, {"message": "All is well"}),
    (200, []),
    (200, "fine"),
]
REFUSED: list[tuple[int, Any, list[Problem]]] = [
    (200, {"errors": [{"code": 401, "message": "No"}]}, [Problem("401", "No")]),
    (200, {"errors": [{"code": "ENOTFOUND"}]}, [Problem("ENOTFOUND")]),
    (200, {"errors": [{"status": 403, "message": {"a": ["b"]}}]}, [Problem("403", '{"a": ["b"]}')]),
    (200, {"errors": ["No", {"message": "Never"}]},
     [Problem("unknown", "No"), Problem("unknown", "Never")]),
    (200, {"errors": "No"}, [Problem("unknown", "No")]),
    (200, {"errors": {"code": 500}}, [Problem("500")]),
    (200, {"errors": [None, 5]}, [Problem("unknown"), Problem("unknown", "5")]),
    (200, {"code": 401, "message": "No"}, [Problem("401", "No")]),
    (422, {"errors": [{"code": "missing_required_field", "field": "http.baseURI", "message": "x"}]},
     [Problem("missing_required_field", "x", "http.baseURI")]),
    (422, {"errors": [{"code": "x", "field": {"evil": 1}}]}, [Problem("x")]),
    (401, {"message": "No"}, [Problem("unknown", "No")]),
    (400, {"error": "No"}, [Problem("unknown", "No")]),
    (500, None, [Problem("500")]),
    (422, {"errors": []}, [Problem("422")]),
    (302, {}, [Problem("302")]),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body"), ACCEPTED)
def test_no_errors_and_a_good_status_are_success(status: int, body: Any) -> None:
    outcome = from_answer(status, body)

    assert outcome.accepted
    assert outcome.problems == ()


@pytest.mark.parametrize(("status", "body", "problems"), REFUSED)
def test_anything_else_is_a_refusal_with_its_problems(
    status: int, body: Any, problems: list[Problem]
) -> None:
    outcome = from_answer(status, body)

    assert not outcome.accepted
    assert list(outcome.problems) == problems


@pytest.mark.parametrize(
    ("code", "status"), [("401", 401), ("28P01", None), ("99999", None), ("ENOTFOUND", None)]
)
def test_a_code_may_be_a_status(code: str, status: int | None) -> None:
    assert Problem(code).status == status


def test_mallorys_deep_answer_breaks_nothing() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]

    assert not from_answer(200, {"errors": [{"code": 401, "message": deep}]}).accepted
