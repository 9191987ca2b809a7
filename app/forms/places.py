"""Which message a cause becomes, and on which field it stands, by role and never by name.

The first place that the form has wins; the last one is the top of the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.model import Role
from app.forms.cause import Cause


@dataclass(frozen=True)
class Place:
    """A message, and the roles that it may stand at. No roles: the top of the form.

    `filled` tells whether of several fields of a role one with a value comes first.
    """

    code: str
    roles: tuple[Role, ...] = ()
    filled: bool = True


_ADDRESS = (Role.ADDRESS, Role.ACCOUNT, Role.REGION)
_SERVICE = (Role.PORT, *_ADDRESS)
_UNREACHABLE, _ANYTHING = Place("app_unreachable"), Place("not_accepted")


def _at_address(code: str) -> tuple[Place, ...]:
    return Place(code, _ADDRESS), _UNREACHABLE


# CREDENTIALS and PERMISSION depend on what was typed and on what was said: see diagnosis.
PLACES: Mapping[Cause, tuple[Place, ...]] = {
    Cause.NO_NAME: _at_address("address_unknown"),
    Cause.NO_WAY: _at_address("address_unreachable"),
    Cause.REFUSED: (Place("port_closed", (Role.PORT,)), *_at_address("address_refused")),
    Cause.SILENT: (Place("address_silent", _ADDRESS), Place("app_silent")),
    Cause.CUT: (Place("connection_cut", _SERVICE), _UNREACHABLE),
    Cause.WRONG_SERVICE: (Place("wrong_service", _SERVICE), _UNREACHABLE),
    Cause.BAD_ADDRESS: (Place("address_wrong", (*_ADDRESS, Role.PATH)), Place("page_unknown")),
    Cause.MOVED: (Place("address_moved", (*_ADDRESS, Role.PATH)), Place("page_unknown")),
    Cause.UNTRUSTED: (
        Place("tls_untrusted_ca", (Role.CERTIFICATE,), filled=False),
        *_at_address("tls_untrusted"),
    ),
    Cause.EXPIRED: _at_address("tls_expired"),
    Cause.OTHER_NAME: _at_address("tls_other_name"),
    Cause.NO_TLS_HERE: (Place("tls_not_spoken", _SERVICE), _UNREACHABLE),
    Cause.TLS_NOT_OFFERED: (Place("tls_not_offered"),),
    Cause.TLS_REQUIRED: (
        Place("tls_required_ca", (Role.CERTIFICATE,), filled=False),
        Place("tls_required"),
    ),
    Cause.SECRET_EXPIRED: (Place("secret_expired", (Role.SECRET, Role.KEY)), _ANYTHING),
    Cause.SECRET_REVOKED: (Place("secret_revoked", (Role.SECRET, Role.KEY)), _ANYTHING),
    Cause.UNSENDABLE: (Place("secret_unsendable", (Role.SECRET,)), _ANYTHING),
    Cause.USERNAME: (Place("username_unknown", (Role.USERNAME,)), _ANYTHING),
    Cause.USER_BARRED: (Place("username_barred", (Role.USERNAME,)), Place("permission_missing")),
    Cause.KEY_UNREADABLE: (Place("key_unreadable", (Role.KEY,)), _ANYTHING),
    Cause.KEY_LOCKED: (
        Place("passphrase_needed", (Role.PASSPHRASE,)),
        Place("key_encrypted", (Role.KEY,)),
        _ANYTHING,
    ),
    Cause.PASSPHRASE: (
        Place("passphrase_wrong", (Role.PASSPHRASE,)),
        Place("key_unreadable", (Role.KEY,)),
        _ANYTHING,
    ),
    Cause.PAIR: (Place("certificate_mismatch", (Role.CERTIFICATE, Role.KEY)), _ANYTHING),
    Cause.CERTIFICATE_UNREADABLE: (
        Place("certificate_unreadable", (Role.CERTIFICATE,)),
        Place("key_unreadable", (Role.KEY,)),
        _ANYTHING,
    ),
    Cause.CERTIFICATE_REFUSED: (
        Place("certificate_refused", (Role.CERTIFICATE,)),
        Place("permission_missing"),
    ),
    Cause.NOT_LET_IN: (Place("not_let_in"),),
    Cause.ACCOUNT: (Place("account_unknown", (Role.ACCOUNT, Role.ADDRESS)), _ANYTHING),
    Cause.SUSPENDED: (Place("account_suspended"),),
    Cause.NOT_FOUND: (
        Place("path_unknown", (Role.PATH,)),
        Place("account_unknown", (Role.ACCOUNT, Role.ADDRESS)),
        Place("page_unknown"),
    ),
    Cause.NOT_THIS_WAY: (Place("path_refused", (Role.PATH,)), Place("page_unknown")),
    Cause.DATABASE: (Place("database_unknown", (Role.DATABASE,)), _ANYTHING),
    Cause.BUSY: (Place("upstream_busy"),),
    Cause.ILL: (Place("upstream_ill"),),
    Cause.UNKNOWN: (_ANYTHING,),
}

# With our own addresses at hand these say which ones to let in.
WITH_ADDRESSES: Mapping[str, str] = {
    "address_silent": "address_silent_let_in",
    "not_let_in": "not_let_in_addresses",
}

# The other side looked at the credentials, so the address was right.
ANSWERED = frozenset(
    (
        Cause.CREDENTIALS,
        Cause.SECRET_EXPIRED,
        Cause.SECRET_REVOKED,
        Cause.USERNAME,
        Cause.USER_BARRED,
        Cause.PERMISSION,
        Cause.DATABASE,
    )
)
