"""The logs: our own queue of commitments and its ticks, and everybody's leaves, checkpoints, cosignatures and paths.

A log is named by its origin. A tick or a leaf that is here is never changed. A tick takes pending commitments in their
order, so that two numbers say which: none is ever written again.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, MemberId
from quartet.core.keys import ED25519
from quartet.store import hot
from quartet.store.purge import DraftReads, PurgeWrites
from quartet.store.records import TickRow
from quartet.store.rows import Row

MAX_TICK: Final = 60_000
"""How many commitments a tick takes."""
GRID: Final = 3_600
"""Each checkpoint of so many leaves is kept for good, whatever they hold."""

_LOG: Final = "(SELECT n FROM log WHERE name = ?)"
_TICK: Final = "SELECT number, leaf_index, root, secret, tick_path FROM tick"


class LogReads(DraftReads):
    """Reads the logs."""

    def pending_commitments(self, limit: int = MAX_TICK) -> list[tuple[int, Commitment]]:
        """Return what waits for a tick, in the order of commitment."""
        sql = "SELECT n, c FROM commitment WHERE n >= (SELECT coalesce(max(end_n), 0) FROM tick) ORDER BY n LIMIT ?"
        return [(r[0], Commitment(r[1])) for r in self._all(sql, limit)]

    def tick_of(self, c: str) -> int | None:
        """Return the tick that holds one of our commitments, or None before it; one of before a restore is the first.

        Of the ticks that a restore took from the others no commitment is known here but by a path that came with it.
        """
        known = self._first(_ONCE, c)
        if known is not None:
            return int(known[0])
        sql = "SELECT number FROM tick WHERE end_n > (SELECT n FROM commitment WHERE c = ?)"
        found = self._first(sql + " ORDER BY end_n, number LIMIT 1", c)
        return None if found is None else int(found[0])

    def tick_commitments(self, number: int) -> list[Commitment]:
        """Return the commitments of one of our ticks, in the order of commitment."""
        sql = "SELECT c FROM tick JOIN commitment ON n >= first_n AND n < end_n WHERE number = ? ORDER BY n"
        return [Commitment(r[0]) for r in self._all(sql, number)]

    def tick(self, number: int) -> TickRow | None:
        """Return one of our ticks."""
        return _tick_row(self._first(_TICK + " WHERE number = ?", number))

    def tick_at(self, leaf_index: int) -> TickRow | None:
        """Return our tick that is this leaf of our log."""
        return _tick_row(self._first(_TICK + " WHERE leaf_index = ?", leaf_index))

    def last_tick(self) -> TickRow | None:
        """Return our newest tick."""
        return _tick_row(self._first(_TICK + " ORDER BY number DESC LIMIT 1"))

    def last_told(self, member: MemberId) -> int | None:
        """Return the leaf of our newest tick that holds a statement a member was told, or our receipts for it.

        The checkpoint just after it is kept for good.
        """
        items = (
            "SELECT k.n FROM commitment AS k JOIN item ON item.c = k.c JOIN delivery AS d ON d.item = item.admission"
            " WHERE d.member = ? AND d.state IN ('sent', 'receipted')"
        )
        batches = "SELECT k.n FROM commitment AS k JOIN receipt_batch AS b ON b.c = k.c WHERE b.member = ?"
        newest = " AND k.n < (SELECT coalesce(max(end_n), 0) FROM tick) ORDER BY k.n DESC LIMIT 1"
        found = [int(row[0]) for row in (self._first(one + newest, member) for one in (items, batches)) if row]
        tick = self._first(
            "SELECT leaf_index FROM tick WHERE ? >= first_n AND ? < end_n", *[max(found, default=-1)] * 2
        )
        return None if tick is None else int(tick[0])

    def logs(self) -> list[str]:
        """Return the logs that we know."""
        return [r[0] for r in self._all("SELECT name FROM log ORDER BY name")]

    def log_size(self, log: str) -> int:
        """Return how many leaves of a log we hold."""
        found = self._first("SELECT max(idx) + 1 FROM leaf WHERE log = " + _LOG, log)
        return 0 if found is None or found[0] is None else int(found[0])

    def leaves(self, log: str, first: int, count: int) -> list[bytes]:
        """Return the data of leaves of a log."""
        sql = "SELECT root FROM leaf WHERE log = " + _LOG + " AND idx >= ? AND idx < ? ORDER BY idx"
        return [r[0] for r in self._all(sql, log, first, first + count)]

    def checkpoint(self, log: str, size: int | None = None) -> tuple[int, str] | None:
        """Return a log's checkpoint at a size, or its newest one."""
        sql = "SELECT size, note FROM checkpoint WHERE log = " + _LOG
        if size is None:
            found = self._first(sql + " ORDER BY size DESC LIMIT 1", log)
        else:
            found = self._first(sql + " AND size = ?", log, size)
        return None if found is None else (int(found[0]), found[1])

    def checkpoint_from(self, log: str, size: int) -> tuple[int, str] | None:
        """Return a log's first checkpoint of a size or more."""
        sql = "SELECT size, note FROM checkpoint WHERE log = " + _LOG + " AND size >= ? ORDER BY size LIMIT 1"
        found = self._first(sql, log, size)
        return None if found is None else (int(found[0]), found[1])

    def checkpoint_upto(self, log: str, size: int) -> tuple[int, str] | None:
        """Return a log's last checkpoint of a size or less."""
        sql = "SELECT size, note FROM checkpoint WHERE log = " + _LOG + " AND size <= ? ORDER BY size DESC LIMIT 1"
        found = self._first(sql, log, size)
        return None if found is None else (int(found[0]), found[1])

    def cosigned(self, log: str, witness: str, at_least: int, alg: str = ED25519) -> tuple[int, int, str] | None:
        """Return a witness's first cosignature of a log at a size or more: size, seconds, line."""
        sql = "SELECT size, at, line FROM cosignature WHERE log = " + _LOG + " AND witness = ? AND size >= ?"
        found = self._first(sql + " AND alg = ? ORDER BY size LIMIT 1", log, witness, at_least, alg)
        return None if found is None else (int(found[0]), int(found[1]), found[2])

    def last_hourly(self, log: str, witness: str) -> tuple[int, str] | None:
        """Return a witness's newest ML-DSA-44 cosignature of a log: size, line."""
        sql = "SELECT size, line FROM cosignature WHERE log = " + _LOG + " AND witness = ? AND alg <> 'Ed25519'"
        found = self._first(sql + " ORDER BY size DESC LIMIT 1", log, witness)
        return None if found is None else (int(found[0]), found[1])

    def cosignatures(self, log: str, size: int, alg: str = ED25519) -> list[tuple[str, int, str]]:
        """Return the cosignatures of one checkpoint: witness, seconds, line."""
        sql = "SELECT witness, at, line FROM cosignature WHERE log = " + _LOG + " AND size = ? AND alg = ?"
        return [(r[0], int(r[1]), r[2]) for r in self._all(sql + " ORDER BY witness, line", log, size, alg)]

    def size_cosigned(self, log: str, at_least: int, witnesses: int, alg: str = ED25519) -> int | None:
        """Return the first size from one on that so many witnesses cosigned; None while there is none."""
        sql = "SELECT size FROM cosignature WHERE log = " + _LOG + " AND size >= ? AND alg = ? GROUP BY size"
        sql += " HAVING count(DISTINCT witness) >= ? ORDER BY size LIMIT 1"
        found = self._first(sql, log, at_least, alg, witnesses)
        return None if found is None else int(found[0])

    def path(self, c: str) -> tuple[str, int, bytes] | None:
        """Return the path of a commitment: log, leaf index, bytes."""
        found = self._first("SELECT name, leaf_index, data FROM path JOIN log ON n = log WHERE c = ?", c)
        return None if found is None else (found[0], int(found[1]), found[2])


