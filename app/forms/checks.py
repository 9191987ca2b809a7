"""Whether one typed text is fit for the kind of its field and for the slot that it goes into.

Keyhatch never connects to what an end user types; integrator.io does. The rule against private
addresses keeps a form from being used to look around in a network that others may not reach.
"""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from app.catalogue.model import Field, Kind
from app.catalogue.patterns import matches
from app.catalogue.slots import MASK, is_templated

# Larger than any key or certificate chain seen; a body is capped long before (64 KiB).
LONGEST = 16_384
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----\n.+-----END [A-Z0-9 ]+-----\s*", re.DOTALL)
# Control and bidirectional signs have no place in a value and can disguise one; signs without
# width come along when text is copied. Joiners (U+200C, U+200D) stay: some scripts need them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_PRIVATE_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|internal|home\.arpa)$", re.IGNORECASE)
# Every spelling of an address that some resolver takes: 2130706433, 0x7f.1, 0177.0.0.1.
_ODD_ADDRESS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*", re.IGNORECASE)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def text_fault(each: Field, value: str, allow_private: bool) -> str | None:
    """The code of what is wrong with a text, or None. Rows of a list are checked one by one."""
    if (code := _slot_fault(each, value)) is not None:
        return code
    if each.kind is Kind.CHOICE and value not in {choice.value for choice in each.choices}:
        return "not_choice"
    if each.pattern is not None and not matches(each.pattern, value):
        return "wrong_pattern"
    if each.kind is Kind.URL:
        return _url_fault(value, allow_private)
    check = _CHECKS.get(each.kind)
    return check(value) if check else None


def _slot_fault(each: Field, value: str) -> str | None:
    if len(value) > LONGEST:
        return "too_long"
    if _UNSEEN.search(value) or any("\ud800" <= sign <= "\udfff" for sign in value):
        return "unseen_signs"
    if each.kind not in (Kind.PEM, Kind.TEXT_BLOCK) and re.search(r"[\r\n]", value):
        return "line_break"
    if value.strip() == MASK:
        # Sent back, the mask would be stored as the credential itself.
        return "mask_typed"
    if _may_be_templated(each) and ("{{" in value or "}}" in value):
        return "template_signs"
    return None


def _may_be_templated(each: Field) -> bool:
    # A value with a pattern may also fill a {placeholder}, and most of those are templated.
    return each.path is None or each.pattern is not None or is_templated(each.path)


def _email_fault(value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "not_email"


def _pem_fault(value: str) -> str | None:
    return None if _PEM.fullmatch(value) else "not_pem"


def _host_fault(value: str) -> str | None:
    if "://" in value or "/" in value or "@" in value:
        return "host_is_address"
    if re.fullmatch(r"[^:]+:[0-9]+", value):
        return "host_with_port"
    return None if _is_address(value) or _is_name(value) else "not_host"


_CHECKS: dict[Kind, Callable[[str], str | None]] = {
    Kind.EMAIL: _email_fault,
    Kind.HOST: _host_fault,
    Kind.PEM: _pem_fault,
}


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return False
    return True


def _is_name(value: str) -> bool:
    return len(value) <= 253 and _HOST.fullmatch(_ascii(value)) is not None


def _ascii(name: str) -> str:
    """The name as a resolver sees it: circled digits and full-width dots become plain ones."""
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
    if parts.scheme not in ("https", "http") or re.search(r"[\s\\]", value):
        return "not_url"
    if parts.username is not None or parts.password is not None:
        return "url_with_login"
    if not (_is_address(host) or _is_name(host)):
        return "not_url"
    if "?" in value or "#" in value:
        return "url_with_query"
    if allow_private:
        return None
    if parts.scheme != "https":
        return "url_not_https"
    return "url_private" if _is_private(host) else None


def _is_private(host: str) -> bool:
    """Whether an address or a name cannot be one of the open internet."""
    name = _ascii(host).rstrip(".")
    if _is_address(host) or _is_address(name):
        address = ipaddress.ip_address(host if _is_address(host) else name)
        inner = _embedded(address) or address
        return not inner.is_global or inner.is_multicast
    return bool(_PRIVATE_NAMES.search(name) or _ODD_ADDRESS.fullmatch(name)) or "." not in name


def _embedded(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, in the three ways of writing it."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
