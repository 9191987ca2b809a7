"""The sandbox's certificate authority, made anew at each start, and what it issues."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

LOCAL_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Issued:
    """A certificate with its chain, and its key: two PEM files."""

    chain: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """A context that presents this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """Issues certificates into `folder`; `ca_file` is what a client has to trust."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._ca = trustme.CA()
        self.ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def issue(
        self, label: str, *names: str, expired: bool = False, common_name: str | None = None
    ) -> Issued:
        """A certificate for `names`; `label` is the name of its files."""
        now = datetime.now(UTC)
        leaf = self._ca.issue_cert(
            *names,
            common_name=common_name,
            not_before=now - timedelta(days=2) if expired else None,
            not_after=now - timedelta(days=1) if expired else None,
        )
        issued = Issued(self._folder / f"{label}.pem", self._folder / f"{label}.key")
        for number, blob in enumerate(leaf.cert_chain_pems):
            blob.write_to_path(issued.chain, append=number > 0)
        issued.key.touch(mode=0o600)
        leaf.private_key_pem.write_to_path(issued.key)
        return issued
