"""Reads the codes and words of drivers and remote services into a Cause. Points at no field.

The words are those of Node.js and its drivers, on which integrator.io runs, of FTP and PostgreSQL
servers, and of HTTP services. Which message a cause becomes, and where, is diagnosis' business.
"""

import re

from app.forms.cause import Cause
from app.forms.cause_words import FINER, PERMISSIONS, WORDS, first
from app.forms.outcome import Problem

# Of a remote page no rule reads more.
_READ = 8_000


def _table(*rows: tuple[Cause, str]) -> dict[str, Cause]:
    return {word: cause for cause, words in rows for word in words.split()}


_CODES = _table(
    (Cause.NO_NAME, "ENOTFOUND EAI_AGAIN EAI_NONAME EAI_NODATA ENODATA EAI_FAIL"),
    (Cause.NO_WAY, "EHOSTUNREACH ENETUNREACH EADDRNOTAVAIL EHOSTDOWN ENETDOWN"),
    (Cause.REFUSED, "ECONNREFUSED EACCES"),
    (Cause.SILENT, "ETIMEDOUT ESOCKETTIMEDOUT ETIME ECONNABORTED UND_ERR_CONNECT_TIMEOUT"),
    (Cause.SILENT, "UND_ERR_HEADERS_TIMEOUT"),
    (Cause.CUT, "ECONNRESET EPIPE UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE"),
    (Cause.WRONG_SERVICE, "HPE_INVALID_CONSTANT HPE_INVALID_VERSION HPE_INVALID_STATUS"),
    (Cause.BAD_ADDRESS, "ERR_INVALID_URL ERR_INVALID_PROTOCOL ERR_UNESCAPED_CHARACTERS"),
    (Cause.UNTRUSTED, "DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN CERT_UNTRUSTED"),
    (Cause.UNTRUSTED, "UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT CERT_REVOKED"),
    (Cause.UNTRUSTED, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_CHAIN_TOO_LONG INVALID_CA"),
    (Cause.EXPIRED, "CERT_HAS_EXPIRED CERT_NOT_YET_VALID"),
    (Cause.OTHER_NAME, "ERR_TLS_CERT_ALTNAME_INVALID HOSTNAME_MISMATCH"),
    (Cause.NO_TLS_HERE, "EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG"),
    (Cause.TLS_NOT_OFFERED, "ERR_NO_SSL"),
    (
        Cause.CREDENTIALS,
        "unauthorized invalid_credentials invalid_client invalid_grant invalid_auth",
    ),
    (Cause.CREDENTIALS, "INVALID_LOGIN INVALID_LOGIN_ATTEMPT INVALID_LOGIN_CREDENTIALS"),
    (Cause.CREDENTIALS, "INVALID_CREDENTIALS ER_ACCESS_DENIED_ERROR ELOGIN ORA-01017"),
    (
        Cause.CREDENTIALS,
        "client-authentication InvalidAccessKeyId SignatureDoesNotMatch not_authed",
    ),
    (Cause.SECRET_EXPIRED, "token_expired TOKEN_EXPIRED ExpiredToken"),
    (Cause.SECRET_REVOKED, "token_revoked account_inactive TOKEN_REVOKED"),
    (Cause.UNSENDABLE, "ERR_INVALID_CHAR"),
    (Cause.KEY_UNREADABLE, "INVALID_PRIVATE_KEY"),
    (Cause.KEY_LOCKED, "ENCRYPTED_PRIVATE_KEY ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED"),
    (Cause.PASSPHRASE, "ERR_OSSL_EVP_BAD_DECRYPT ERR_OSSL_BAD_DECRYPT ERR_OSSL_WRONG_TAG"),
    (Cause.PAIR, "ERR_OSSL_X509_KEY_VALUES_MISMATCH"),
    (Cause.CERTIFICATE_UNREADABLE, "ERR_OSSL_PEM_NO_START_LINE ERR_OSSL_PEM_BAD_BASE64_DECODE"),
    (Cause.PERMISSION, "WS_PERMISSION_REQD INSUFFICIENT_PERMISSION ROLE_REQUIRED WS_FEATURE_REQD"),
    (Cause.PERMISSION, "forbidden missing_scope no_permission access_denied AccessDenied"),
    (Cause.PERMISSION, "not_allowed_token_type ekm_access_denied team_access_not_granted"),
    (Cause.ACCOUNT, "INVALID_ACCT INVALID_ACCOUNT"),
    (
        Cause.BUSY,
        "WS_REQUEST_BLOCKED WS_CONCUR_SESSION_DISALLWD EXCEEDED_REQUEST_LIMIT ratelimited",
    ),
    (Cause.BUSY, "WS_EXCEEDED_CONCURRENCY_USERS_ALLWD rate_limited EXCEEDED_CONCURRENCY_LIMIT"),
    (Cause.ILL, "ACCT_TEMP_UNAVAILABLE UNEXPECTED_ERROR internal_error fatal_error"),
    (Cause.ILL, "service_unavailable request_timeout"),
)

_STATUSES = {
    **dict.fromkeys((300, 301, 302, 303, 307, 308), Cause.MOVED),
    **dict.fromkeys((401, 407, 498), Cause.CREDENTIALS),
    **dict.fromkeys((402, 423), Cause.SUSPENDED),
    403: Cause.PERMISSION,
    **dict.fromkeys((404, 410), Cause.NOT_FOUND),
    405: Cause.NOT_THIS_WAY,
    **dict.fromkeys((408, 425), Cause.ILL),
    **dict.fromkeys((420, 429), Cause.BUSY),
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; a class of two signs stands for
# all of its codes that are not named.
_SQLSTATES = {
    "28P01": Cause.CREDENTIALS,
    "28000": Cause.CREDENTIALS,
    "3D000": Cause.DATABASE,
    "42501": Cause.PERMISSION,
    "53300": Cause.BUSY,
    "57014": Cause.SILENT,
    **dict.fromkeys(("53", "57", "58", "XX", "F0"), Cause.ILL),
    "08": Cause.CUT,
    "28": Cause.CREDENTIALS,
}

# Reply codes of FTP (RFC 959, RFC 4217). Its 5xx mean no more than "no".
_REPLIES = {
    **dict.fromkeys((331, 332, 430, 530), Cause.CREDENTIALS),
    421: Cause.BUSY,
    **dict.fromkeys((425, 426), Cause.CUT),
    **dict.fromkeys((450, 451, 452), Cause.ILL),
    **dict.fromkeys((500, 502, 504), Cause.TLS_NOT_OFFERED),
    **dict.fromkeys((503, 521, 522, 533, 534), Cause.TLS_REQUIRED),
    550: Cause.PERMISSION,
}


# Codes that only repeat that something failed.
_SILENT_CODES = {"unknown", "200", "400", "406", "409", "415", "422", "error", "EPROTO"}
# Of these the words beside the code may say more; a fault of theirs stays one, whatever they say.
_COARSE = frozenset(
    (
        Cause.CREDENTIALS,
        Cause.PERMISSION,
        Cause.UNKNOWN,
        Cause.NO_TLS_HERE,
        Cause.CERTIFICATE_UNREADABLE,
    )
)


def cause_of(problem: Problem, kind: str) -> Cause:
    """Why the sign-in failed, by the problem that integrator.io passed on.

    `kind` is the type of the connection document: the same number means one thing to an FTP
    server and another to an HTTP service.
    """
    # A whole web page says many words; only its status counts.
    text = "" if problem.message.lstrip().startswith("<") else problem.message[:_READ]
    cause = _by_code(problem, kind)
    if cause not in _COARSE:
        return cause
    if (finer := first(FINER, text)) is not None:
        return finer
    if cause is Cause.UNKNOWN or problem.code in _SILENT_CODES:
        return first(WORDS, text) or cause
    return cause


def _by_code(problem: Problem, kind: str) -> Cause:
    code, status = problem.code, problem.status
    if code in _CODES:
        return _CODES[code]
    if kind == "ftp" and status is not None:
        return _REPLIES.get(status, Cause.UNKNOWN)
    if status is not None:
        return Cause.ILL if status >= 500 else _STATUSES.get(status, Cause.UNKNOWN)
    if kind in ("rdbms", "jdbc") and re.fullmatch(r"[0-9A-Z]{5}", code):
        return _SQLSTATES.get(code) or _SQLSTATES.get(code[:2], Cause.UNKNOWN)
    return Cause.UNKNOWN


def permission_in(text: str) -> str | None:
    """The name of the missing permission, when the answer says it."""
    for rule in PERMISSIONS:
        if (found := rule.search(text[:_READ])) and len(found[1]) <= 60:
            return found[1]
    return None
