"""Receipts: a recipient's signed word that it possesses a statement. It never says that anyone read it or agrees.

One signature covers a batch: an RFC 6962 tree over the receipts' bytes. A batch travels as a MessagePack array
[head, key id, signature, [receipt, ...]]; a receipt is shown alone with its inclusion path.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, b64, decode, digest, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Commitment, CountField, MemberField
from quartet.core.keyring import Keyring
from quartet.core.keys import SecretKey
from quartet.core.proof.merkle import HASH_SIZE, inclusion_path, leaf_hash, root_from_path, root_of
from quartet.core.statement import Hash

MAX_RECEIPT: Final = 4096
MAX_BATCH: Final = 512 * 1024
MAX_RECEIPTS: Final = 2_000

ReceiptState = Literal["HELD", "VERIFIED", "PARKED", "REFUSED"]


class Receipt(Value, frozen=True):
    """One recipient's receipt for one statement."""

    v: Literal[1]
    exchange: Hash
    recipient: MemberField
    incarnation: CountField
    author: MemberField
    id: Hash
    c: Hash
    state: ReceiptState
    parcel_seq: CountField


class ReceiptHead(Value, frozen=True):
    """What is signed for a batch."""

    v: Literal[1]
    exchange: Hash
    recipient: MemberField
    size: Annotated[int, Meta(ge=1, le=MAX_RECEIPTS)]
    root: Hash


class OpenedBatch(Value, frozen=True):
    """A batch that was checked: its receipts, and what the log holds of it."""

    head: ReceiptHead
    receipts: tuple[Receipt, ...]
    commitment: Commitment


class LoneReceipt(Value, frozen=True):
    """One receipt with what proves it alone."""

    receipt: str
    index: int
    path: tuple[str, ...]
    head: str
    key_id: str
    sig: str


_Wire = tuple[bytes, bytes, bytes, list[bytes]]


def make_batch(receipts: Sequence[Receipt], key: SecretKey) -> bytes:
    """Return a batch of receipts of one recipient as it travels."""
    raw = [encode(r) for r in receipts]
    first = receipts[0]
    root = root_of([leaf_hash(r) for r in raw])
    head = encode(ReceiptHead(v=1, exchange=first.exchange, recipient=first.recipient, size=len(raw), root=b64(root)))
    return msgspec.msgpack.encode([head, unb64(key.id), key.sign("receipts", head), raw])


def batch_commitment(data: bytes) -> Commitment:
    """Return what the log holds of a batch (of our own, or one that was opened before)."""
    head, _, sig, _ = _read(data)
    return _commitment(decode(head, ReceiptHead, MAX_RECEIPT), sig)


def open_batch(data: bytes, keyring: Keyring) -> OpenedBatch:
    """Return a batch once everything was checked.

    (1) shape, (2) exchange, (3) signature, (4) the root is over just these receipts, (5) each is of the one who signed.
    """
    head_raw, key_id, sig, raw = _read(data)
    head = decode(head_raw, ReceiptHead, MAX_RECEIPT)
    if head.exchange != keyring.exchange:
        raise Untrusted("other-exchange", head.exchange[:8])
    keyring.item_key(head.recipient, b64(key_id)).verify("receipts", head_raw, sig)
    if head.size != len(raw) or unb64(head.root, HASH_SIZE) != root_of([leaf_hash(r) for r in raw]):
        raise Untrusted("receipts-other-root", f"{len(raw)} receipts")
    receipts = tuple(decode(r, Receipt, MAX_RECEIPT) for r in raw)
    for receipt in receipts:
        if (receipt.exchange, receipt.recipient) != (head.exchange, head.recipient):
            raise Untrusted("receipt-not-signers", f"{receipt.recipient} in a batch of {head.recipient}")
    return OpenedBatch(head=head, receipts=receipts, commitment=_commitment(head, sig))


def lone_receipt(data: bytes, item: str) -> LoneReceipt | None:
    """Return the receipt for one statement out of a batch, provable alone; None if it is not there."""
    head, key_id, sig, raw = _read(data)
    for index, receipt in enumerate(raw):
        if decode(receipt, Receipt, MAX_RECEIPT).id == item:
            path = inclusion_path([leaf_hash(r) for r in raw], index)
            return LoneReceipt(
                receipt=b64(receipt),
                index=index,
                path=tuple(b64(h) for h in path),
                head=b64(head),
                key_id=b64(key_id),
                sig=b64(sig),
            )
    return None


def verify_lone_receipt(lone: LoneReceipt, keyring: Keyring) -> Receipt:
    """Return a receipt shown alone once its path and its recipient's signature were checked."""
    raw, head_raw = unb64(lone.receipt), unb64(lone.head)
    head = decode(head_raw, ReceiptHead, MAX_RECEIPT)
    receipt = decode(raw, Receipt, MAX_RECEIPT)
    keyring.any_item_key(head.recipient, lone.key_id).verify("receipts", head_raw, unb64(lone.sig))
    path = [unb64(h, HASH_SIZE) for h in lone.path]
    if root_from_path(leaf_hash(raw), lone.index, head.size, path) != unb64(head.root):
        raise Untrusted("receipts-other-root", "the path leads elsewhere")
    if receipt.recipient != head.recipient:
        raise Untrusted("receipt-not-signers", receipt.recipient)
    return receipt


def _read(data: bytes) -> _Wire:
    if len(data) > MAX_BATCH:
        raise Malformed("too-large", f"receipts of {len(data)} bytes")
    try:
        wire = msgspec.msgpack.decode(data, type=_Wire)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    if not 1 <= len(wire[3]) <= MAX_RECEIPTS or len(wire[1]) != HASH_SIZE:
        raise Malformed("bad-receipts", f"{len(wire[3])} receipts")
    if msgspec.msgpack.encode(wire) != data:
        raise Malformed("not-canonical", "another spelling of the same receipts")
    return wire


def _commitment(head: ReceiptHead, sig: bytes) -> Commitment:
    return Commitment(digest64("quartet/commit/v1", unb64(head.root), digest("quartet/sigs/v1", sig)))
