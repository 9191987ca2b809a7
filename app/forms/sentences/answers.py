"""What is said about the answer of a third party to a sign-in. The codes come from diagnosis.

A definition may name any of these codes in its own rules.
"""

from collections.abc import Mapping

from app.forms.sentences.sentence import Sentence

_NOT_YOU = "Your details are probably right, and nothing needs to be typed again."

ANSWERS: Mapping[str, Sentence] = {
    "address_found": Sentence("{app} answered at this address.", level="info"),
    "secret_accepted": Sentence("{app} knows this {noun}.", level="info"),
    "secret_refused": Sentence(
        "{app} does not accept this {noun}.",
        "Most often it belongs to another account, or a newer one was made since.",
        "Copy it again from where it was made, then test once more.",
    ),
    "login_refused": Sentence(
        "{app} does not accept this {noun} together with the {user}.",
        "Most often it was changed, or the two do not belong together.",
        "Check the {user} as well, type both again, then test once more.",
        without="secret_refused",
    ),
    "pair_refused": Sentence(
        "{app} does not accept this {noun} together with the value before it.",
        "Most often the two were made at different times, or belong to another account.",
        "Make a new pair and copy both at once: they are shown only then.",
    ),
    "key_refused": Sentence(
        "{app} does not accept this {noun} for this user.",
        "Most often the public half of it is not set up for the user on the server.",
        "Ask who runs the server to add the public half, or use the key that they know.",
    ),
    "secret_expired": Sentence(
        "This {noun} has run out.",
        "{app} makes them valid for a limited time only.",
        "Make a new one and type it here.",
    ),
    "secret_revoked": Sentence(
        "{app} has withdrawn this {noun}.",
        "Most often the app or the user that it belonged to was removed.",
        "Make a new one and type it here.",
    ),
    "secret_has_spaces": Sentence(
        "This {noun} begins or ends with a space, and {the_app} does not accept it.",
        "Spaces come along when a value is copied.",
        "Take the space away, unless it is meant.",
    ),
    "secret_unsendable": Sentence(
        "This {noun} has a sign that cannot be sent.",
        "Most often something else was copied along.",
        "Copy it again from where it was made.",
    ),
    "wrong_shape": Sentence(
        "This does not look like the {noun} that {the_app} asks for, and it was not accepted.",
        "It should begin with {begins}; another key or number was probably copied.",
        "Look at the steps below the field and copy the right one.",
        without="secret_refused",
    ),
    "username_unknown": Sentence(
        "{app} does not know this {noun}.",
        "Capital letters count, and there may be an old name.",
        "Compare it with the one that you were given.",
    ),
    "username_barred": Sentence(
        "{app} does not let this {noun} sign in.",
        "The user exists, but has no right to sign in this way.",
        "Ask who runs {the_app} to allow it, or use another user.",
    ),
    "role_too_low": Sentence(
        "{app} knows this {noun}, but it has too few rights.",
        "It belongs to a customer or a guest and not to a member of the team.",
        "Use a user of the team, an agent or an administrator.",
    ),
    "key_unreadable": Sentence(
        "This {noun} cannot be read.",
        "It is cut short, or in a form that is not supported.",
        "Export it in PEM or OpenSSH form and paste all of it.",
    ),
    "key_encrypted": Sentence(
        "This {noun} is locked with a passphrase.",
        "There is no place for the passphrase, so the key cannot be opened.",
        "Make a key pair without one for this connection alone.",
    ),
    "passphrase_needed": Sentence(
        "The key is locked, and this {noun} is needed to open it.",
        fix="Type the passphrase that was chosen when the key was made.",
    ),
    "passphrase_wrong": Sentence(
        "This {noun} does not open the key.",
        "It belongs to another key, or was mistyped.",
        "Type the passphrase that was chosen when the key was made.",
    ),
    "certificate_mismatch": Sentence(
        "This {noun} and the key do not belong together.",
        "Often the key was made anew and the certificate is the old one.",
        "Paste the certificate and the key that were made together.",
    ),
    "certificate_unreadable": Sentence(
        "This {noun} cannot be read.",
        "It is cut short, or something else was pasted.",
        "Paste all of it, from -----BEGIN to the end of the END line.",
    ),
    "certificate_refused": Sentence(
        "{app} does not accept this {noun}.",
        "Its name is not the user's, or it is signed by another authority.",
        "Ask who runs {the_app} which certificate belongs to this user.",
    ),
    "permission_missing": Sentence(
        "{app} knows you, but does not let you do this.",
        "What you typed is probably right; a permission is missing.",
        "Ask an administrator of {the_app} for the right to read, then test once more.",
    ),
    "permission_missing_named": Sentence(
        "{app} knows you, but the permission {permission} is missing.",
        "What you typed is right.",
        "Add the permission {permission} in {the_app}, then test once more.",
        without="permission_missing",
    ),
    "not_let_in": Sentence(
        "{app} does not let connections in from where this one was made.",
        "It keeps a list of addresses; what you typed is probably right.",
        "Ask an administrator of {the_app} to allow integrator.io.",
    ),
    "not_let_in_addresses": Sentence(
        "{app} does not let connections in from where this one was made.",
        "It keeps a list of addresses; what you typed is probably right.",
        "Ask an administrator of {the_app} to allow {addresses}.",
        without="not_let_in",
    ),
    "account_unknown": Sentence(
        "{app} knows nothing under this {noun}.",
        "Most often a letter is wrong, or the account has a new name.",
        "Compare it with the address that you see when you are signed in to {the_app}.",
    ),
    "account_suspended": Sentence(
        "{app} has suspended this account.",
        "A payment may be open, or the account is locked.",
        "Sign in to {the_app} in the browser; it says there what to do.",
    ),
    "path_unknown": Sentence(
        "{app} has nothing at this {noun}.",
        "The server answered, so the address before it is right.",
        "Compare the {noun} with the API's manual.",
    ),
    "path_refused": Sentence(
        "{app} does not answer to this {noun} when it is tested.",
        "The page exists, but cannot be read in this way.",
        "Choose one that can be read with a simple GET.",
    ),
    "page_unknown": Sentence(
        "{app} does not have what this form asks it for.",
        "What you typed is probably right; the form may be out of date.",
        "Tell the people who run the page, with the reference below.",
    ),
    "database_unknown": Sentence(
        "There is no {noun} of this name.",
        "The user name and the password were accepted. Capital letters count.",
        "Compare the name with the one that you were given.",
    ),
    "upstream_busy": Sentence(
        "{app} has had too many requests and asks for a break.",
        _NOT_YOU,
        "Wait a minute, then try again.",
        level="warning",
    ),
    "upstream_ill": Sentence(
        "{app} is having trouble.",
        f"It answered with a fault of its own. {_NOT_YOU}",
        "Wait a minute, then try again.",
    ),
    "field_refused": Sentence(
        "integrator.io does not take this {noun}.",
        "It is missing, or not in the form that is expected there.",
        "Check it and try again.",
    ),
    "document_refused": Sentence(
        "integrator.io does not take what this form sends.",
        "That is a fault of the form and not of what you typed.",
        "Tell the people who run the page, with the reference below.",
    ),
    "not_accepted": Sentence(
        "{app} did not accept the connection.",
        "It gave a reason that is not known here; the technical details have its words.",
        "Compare what you typed with what you were given, then test once more.",
    ),
}
