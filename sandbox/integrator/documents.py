"""The stored connections: create, replace, patch, delete, and what the server itself writes.

Documents are kept unmasked; masks decides what a reader sees, schema what may come in.
"""

import logging
import secrets
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.integrator import masks
from sandbox.integrator.errors import Refusal, entry, invalid, not_found
from sandbox.integrator.paths import ABSENT, Document, read, remove, write
from sandbox.integrator.schema import defaults_of, moment, read_document

log = logging.getLogger(__name__)

# integrator.io lowers a higher level in silence.
CONCURRENCY_CEILING = 25
FTP_PORTS = {"ftp": 21, "ftps": 21, "sftp": 22}
IMPLICIT_FTPS_PORT = 990
SQL_PORTS = {
    "mysql": 3306,
    "mariadb": 3306,
    "postgresql": 5432,
    "mssql": 1433,
    "azuresynapse": 1433,
    "oracle": 1521,
}
# What PATCH takes; no credential is among them.
PATCHABLE = {
    "/name",
    "/debugDate",
    "/rest/cookieAuth/successStatusCode",
    "/http/ping/successPath",
    "/http/ping/successValues",
    "/http/ping/failPath",
    "/http/ping/failValues",
    "/http/auth/failStatusCode",
    "/http/auth/failPath",
    "/http/auth/failValues",
}
DEBUG_AT_MOST = timedelta(hours=1)


class Documents:
    """Every connection of the one account, oldest first."""

    def __init__(self, *, keep_masks: bool = False) -> None:
        self.all: dict[str, Document] = {}
        self.keep_masks = keep_masks
        self._made = 0
        self._machine = secrets.token_hex(5)

    def get(self, identifier: str) -> Document:
        """The document itself, unmasked. Raises Refusal (404)."""
        if identifier not in self.all:
            raise not_found()
        return self.all[identifier]

    def create(self, body: Any) -> Document:
        """Store a new document. Credentials are not tried: integrator.io stores bad ones too."""
        document = prepared(body)
        self._warn_of_masks(document, "POST")
        now = _iso(datetime.now(UTC))
        stamp = {"_id": self._new_id(), "createdAt": now, "lastModified": now}
        self.all[stamp["_id"]] = document = stamp | document
        return document

    def replace(self, identifier: str, body: Any) -> Document:
        """PUT: what is left out is gone, secrets too."""
        old = self.get(identifier)
        document = prepared(body)
        if document["type"] != old["type"]:
            raise invalid("type", "The type of a connection cannot change.")
        if self.keep_masks:
            masks.keep_old_values(document, old)
        self._warn_of_masks(document, f"PUT {identifier}")
        # Whether it works is not the client's to say here; the next ping says it.
        document.pop("offline", None)
        document |= {"offline": old["offline"]} if "offline" in old else {}
        stamp = {key: old[key] for key in ("_id", "createdAt", "lastModified")}
        self.all[identifier] = document = stamp | document
        _touch(document)
        return document

    def patch(self, identifier: str, operations: Any) -> None:
        """PATCH: a JSON-Patch array over a short list of paths; all of it or nothing."""
        document = deepcopy(self.get(identifier))
        if not isinstance(operations, list) or not operations:
            raise Refusal(422, entry("invalid_field", "Expected an array of operations."))
        for operation in operations:
            _apply(document, operation)
        # The remaining document has to satisfy the schema, but nothing is dropped from it.
        read_document(document)
        self.all[identifier] = document
        _touch(document)

    def delete(self, identifier: str) -> None:
        """Forget a document. Raises Refusal (404)."""
        self.get(identifier)
        del self.all[identifier]

    def _new_id(self) -> str:
        # Counts upwards, as an ObjectId does, so that the order of ids is the order of creation.
        self._made += 1
        return f"{int(datetime.now(UTC).timestamp()):08x}{self._machine}{self._made:06x}"

    def _warn_of_masks(self, document: Document, action: str) -> None:
        for path in masks.stored_masks(document):
            log.warning("%s sends a mask: %s is now stored as six asterisks", action, path)


def prepared(body: Any) -> Document:
    """A body as it would be stored: checked, cut to known fields, defaults filled in."""
    document = deepcopy(read_document(body))
    kind = document["type"]
    for path, value in (dict(defaults_of(kind)) | _ports(document)).items():
        around = read(document, path.rpartition(".")[0])
        if read(document, path) is ABSENT and isinstance(around, dict):
            write(document, path, deepcopy(value))
    level = read(document, f"{kind}.concurrencyLevel")
    if level is not ABSENT:
        write(document, f"{kind}.concurrencyLevel", min(level, CONCURRENCY_CEILING))
    if isinstance(account := read(document, "netsuite.account"), str):
        document["netsuite"]["account"] = account.upper()
    return document


def shown(document: Document) -> Document:
    """The document as a read shows it."""
    queues = [{"name": document["_id"], "size": 0}] if "_id" in document else []
    return masks.masked(document) | {"queues": queues}


def _ports(document: Document) -> Document:
    if read(document, "ftp.useImplicitFtps") is True:
        return {"ftp.port": IMPLICIT_FTPS_PORT}
    ftp = FTP_PORTS.get(str(read(document, "ftp.type")))
    sql = SQL_PORTS.get(str(read(document, "rdbms.type")))
    return ({"ftp.port": ftp} if ftp else {}) | ({"rdbms.port": sql} if sql else {})


def _apply(document: Document, operation: Any) -> None:
    path = operation.get("path") if isinstance(operation, dict) else None
    if not isinstance(path, str) or path not in PATCHABLE:
        raise invalid(str(path), "This path cannot be patched.")
    name = str(path)[1:].replace("/", ".")
    if "." in name and name.partition(".")[0] != document["type"]:
        raise invalid(str(path), "This path belongs to another type of connection.")
    if operation.get("op") == "remove":
        remove(document, name)
    elif operation.get("op") == "replace" and "value" in operation:
        if name == "debugDate":
            _check_debug_date(operation["value"])
        write(document, name, operation["value"])
    else:
        raise invalid(str(path), "Only replace, with a value, and remove are taken.")


def _check_debug_date(value: Any) -> None:
    until = moment(value)
    now = datetime.now(UTC)
    if until is None or not now < until <= now + DEBUG_AT_MOST:
        raise invalid("debugDate", "debugDate lies in the future, at most one hour ahead.")


def _touch(document: Document) -> None:
    # Two changes within one millisecond still have to look different to whoever compares.
    before = moment(document["lastModified"]) or datetime.now(UTC)
    document["lastModified"] = _iso(max(datetime.now(UTC), before + timedelta(milliseconds=1)))


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
