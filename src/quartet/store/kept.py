"""The rows by which others are found, one by one, for `verify`: queues, indexes, deliveries, what was destroyed.

A row that is not of its shape, or a page that SQLite cannot read, raises `Untrusted("damaged")` and names the table.
"""

import sqlite3
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.store.attachments import AttachmentReads


class Kept(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A row with its columns in their order."""


class KeptCommitment(Kept, frozen=True):
    """A commitment of ours, in a tick or waiting for one."""

    n: int
    c: Commitment
    what: str


class KeptSpan(Kept, frozen=True):
    """Which commitments a tick took: from `first` up to, not including, `end`."""

    number: int
    first: int
    end: int


class KeptPurge(Kept, frozen=True):
    """What stays of an item that was destroyed; `blank` where its row says nothing more of it."""

    admission: int
    id: ItemId
    c: Commitment
    ref: str
    author: MemberId
    mine: int
    blank: int
    stub: bytes | None
    wrapped: bytes | None
    open: int


class KeptFactControl(Kept, frozen=True):
    """A fact, and a control that it is about."""

    admission: int
    control: ControlId
    kind: str


class KeptDelivery(Kept, frozen=True):
    """How an item stands with a member; `batch` is the one whose receipt gives the `answer`."""

    id: ItemId
    member: MemberId
    batch: int | None
    answer: str | None
    sent: int | None


class KeptMade(Kept, frozen=True):
    """In which batch of ours an item's receipt is."""

    id: ItemId
    batch: int


class KeptProof(Kept, frozen=True):
    """What proves since when a word about an item is on record."""

    id: ItemId
    item_c: Commitment
    author: MemberId
    kind: str
    about: MemberId
    c: Commitment
    receipt: bytes
    proof: bytes


class KeptEpochSecret(Kept, frozen=True):
    """An epoch key of ours; the private half is zeros once it is gone."""

    key_id: str
    wrapped: bytes
    not_before: Micros
    not_after: Micros
    gone: int
    published: bytes


class KeptEvidence(Kept, frozen=True):
    """What proves somebody wrong."""

    n: int
    kind: str
    subject: str
    data: bytes


K = TypeVar("K", bound=Kept)


class KeptReads(AttachmentReads):
    """Reads them."""

    def every_commitment(self) -> Iterator[KeptCommitment]:
        """Yield every commitment of ours."""
        return self._each("commitment", "SELECT n, c, what FROM commitment ORDER BY n", KeptCommitment)

    def every_span(self) -> Iterator[KeptSpan]:
        """Yield which commitments each tick of ours took."""
        return self._each("tick", "SELECT number, first_n, end_n FROM tick ORDER BY leaf_index", KeptSpan)

    def every_purge(self) -> Iterator[KeptPurge]:
        """Yield what stays of each item that was destroyed."""
        sql = "SELECT admission, id, c, ref, author, mine,"
        sql += " kind = '' AND kind_v = 0 AND at = 0 AND precedence = '' AND tlp = '' AND epoch = 0,"
        sql += " stub, wrapped, sealed IS NOT NULL FROM item"
        sql += " LEFT JOIN item_key ON n = admission WHERE state = 'PURGED' ORDER BY admission"
        return self._each("item", sql, KeptPurge)

    def every_fact_control(self) -> Iterator[KeptFactControl]:
        """Yield every fact with what it is about."""
        sql = "SELECT item, control, kind FROM fact_control ORDER BY item, control"
        return self._each("fact_control", sql, KeptFactControl)

    def cited_by(self, admission: int) -> set[str]:
        """Return what an item cites, as it is found by."""
        return {row[0] for row in self._all("SELECT cited FROM citation WHERE item = ?", admission)}

    def every_delivery(self) -> Iterator[KeptDelivery]:
        """Yield how each item stands with each member."""
        sql = "SELECT id, member, batch, answer, sent FROM delivery JOIN item ON item = admission"
        return self._each("delivery", sql, KeptDelivery)

    def every_made(self) -> Iterator[KeptMade]:
        """Yield in which batch of ours each item's receipt is."""
        return self._each("made_receipt", "SELECT item_id, batch FROM made_receipt", KeptMade)

    def every_proof(self) -> Iterator[KeptProof]:
        """Yield what proves since when items, and receipts for them, are on record."""
        sql = "SELECT id, item.c, author, kind, about, r.c, receipt, proof FROM on_record AS r"
        return self._each("on_record", sql + " JOIN item ON item = admission ORDER BY item, about", KeptProof)

    def every_epoch_secret(self) -> Iterator[KeptEpochSecret]:
        """Yield every epoch key of ours, as it is kept."""
        sql = "SELECT key_id, wrapped, not_before, not_after, gone, published FROM epoch_secret ORDER BY n"
        return self._each("epoch_secret", sql, KeptEpochSecret)

    def epoch_secret_opens(self, kept: KeptEpochSecret) -> None:
        """Raise `Untrusted("damaged")` unless the private half opens, or is destroyed where it is gone."""
        if not kept.gone:
            self._sealer.unwrap(kept.wrapped, f"epoch {kept.key_id}")
        elif any(kept.wrapped):
            raise Untrusted("damaged", f"epoch key {kept.key_id[:8]} is gone and still there")

    def every_evidence(self) -> Iterator[KeptEvidence]:
        """Yield what proves somebody wrong."""
        return self._each("evidence", "SELECT n, kind, subject, data FROM evidence ORDER BY n", KeptEvidence)

    def opened(self, sealed: bytes, place: str) -> bytes:
        """Return what is sealed under the store key for a place, or raise `Untrusted("damaged")`."""
        return self._sealer.unwrap(sealed, place)

    def strays(self) -> list[str]:
        """Return the tables with rows that point to a row that is not there."""
        found = {row[0] for row in self._all("PRAGMA foreign_key_check")}
        for table in ("leaf", "checkpoint", "cosignature", "path"):
            if self._first(f"SELECT 1 FROM {table} WHERE log NOT IN (SELECT n FROM log) LIMIT 1") is not None:
                found.add(table)
        return sorted(found)

    def controls_kept(self, admission: int) -> set[tuple[ControlId, int]]:
        """Return the controls by which an item is found, and whether each is its own."""
        rows = self._all("SELECT control, own FROM item_control WHERE item = ?", admission)
        return {(ControlId(row[0]), int(row[1])) for row in rows}

    def draft_officers(self) -> list[str]:
        """Return who has drafts."""
        return [row[0] for row in self._all("SELECT DISTINCT officer FROM draft ORDER BY officer")]

    def files(self) -> list[tuple[ItemId, str, int, bool]]:
        """Return every file that goes with an item: its SHA-256, how many parts it has, whether all came."""
        sql = "SELECT id, root, parts, complete FROM attachment JOIN item ON item = admission ORDER BY admission, root"
        return [(ItemId(r[0]), r[1], int(r[2]), bool(r[3])) for r in self._all(sql)]

    def _each(self, table: str, sql: str, kind: type[K], *values: object) -> Iterator[K]:
        try:
            with self._connect() as connection:
                for row in connection.execute(sql, values):
                    yield msgspec.convert(row, kind, builtin_types=(bytes,))
        except msgspec.ValidationError as error:
            raise Untrusted("damaged", f"a row of {table}: {error}") from error
        except sqlite3.Error as error:
            raise Untrusted("damaged", f"table {table}: {error}") from error
