"""Every sentence that a person reads about a form: a code and parameters in, words out.

Nothing is glued together from pieces. The codes are public: hosts switch on them, so one may be
reworded, never renamed. Which code fits is decided in values, diagnosis and connect.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.forms.sentences import DIRECTIONS, SENTENCES, Sentence

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
    """The parameters of one sentence; remembers whether one was wanted that is not there."""

    lacking = False

    def __getitem__(self, key: str) -> str:
        value = self.get(key, "")
        self.lacking = self.lacking or not value
        return value


def words(finding: Finding, language: str = "en", **params: str) -> Message:
    """The message of a finding in a language; English where the language has no sentence.

    `params` are those of sentences; what is not known of a label or a name has a general word.
    """
    given = {name: value for name, value in params.items() if value}
    filled = _Params(_general(params) | given | dict(finding.params))
    sentence = _sentence(finding.code, language)
    parts = _parts(sentence, filled)
    if filled.lacking and sentence.without is not None:
        parts = _parts(_sentence(sentence.without, language), filled)
    return Message(
        code=finding.code,
        level=sentence.level,
        field=finding.field,
        detail=finding.detail,
        **parts,
    )


def _sentence(code: str, language: str) -> Sentence:
    return SENTENCES.get(language, {}).get(code) or SENTENCES["en"][code]


def _parts(sentence: Sentence, filled: _Params) -> dict[str, str]:
    parts = {"text": sentence.text, "cause": sentence.cause, "fix": sentence.fix}
    return {name: part.format_map(filled) for name, part in parts.items() if part is not None}


def _general(params: Mapping[str, str]) -> dict[str, str]:
    """How the field and the other side are called at the head of a sentence and inside one."""
    label, app = params.get("label"), params.get("app")
    return {
        "label": label or "The value",
        "noun": noun(label) if label else "value",
        "app": app or "The other side",
        "the_app": app or "the other side",
    }


def noun(label: str) -> str:
    """A label as it stands inside a sentence: "Access token" -> "access token"; "API key" stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def direction(language: str) -> Direction:
    """How a language is written."""
    if language in DIRECTIONS:
        return "rtl" if DIRECTIONS[language] == "rtl" else "ltr"
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
