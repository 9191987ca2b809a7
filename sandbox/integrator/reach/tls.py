"""Builds the TLS context of a ping: whom it trusts, under which name it checks the other side."""

import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox.integrator.reach.problem import Unreachable
from sandbox.integrator.reach.zone import Zone


@dataclass(frozen=True)
class Certificates:
    """PEM texts of a connection document; empty means not given."""

    ca: str = ""
    cert: str = ""
    key: str = ""
    passphrase: str = ""


class _NamedContext(ssl.SSLContext):
    """Checks the certificate against `name`, whatever address the driver connected to.

    asyncpg and aioftp take the name from the address, which for us is always 127.0.0.1.
    """

    name: str = ""

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        name = self.name or server_hostname
        return super().wrap_bio(incoming, outgoing, server_side, name, session)


def client_context(
    zone: Zone, name: str, *, strict: bool, certificates: Certificates | None = None
) -> ssl.SSLContext:
    """A context for connecting to `name`.

    It trusts the zone's authority or, if the document brings one, only that; no public authority,
    because nothing public can be reached. Without `strict` every certificate is accepted.
    Raises Unreachable when the document's own PEM texts cannot be read.
    """
    given = certificates or Certificates()
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.name = name
    if not strict:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if given.ca:
            context.load_verify_locations(cadata=given.ca)
        elif zone.ca_file is not None:
            context.load_verify_locations(cafile=zone.ca_file)
        if given.cert and given.key:
            _present(context, given)
    except (ssl.SSLError, ValueError) as error:
        # Node says this much of a PEM that OpenSSL cannot read, and no more.
        raise Unreachable("ERR_OSSL_PEM_NO_START_LINE", f"PEM routines: {error}") from error
    return context


def _present(context: ssl.SSLContext, given: Certificates) -> None:
    # OpenSSL reads a client certificate from files only.
    with tempfile.TemporaryDirectory(prefix="keyhatch-ping-") as folder:
        chain, key = Path(folder, "cert.pem"), Path(folder, "key.pem")
        chain.write_text(given.cert)
        key.write_text(given.key)
        # Without a passphrase OpenSSL would ask for one at the terminal: hand it an empty one.
        context.load_cert_chain(chain, key, password=lambda: given.passphrase)
