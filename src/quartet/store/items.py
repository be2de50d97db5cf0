"""Items, sealed under a key each, and what is found by them: controls, facts, citations, recalls, admissions.

A purge leaves id, c, ref, author and the stub; the key is overwritten where it stood.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.store import hot
from quartet.store.records import ItemRow, NewItem, StoredItem
from quartet.store.rows import Reads, Row, Writes
from quartet.store.sealing import join, open_sealed, seal, split

EVIDENCE: Final = "evidence"
"""For which place refused bytes are sealed: they may hold a text."""
_ROW: Final = "admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, received, mine, state"
_OF_ITEM: Final = " WHERE item = (SELECT admission FROM item WHERE id = ?)"


class ItemReads(Reads):
    """Reads items."""

    def item(self, item: ItemId) -> StoredItem | None:
        """Return an item with its contents, or None where it is unknown or purged. Raise `Untrusted("damaged")`."""
        sql = "SELECT " + _ROW + ", sealed, wrapped FROM item JOIN item_key ON n = admission WHERE id = ?"
        found = self._first(sql + " AND sealed IS NOT NULL", item)
        if found is None:
            return None
        *fields, sealed, wrapped = found
        row = item_row(fields)
        place = place_of(row.id, row.c)
        try:
            signed, control = split(open_sealed(self._sealer.unwrap(wrapped, place), sealed, place))
        except Untrusted as error:
            raise Untrusted("damaged", f"item {row.ref} cannot be opened") from error
        return StoredItem(row=row, signed=signed, control=control)

    def row(self, item: ItemId) -> ItemRow | None:
        """Return an item's row, purged ones too."""
        found = self._first("SELECT " + _ROW + " FROM item WHERE id = ?", item)
        return None if found is None else item_row(found)

    def rows(self, items: Iterable[ItemId]) -> dict[ItemId, ItemRow]:
        """Return the rows of those of `items` that are known, purged ones too."""
        found = self._for_each("SELECT " + _ROW + " FROM item WHERE id IN (:each)", items)
        return {ItemId(row[1]): item_row(row) for row in found}

    def by_ref(self, ref: str) -> list[ItemId]:
        """Return the items that people call so (more than one is a rare chance)."""
        return [ItemId(r[0]) for r in self._all("SELECT id FROM item WHERE ref = ? ORDER BY admission", ref)]

    def last_admission(self) -> int:
        """Return the newest admission; 0 before the first."""
        found = self._first("SELECT max(admission) FROM item")
        return 0 if found is None else int(found[0] or 0)

    def by_c(self, c: Commitment) -> ItemRow | None:
        """Return the row of the item with this commitment."""
        found = self._first("SELECT " + _ROW + " FROM item WHERE c = ?", c)
        return None if found is None else item_row(found)

    def authors(self, cs: Iterable[Commitment]) -> dict[Commitment, MemberId]:
        """Return who said the items with these commitments, of those that are known."""
        found = self._for_each("SELECT c, author FROM item WHERE c IN (:each)", cs)
        return {Commitment(c): MemberId(author) for c, author in found}

    def items(
        self,
        after: int,
        limit: int,
        author: str | None = None,
        kind: str | None = None,
        *,
        precedence: str | None = None,
        newest: bool = False,
    ) -> list[ItemRow]:
        """Return items in the order of their admission after one; or newest first, before one (0: from the end)."""
        where = "admission < ?" if newest else "admission > ?"
        values: list[object] = [after or 2**62 if newest else after]
        for column, value in (("author", author), ("kind", kind), ("precedence", precedence)):
            if value is not None:
                where += f" AND {column} = ?"
                values.append(value)
        order = " ORDER BY admission DESC LIMIT ?" if newest else " ORDER BY admission LIMIT ?"
        return [item_row(r) for r in self._all("SELECT " + _ROW + " FROM item WHERE " + where + order, *values, limit)]

    def held(self) -> list[ItemRow]:
        """Return what was kept without being understood, in the order of its admission."""
        return [item_row(r) for r in self._all("SELECT " + _ROW + " FROM item WHERE state = 'HELD' ORDER BY admission")]

    def at_admissions(self, admissions: Iterable[int]) -> dict[int, ItemRow]:
        """Return the rows of those admissions that are known, purged ones too."""
        found = self._for_each("SELECT " + _ROW + " FROM item WHERE admission IN (:each)", admissions)
        return {int(row[0]): item_row(row) for row in found}

    def last_received(self) -> Micros:
        """Return when the newest item was taken; 0 before there is one."""
        found = self._first("SELECT received FROM item ORDER BY admission DESC LIMIT 1")
        return Micros(0 if found is None else found[0])

    def stub(self, item: ItemId) -> bytes | None:
        """Return what is left of a purged item."""
        found = self._first("SELECT stub FROM item WHERE id = ?", item)
        return None if found is None else found[0]

    def purged_at(self, item: ItemId) -> Micros | None:
        """Return when an item was purged here, or None."""
        found = self._first("SELECT purged_at FROM item WHERE id = ?", item)
        return None if found is None else found[0]

    def items_carrying(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the items, purged ones too, that carry any of these controls."""
        sql = "SELECT DISTINCT id FROM item JOIN item_control ON item = admission WHERE control IN (:each)"
        return _unique(self._for_each(sql, controls))

    def feeds_under(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the feeds, purged ones too, whose own controls are among these: not what was made of them."""
        sql = (
            "SELECT DISTINCT id FROM item JOIN item_control ON item = admission"
            " WHERE kind = 'feed' AND own = 1 AND control IN (:each)"
        )
        return _unique(self._for_each(sql, controls))

    def facts_on(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the facts that are about any of these controls."""
        sql = "SELECT DISTINCT id FROM item JOIN fact_control ON item = admission WHERE control IN (:each)"
        return _unique(self._for_each(sql, controls))

    def all_facts(self) -> list[ItemId]:
        """Return every fact about a control, in the order of admission."""
        sql = "SELECT id FROM item WHERE admission IN (SELECT item FROM fact_control) ORDER BY admission"
        return _unique(self._all(sql))

    def controls_of(self, item: ItemId) -> list[tuple[ControlId, bool]]:
        """Return the controls of an item, its own first; they stay after a purge."""
        sql = "SELECT control, own FROM item_control" + _OF_ITEM + " ORDER BY own DESC, control"
        return [(ControlId(r[0]), bool(r[1])) for r in self._all(sql, item)]

    def citing(self, cited: str) -> list[ItemId]:
        """Return the items that cite an item or control."""
        return _unique(self._all("SELECT id FROM item JOIN citation ON item = admission WHERE cited = ?", cited))

    def recalls_pending(self) -> list[tuple[ItemId, ItemId, Micros]]:
        """Return the items that must still be destroyed here: item, fact, since when."""
        rows = self._all("SELECT item_id, fact_id, at FROM recall ORDER BY at, item_id")
        return [(ItemId(r[0]), ItemId(r[1]), Micros(r[2])) for r in rows]

    def verdicts(self) -> dict[ItemId, str]:
        """Return which facts were judged to be on record in time (TIMELY), and which not (LATE)."""
        return {ItemId(r[0]): r[1] for r in self._all("SELECT fact_id, word FROM verdict")}

    def seen_controls(self) -> dict[ControlId, Micros]:
        """Return the controls that were known here before their date, and since when."""
        return {ControlId(r[0]): Micros(r[1]) for r in self._all("SELECT control, at FROM seen")}

    def early(self) -> dict[ItemId, Micros]:
        """Return the statements that came before their date, and when they came."""
        return {ItemId(r[0]): Micros(r[1]) for r in self._all("SELECT id, received FROM item WHERE at > received")}

    def admitted(self, viewer: str, after: int, limit: int) -> list[tuple[int, ItemId]]:
        """Return what a viewer was shown after her number `after`: her own number, and the item."""
        sql = "SELECT seq, id FROM admission AS a JOIN item ON a.item = item.admission WHERE viewer = ? AND seq > ?"
        return [(r[0], ItemId(r[1])) for r in self._all(sql + " ORDER BY seq LIMIT ?", viewer, after, limit)]


class ItemWrites(Writes):
    """Writes items."""

    def lower_flash(self, item: ItemId) -> None:
        """Have an item be IMMEDIATE here that its author said as FLASH."""
        self._do("UPDATE item SET precedence = 'IMMEDIATE' WHERE id = ? AND precedence = 'FLASH'", item)

    def set_readable(self, items: Iterable[ItemId]) -> None:
        """Note that what was held is understood by now."""
        for item in items:
            self._do("UPDATE item SET state = 'VERIFIED' WHERE id = ? AND state = 'HELD'", item)

    def put_item(self, item: NewItem) -> int | None:
        """Keep a statement; return its admission, or None where it is known.

        Raise `Untrusted("second-commitment")` for a known id with another commitment; it is kept as evidence even so.
        """
        known = self._known(item.id)
        if known is not None:
            if known[1] != item.c:
                self._second_commitment(item)
            return None
        number = self._next_key()
        place = place_of(item.id, item.c)
        key, wrapped = self._group.sealer.new_key(place)
        sealed = seal(key, join(item.signed, item.control), place)
        self._own.items[item.id] = (number, item.c, item.mine)
        self._add(hot.PUT_ITEM, _columns(number, item, sealed))
        self._add(hot.PUT_KEY, (number, wrapped))
        for control in item.controls:
            self._add(hot.PUT_CONTROL, (control, number, int(control == item.own_control)))
        for touched in item.facts_on:
            self._add(hot.PUT_FACT, (touched, number, item.kind))
        for cited in item.cites:
            self._add(hot.PUT_CITATION, (cited, number))
        return number

    def put_recall(self, item: ItemId, fact: ItemId, at: Micros) -> None:
        """Remember that an item must be destroyed under a recall (or, with the item as its own fact, an expiry)."""
        self._do("INSERT INTO recall (item_id, fact_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", item, fact, at)

    def drop_recall(self, item: ItemId) -> None:
        """Forget that an item must be destroyed: the recall was cancelled."""
        self._do("DELETE FROM recall WHERE item_id = ?", item)

    def put_verdict(self, fact: ItemId, word: str) -> None:
        """Note whether a fact was on record in time, in place of what was thought before."""
        sql = "INSERT INTO verdict (fact_id, word) VALUES (?, ?)"
        self._do(sql + " ON CONFLICT (fact_id) DO UPDATE SET word = excluded.word", fact, word)

    def put_seen(self, control: ControlId, at: Micros) -> None:
        """Note that a control was known at a time; the earliest stays."""
        sql = "INSERT INTO seen (control, at) VALUES (?, ?)"
        self._do(sql + " ON CONFLICT (control) DO UPDATE SET at = min(seen.at, excluded.at)", control, at)

    def admit(self, viewer: str, item: ItemId) -> int:
        """Give an item the viewer's next number, or return the one that it has."""
        number = self._admission(item)
        row = self._ask("SELECT seq FROM admission WHERE viewer = ? AND item = ?", viewer, number)
        if row is not None:
            return int(row[0])
        last = self._ask("SELECT coalesce(max(seq), 0) + 1 FROM admission WHERE viewer = ?", viewer)
        seq = 1 if last is None else int(last[0])
        self._do("INSERT INTO admission (viewer, seq, item) VALUES (?, ?, ?)", viewer, seq, number)
        return seq

    def item_key(self, item: ItemId) -> bytes | None:
        """Return an item's key, or None once it is destroyed."""
        row = self._ask("SELECT id, c, wrapped FROM item JOIN item_key ON n = admission" + _LIVING, item)
        return None if row is None else self._group.sealer.unwrap(row[2], place_of(row[0], row[1]))

    def _next_key(self) -> int:
        number = self._group.numbers.key
        self._group.numbers.key += 1
        return number

    def _known(self, item: ItemId) -> tuple[int, str, bool] | None:
        found = self._own.items.get(item) or self._group.pending.items.get(item)
        if found is not None:
            return found
        row = self._peek("SELECT admission, c, mine FROM item WHERE id = ?", item)
        return None if row is None else (row[0], row[1], bool(row[2]))

    def _admission(self, item: ItemId) -> int:
        known = self._known(item)
        if known is None:
            raise KeyError(f"no item {item}")
        return known[0]

    def _second_commitment(self, item: NewItem) -> None:
        """Leave the evidence with the group, so that it stays when the job is undone."""
        data = self._group.sealer.wrap(item.signed, EVIDENCE)
        row = ("second-commitment", item.id, data, item.received)
        self._group.pending.rows.setdefault(hot.PUT_EVIDENCE, []).append(row)
        raise Untrusted("second-commitment", f"{item.ref} came with two commitments")


_LIVING: Final = " WHERE id = ? AND state <> 'PURGED'"


def place_of(item: str, c: str) -> str:
    """Return what an item's key and content are bound to."""
    return f"item {item} {c}"


def item_row(fields: Sequence[Any]) -> ItemRow:
    """Return the columns of an item as a value."""
    admission, item, c, ref, author, kind, kind_v, at, precedence, tlp, received, mine, state = fields
    return ItemRow(
        admission=admission,
        id=item,
        c=c,
        ref=ref,
        author=author,
        kind=kind,
        kind_v=kind_v,
        at=at,
        precedence=precedence,
        tlp=tlp,
        received=received,
        mine=bool(mine),
        state=state,
    )


def _columns(number: int, item: NewItem, sealed: bytes) -> Row:
    return (
        number,
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
        int(item.mine),
        item.state,
        sealed,
    )


def _unique(rows: list[Row]) -> list[ItemId]:
    return list(dict.fromkeys(ItemId(row[0]) for row in rows))
