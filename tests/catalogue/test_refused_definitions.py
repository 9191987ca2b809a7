"""Each mistake in a definition is refused at start, with the file, the key and the reason."""

from pathlib import Path

import pytest

from app.catalogue.load import BadDefinition, load_file
from tests.catalogue.orchard import ORCHARD

FARM, TOKEN = 'name = "farm"\n', 'name = "token"\n'
SECOND = '\n[[methods]]\nkey = "other"\ntitle = "Other"\n'
WHOLE = """
[[methods.fields]]
name = "all"
label = "All"
kind = "secret"
where = "Somewhere."
path = "http.encrypted"
"""
FIELD = '\n[[methods.fields]]\nname = "extra"\nlabel = "Extra"\n'

# What is replaced, what by, and what must be said.
MISTAKES: dict[str, tuple[str, str, str]] = {
    "an unknown key": (FARM, FARM + 'colour = "red"\n', "fields.0.colour: unknown key"),
    "an unknown kind": ('kind = "secret"', 'kind = "pin"', "fields.1.kind: "),
    "an unknown role": ('role = "account"', 'role = "boss"', "fields.0.role: "),
    "an unknown autofill policy": (FARM, FARM + 'autofill = "yes"\n', "fields.0.autofill: "),
    "a name with a capital": (FARM, 'name = "Farm"\n', "fields.0.name: "),
    "a name with a dot": (FARM, 'name = "farm.name"\n', "fields.0.name: "),
    "a name of JavaScript's own": (FARM, 'name = "__proto__"\n', "fields.0.name: "),
    "a name of the form's own": (
        FARM, 'name = "kh_type"\n', "fields[kh_type].name: names that begin with kh_",
    ),
    "a tile of three letters": ('tile = "Or"', 'tile = "Orc"', "tile: "),
    "a help address without https": (
        'tile = "Or"', 'tile = "Or"\nhelp_url = "javascript:alert(1)"', "help_url: ",
    ),
    "no method": ('[[methods]]\nkey = "token"\ntitle = "Token"\n', "", "methods: "),
    "two methods of one key": (
        "[[diagnoses]]", SECOND.replace("other", "token") + "[[diagnoses]]",
        "methods: token stands twice",
    ),
    "two fields of one name": (TOKEN, FARM, "methods[token].fields: farm stands twice"),
    "two fields on one path": (
        "[[diagnoses]]", FIELD + 'path = "http.concurrencyLevel"\n[[diagnoses]]',
        "methods[token].fields: http.concurrencyLevel stands twice",
    ),
    "a secret without a way to it": (
        'where = "In Orchard, under **Keys**."', "",
        "methods[token].fields[token].where: a secret needs it",
    ),
    "five steps": (
        'where = "In Orchard, under **Keys**."', 'where = ["1", "2", "3", "4", "5"]',
        "fields[token].where: at most 4 steps",
    ),
    "a secret with a default": (
        'kind = "secret"', 'kind = "secret"\ndefault = "x"', "fields[token].default: a secret",
    ),
    "a shape for a value that is no secret": (
        FARM, FARM + 'looks_like = ["f"]\n', "fields[farm].looks_like: only secrets",
    ),
    "a public value that is no key": (
        FARM, FARM + "public = true\n", "fields[farm].public: only the kind pem",
    ),
    "a choice without choices": (
        'choices = [{ value = "eu", label = "Europe" }, { value = "us", label = "America" }]', "",
        "fields[region].choices: the kind choice needs them",
    ),
    "choices of another kind": (
        'kind = "choice"', 'kind = "text"', "fields[region].choices: the kind choice needs them",
    ),
    "a default that is no choice": (
        'default = "eu"', 'default = "asia"', "fields[region].default: it is not one of",
    ),
    "a default of another kind": (
        'kind = "integer"', 'kind = "integer"\ndefault = "5"', "fields[limit].default: it does",
    ),
    "a port that is true": (
        'kind = "integer"', 'kind = "port"\ndefault = true', "fields[limit].default: it does",
    ),
    "a default against the pattern": (
        FARM, FARM + 'default = "UP"\n', "fields[farm].default: it does not fit the pattern",
    ),
    "a pattern that browsers refuse": (
        '"[a-z][a-z0-9]*"', '"[a-z-]*"', "fields[farm].pattern: inside [], write \\-",
    ),
    "a pattern that takes for ever": (
        '"[a-z][a-z0-9]*"', '"([a-z]+)+"', "fields[farm].pattern: a repeated group",
    ),
    "a pattern that does not compile": (
        '"[a-z][a-z0-9]*"', '"(abc"', "fields[farm].pattern: it does not compile",
    ),
    "a type that integrator.io does not have": (
        'type = "http"', 'type = "gopher"', "document.type: it must be a type of integrator.io",
    ),
    "a constant that integrator.io does not know": (
        'http.mediaType = "json"', 'http.mediaTyp = "json"',
        "document.http.mediaTyp: integrator.io knows no such path for http",
    ),
    "a root key that is ours": (
        'http.mediaType = "json"', 'http.mediaType = "json"\nexternalId = "x"',
        "document.externalId: integrator.io knows no such path",
    ),
    "a mask in a constant": (
        'http.mediaType = "json"', 'http.mediaType = "json"\nhttp.ping.body = "x******"',
        "document.http.ping.body: six asterisks",
    ),
    "touching placeholders": (
        "{farm}.orchard", "{farm}{region}.orchard", "document.http.baseURI: two placeholders need",
    ),
    "a placeholder that is no field": (
        "{farm}.orchard", "{garden}.orchard", "document.http.baseURI: {garden} is not a field",
    ),
    "a placeholder that is secret": (
        "{farm}.orchard", "{farm}.{token}", "document.http.baseURI: {token} is secret",
    ),
    "a placeholder without a pattern": (
        'pattern = "[a-z][a-z0-9]*"', "", "document.http.baseURI: {farm} needs a pattern",
    ),
    "a placeholder of many values": (
        'pattern = "[a-z][a-z0-9]*"', 'kind = "list"', "http.baseURI: {farm} has many values",
    ),
    "a field that goes nowhere": (
        "[[diagnoses]]", FIELD + "[[diagnoses]]",
        "methods[token].fields[extra].path: it goes nowhere",
    ),
    "a path that integrator.io does not know": (
        '"http.concurrencyLevel"', '"http.concurrency"',
        "fields[limit].path: integrator.io knows no path http.concurrency for http",
    ),
    "a path into JavaScript's own objects": (
        '"http.concurrencyLevel"', '"http.encrypted.__proto__"',
        "fields[limit].path: integrator.io knows no path",
    ),
    "a row of something that is no list": (
        '"http.concurrencyLevel"', '"http.baseURI[name=X].value"',
        "fields[limit].path: integrator.io knows no path",
    ),
    "a row's other member": (
        '"http.headers[name=X-Region].value"', '"http.headers[name=X-Region].secret"',
        "fields[region].path: integrator.io knows no path",
    ),
    "a field over a constant": (
        '"http.concurrencyLevel"', '"http.mediaType"',
        "fields[limit].path: http.mediaType is a constant already",
    ),
    "a field inside another": (
        "[[diagnoses]]", FIELD + 'path = "http.concurrencyLevel.x"\n[[diagnoses]]',
        "fields[extra].path: integrator.io knows no path",
    ),
    "a field inside one that is written as a whole": (
        "[[diagnoses]]",
        WHOLE + WHOLE.replace("all", "one").replace("encrypted", "encrypted.one") + "[[diagnoses]]",
        "fields[one].path: http.encrypted.one lies inside http.encrypted",
    ),
    "a shown field on a path that is masked": (
        'kind = "secret"\nrole = "secret"', 'role = "secret"',
        "fields[token].path: integrator.io never shows http.auth.token.token again",
    ),
    "a shown field below a masked map": (
        '"http.concurrencyLevel"', '"http.encrypted.limit"',
        "fields[limit].path: integrator.io never shows http.encrypted.limit again",
    ),
    "a condition on nothing": (
        'field = "region", equals', 'field = "land", equals',
        "fields[limit].when: it must lead to another field",
    ),
    "a condition on itself": (
        'field = "region", equals', 'field = "limit", equals',
        "fields[limit].when: it must lead to another field",
    ),
    "conditions in a circle": (
        'default = "eu"', 'default = "eu"\nwhen = "limit"',
        "fields[region].when: it must lead to another field",
    ),
    "a condition that cannot come true": (
        'equals = ["us"]', 'equals = ["asia"]', "when.equals: asia is no value of region",
    ),
    "a condition on what a secret is": (
        'field = "region", equals', 'field = "token", equals', "when.equals: token is secret",
    ),
    "a diagnosis on nothing": (
        'field = "farm"', 'field = "garden"', "diagnoses[0].field: garden is not a field",
    ),
    "a diagnosis of everything": (
        "when = { status = 404 }", "when = {}", "diagnoses[0].when: a status, a code or a text",
    ),
    "a diagnosis by a wrong pattern": (
        "{ status = 404 }", '{ text = "(a*)*" }', "diagnoses[0].when.text: a repeated group",
    ),
    "a message that nobody has": (
        '"account_unknown"', '"no_such_thing"', "diagnoses[0].message: there is no message",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_definition_is_refused_for(mistake: str, tmp_path: Path) -> None:
    found, instead, reason = MISTAKES[mistake]
    assert ORCHARD.count(found) >= 1
    file = tmp_path / "orchard.toml"
    file.write_text(ORCHARD.replace(found, instead, 1))

    with pytest.raises(BadDefinition) as caught:
        load_file(file, {"account_unknown"})

    said = [line for line in caught.value.lines if reason in line]
    assert said, caught.value.lines
    assert all(line.startswith("orchard.toml: ") for line in caught.value.lines)


def test_without_a_mistake_it_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "orchard.toml"
    file.write_text(ORCHARD)

    definition = load_file(file, {"account_unknown"})

    assert definition.operator_constants() == {"PARTNER_KEY"}
