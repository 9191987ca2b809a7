"""The sandbox's own name service: which name leads to which port of this machine.

It never asks a real resolver, so a ping of the sandbox cannot leave the machine.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.integrator.reach.problem import Unreachable

LOOPBACK = "127.0.0.1"
# Nothing else is a host name; a port or an asterisk in it would be mistaken for a key of ours.
_NAME = re.compile(r"[a-z0-9_.\-]+")


@dataclass(frozen=True)
class Zone:
    """The names of the sandbox and its certificate authority.

    `names` maps a name to a port on 127.0.0.1. A key may be a name (every port of it leads there),
    a name with a port (``db.larkfield.example:5432``: only this port leads there, any other is
    taken as it is), and may begin with ``*.`` for one label. `ca_file` is the only authority that
    pings trust.
    """

    names: Mapping[str, int] = field(default_factory=dict)
    ca_file: Path | None = None

    def locate(self, host: str, port: int) -> tuple[str, int]:
        """The address to connect to. Raises Unreachable: ENOTFOUND, or EHOSTUNREACH for an address
        that is not of this machine."""
        name = host.strip("[]").rstrip(".").lower()
        if name == "localhost":
            return LOOPBACK, port
        address = _address(name)
        if address is not None:
            return _own(address, port)
        mapped = self._mapped(name, port) if _NAME.fullmatch(name) else None
        if mapped is None:
            raise Unreachable("ENOTFOUND", f"getaddrinfo ENOTFOUND {host}")
        return LOOPBACK, mapped

    def _mapped(self, name: str, port: int) -> int | None:
        wildcard = "*." + name.partition(".")[2]
        for known in (name, wildcard):
            for key in (f"{known}:{port}", known):
                if key in self.names:
                    return self.names[key]
            if any(key.startswith(f"{known}:") for key in self.names):
                return port
        return None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _own(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> tuple[str, int]:
    if address.is_loopback:
        return str(address), port
    raise Unreachable("EHOSTUNREACH", f"connect EHOSTUNREACH {address}:{port}")
