"""An FTP server that also takes AUTH TLS on the same port (RFC 4217), by pyftpdlib."""

import logging
import threading
import warnings
from pathlib import Path
from typing import Any

from sandbox.targets.certificates import Issued
from sandbox.targets.credentials import WORKING
from sandbox.targets.switch import listen

with warnings.catch_warnings():
    # It stands on asyncore, which Python 3.11 has and calls deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer
    from pyftpdlib.handlers import TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

_DEMO = WORKING["ftp"]
TLS_ONLY = "larkfield_tls"
LOCKED = "larkfield_locked"

# At INFO it writes every user name.
logging.getLogger("pyftpdlib").setLevel(logging.WARNING)


class _Accounts(DummyAuthorizer):  # type: ignore[misc]  # pyftpdlib has no types
    def __init__(self, home: Path) -> None:
        super().__init__()
        for user in (_DEMO["username"], TLS_ONLY, LOCKED):
            self.add_user(user, _DEMO["password"], str(home))

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        super().validate_authentication(username, password, handler)
        if username == LOCKED:
            raise AuthenticationFailed("This account is locked.")
        if username == TLS_ONLY and not handler._ssl_established:
            raise AuthenticationFailed("This account needs an encrypted connection (AUTH TLS).")


class FtpTarget:
    """A running FTP server; `port` is the real one."""

    def __init__(self, port: int, home: Path, issued: Issued) -> None:
        listener = listen(port)
        self.port = int(listener.getsockname()[1])
        self._server = FTPServer(listener, _handler(home, issued), ioloop=IOLoop())
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"ftp-{self.port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection."""
        self._end.set()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        # Its loop has no way to be woken from another thread.
        while not self._end.is_set():
            self._server.ioloop.loop(timeout=0.1, blocking=False)
        self._server.close_all()


def _handler(home: Path, issued: Issued) -> type[Any]:
    # pyftpdlib keeps settings on the class: each server needs one of its own.
    settings = {
        "authorizer": _Accounts(home),
        "certfile": str(issued.chain),
        "keyfile": str(issued.key),
        "banner": "Larkfield FTP ready.",
        # By default a refused sign-in is answered three seconds late.
        "auth_failed_timeout": 0,
    }
    return type("LarkfieldHandler", (TLS_FTPHandler,), settings)
