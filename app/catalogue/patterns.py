"""The regular expressions that a definition may use: one verdict in Python and in browsers."""

import re

# Browsers compile a pattern attribute with the v flag, where these are errors that silently switch
# the check off; Python and browsers disagree on the rest. A quantified group that holds a
# quantifier can take exponential time.
_REFUSED = (
    (re.compile(r"\(\?<?[=!]|\(\?P?<|\(\?[aiLmsux-]"), "look-around, named groups and flags"),
    (re.compile(r"\\[1-9bBAZzpPkuxN]"), "back-references and special escapes"),
    (re.compile(r"[*+?}]\)[*+{]"), "a repeated group that repeats inside"),
    (re.compile(r"[*+?}][+]"), "possessive quantifiers"),
)
_CLASS = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]")
_BARE_HYPHEN = re.compile(r"(?:^\^?-)|(?:-$)|(?:[\\][dws]-)|-(?:\\[dws])")
_V_RESERVED = re.compile(r"(?<!\\)[(){}/|\[]|([&!#$%*+,.:;<=>?@^`~])\1")


def fault_of(pattern: str) -> str | None:
    """Why a pattern is refused; None when it is fine."""
    for refused, words in _REFUSED:
        if refused.search(pattern):
            return f"{words} are not in the common subset"
    for inner in _CLASS.findall(pattern):
        if _BARE_HYPHEN.search(inner.replace(r"\-", "")):
            return "a hyphen inside [] must be written \\-"
        if _V_RESERVED.search(inner.removeprefix("^")):
            return "a sign inside [] must be escaped for browsers"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"it does not compile: {error.msg}"
    return None
