"""Change what a member keeps behind its node's back: a bit, a row, two rows exchanged; and say what proves nothing.

Every column of the schema is in `UNPROVEN`, with the reason, or the audit must notice each change to it.
"""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quartet.core.charter import CharterState
from quartet.core.ids import MemberId
from quartet.core.statement import FACT_KINDS
from quartet.node.audit import audit_file
from quartet.node.views import Problem
from quartet.store.schema import metadata

WORK = "what this node still has to do, told to nobody"
NOTE = "a note of this node's own, which nobody else signed or saw"
UNPROVEN: Final[dict[str, str]] = {
    "migration.number": NOTE,
    "migration.name": NOTE,
    "migration.at": NOTE,
    "meta.key": "but how far each log was followed: a line without its name is missed there",
    "meta.value": "but how far each log was followed",
    "item.received": NOTE,
    "item.purged_at": NOTE,
    "item.stub": "but what it names; who may still ask is a note",
    "recall.item_id": WORK,
    "recall.fact_id": WORK,
    "recall.at": WORK,
    **{f"verdict.{c}": NOTE for c in ("fact_id", "word")},
    **{f"seen.{c}": NOTE for c in ("control", "at")},
    "draft.n": WORK,
    "draft.id": WORK,
    "draft.officer": WORK,
    "draft.at": WORK,
    "draft.sealed": WORK,
    "draft_quote.item": WORK,
    "draft_quote.draft": WORK,
    "admission.viewer": NOTE,
    "admission.seq": NOTE,
    "admission.item": NOTE,
    **{f"delivery.{c}": WORK for c in ("lane", "state", "reason", "at", "seq", "sent", "path_sent")},
    "delivery.receipted": NOTE,
    "delivery.purged_at": "the statement of who purged is held, and says it",
    "receipt_batch.path_sent": WORK,
    "receipt_batch.at": NOTE,
    "stream.member": WORK,
    "stream.direction": WORK,
    "stream.state": WORK,
    "epoch_secret.n": "the order of rows",
    "evidence.n": "the order of rows",
    "evidence.kind": NOTE,
    "evidence.subject": NOTE,
    "evidence.at": NOTE,
    **{f"person_log.{c}": NOTE for c in ("n", "at", "officer", "action", "subject", "detail")},
    **{f"alarm.{c}": NOTE for c in ("reason", "subject", "detail", "at", "ended")},
    "attachment.complete": WORK,
    "on_record.since": NOTE + ": the times are read from the proofs",
    **{f"telling.{c}": WORK for c in ("item", "about", "member", "since", "due")},
    **{f"part_delivery.{c}": WORK for c in ("member", "item", "root", "next", "parts")},
}
LEFT_OUT: Final[dict[str, str]] = {
    "checkpoint": "old ones are pruned; a row is missed while a cosignature, or the way of a path, needs it",
    "cosignature": "old ones are pruned, and none need have come",
    "path": "none need have come yet",
    "on_record": "none need have come yet",
    "receipt_batch": "of another: missed while a delivery names it",
    "delivery": "missed while a receipt names it",
    "evidence": "nothing names it",
    "manifest": "an older one is missed where something that it alone proves is held",
    "epoch_secret": "nothing names it",
    "attachment": "missed by nobody: its item names it, and it may not have come",
}
"""Tables of which a row can be taken out with all that names it, as if it had never come; the others miss each row."""

PROVING: Final = {
    "commitment": "n < (SELECT max(end_n) FROM tick)",
    "delivery": "batch IS NOT NULL",
    "part": "n >= 0",
}
"""Which rows prove something: a commitment in a tick, a delivery with a receipt; before that they are work. What a file
keeps below part 0 is the list of its parts' hashes, which the parts give again."""
FACTS: Final = ", ".join(repr(kind) for kind in sorted(FACT_KINDS))
OF_AN_ITEM: Final = (
    "mine = 0 OR EXISTS (SELECT 1 FROM made_receipt AS m JOIN item AS i ON i.id = m.item_id"
    f" WHERE m.batch = receipt_batch.n AND i.mine = 0 AND i.state <> 'PURGED' AND i.kind NOT IN ({FACTS}))"
)
PROVING_COLUMN: Final = {"receipt_batch.member": OF_AN_ITEM}
"""Which rows prove one column. To whom we receipted is proven by an item among it, which only its author sends; facts
go from hand to hand, and a batch of facts alone does not say from whom they came."""


@dataclass(frozen=True)
class Kept:
    """A member's database after an hour's work, and what its auditor is given."""

    file: Path
    master: bytes
    charter: CharterState
    member: MemberId

    def problems(self, file: Path) -> tuple[Problem, ...]:
        return audit_file(file, self.master, self.charter, self.member).problems


