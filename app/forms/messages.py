"""Every sentence that a person reads about a form: a code and parameters in, words out.

Nothing is glued together from pieces. The codes are public: hosts switch on them, so one may be
reworded, never renamed. Which code fits is decided in values, diagnosis and connect.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.forms.sentences import DIRECTIONS, SENTENCES

Level = Literal["error", "warning", "info"]
Direction = Literal["ltr", "rtl"]

# Every code that a message can have; a definition may name any of them in its diagnoses.
CODES = frozenset(SENTENCES["en"])
# Written from right to left, whether we have sentences in them or not.
_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))


@dataclass(frozen=True)
class Finding:
    """What was found: a code, the field it is about, and parameters that are never a typed value.

    `detail` is foreign text that was scrubbed; it is shown as technical detail and never stored.
    """

    code: str
    field: str | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    detail: str | None = None


class Message(BaseModel):
    """A sentence for a person: what happened, the likely cause, what to do."""

    model_config = ConfigDict(frozen=True)

    code: str
    text: str
    cause: str | None = None
    fix: str | None = None
    level: Level = "error"
    field: str | None = None
    detail: str | None = None


class _Params(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def words(finding: Finding, language: str = "en", **params: str) -> Message:
    """The message of a finding in a language; English where the language has no sentence.

    `params` are those of sentences; `the_app` and `noun` follow from `app` and `label`.
    """
    book = SENTENCES.get(language, {})
    sentence = book.get(finding.code) or SENTENCES["en"][finding.code]
    filled = _Params(_inside(params) | params | dict(finding.params))
    return Message(
        code=finding.code,
        text=sentence.text.format_map(filled),
        cause=sentence.cause.format_map(filled) if sentence.cause else None,
        fix=sentence.fix.format_map(filled) if sentence.fix else None,
        level=sentence.level,
        field=finding.field,
        detail=finding.detail,
    )


def _inside(params: Mapping[str, str]) -> dict[str, str]:
    """The same words as they stand inside a sentence: "Access token" -> "access token"."""
    label, app = params.get("label", ""), params.get("app", "")
    # "API key" and "SSL" keep their capitals.
    noun = label[:1].lower() + label[1:] if label[1:2].islower() else label
    return {"noun": noun, "the_app": app}


def direction(language: str) -> Direction:
    """How a language is written."""
    if language in DIRECTIONS:
        return "rtl" if DIRECTIONS[language] == "rtl" else "ltr"
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
