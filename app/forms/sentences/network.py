"""What is said when no answer came, or none that could be trusted. The codes come from diagnosis.

None of these blames a secret: it was never looked at.
"""

from collections.abc import Mapping

from app.forms.sentences.sentence import Sentence

NETWORK: Mapping[str, Sentence] = {
    "address_unknown": Sentence(
        "No server is known under this {noun}.",
        "Most often a letter is missing or stands twice.",
        "Compare it with the address that you open in the browser, or ask who runs the server.",
    ),
    "address_silent": Sentence(
        "No answer came from this {noun} in time.",
        "Most often a firewall keeps connections from outside away, or the port is another one.",
        "Ask who runs the server whether it can be reached from the internet.",
    ),
    "address_silent_let_in": Sentence(
        "No answer came from this {noun} in time.",
        "Most often a firewall keeps connections from outside away, or the port is another one.",
        "Ask who runs the server to let in {addresses}.",
        without="address_silent",
    ),
    "address_unreachable": Sentence(
        "There is no way to this {noun} from the internet.",
        "It probably belongs to a private network.",
        "Ask who runs the server for an address that can be reached from outside.",
    ),
    "address_refused": Sentence(
        "The server at this {noun} turned the connection away.",
        "Most often the service is not running, or it listens on another port.",
        "Compare the address with the one that you were given, the port included.",
    ),
    "port_closed": Sentence(
        "The server turned the connection away at this {noun}.",
        "Most often the service listens on another port, or it is not running.",
        "Compare the number with the one that you were given.",
    ),
    "connection_cut": Sentence(
        "The server closed the connection before it answered.",
        "Often the port belongs to another service, or a firewall steps in.",
        "Compare the {noun} with what you were given; if it is right, try again in a minute.",
    ),
    "wrong_service": Sentence(
        "What answers at this {noun} does not understand the connection.",
        "Most often it is another service on the same server, or a server of another age.",
        "Compare the {noun} with the one that you were given.",
    ),
    "address_wrong": Sentence(
        "Nothing can be asked at this {noun}.",
        "It is not a web address that a connection can be made to.",
        "Type it as it stands in the browser, beginning with https://.",
    ),
    "address_moved": Sentence(
        "This {noun} only points to another one.",
        "Most often it is the address of the web page and not of the API.",
        "Type the address to which the browser is led, or the one in the API's manual.",
    ),
    "app_unreachable": Sentence(
        "{app} cannot be reached right now.",
        "The way there is broken; what you typed was not looked at.",
        "Try again in a few minutes. What you typed is still here.",
    ),
    "app_silent": Sentence(
        "{app} did not answer in time.",
        "It is slow or out of order right now; what you typed was not looked at.",
        "Try again in a few minutes. What you typed is still here.",
    ),
    "tls_untrusted": Sentence(
        "The certificate of the server at this {noun} is not signed by a known authority.",
        "Often the server made its certificate itself.",
        "Ask who runs the server for a certificate of a public authority.",
    ),
    "tls_untrusted_ca": Sentence(
        "The server's certificate is not signed by an authority that is known here.",
        "Most often the server belongs to a company with an authority of its own.",
        "Paste the certificate of that authority here.",
    ),
    "tls_expired": Sentence(
        "The certificate of the server at this {noun} has run out, or is not valid yet.",
        "Only who runs the server can renew it.",
        "Tell them that the certificate needs to be renewed.",
    ),
    "tls_other_name": Sentence(
        "The server at this {noun} shows a certificate for another name.",
        "Most often the address is a different spelling of the real one, or an IP address.",
        "Type the name for which the certificate was made.",
    ),
    "tls_not_spoken": Sentence(
        "The server at this {noun} does not answer with an encrypted connection.",
        "Most often the number belongs to a service without encryption.",
        "Compare it with the one that you were given.",
    ),
    "tls_not_offered": Sentence(
        "{app} offers no encrypted connection here.",
        "Encryption is switched off on the server.",
        "Ask who runs the server to switch TLS on, or choose the way to sign in without it.",
    ),
    "tls_required": Sentence(
        "{app} takes only encrypted connections.",
        "The form asked for one without encryption.",
        "Choose a way to sign in that is encrypted.",
    ),
    "tls_required_ca": Sentence(
        "{app} takes only encrypted connections.",
        "Without a certificate here the connection is made without encryption.",
        "Paste the certificate of the server's authority.",
    ),
}
