"""What the store hands out: rows as values, and the closed lists of states."""

from enum import StrEnum

from quartet.core.encoding import Value
from quartet.core.ids import Commitment, ItemId, MemberId, Micros, Tick


class ItemState(StrEnum):
    """What became of an item at this node."""

    VERIFIED = "verified"
    HELD = "held"
    """Kept and receipted HELD: of a kind or version that this node does not read yet."""
    HIDDEN = "hidden"
    """Recalled; destroyed when its time comes."""
    CLOSED = "closed"
    """Expired."""
    PURGED = "purged"
    """Destroyed; only the stub is left."""


class DeliveryState(StrEnum):
    """Where an item stands on its way to one member."""

    WITHHELD = "withheld"
    DUE = "due"
    SENT = "sent"
    RECEIPTED = "receipted"
    PARKED = "parked"


class StoredItem(Value, frozen=True):
    """An item as it lies here. `signed` is empty, and `stub` set, once it was purged."""

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
    epoch: int
    state: ItemState
    received: Micros
    signed: bytes
    control: bytes | None
    stub: bytes | None = None


class ControlOf(Value, frozen=True):
    """A control that an item carries; `own` if it is the item's own."""

    control: str
    controller: MemberId
    own: bool


class Due(Value, frozen=True):
    """A row that waits to be sent."""

    id: ItemId
    admission: int
    lane: int


class Delivery(Value, frozen=True):
    """An item on its way to a member. `batch` and `place` say where its receipt is."""

    id: ItemId
    member: MemberId
    lane: int
    state: DeliveryState
    reason: str | None
    decided: Micros
    seq: int | None
    sent: Micros | None
    receipted: Micros | None
    batch: int | None
    place: int | None
    purged: Micros | None


class Batch(Value, frozen=True):
    """A batch of receipts, as it travels."""

    n: int
    author: MemberId
    recipient: MemberId
    data: bytes
    c: Commitment
    at: Micros


class Pending(Value, frozen=True):
    """A commitment that waits for a tick."""

    n: int
    c: Commitment


class TickRow(Value, frozen=True):
    """A tick of our own log: its commitments are those numbered from `first_n` up to, not including, `end_n`."""

    number: Tick
    root: bytes
    secret: bytes
    first_n: int
    end_n: int


class CheckpointRow(Value, frozen=True):
    """A signed note that says how long a log is."""

    size: int
    note: str


class Cosignature(Value, frozen=True):
    """A witness's line under a checkpoint; `time` is its date in seconds since 1970."""

    size: int
    witness: MemberId
    time: int
    line: str


class PathRow(Value, frozen=True):
    """The proof that `c` is in a log at `size`, as it travels."""

    c: Commitment
    size: int
    data: bytes


class PeerState(Value, frozen=True):
    """Where the two streams of parcels with a peer stand; a new one has not begun."""

    send_seq: int = 0
    send_acked: int = 0
    send_hash: str | None = None
    recv_through: int = 0
    recv_last: tuple[int, str] | None = None
    incarnation: int = 1
    voids: tuple[tuple[int, int], ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    leaves_to: int = 0
    acts_to: int = 0
    officers: int = 0
    paths_tick: int = 0


class ManifestRow(Value, frozen=True):
    """A manifest as it travels."""

    kind: str
    member: MemberId
    version: int
    data: bytes


class Evidence(Value, frozen=True):
    """Bytes that convict somebody of something."""

    kind: str
    where: str
    data: bytes
    at: Micros


class PersonLine(Value, frozen=True):
    """What an officer did with what."""

    n: int
    at: Micros
    officer: str
    action: str
    subject: str
    detail: str


class AlarmRow(Value, frozen=True):
    """Something that an officer must look at, until `ended`."""

    n: int
    kind: str
    subject: str
    text: str
    since: Micros
    ended: Micros | None


class DraftRow(Value, frozen=True):
    """What an officer has not sent yet."""

    id: str
    officer: str
    at: Micros
    data: bytes


class AttachmentRow(Value, frozen=True):
    """A file that belongs to an item; `held` of its `parts` are here."""

    id: ItemId
    root: str
    name: str
    size: int
    media_type: str
    parts: int
    held: int


class AttachmentDue(Value, frozen=True):
    """A file on its way to a member; `next` is the part to send."""

    id: ItemId
    member: MemberId
    root: str
    next: int
    total: int
