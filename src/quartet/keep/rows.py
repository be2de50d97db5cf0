"""What the store takes and gives: frozen rows."""

from collections.abc import Sequence

import msgspec

from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros


class NewItem(msgspec.Struct, frozen=True):
    """A statement to keep, with what it is found by."""

    id: ItemId
    c: Commitment
    ref: str
    author: MemberId
    kind: str
    kind_v: int
    at: Micros
    precedence: str
    tlp: str
    epoch: int
    controls: Sequence[ControlId]
    own_control: ControlId | None
    facts_on: Sequence[ControlId]
    cites: Sequence[ItemId]
    signed: bytes
    control: bytes | None
    received: Micros
    mine: bool
    state: str = "VERIFIED"


class ItemRow(msgspec.Struct, frozen=True):
    """An item as a list finds it, without its contents."""

    admission: int
    id: ItemId
    c: Commitment
    ref: str
    author: MemberId
    kind: str
    kind_v: int
    at: Micros
    precedence: str
    tlp: str
    received: Micros
    mine: bool
    state: str


class StoredItem(msgspec.Struct, frozen=True):
    """An item with its contents as they came."""

    row: ItemRow
    signed: bytes
    control: bytes | None


class DueRow(msgspec.Struct, frozen=True):
    """An item that waits to go to a member."""

    item_id: ItemId
    lane: int


class DeliveryRow(msgspec.Struct, frozen=True):
    """How an item stands with a member."""

    item_id: ItemId
    member: MemberId
    state: str
    reason: str
    at: Micros
    ever_sent: bool
    purged_at: Micros | None


class PeerState(msgspec.Struct, frozen=True):
    """The two streams of parcels with one peer, as they survive a crash."""

    send_seq: int = 0
    send_hash: str | None = None
    acked: int = 0
    recv_through: int = 0
    recv_last_seq: int = 0
    recv_last_hash: str | None = None
    incarnation: int = 1


class TickRow(msgspec.Struct, frozen=True):
    """One of our own ticks."""

    number: int
    leaf_index: int
    root: bytes
    secret: bytes
    tick_path: bytes


class EpochSecretRow(msgspec.Struct, frozen=True):
    """The private half of an epoch key, and its public statement."""

    key_id: str
    secret: bytes
    not_before: Micros
    not_after: Micros
    published: bytes


class AlarmRow(msgspec.Struct, frozen=True):
    """Something an officer must look at."""

    reason: str
    subject: str
    detail: str
    at: Micros
