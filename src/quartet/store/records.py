"""What the store takes and gives: frozen rows."""

from collections.abc import Sequence

from quartet.core.encoding import Value
from quartet.core.ids import Commitment, ControlId, ItemId, MemberId, Micros


class NewItem(Value, frozen=True):
    """A statement to keep, with what it is found by. `state` is VERIFIED, HELD or PARKED."""

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
    cites: Sequence[str]
    signed: bytes
    control: bytes | None
    received: Micros
    mine: bool
    state: str = "VERIFIED"


class ItemRow(Value, frozen=True):
    """An item as a list finds it, without its contents. A purged one keeps only id, c, ref, author and its place."""

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


class StoredItem(Value, frozen=True):
    """An item with its contents as they came."""

    row: ItemRow
    signed: bytes
    control: bytes | None


class DueRow(Value, frozen=True):
    """An item that waits to go to a member."""

    item_id: ItemId
    lane: int


class PathDue(Value, frozen=True):
    """A path that a member was not sent yet: its place among them, items before receipts; what it leads from."""

    place: tuple[int, int]
    c: Commitment
    tick: int


class DeliveryRow(Value, frozen=True):
    """How an item stands with a member."""

    item_id: ItemId
    member: MemberId
    state: str
    reason: str
    at: Micros
    ever_sent: bool
    purged_at: Micros | None


class ProvenRow(Value, frozen=True):
    """What proves since when a word is on record: an item's own (`about` is its author), or a member's receipt."""

    item: ItemId
    about: MemberId
    c: Commitment
    receipt: bytes
    proof: bytes
    since: Micros


class ToldRow(Value, frozen=True):
    """What a member is still to be told of an item, `mine` or not; `place` is where it stands among all of that."""

    place: tuple[int, str]
    mine: bool
    row: ProvenRow


class SentState(Value, frozen=True):
    """Our parcels to one peer, as they survive a crash: no number up to `reserved` is used again."""

    reserved: int = 0
    acked: int = 0


class ReceivedState(Value, frozen=True):
    """A peer's parcels to us, as they survive a crash: before `through` nothing is missing; the newest header there."""

    through: int = 0
    last_seq: int = 0
    last_hash: str | None = None
    incarnation: int = 1


class TickRow(Value, frozen=True):
    """One of our own ticks."""

    number: int
    leaf_index: int
    root: bytes
    secret: bytes
    tick_path: bytes


class EpochSecretRow(Value, frozen=True):
    """The private half of an epoch key, and its public statement."""

    key_id: str
    secret: bytes
    not_before: Micros
    not_after: Micros
    published: bytes


class AlarmRow(Value, frozen=True):
    """Something an officer must look at."""

    reason: str
    subject: str
    detail: str
    at: Micros


class PersonLine(Value, frozen=True):
    """What an officer did with what."""

    n: int
    at: Micros
    officer: str
    action: str
    subject: str
    detail: str


class DraftRow(Value, frozen=True):
    """What an officer has not sent yet."""

    id: str
    officer: str
    at: Micros
    data: bytes
