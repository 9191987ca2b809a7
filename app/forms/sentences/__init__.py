"""The book of sentences, by language and code. Only words; who says them is messages' business.

Three parts: what happened, the likely cause, what to do. In braces: {app} the third party at the
head of a sentence, {the_app} inside one, {label} and {noun} the field's label, likewise, {value}
what is shown in it, {user} the user's field as a noun, {begins} how the field's values begin,
{addresses} ours, {permission} what is missing.
"""

from collections.abc import Mapping

from app.forms.sentences.answers import ANSWERS
from app.forms.sentences.faces import FACES
from app.forms.sentences.network import NETWORK
from app.forms.sentences.reading import READING
from app.forms.sentences.sentence import Sentence

__all__ = ["DIRECTIONS", "SENTENCES", "Sentence"]

_ENGLISH: Mapping[str, Sentence] = {**READING, **NETWORK, **ANSWERS, **FACES}

# en-XB is the usual name of a pretended language that runs from right to left: a page that is
# right in it needs only a translation to be right in Arabic.
SENTENCES: Mapping[str, Mapping[str, Sentence]] = {"en": _ENGLISH, "en-XB": _ENGLISH}
DIRECTIONS: Mapping[str, str] = {"en": "ltr", "en-XB": "rtl"}
