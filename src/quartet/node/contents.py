"""Read what a parcel carries beside statements: what belongs together, leaves, how far a peer holds our log."""

from typing import Final

import msgspec

from quartet.core.faults import Malformed
from quartet.core.parcel import Content
from quartet.core.statement import FACT_KINDS, decode_signed, decode_statement
from quartet.node.witness import LeafPart

MAX_LEAF_PART: Final = 300 * 1024
MAX_DIGITS: Final = 15
"""A log of a second's tick is that long after thirty million years."""


def paired(contents: tuple[Content, ...]) -> list[tuple[Content, bytes | None]]:
    """Return each content, a statement with the control that lies behind it."""
    found: list[tuple[Content, bytes | None]] = []
    for content in contents:
        if content.tag == "control":
            found[-1] = (found[-1][0], content.data)
        else:
            found.append((content, None))
    return found


def from_suspended(content: Content) -> bool:
    """Return whether a content is taken from a suspended member: receipts, and that it destroyed something."""
    if content.tag == "receipts":
        return True
    try:
        return content.tag == "signed" and decode_statement(decode_signed(content.data).data).kind == "purged"
    except Malformed:
        return False


def without_items(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Return what is taken when there is no room: all but items and parts of files; facts, recalls first, are small."""
    return tuple(c for c in contents if not _takes_room(c))


def _takes_room(content: Content) -> bool:
    if content.tag != "signed":
        return content.tag in ("control", "attachment-part")
    try:
        return decode_statement(decode_signed(content.data).data).kind not in FACT_KINDS
    except Malformed:
        return True


def read_leaf_part(data: bytes) -> LeafPart:
    """Return the leaves that a content holds, or raise `Malformed`."""
    if len(data) > MAX_LEAF_PART:
        raise Malformed("too-large", f"leaves of {len(data)} bytes")
    try:
        return msgspec.msgpack.decode(data, type=LeafPart)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error


def held_size(data: bytes) -> int:
    """Return up to which leaf the sender followed our log: digits, because old checkpoints are pruned, leaves never."""
    text = text_of(data)
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Malformed("bad-size", f"{text[:20]!r} leaves")
    return int(text)


def text_of(data: bytes) -> str:
    """Return a content that is text, or raise `Malformed`."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("bad-text", "not UTF-8") from error
