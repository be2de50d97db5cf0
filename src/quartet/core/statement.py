"""What a member says: the statement, its id, its signatures, and the bytes in which it travels.

The signature covers the bytes as sent; they are kept and passed on, never encoded again.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from quartet.core.encoding import Value, b64, decode, digest, digest64, encode, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import (
    HASH_PATTERN,
    KIND_PATTERN,
    Commitment,
    ControlId,
    CountField,
    ExchangeId,
    ItemId,
    KeyId,
    MemberField,
    NameField,
    OfficerName,
    TimeField,
)
from quartet.core.keys import ED25519, SecretKey
from quartet.core.marking import Marking, check_marking

MAX_STATEMENT: Final = 256 * 1024
MAX_SIGNED: Final = 2 * MAX_STATEMENT
MAX_TEXT: Final = 128 * 1024
MAX_CONTROLS: Final = 64
MAX_CITATIONS: Final = 256
MAX_CONTROL: Final = 64 * 1024

Precedence = Literal["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"]
Hat = Literal["MEMBER", "CHAIR"]
Clock = Literal["SURE", "UNSURE"]
Hash = Annotated[str, Meta(pattern=HASH_PATTERN)]
Kind = Annotated[str, Meta(pattern=KIND_PATTERN)]

FACT_KINDS: Final = frozenset(
    {
        "grant",
        "recall",
        "cancel-recall",
        "narrow",
        "widen",
        "delegate",
        "correction",
        "view-receipt",
        "closing",
        "purged",
    }
)
"""Statements about a control or an item: they have no control of their own and travel by their own rule."""
ASSERTED_KINDS: Final = frozenset(
    {
        "alert",
        "alert-check",
        "alert-ack",
        "recall",
        "cancel-recall",
        "grant",
        "narrow",
        "widen",
        "position",
        "acknowledgement",
    }
)
"""Statements that an officer must assert with a key of her own: an administrator cannot speak as the officer."""
DEADLINE_KINDS: Final = frozenset(
    {
        "proposal",
        "position",
        "acknowledgement",
        "closing-statement",
        "rating-seal",
        "procedure",
    }
)
"""Items that count only if they were on record by a time: a decision hangs on that, and each holder must find the same.

So their author tells all who hold one who receipted it, and when; of other kinds nobody is told who has them.
"""
HELD_KINDS: Final = DEADLINE_KINDS | {"evidence", "dissent"}
"""Items that stay with those who hold them, recalled or not, and never expire: what they decided stays decided."""

ROOT: Final = OfficerName("root")
"""The name under which a member's offline root key speaks; no officer's key asserts under it."""
ROOT_KINDS: Final = frozenset({"recall", "cancel-recall"})
"""What root states: it cancels a recall, and recalls again after a cancellation."""


class Contained(Value, frozen=True):
    """A control of what the item carries: its exact bytes and its controller's signature."""

    control: Annotated[str, Meta(max_length=MAX_CONTROL * 2)]
    key_id: Hash
    sig: Annotated[str, Meta(max_length=128)]


class Citation(Value, frozen=True):
    """What the item names and takes nothing of: an item or a control."""

    item: Hash | UnsetType = UNSET
    control: Hash | UnsetType = UNSET


class Statement(Value, frozen=True):
    """What one member says at one time. All but `body` is fixed for ever."""

    v: Literal[1]
    exchange: Hash
    epoch: CountField
    member: MemberField
    officer: NameField
    hat: Hat
    at: TimeField
    clock: Clock
    nonce: Hash
    precedence: Precedence
    marking: Marking
    contains: Annotated[tuple[Contained, ...], Meta(max_length=MAX_CONTROLS)]
    cites: Annotated[tuple[Citation, ...], Meta(max_length=MAX_CITATIONS)]
    kind: Kind
    kind_v: Annotated[int, Meta(ge=1, le=10_000)]
    body: msgspec.Raw


class Signature(Value, frozen=True):
    """One signature over a statement's bytes."""

    key_id: Hash
    alg: Annotated[str, Meta(max_length=32)]
    sig: Annotated[str, Meta(max_length=8192)]


class Assertion(Value, frozen=True):
    """An officer's own signature over a statement's id; the two middle fields are a passkey's."""

    key_id: Hash
    authenticator_data: Annotated[str, Meta(max_length=4096)] | None
    client_data: Annotated[str, Meta(max_length=8192)] | None
    sig: Annotated[str, Meta(max_length=512)]


