"""Items, sealed under a key each, and what is found by them: controls, facts, citations, an officer's admissions.

A purge leaves id, c, ref, author and the stub; the key is overwritten where it stood.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import UNSET

from quartet.core.encoding import encode
from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.core.statement import Citation, reference
from quartet.core.verify import Verified
from quartet.store import hot
from quartet.store.records import ControlOf, DraftRow, ItemState, StoredItem
from quartet.store.rows import Reads, Row, Writes
from quartet.store.sealing import DESTROYED, join, open_sealed, seal, split

_COLUMNS: Final = (
    "admission, id, c, ref, author, kind, kind_v, at, precedence, tlp, epoch, state, received, stub, sealed, wrapped"
)
_ITEM: Final = "SELECT " + _COLUMNS + " FROM item JOIN item_key ON n = admission"
_NEXT_SEQ: Final = "SELECT coalesce(max(seq), 0) + 1 FROM admission WHERE viewer = ?"


class ItemReads(Reads):
    """Reads items; each raises `Untrusted("damaged")` naming an item that does not open."""

    def item(self, item: ItemId) -> StoredItem | None:
        """Return the item, or None if it never came."""
        cache = self._cache
        if cache is None:
            return self._first(_ITEM + " WHERE id = ?", (item,))
        found = cache.get(item)
        if found is None:
            age = cache.age
            found = self._first(_ITEM + " WHERE id = ?", (item,))
            if found is not None:
                cache.put(found, age)
        return found

    def by_c(self, c: Commitment) -> StoredItem | None:
        """Return the item with this commitment."""
        return self._first(_ITEM + " WHERE c = ?", (c,))

    def by_ref(self, ref: str) -> list[StoredItem]:
        """Return the items that people call `ref`: mostly one."""
        return self._open_all(self._rows(_ITEM + " WHERE ref = ? ORDER BY admission", (ref.upper(),)))

    def has(self, item: ItemId) -> bool:
        """Return whether the item came, purged or not."""
        return self._one("SELECT 1 FROM item WHERE id = ?", (item,)) is not None

    def items(
        self,
        after: int = 0,
        limit: int = 100,
        *,
        author: MemberId | None = None,
        kind: str | None = None,
        newest_first: bool = False,
        before: int | None = None,
    ) -> list[StoredItem]:
        """Return items by admission, those after `after` and before `before`."""
        where, values = ["admission > ?"], [after]
        for test, value in (("author = ?", author), ("kind = ?", kind), ("admission < ?", before)):
            if value is not None:
                where.append(test)
                values.append(value)  # type: ignore[arg-type]
        order = " ORDER BY admission DESC LIMIT ?" if newest_first else " ORDER BY admission LIMIT ?"
        return self._open_all(self._rows(_ITEM + " WHERE " + " AND ".join(where) + order, (*values, limit)))

    def count_items(self) -> int:
        """Return how many items are here, stubs included."""
        return self._number("SELECT count(*) FROM item")

    def controls_of(self, item: ItemId) -> list[ControlOf]:
        """Return the controls that the item carries, its own first; also of a purged one."""
        sql = "SELECT control, controller, own FROM item_control" + _OF_ITEM + " ORDER BY own DESC, control"
        return [ControlOf(c, MemberId(m), bool(own)) for c, m, own in self._rows(sql, (item,))]

    def items_carrying(self, controls: Iterable[ControlId]) -> list[ItemId]:
        """Return the items, stubs included, that carry any of the controls."""
        sql = "SELECT DISTINCT id FROM item JOIN item_control ON item = admission WHERE control IN (:each)"
        return _unique(self._for_each(sql, controls))

    def facts_on(self, controls: Iterable[ControlId]) -> list[StoredItem]:
        """Return the facts that touch any of the controls, in the order of their admission."""
        sql = _ITEM + " WHERE admission IN (SELECT item FROM fact_control WHERE control IN (:each))"
        found = {row[0]: row for row in self._for_each(sql, controls)}
        return self._open_all([found[n] for n in sorted(found)])

    def all_facts(self) -> list[StoredItem]:
        """Return every fact that touches a control, in the order of their admission."""
        return self._open_all(
            self._rows(_ITEM + " WHERE admission IN (SELECT item FROM fact_control) ORDER BY admission")
        )

    def citing(self, targets: Iterable[str]) -> list[ItemId]:
        """Return the items that cite any of these items or controls."""
        sql = "SELECT DISTINCT id FROM item JOIN citation ON item = admission WHERE target IN (:each)"
        return _unique(self._for_each(sql, targets))

    def sent_to(self, controls: Iterable[ControlId]) -> frozenset[MemberId]:
        """Return the members to whom an item that carries any of the controls was ever sent."""
        sql = (
            "SELECT DISTINCT member FROM delivery JOIN item_control ON delivery.item = item_control.item"
            " WHERE sent IS NOT NULL AND control IN (:each)"
        )
        return frozenset(MemberId(row[0]) for row in self._for_each(sql, controls))

    def missing_paths(self, author: MemberId, after: int = 0, limit: int = 500) -> list[StoredItem]:
        """Return the author's items, admitted after `after`, of which no path came."""
        sql = " WHERE author = ? AND admission > ? AND c NOT IN (SELECT c FROM path) ORDER BY admission LIMIT ?"
        return self._open_all(self._rows(_ITEM + sql, (author, after, limit)))

    def admitted(self, viewer: str, after: int = 0, limit: int = 100) -> list[tuple[int, ItemId]]:
        """Return what the viewer was shown after her number `after`: her own number, and the item."""
        sql = "SELECT seq, id FROM admission JOIN item ON item = item.admission WHERE viewer = ? AND seq > ? ORDER BY seq LIMIT ?"
        return [(seq, ItemId(item)) for seq, item in self._rows(sql, (viewer, after, limit))]

    def drafts(self, officer: str) -> list[DraftRow]:
        """Return what the officer has not sent yet, newest first."""
        sql = "SELECT draft.n, id, officer, at, sealed, wrapped FROM draft JOIN item_key ON draft.n = item_key.n"
        rows = self._rows(sql + " WHERE officer = ? ORDER BY draft.n DESC", (officer,))
        return [self._draft(*row[1:]) for row in rows]

    def _draft(self, name: str, officer: str, at: int, sealed: bytes, wrapped: bytes) -> DraftRow:
        place = f"draft {name}"
        return DraftRow(name, officer, Micros(at), open_sealed(self._sealer.unwrap(wrapped, place), sealed, place))

    def _first(self, sql: str, values: Sequence[Any]) -> StoredItem | None:
        row = self._one(sql, values)
        return None if row is None else self._open(row)

    def _open_all(self, rows: list[Row]) -> list[StoredItem]:
        return [self._open(row) for row in rows]

    def _open(self, row: Row) -> StoredItem:
        *fields, state, received, stub, sealed, wrapped = row
        signed, control = b"", None
        if sealed is not None:
            place = place_of(fields[1], fields[2])
            try:
                signed, control = split(open_sealed(self._sealer.unwrap(wrapped, place), sealed, place))
            except Untrusted as error:
                raise Untrusted("damaged", f"item {fields[3]}") from error
        (number, item, c, ref, author, kind, kind_v, at, precedence, tlp, epoch) = fields
        return StoredItem(
            admission=number,
            id=item,
            c=c,
            ref=ref,
            author=author,
            kind=kind,
            kind_v=kind_v,
            at=at,
            precedence=precedence,
            tlp=tlp,
            epoch=epoch,
            state=ItemState(state),
            received=received,
            signed=signed,
            control=control,
            stub=stub,
        )


