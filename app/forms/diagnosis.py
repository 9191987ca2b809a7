"""The outcome of a ping -> findings, each on the field that is at fault.

First the definition's own rules, then integrator.io's complaints about a field, then what is known
of drivers and services (causes, places). A timeout or a fault of theirs never blames a secret.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.catalogue import slots
from app.catalogue.model import ConnectionType, Diagnosis, Field, Kind, Method, Role
from app.forms.cause import Cause
from app.forms.causes import cause_of, permission_in
from app.forms.messages import Finding
from app.forms.outcome import PingOutcome, Problem
from app.forms.places import ANSWERED, PLACES, WITH_ADDRESSES, Place
from app.forms.scrub import scrub
from app.forms.values import Values

# Codes of integrator.io's own about the document (facts 1.4), with or without a field.
_ABOUT_THE_DOCUMENT = frozenset(
    (
        "missing_required_field",
        "missing_name",
        "invalid_field",
        "invalid_ref",
        "agent_mode_only",
        "netsuite_wsdl_tba_mandatory",
        "tpconnector_not_found",
        "validation_error",
        "subscription_required",
        "entitlement_reached",
        "feature_not_enabled",
    )
)
_MOST_FINDINGS = 4
_READ = 8_000


@dataclass(frozen=True)
class _Case:
    """One problem of one ping, with all that it may be blamed on."""

    definition: ConnectionType
    method: Method
    values: Values
    problem: Problem
    addresses: Sequence[str]

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.definition.fields_of(self.method)

    @property
    def kind(self) -> str:
        return str(self.definition.constants_of(self.method)["type"])

    def at(self, *roles: Role) -> Field | None:
        """The field of the first of these roles that the form has, best one with a value."""
        return self.place(Place("", roles))

    def place(self, place: Place) -> Field | None:
        """The field where this place is in the form."""
        if place.beside is not None and all(f.role is not place.beside for f in self.fields):
            return None
        asked = [field for field in self.fields if self._was_asked(field)]
        return place.among(asked, [f.name for f in asked if f.name in self.values])

    def _was_asked(self, field: Field) -> bool:
        """Whether the form showed the field."""
        if field.when is None or field.name in self.values:
            return True
        value = self.values.get(field.when.field)
        if field.when.equals:
            return str(value).lower() in {wanted.lower() for wanted in field.when.equals}
        return value not in (None, False)


def diagnose(
    definition: ConnectionType,
    method: Method,
    values: Values,
    outcome: PingOutcome,
    *,
    addresses: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """What to say about a ping, errors first.

    `addresses` are those from which integrator.io connects, for the people who run a firewall.
    Findings of level info say what was right; `detail` is foreign text, scrubbed.
    """
    if outcome.accepted:
        case = _Case(definition, method, values, Problem("200"), addresses)
        return tuple(_what_was_right(case, Cause.CREDENTIALS))
    found: dict[tuple[str, str | None], Finding] = {}
    for problem in outcome.problems:
        case = _Case(definition, method, values, problem, addresses)
        for finding in _findings(case):
            found.setdefault((finding.code, finding.field), finding)
    blamed = {f.field for f in found.values() if f.code not in _RIGHT}
    kept = [f for f in found.values() if f.code not in _RIGHT or f.field not in blamed]
    return tuple(sorted(kept, key=lambda f: f.code in _RIGHT))[:_MOST_FINDINGS]


_RIGHT = ("address_found", "secret_accepted")


def _findings(case: _Case) -> list[Finding]:
    detail = _detail(case)
    if (rule := _own_rule(case)) is not None:
        names = {field.name for field in case.fields}
        field = rule.field if rule.field in names else None
        return [Finding(rule.message, field, detail=detail), *_what_was_right(case, None)]
    if _is_integrator_ios(case.problem):
        return [replace(_about_the_document(case), detail=detail)]
    cause = cause_of(case.problem, case.kind)
    return [replace(_finding(case, cause), detail=detail), *_what_was_right(case, cause)]


def _own_rule(case: _Case) -> Diagnosis | None:
    problem = case.problem
    for rule in case.definition.diagnoses:
        when = rule.when
        if when.status is not None and when.status != problem.status:
            continue
        if when.code is not None and when.code != problem.code:
            continue
        if when.text is not None and not _says(when.text, problem.message):
            continue
        return rule
    return None


def _says(pattern: str, text: str) -> bool:
    return re.search(pattern, text[:_READ], re.ASCII | re.IGNORECASE) is not None


def _is_integrator_ios(problem: Problem) -> bool:
    # A problem with a status is the other side's, whatever else its answer had in it.
    named = problem.field is not None and problem.status is None
    return named or problem.code in _ABOUT_THE_DOCUMENT


def _about_the_document(case: _Case) -> Finding:
    """integrator.io names a path: find the field that writes there, itself or by a placeholder."""
    path = case.problem.field
    for field in case.fields:
        if path is not None and field.path == path:
            return Finding("field_refused", field.name)
    constant = case.definition.constants_of(case.method).get(path or "")
    names = [name for name in slots.placeholders(constant) if not name.startswith("secret:")]
    return Finding("field_refused", names[0]) if names else Finding("document_refused")


def _finding(case: _Case, cause: Cause) -> Finding:
    if cause is Cause.CREDENTIALS:
        return _refused(case)
    if cause is Cause.PERMISSION:
        return _permission(case)
    for place in PLACES[cause]:
        field = case.place(place)
        if field is not None or not place.roles:
            return _placed(case, place, field)
    return Finding("not_accepted")


def _placed(case: _Case, place: Place, field: Field | None) -> Finding:
    name, code = (field.name if field else None), place.code
    if case.addresses and code in WITH_ADDRESSES:
        params: Mapping[str, str] = {"addresses": ", ".join(case.addresses)}
        return Finding(WITH_ADDRESSES[code], name, params)
    return Finding(code, name)


def _refused(case: _Case) -> Finding:
    """The credentials were refused: blame the secret that the sign-in rests on."""
    secret = _blamed(case)
    if secret is None:
        return Finding("not_accepted")
    typed = case.values.secrets.get(secret.name)
    text = typed.get_secret_value() if typed is not None else ""
    if secret.kind is not Kind.PEM and text != text.strip():
        return Finding("secret_has_spaces", secret.name)
    if text and secret.looks_like and not text.startswith(secret.looks_like):
        return Finding("wrong_shape", secret.name)
    if secret.role is Role.KEY:
        return Finding("key_refused", secret.name)
    user = case.at(Role.USERNAME)
    return Finding("login_refused" if user else "secret_refused", secret.name)


def _blamed(case: _Case) -> Field | None:
    secret, key = case.at(Role.SECRET), case.at(Role.KEY)
    if secret is not None and (secret.required or key is None or key.name not in case.values):
        return secret
    return key or secret


def _permission(case: _Case) -> Finding:
    name = permission_in(case.problem.message)
    # A service may repeat anything in quotes, also what was typed.
    if name is None or scrub(name, case.values.revealed()) != name:
        return Finding("permission_missing")
    return Finding("permission_missing_named", params={"permission": name})


def _what_was_right(case: _Case, cause: Cause | None) -> list[Finding]:
    """Info findings: that the address was found, and that the secret is known there."""
    found: list[Finding] = []
    status = case.problem.status
    answered = cause in ANSWERED or (cause is None and status is not None and status in _LOOKED_AT)
    address = case.at(Role.ADDRESS, Role.ACCOUNT)
    if answered and address is not None and address.name in case.values:
        found.append(Finding("address_found", address.name))
    named = cause is Cause.PERMISSION and permission_in(case.problem.message) is not None
    if named and (secret := _blamed(case)):
        found.append(Finding("secret_accepted", secret.name))
    return found


# Statuses with which an HTTP service shows that it looked at the credentials.
_LOOKED_AT = frozenset((200, 401, 403))


def _detail(case: _Case) -> str | None:
    """What the other side said, as it may be shown: with every typed secret struck out."""
    problem = case.problem
    said = problem.message
    if problem.code not in ("unknown", "200") and not said.startswith(problem.code):
        said = f"{problem.code}: {said}"
    return scrub(said.rstrip(": "), case.values.revealed()) or None