class Signed(Value, frozen=True):
    """A statement with its signatures as it travels; nothing in it is believed yet."""

    statement: str
    signatures: Annotated[tuple[Signature, ...], Meta(min_length=1, max_length=4)]
    assertion: Assertion | None

    @property
    def data(self) -> bytes:
        """The statement's exact bytes."""
        return unb64(self.statement)


def item_id(data: bytes) -> ItemId:
    """Return the id of the statement with these bytes."""
    return ItemId(digest64("quartet/id/v1", data))


def reference(member: str, item: ItemId) -> str:
    """Return what people call an item on the phone: `N-K7Q-4MX`, from 30 bits of its random id."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(unb64(item)[:5], "big") >> 10
    word = "".join(alphabet[(number >> shift) & 31] for shift in range(25, -1, -5))
    return f"{member[0].upper()}-{word[:3]}-{word[3:]}"


def decode_statement(data: bytes) -> Statement:
    """Return the statement with these bytes, or raise `Malformed`."""
    statement = decode(data, Statement, MAX_STATEMENT)
    check_marking(statement.marking)
    for cite in statement.cites:
        if (cite.item is UNSET) == (cite.control is UNSET):
            raise Malformed("bad-citation", "a citation names one item or one control")
    if len(data) > MAX_TEXT:  # a text is spelled in no fewer bytes than it has
        _check_text_limits(msgspec.json.decode(statement.body))
    return statement


def _check_text_limits(body: Any) -> None:
    if isinstance(body, str) and len(body.encode()) > MAX_TEXT:
        raise Malformed("text-too-long", f"{len(body.encode())} bytes where {MAX_TEXT} may be")
    if isinstance(body, dict):
        for inner in body.values():
            _check_text_limits(inner)
    elif isinstance(body, list):
        for inner in body:
            _check_text_limits(inner)


def decode_signed(data: bytes) -> Signed:
    """Return the signed statement with these bytes, or raise `Malformed`; nothing in it is believed yet."""
    signed = decode(data, Signed, MAX_SIGNED)
    ids = [signature.key_id for signature in signed.signatures]
    if ids != sorted(set(ids)):
        raise Malformed("unsorted", "signatures are not by ascending key id without repeats")
    return signed


def sign_statement(statement: Statement, key: SecretKey, assertion: Assertion | None = None) -> bytes:
    """Return the bytes of a `Signed` with this member's signature and the officer's assertion, if any."""
    data = encode(statement)
    decode_statement(data)
    return sign_bytes(data, key, assertion)


def sign_bytes(data: bytes, key: SecretKey, assertion: Assertion | None = None) -> bytes:
    """Return statement bytes signed, as they travel."""
    return encode(sign_raw(data, key, assertion))


def sign_raw(data: bytes, key: SecretKey, assertion: Assertion | None = None) -> Signed:
    """Sign statement bytes that were shown to an officer before: nothing is encoded again."""
    signature = Signature(key_id=key.id, alg=ED25519, sig=b64(key.sign("statement", data)))
    return Signed(statement=b64(data), signatures=(signature,), assertion=assertion)


def assert_item(item: ItemId, key: SecretKey) -> Assertion:
    """Return an officer key's assertion over a statement's id."""
    sig = key.sign("assertion", unb64(item, 32))
    return Assertion(key_id=key.id, authenticator_data=None, client_data=None, sig=b64(sig))


def commitment(item: ItemId, signed: Signed, required: frozenset[str], kind: str) -> Commitment:
    """Return what the log holds of a statement.

    It covers the signatures of the algorithms that the charter requires, by ascending key id, then the assertion's
    raw signature if the kind requires one: no other signature can be added or taken away unseen.
    """
    sigs = [unb64(s.sig) for s in signed.signatures if s.alg in required]
    if kind in ASSERTED_KINDS and signed.assertion is not None:
        sigs.append(unb64(signed.assertion.sig))
    both = digest("quartet/sigs/v1", *sigs)
    return Commitment(digest64("quartet/commit/v1", unb64(item, 32), both))


__all__ = [
    "ASSERTED_KINDS",
    "DEADLINE_KINDS",
    "FACT_KINDS",
    "ROOT",
    "ROOT_KINDS",
    "Assertion",
    "Citation",
    "Commitment",
    "Contained",
    "ControlId",
    "ExchangeId",
    "ItemId",
    "KeyId",
    "Signature",
    "Signed",
    "Statement",
    "assert_item",
    "commitment",
    "decode_signed",
    "decode_statement",
    "item_id",
    "reference",
    "sign_bytes",
    "sign_raw",
    "sign_statement",
]
