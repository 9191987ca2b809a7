"""Foreign text with every typed secret struck out, in each encoding that an echo may have.

A target may repeat what was sent to it, and may want to: so the text is struck before and after it
is cleaned, and at last read back from every encoding. If a secret survives, the text is dropped.
"""

import base64
import binascii
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote, quote_plus, unquote_plus

STRUCK = "•••"
# Shorter than this a secret cannot be struck out without striking half the language.
_SHORTEST = 4
# An echo that is cut short ("sk_live_abcd...") is struck from this many signs on.
_PIECE = 8
# A part from its middle, or its end, is struck from this many signs on: "password" is no secret.
_PART = 12
# Of a remote page nobody reads more; the end of a cut text may hold half a secret.
_READ = 8_000
_BASE64 = "A-Za-z0-9+/_=\\-"
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]{0,400}>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'/\\]))")
_MASKED = re.compile(r"([\w\-]{0,12})(?:[*•…]|\.(?=\.)){2,}\.?([\w\-]{0,12})")
_RUN = re.compile(rf"[{_BASE64}]{{{_SHORTEST},}}")

_Needles = tuple[str, list[str], list[str]]


def scrub(text: str, secrets: Iterable[str], limit: int = 300) -> str:
    """The text as it may be shown: one line, no markup, no unseen signs, at most `limit` signs.

    Empty when a secret could not be struck out, and when one of fewer than four signs occurs.
    """
    known = _known(secrets)
    longest = max(map(len, known), default=0)
    if len(text) > _READ:
        # In its longest encoding (\\u0041) a secret is six times as long.
        text = text[: max(0, _READ - 6 * longest)]
    long = sorted((s for s in known if len(s) >= _SHORTEST), key=len, reverse=True)
    needles = [(secret, _encodings(secret), _base64_cores(secret)) for secret in long]
    if _survives(text, known - set(long)) or _in_pieces(text, long):
        return ""
    struck = _struck(text, needles)
    if _survives(_cleaned(struck, between=""), known):
        return ""
    cleaned = _struck(_cleaned(struck, between=" "), needles)
    if _survives(cleaned, known):
        return ""
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def _known(secrets: Iterable[str]) -> set[str]:
    """The secrets as typed, trimmed, on one line, and line by line (a key has many)."""
    found: set[str] = set()
    for secret in secrets:
        lines = [line.strip() for line in secret.splitlines() if "-----" not in line]
        found |= {secret, secret.strip(), " ".join(secret.split()), "".join(secret.split())}
        found |= {line for line in lines if len(line) >= _PIECE}
    return found - {""}


def _in_pieces(text: str, secrets: list[str]) -> bool:
    """Whether an echo is cut by signs that we take out ("pass<b></b>word"): it is meant to pass."""
    glued = _cleaned(text, between="")
    return any(glued.count(secret) > text.count(secret) for secret in secrets)


def _cleaned(text: str, between: str) -> str:
    # Twice: what is left of "<<b>script>" after one pass is a tag again.
    plain = _TAG.sub(between, _TAG.sub(between, text))
    seen = (sign if _is_seen(sign) else " " if sign.isspace() else "" for sign in plain)
    return " ".join("".join(seen).replace("<", "").replace(">", "").split())


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _struck(text: str, needles: list[_Needles]) -> str:
    for secret, encodings, cores in needles:
        for needle in encodings:
            text = text.replace(needle, STRUCK)
        text = _RUN.sub(partial(_struck_run, secret, cores), text)
        text = _MASKED.sub(partial(_struck_mask, secret), text)
    return text


def _struck_run(secret: str, cores: list[str], run: re.Match[str]) -> str:
    # The whole run: beside the core stand bits of the secret, and of a user name.
    whole = any(core in run[0] for core in cores)
    cut = len(run[0]) >= _PIECE and any(run[0] in core for core in cores)
    begun = len(run[0]) >= _PIECE and secret.startswith(run[0])
    return (
        STRUCK if whole or cut or begun or (len(run[0]) >= _PART and run[0] in secret) else run[0]
    )


def _struck_mask(secret: str, found: re.Match[str]) -> str:
    """An echo that the other side masked itself ("sk_test_****4242") shows an end of the secret."""
    begin, end = found[1], found[2]
    shows = (begin and secret.startswith(begin)) or (end and secret.endswith(end))
    return STRUCK if shows else found[0]


def _encodings(secret: str) -> list[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    units = secret.encode("utf-16-be", "surrogatepass").hex()
    found = {secret, quote(raw, safe=""), quote(raw), quote_plus(raw)}
    found |= {quote(quote(raw, safe=""), safe="")}
    found |= {"".join(f"%{byte:02X}" for byte in raw), raw.hex(), raw.hex(" "), raw.hex(":")}
    found |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    found |= {json.dumps(secret)[1:-1].replace("/", "\\/"), repr(secret)[1:-1]}
    found |= {html.escape(secret), html.escape(secret, quote=False)}
    found |= {html.escape(secret).replace("&#x27;", "&#39;"), _entities(secret, "&#{};")}
    found |= {_entities(secret, "&#x{:x};"), _entities(secret, "&#x{:X};")}
    found |= {"".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))}
    found |= {"".join(f"\\x{byte:02x}" for byte in raw), secret.swapcase()}
    found |= {needle[::-1] for needle in (secret, raw.hex())}
    # Hexadecimal digits come in both cases.
    found |= {n.lower() for n in found} | {n.upper() for n in found}
    return sorted(found, key=len, reverse=True)


def _entities(secret: str, form: str) -> str:
    return "".join(form.format(ord(sign)) for sign in secret)


def _base64_cores(secret: str) -> list[str]:
    """What all base64 texts that hold the secret have in common, for each of three alignments."""
    raw, found = secret.encode("utf-8", "surrogatepass"), list[str]()
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw).decode()
        core = encoded[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]
        found += [core, core.translate(str.maketrans("+/", "-_"))]
    return found


def _survives(text: str, secrets: Iterable[str]) -> bool:
    """Whether a secret can still be read out of the text, in whatever case or mixture."""
    views = list(_views(text))
    folded = [_folded(view) for view in views]
    for secret in secrets:
        bare = _folded(secret)
        if any(secret in view for view in views):
            return True
        if len(bare) >= _PIECE and any(bare in view for view in folded):
            return True
    return False


def _folded(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _views(text: str) -> Iterator[str]:
    once = unquote_plus(text)
    for view in (text, once, unquote_plus(once), html.unescape(text), _unescaped(text)):
        yield view
        yield view[::-1]
    for run in re.findall(r"(?:[0-9a-fA-F]{2}[ :]?){2,}", text):
        yield bytes.fromhex(re.sub("[ :]", "", run)).decode("utf-8", "replace")
    for run in _RUN.findall(text):
        yield from _decoded(run)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    return found[3] or chr(int(found[1] or found[2], 16))


def _decoded(run: str) -> Iterator[str]:
    plain = run.translate(str.maketrans("-_", "+/")).replace("=", "")
    for start in range(4):
        part = plain[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")
        except binascii.Error:
            continue
