"""The one thread that writes: it takes all jobs that wait, commits them together, and answers after the commit.

A job that fails is undone alone. When the commit itself fails, for a full disk, every job of it gets `Unavailable` and
nothing is kept of any; the next ones are tried again. A job may be run twice, never kept twice; one that nobody waits
for any more, and that has not begun, is left out. Urgent jobs stand in a queue of their own: they are committed before
all others that wait, and without them.
"""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quartet.core.faults import Fault, Unavailable
from quartet.store.database import fault, stops_all, truncate_log
from quartet.store.frames import Frames
from quartet.store.rows import Group, Numbers
from quartet.store.sealing import Sealer
from quartet.store.tx import Tx

MAX_WAITING: Final = 10_000
"""Jobs that wait; beyond them `submit` refuses and `write` waits."""
MAX_TOGETHER: Final = 2_000
"""Jobs in one commit."""
HANDED: Final = 32
"""Jobs of one turn of the event loop that are handed over together; more do not wait for its end."""
BUSY_JOBS: Final = 16
"""So many jobs within LATELY, and the next commit waits for more."""
LATELY: Final = 0.020
GATHER: Final = 0.010
"""The longest that a busy writer waits for more, and in what steps."""
SLICE: Final = 0.001
SCRUB_EVERY: Final = 0.1


