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


def _table(name: str, *columns: Any, rowid: bool = True) -> Table:
    return Table(name, metadata, *columns, sqlite_with_rowid=rowid)


def _key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _counted(name: str) -> Column[Any]:
    return Column(name, Whole, primary_key=True)


def _whole(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Whole, nullable=null)


def _words(name: str, *, null: bool = False, unique: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null, unique=unique or None)


def _octets(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, LargeBinary, nullable=null)


def _item() -> Column[Any]:
    return Column("item", Whole, ForeignKey("item.admission"), primary_key=True, autoincrement=False)


def _where(name: str, where: str, *columns: Any) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


meta = _table("meta", _key("key"), _octets("value"), rowid=False)
migration = _table("migration", _key("number", Whole), _words("name"), _whole("at"))

# What is kept of an item. `sealed` and a purged row's other columns: `store/items.py`.
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
    _words("state"),
    _whole("received"),
    _octets("stub", null=True),
    _octets("sealed", null=True),
)
Index("item_ref", item.c.ref)
Index("item_author", item.c.author, item.c.admission)
item_key = _table("item_key", _key("n", Whole), _octets("wrapped"))
item_control = _table("item_control", _key("control"), _item(), _words("controller"), _whole("own"), rowid=False)
Index("item_control_item", item_control.c.item)
fact_control = _table("fact_control", _key("control"), _item(), _words("kind"), rowid=False)
citation = _table("citation", _key("target"), _item(), rowid=False)
Index("citation_item", citation.c.item)
draft = _table("draft", _key("n", Whole), _words("id"), _words("officer"), _whole("at"), _octets("sealed"))
Index("draft_id", draft.c.id)
draft_quote = _table("draft_quote", _key("item"), _key("draft", Whole), rowid=False)
admission = _table("admission", _key("viewer"), _key("seq", Whole), _whole("item"), rowid=False)
Index("admission_item", admission.c.viewer, admission.c.item, unique=True)

# Who gets what, and what came back.
delivery = _table(
    "delivery",
    _item(),
    _key("member"),
    _whole("lane"),
    _words("state"),
    _words("reason", null=True),
    _whole("decided"),
    _whole("seq", null=True),
    _whole("sent", null=True),
    _whole("receipted", null=True),
    _whole("batch", null=True),
    _whole("place", null=True),
    _whole("purged", null=True),
    rowid=False,
)
_where("delivery_due", "state = 'due'", delivery.c.member, delivery.c.lane, delivery.c.item)
_where("delivery_sent", "state = 'sent'", delivery.c.member, delivery.c.seq)
receipt_batch = _table(
    "receipt_batch", _key("n", Whole), _words("author"), _words("recipient"), _octets("data"), _words("c"), _whole("at")
)
made_receipt = _table("made_receipt", _key("id"), _whole("batch"), _whole("place"), rowid=False)

# The logs: our own queue and ticks, everybody's leaves, checkpoints, cosignatures and paths.
commitment = _table("commitment", _key("n", Whole), _words("c", unique=True))
tick = _table("tick", _key("number", Whole), _octets("root"), _octets("secret"), _whole("first_n"), _whole("end_n"))
log = _table("log", _key("n", Whole), _words("name", unique=True))
leaf = _table("leaf", _key("log", Whole), _key("idx", Whole), _octets("root"), rowid=False)
checkpoint = _table("checkpoint", _key("log", Whole), _key("size", Whole), _words("note"), rowid=False)
cosignature = _table(
    "cosignature", _key("log", Whole), _key("size", Whole), _key("witness"), _key("line"), _whole("time"), rowid=False
)
path = _table("path", _key("c"), _whole("log"), _whole("size"), _octets("data"), rowid=False)
Index("path_size", path.c.log, path.c.size)

# The exchange: peers, manifests, acts, secrets, evidence.
peer = _table("peer", _key("member"), _octets("state"), rowid=False)
manifest = _table("manifest", _key("kind"), _key("member"), _key("version", Whole), _octets("data"), rowid=False)
act = _table("act", _key("n", Whole), _octets("data"))
epoch_secret = _table(
    "epoch_secret", _counted("n"), _words("id", unique=True), _octets("wrapped"), _whole("not_after"), _whole("gone")
)
evidence = _table("evidence", _counted("n"), _words("kind"), _words("place"), _octets("data"), _whole("at"))
person_log = _table(
    "person_log", _counted("n"), _whole("at"), _words("officer"), _words("action"), _words("subject"), _words("detail")
)
alarm = _table(
    "alarm",
    _counted("n"),
    _words("kind"),
    _words("subject"),
    _words("text"),
    _whole("since"),
    _whole("ended", null=True),
)
_where("alarm_open", "ended IS NULL", alarm.c.kind, alarm.c.subject)

# Attachments, in parts sealed under their item's key.
attachment = _table(
    "attachment",
    _item(),
    _key("root"),
    _whole("size"),
    _whole("parts"),
    _octets("sealed"),
)
part = _table("part", _item(), _key("root"), _key("n", Whole), _octets("sealed"))
attachment_delivery = _table(
    "attachment_delivery",
    _item(),
    _key("member"),
    _key("root"),
    _whole("next"),
    _whole("total"),
    _whole("done"),
    rowid=False,
)
_where("attachment_open", "done = 0", attachment_delivery.c.member, attachment_delivery.c.item)
