"""The shape of one sentence of the book."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Sentence:
    """One message in three parts; `cause` and `fix` may be left out where `text` says it all.

    `without` is the code of the sentence to say when a parameter is missing: an outcome that was
    written down has only codes and fields.
    """

    text: str
    cause: str | None = None
    fix: str | None = None
    level: Literal["error", "warning", "info"] = "error"
    without: str | None = None
