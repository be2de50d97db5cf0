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
from quartet.core.keys import SIGNATURE_SIZE, SecretKey
from quartet.core.packing import read_packed, write_packed
from quartet.core.proof.merkle import HASH_SIZE, MAX_PATH, inclusion_path, leaf_hash, root_from_path, root_of
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

    receipt: Annotated[str, Meta(max_length=2 * MAX_RECEIPT)]
    index: CountField
    path: Annotated[tuple[Hash, ...], Meta(max_length=MAX_PATH)]
    head: Annotated[str, Meta(max_length=2 * MAX_RECEIPT)]
    key_id: Hash
    sig: Annotated[str, Meta(max_length=128)]


class _Wire(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    head: bytes
    key_id: Annotated[bytes, Meta(min_length=HASH_SIZE, max_length=HASH_SIZE)]
    sig: Annotated[bytes, Meta(min_length=SIGNATURE_SIZE, max_length=SIGNATURE_SIZE)]
    receipts: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=MAX_RECEIPTS)]


def make_batch(receipts: Sequence[Receipt], key: SecretKey) -> bytes:
    """Return a batch of one recipient's receipts, for what one peer sent it, as it travels."""
    if not 1 <= len(receipts) <= MAX_RECEIPTS:
        raise Malformed("bad-receipts", f"{len(receipts)} receipts where 1 to {MAX_RECEIPTS} may be")
    raw = tuple(encode(r) for r in receipts)
    first = receipts[0]
    root = root_of([leaf_hash(r) for r in raw])
    head = encode(ReceiptHead(v=1, exchange=first.exchange, recipient=first.recipient, size=len(raw), root=b64(root)))
    return write_packed(_Wire(head, unb64(key.id), key.sign("receipts", head), raw))


def batch_commitment(data: bytes) -> Commitment:
    """Return what the log holds of a batch (of our own, or one that was opened before)."""
    wire = _read(data)
    return _commitment(decode(wire.head, ReceiptHead, MAX_RECEIPT), wire.sig)


def open_batch(data: bytes, keyring: Keyring) -> OpenedBatch:
    """Return a batch once everything was checked.

    (1) shape, (2) exchange, (3) signature, (4) the root is over just these receipts, (5) each is of the one who signed.
    """
    wire = _read(data)
    head = decode(wire.head, ReceiptHead, MAX_RECEIPT)
    if head.exchange != keyring.exchange:
        raise Untrusted("other-exchange", head.exchange[:8])
    keyring.item_key(head.recipient, b64(wire.key_id)).verify("receipts", wire.head, wire.sig)
    leaves = [leaf_hash(r) for r in wire.receipts]
    if head.size != len(leaves) or unb64(head.root, HASH_SIZE) != root_of(leaves):
        raise Untrusted("receipts-other-root", f"{len(leaves)} receipts")
    receipts = tuple(decode_receipt(r) for r in wire.receipts)
    for receipt in receipts:
        _check_signer(receipt, head)
    return OpenedBatch(head=head, receipts=receipts, commitment=_commitment(head, wire.sig))


def decode_receipt(data: bytes) -> Receipt:
    """Return the receipt with these bytes, or raise `Malformed`."""
    return decode(data, Receipt, MAX_RECEIPT)


def lone_receipt(data: bytes, item: str, state: ReceiptState | None = None) -> LoneReceipt | None:
    """Return the receipt for one statement out of a batch, provable alone, of a state if one is named; None if none is.

    A batch may hold several for one statement: for a copy that was refused, and for the one that was believed.
    """
    wire = _read(data)
    for index, receipt in enumerate(wire.receipts):
        said = decode_receipt(receipt)
        if said.id == item and state in (None, said.state):
            path = inclusion_path([leaf_hash(r) for r in wire.receipts], index)
            return LoneReceipt(
                receipt=b64(receipt),
                index=index,
                path=tuple(b64(h) for h in path),
                head=b64(wire.head),
                key_id=b64(wire.key_id),
                sig=b64(wire.sig),
            )
    return None


def read_lone_receipt(data: bytes) -> LoneReceipt:
    """Return the lone receipt that these bytes (JSON) spell, or raise `Malformed`."""
    return decode(data, LoneReceipt, 4 * MAX_RECEIPT)


def verify_lone_receipt(lone: LoneReceipt, keyring: Keyring) -> Receipt:
    """Return a receipt shown alone once its path and its recipient's signature were checked."""
    raw, head_raw = unb64(lone.receipt), unb64(lone.head)
    head = decode(head_raw, ReceiptHead, MAX_RECEIPT)
    if head.exchange != keyring.exchange:
        raise Untrusted("other-exchange", head.exchange[:8])
    keyring.any_item_key(head.recipient, lone.key_id).verify("receipts", head_raw, unb64(lone.sig))
    path = [unb64(h, HASH_SIZE) for h in lone.path]
    if root_from_path(leaf_hash(raw), lone.index, head.size, path) != unb64(head.root, HASH_SIZE):
        raise Untrusted("receipts-other-root", "the path leads elsewhere")
    receipt = decode_receipt(raw)
    _check_signer(receipt, head)
    return receipt


def lone_commitment(lone: LoneReceipt) -> Commitment:
    """Return what the recipient's log holds of the batch that a receipt was taken from."""
    return _commitment(decode(unb64(lone.head), ReceiptHead, MAX_RECEIPT), unb64(lone.sig))


def _read(data: bytes) -> _Wire:
    return read_packed(data, _Wire, MAX_BATCH)


def _check_signer(receipt: Receipt, head: ReceiptHead) -> None:
    if (receipt.exchange, receipt.recipient) != (head.exchange, head.recipient):
        raise Untrusted("receipt-not-signers", f"{receipt.recipient} in a batch of {head.recipient}")


def _commitment(head: ReceiptHead, sig: bytes) -> Commitment:
    return Commitment(digest64("quartet/commit/v1", unb64(head.root), digest("quartet/sigs/v1", sig)))
