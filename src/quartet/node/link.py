"""The arithmetic of one peer's two streams of parcels: what was sent, what came, what is lost. Pure; no I/O, no clock.

A parcel that was not acknowledged in time is void: the headers that follow name its number, so that the gap closes, and
its contents go again in a new parcel. A number that was passed, or declared void, is never accepted later.

Parcels in a file are under way for days: nobody's patience ends them. The next parcel that is none of that file
declares them void, for the file may be lost; what is confirmed of it all the same, before anything newer, did arrive.
"""

from collections import deque
from dataclasses import dataclass, field

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, ItemId, MemberId, Micros

MAX_OUTSTANDING = 16
"""Parcels on their way to one peer."""
MAX_BYTES_ON_WAY = 2 * 1024 * 1024
"""Their sizes together: what a slow peer works off before a FLASH that comes now."""
PATIENCE = 3 * SECOND
"""The least time after which an unconfirmed parcel is void."""
ANSWERS = 3
"""How many of its slowest answers a peer gets, where that is longer."""
MAX_ANSWER = 20 * SECOND
FADES = 10
"""A slow answer loses a tenth of its weight with each one that follows."""
RESERVED = 64
"""Numbers that are kept as used at once: a parcel that carries no row leaves without waiting for the disk."""
MAX_FILES = 8
"""Files whose confirmation is waited for; of an older one the contents go once more."""
MAX_FILLED = 4_096
"""Parcels in one file."""
MAX_AHEAD = 4 * MAX_OUTSTANDING
"""How far ahead of a gap a parcel is accepted; in a file, as many as one holds."""


@dataclass(slots=True)
class Sent:
    """One parcel on its way: what to do when it arrived, what to send again when it did not."""

    seq: int
    hash: str
    at: Micros
    cargo: "Cargo"
    size: int


@dataclass(slots=True)
class Cargo:
    """What a parcel carried, so that its loss or arrival can be noted."""

    rows: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    batches: list[bytes] = field(default_factory=list)
    parts: list[tuple[ItemId, str, int]] = field(default_factory=list)
    told: list[tuple[ItemId, MemberId, Micros]] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    """The feeds that the frames in it show."""
    pieces: list[tuple[str, int, int]] = field(default_factory=list)
    """Of what goes in pieces: which, from where to where."""
    leaves_to: int = 0
    officers: int = 0
    acts_to: int = 0

    @property
    def basic(self) -> bool:
        """Whether it is what a suspended member gets too: an act, who asserts, or rows by the gate's word."""
        return bool(self.acts_to or self.officers or self.rows)


