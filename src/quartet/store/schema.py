"""The tables of a member's database, in types that SQLite and PostgreSQL both have.

An item is named by its `admission` in other tables: a small number, given in the order in which this node admitted it.
Rows of `item`, `item_key` and `epoch_secret` are appended and overwritten, never deleted: a page that is never merged
with its neighbour keeps no stray copy of a key.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

Whole: Final = Integer().with_variant(BigInteger(), "postgresql")
"""A 64-bit integer; as a primary key in SQLite it is the row's own number."""

metadata: Final = MetaData()
STEP: Final = "step"


def _table(name: str, *columns: Any, rowid: bool = True, step: int = 1) -> Table:
    """Return a table; `step` is the number of the migration that makes it."""
    return Table(name, metadata, *columns, sqlite_with_rowid=rowid, info={STEP: step})


def _key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _counted(name: str) -> Column[Any]:
    return Column(name, Whole, primary_key=True)


def _whole(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Whole, nullable=null)


def _words(name: str, *, unique: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=False, unique=unique or None)


def _octets(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, LargeBinary, nullable=null)


def _item() -> Column[Any]:
    return Column("item", Whole, ForeignKey("item.admission"), primary_key=True, autoincrement=False)


def _where(name: str, where: str, *columns: Any) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def step_of(part: Table | Index) -> int:
    """Return the number of the migration that makes a table or an index: it comes with its table, if not later."""
    table: Any = part.table if isinstance(part, Index) else part
    return int(part.info.get(STEP) or table.info[STEP])


meta = _table("meta", _key("key"), _words("value"), rowid=False)
migration = _table("migration", _key("number", Whole), _words("name"), _whole("at"))

# Every statement that this node holds; `state` is VERIFIED, HELD, PARKED or PURGED. What is sealed: `items.py`.
item = _table(
    "item",
    _key("admission", Whole),
    _words("id", unique=True),
    _words("c", unique=True),
    _words("ref"),
    _words("author"),
    _words("kind"),
    _whole("kind_v"),
    _whole("at"),
    _words("precedence"),
    _words("tlp"),
    _whole("epoch"),
    _whole("received"),
    _whole("mine"),
    _words("state"),
    _whole("purged_at", null=True),
    _octets("stub", null=True),
    _octets("sealed", null=True),
)
Index("item_ref", item.c.ref)
Index("item_author", item.c.author, item.c.admission)
Index("item_kind", item.c.kind, item.c.admission, info={STEP: 3})
# The key of each item and draft, wrapped; a backup writes this table to a small file of its own.
item_key = _table("item_key", _key("n", Whole), _octets("wrapped"))
item_control = _table("item_control", _key("control"), _item(), _whole("own"), rowid=False)
Index("item_control_item", item_control.c.item)
fact_control = _table("fact_control", _key("control"), _item(), _words("kind"), rowid=False)
citation = _table("citation", _key("cited"), _item(), rowid=False)
Index("citation_item", citation.c.item)
# Items to destroy here when their time has come: the fact is a recall, or the item itself for an expiry.
recall = _table("recall", _key("item_id"), _key("fact_id"), _whole("at"), rowid=False)
# Which facts were on record in time, and which not, as far as this node can tell: TIMELY stays, LATE may be mended.
verdict = _table("verdict", _key("fact_id"), _words("word"), rowid=False)
# When a control that is dated later was first known here.
seen = _table("seen", _key("control"), _whole("at"), rowid=False)
draft = _table("draft", _key("n", Whole), _words("id"), _words("officer"), _whole("at"), _octets("sealed"))
Index("draft_id", draft.c.id)
draft_quote = _table("draft_quote", _key("item", Whole), _key("draft", Whole), rowid=False)
admission = _table("admission", _key("viewer"), _key("seq", Whole), _whole("item"), rowid=False)
Index("admission_item", admission.c.viewer, admission.c.item, unique=True)

