"""What a connect session allows: its types, and the values that the host set or locked.

Only the rules; the session itself is session's business, reading input is forms'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue.model import ConnectionType, Field, Method
from app.connect.session import ConnectSession


class NotOffered(Exception):
    """A type or method that does not exist, or that the session does not allow: all the same."""


@dataclass(frozen=True)
class Offer:
    """One type with one method, as a session allows it."""

    session: ConnectSession
    type: ConnectionType
    method: Method

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the method."""
        return self.type.fields_of(self.method)

    @property
    def set_values(self) -> dict[str, Any]:
        """Values that the host filled in, by field name; locked ones too."""
        return {name: row["value"] for name, row in self._rows().items()}

    @property
    def locked(self) -> dict[str, Any]:
        """Values that the host set and nobody may change."""
        return {name: row["value"] for name, row in self._rows().items() if row.get("locked")}

    def _rows(self) -> dict[str, Mapping[str, Any]]:
        names = {field.name for field in self.fields}
        rows = (self.session.values or {}).get(self.type.key, {})
        return {name: row for name, row in rows.items() if name in names}


def types_for(
    session: ConnectSession, catalogue: Mapping[str, ConnectionType], fixed: str | None = None
) -> list[ConnectionType]:
    """The types to choose from; a reconnect has the one of its connection (`fixed`)."""
    if fixed is not None:
        return [catalogue[fixed]] if fixed in catalogue else []
    keys = catalogue if session.types is None else session.types
    return [catalogue[key] for key in keys if key in catalogue]


def offer(
    session: ConnectSession,
    catalogue: Mapping[str, ConnectionType],
    type_key: str,
    method_key: str | None = None,
    fixed: str | None = None,
) -> Offer:
    """Raises NotOffered for a type or method that is unknown or not allowed."""
    found = {kind.key: kind for kind in types_for(session, catalogue, fixed)}.get(type_key)
    method = found.method(method_key) if found else None
    if found is None or method is None:
        raise NotOffered(type_key)
    return Offer(session, found, method)
