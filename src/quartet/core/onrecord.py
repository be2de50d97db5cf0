"""What the holders of an item pass on of its times: that it, or one member's receipt for it, is on record, since when.

Only for kinds that a deadline hangs on: of others nobody is told who has them. It travels as a MessagePack array [item
id, receipt, proof]: the receipt as one is shown alone, or nothing where it is about the statement itself; the proof as
in `proof.since`, of the statement's commitment or of that of the batch which the receipt was taken from.
"""

from collections.abc import Callable
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, b64, unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import Commitment, ItemId, MemberId
from quartet.core.keyring import Keyring
from quartet.core.packing import read_packed, write_packed
from quartet.core.proof.path import Path
from quartet.core.proof.since import MAX_SINCE, LogKeys, verify_since
from quartet.core.receipt import (
    MAX_RECEIPT,
    LoneReceipt,
    Receipt,
    lone_commitment,
    read_lone_receipt,
    verify_lone_receipt,
)

MAX_LONE: Final = 4 * MAX_RECEIPT
MAX_ON_RECORD: Final = MAX_SINCE + MAX_LONE + 1024


class OnRecord(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A statement, or a receipt for it, with what proves since when it is on record; nothing is believed yet."""

    item: Annotated[bytes, Meta(min_length=32, max_length=32)]
    receipt: Annotated[bytes, Meta(max_length=MAX_LONE)]
    proof: Annotated[bytes, Meta(max_length=MAX_SINCE)]

    @property
    def id(self) -> ItemId:
        """The item that it is about."""
        return ItemId(b64(self.item))


class Held(NamedTuple):
    """What the reader holds of the item: its id, commitment and author."""

    id: ItemId
    c: Commitment
    author: MemberId


class Proven(Value, frozen=True):
    """What was checked: whose word is on record - the author's, or that of who receipted -, and where in its log."""

    about: MemberId
    c: Commitment
    path: Path


def write_on_record(item: ItemId, receipt: bytes, proof: bytes) -> bytes:
    """Return the bytes in which it travels; an empty receipt where it is about the statement itself."""
    return write_packed(OnRecord(unb64(item, 32), receipt, proof))


def read_on_record(data: bytes) -> OnRecord:
    """Return what these bytes spell, or raise `Malformed`."""
    return read_packed(data, OnRecord, MAX_ON_RECORD)


def verify_on_record(said: OnRecord, held: Held, keyring: Keyring, keys: Callable[[MemberId], LogKeys]) -> Proven:
    """Return what is proven, once everything was checked.

    (1) it is about the item that the reader holds, (2) the receipt's signature and its place in its batch, (3) it
    receipts just this item, as VERIFIED, and is not its author's own, (4) the way into the log of who says it, and who
    cosigned that, (5) the key that signed it was not revoked by then.
    """
    if said.id != held.id:
        raise Untrusted("receipt-other-item", said.id[:8])
    if not said.receipt:
        return Proven(held.author, held.c, verify_since(said.proof, held.c, keys(held.author)))
    lone = read_lone_receipt(said.receipt)
    receipt = verify_lone_receipt(lone, keyring)
    _check_receipt(receipt, held)
    c = lone_commitment(lone)
    path = verify_since(said.proof, c, keys(receipt.recipient))
    _check_key(lone, receipt, path, keyring)
    return Proven(receipt.recipient, c, path)


def _check_receipt(receipt: Receipt, held: Held) -> None:
    if (receipt.id, receipt.c, receipt.author) != held:
        raise Untrusted("receipt-other-item", f"{receipt.recipient} receipts {receipt.id[:8]}")
    if receipt.state != "VERIFIED":
        raise Untrusted("receipt-not-verified", f"{receipt.recipient} says {receipt.state}")
    if receipt.recipient == held.author:
        raise Untrusted("receipt-own", f"{receipt.recipient} is its author")


def _check_key(lone: LoneReceipt, receipt: Receipt, path: Path, keyring: Keyring) -> None:
    revoked = keyring.revoked_from(receipt.recipient, lone.key_id)
    if revoked is not None and path.tick >= revoked:
        raise Untrusted("key-revoked", f"{receipt.recipient} from tick {revoked}")