# One row an item and member: withheld, due, sent, receipted or parked; `answer` is the state that the receipt names.
delivery = _table(
    "delivery",
    _item(),
    _key("member"),
    _whole("lane"),
    _words("state"),
    _words("reason"),
    _whole("at"),
    _whole("seq", null=True),
    _whole("sent", null=True),
    _whole("batch", null=True),
    Column("answer", Text),
    _whole("receipted", null=True),
    _whole("path_sent"),
    _whole("purged_at", null=True),
    rowid=False,
)
_where("delivery_due", "state = 'due'", delivery.c.member, delivery.c.lane, delivery.c.item)
_where("delivery_sent", "state = 'sent'", delivery.c.member, delivery.c.at)
_where("delivery_path", "state = 'receipted' AND path_sent = 0", delivery.c.member, delivery.c.item)
receipt_batch = _table(
    "receipt_batch",
    _key("n", Whole),
    _words("member"),
    _words("c", unique=True),
    _whole("mine"),
    _whole("path_sent"),
    _whole("at"),
    _octets("data"),
)
_where("receipt_batch_path", "path_sent = 0", receipt_batch.c.member, receipt_batch.c.n)
made_receipt = _table("made_receipt", _key("item_id"), _whole("batch"), rowid=False)

# The logs: our own queue and ticks (a tick takes the commitments from `first_n` up to, not including, `end_n`), and
# everybody's leaves, checkpoints, cosignatures and paths.
commitment = _table("commitment", _key("n", Whole), _words("c", unique=True), _words("what"))
tick = _table(
    "tick",
    _key("number", Whole),
    Column("leaf_index", Whole, nullable=False, unique=True),
    _octets("root"),
    _octets("secret"),
    _octets("tick_path"),
    _whole("first_n"),
    _whole("end_n"),
)
Index("tick_end", tick.c.end_n, tick.c.number)
log = _table("log", _key("n", Whole), _words("name", unique=True))
leaf = _table("leaf", _key("log", Whole), _key("idx", Whole), _octets("root"), rowid=False)
checkpoint = _table("checkpoint", _key("log", Whole), _key("size", Whole), _words("note"), rowid=False)
cosignature = _table(
    "cosignature",
    _key("log", Whole),
    _key("witness"),
    _key("size", Whole),
    _key("line"),
    _whole("at"),
    _words("alg"),
    rowid=False,
)
Index("cosignature_size", cosignature.c.log, cosignature.c.size)
# Once an hour a witness uses ML-DSA-44 too; those are few, and kept.
_where("cosignature_hourly", "alg <> 'Ed25519'", cosignature.c.log, cosignature.c.witness, cosignature.c.size)
path = _table("path", _key("c"), _whole("log"), _whole("leaf_index"), _octets("data"), rowid=False)
Index("path_leaf", path.c.log, path.c.leaf_index)

# The exchange as this node knows it.
stream = _table("stream", _key("member"), _key("direction"), _octets("state"), rowid=False)
manifest = _table("manifest", _key("kind"), _key("member"), _key("version", Whole), _octets("data"), rowid=False)
act = _table("act", _key("n", Whole), _octets("data"))
epoch_secret = _table(
    "epoch_secret",
    _counted("n"),
    _words("key_id", unique=True),
    _octets("wrapped"),
    _whole("not_before"),
    _whole("not_after"),
    _octets("published"),
    _whole("gone"),
)
evidence = _table("evidence", _counted("n"), _words("kind"), _words("subject"), _octets("data"), _whole("at"))
person_log = _table(
    "person_log",
    _counted("n"),
    _whole("at"),
    _words("officer"),
    _words("action"),
    _words("subject"),
    _words("detail"),
)
alarm = _table(
    "alarm", _key("reason"), _key("subject"), _words("detail"), _whole("at"), _whole("ended", null=True), rowid=False
)

# Files that go with items, in parts sealed under the item's key.
attachment = _table("attachment", _item(), _key("root"), _whole("parts"), _whole("complete"), rowid=False)
part = _table("part", _item(), _key("root"), _key("n", Whole), _octets("sealed"))
part_delivery = _table(
    "part_delivery", _key("member"), _item(), _key("root"), _whole("next"), _whole("parts"), rowid=False
)

# What proves since when an item of a kind with deadlines is on record, and each receipt for it: `about` is who said it,
# the author or who receipted. `since` is what is told by; the times are read from the proofs.
on_record = _table(
    "on_record",
    _item(),
    _key("about"),
    _words("c"),
    _octets("receipt"),
    _octets("proof"),
    _whole("since"),
    rowid=False,
    step=2,
)
# What each member knows of that: since when, by what it said or confirmed; none before.
telling = _table(
    "telling", _item(), _key("about"), _key("member"), _whole("since", null=True), _whole("due"), rowid=False, step=2
)
_where("telling_due", "due = 1", telling.c.member, telling.c.item, telling.c.about)
