"""Writes the tables of the papers that are made from the code, between their markers.

`./x fix` runs it as `python -m docs.tables`; tests/test_docs.py compares the papers with it.
"""

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from app.forms.sentences import SENTENCES
from app.settings import PREFIX, Settings

TOP = Path(__file__).parents[1]


def settings_table() -> str:
    """Every setting with its default and what it is for."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {_words(field.description or '')} |"
        for name, field in Settings.model_fields.items()
        if name != "constants"
    ]
    constant = Settings.model_fields["constants"].description or ""
    rows.append(f"| `{PREFIX}CONSTANT_…` | none | {_words(constant)} |")
    return "\n".join(["| Setting | Default | What it is |", "|---|---|---|", *rows])


def messages_table() -> str:
    """Every message code with its English sentence."""
    rows = [
        f"| `{code}` | {sentence.level} | {_words(sentence.text)} |"
        for code, sentence in sorted(SENTENCES["en"].items())
    ]
    return "\n".join(["| Code | Level | Sentence |", "|---|---|---|", *rows])


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "settings": ("README.md", settings_table),
    "messages": ("docs/messages.md", messages_table),
}


def with_table(text: str, name: str, table: str) -> str:
    """A paper with the table between its markers put anew. Raises when it has no markers."""
    begin, end = f"<!-- {name}: written by ./x fix -->", f"<!-- end of {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"there is no {begin} … {end}")
    return pattern.sub(lambda _: f"{begin}\n{table}\n{end}", text)


def _default(field: FieldInfo) -> str:
    default = field.default
    if default is PydanticUndefined:
        return "**must be set**"
    if default is None or default == () or isinstance(default, SecretStr):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _words(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write every table into its paper."""
    for name, (paper, table) in TABLES.items():
        path = TOP / paper
        path.write_text(with_table(path.read_text("utf-8"), name, table()), "utf-8")


if __name__ == "__main__":
    main()
