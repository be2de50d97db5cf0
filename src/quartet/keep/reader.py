"""What a node may read of its own database. Short queries on connections that cannot write."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.keep.box import Box, open_part
from quartet.keep.rows import (
    AlarmRow,
    DeliveryRow,
    DueRow,
    EpochSecretRow,
    ItemRow,
    PeerState,
    StoredItem,
    TickRow,
)

_ITEM: Final = "admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, received, mine, state"


class Reader:
    """Reads; made by the store, whose `connect` gives each thread a connection of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], box: Box) -> None:
        self._connect = connect
        self._box = box

    def _all(self, sql: str, *values: object) -> list[Any]:
        return self._connect().execute(sql, values).fetchall()

    def _first(self, sql: str, *values: object) -> Any:
        return self._connect().execute(sql, values).fetchone()

    def each(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query of our own, on a connection that cannot write; for `verify`."""
        yield from self._connect().execute(sql, values)

    # -- items

    def item(self, item: ItemId) -> StoredItem | None:
        """Return an item with its contents, or None where it is unknown or purged. Raise `Untrusted("damaged")`."""
        found = self._first(
            f"SELECT {_ITEM}, sealed, wrapped FROM item JOIN item_key ON item_id = id WHERE id = ?",  # noqa: S608
            item,
        )
        if found is None:
            return None
        *fields, sealed, wrapped = found
        key = self._box.unwrap(wrapped, item)
        signed, control = msgspec.msgpack.decode(open_part(key, 0, sealed, item), type=tuple[bytes, bytes | None])
        return StoredItem(row=_item_row(fields), signed=signed, control=control)

    def row(self, item: ItemId) -> ItemRow | None:
        """Return an item's row, purged ones too."""
        found = self._first(f"SELECT {_ITEM} FROM item WHERE id = ?", item)  # noqa: S608
        return None if found is None else _item_row(found)

    def by_ref(self, ref: str) -> list[ItemId]:
        """Return the items that people call so (more than one is a rare chance)."""
        return [ItemId(r[0]) for r in self._all("SELECT id FROM item WHERE ref = ? ORDER BY admission", ref)]

    def items(
        self, after: int, limit: int, author: str | None = None, kind: str | None = None, *, newest: bool = False
    ) -> list[ItemRow]:
        """Return items in the order of their admission after one; or newest first, before one (0: from the end)."""
        where, values = ["admission > ?"], [after]
        if newest:
            where, values = ["admission < ?"], [after or 2**62]
        for column, value in (("author", author), ("kind", kind)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)  # type: ignore[arg-type]  # sqlite takes both
        order = "admission DESC" if newest else "admission"
        sql = f"SELECT {_ITEM} FROM item WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"  # noqa: S608
        return [_item_row(r) for r in self._all(sql, *values, limit)]

    def stub(self, item: ItemId) -> bytes | None:
        """Return what is left of a purged item."""
        found = self._first("SELECT stub FROM item WHERE id = ?", item)
        return None if found is None else found[0]

    def items_carrying(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the items that carry any of these controls."""
        found: dict[ItemId, None] = {}
        for control in controls:
            for row in self._all("SELECT item_id FROM item_control WHERE control_id = ?", control):
                found[ItemId(row[0])] = None
        return list(found)

    def facts_on(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the facts that are about any of these controls."""
        found: dict[ItemId, None] = {}
        for control in controls:
            for row in self._all("SELECT fact_id FROM fact_control WHERE control_id = ?", control):
                found[ItemId(row[0])] = None
        return list(found)

    def controls_of(self, item: ItemId) -> list[tuple[ControlId, bool]]:
        """Return the controls of an item, its own first; they stay after a purge."""
        rows = self._all("SELECT control_id, own FROM item_control WHERE item_id = ? ORDER BY own DESC", item)
        return [(ControlId(r[0]), bool(r[1])) for r in rows]

    def has_facts(self) -> bool:
        """Return whether any fact is known at all."""
        return self._first("SELECT 1 FROM fact_control LIMIT 1") is not None

    def all_facts(self) -> list[ItemId]:
        """Return every fact about a control, in the order of admission."""
        sql = "SELECT DISTINCT i.id FROM item i JOIN fact_control f ON f.fact_id = i.id ORDER BY i.admission"
        return [ItemId(r[0]) for r in self._all(sql)]

    def citing(self, item: str) -> list[ItemId]:
        """Return the items that cite an item or control."""
        return [ItemId(r[0]) for r in self._all("SELECT item_id FROM citation WHERE cited = ?", item)]

    # -- deliveries

    def due(self, member: MemberId, limit: int) -> list[DueRow]:
        """Return what waits to go to a member: by lane, then by age."""
        sql = (
            "SELECT d.item_id, d.lane FROM delivery d WHERE d.member = ? AND d.state = 'due'"
            " ORDER BY d.lane, d.rowid LIMIT ?"
        )
        return [DueRow(item_id=ItemId(r[0]), lane=r[1]) for r in self._all(sql, member, limit)]

    def due_count(self, member: MemberId) -> int:
        """Return how many items wait to go to a member, or are on their way."""
        sql = "SELECT count(*) FROM delivery WHERE member = ? AND state IN ('due', 'sent')"
        return int(self._first(sql, member)[0])

    def deliveries(self, item: ItemId) -> list[DeliveryRow]:
        """Return how an item of ours stands with each member."""
        sql = "SELECT item_id, member, state, reason, at, ever_sent, purged_at FROM delivery WHERE item_id = ?"
        return [
            DeliveryRow(
                item_id=ItemId(r[0]),
                member=MemberId(r[1]),
                state=r[2],
                reason=r[3],
                at=Micros(r[4]),
                ever_sent=bool(r[5]),
                purged_at=None if r[6] is None else Micros(r[6]),
            )
            for r in self._all(sql, item)
        ]

    def sent_to(self, controls: Iterable[ControlId]) -> set[MemberId]:
        """Return to whom we sent, or are about to send, an item of ours that carries one of these controls."""
        found: set[MemberId] = set()
        for control in controls:
            sql = (
                "SELECT DISTINCT d.member FROM delivery d JOIN item_control c ON c.item_id = d.item_id"
                " WHERE c.control_id = ? AND d.ever_sent"
            )
            found.update(MemberId(r[0]) for r in self._all(sql, control))
        return found

    def receipts(self, item: ItemId) -> list[tuple[MemberId, str, Micros, bytes]]:
        """Return the receipts for an item of ours: member, state, when, and the batch that holds it."""
        sql = (
            "SELECT r.member, r.state, r.at, b.data FROM receipt r JOIN receipt_batch b ON b.id = r.batch"
            " WHERE r.item_id = ? AND NOT b.mine"
        )
        return [(MemberId(r[0]), r[1], Micros(r[2]), r[3]) for r in self._all(sql, item)]

    def made_receipt(self, item: ItemId) -> tuple[str, Micros] | None:
        """Return the commitment of the batch with our own receipt for an item, and when we made it."""
        sql = (
            "SELECT b.c, r.at FROM receipt r JOIN receipt_batch b ON b.id = r.batch"
            " WHERE r.item_id = ? AND r.member = ''"
        )
        found = self._first(sql, item)
        return None if found is None else (found[0], Micros(found[1]))

    def paths_due(self, member: MemberId, limit: int) -> list[tuple[Commitment, int]]:
        """Return what a member holds of ours whose tick is known and whose path it was not yet sent."""
        items = (
            "SELECT i.c, k.tick FROM delivery d JOIN item i ON i.id = d.item_id JOIN commitment k ON k.c = i.c"
            " WHERE d.member = ? AND d.state = 'receipted' AND NOT d.path_sent AND k.tick IS NOT NULL"
            " AND i.mine LIMIT ?"
        )
        batches = (
            "SELECT b.c, k.tick FROM receipt_batch b JOIN commitment k ON k.c = b.c"
            " WHERE b.member = ? AND b.mine AND NOT b.path_sent AND k.tick IS NOT NULL LIMIT ?"
        )
        rows = self._all(items, member, limit) + self._all(batches, member, limit)
        return [(Commitment(r[0]), int(r[1])) for r in rows[:limit]]

    def recalls_pending(self) -> list[tuple[ItemId, ItemId, Micros]]:
        """Return the items that must still be destroyed here: item, fact, since when."""
        rows = self._all("SELECT item_id, fact_id, at FROM recall")
        return [(ItemId(r[0]), ItemId(r[1]), Micros(r[2])) for r in rows]

    # -- log

    def pending_commitments(self, limit: int) -> list[tuple[int, Commitment]]:
        """Return what waits for a tick, in the order of commitment."""
        rows = self._all("SELECT n, c FROM commitment WHERE tick IS NULL ORDER BY n LIMIT ?", limit)
        return [(r[0], Commitment(r[1])) for r in rows]

    def tick_of(self, c: str) -> int | None:
        """Return the tick that holds one of our commitments, or None before it."""
        found = self._first("SELECT tick FROM commitment WHERE c = ?", c)
        return None if found is None else found[0]

    def tick_commitments(self, number: int) -> list[Commitment]:
        """Return the commitments of one of our ticks, in the order of commitment."""
        return [Commitment(r[0]) for r in self._all("SELECT c FROM commitment WHERE tick = ? ORDER BY n", number)]

    def tick(self, number: int) -> TickRow | None:
        """Return one of our ticks."""
        return _tick_row(self._first("SELECT * FROM tick WHERE number = ?", number))

    def last_tick(self) -> TickRow | None:
        """Return our newest tick."""
        return _tick_row(self._first("SELECT * FROM tick ORDER BY number DESC LIMIT 1"))

    def log_size(self, log: str) -> int:
        """Return how many leaves of a log we hold."""
        found = self._first("SELECT max(idx) FROM leaf WHERE log = ?", log)[0]
        return 0 if found is None else int(found) + 1

    def leaves(self, log: str, first: int, count: int) -> list[bytes]:
        """Return the data of leaves of a log."""
        sql = "SELECT root FROM leaf WHERE log = ? AND idx >= ? ORDER BY idx LIMIT ?"
        return [r[0] for r in self._all(sql, log, first, count)]

    def checkpoint(self, log: str, size: int | None = None) -> tuple[int, str] | None:
        """Return a log's checkpoint at a size, or its newest one."""
        if size is not None:
            found = self._first("SELECT size, note FROM checkpoint WHERE log = ? AND size = ?", log, size)
        else:
            found = self._first("SELECT size, note FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1", log)
        return None if found is None else (int(found[0]), found[1])

    def cosigned(self, log: str, witness: str, at_least: int) -> tuple[int, int, str] | None:
        """Return a witness's first cosignature of a log at a size or more: size, seconds, line."""
        sql = "SELECT size, at, line FROM cosignature WHERE log = ? AND witness = ? AND size >= ? ORDER BY size LIMIT 1"
        found = self._first(sql, log, witness, at_least)
        return None if found is None else (int(found[0]), int(found[1]), found[2])

    def cosignatures(self, log: str, size: int) -> list[tuple[str, int, str]]:
        """Return the cosignatures of one checkpoint: witness, seconds, line."""
        return [
            (r[0], int(r[1]), r[2])
            for r in self._all("SELECT witness, at, line FROM cosignature WHERE log = ? AND size = ?", log, size)
        ]

    def path(self, c: str) -> tuple[str, int, bytes] | None:
        """Return the path of a commitment: log, leaf index, bytes."""
        found = self._first("SELECT log, leaf_index, data FROM path WHERE c = ?", c)
        return None if found is None else (found[0], int(found[1]), found[2])

    # -- the rest

    def peer(self, member: MemberId) -> PeerState:
        """Return the two streams with a peer as they were last kept."""
        found = self._first("SELECT state FROM peer WHERE member = ?", member)
        return PeerState() if found is None else msgspec.msgpack.decode(found[0], type=PeerState)

    def manifests(self, kind: str) -> list[tuple[MemberId, bytes]]:
        """Return the newest manifest of each member."""
        sql = "SELECT member, data, max(version) FROM manifest WHERE kind = ? GROUP BY member"
        return [(MemberId(r[0]), r[1]) for r in self._all(sql, kind)]

    def epoch_secrets(self) -> list[EpochSecretRow]:
        """Return our epoch keys with their private halves."""
        rows = self._all("SELECT key_id, wrapped, not_before, not_after, published FROM epoch_secret")
        return [
            EpochSecretRow(
                key_id=r[0],
                secret=self._box.unwrap(r[1], r[0]),
                not_before=Micros(r[2]),
                not_after=Micros(r[3]),
                published=r[4],
            )
            for r in rows
        ]

    def acts(self) -> list[bytes]:
        """Return the charter's acts in their order."""
        return [r[0] for r in self._all("SELECT data FROM act ORDER BY n")]

    def evidence(self) -> list[tuple[str, str, bytes, Micros]]:
        """Return what proves somebody wrong: kind, subject, bytes, when."""
        rows = self._all("SELECT kind, subject, data, at FROM evidence ORDER BY id")
        return [(r[0], r[1], r[2], Micros(r[3])) for r in rows]

    def attachment(self, item: ItemId, root: str) -> tuple[int, bool] | None:
        """Return how many parts a file has, and whether all of it came."""
        found = self._first("SELECT parts, complete FROM attachment WHERE item_id = ? AND root = ?", item, root)
        return None if found is None else (int(found[0]), bool(found[1]))

    def part_numbers(self, item: ItemId, root: str) -> set[int]:
        """Return which parts of a file are here."""
        return {r[0] for r in self._all("SELECT n FROM part WHERE item_id = ? AND root = ?", item, root)}

    def part(self, item: ItemId, root: str, n: int) -> bytes | None:
        """Return one part of a file."""
        sql = (
            "SELECT sealed, wrapped FROM part p JOIN item_key k ON k.item_id = p.item_id"
            " WHERE p.item_id = ? AND root = ? AND n = ?"
        )
        found = self._first(sql, item, root, n)
        if found is None:
            return None
        return open_part(self._box.unwrap(found[1], item), n + 1, found[0], f"{item}/{root}")

    def part_deliveries(self, member: MemberId) -> list[tuple[ItemId, str, int, int]]:
        """Return which files are on their way to a member: item, root, next part, parts."""
        sql = "SELECT item_id, root, next, parts FROM part_delivery WHERE member = ? ORDER BY rowid"
        return [(ItemId(r[0]), r[1], int(r[2]), int(r[3])) for r in self._all(sql, member)]

    def frames_at(self, at: Micros, since: Micros) -> list[tuple[MemberId, bytes]]:
        """Return each member's newest frame of a span of time."""
        sql = "SELECT member, seq, sealed, max(at) FROM frame WHERE at <= ? AND at >= ? GROUP BY member"
        rows = self._all(sql, at, since)
        return [(MemberId(r[0]), self._box.unwrap(r[2], f"frame/{r[0]}/{r[1]}")) for r in rows]

    def last_frame(self, member: MemberId) -> int:
        """Return the number of a member's newest frame; 0 before the first."""
        found = self._first("SELECT max(seq) FROM frame WHERE member = ?", member)[0]
        return 0 if found is None else int(found)

    def alarms(self) -> list[AlarmRow]:
        """Return the alarms that have not ended, the newest first."""
        rows = self._all("SELECT reason, subject, detail, at FROM alarm WHERE ended IS NULL ORDER BY at DESC")
        return [AlarmRow(reason=r[0], subject=r[1], detail=r[2], at=Micros(r[3])) for r in rows]

    def count(self, table: str) -> int:
        """Return how many rows one of our tables has."""
        if not table.isidentifier():
            raise ValueError(table)
        return int(self._first(f"SELECT count(*) FROM {table}")[0])  # noqa: S608 - an identifier, checked

    def meta(self, key: str) -> str | None:
        """Return a small value by its name."""
        found = self._first("SELECT value FROM meta WHERE key = ?", key)
        return None if found is None else found[0]


def _item_row(fields: Sequence[Any]) -> ItemRow:
    admission, item, c, ref, author, kind, kind_v, at, precedence, tlp, received, mine, state = fields
    return ItemRow(
        admission=admission,
        id=ItemId(item),
        c=Commitment(c),
        ref=ref,
        author=MemberId(author),
        kind=kind,
        kind_v=kind_v,
        at=Micros(at),
        precedence=precedence,
        tlp=tlp,
        received=Micros(received),
        mine=bool(mine),
        state=state,
    )


def _tick_row(fields: Sequence[Any] | None) -> TickRow | None:
    if fields is None:
        return None
    number, leaf_index, root, secret, tick_path = fields
    return TickRow(number=number, leaf_index=leaf_index, root=root, secret=secret, tick_path=tick_path)
