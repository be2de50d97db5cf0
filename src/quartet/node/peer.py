"""What a node keeps of one peer while it runs: the two streams, when it was heard, what it was told."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.parcel import Content
from quartet.core.piece import Joining
from quartet.node.carriage import NOTHING, Carriage
from quartet.node.large import Larges
from quartet.node.link import MAX_OUTSTANDING, Cargo, Incoming, Outgoing, Sent
from quartet.node.parked import Parked
from quartet.store import ReceivedState, SentState

MAX_BATCHES: Final = 1_000
"""Batches of receipts that wait for a peer; more are made again when he sends again."""

MAX_PATHS: Final = 5_000
"""Paths, of 4 KiB at most, that wait for the leaves they lead to."""

MAX_RECORDS: Final = 500
"""What a peer told of times, of 80 KiB at most, that waits for the manifest of a member whose keys prove it."""

MAX_WANTED: Final = 64
"""Parts of files that a peer asked for again, and that we ask of a peer; who is still without one asks again."""

Wanted = tuple[ItemId, str, int]
"""One part of a file: the item, the file's root, the part's number."""


@dataclass(slots=True)
class Peer:
    """One peer. `fresh` is true until the first parcel of this run was answered: then much is told anew."""

    member: MemberId
    outgoing: Outgoing
    incoming: Incoming
    incarnation: int = 1
    heard: Micros | None = None
    fresh: bool = True
    leaves_to: int = 0
    acts_to: int = 0
    officers: int = 0
    told_cosigned: dict[tuple[MemberId, str], str] = field(default_factory=dict)
    batches: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_BATCHES))
    paths: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_PATHS))
    records: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_RECORDS))
    sending: dict[tuple[ItemId, str], int] = field(default_factory=dict)
    """Of each file on its way, the part that goes next; those before it are on their way, or confirmed."""
    wanted: deque[Wanted] = field(default_factory=lambda: deque(maxlen=MAX_WANTED))
    asks: deque[Content] = field(default_factory=lambda: deque(maxlen=MAX_WANTED))
    ask_leaves: bool = True
    parked: Parked = field(default_factory=Parked)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    refused: str = ""
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while one parcel of the peer is taken: a hub and a file may bring some at once."""
    carriage: Carriage = NOTHING
    cover: int | None = None
    """How large each parcel to it is, and one goes in each slot; None where there is no cover."""
    arrived: Micros | None = None
    """When anything sealed last came from it over a link, as a hub sees it too."""
    aside: bytes | None = None
    """Under cover: a parcel of no stream that goes to it in the next slot that it may have."""
    larges: Larges = field(default_factory=Larges)
    joining: Joining = field(default_factory=Joining)

    @classmethod
    def of(cls, member: MemberId, sent: SentState, received: ReceivedState, carriage: Carriage = NOTHING) -> "Peer":
        """Return a peer as it was when the node stopped; what was not confirmed then is void."""
        last = None if received.last_hash is None else (received.last_seq, received.last_hash)
        outgoing = Outgoing(sent.reserved, sent.acked)
        outgoing.files.extend({one.seq: one for one in file if one.seq > sent.acked} for file in carriage.files)
        return cls(
            member=member,
            outgoing=outgoing,
            leaves_to=carriage.leaves_to,
            carriage=carriage,
            incoming=Incoming(received.through, last),
            incarnation=received.incarnation,
        )

    def under_way(self) -> list[Cargo]:
        """Return what is on its way and not confirmed yet, in parcels and in pieces."""
        return [*(sent.cargo for sent in self.outgoing.under_way()), *self.larges.cargos]

    @property
    def full(self) -> bool:
        """Whether another parcel must wait for an acknowledgement: under cover the slots bound what is on its way."""
        if self.cover is not None:
            return self.outgoing.on_way >= MAX_OUTSTANDING
        return self.outgoing.full

    def waits(self, now: Micros) -> bool:
        """Return whether something is to go to a peer that is there: it needs no more of a file, and would wait."""
        there = self.heard is not None and now - self.heard <= self.outgoing.patience
        return there and self.wake.is_set()

    def received(self, incoming: Incoming) -> ReceivedState:
        """Return what must survive a crash once `incoming` is how far the peer's parcels came."""
        last_seq, last_hash = incoming.last or (0, None)
        return ReceivedState(
            through=incoming.through, last_seq=last_seq, last_hash=last_hash, incarnation=self.incarnation
        )


__all__ = ["Cargo", "Peer", "Sent"]
