"""What is said about input before anything is asked of anybody. The codes come from values."""

from collections.abc import Mapping

from app.forms.sentences.sentence import Sentence

READING: Mapping[str, Sentence] = {
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
    "not_list": Sentence(
        "{label} must be a list of at most 50 entries.", fix="Type one entry a line."
    ),
    "not_pairs": Sentence(
        "{label} must be at most 50 names with values.",
        fix="Type one pair a line, as name: value.",
    ),
    "not_email": Sentence(
        "{label} is not an email address.", fix="It has one @ and a name before and after it."
    ),
    "not_host": Sentence(
        "{label} is not the name of a server.",
        fix="Type a name such as db.example.com, or an IP address.",
    ),
    "host_is_address": Sentence(
        "{label} is a whole address.",
        "Only the name of the server goes here.",
        "Leave out what stands before :// and after the name.",
    ),
    "host_with_port": Sentence(
        "{label} holds a port as well.",
        "The port has a field of its own.",
        "Move the number behind the colon there.",
    ),
    "not_url": Sentence(
        "{label} is not a web address.", fix="It begins with https:// and names a server."
    ),
    "url_not_https": Sentence(
        "{label} must begin with https://.",
        "Over plain http the credentials could be read on the way.",
        "Type the address with https:// in front.",
    ),
    "url_with_login": Sentence(
        "{label} holds a user name or a password.",
        "Those go into fields of their own, where they are kept secret.",
        "Leave out what stands before the @.",
    ),
    "url_with_query": Sentence(
        "{label} has a question mark or a hash in it.", fix="End it before that sign."
    ),
    "url_private": Sentence(
        "{label} is an address inside a private network.",
        "The connection is made from outside and cannot reach it.",
        "Type the address under which the service can be reached from the internet.",
    ),
    "not_pem": Sentence(
        "{label} is not a whole key or certificate in PEM form.",
        "Often the first or the last line was not copied, or the line breaks were lost.",
        "Copy all of it, from -----BEGIN to the end of the END line.",
    ),
    "locked_value": Sentence(
        "{label} is set by the page that opened this form and cannot be changed.",
        fix="Open the form again to get the set value back.",
    ),
}
