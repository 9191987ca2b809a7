"""What a person typed, read by the definition: clean values or findings. No network, no clock.

Which address or text is fit for its kind is checks' business, the form that shows values again is
form's, where they go is document's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from app.catalogue.model import Field, Kind
from app.forms.checks import text_fault
from app.forms.messages import Finding

Plain = str | int | bool | list[str] | list[dict[str, str]]
_MOST_ROWS = 50
_LARGEST = {Kind.PORT: 65_535, Kind.INTEGER: 2**53}
# HTML sends "on" for a ticked box and nothing for an empty one.
_BOOLEANS = {"true": True, "on": True, "false": False, "off": False}


@dataclass(frozen=True)
class Values:
    """Clean values by field name. Secrets are SecretStr, so that no repr or log shows them."""

    plain: Mapping[str, Plain] = field(default_factory=dict)
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)

    def get(self, name: str) -> Plain | None:
        """The value as it goes into the document; secrets are revealed."""
        secret = self.secrets.get(name)
        return secret.get_secret_value() if secret is not None else self.plain.get(name)

    def revealed(self) -> list[str]:
        """Every secret text, for striking it out of foreign text."""
        return [secret.get_secret_value() for secret in self.secrets.values()]

    def __contains__(self, name: str) -> bool:
        return name in self.plain or name in self.secrets


@dataclass(frozen=True)
class Reading:
    """What came of reading an input: values, and findings when some are wrong."""

    values: Values
    findings: tuple[Finding, ...] = ()


def read(
    fields: tuple[Field, ...], raw: Mapping[str, Any], *, allow_private: bool = False
) -> Reading:
    """Read an input by the fields of one method. Names that no field has are a finding.

    A field that was left out has its default; one that was sent empty is empty.
    `allow_private` lifts the rule against private addresses in url fields.
    """
    by_name = {each.name: each for each in fields}
    findings = [Finding("unknown_field") for name in raw if name not in by_name]
    plain: dict[str, Plain] = {}
    secrets: dict[str, SecretStr] = {}
    for each in fields:
        if not _asked(each, by_name, raw):
            continue
        code, value = _checked(each, _cleaned(each, raw), allow_private)
        if code is not None:
            findings.append(Finding(code, each.name))
        elif each.secret and value is not None:
            secrets[each.name] = SecretStr(str(value))
        elif value is not None:
            plain[each.name] = value
    return Reading(Values(plain, secrets), tuple(findings))


def _asked(each: Field, by_name: Mapping[str, Field], raw: Mapping[str, Any]) -> bool:
    """Whether a field counts. The definition was checked: conditions never go in a circle."""
    if each.when is None:
        return True
    other = by_name[each.when.field]
    if not _asked(other, by_name, raw):
        return False
    value = _typed(other, _cleaned(other, raw))
    if not each.when.equals:
        return value not in (None, False, [])
    return (str(value).lower() if isinstance(value, bool) else value) in each.when.equals


def _cleaned(each: Field, raw: Mapping[str, Any]) -> Any:
    """Take off what no value has. A secret is never trimmed: spaces in a password may be meant."""
    value = raw.get(each.name, None if each.kind is Kind.BOOLEAN else each.default)
    if isinstance(value, str):
        if each.kind is Kind.PEM:
            # Forms send CRLF; drivers want the file as it was.
            value = value.replace("\r\n", "\n").strip() + "\n" if value.strip() else ""
        elif each.kind is Kind.TEXT_BLOCK:
            value = value.replace("\r\n", "\n") if value.strip() else ""
        elif not each.secret and not each.many and each.kind is not Kind.CHOICE:
            # integrator.io's own form stores a single space as "no word before the token".
            value = value.strip()
        if each.kind is Kind.URL:
            # A path follows it in the document.
            value = value.rstrip("/")
    return None if value in ("", [], None) else value


def _checked(each: Field, value: Any, allow_private: bool) -> tuple[str | None, Plain | None]:
    """(code of what is wrong, value): one of them is None."""
    typed = None if value is None else _typed(each, value)
    if value is None or typed == []:
        if each.kind is Kind.BOOLEAN:
            return None, False
        return ("required" if each.required else None), None
    if typed is None:
        return f"not_{each.kind.value.replace('-', '_')}", None
    for text in _texts(typed):
        if (code := text_fault(each, text, allow_private)) is not None:
            return code, None
    return None, typed


def _typed(each: Field, value: Any) -> Plain | None:
    if each.kind in _LARGEST:
        return _integer(value, each.kind)
    if each.kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else _BOOLEANS.get(str(value))
    if each.many:
        return _rows(each.kind, value)
    return value if isinstance(value, str) else None


def _integer(value: Any, kind: Kind) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,16}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if (kind is Kind.PORT) <= value <= _LARGEST[kind] else None


def _rows(kind: Kind, value: Any) -> Plain | None:
    """A list from JSON, or the lines of a text area; pairs are ``name: value`` a line."""
    if isinstance(value, str):
        value = [line.strip() for line in value.splitlines() if line.strip()]
    if not isinstance(value, list) or len(value) > _MOST_ROWS:
        return None
    if kind is Kind.LIST:
        return value if all(isinstance(row, str) for row in value) else None
    pairs = [_pair(row) for row in value]
    return [pair for pair in pairs if pair] if all(pairs) else None


def _pair(row: Any) -> dict[str, str] | None:
    if isinstance(row, str):
        name, colon, text = row.partition(":")
        row = {"name": name.strip(), "value": text.strip()} if colon else None
    if not isinstance(row, dict) or set(row) != {"name", "value"}:
        return None
    return row if all(isinstance(v, str) for v in row.values()) and row["name"] else None


def _texts(value: Plain) -> list[str]:
    rows = value if isinstance(value, list) else [value]
    return [
        text
        for row in rows
        for text in (row.values() if isinstance(row, dict) else [row])
        if isinstance(text, str)
    ]
