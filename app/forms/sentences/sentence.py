"""The shape of one sentence of the book."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Sentence:
    """One message in three parts; `cause` and `fix` may be left out where `text` says it all."""

    text: str
    cause: str | None = None
    fix: str | None = None
    level: Literal["error", "warning", "info"] = "error"
