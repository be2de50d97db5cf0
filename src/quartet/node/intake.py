"""What one parcel brings: read from its contents, verified, and not yet stored."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from quartet.core.facts import AnyFact
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId
from quartet.core.parcel import Content
from quartet.core.proof.path import Path
from quartet.core.receipt import Receipt
from quartet.core.verify import Verified
from quartet.node.holdings import Row
from quartet.node.witness import LeafPart

MAX_LEAF_PART: Final = 300 * 1024


@dataclass(slots=True)
class Intake:
    """What one parcel brings, verified, before it is stored; `believed` may be known already, `items` are new."""

    believed: list[tuple[Verified, AnyFact | None, bytes]] = field(default_factory=list)
    items: list[tuple[Verified, list[Row]]] = field(default_factory=list)
    facts: list[tuple[AnyFact, Verified]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    batches: list[tuple[bytes, str, list[tuple[ItemId, str]]]] = field(default_factory=list)
    paths: list[tuple[Path, bytes]] = field(default_factory=list)
    trouble: list[tuple[str, str, bytes]] = field(default_factory=list)


def paired(contents: tuple[Content, ...]) -> list[tuple[Content, bytes | None]]:
    """Return each content, a statement with the control that lies behind it."""
    found: list[tuple[Content, bytes | None]] = []
    for content in contents:
        if content.tag == "control":
            found[-1] = (found[-1][0], content.data)
        else:
            found.append((content, None))
    return found


def read_leaf_part(data: bytes) -> LeafPart:
    """Return the leaves that a content holds, or raise `Malformed`."""
    if len(data) > MAX_LEAF_PART:
        raise Malformed("too-large", f"leaves of {len(data)} bytes")
    try:
        return msgspec.msgpack.decode(data, type=LeafPart)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
