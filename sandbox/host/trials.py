"""What the demo shows beside each connection type: what works, and what to try wrong.

The values come from the targets; which service stands behind which type is said here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# The emulator's name for the service behind a type. NetSuite has none: magic values answer.
SERVICES = {
    "http-basic": "orchard",
    "http-token": "orchard",
    "slack": "slack",
    "shopify": "shopify",
    "zendesk": "zendesk",
    "stripe": "stripe",
    "postgresql": "postgresql",
    "sftp": "sftp",
    "ftp": "ftp",
}
# Which target must run for a type; the vendors share one.
TARGETS = {
    kind: "vendors" if name in ("slack", "shopify", "zendesk", "stripe") else name
    for kind, name in SERVICES.items()
}
CLOSED_PORT = "9"
WRONG_HOSTS = {
    "base_url": "http://nowhere.orchard.example",
    "host": "nowhere.larkfield.example",
    "store": "no-such-store",
    "subdomain": "no-such-desk",
    "account": "TSTDRV0000000",
}


@dataclass(frozen=True)
class Trial:
    """One value to type; `why` says what it shows, and is empty for one that works."""

    label: str
    value: str
    why: str = ""


@dataclass(frozen=True)
class Way:
    """What works for one method, beside what the methods before it ask for as well."""

    title: str
    values: tuple[Trial, ...]


@dataclass(frozen=True)
class Sheet:
    """All that is shown beside one type. `missing` says why its service does not run."""

    working: tuple[Way, ...] = ()
    wrong: tuple[Trial, ...] = ()
    service: str = ""
    missing: str = ""


def sheet(
    kind: Mapping[str, Any],
    credentials: Mapping[str, Mapping[str, str]],
    unavailable: Mapping[str, str],
    targets: Collection[str],
) -> Sheet:
    """The sheet of a type, `kind` as Keyhatch describes it; empty for one without credentials."""
    key, values = str(kind["key"]), credentials.get(str(kind["key"]), {})
    fields = {field["name"]: field for form in kind["forms"] for field in form["fields"]}
    target = TARGETS.get(key, "")
    missing = unavailable.get(target, "")
    if target and target not in targets and not missing:
        missing = f"The target {target} was not started."
    return Sheet(
        working=tuple(_working(kind["forms"], values)),
        wrong=tuple(_wrong(fields, values)),
        service=SERVICES.get(key, "") if not missing else "",
        missing=missing,
    )


def _working(forms: Sequence[Any], values: Mapping[str, str]) -> Iterator[Way]:
    shown: set[str] = set()
    for form in forms:
        fields = [each for each in form["fields"] if each["name"] in values.keys() - shown]
        shown |= {each["name"] for each in fields}
        trials = tuple(Trial(each["label"], _shown(each, values)) for each in fields)
        if trials:
            titles = {each["key"]: each["title"] for each in form["methods"]}
            yield Way(titles[form["method"]] if len(forms) > 1 else "", trials)


def _shown(field: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The value as a person sees it: a choice by its words."""
    value = values[field["name"]]
    words = {each["value"]: each["label"] for each in field.get("choices", ())}
    return str(words.get(value, value))


def _wrong(fields: Mapping[str, Any], values: Mapping[str, str]) -> list[Trial]:
    trials = []
    secrets = [name for name, field in fields.items() if field["secret"] and name in values]
    if secrets:
        trials.append(Trial(fields[secrets[0]]["label"], "not-the-right-one", "a wrong secret"))
    for name, value in WRONG_HOSTS.items():
        if name in fields and name in values:
            trials.append(Trial(fields[name]["label"], value, "a wrong host name or account"))
    if "port" in fields:
        trials.append(Trial(fields["port"]["label"], CLOSED_PORT, "a closed port"))
    if "base_url" in fields:
        closed = f"http://api.orchard.example:{CLOSED_PORT}"
        trials.append(Trial(fields["base_url"]["label"], closed, "a closed port"))
    return trials
