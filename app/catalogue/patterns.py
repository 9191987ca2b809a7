r"""The regular expressions that a definition may use: one verdict in Python and in browsers.

Browsers compile a pattern attribute with the v flag, where ``[a-z-]`` is an error that silently
switches the check off. So only what both read alike is allowed; look for it with `matches`.
"""

import re

_SYNTAX = r"\\^$.*+?()\[\]{}|/"
# Inside [] the v flag wants these escaped, and takes an escape of a few more.
_ATOM = rf"(?:\\[{_SYNTAX}\-&!#%,:;<=>@`~]|[^\\()\[\]{{}}/\-|])"
_SET = re.compile(rf"\^?+(?:\\[dDwW]|{_ATOM}(?:-{_ATOM})?)+")
_DOUBLED = re.compile(r"(?<!\\)([&!#$%*+,.:;<=>?@^`~])\1")
_CLASS = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]")
_QUANTIFIER = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")
# What may stand outside []; a bare brace or bracket is text to Python and an error to browsers.
_OUTSIDE = re.compile(
    r"(?:\(\?:|\((?!\?)|\||"
    rf"(?:\)|\\[dDwW{_SYNTAX}]|[^\\^$(){{}}\[\]*+?|])(?:(?:{_QUANTIFIER.pattern})\??)?)*"
)


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value fits. ASCII: to a browser a digit is 0 to 9."""
    return re.fullmatch(pattern, value, re.ASCII) is not None


def fault_of(pattern: str) -> str | None:
    """Why a pattern is refused; None when it is fine."""
    for inner in _CLASS.findall(pattern):
        if not _SET.fullmatch(inner) or _DOUBLED.search(inner.removeprefix("^")):
            return "inside [], write \\- and escape the signs that browsers keep for themselves"
    # One letter stands for each class, so that what is left has no brackets.
    bare = _CLASS.sub("c", pattern)
    if not _OUTSIDE.fullmatch(bare):
        return "only groups, classes, . | * + ? and {n,m} are in the common subset"
    if _repeats_inside(re.sub(r"\\.", "c", bare).replace("(?:", "(")):
        return "a repeated group that repeats or chooses inside can take for ever"
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        return f"it does not compile: {error.msg}"
    return None


def _repeats_inside(bare: str) -> bool:
    """Whether a group is repeated that holds a quantifier or a choice itself."""
    holds, position = [False], 0
    while position < len(bare):
        sign, quantifier = bare[position], _QUANTIFIER.match(bare, position)
        if sign == "(":
            holds.append(False)
        elif sign == ")" and len(holds) > 1:
            inner = holds.pop()
            after = _QUANTIFIER.match(bare, position + 1)
            if inner and after and after[0] != "?":
                return True
            holds[-1] |= inner
        elif quantifier or sign == "|":
            holds[-1] = True
        position = quantifier.end() if quantifier else position + 1
    return False
