"""The table of answers: what was said after a failed ping, and what the form must make of it.

One file a type in `answers/`; its README says how to add a line. Whoever checks the table against
real services is test_answers_from_real_services.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from pathlib import Path
from typing import Any

from app.catalogue.load import Catalogue, load
from app.catalogue.model import ConnectionType, Method
from app.forms import document, values
from app.forms.diagnosis import diagnose
from app.forms.messages import Finding
from app.forms.outcome import from_answer
from app.forms.values import Values
from tests.catalogue.typed import CERTIFICATE, KEY

FOLDER = Path(__file__).parent / "answers"
# Stand for what only exists while the targets run: {port:sftp}, {closed_port}, {ca}, {a_key} ...
_STAND_IN = re.compile(r"\{([a-z_]+(?::[a-z]+)?)\}")


@dataclass(frozen=True)
class Answer:
    """One line of the table.

    `origin` is "driver" when a real server or driver here said it, `source` then the command that
    shows it again; else "documentation", and `source` the page. `when` is what was done to a
    target before: stop or hang it. `seconds` is how long the ping may take.
    """

    type: str
    name: str
    code: str
    body: Any
    origin: str
    source: str
    method: str | None = None
    values: Mapping[str, str] = made(default_factory=dict)
    status: int = 200
    field: str | None = None
    also: tuple[str, ...] = ()
    when: Mapping[str, str] = made(default_factory=dict)
    seconds: float = 10.0

    def __str__(self) -> str:
        return f"{self.type}: {self.name}"


@dataclass(frozen=True)
class Typed:
    """An answer's form, filled in: what the diagnosis knows besides the answer."""

    definition: ConnectionType
    method: Method
    values: Values

    def diagnosed(self, status: int, body: Any) -> tuple[Finding, ...]:
        """What the form says after this answer of integrator.io."""
        return diagnose(self.definition, self.method, self.values, from_answer(status, body))

    def document(self) -> dict[str, Any]:
        """The document that is pinged."""
        return document.build(self.definition, self.method, self.values, name="Larkfield Books")


def answers() -> list[Answer]:
    """Every line of every file."""
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        for line in table["answer"]:
            typed = table["usual"] | line.pop("values", {})
            also = tuple(line.pop("also", ()))
            body = json.loads(line.pop("body"))
            found.append(Answer(type=file.stem, values=typed, also=also, body=body, **line))
    return found


def filled_in(answer: Answer, stand_in: Callable[[str], str] | None = None) -> Typed:
    """The form as the line says it was filled in; `stand_in` gives what only runs."""
    definition = _catalogue()[answer.type]
    method = definition.method(answer.method)
    assert method is not None, answer
    fields = definition.fields_of(method)
    names = {each.name for each in fields}
    give = stand_in or _nothing_runs
    raw = {
        name: _STAND_IN.sub(lambda found: give(found[1]), value)
        for name, value in answer.values.items()
        if name in names
    }
    reading = values.read(fields, raw, allow_private=True)
    assert reading.findings == (), answer
    return Typed(definition, method, reading.values)


def _nothing_runs(name: str) -> str:
    if name.startswith(("port", "closed_port")):
        return "1"
    return KEY if name.endswith("key") else CERTIFICATE


def _catalogue() -> Catalogue:
    return load()
