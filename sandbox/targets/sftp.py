"""An SFTP server that takes a password or a private key, by asyncssh."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import asyncssh

from sandbox.targets.credentials import WORKING
from sandbox.targets.switch import listen

_DEMO = WORKING["sftp"]


class _Door(asyncssh.SSHServer):
    def __init__(self, key: asyncssh.SSHKey) -> None:
        self._key = key

    def begin_auth(self, username: str) -> bool:
        del username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return username == _DEMO["username"] and password == _DEMO["password"]

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == _DEMO["username"] and key.public_data == self._key.public_data


class SftpTarget:
    """A running SFTP server; `port` is the real one. `key` is the private key that it knows."""

    def __init__(self, port: int, home: Path, key: asyncssh.SSHKey) -> None:
        self._socket = listen(port)
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: self._loop.run_until_complete(self._serve(home, key, ready)),
            name=f"sftp-{self.port}",
            daemon=True,
        )
        self._thread.start()
        ready.wait(10)

    def stop(self) -> None:
        """Close the port and every connection."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _serve(self, home: Path, key: asyncssh.SSHKey, ready: threading.Event) -> None:
        server = await asyncssh.listen(
            sock=self._socket,
            server_factory=partial(_Door, key),
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(home).encode()),
        )
        ready.set()
        await self._end.wait()
        server.close()
        await server.wait_closed()


def make_key() -> asyncssh.SSHKey:
    """A new private key, so that none has to stand in the repository."""
    return asyncssh.generate_private_key("ssh-ed25519", comment="keyhatch-demo")