@dataclass(slots=True)
class _Asked:
    job: Callable[[Tx], Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None


@dataclass(slots=True)
class _Failed:
    error: BaseException


class Writer:
    """Owns the connection that writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path, sealer: Sealer, frames: Frames) -> None:
        self.commits = 0
        self.jobs = 0
        self._connection = connection
        self._path = path
        self._sealer = sealer
        self._frames = frames
        self._numbers = Numbers(connection)
        self._waiting: deque[_Asked] = deque()
        self._urgent: deque[_Asked] = deque()
        self._signal = threading.Condition()
        self._idle = False
        self._closing = False
        self._turn: asyncio.AbstractEventLoop | None = None
        self._lately = 0.0
        self._committed = 0.0
        self._scrub_at: float | None = None
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)

    def start(self) -> None:
        """Begin to take jobs; first to scrub, for the power may have gone after a purge and before its scrub."""
        self._scrub_at = time.monotonic()
        self._thread.start()

    def close(self) -> None:
        """Take no more jobs, finish those that wait, and end."""
        with self._signal:
            self._closing = True
            self._signal.notify()
        self._thread.join()
        self._connection.close()

    @property
    def full(self) -> bool:
        """Whether no more jobs are taken for now."""
        return len(self._waiting) >= MAX_WAITING

    def scrub(self) -> None:
        """Truncate the write-ahead logs as soon as readers let it."""
        with self._signal:
            self._scrub_at = time.monotonic()
            self._signal.notify()

    @property
    def scrub_pending(self) -> bool:
        """Whether something destroyed is still in a write-ahead log."""
        return self._scrub_at is not None

    def submit(self, job: Callable[[Tx], Any]) -> "Future[Any]":
        """Queue a job; for threads."""
        future: Future[Any] = Future()
        self._put(_Asked(job, future, None), self._waiting)
        return future

    def submit_here(self, job: Callable[[Tx], Any], *, urgent: bool = False) -> "asyncio.Future[Any]":
        """Queue a job; for the event loop that closes this, whose turn is ended before the writer is woken: that costs.

        Nor is the writer's lock taken for each: who waits for it gives the interpreter to the writer, and all wait. An
        urgent one wakes it at once, and is refused only where MAX_WAITING urgent ones wait.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if urgent:
            self._put(_Asked(job, future, loop), self._urgent)
            return future
        self._check(self._waiting)
        self._waiting.append(_Asked(job, future, loop))
        if len(self._waiting) >= (HANDED if self._idle else MAX_TOGETHER):
            self._turned()
        elif self._turn is not loop:
            self._turn = loop
            loop.call_soon(self._turned)
        return future

    def _turned(self) -> None:
        self._turn = None
        with self._signal:
            if (self._idle and self._waiting) or len(self._waiting) >= MAX_TOGETHER:
                self._signal.notify()

    def _put(self, asked: _Asked, queue: "deque[_Asked]") -> None:
        """Queue a job, and wake an idle writer."""
        with self._signal:
            self._check(queue)
            queue.append(asked)
            if self._idle or len(queue) >= MAX_TOGETHER:
                self._signal.notify()

    def _check(self, queue: "deque[_Asked]") -> None:
        if self._closing:
            raise Unavailable("store-closed", str(self._path))
        if len(queue) >= MAX_WAITING:
            raise Unavailable("store-busy", f"{MAX_WAITING} writes wait; the disk is too slow")

    def _work(self) -> None:
        self._try_scrub()
        while True:
            taken = self._take()
            group = [asked for asked in taken if _still_wanted(asked)]
            if group:
                self._answer(group, self._commit(group))
            elif self._closing and not taken:
                self._try_scrub()
                return
            if self._scrub_at is not None and time.monotonic() >= self._scrub_at:
                self._try_scrub()

    def _take(self) -> list[_Asked]:
        with self._signal:
            if not self._waiting and not self._urgent and not self._closing:
                self._idle = True
                self._signal.wait(None if self._scrub_at is None else SCRUB_EVERY)
                self._idle = False
            if not self._urgent and self._busy():
                self._gather()
            queue = self._urgent or self._waiting
            return [queue.popleft() for _ in range(min(len(queue), MAX_TOGETHER))]

    def _gather(self) -> None:
        """Wait for more, as long as more comes: those who wait for us have nothing to add."""
        until, before = time.monotonic() + GATHER, 0
        while before < len(self._waiting) < MAX_TOGETHER and not self._ends_gathering() and time.monotonic() < until:
            before = len(self._waiting)
            self._signal.wait(SLICE)

    def _ends_gathering(self) -> bool:
        return self._closing or bool(self._urgent)

    def _busy(self) -> bool:
        """Return whether jobs come so fast, one by one or together, that a commit for each would cost too much."""
        return self._lately * self._fading() + len(self._waiting) >= BUSY_JOBS

    def _fading(self) -> float:
        return max(0.0, 1.0 - (time.monotonic() - self._committed) / LATELY)

    def _commit(self, group: list[_Asked]) -> list[Any]:
        self._lately = self._lately * self._fading() + len(group)
        self._committed = time.monotonic()
        try:
            return self._together(group)
        except sqlite3.IntegrityError as error:
            if len(group) == 1:
                return [_Failed(error)]
            return [self._commit([asked])[0] for asked in group]
        except sqlite3.Error as error:
            return [_Failed(fault(error, self._path)) for _ in group]
        except Fault as error:
            return [_Failed(error) for _ in group]

    def _together(self, asked: list[_Asked]) -> list[Any]:
        group = Group(self._connection, self._path, self._sealer, self._numbers, self._frames)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [_run(group, one.job) for one in asked]
            group.pending.flush(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self.commits += 1
        self.jobs += len(asked)
        if group.pending.scrub:
            self._scrub_at = time.monotonic()
        return results

    def _answer(self, group: list[_Asked], results: list[Any]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for asked, result in zip(group, results, strict=True):
            if asked.loop is not None:
                by_loop.setdefault(asked.loop, []).append((asked.future, result))  # type: ignore[arg-type]
            else:
                _tell(asked.future, result)
        for loop, told in by_loop.items():
            try:
                loop.call_soon_threadsafe(_tell_all, told)
            except RuntimeError:
                continue  # the loop has ended, and with it whoever asked

    def _try_scrub(self) -> None:
        if self._scrub_at is None:
            return
        done = all([truncate_log(self._connection), self._frames.scrub()])
        self._scrub_at = None if done else time.monotonic() + SCRUB_EVERY


def _run(group: Group, job: Callable[[Tx], Any]) -> Any:
    tx = Tx(group)
    try:
        result = job(tx)
        tx.keep()
    except Exception as error:
        if stops_all(error) or not group.connection.in_transaction:
            raise
        tx.undo()
        return _Failed(error)
    return result


def _still_wanted(asked: _Asked) -> bool:
    """Return whether somebody waits for the job; once begun, it cannot be called off."""
    if isinstance(asked.future, Future):
        return asked.future.set_running_or_notify_cancel()
    return not asked.future.cancelled()


def _tell(future: "Future[Any] | asyncio.Future[Any]", result: Any) -> None:
    if isinstance(result, _Failed):
        future.set_exception(result.error)
    else:
        future.set_result(result)


def _tell_all(told: "list[tuple[asyncio.Future[Any], Any]]") -> None:
    for future, result in told:
        if not future.done():
            _tell(future, result)
