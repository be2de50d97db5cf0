"""What a job may write, inside the writer's transaction; straight to the driver, because these statements are hot."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import msgspec

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.keep.box import Box, seal_part
from quartet.keep.rows import EpochSecretRow, NewItem, PeerState, TickRow


class Tx:
    """One transaction; made by the writer, valid inside its job."""

    def __init__(self, connection: sqlite3.Connection, box: Box) -> None:
        self._do = connection.execute
        self._many = connection.executemany
        self._box = box

    def one(self, sql: str, *values: object) -> tuple[object, ...] | None:
        """Return the first row of a query inside the transaction."""
        row: tuple[object, ...] | None = self._do(sql, values).fetchone()
        return row

    # -- items

    def put_item(self, item: NewItem) -> int | None:
        """Keep a statement; return its admission, or None where it is known.

        Raise `Untrusted("second-commitment")` for a known id with another commitment.
        """
        known = self._do("SELECT c FROM item WHERE id = ?", (item.id,)).fetchone()
        if known is not None:
            if known[0] != item.c:
                raise Untrusted("second-commitment", f"{item.ref} came with two commitments")
            return None
        key, wrapped = self._box.new_key(item.id)
        sealed = seal_part(key, 0, msgspec.msgpack.encode([item.signed, item.control]), item.id)
        cursor = self._do(
            "INSERT INTO item (id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, received, mine, state,"
            " sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.id,
                item.c,
                item.ref,
                item.author,
                item.kind,
                item.kind_v,
                item.at,
                item.precedence,
                item.tlp,
                item.epoch,
                item.received,
                item.mine,
                item.state,
                sealed,
            ),
        )
        self._do("INSERT INTO item_key VALUES (?, ?)", (item.id, wrapped))
        self._index(item)
        return cursor.lastrowid

    def _index(self, item: NewItem) -> None:
        self._many(
            "INSERT OR IGNORE INTO item_control VALUES (?, ?, ?)",
            [(c, item.id, c == item.own_control) for c in item.controls],
        )
        if item.facts_on:
            self._many(
                "INSERT OR IGNORE INTO fact_control VALUES (?, ?, ?)",
                [(c, item.id, item.kind) for c in item.facts_on],
            )
        if item.cites:
            self._many("INSERT OR IGNORE INTO citation VALUES (?, ?)", [(c, item.id) for c in item.cites])

    def purge(self, item: ItemId, stub: bytes, at: Micros) -> bool:
        """Destroy an item's key, contents and parts; leave a stub. Return whether there was anything to destroy."""
        gone = self._do(
            "UPDATE item SET sealed = NULL, stub = ?, state = 'PURGED', purged_at = ?"
            " WHERE id = ? AND state != 'PURGED'",
            (stub, at, item),
        ).rowcount
        self._do("DELETE FROM item_key WHERE item_id = ?", (item,))
        self._do("DELETE FROM part WHERE item_id = ?", (item,))
        self._do("DELETE FROM part_delivery WHERE item_id = ?", (item,))
        self._do("DELETE FROM recall WHERE item_id = ?", (item,))
        return gone > 0

    def put_recall(self, item: ItemId, fact: ItemId, at: Micros) -> None:
        """Remember that an item must be destroyed under a recall (or, with the item as its own fact, an expiry)."""
        self._do("INSERT OR IGNORE INTO recall VALUES (?, ?, ?)", (item, fact, at))

    def drop_recall(self, item: ItemId) -> None:
        """Forget that an item must be destroyed: the recall was cancelled."""
        self._do("DELETE FROM recall WHERE item_id = ?", (item,))

    # -- deliveries

    def set_delivery(self, item: ItemId, member: MemberId, state: str, lane: int, at: Micros, reason: str = "") -> None:
        """Decide how an item stands with a member; one that was sent stays so while it remains admitted."""
        self._do(
            "INSERT INTO delivery (item_id, member, lane, state, reason, at, ever_sent, path_sent)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT (item_id, member) DO UPDATE SET"
            " state = CASE WHEN excluded.state = 'due' AND delivery.state IN ('sent', 'receipted') THEN delivery.state"
            " WHEN excluded.state = 'withheld' AND delivery.state IN ('sent', 'receipted') THEN delivery.state"
            " ELSE excluded.state END, reason = excluded.reason, at = excluded.at",
            (item, member, lane, state, reason, at),
        )

    def mark_sent(self, member: MemberId, items: Iterable[ItemId], seq: int, at: Micros) -> None:
        """Note which parcel carries these items."""
        self._many(
            "UPDATE delivery SET state = 'sent', ever_sent = 1, seq = ?, at = ? WHERE item_id = ? AND member = ?"
            " AND state IN ('due', 'sent')",
            [(seq, at, i, member) for i in items],
        )

    def mark_due(self, member: MemberId, items: Iterable[ItemId]) -> None:
        """Send these items again: their parcel was lost."""
        self._many(
            "UPDATE delivery SET state = 'due', seq = NULL WHERE item_id = ? AND member = ? AND state = 'sent'",
            [(i, member) for i in items],
        )

    def all_sent_due(self, member: MemberId, before: Micros) -> int:
        """Send again whatever was sent before a time and never receipted; return how many."""
        return self._do(
            "UPDATE delivery SET state = 'due', seq = NULL WHERE member = ? AND state = 'sent' AND at < ?",
            (member, before),
        ).rowcount

    def put_receipts(
        self, member: MemberId, c: str, data: bytes, items: Sequence[tuple[ItemId, str]], at: Micros
    ) -> None:
        """Keep a batch of receipts from a member, and note each item as receipted (or parked, if it was refused)."""
        known = self._do("SELECT id FROM receipt_batch WHERE c = ?", (c,)).fetchone()
        if known is not None:
            return
        batch = self._do(
            "INSERT INTO receipt_batch (member, c, mine, data, path_sent) VALUES (?, ?, 0, ?, 1)", (member, c, data)
        ).lastrowid
        self._many(
            "INSERT OR IGNORE INTO receipt VALUES (?, ?, ?, ?, ?)",
            [(i, member, batch, state, at) for i, state in items],
        )
        self._many(
            "UPDATE delivery SET state = ?, ever_sent = 1, at = ? WHERE item_id = ? AND member = ?"
            " AND state IN ('due', 'sent')",
            [("parked" if state == "REFUSED" else "receipted", at, i, member) for i, state in items],
        )

    def put_made_batch(self, member: MemberId, c: str, data: bytes, items: Sequence[ItemId], at: Micros) -> None:
        """Keep a batch of our own receipts to a member, with its commitment for the log."""
        batch = self._do(
            "INSERT INTO receipt_batch (member, c, mine, data, path_sent) VALUES (?, ?, 1, ?, 0)", (member, c, data)
        ).lastrowid
        self._many("INSERT OR IGNORE INTO receipt VALUES (?, ?, ?, ?, ?)", [(i, "", batch, "MADE", at) for i in items])
        self.add_commitment(Commitment(c), "receipts")

    def mark_paths_sent(self, member: MemberId, cs: Iterable[str]) -> None:
        """Note that a member has the paths of these commitments."""
        both = [(c, member) for c in cs]
        self._many(
            "UPDATE delivery SET path_sent = 1 WHERE item_id = (SELECT id FROM item WHERE c = ?) AND member = ?", both
        )
        self._many("UPDATE receipt_batch SET path_sent = 1 WHERE c = ? AND member = ? AND mine", both)

    def set_purged(self, item: ItemId, member: MemberId, at: Micros) -> None:
        """Note a member's word that it destroyed an item."""
        self._do(
            "UPDATE delivery SET purged_at = ? WHERE item_id = ? AND member = ? AND purged_at IS NULL",
            (at, item, member),
        )

    # -- log

    def add_commitment(self, c: Commitment, what: str) -> None:
        """Put a commitment into the next tick."""
        self._do("INSERT OR IGNORE INTO commitment (c, what) VALUES (?, ?)", (c, what))

    def put_tick(self, tick: TickRow, numbers: Sequence[int]) -> None:
        """Keep a tick before its checkpoint is signed, and assign it its commitments."""
        self._do(
            "INSERT INTO tick VALUES (?, ?, ?, ?, ?)",
            (tick.number, tick.leaf_index, tick.root, tick.secret, tick.tick_path),
        )
        self._many("UPDATE commitment SET tick = ? WHERE n = ?", [(tick.number, n) for n in numbers])

    def put_leaves(self, log: str, first: int, roots: Iterable[bytes]) -> None:
        """Keep leaves of a log from an index on."""
        self._many(
            "INSERT OR IGNORE INTO leaf VALUES (?, ?, ?)", [(log, first + i, root) for i, root in enumerate(roots)]
        )

    def put_checkpoint(self, log: str, size: int, note: str) -> None:
        """Keep a checkpoint of a log."""
        self._do("INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?)", (log, size, note))

    def put_cosignature(self, log: str, witness: str, size: int, at: int, line: str) -> None:
        """Keep a witness's cosignature; `at` in seconds."""
        self._do("INSERT OR IGNORE INTO cosignature VALUES (?, ?, ?, ?, ?)", (log, witness, size, at, line))

    def prune_log(self, log: str, below: int) -> None:
        """Drop checkpoints and cosignatures of a log under a size, except those of ticks that a path needs."""
        wanted = "SELECT leaf_index + 1 FROM path WHERE log = ?"
        own = "SELECT leaf_index + 1 FROM tick WHERE number IN (SELECT tick FROM commitment WHERE tick IS NOT NULL)"
        for table in ("checkpoint", "cosignature"):
            self._do(
                f"DELETE FROM {table} WHERE log = ? AND size < ? AND size NOT IN ({wanted}) AND size NOT IN ({own})",  # noqa: S608 - two names of our own
                (log, below, log),
            )

    def put_path(self, c: str, log: str, leaf_index: int, data: bytes) -> None:
        """Keep the path of a commitment that somebody logged."""
        self._do("INSERT OR IGNORE INTO path VALUES (?, ?, ?, ?)", (c, log, leaf_index, data))

    # -- peers and keys

    def save_peer(self, member: MemberId, state: PeerState) -> None:
        """Keep the two streams with a peer."""
        self._do("INSERT OR REPLACE INTO peer VALUES (?, ?)", (member, msgspec.msgpack.encode(state)))

    def put_manifest(self, kind: str, member: MemberId, version: int, data: bytes) -> bool:
        """Keep a manifest; return whether it is new. Raise `Untrusted("manifest-older")` below the highest known."""
        known = self._do("SELECT max(version) FROM manifest WHERE kind = ? AND member = ?", (kind, member)).fetchone()[
            0
        ]
        if known is not None and version < known:
            raise Untrusted("manifest-older", f"{kind} {version} of {member}, {known} is known")
        fresh: int = self._do(
            "INSERT OR IGNORE INTO manifest VALUES (?, ?, ?, ?)", (kind, member, version, data)
        ).rowcount
        return fresh > 0

    def put_epoch_secret(self, row: EpochSecretRow) -> None:
        """Keep the private half of an epoch key, wrapped."""
        wrapped = self._box.wrap(row.secret, row.key_id)
        self._do(
            "INSERT OR IGNORE INTO epoch_secret VALUES (?, ?, ?, ?, ?)",
            (row.key_id, wrapped, row.not_before, row.not_after, row.published),
        )

    def drop_epoch_secrets(self, ended_before: Micros) -> int:
        """Destroy the epoch keys that ended before a time; return how many."""
        return self._do("DELETE FROM epoch_secret WHERE not_after < ?", (ended_before,)).rowcount

    def put_act(self, n: int, data: bytes) -> None:
        """Keep the charter's act number `n`, from 1."""
        self._do("INSERT OR IGNORE INTO act VALUES (?, ?)", (n, data))

    def put_evidence(self, kind: str, subject: str, data: bytes, at: Micros) -> None:
        """Keep what proves somebody wrong."""
        self._do("INSERT INTO evidence (kind, subject, data, at) VALUES (?, ?, ?, ?)", (kind, subject, data, at))

    # -- attachments, frames, the rest

    def put_attachment(self, item: ItemId, root: str, parts: int, complete: bool) -> None:
        """Note a file that goes with an item."""
        self._do("INSERT OR IGNORE INTO attachment VALUES (?, ?, ?, ?)", (item, root, parts, complete))

    def complete_attachment(self, item: ItemId, root: str) -> None:
        """Note that every part came and the whole was verified."""
        self._do("UPDATE attachment SET complete = 1 WHERE item_id = ? AND root = ?", (item, root))

    def put_part(self, item: ItemId, root: str, n: int, data: bytes, key: bytes) -> None:
        """Keep one part of a file, sealed under its item's key."""
        sealed = seal_part(key, n + 1, data, f"{item}/{root}")
        self._do("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?)", (item, root, n, sealed))

    def item_key(self, item: ItemId) -> bytes | None:
        """Return an item's key, or None once it is destroyed."""
        row = self._do("SELECT wrapped FROM item_key WHERE item_id = ?", (item,)).fetchone()
        return None if row is None else self._box.unwrap(row[0], item)

    def set_part_delivery(self, member: MemberId, item: ItemId, root: str, following: int, parts: int) -> None:
        """Note which part of a file goes to a member next."""
        self._do("INSERT OR REPLACE INTO part_delivery VALUES (?, ?, ?, ?, ?)", (member, item, root, following, parts))

    def drop_part_delivery(self, member: MemberId, item: ItemId, root: str) -> None:
        """Note that a member has all of a file."""
        self._do("DELETE FROM part_delivery WHERE member = ? AND item_id = ? AND root = ?", (member, item, root))

    def put_frame(self, member: MemberId, seq: int, at: Micros, data: bytes) -> None:
        """Keep a frame for replay, sealed."""
        sealed = self._box.wrap(data, f"frame/{member}/{seq}")
        self._do("INSERT OR IGNORE INTO frame VALUES (?, ?, ?, ?)", (member, seq, at, sealed))

    def prune_frames(self, before: Micros) -> None:
        """Forget the frames before a time."""
        self._do("DELETE FROM frame WHERE at < ?", (before,))

    def put_alarm(self, reason: str, subject: str, detail: str, at: Micros) -> None:
        """Raise an alarm; the same one twice is one."""
        self._do(
            "INSERT INTO alarm VALUES (?, ?, ?, ?, NULL) ON CONFLICT (reason, subject) DO UPDATE SET"
            " detail = excluded.detail, at = CASE WHEN ended IS NULL THEN alarm.at ELSE excluded.at END, ended = NULL",
            (reason, subject, detail, at),
        )

    def end_alarm(self, reason: str, subject: str, at: Micros) -> None:
        """End an alarm."""
        self._do("UPDATE alarm SET ended = ? WHERE reason = ? AND subject = ? AND ended IS NULL", (at, reason, subject))

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small value under a name."""
        self._do("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


Begin = Callable[[sqlite3.Connection], Tx]