class Tampered:
    """A copy of a database in which one thing at a time is changed."""

    def __init__(self, kept: Kept, folder: Path, seed: int) -> None:
        self.kept = kept
        self.file = folder / f"{kept.member}.db"
        self.chance = random.Random(seed)
        shutil.copyfile(kept.file, self.file)
        with closing(sqlite3.connect(self.file)) as db:
            db.execute("PRAGMA journal_mode = DELETE")

    @contextmanager
    def changed(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to change with; everything is as it was afterwards."""
        whole = self.file.read_bytes()
        try:
            with closing(sqlite3.connect(self.file, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = OFF")
                yield db
        finally:
            self.file.write_bytes(whole)

    def rows(self, table: str, column: str = "") -> list[tuple[Any, ...]]:
        """Return the rows of a table that prove something, or of which one column does."""
        with closing(sqlite3.connect(self.file)) as db:
            return rows_of(db, table, column)

    def unnoticed_flips(self, table: str, column: str, count: int) -> list[str]:
        """Change one bit of a column in `count` rows by chance; return what the audit did not notice."""
        columns = columns_of(table)
        at = columns.index(column)
        rows = [row for row in self.rows(table, column) if row[at] not in (None, b"", "")]
        found = []
        for _ in range(count if rows else 0):
            row = self.chance.choice(rows)
            value, where = turned(row[at], self.chance)
            with self.changed() as db:
                if not update(db, table, columns, row, column, value):
                    continue
                if not self.kept.problems(self.file):
                    found.append(f"{self.kept.member}: {table}.{column} {where} of {row!r:.300}")
        return found

    def unnoticed_exchanges(self, table: str, column: str, count: int) -> list[str]:
        """Exchange a column's values between two rows; return what the audit did not notice."""
        columns = columns_of(table)
        at = columns.index(column)
        before = self.rows(table)
        rows = [row for row in self.rows(table, column) if row[at] is not None]
        found = []
        for _ in range(count if len({row[at] for row in rows}) > 1 else 0):
            one = self.chance.choice(rows)
            other = self.chance.choice([row for row in rows if row[at] != one[at]])
            with self.changed() as db:
                if not exchange_values(db, table, columns, column, one, other) or same(before, rows_of(db, table)):
                    continue
                if not self.kept.problems(self.file):
                    found.append(f"{self.kept.member}: {table}.{column} of {one!r:.200} and {other!r:.200}")
        return found

    def unnoticed_losses(self, table: str, count: int) -> list[str]:
        """Take out rows by chance, then all of the last half, then all; return what the audit did not notice."""
        columns, rows, found = columns_of(table), self.rows(table), []
        picked = [[self.chance.choice(rows)] for _ in range(count if rows else 0)]
        for gone in [*picked, rows[len(rows) // 2 :], rows] if rows else []:
            with self.changed() as db:
                for row in gone:
                    db.execute(f"DELETE FROM {table} WHERE {matching(columns)}", row)
                if not self.kept.problems(self.file):
                    found.append(f"{self.kept.member}: {len(gone)} of {len(rows)} {table}: {gone[0]!r:.200}")
        return found


def columns_of(table: str) -> list[str]:
    """Return a table's columns in their order."""
    return [str(column.name) for column in metadata.tables[table].columns]


def proven() -> list[tuple[str, str]]:
    """Return the columns of which each change must be noticed."""
    every = [(str(t.name), str(c.name)) for t in metadata.sorted_tables for c in t.columns]
    return [(table, column) for table, column in every if f"{table}.{column}" not in UNPROVEN]


def rows_of(db: sqlite3.Connection, table: str, column: str = "") -> list[tuple[Any, ...]]:
    """Return the rows of a table that prove something, or of which one column does."""
    which = PROVING_COLUMN.get(f"{table}.{column}", PROVING.get(table, "1"))
    return db.execute(f"SELECT * FROM {table} WHERE {which}").fetchall()


def same(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> bool:
    """Return whether these are the same rows, in whatever order: two that differ in nothing else say the same."""
    return sorted(map(repr, rows)) == sorted(map(repr, others))


def matching(columns: list[str]) -> str:
    return " AND ".join(f"{c} IS ?" for c in columns)


def update(
    db: sqlite3.Connection, table: str, columns: list[str], row: tuple[Any, ...], column: str, value: object
) -> bool:
    """Change a row; return False where the schema itself does not take it."""
    try:
        done = db.execute(f"UPDATE {table} SET {column} = ? WHERE {matching(columns)}", (value, *row))
    except sqlite3.IntegrityError:
        return False
    assert done.rowcount == 1, (table, column)
    return True


def exchange_values(
    db: sqlite3.Connection, table: str, columns: list[str], column: str, one: tuple[Any, ...], other: tuple[Any, ...]
) -> bool:
    at = columns.index(column)
    aside = "\x00aside" if isinstance(one[at], str) else b"\x00aside" if isinstance(one[at], bytes) else -1
    put_aside = (*one[:at], aside, *one[at + 1 :])
    return (
        update(db, table, columns, one, column, aside)
        and update(db, table, columns, other, column, one[at])
        and update(db, table, columns, put_aside, column, other[at])
    )


def turned(value: object, chance: random.Random) -> tuple[object, str]:
    """Return a value with one bit changed (of text: one letter), and where."""
    if isinstance(value, int):
        bit = chance.randrange(40)
        return value ^ (1 << bit), f"bit {bit}"
    if isinstance(value, str):
        n = chance.randrange(len(value))
        letter = chance.choice([c for c in "AB09-_\n /" if c != value[n]])
        return value[:n] + letter + value[n + 1 :], f"letter {n}"
    assert isinstance(value, bytes)
    n, bit = chance.randrange(len(value)), chance.randrange(8)
    return value[:n] + bytes([value[n] ^ (1 << bit)]) + value[n + 1 :], f"byte {n} bit {bit}"
