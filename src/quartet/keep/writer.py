"""The one thread that writes: jobs that wait together are committed together, and each is told after the commit.

A job that fails is undone alone; the others of its batch stand. When the disk is full nobody is told yes. A job that
nobody waits for any more is left out; once begun, it cannot be called off.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from quartet.core.faults import Unavailable
from quartet.keep.tx import Tx

MAX_QUEUE: Final = 10_000
MAX_BATCH: Final = 500

Job = Callable[[Tx], Any]


class Writer:
    """Owns the writing connection; made and used only by `Store`."""

    def __init__(self, connect: Callable[[], tuple[sqlite3.Connection, Callable[[sqlite3.Connection], Tx]]]) -> None:
        self._connect = connect
        self._queue: queue.Queue[tuple[Job, Future[Any]] | None] = queue.Queue(MAX_QUEUE)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self.batches = 0
        self.jobs = 0
        self._thread.start()

    def submit(self, job: Job) -> Future[Any]:
        """Queue a job; the future is done after its commit. Raise `Unavailable("store-busy")` at the bound."""
        done: Future[Any] = Future()
        try:
            self._queue.put((job, done), timeout=5)
        except queue.Full as error:
            raise Unavailable("store-busy", f"{MAX_QUEUE} writes wait; the disk is too slow") from error
        return done

    def close(self) -> None:
        """Write what is queued, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection, begin = self._connect()
        try:
            while (batch := self._next()) is not None:
                self._commit(connection, begin, [b for b in batch if b[1].set_running_or_notify_cancel()])
        finally:
            connection.close()

    def _next(self) -> list[tuple[Job, Future[Any]]] | None:
        first = self._queue.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < MAX_BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            batch.append(more)
        return batch

    def _commit(
        self,
        connection: sqlite3.Connection,
        begin: Callable[[sqlite3.Connection], Tx],
        batch: list[tuple[Job, Future[Any]]],
    ) -> None:
        results: list[tuple[Future[Any], Any]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            tx = begin(connection)
            for job, done in batch:
                self._one(connection, tx, job, done, results)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for _, done in batch:
                if not done.done():
                    done.set_exception(_unavailable(error))
            return
        self.batches += 1
        self.jobs += len(batch)
        for done, value in results:
            done.set_result(value)

    @staticmethod
    def _one(
        connection: sqlite3.Connection, tx: Tx, job: Job, done: "Future[Any]", results: list[tuple["Future[Any]", Any]]
    ) -> None:
        connection.execute("SAVEPOINT job")
        try:
            value = job(tx)
        except sqlite3.OperationalError:
            raise
        except Exception as error:
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            done.set_exception(error)
            return
        connection.execute("RELEASE job")
        results.append((done, value))


def _unavailable(error: sqlite3.Error) -> Unavailable:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        return Unavailable("disk-full", f"nothing was stored ({text}); free some space and send again")
    return Unavailable("store-failed", f"nothing was stored ({text})")
