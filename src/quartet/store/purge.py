"""Destroy items, and the drafts that quote them: keys first, where they stand, then everything that they opened.

A wrapped key is overwritten by as many zeros, which SQLite does in place. What is left in the write-ahead log goes
after the commit, as soon as readers let it (`Store.scrub`).
"""

from collections.abc import Iterable
from typing import Final

from quartet.core.ids import ItemId, Micros
from quartet.store.proven import ProvenReads, ProvenWrites
from quartet.store.records import DraftRow
from quartet.store.sealing import DESTROYED, open_sealed, seal

PURGE: Final = (
    "UPDATE item SET state = 'PURGED', kind = '', kind_v = 0, at = 0, precedence = '', tlp = '', epoch = 0,"
    " sealed = NULL, stub = ?, purged_at = ? WHERE admission = ? AND state <> 'PURGED'"
)
GOES: Final = tuple(
    "DELETE FROM " + table + " WHERE item = ?"
    for table in ("part", "part_delivery", "attachment", "citation", "telling", "on_record")
)
_DESTROY: Final = "UPDATE item_key SET wrapped = ? WHERE n = ?"


class DraftReads(ProvenReads):
    """Reads drafts."""

    def drafts(self, officer: str) -> list[DraftRow]:
        """Return what an officer has not sent yet, newest first."""
        sql = "SELECT id, at, sealed, wrapped FROM draft JOIN item_key ON draft.n = item_key.n WHERE officer = ?"
        found = []
        for name, at, sealed, wrapped in self._all(sql + " ORDER BY draft.n DESC", officer):
            key = self._sealer.unwrap(wrapped, f"draft {name}")
            found.append(DraftRow(id=name, officer=officer, at=at, data=open_sealed(key, sealed, f"draft {name}")))
        return found


class PurgeWrites(ProvenWrites):
    """Writes drafts, and destroys."""

    def purge(self, item: ItemId, stub: bytes, at: Micros) -> bool:
        """Destroy an item's key, contents, files and the drafts that quote it; leave a stub.

        Return whether there was anything to destroy.
        """
        known = self._known(item)
        if known is None:
            return False
        number = known[0]
        self._drop_drafts(row[0] for row in self._ask_all("SELECT draft FROM draft_quote WHERE item = ?", number))
        self._do(_DESTROY, DESTROYED, number)
        gone = self._do(PURGE, stub, at, number)
        for sql in GOES:
            self._do(sql, number)
        self._do("DELETE FROM recall WHERE item_id = ?", item)
        self._own.scrub = True
        return gone > 0

    def save_draft(self, name: str, officer: str, at: Micros, data: bytes, quotes: Iterable[ItemId] = ()) -> None:
        """Keep what an officer has not sent yet, in place of the draft of this name; `quotes` are items it carries."""
        self.drop_draft(name)
        number, place = self._next_key(), f"draft {name}"
        key, wrapped = self._group.sealer.new_key(place)
        self._do("INSERT INTO item_key (n, wrapped) VALUES (?, ?)", number, wrapped)
        sql = "INSERT INTO draft (n, id, officer, at, sealed) VALUES (?, ?, ?, ?, ?)"
        self._do(sql, number, name, officer, at, seal(key, data, place))
        rows = [(self._admission(item), number) for item in quotes]
        self._do_many("INSERT INTO draft_quote (item, draft) VALUES (?, ?) ON CONFLICT DO NOTHING", rows)

    def drop_draft(self, name: str) -> None:
        """Destroy a draft; if there is none of that name, that is well too."""
        self._drop_drafts(row[0] for row in self._ask_all("SELECT n FROM draft WHERE id = ?", name))

    def _drop_drafts(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._do(_DESTROY, DESTROYED, number)
            self._do("DELETE FROM draft_quote WHERE draft = ?", number)
            self._do("DELETE FROM draft WHERE n = ?", number)
            self._own.scrub = True
