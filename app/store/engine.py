"""Opens the database and runs queries on it: reads beside the writes, both in groups.

What the queries are is the query files' business. Everything that only SQLite knows is here.
"""

import asyncio
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import QueuePool, StaticPool

from app.store.faults import Clash, StoreFault
from app.store.schema import upgrade
from app.store.worker import Worker

__all__ = ["Clash", "Connection", "Store", "StoreFault"]

T = TypeVar("T")

# Queries are short; a second thread is for the one that is not.
READERS = 2
# Another process holds the write lock for one group at most, except while it upgrades the tables.
LOCK_PATIENCE = 15.0


class Store:
    """The open database of this process. `owner` names the process in leases and rows."""

    def __init__(self, writing: Engine, reading: Engine | None) -> None:
        """Without `reading`, reads queue with the writes: in memory there is one way in."""
        loop = asyncio.get_running_loop()
        self.owner = "own_" + secrets.token_hex(8)
        self._engines = [engine for engine in (writing, reading) if engine is not None]
        self._writer = Worker(writing, loop, explain, name="store-write", largest=256)
        self._reader = self._writer
        if reading is not None:
            self._reader = Worker(
                reading, loop, explain, name="store-read", threads=READERS, largest=16
            )

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open ``sqlite:///path`` or ``sqlite://`` (in memory) and bring its tables up to date.

        Raises StoreFault, whose text tells an operator what to do.
        """
        file = _file_of(url)
        if file is not None:
            _create_private(file)
        # FULL: what was acknowledged survives a power cut, not only a killed process.
        durable = ("journal_mode = WAL", "synchronous = FULL")
        # IMMEDIATE: a transaction that begins as a reader cannot wait for the lock, only fail.
        writing = _engine(file, begin="BEGIN IMMEDIATE", pragmas=durable)
        try:
            await asyncio.get_running_loop().run_in_executor(None, upgrade, writing)
        except (DatabaseError, StoreFault) as error:
            writing.dispose()
            raise (error if isinstance(error, StoreFault) else explain(error, file)) from None
        reading = _engine(file, begin="BEGIN", pragmas=("query_only = ON",)) if file else None
        return cls(writing, reading)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one state of the database, no older than the call.

        Raises what it raises, and StoreFault.
        """
        return await self._reader.run(query)

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run a change; returns its result once it is on the disk.

        Changes that wait together are committed together, each all or nothing for itself. A change
        may be run twice before it counts, so its only effect must be on the connection.
        Raises what the change raises, Clash for a row that cannot stand beside another, StoreFault.
        """
        return await self._writer.run(change)

    async def close(self) -> None:
        """Finish what is queued, then let go of the file."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        for worker in {self._writer, self._reader}:
            worker.stop()
        for engine in self._engines:
            engine.dispose()


def _file_of(url: str) -> Path | None:
    try:
        parsed = sqlalchemy.make_url(url)
    except ArgumentError:
        raise StoreFault("the database URL cannot be read; write sqlite:///path/to/file") from None
    if parsed.get_backend_name() != "sqlite":
        kind = parsed.get_backend_name()
        raise StoreFault(f"{kind} is not supported; write sqlite:///path/to/file")
    if parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _create_private(file: Path) -> None:
    # SQLite itself would create the file with the umask's mode; its -wal and -shm files follow it.
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except FileNotFoundError:
        raise StoreFault(f"there is no folder {file.parent}; create it first") from None
    except IsADirectoryError:
        raise StoreFault(f"{file} is a folder; name a file in it") from None
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise StoreFault(f"cannot write {file}: {reason}; {_ELSEWHERE}") from None


def _engine(file: Path | None, *, begin: str, pragmas: Sequence[str]) -> Engine:
    pool: dict[str, Any] = {"poolclass": StaticPool}
    if file is not None:
        pool = {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": 0}
    engine = sqlalchemy.create_engine(
        URL.create("sqlite", database=None if file is None else str(file)),
        connect_args={
            "check_same_thread": False,
            "timeout": LOCK_PATIENCE,
            # The driver must not begin transactions by itself: it would take the lock too late.
            "isolation_level": None,
        },
        hide_parameters=True,
        **pool,
    )

    def prepare(raw: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            _patiently(raw, f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)

    def start(connection: Connection) -> None:
        # Through the driver: a statement of SQLAlchemy costs ten times as much.
        connection.connection.cursor().execute(begin)

    event.listen(engine, "begin", start)
    return engine


def _patiently(raw: sqlite3.Connection, statement: str) -> None:
    # Of several processes that make a new file a WAL one, SQLite refuses some at once, whatever
    # time they were given to wait.
    until = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            raw.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


_ELSEWHERE = "give this user the right to write there, or choose another place"

# What SQLite says, and what an operator can do about it.
_REMEDIES = (
    ("not a database", "this file is not a SQLite database; choose another one"),
    ("locked", "another process holds the database for too long; stop it and try again"),
    ("full", "the disk is full; make room and try again"),
    ("readonly", f"the database cannot be written; {_ELSEWHERE}"),
    ("unable to open", f"SQLite cannot make its log beside the database; {_ELSEWHERE}"),
)


def explain(error: BaseException, file: Path | None = None) -> StoreFault:
    """An error of the driver in words. SQLite's texts name tables and columns, never a value."""
    said = str(error.orig) if isinstance(error, DatabaseError) else str(error)
    known = (words for part, words in _REMEDIES if part in said)
    place = "" if file is None else f"{file}: "
    return StoreFault(place + next(known, f"the database says: {said}"))
