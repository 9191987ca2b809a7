"""The words of answers that tell a cause: rules over text, in the order in which they are tried."""

import re
from collections.abc import Iterable

from app.forms.cause import Cause

Rules = tuple[tuple[Cause, re.Pattern[str]], ...]


def _rules(*rows: tuple[Cause, str]) -> Rules:
    return tuple((cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in rows)


# Words that say more than the code beside them.
FINER = _rules(
    (Cause.TLS_REQUIRED, r"no encryption|ssl off|must use (?:ssl|tls|encryption)"),
    (Cause.CERTIFICATE_REFUSED, r"requires a valid client certificate"),
    (
        Cause.TLS_REQUIRED,
        r"\b(?:ssl|tls) (?:is )?required|(?:needs?|requires?) (?:ssl|tls|an? encrypted)",
    ),
    (Cause.NOT_LET_IN, r"pg_hba\.conf (?:entry|rejects)|\b(?:white|allow)-?list"),
    (Cause.NOT_LET_IN, r"\bip(?: address)?\b.{0,60}(?:not |un)(?:allow|permit|authori)"),
    (Cause.USERNAME, r'role "[^"]*" does not exist|(?:unknown|no such) user\b'),
    (Cause.USERNAME, r"\buser(?:name)? (?:was )?not found"),
    (Cause.USER_BARRED, r'role "[^"]*" is not permitted to log in'),
    (Cause.USER_BARRED, r"\b(?:user|account) (?:is |has been )?(?:disabled|locked|blocked)"),
    (Cause.PAIR, r"key[_ ]values[_ ]mismatch"),
    (Cause.PASSPHRASE, r"bad[_ ](?:decrypt|password[_ ]read|passphrase)|wrong passphrase"),
    (Cause.CERTIFICATE_REFUSED, r"certificate authentication failed"),
    (Cause.CERTIFICATE_REFUSED, r"alert (?:certificate required|bad certificate|unknown ca)"),
    (Cause.BUSY, r"too many (?:clients|connections|users|requests)|rate ?limit|throttl"),
    (Cause.BUSY, r"maximum number of (?:clients|connections|users|sessions)"),
    (Cause.SECRET_EXPIRED, r"\b(?:token|key|secret|password|credential)s?\b.{0,30}\bexpired"),
    (Cause.SECRET_EXPIRED, r"token_expired|\bexpired (?:api )?(?:token|key|password)"),
    (Cause.SECRET_REVOKED, r"\b(?:token|key|secret)s?\b.{0,30}\brevoked"),
    (Cause.SECRET_REVOKED, r"token_revoked|account_inactive"),
)

# Words that decide where the code says nothing.
WORDS = _rules(
    (Cause.NO_NAME, r"getaddrinfo|name or service not known|no such host|could not resolve"),
    (Cause.SILENT, r"timed? ?out|timeout expired|ETIMEDOUT"),
    (Cause.REFUSED, r"connection refused|ECONNREFUSED"),
    (Cause.CUT, r"socket hang up|connection reset|ECONNRESET|terminated unexpectedly"),
    (Cause.NO_TLS_HERE, r"wrong version number|\bEPROTO\b"),
    (Cause.WRONG_SERVICE, r"parse error|identification string|protocol mismatch|bad packet"),
    (Cause.WRONG_SERVICE, r"handshake failed: no matching"),
    (Cause.EXPIRED, r"certificate (?:has expired|is not yet valid)"),
    (Cause.OTHER_NAME, r"\baltnames\b|host ?name mismatch"),
    (Cause.UNTRUSTED, r"self[- ]signed certificate|unable to (?:verify|get (?:local )?issuer)"),
    (Cause.TLS_NOT_OFFERED, r"does not support ssl"),
    (Cause.KEY_LOCKED, r"encrypted .{0,30}key\b|no passphrase"),
    (Cause.KEY_UNREADABLE, r"cannot parse privatekey|unsupported key format"),
    (Cause.ILL, r"internal_error|fatal_error|service[_ ]unavailable|\bmaintenance\b"),
    (Cause.DATABASE, r'database "[^"]*" does not exist'),
    (Cause.CREDENTIALS, r"authentication methods failed|authentication failed|not_authed"),
    (
        Cause.CREDENTIALS,
        r"\b(?:invalid|incorrect|wrong|bad|unknown)[_ ](?:\w+[_ ])?"
        r"(?:auth|token|api[_ ]?key|access[_ ]key|credential|login|password|grant|client)",
    ),
    (Cause.CREDENTIALS, r"api[_ ]?key not valid|unauthori[sz]ed|login (?:incorrect|failed)"),
    (Cause.CREDENTIALS, r"couldn.t authenticate|not authenticated|authentication required"),
    (Cause.PERMISSION, r"missing_scope|no_permission|insufficient|permission denied|forbidden"),
    (Cause.PERMISSION, r"not_allowed_token_type|access_(?:denied|not_granted)"),
    (Cause.PERMISSION, r"unable to start subsystem"),
)

# How services name the permission that is missing. Group 1 is the name.
PERMISSIONS = (
    re.compile(r"merchant approval for ([a-z_]+) scope"),
    re.compile(r"'([a-z_]+)' permission"),
    re.compile(r'"needed": ?"([\w:.\-]+)'),
    re.compile(r"(?:scope|permission)s? (?:of )?[\"'`]([\w:./\-]+)[\"'`]", re.IGNORECASE),
    re.compile(r"[\"'`]([\w:./\-]+)[\"'`] (?:scope|permission)", re.IGNORECASE),
    re.compile(
        r"(?:required|missing|needs?|requires?)(?: the)? (?:oauth )?"
        r"(?:scope|permission)s?: ?[\"'\[]*([\w:./\-]+)",
        re.IGNORECASE,
    ),
)


def first(rules: Iterable[tuple[Cause, re.Pattern[str]]], text: str) -> Cause | None:
    """The cause of the first rule whose words are in the text."""
    return next((cause for cause, rule in rules if rule.search(text)), None)
