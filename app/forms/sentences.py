"""The book of sentences, by language and code. Only words; who says them is messages' business.

Three parts: what happened, the likely cause, what to do. {app} is the third party, {label} the
field's label, {value} what is shown in it, {begins} how its values begin, {addresses} ours.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Sentence:
    """One message in three parts; `cause` and `fix` may be left out where `text` says it all."""

    text: str
    cause: str | None = None
    fix: str | None = None
    level: Literal["error", "warning", "info"] = "error"


_READING = {
    "required": Sentence("{label} is empty.", fix="Fill it in to go on."),
    "unknown_field": Sentence(
        "The form sent a field that it does not have.",
        "Most often the page is older than the form.",
        "Open the form again.",
    ),
    "wrong_pattern": Sentence(
        "{label} has a sign that does not belong there.",
        "Often a whole address was pasted where only a part of it goes.",
        "Look at the help beside the field and type only that part.",
    ),
    "too_long": Sentence("{label} is too long.", fix="Type at most 16,384 characters."),
    "unseen_signs": Sentence(
        "{label} holds signs that cannot be seen.",
        "They come along when text is copied from a document or a chat.",
        "Copy the value again from where it was made.",
    ),
    "line_break": Sentence(
        "{label} runs over several lines.",
        "Often more than the value was copied.",
        "Copy the value alone.",
    ),
    "mask_typed": Sentence(
        "{label} is only asterisks.",
        "They stand for a saved value and are not the value itself.",
        "Type the real value.",
    ),
    "template_signs": Sentence(
        "{label} holds double braces, which have a meaning of their own here.",
        fix="Leave {{{{ and }}}} out.",
    ),
    "not_text": Sentence("{label} must be text."),
    "not_secret": Sentence("{label} must be text."),
    "not_text_block": Sentence("{label} must be text."),
    "not_choice": Sentence("{label} is not one of the choices.", fix="Pick one from the list."),
    "not_boolean": Sentence("{label} must be yes or no."),
    "not_integer": Sentence("{label} must be a whole number.", fix="Type digits only."),
    "not_port": Sentence(
        "{label} must be a number from 1 to 65535.", fix="Type digits only, for example 5432."
    ),
    "not_list": Sentence("{label} must be a list.", fix="Type one entry a line."),
    "not_pairs": Sentence(
        "{label} must be names with values.", fix="Type one pair a line, as name: value."
    ),
    "not_email": Sentence(
        "{label} is not an email address.", fix="It looks like name@company.example."
    ),
    "not_host": Sentence(
        "{label} is not the name of a server.",
        fix="It looks like files.company.example or 192.0.2.10.",
    ),
    "host_is_address": Sentence(
        "{label} is a whole address.",
        "Only the name of the server goes here.",
        "Leave out what stands before :// and after the name.",
    ),
    "not_url": Sentence(
        "{label} is not a web address.", fix="It begins with https:// and names a server."
    ),
    "url_not_https": Sentence(
        "{label} must begin with https://.",
        "Over plain http the credentials could be read on the way.",
    ),
    "url_with_login": Sentence(
        "{label} holds a user name or a password.",
        fix="Leave out what stands before the @; those go into fields of their own.",
    ),
    "url_with_query": Sentence(
        "{label} has a question mark or a hash behind it.", fix="End it before that sign."
    ),
    "url_private": Sentence(
        "{label} is an address inside a private network.",
        "The connection is made from outside and cannot reach it.",
        "Type the address under which the service can be reached from the internet.",
    ),
    "not_pem": Sentence(
        "{label} is not a whole key or certificate in PEM form.",
        "Often the first or the last line was not copied.",
        "Copy all of it, from -----BEGIN to the end of the END line.",
    ),
    "locked_value": Sentence(
        "{label} is set by the page that opened this form and cannot be changed.",
        fix="Open the form again to get the set value back.",
    ),
}

SENTENCES: dict[str, dict[str, Sentence]] = {"en": {**_READING}}
