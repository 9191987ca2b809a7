"""Which message a cause becomes, and on which field it stands, by role and never by name.

The first place that the form has wins; the last one is the top of the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.catalogue.model import Field, Kind, Role
from app.forms.cause import Cause


@dataclass(frozen=True)
class Place:
    """A message, and the roles that it may stand at. No roles: the top of the form.

    `pick` says which of several fields of a role: one with a value, the first or the last one.
    `whole`: only a field that holds a whole server name, not one that is a part of a vendor's.
    `beside`: only in a form that also has a field of this role.
    """

    code: str
    roles: tuple[Role, ...] = ()
    pick: Literal["filled", "first", "last"] = "filled"
    whole: bool = False
    beside: Role | None = None

    def among(self, fields: Sequence[Field], filled: Sequence[str]) -> Field | None:
        """The field of the form for this place; `filled` are the names of those with a value."""
        for role in self.roles:
            fitting = [f for f in fields if f.role is role and self._fits(f)]
            if self.pick == "filled":
                fitting.sort(key=lambda f: f.name not in filled)
            if fitting:
                return fitting[-1 if self.pick == "last" else 0]
        return None

    def _fits(self, field: Field) -> bool:
        named = field.role in (Role.ADDRESS, Role.ACCOUNT, Role.REGION)
        return not (self.whole and named) or field.kind in (Kind.HOST, Kind.URL)


_ADDRESS = (Role.ADDRESS, Role.ACCOUNT, Role.REGION)
_SERVICE = (Role.PORT, *_ADDRESS)
_UNREACHABLE, _ANYTHING = Place("app_unreachable"), Place("not_accepted")


def _at_server(code: str, roles: tuple[Role, ...] = _ADDRESS) -> tuple[Place, ...]:
    return Place(code, roles, whole=True), _UNREACHABLE


# CREDENTIALS and PERMISSION depend on what was typed and on what was said: see diagnosis.
PLACES: Mapping[Cause, tuple[Place, ...]] = {
    # Only this one can be the fault of a part of a vendor's name.
    Cause.NO_NAME: (Place("address_unknown", _ADDRESS), _UNREACHABLE),
    Cause.NO_WAY: _at_server("address_unreachable"),
    Cause.REFUSED: (Place("port_closed", (Role.PORT,)), *_at_server("address_refused")),
    Cause.SILENT: (Place("address_silent", _ADDRESS, whole=True), Place("app_silent")),
    Cause.CUT: _at_server("connection_cut", _SERVICE),
    Cause.WRONG_SERVICE: _at_server("wrong_service", _SERVICE),
    Cause.BAD_ADDRESS: (Place("address_wrong", (*_ADDRESS, Role.PATH)), Place("page_unknown")),
    Cause.MOVED: (Place("address_moved", (*_ADDRESS, Role.PATH)), Place("page_unknown")),
    Cause.UNTRUSTED: (
        Place("tls_untrusted_ca", (Role.CERTIFICATE,), pick="first"),
        *_at_server("tls_untrusted"),
    ),
    Cause.EXPIRED: _at_server("tls_expired"),
    Cause.OTHER_NAME: _at_server("tls_other_name"),
    Cause.NO_TLS_HERE: _at_server("tls_not_spoken", _SERVICE),
    Cause.TLS_NOT_OFFERED: (Place("tls_not_offered"),),
    Cause.TLS_REQUIRED: (
        Place("tls_required_ca", (Role.CERTIFICATE,), pick="first"),
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
    # Of a form's certificates the client's own stands last, before its key.
    Cause.PAIR: (
        Place("certificate_mismatch", (Role.CERTIFICATE,), pick="last", beside=Role.KEY),
        _ANYTHING,
    ),
    Cause.CERTIFICATE_UNREADABLE: (
        Place("certificate_unreadable", (Role.CERTIFICATE,)),
        Place("key_unreadable", (Role.KEY,)),
        _ANYTHING,
    ),
    Cause.CERTIFICATE_REFUSED: (
        Place("certificate_refused", (Role.CERTIFICATE,), pick="last", beside=Role.KEY),
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
