"""The logs: our own queue of commitments and its ticks, and everybody's leaves, checkpoints, cosignatures and paths.

A log is named by its origin. A tick, a leaf or a checkpoint that is here is never changed.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, MemberId, Tick
from quartet.store import hot
from quartet.store.deliveries import DeliveryWrites
from quartet.store.records import CheckpointRow, Cosignature, PathRow, Pending, TickRow
from quartet.store.rows import Reads

MAX_TICK: Final = 60_000
"""How many commitments a tick takes."""

_LOG: Final = "(SELECT n FROM log WHERE name = ?)"
_TICK: Final = "SELECT number, root, secret, first_n, end_n FROM tick"


class LogReads(Reads):
    """Reads the logs."""

    def pending(self, limit: int = MAX_TICK) -> list[Pending]:
        """Return commitments that wait for a tick, in commit order."""
        sql = "SELECT n, c FROM commitment WHERE n >= (SELECT coalesce(max(end_n), 0) FROM tick) ORDER BY n LIMIT ?"
        return [Pending(n, Commitment(c)) for n, c in self._rows(sql, (limit,))]

    def tick(self, number: Tick) -> TickRow | None:
        """Return one tick of our own log."""
        row = self._one(_TICK + " WHERE number = ?", (number,))
        return None if row is None else TickRow(*row)

    def last_tick(self) -> TickRow | None:
        """Return the newest tick of our own log."""
        row = self._one(_TICK + " ORDER BY number DESC LIMIT 1")
        return None if row is None else TickRow(*row)

    def ticks(self, first: int, end: int) -> list[TickRow]:
        """Return our ticks from `first` up to, not including, `end`."""
        return [
            TickRow(*r) for r in self._rows(_TICK + " WHERE number >= ? AND number < ? ORDER BY number", (first, end))
        ]

    def tick_of(self, c: Commitment) -> TickRow | None:
        """Return the tick that holds our commitment, or None while it waits or if it is not ours."""
        sql = " WHERE first_n <= (SELECT n FROM commitment WHERE c = ?) AND end_n > (SELECT n FROM commitment WHERE c = ?)"
        row = self._one(_TICK + sql, (c, c))
        return None if row is None else TickRow(*row)

    def committed(self, tick: TickRow) -> list[Commitment]:
        """Return the commitments of a tick, in commit order."""
        sql = "SELECT c FROM commitment WHERE n >= ? AND n < ? ORDER BY n"
        return [Commitment(row[0]) for row in self._rows(sql, (tick.first_n, tick.end_n))]

    def logs(self) -> list[str]:
        """Return the names of the logs that we know."""
        return [row[0] for row in self._rows("SELECT name FROM log ORDER BY name")]

    def leaf_count(self, log: str) -> int:
        """Return how many leaves we hold of a log, without a gap from its first."""
        row = self._one("SELECT idx + 1 FROM leaf WHERE log = " + _LOG + " ORDER BY idx DESC LIMIT 1", (log,))
        return 0 if row is None else int(row[0])

    def leaves(self, log: str, first: int = 0, end: int | None = None) -> list[bytes]:
        """Return the leaves from `first` up to, not including, `end`."""
        last = 2**53 if end is None else end
        sql = "SELECT root FROM leaf WHERE log = " + _LOG + " AND idx >= ? AND idx < ? ORDER BY idx"
        return [row[0] for row in self._rows(sql, (log, first, last))]

    def checkpoint(self, log: str, size: int | None = None) -> CheckpointRow | None:
        """Return the checkpoint of this size, or the newest."""
        where = " AND size <= ?" if size is None else " AND size = ?"
        sql = "SELECT size, note FROM checkpoint WHERE log = " + _LOG + where + " ORDER BY size DESC LIMIT 1"
        row = self._one(sql, (log, 2**53 if size is None else size))
        return None if row is None else CheckpointRow(*row)

    def checkpoint_at_least(self, log: str, size: int) -> CheckpointRow | None:
        """Return the smallest checkpoint that covers `size` leaves."""
        sql = "SELECT size, note FROM checkpoint WHERE log = " + _LOG + " AND size >= ? ORDER BY size LIMIT 1"
        row = self._one(sql, (log, size))
        return None if row is None else CheckpointRow(*row)

    def cosignatures(self, log: str, size: int) -> list[Cosignature]:
        """Return the cosignatures under the checkpoint of this size."""
        sql = (
            "SELECT size, witness, time, line FROM cosignature WHERE log = "
            + _LOG
            + " AND size = ? ORDER BY witness, line"
        )
        return [Cosignature(*row) for row in self._rows(sql, (log, size))]

    def cosignatures_covering(self, log: str, size: int, limit: int = 1000) -> list[Cosignature]:
        """Return cosignatures under checkpoints that cover `size` leaves, the smallest first."""
        sql = (
            "SELECT size, witness, time, line FROM cosignature WHERE log = "
            + _LOG
            + " AND size >= ? ORDER BY size LIMIT ?"
        )
        return [Cosignature(*row) for row in self._rows(sql, (log, size, limit))]

    def path(self, c: Commitment) -> PathRow | None:
        """Return the path of a commitment."""
        row = self._one("SELECT c, size, data FROM path WHERE c = ?", (c,))
        return None if row is None else PathRow(*row)


class LogWrites(DeliveryWrites):
    """Writes the logs."""

    def commit(self, c: Commitment) -> None:
        """Queue a commitment for the next tick of our own log; twice is once."""
        number = self._group.numbers.commitment
        self._group.numbers.commitment += 1
        self._add(hot.PUT_COMMITMENT, (number, c))

    def put_tick(self, number: Tick, root: bytes, secret: bytes, through: int | None) -> None:
        """Append a tick that takes the pending commitments through number `through`; None takes none."""
        self._settle()
        row = self._ask("SELECT coalesce(max(end_n), 1) FROM tick")
        first = 1 if row is None else int(row[0])
        end = first if through is None else through + 1
        sql = "INSERT INTO tick (number, root, secret, first_n, end_n) VALUES (?, ?, ?, ?, ?)"
        self._run(sql, (number, root, secret, first, end))

    def put_leaves(self, log: str, first: int, roots: Sequence[bytes]) -> None:
        """Keep leaves from place `first` on; another root at a place raises `Untrusted("leaf-changed")`."""
        number = self._log(log)
        self._settle()
        sql = "SELECT idx, root FROM leaf WHERE log = ? AND idx >= ? AND idx < ?"
        held = dict(self._group.connection.execute(sql, (number, first, first + len(roots))).fetchall())
        for place, root in held.items():
            if roots[place - first] != root:
                raise Untrusted("leaf-changed", f"{log} leaf {place}")
        new = [(number, first + i, root) for i, root in enumerate(roots) if first + i not in held]
        self._run_many("INSERT INTO leaf (log, idx, root) VALUES (?, ?, ?)", new)

    def put_checkpoint(self, log: str, size: int, note: str) -> None:
        """Keep a checkpoint; one of this size with more signatures takes its place."""
        sql = (
            "INSERT INTO checkpoint (log, size, note) VALUES (?, ?, ?)"
            " ON CONFLICT (log, size) DO UPDATE SET note = excluded.note"
            " WHERE length(excluded.note) > length(checkpoint.note)"
        )
        self._run(sql, (self._log(log), size, note))

    def put_cosignature(self, log: str, size: int, witness: MemberId, time: int, line: str) -> None:
        """Keep a witness's line; twice is once."""
        self._add(hot.PUT_COSIGNATURE, (self._log(log), size, witness, line, time))

    def put_path(self, log: str, c: Commitment, size: int, data: bytes) -> None:
        """Keep a path; the first that came stays."""
        self._add(hot.PUT_PATH, (c, self._log(log), size, data))

    def prune(self, log: str, keep: int, spare: Iterable[int] = ()) -> int:
        """Drop checkpoints, with their cosignatures, but for the newest `keep`, those of paths and those in `spare`."""
        number = self._log(log)
        self._settle()
        rows = self._group.connection.execute(_PRUNABLE, (number, number, keep)).fetchall()
        spared = set(spare)
        gone = [(number, row[0]) for row in rows if row[0] not in spared]
        self._run_many("DELETE FROM cosignature WHERE log = ? AND size = ?", gone)
        self._run_many("DELETE FROM checkpoint WHERE log = ? AND size = ?", gone)
        return len(gone)

    def _log(self, name: str) -> int:
        row = self._ask("SELECT n FROM log WHERE name = ?", (name,))
        if row is None:
            self._run("INSERT INTO log (n, name) SELECT coalesce(max(n), 0) + 1, ? FROM log", (name,))
            row = self._ask("SELECT n FROM log WHERE name = ?", (name,))
        return int(row[0]) if row else 0


_PRUNABLE: Final = (
    "SELECT size FROM checkpoint WHERE log = ? AND size NOT IN"
    " (SELECT size FROM path WHERE path.log = checkpoint.log)"
    " AND size < (SELECT min(size) FROM"
    " (SELECT size FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT ?) AS newest)"
)