class LogWrites(PurgeWrites):
    """Writes the logs."""

    def put_tick(self, tick: TickRow, numbers: Sequence[int]) -> None:
        """Keep a tick before its checkpoint is signed, and assign it its commitments.

        `numbers` are the first of those that wait, in order, or none; others raise `ValueError`.
        """
        row = self._ask("SELECT coalesce(max(end_n), 1) FROM tick")
        first = 1 if row is None else int(row[0])
        end = numbers[-1] + 1 if numbers else first
        waiting = self._ask("SELECT count(*) FROM commitment WHERE n >= ? AND n < ?", first, end)
        if waiting is None or waiting[0] != len(numbers):
            raise ValueError(f"tick {tick.number} leaves a commitment out, or takes one twice")
        sql = (
            "INSERT INTO tick (number, leaf_index, root, secret, tick_path, first_n, end_n)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        self._do(sql, tick.number, tick.leaf_index, tick.root, tick.secret, tick.tick_path, first, end)

    def put_leaves(self, log: str, first: int, roots: Iterable[bytes]) -> None:
        """Keep leaves of a log from an index on; another root at a place raises `Untrusted("leaf-changed")`."""
        number, new = self._log(log), list(roots)
        sql = "SELECT idx, root FROM leaf WHERE log = ? AND idx >= ? AND idx < ?"
        held: dict[int, bytes] = dict(self._ask_all(sql, number, first, first + len(new)))
        for index, root in held.items():
            if new[index - first] != root:
                raise Untrusted("leaf-changed", f"{log} leaf {index}")
        rows = [(number, first + i, root) for i, root in enumerate(new) if first + i not in held]
        self._do_many("INSERT INTO leaf (log, idx, root) VALUES (?, ?, ?)", rows)

    def put_checkpoint(self, log: str, size: int, note: str) -> None:
        """Keep a checkpoint of a log; the first of a size stays."""
        sql = "INSERT INTO checkpoint (log, size, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._do(sql, self._log(log), size, note)

    def put_cosignature(self, log: str, witness: str, size: int, at: int, line: str, alg: str = ED25519) -> None:
        """Keep a witness's cosignature; `at` in seconds. Twice is once."""
        self._add(hot.PUT_COSIGNATURE, (self._log(log), witness, size, line, at, alg))

    def put_heard_line(self, log: str, witness: str, size: int, at: int, line: str, alg: str) -> None:
        """As `put_cosignature`, if its checkpoint is still here: since somebody looked it may have been dropped."""
        if self._peek("SELECT 1 FROM checkpoint WHERE log = ? AND size = ?", self._log(log), size) is not None:
            self.put_cosignature(log, witness, size, at, line, alg)

    def put_path(self, c: str, log: str, leaf_index: int, data: bytes) -> None:
        """Keep the path of a commitment that somebody logged; the first that came stays."""
        self._add(hot.PUT_PATH, (c, self._log(log), leaf_index, data))

    def prune_log(self, log: str, below: int) -> int:
        """Drop checkpoints under a size, with their cosignatures; return how many checkpoints went.

        Those that a path or a tick of ours needs stay, those that were cosigned by the hour, and each `GRID`-th.
        """
        number = self._log(log)
        needed = _OF_PATHS if self._ask(_OURS, number) is None else _OF_TICKS
        values = (number, below, number, number) if needed is _OF_PATHS else (number, below, number)
        where = f" WHERE log = ? AND size < ? AND size % {GRID} <> 0 AND size NOT IN {_HOURLY} AND size NOT IN {needed}"
        self._do("DELETE FROM cosignature" + where, *values)
        return self._do("DELETE FROM checkpoint" + where, *values)

    def _log(self, name: str) -> int:
        """Return the number of a log, a new one for a name that is new."""
        row = self._peek("SELECT n FROM log WHERE name = ?", name)
        if row is None:
            self._do("INSERT INTO log (n, name) SELECT coalesce(max(n), 0) + 1, ? FROM log", name)
            row = self._ask("SELECT n FROM log WHERE name = ?", name)
        return 0 if row is None else int(row[0])


_OURS: Final = (
    "SELECT 1 FROM tick JOIN leaf ON idx = leaf_index AND leaf.root = tick.root"
    " WHERE log = ? AND number = (SELECT max(number) FROM tick)"
)
_ONCE: Final = (
    "SELECT number FROM path AS p JOIN tick AS t ON t.leaf_index = p.leaf_index AND length(t.secret) = 0"
    " JOIN leaf AS l ON l.log = p.log AND l.idx = p.leaf_index AND l.root = t.root WHERE p.c = ?"
)
_HOURLY: Final = "(SELECT size FROM cosignature WHERE log = ? AND alg <> 'Ed25519')"
_OF_PATHS: Final = "(SELECT leaf_index + 1 FROM path WHERE log = ?)"
_OF_TICKS: Final = "(SELECT leaf_index + 1 FROM tick WHERE end_n > first_n)"


def _tick_row(row: Row | None) -> TickRow | None:
    if row is None:
        return None
    number, leaf_index, root, secret, tick_path = row
    return TickRow(number=number, leaf_index=leaf_index, root=root, secret=secret, tick_path=tick_path)
