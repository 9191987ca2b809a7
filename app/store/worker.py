"""Threads that run queries in groups: what waited while the last group ran shares a transaction.

A commit to the disk costs the same for one row as for hundreds, and so does waking a thread
(decision 5). How a transaction begins is the engine's business.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.store.faults import Clash, StoreFault

T = TypeVar("T")
Answer = Callable[[], None]


@dataclass(frozen=True)
class _Job:
    query: Callable[[Connection], Any]
    future: asyncio.Future[Any]


class Worker:
    """Runs the queries of one loop on one engine. `explain` turns a driver's error into words.

    `largest` bounds a group: how long it holds its transaction, how much is done again when it
    breaks. Writes keep the order in which they came, so they have one thread.
    """

    def __init__(
        self,
        engine: Engine,
        loop: asyncio.AbstractEventLoop,
        explain: Callable[[BaseException], StoreFault],
        *,
        name: str,
        threads: int = 1,
        largest: int,
    ) -> None:
        self._engine = engine
        self._loop = loop
        self._explain = explain
        self._largest = largest
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._open = True
        # Daemons, so that a store that nobody closed cannot keep the process from ending.
        self._threads = [
            threading.Thread(target=self._work, name=name, daemon=True) for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, query: Callable[[Connection], T]) -> T:
        """The result of the query, after its commit. Raises what it raises, Clash, StoreFault."""
        if not self._open:
            raise StoreFault("the store is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(query, future))
        return await future

    def stop(self) -> None:
        """Run what is queued and end the threads."""
        self._open = False
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        more = True
        while more:
            group, more = self._next_group()
            # Who stopped waiting before the query began has not asked for anything.
            if wanted := [job for job in group if not job.future.cancelled()]:
                self._hand_out(self._together(wanted))

    def _next_group(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        job = self._jobs.get()
        with contextlib.suppress(Empty):
            while job is not None:
                group.append(job)
                if len(group) == self._largest:
                    return group, True
                job = self._jobs.get_nowait()
            return group, False
        return group, True

    def _together(self, group: list[_Job]) -> list[Answer]:
        try:
            with self._engine.connect() as connection, connection.begin():
                return [self._one(connection, job) for job in group]
        except Exception as error:  # noqa: BLE001 - a waiting caller must hear of it, whatever it is
            if len(group) == 1:
                return [_refusal(group[0].future, self._explain(error))]
        # The database gave up on the whole transaction; find out whose query it cannot run.
        return [answer for job in group for answer in self._together([job])]

    def _one(self, connection: Connection, job: _Job) -> Answer:
        # Through the driver: around a single INSERT, two statements of SQLAlchemy would cost more
        # than the INSERT itself.
        driver = connection.connection.cursor()
        driver.execute("SAVEPOINT one")
        try:
            result = job.query(connection)
        except IntegrityError:
            answer = _refusal(job.future, Clash("another row stands in the way"))
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a query raises belongs to its caller
            answer = _refusal(job.future, error)
        else:
            driver.execute("RELEASE SAVEPOINT one")
            return _result(job.future, result)
        driver.execute("ROLLBACK TO SAVEPOINT one")
        driver.execute("RELEASE SAVEPOINT one")
        return answer

    def _hand_out(self, answers: list[Answer]) -> None:
        def deliver() -> None:
            for answer in answers:
                answer()

        # A loop that was closed meanwhile has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(deliver)


def _result(future: asyncio.Future[Any], result: Any) -> Answer:
    return lambda: None if future.done() else future.set_result(result)


def _refusal(future: asyncio.Future[Any], error: Exception) -> Answer:
    return lambda: None if future.done() else future.set_exception(error)
