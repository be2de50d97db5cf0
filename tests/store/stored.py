"""What the store's tests keep: items that look like the real ones, from members north, east, south and west."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros
from quartet.store import NewItem, Store, Tx, open_store

MASTER = bytes(range(32))
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
NOW = Micros(1_780_000_000_000_000)
LOG = "quartet/exchange/north/1"


def name() -> str:
    """Return a fresh id."""
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def new_item(text: bytes = b"text", **more: object) -> NewItem:
    """Return an item of north's that nobody has seen before."""
    own = ControlId(name())
    item = NewItem(
        id=ItemId(name()),
        c=Commitment(name()),
        ref="N-" + os.urandom(3).hex().upper(),
        author=NORTH,
        kind="report",
        kind_v=1,
        at=NOW,
        precedence="ROUTINE",
        tlp="AMBER",
        epoch=0,
        controls=[own],
        own_control=own,
        facts_on=[],
        cites=[],
        signed=b"signed " + text,
        control=b"control",
        received=NOW,
        mine=True,
    )
    return msgspec.structs.replace(item, **more)


def fact(kind: str, *controls: ControlId, **more: Any) -> NewItem:
    """Return a fact about these controls."""
    return new_item(kind=kind, controls=[], own_control=None, control=None, facts_on=list(controls), **more)


def opened(folder: Path) -> Store:
    """Open the store of this folder."""
    return open_store(folder / "store" / "quartet.db", MASTER)


def both(*jobs: Callable[[Tx], object]) -> Callable[[Tx], None]:
    """Return the jobs as one."""

    def job(tx: Tx) -> None:
        for one in jobs:
            one(tx)

    return job


def keeping(item: NewItem) -> Callable[[Tx], None]:
    """Return a job that keeps an item, due to east."""
    return both(lambda tx: tx.put_item(item), lambda tx: tx.set_delivery(item.id, EAST, "due", 4, NOW))


def put(store: Store, *items: NewItem) -> None:
    """Keep items, each due to east."""
    for item in items:
        store.submit(keeping(item)).result()


def raw_files(folder: Path) -> bytes:
    """Return every byte of every file under the folder."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
