"""What a member's restore asks of a database: what it lost and gets again, and what it cosigned for whom."""

from collections.abc import Iterable
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.store.rows import Reads, Writes

_AGAIN: Final = (
    "SELECT id FROM delivery AS d JOIN item ON admission = d.item WHERE d.member = ? AND d.sent IS NOT NULL"
    " AND d.state IN ('sent', 'receipted', 'parked') AND item.state <> 'PURGED' AND (d.seq IS NULL OR d.seq > ?)"
    " ORDER BY admission"
)
_THEIRS: Final = (
    "SELECT id FROM item LEFT JOIN path ON path.c = item.c AND path.log = (SELECT n FROM log WHERE name = ?)"
    " WHERE author = ? AND state <> 'PURGED' AND (leaf_index IS NULL OR leaf_index >= ?) ORDER BY admission"
)
_PUT_DUE: Final = (
    "INSERT INTO delivery (item, member, lane, state, reason, at, path_sent)"
    " SELECT admission, ?, ?, 'due', '', ?, 1 - mine FROM item WHERE id = ?"
    " ON CONFLICT (item, member) DO UPDATE SET state = 'due', seq = NULL"
)
_PATHS_AGAIN: Final = "UPDATE delivery SET path_sent = 0 WHERE member = ? AND receipted >= ? AND item IN (:mine)"
WAITED: Final = 600
"""How many of our ticks before a change may have paths that somebody holds without their leaves."""
_SAID_SINCE: Final = "(SELECT c FROM commitment WHERE n >= ?)"
_OURS_SINCE: Final = "SELECT admission FROM item WHERE mine = 1 AND c IN " + _SAID_SINCE
_MINE: Final = "SELECT admission FROM item WHERE mine = 1"


class ReturnReads(Reads):
    """Reads what a restored member asks for."""

    def sent_after(self, member: MemberId, seq: int) -> list[ItemId]:
        """Return what a member was sent in parcels behind a number, or in one that is not known."""
        return [ItemId(row[0]) for row in self._all(_AGAIN, member, seq)]

    def said_after(self, member: MemberId, log: str, leaf: int) -> list[ItemId]:
        """Return the statements of a member that stand in its log from a leaf on, or not yet as far as is known."""
        return [ItemId(row[0]) for row in self._all(_THEIRS, log, member, leaf)]

    def first_sent_after(self, member: MemberId, seq: int) -> Micros | None:
        """Return when the first of what lies behind a number was sent to a member."""
        found = self._first("SELECT min(at) FROM delivery WHERE member = ? AND seq > ?", member, seq)
        return None if found is None or found[0] is None else Micros(found[0])

    def last_admission(self) -> int:
        """Return the number of the newest item."""
        found = self._first("SELECT coalesce(max(admission), 0) FROM item")
        return 0 if found is None else int(found[0])

    def any_due(self, member: MemberId, upto: int) -> bool:
        """Return whether an item up to a number waits to go to a member, or is on its way."""
        sql = "SELECT 1 FROM delivery WHERE member = ? AND state IN ('due', 'sent') AND item <= ? LIMIT 1"
        return self._first(sql, member, upto) is not None

    def last_cosigned(self, log: str, witness: str) -> tuple[str, str] | None:
        """Return the longest checkpoint of a log that a witness cosigned: its note, and the witness's line."""
        sql = (
            "SELECT note, line FROM cosignature AS s JOIN checkpoint AS k ON k.log = s.log AND k.size = s.size"
            " WHERE s.log = (SELECT n FROM log WHERE name = ?) AND witness = ? AND alg = 'Ed25519'"
            " ORDER BY s.size DESC LIMIT 1"
        )
        found = self._first(sql, log, witness)
        return None if found is None else (found[0], found[1])

    def cosigned_until(self, log: str, seconds: int) -> dict[str, int]:
        """Return the longest size of a log that each witness cosigned with Ed25519, dated no later than so."""
        sql = "SELECT witness, max(size) FROM cosignature WHERE log = (SELECT n FROM log WHERE name = ?)"
        rows = self._all(sql + " AND alg = 'Ed25519' AND at <= ? GROUP BY witness", log, seconds)
        return {row[0]: int(row[1]) for row in rows}

    def ticks_by_root(self) -> int:
        """Return of how many of our own ticks only the root is known."""
        found = self._first("SELECT count(*) FROM tick WHERE length(secret) = 0")
        return 0 if found is None else int(found[0])


class ReturnWrites(Writes):
    """Writes what a restored member asks for."""

    def due_again(self, member: MemberId, rows: Iterable[tuple[ItemId, int]], at: Micros) -> None:
        """Have items, each with its lane, go to a member whatever it had of them; an answer that it gave stays."""
        self._do_many(_PUT_DUE, [(member, lane, at, item) for item, lane in rows])

    def tell_again(self, member: MemberId, since: Micros) -> None:
        """Have the paths of what a member receipted since a time go to it again, and all that is told of records."""
        self._do(_PATHS_AGAIN.replace(":mine", _MINE), member, since)
        self._do("UPDATE receipt_batch SET path_sent = 0 WHERE member = ? AND mine = 1 AND at >= ?", member, since)
        self._do("UPDATE telling SET since = NULL, due = 1 WHERE member = ?", member)

    def all_returned(self, member: MemberId) -> None:
        """Forget that a member was sent its own statements: nobody owes it what is its own."""
        self._do(
            "DELETE FROM delivery WHERE member = ? AND item IN (SELECT admission FROM item WHERE author = ?)",
            member,
            member,
        )

    def set_stub(self, item: ItemId, stub: bytes, at: Micros) -> None:
        """Put what stays of an item that was destroyed before a restore in the place of what was thought then."""
        self._do("UPDATE item SET stub = ?, purged_at = ? WHERE id = ? AND state = 'PURGED'", stub, at, item)

    def lose_ticks(self, log: str, first: int) -> None:
        """Forget our own ticks from a leaf on, and what is over them: what we said in them waits for a tick again.

        So do the paths of all that lies in the ticks just before: who holds them may have waited for other leaves.
        """
        self._do("DELETE FROM tick WHERE leaf_index >= ?", first)
        self.lose_log(log, first)
        row = self._ask("SELECT first_n FROM tick WHERE leaf_index >= ? ORDER BY leaf_index LIMIT 1", first - WAITED)
        since = 0 if row is None else int(row[0])
        self._do(f"UPDATE delivery SET path_sent = 0 WHERE item IN ({_OURS_SINCE})", since)
        self._do("UPDATE receipt_batch SET path_sent = 0 WHERE mine = 1 AND c IN " + _SAID_SINCE, since)

    def lose_log(self, log: str, size: int) -> None:
        """Forget a log behind a size: its leaves, the checkpoints and cosignatures over them, the paths into them."""
        self._do("DELETE FROM path WHERE log = (SELECT n FROM log WHERE name = ?) AND leaf_index >= ?", log, size)
        self._do("DELETE FROM leaf WHERE log = (SELECT n FROM log WHERE name = ?) AND idx >= ?", log, size)
        for table in ("cosignature", "checkpoint"):
            self._do(f"DELETE FROM {table} WHERE log = (SELECT n FROM log WHERE name = ?) AND size > ?", log, size)
