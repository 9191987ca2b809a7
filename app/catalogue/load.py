"""Reads and checks the definition files once at start; a wrong one is refused by file and key."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from app.catalogue.check import faults
from app.catalogue.model import ConnectionType

OURS = Path(__file__).parent / "definitions"


class BadDefinition(ValueError):
    """Definitions that cannot be used: every fault of every file, a line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


class Catalogue(Mapping[str, ConnectionType]):
    """The connection types by key, in the order of their titles."""

    def __init__(self, types: Iterable[ConnectionType]) -> None:
        self._types = {kind.key: kind for kind in sorted(types, key=lambda t: t.title.casefold())}

    def __getitem__(self, key: str) -> ConnectionType:
        return self._types[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


def load(*folders: Path, codes: Collection[str] | None = None) -> Catalogue:
    """Read every ``*.toml`` of our folder and of the given ones. A later file of one key wins.

    `codes` are the messages that a diagnosis may name; None leaves that unchecked. Raises
    BadDefinition with all faults of all files.
    """
    found: dict[str, ConnectionType] = {}
    wrong: list[str] = []
    for folder in (OURS, *folders):
        if not folder.is_dir():
            wrong.append(f"{folder}: there is no such folder")
        for file in sorted(folder.glob("*.toml")):
            try:
                found[file.stem] = load_file(file, codes)
            except BadDefinition as error:
                wrong.extend(error.lines)
    if wrong:
        raise BadDefinition(wrong)
    return Catalogue(found.values())


def load_file(file: Path, codes: Collection[str] | None = None) -> ConnectionType:
    """Read and check one definition; the file's name is its key. Raises BadDefinition."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        if "key" in table:
            raise BadDefinition([f"{file.name}: key: the name of the file is the key"])
        definition = ConnectionType.model_validate({**table, "key": file.stem})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDefinition([f"{file.name}: it is not TOML: {error}"]) from None
    except ValidationError as error:
        raise BadDefinition(_lines(file, error)) from None
    if wrong := [f"{file.name}: {fault}" for fault in faults(definition, codes)]:
        raise BadDefinition(wrong)
    return definition


def _lines(file: Path, error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in fault["loc"])
        yield f"{file.name}: {key}: {_reason(fault['type'], fault['msg'])}"


def _reason(kind: str, words: str) -> str:
    return "unknown key" if kind == "extra_forbidden" else words