class Outgoing:
    """Our parcels to one peer."""

    def __init__(self, reserved: int = 0, acked: int = 0, least: int = PATIENCE) -> None:
        """Go on after number `reserved`, of which the peer confirmed `acked`; what lies between is void.

        No parcel is void before it is on its way for `least` microseconds.
        """
        self.least = least
        self.seq = reserved
        self.acked = acked
        self.last_hash: str | None = None
        self.reserved = reserved
        self.voids: list[tuple[int, int]] = [(acked + 1, reserved)] if reserved > acked else []
        self._on_way: dict[int, Sent] = {}
        self.files: deque[dict[int, Sent]] = deque(maxlen=MAX_FILES)
        self._filling = False
        self._given_up: deque[tuple[int, Micros]] = deque(maxlen=MAX_OUTSTANDING)
        self._slowest = 0

    @property
    def full(self) -> bool:
        """Whether another parcel must wait for an acknowledgement."""
        return len(self._on_way) >= MAX_OUTSTANDING or sum(s.size for s in self._on_way.values()) >= MAX_BYTES_ON_WAY

    @property
    def to_reserve(self) -> int:
        """Up to where numbers must be kept as used before the next parcel leaves; `reserved` if they are.

        The last of them is never given to a parcel: after a crash nobody holds a header that the next one must follow.
        """
        return self.reserved if self.seq + 1 < self.reserved else self.seq + 1 + RESERVED

    @property
    def patience(self) -> int:
        """After how many microseconds an unconfirmed parcel is void: a peer that is slow is not one that is away.

        Without this, a busy peer would be sent everything again and so be kept busy for ever.
        """
        return max(self.least, ANSWERS * self._slowest)

    @property
    def on_way(self) -> int:
        """How many parcels are not yet acknowledged."""
        return len(self._on_way)

    def under_way(self) -> list[Sent]:
        """Return the parcels that are not yet confirmed, those of a file only while nothing else was sent."""
        return [*self._on_way.values(), *(self.files[-1].values() if self._filling else ())]

    def sent(self, seq: int, header_hash: str, now: Micros, cargo: Cargo, size: int = 0) -> None:
        """Note that parcel `seq` leaves."""
        self.seq = seq
        self.last_hash = header_hash
        self._on_way[seq] = Sent(seq, header_hash, now, cargo, size)

    def begin_file(self) -> None:
        """Note that the parcels that `put` notes from here on lie in one file."""
        self.files.append({})
        self._filling = True

    def put(self, seq: int, header_hash: str, now: Micros, cargo: Cargo, size: int = 0) -> None:
        """Note that parcel `seq` goes into the file."""
        self.seq = seq
        self.last_hash = header_hash
        self.files[-1][seq] = Sent(seq, header_hash, now, cargo, size)

    def end_file(self) -> list[Sent]:
        """Return the parcels of the newest file, void for all that is sent from here on; none the second time."""
        if not self._filling:
            return []
        self._filling = False
        gone = list(self.files[-1].values())
        self._void([s.seq for s in gone])
        return gone

    def heard(
        self, received: tuple[int, str] | None, now: Micros, *, away: bool = False, live: bool = True
    ) -> list[Sent]:
        """Return the parcels that the peer confirms with `received`, or raise `Untrusted` if it names another hash.

        What a peer confirms that was `away` says nothing of how slow it is, and what a file confirms, no `live` link,
        not even of what we gave up: who is too busy to speak in time confirms that within `MAX_ANSWER`.
        """
        if received is None:
            return []
        seq, header_hash = received
        if seq > self.seq:
            raise Untrusted("received-not-sent", f"{seq} where {self.seq} were sent")
        file = next((file for file in self.files if seq in file), {})
        known = self._on_way.get(seq) or file.get(seq)
        if known is not None and known.hash != header_hash:
            raise Untrusted("received-other-header", f"parcel {seq}")
        arrived = [self._on_way.pop(n) for n in sorted(self._on_way) if n <= seq]
        self.acked = max(self.acked, seq)
        self.voids = [(a, b) for a, b in self.voids if b > self.acked]
        late = [now - at for n, at in self._given_up if n == seq]
        while self._given_up and self._given_up[0][0] <= seq:
            self._given_up.popleft()
        if live:
            self._learn([] if away else arrived, [took for took in late if not away or took <= MAX_ANSWER], now)
        arrived += [file[n] for n in sorted(file) if n <= seq]
        for one in self.files:
            for n in [n for n in one if n <= seq]:
                del one[n]
        return arrived

    def _learn(self, arrived: list[Sent], late: list[int], now: Micros) -> None:
        """Take note of how long the peer takes over items; one that confirms what we gave up, `late`, was only slow."""
        took = [now - s.at for s in arrived if s.cargo.rows] + late
        if took:
            self._slowest = min(MAX_ANSWER, max(*took, self._slowest - self._slowest // FADES))

    def lost(self, now: Micros, patience: int) -> list[Sent]:
        """Return the parcels that are void now: all, once one is `patience` microseconds old; their cargo goes again.

        The younger ones too: a FLASH among them must not wait behind what is sent again.
        """
        if not any(now - s.at > patience for s in self._on_way.values()):
            return []
        gone = self.put_aside()
        self._given_up.extend((s.seq, s.at) for s in gone)
        return gone

    def put_aside(self) -> list[Sent]:
        """Return all that is on its way, void for a reason of ours: who confirms it all the same is not slow."""
        gone = [self._on_way.pop(n) for n in sorted(self._on_way)]
        self._void([s.seq for s in gone])
        return gone

    def failed(self, seq: int) -> Sent | None:
        """Return parcel `seq`, void: the carrier did not take it."""
        gone = self._on_way.pop(seq, None)
        if gone is not None:
            self._void([seq])
        return gone

    def _void(self, seqs: list[int]) -> None:
        spans = sorted([*self.voids, *((seq, seq) for seq in seqs)])
        self.voids = []
        for first, last in spans:  # those that touch are one: a header has room for so many
            if self.voids and first <= self.voids[-1][1] + 1:
                first, last = self.voids[-1][0], max(last, self.voids.pop()[1])
            self.voids.append((first, last))


class Incoming:
    """A peer's parcels to us."""

    def __init__(self, through: int = 0, last: tuple[int, str] | None = None) -> None:
        """Go on after `through`, before which nothing is missing; `last` is the newest header there: number, hash."""
        self.through = through
        self.last = last
        self._ahead: dict[int, str] = {}
        self._void: list[tuple[int, int]] = []

    def copy(self) -> "Incoming":
        """Return the stream as it stands, to try a parcel on: it counts as received once its contents are kept."""
        made = Incoming(self.through, self.last)
        made._ahead, made._void = dict(self._ahead), list(self._void)
        return made

    @property
    def gap(self) -> bool:
        """Whether a parcel is missing before one that came: recalls may be missing."""
        return bool(self._ahead)

    @property
    def received(self) -> tuple[int, str] | None:
        """What we confirm to the peer: the newest header before which nothing is missing; None before the first."""
        return self.last

    def admit(
        self, seq: int, header_hash: str, previous: str | None, voids: list[tuple[int, int]], *, live: bool = True
    ) -> bool:
        """Take note of a parcel and return whether it is new; raise `Untrusted` if it breaks the chain.

        (1) not passed before, (2) not too far ahead, (3) its `previous` is the header before it, where we hold it.
        What the parcel says is void counts as no gap, and what came of it behind a gap as nothing that waits.
        """
        most = MAX_AHEAD if live else MAX_FILLED
        if seq <= self.through or seq in self._ahead or self._is_void(seq):
            return False
        skipped = sum(b - a + 1 for a, b in voids if b > self.through)
        if seq > self.through + most + skipped or self._waiting(voids, most) >= most:
            raise Untrusted("parcel-too-far-ahead", f"{seq} after {self.through}")
        before = self._hash_of(seq - 1)
        if before is not None and previous != before:
            raise Untrusted("parcel-chain", f"parcel {seq} does not follow {seq - 1}")
        self._ahead[seq] = header_hash
        self._void = [(a, min(b, seq - 1)) for a, b in voids if b > self.through and a < seq]
        self._advance()
        return True

    def _waiting(self, voids: list[tuple[int, int]], most: int) -> int:
        """Return how many lie behind a gap that `voids` leave; where they are too few to matter, how many there are."""
        if len(self._ahead) < most:
            return len(self._ahead)
        return sum(not any(a <= n <= b for a, b in voids) for n in self._ahead)

    def _hash_of(self, seq: int) -> str | None:
        if self.last is not None and self.last[0] == seq:
            return self.last[1]
        return self._ahead.get(seq)

    def _is_void(self, seq: int) -> bool:
        return any(a <= seq <= b for a, b in self._void)

    def _advance(self) -> None:
        while True:
            seq = self.through + 1
            if seq in self._ahead:
                self.last = (seq, self._ahead.pop(seq))
                self.through = seq
                continue
            jump = max((b for a, b in self._void if a <= seq <= b), default=None)
            if jump is None:
                return
            self.through = min([jump, *(n - 1 for n in self._ahead)])
