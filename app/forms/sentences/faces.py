"""What is said around a form: about the session, the saving, and when we or integrator.io fail.

The codes come from connect and web, and also serve as codes of problems in the APIs.
"""

from collections.abc import Mapping

from app.forms.sentences.sentence import Sentence

_KEPT = "What you typed is still here."

FACES: Mapping[str, Sentence] = {
    "connected": Sentence("{app} is connected.", level="info"),
    "test_passed": Sentence(
        "These details work.",
        "Nothing is saved yet.",
        "Choose Connect to keep them.",
        level="info",
    ),
    "still_checking": Sentence(
        "{app} is taking longer than usual.",
        "The details are still being tried.",
        "You can wait here; nothing needs to be typed again.",
        level="info",
    ),
    "still_saving": Sentence(
        "The connection is still being saved.",
        "{app} accepted the details; saving takes longer than usual.",
        "You can close this window. The page that opened it hears as soon as it is done.",
        level="info",
    ),
    "type_again": Sentence(
        "Type this {noun} again.",
        "A saved one cannot be read back, and leaving it out would remove it.",
        level="warning",
    ),
    "enter_again": Sentence(
        "The secrets need to be typed again.",
        "They are never kept, and the work was interrupted before it ended. Nothing was saved.",
        "Type them once more and choose Connect.",
        level="warning",
    ),
    "session_expired": Sentence(
        "This form has expired.",
        "It was open for too long. Nothing was saved.",
        "Start again from the page that opened it; only the secrets need typing again.",
    ),
    "session_replaced": Sentence(
        "This form was opened again somewhere else.",
        "Only the newest one counts. Nothing was saved here.",
        "Go on in the other window, or start again from the page that opened it.",
    ),
    "session_revoked": Sentence(
        "This form was closed by the page that opened it.",
        "Nothing was saved.",
        "Start again from there.",
    ),
    "session_used": Sentence(
        "This link was used already.",
        "Each one opens a form only once, so that nobody else can open it after you.",
        "Start again from the page that gave it to you.",
    ),
    "session_unknown": Sentence(
        "This form cannot be opened.",
        "The link is not complete, or it was used before.",
        "Start again from the page that gave it to you.",
    ),
    "origin_not_allowed": Sentence(
        "This page may not show the form.",
        "It is not on the list of sites that may open it.",
        "Type no credentials there. Tell the people who run the site.",
    ),
    "stale_form": Sentence(
        "This page was older than the form.",
        "It was sent from another window in the meantime.",
        "Look at it once more, then choose Connect.",
        level="warning",
    ),
    "integrator_down": Sentence(
        "The service that keeps connections does not answer.",
        f"integrator.io is out of reach right now. It is not about what you typed. {_KEPT}",
        "Try again in a few minutes.",
    ),
    "integrator_refused_us": Sentence(
        "This page is not set up to save connections.",
        f"integrator.io does not let it in. It is not about what you typed. {_KEPT}",
        "Tell the people who run the page, with the reference below.",
    ),
    "busy": Sentence(
        "Many people are connecting at this moment.",
        f"There was no room for this one. {_KEPT}",
        "Try again in a minute.",
        level="warning",
    ),
    "rate_limited": Sentence(
        "That was tried many times in a short while.",
        "A break keeps {the_app} from locking the account. Nothing was tried this time.",
        "Wait a minute, then try again.",
        level="warning",
    ),
    "save_refused": Sentence(
        "The details work, but integrator.io did not save them.",
        "Its rules for saving are stricter than those for testing. Nothing was saved.",
        "Tell the people who run the page, with the reference below.",
    ),
    "replace_in_doubt": Sentence(
        "It is not certain that the new details were saved.",
        f"integrator.io did not confirm it. {_KEPT}",
        "Choose Connect once more; that does no harm.",
    ),
    "connection_gone": Sentence(
        "The connection that you want to renew is not there any more.",
        "It was deleted at integrator.io in the meantime.",
        "Start again from the page that opened this form, with a new connection.",
    ),
    "changed_meanwhile": Sentence(
        "The connection was changed by someone else in the meantime.",
        "To keep their change, nothing was saved.",
        "Open the form again and look at it once more.",
    ),
    "cannot_preserve_secret": Sentence(
        "This connection cannot be renewed here.",
        "It holds a secret that this form does not ask for and would lose. Nothing was saved.",
        "Tell the people who run the page, with the reference below.",
    ),
    "our_fault": Sentence(
        "Something broke on our side.",
        "It is not about what you typed.",
        "Try again; if it comes back, tell the people who run the page the reference below.",
    ),
    "session_completed": Sentence(
        "This form has done its work.",
        "The connection was saved.",
        "Close it and go on in the page that opened it.",
        level="info",
    ),
    "connection_in_use": Sentence(
        "The connection is still used at integrator.io.",
        "Used by: {users}.",
        "Remove it there first, then delete it here.",
    ),
    "wrong_operator": Sentence(
        "The name or the password is not right.",
        fix="Type both again. A new password is set by: keyhatch admin create.",
    ),
    "too_many_tries": Sentence(
        "There were too many wrong passwords.",
        fix="Wait {seconds} seconds, then try again.",
        level="warning",
    ),
}