_OF_ITEM: Final = " WHERE item = (SELECT admission FROM item WHERE id = ?)"


class ItemWrites(Writes):
    """Writes items."""

    def put_item(
        self,
        item: Verified,
        received: Micros,
        *,
        state: ItemState = ItemState.VERIFIED,
        touches: Iterable[ControlId] = (),
    ) -> bool:
        """Keep an item and return whether it is new; `touches` are the controls that a fact is about.

        The same id with another commitment raises `Untrusted("second-commitment")` and is kept as evidence.
        """
        known = self._item_row(item.id)
        if known is not None:
            if known[1] != item.c:
                self._second_commitment(item, received)
            return False
        number = self._next_key()
        self._own.items[item.id] = (number, item.c)
        self._add(hot.PUT_ITEM, self._sealed_row(number, item, received, state))
        for control in item.controls:
            own = item.own is not None and control.id == item.own.id
            self._add(hot.PUT_CONTROL, (control.id, number, control.control.controller, int(own)))
        for touched in touches:
            self._add(hot.PUT_FACT, (touched, number, item.statement.kind))
        for cite in item.statement.cites:
            self._add(hot.PUT_CITATION, (_cited(cite), number))
        return True

    def set_state(self, item: ItemId, state: ItemState) -> None:
        """Say what became of an item; a purged one stays so."""
        sql = "UPDATE item SET state = ? WHERE id = ? AND state <> 'purged'"
        self._run(sql, (state, item))
        self._own.stale.add(item)

    def admit(self, viewer: str, item: ItemId) -> int:
        """Give the item the viewer's next number, or return the one that it has."""
        number = self._admission(item)
        self._settle()
        row = self._ask("SELECT seq FROM admission WHERE viewer = ? AND item = ?", (viewer, number))
        if row is not None:
            return int(row[0])
        last = self._ask(_NEXT_SEQ, (viewer,))
        seq = int(last[0]) if last else 1
        self._run("INSERT INTO admission (viewer, seq, item) VALUES (?, ?, ?)", (viewer, seq, number))
        return seq

    def save_draft(self, name: str, officer: str, at: Micros, data: bytes, quotes: Iterable[ItemId] = ()) -> None:
        """Keep what an officer has not sent yet, in place of the draft of this name; `quotes` are items it carries."""
        self.drop_draft(name)
        number = self._next_key()
        place = f"draft {name}"
        key, wrapped = self._group.sealer.new_key(place)
        self._run("INSERT INTO item_key (n, wrapped) VALUES (?, ?)", (number, wrapped))
        sql = "INSERT INTO draft (n, id, officer, at, sealed) VALUES (?, ?, ?, ?, ?)"
        self._run(sql, (number, name, officer, at, seal(key, data, place)))
        for item in quotes:
            row = (self._admission(item), number)
            self._run("INSERT INTO draft_quote (item, draft) VALUES (?, ?) ON CONFLICT DO NOTHING", row)

    def drop_draft(self, name: str) -> None:
        """Destroy a draft; none of that name is well too."""
        self._settle()
        rows = self._group.connection.execute("SELECT n FROM draft WHERE id = ?", (name,)).fetchall()
        self._drop_drafts([row[0] for row in rows])

    def purge(self, item: ItemId, stub: bytes) -> bool:
        """Destroy the item, its attachments and every draft that quotes it, and return whether there was something.

        What is left in the write-ahead log goes after the commit; `Store.scrubbed` waits for that.
        """
        number = self._admission(item)
        self._settle()
        quoting = self._group.connection.execute("SELECT draft FROM draft_quote WHERE item = ?", (number,)).fetchall()
        self._drop_drafts([row[0] for row in quoting])
        changed = self._run(_PURGE, (stub, number))
        self._run("UPDATE item_key SET wrapped = ? WHERE n = ?", (DESTROYED, number))
        for table in ("part", "attachment_delivery", "attachment", "citation"):
            self._run(f"DELETE FROM {table} WHERE item = ?", (number,))
        self._own.stale.add(item)
        self._own.scrub = True
        return changed > 0

    def _drop_drafts(self, numbers: list[int]) -> None:
        for number in numbers:
            self._run("UPDATE item_key SET wrapped = ? WHERE n = ?", (DESTROYED, number))
            self._run("DELETE FROM draft_quote WHERE draft = ?", (number,))
            self._run("DELETE FROM draft WHERE n = ?", (number,))
            self._own.scrub = True

    def _sealed_row(self, number: int, item: Verified, received: Micros, state: ItemState) -> Row:
        place = place_of(item.id, item.c)
        key, wrapped = self._group.sealer.new_key(place)
        self._add(hot.PUT_KEY, (number, wrapped))
        control = None if item.own is None else encode(item.own.sealed)
        sealed = seal(key, join(item.signed, control), place)
        said = item.statement
        ref = reference(said.member, item.id)
        columns = (said.member, said.kind, said.kind_v, said.at, said.precedence, said.marking.tlp, said.epoch)
        return (number, item.id, item.c, ref, *columns, state, received, sealed)

    def _next_key(self) -> int:
        number = self._group.numbers.key
        self._group.numbers.key += 1
        return number

    def _item_row(self, item: ItemId) -> tuple[int, str] | None:
        found = self._own.items.get(item) or self._group.known.items.get(item)
        if found is not None:
            return found
        row = self._ask("SELECT admission, c FROM item WHERE id = ?", (item,))
        return None if row is None else (row[0], row[1])

    def _admission(self, item: ItemId) -> int:
        row = self._item_row(item)
        if row is None:
            raise KeyError(f"no item {item}")
        return row[0]

    def _second_commitment(self, item: Verified, at: Micros) -> None:
        row = ("second-commitment", item.id, item.signed, at)
        self._group.known.rows.setdefault(hot.PUT_EVIDENCE, []).append(row)
        raise Untrusted("second-commitment", f"item {reference(item.statement.member, item.id)} with other signatures")


_PURGE: Final = (
    "UPDATE item SET state = 'purged', kind = '', kind_v = 0, at = 0, precedence = '', tlp = '', epoch = 0,"
    " sealed = NULL, stub = ? WHERE admission = ? AND state <> 'purged'"
)


def place_of(item: str, c: str) -> str:
    """Return what an item's key and content are bound to."""
    return f"item {item} {c}"


def _cited(cite: Citation) -> str:
    return str(cite.control if cite.item is UNSET else cite.item)


def _unique(rows: list[Row]) -> list[ItemId]:
    return list(dict.fromkeys(ItemId(row[0]) for row in rows))
