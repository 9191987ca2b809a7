"""Every sentence that a person reads about a form: a code and parameters in, words out.

Nothing is glued together from pieces. The codes are public: hosts switch on them, so one may be
reworded, never renamed. Which code fits is decided in values, diagnosis and connect.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.forms.sentences import SENTENCES

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """What was found: a code, the field it is about, and parameters that are never a typed value.

    `detail` is foreign text that was scrubbed; it is shown as technical detail and never stored.
    """

    code: str
    field: str | None = None
    params: Mapping[str, str] = MappingProxyType({})
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
    """The message of a finding in a language; English where the language has no sentence."""
    book = SENTENCES.get(language, {})
    sentence = book.get(finding.code) or SENTENCES["en"][finding.code]
    filled = _Params(params | dict(finding.params))
    return Message(
        code=finding.code,
        text=sentence.text.format_map(filled),
        cause=sentence.cause.format_map(filled) if sentence.cause else None,
        fix=sentence.fix.format_map(filled) if sentence.fix else None,
        level=sentence.level,
        field=finding.field,
        detail=finding.detail,
    )
