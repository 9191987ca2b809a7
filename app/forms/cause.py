"""Why a sign-in failed, whoever said so: one word each. Who reads them out of answers is causes."""

from enum import Enum, auto


class Cause(Enum):
    """Why a sign-in failed."""

    NO_NAME = auto()
    NO_WAY = auto()
    REFUSED = auto()
    SILENT = auto()
    CUT = auto()
    WRONG_SERVICE = auto()
    BAD_ADDRESS = auto()
    MOVED = auto()
    UNTRUSTED = auto()
    EXPIRED = auto()
    OTHER_NAME = auto()
    NO_TLS_HERE = auto()
    TLS_NOT_OFFERED = auto()
    TLS_REQUIRED = auto()
    CREDENTIALS = auto()
    SECRET_EXPIRED = auto()
    SECRET_REVOKED = auto()
    UNSENDABLE = auto()
    USERNAME = auto()
    USER_BARRED = auto()
    KEY_UNREADABLE = auto()
    KEY_LOCKED = auto()
    PASSPHRASE = auto()
    PAIR = auto()
    CERTIFICATE_UNREADABLE = auto()
    CERTIFICATE_REFUSED = auto()
    PERMISSION = auto()
    NOT_LET_IN = auto()
    ACCOUNT = auto()
    SUSPENDED = auto()
    NOT_FOUND = auto()
    NOT_THIS_WAY = auto()
    DATABASE = auto()
    BUSY = auto()
    ILL = auto()
    UNKNOWN = auto()
