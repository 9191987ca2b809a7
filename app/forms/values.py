"""What a person typed, read by the definition: clean values or findings. No network, no clock.

The form that shows values again is form's business; where they go is document's.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.catalogue.model import Field, Kind
from app.catalogue.slots import MASK, is_templated
from app.forms.messages import Finding

Plain = str | int | bool | list[str] | list[dict[str, str]]
# Larger than any key or certificate chain seen; a body is capped long before (64 KiB).
_LONGEST = 16_384
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.+-----END [A-Z0-9 ]+-----\s*", re.DOTALL)
# Control and bidirectional signs have no place in a value and can disguise one.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_PRIVATE_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$", re.IGNORECASE)
# Every spelling of an address that some resolver takes: 2130706433, 0x7f.1, 0177.0.0.1.
_ODD_ADDRESS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)


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


@dataclass(frozen=True)
class Reading:
    """What came of reading an input: values, and findings when some are wrong."""

    values: Values
    findings: tuple[Finding, ...] = ()


def read(
    fields: tuple[Field, ...], raw: Mapping[str, Any], *, allow_private: bool = False
) -> Reading:
    """Read an input by the fields of one method. Names that no field has are a finding.

    `allow_private` lifts the rule against private addresses in url fields.
    """
    known = {field.name for field in fields}
    findings = [Finding("unknown_field") for name in raw if name not in known]
    plain: dict[str, Plain] = {}
    secrets: dict[str, SecretStr] = {}
    for each in fields:
        value = _cleaned(each, raw.get(each.name))
        if not _asked(each, fields, raw):
            continue
        code, typed = _checked(each, value, allow_private)
        if code is not None:
            findings.append(Finding(code, each.name))
        elif each.secret and typed is not None:
            secrets[each.name] = SecretStr(str(typed))
        elif typed is not None:
            plain[each.name] = typed
    return Reading(Values(plain, secrets), tuple(findings))


def _asked(each: Field, fields: tuple[Field, ...], raw: Mapping[str, Any]) -> bool:
    if each.when is None:
        return True
    other = next(f for f in fields if f.name == each.when.field)
    value = _cleaned(other, raw.get(other.name))
    if each.when.equals:
        return str(other.default if value is None else value) in each.when.equals
    return value not in (None, False)


def _cleaned(each: Field, value: Any) -> Any:
    """Take off what no value has. A secret is never trimmed: spaces in a password may be meant."""
    if isinstance(value, str):
        if each.kind is Kind.PEM:
            # Forms send CRLF; drivers want the file as it was.
            value = value.replace("\r\n", "\n").strip() + "\n" if value.strip() else ""
        elif each.kind is Kind.TEXT_BLOCK:
            value = value.replace("\r\n", "\n")
        elif not each.secret and not each.many:
            value = value.strip()
    return None if value in ("", [], None) else value


def _checked(each: Field, value: Any, allow_private: bool) -> tuple[str | None, Plain | None]:
    """(code of what is wrong, value): one of them is None."""
    if value is None:
        if each.kind is Kind.BOOLEAN:
            return None, False
        return ("required" if each.required else None), None
    typed = _typed(each, value)
    if typed is None:
        return f"not_{each.kind.value.replace('-', '_')}", None
    if isinstance(typed, str) and (code := _text_fault(each, typed, allow_private)):
        return code, None
    if each.many and (code := _rows_fault(each, typed)):
        return code, None
    return None, typed


def _typed(each: Field, value: Any) -> Plain | None:
    if each.kind in (Kind.INTEGER, Kind.PORT):
        return _integer(value, 65_535 if each.kind is Kind.PORT else 2**53)
    if each.kind is Kind.BOOLEAN:
        known = {True: True, False: False, "true": True, "on": True, "false": False}
        return known.get(value) if isinstance(value, str | bool) else None
    if each.many:
        return _rows(each.kind, value)
    return value if isinstance(value, str) else None


def _integer(value: Any, most: int) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,16}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if (1 if most == 65_535 else 0) <= value <= most else None


def _rows(kind: Kind, value: Any) -> Plain | None:
    """A list from JSON, or the lines of a text area; pairs are ``name: value`` a line."""
    if isinstance(value, str):
        value = [line.strip() for line in value.splitlines() if line.strip()]
    if not isinstance(value, list) or len(value) > 50:
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


def _rows_fault(each: Field, rows: Any) -> str | None:
    texts = [text for row in rows for text in (row.values() if isinstance(row, dict) else [row])]
    return next((code for text in texts if (code := _slot_fault(each, text))), None)


def _text_fault(each: Field, value: str, allow_private: bool) -> str | None:
    if (code := _slot_fault(each, value)) is not None:
        return code
    if each.kind is Kind.CHOICE and value not in {choice.value for choice in each.choices}:
        return "not_choice"
    if each.pattern is not None and not re.fullmatch(each.pattern, value):
        return "wrong_pattern"
    checks: dict[Kind, Callable[[str], str | None]] = {
        Kind.HOST: _host_fault,
        Kind.EMAIL: _email_fault,
        Kind.PEM: _pem_fault,
        Kind.URL: lambda text: _url_fault(text, allow_private),
    }
    check = checks.get(each.kind)
    return check(value) if check else None


def _slot_fault(each: Field, value: str) -> str | None:
    if len(value) > _LONGEST:
        return "too_long"
    if _UNSEEN.search(value) or _lone_surrogate(value):
        return "unseen_signs"
    if each.kind not in (Kind.PEM, Kind.TEXT_BLOCK) and re.search(r"[\r\n]", value):
        return "line_break"
    if value.strip() == MASK:
        # Sent back, the mask would be stored as the credential itself.
        return "mask_typed"
    if each.path and is_templated(each.path) and ("{{" in value or "}}" in value):
        return "template_signs"
    return None


def _lone_surrogate(value: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in value)


def _email_fault(value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "not_email"


def _pem_fault(value: str) -> str | None:
    return None if _PEM.fullmatch(value) else "not_pem"


def _host_fault(value: str) -> str | None:
    if "://" in value or "/" in value or "@" in value:
        return "host_is_address"
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return None if len(value) <= 253 and _HOST.fullmatch(_ascii(value)) else "not_host"
    return None


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ""


def _url_fault(value: str, allow_private: bool) -> str | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return "not_url"
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or re.search(r"[\s\\]", value):
        return "not_url"
    if parts.username is not None or parts.password is not None:
        return "url_with_login"
    if parts.query or parts.fragment:
        return "url_with_query"
    if allow_private:
        return None
    if parts.scheme != "https":
        return "url_not_https"
    return "url_private" if _is_private(host) else None


def _is_private(host: str) -> bool:
    """Whether an address or a name cannot be one of the open internet."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return bool(_PRIVATE_NAMES.search(host) or _ODD_ADDRESS.fullmatch(host)) or "." not in host
