"""The member's database as tables; the same for SQLite and PostgreSQL. Ids are base64url text, times microseconds."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

METADATA: Final = MetaData()
_SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")


def _serial(name: str) -> Column[Any]:
    return Column(name, _SERIAL, primary_key=True, autoincrement=True)


def _need(name: str, kind: Any, **more: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **more)


def _table(name: str, *parts: Any, key: tuple[str, ...] = (), **more: Any) -> Table:
    return Table(name, METADATA, *parts, *([PrimaryKeyConstraint(*key)] if key else []), **more)


# Every statement this node holds; `state` is VERIFIED, HELD, PARKED or PURGED.
_table(
    "item",
    _serial("admission"),
    _need("id", Text, unique=True),
    _need("c", Text, unique=True),
    _need("ref", Text, index=True),
    *(_need(name, Text) for name in ("author", "kind")),
    _need("kind_v", Integer),
    _need("at", BigInteger),
    *(_need(name, Text) for name in ("precedence", "tlp")),
    *(_need(name, BigInteger) for name in ("epoch", "received")),
    _need("mine", Boolean),
    _need("state", Text),
    Column("sealed", LargeBinary),
    Column("stub", LargeBinary),
    Column("purged_at", BigInteger),
    sqlite_autoincrement=True,
)
# The key of each item, wrapped; a backup writes this table to a small file of its own.
_table("item_key", Column("item_id", Text, primary_key=True), _need("wrapped", LargeBinary))
_table(
    "item_control",
    *(_need(name, Text) for name in ("control_id", "item_id")),
    _need("own", Boolean),
    Index("item_control_by_item", "item_id"),
    key=("control_id", "item_id"),
)
_table(
    "fact_control",
    *(_need(name, Text) for name in ("control_id", "fact_id", "kind")),
    Index("fact_control_by_fact", "fact_id"),
    key=("control_id", "fact_id"),
)
_table("citation", *(_need(name, Text) for name in ("cited", "item_id")), key=("cited", "item_id"))
# One row an item and member: withheld, due, sent, receipted or parked.
_table(
    "delivery",
    *(_need(name, Text) for name in ("item_id", "member")),
    _need("lane", Integer),
    *(_need(name, Text) for name in ("state", "reason")),
    Column("seq", BigInteger),
    _need("at", BigInteger),
    *(_need(name, Boolean) for name in ("ever_sent", "path_sent")),
    Column("purged_at", BigInteger),
    Index("delivery_due", "member", "state", "lane"),
    Index("delivery_path", "member", "state", "path_sent"),
    key=("item_id", "member"),
)
# What is or will be in our ticks, in the order of commitment.
_table(
    "commitment",
    _serial("n"),
    _need("c", Text, unique=True),
    _need("what", Text),
    Column("tick", BigInteger, index=True),
)
_table(
    "tick",
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _need("leaf_index", BigInteger, unique=True),
    *(_need(name, LargeBinary) for name in ("root", "secret", "tick_path")),
)
_table(
    "leaf",
    _need("log", Text),
    _need("idx", BigInteger),
    _need("root", LargeBinary),
    key=("log", "idx"),
    sqlite_with_rowid=False,
)
_table(
    "checkpoint",
    _need("log", Text),
    _need("size", BigInteger),
    _need("note", Text),
    key=("log", "size"),
    sqlite_with_rowid=False,
)
_table(
    "cosignature",
    *(_need(name, Text) for name in ("log", "witness")),
    *(_need(name, BigInteger) for name in ("size", "at")),
    _need("line", Text),
    key=("log", "witness", "size"),
    sqlite_with_rowid=False,
)
_table(
    "path",
    Column("c", Text, primary_key=True),
    _need("log", Text),
    _need("leaf_index", BigInteger),
    _need("data", LargeBinary),
    Index("path_by_leaf", "log", "leaf_index"),
)
_table(
    "receipt_batch",
    _serial("id"),
    _need("member", Text),
    _need("c", Text, unique=True),
    _need("mine", Boolean),
    _need("data", LargeBinary),
    _need("path_sent", Boolean),
    Index("receipt_batch_path", "member", "mine", "path_sent"),
)
_table(
    "receipt",
    *(_need(name, Text) for name in ("item_id", "member")),
    _need("batch", BigInteger),
    _need("state", Text),
    _need("at", BigInteger),
    key=("item_id", "member"),
)
_table("peer", Column("member", Text, primary_key=True), _need("state", LargeBinary))
_table(
    "manifest",
    *(_need(name, Text) for name in ("kind", "member")),
    _need("version", BigInteger),
    _need("data", LargeBinary),
    key=("kind", "member", "version"),
)
_table(
    "epoch_secret",
    Column("key_id", Text, primary_key=True),
    _need("wrapped", LargeBinary),
    *(_need(name, BigInteger) for name in ("not_before", "not_after")),
    _need("published", LargeBinary),
)
_table("act", Column("n", Integer, primary_key=True), _need("data", LargeBinary))
_table(
    "evidence",
    _serial("id"),
    *(_need(name, Text) for name in ("kind", "subject")),
    _need("data", LargeBinary),
    _need("at", BigInteger),
)
# Items to destroy here when their time has come: the fact is a recall, or the item itself for an expiry.
_table(
    "recall",
    *(_need(name, Text) for name in ("item_id", "fact_id")),
    _need("at", BigInteger),
    key=("item_id", "fact_id"),
)
_table(
    "attachment",
    *(_need(name, Text) for name in ("item_id", "root")),
    _need("parts", BigInteger),
    _need("complete", Boolean),
    key=("item_id", "root"),
)
_table(
    "part",
    *(_need(name, Text) for name in ("item_id", "root")),
    _need("n", BigInteger),
    _need("sealed", LargeBinary),
    key=("item_id", "root", "n"),
)
_table(
    "part_delivery",
    *(_need(name, Text) for name in ("member", "item_id", "root")),
    *(_need(name, BigInteger) for name in ("next", "parts")),
    key=("member", "item_id", "root"),
)
_table(
    "frame",
    _need("member", Text),
    *(_need(name, BigInteger) for name in ("seq", "at")),
    _need("sealed", LargeBinary),
    Index("frame_by_time", "at"),
    key=("member", "seq"),
)
_table(
    "alarm",
    *(_need(name, Text) for name in ("reason", "subject", "detail")),
    _need("at", BigInteger),
    Column("ended", BigInteger),
    key=("reason", "subject"),
)
_table("meta", Column("key", Text, primary_key=True), _need("value", Text))
