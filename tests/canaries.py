"""Secrets that can be found again: one per field, and a search for each in every encoding."""

import base64
import html
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from app.catalogue.model import ConnectionType, Kind, Method


@dataclass
class Aviary:
    """Makes canaries and looks for them."""

    planted: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def plant(self, where: str) -> str:
        """A new secret for a place. Its signs make the encodings differ from each other."""
        secret = f'cnry{next(self._numbers):05d}+/"<é'
        self.planted[secret] = where
        return secret

    def plant_pem(self, where: str) -> str:
        """A key whose body is the canary, as far as a PEM can be one."""
        body = base64.b64encode(f"cnrypem{next(self._numbers):05d}".encode() * 4).decode()
        self.planted[body] = where
        return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"

    def secrets_for(self, kind: ConnectionType, method: Method) -> dict[str, str]:
        """A canary for each secret field of a form."""
        return {
            f.name: (self.plant_pem if f.kind is Kind.PEM else self.plant)(f"{kind.key}.{f.name}")
            for f in kind.fields_of(method)
            if f.secret
        }

    def found_in(self, sink: bytes) -> list[str]:
        """The places whose secret is in this sink, in any encoding."""
        lowered = sink.lower()
        return [
            where
            for secret, where in self.planted.items()
            if any(form in sink or form.lower() in lowered for form in encodings(secret))
        ]


def encodings(secret: str) -> Iterator[bytes]:
    """A secret as it may turn up: plain, escaped, in base64 at each alignment, backwards."""
    raw = secret.encode()
    # However the odd signs were escaped, and escaped again: the plain beginning betrays it.
    yield secret[:9].encode()
    yield from (raw, raw[::-1], secret[::-1].encode(), raw.hex().encode())
    yield from (quote(secret).encode(), quote_plus(secret).encode(), quote(secret, "").encode())
    yield from (json.dumps(secret)[1:-1].encode(), json.dumps(json.dumps(secret))[3:-3].encode())
    yield from (html.escape(secret).encode(), repr(secret)[1:-1].encode(), repr(raw)[2:-1].encode())
    for shift in range(3):
        # The first and last signs of base64 depend on what stands beside; the middle does not.
        padded = base64.b64encode(b"\0" * shift + raw)
        middle = padded[4 if shift else 0 : -4]
        yield from (middle, middle.translate(bytes.maketrans(b"+/", b"-_")))


def contents(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Every file below a folder, as it lies on the disk."""
    return [(str(file), file.read_bytes()) for file in folder.rglob("*") if file.is_file()]
