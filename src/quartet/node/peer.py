"""What a node keeps of one peer while it runs: the two streams, when it was heard, what it was told."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.parcel import Content
from quartet.node.link import Cargo, Incoming, Outgoing, Sent
from quartet.node.parked import Parked
from quartet.store import PeerState

MAX_BATCHES: Final = 1_000
"""Batches of receipts that wait for a peer; more are made again when he sends again."""

MAX_PATHS: Final = 5_000
"""Paths, of 4 KiB at most, that wait for the leaves they lead to."""

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
    sending: dict[tuple[ItemId, str], int] = field(default_factory=dict)
    """Of each file on its way, the part that goes next; those before it are on their way, or confirmed."""
    wanted: deque[Wanted] = field(default_factory=lambda: deque(maxlen=MAX_WANTED))
    asks: deque[Content] = field(default_factory=lambda: deque(maxlen=MAX_WANTED))
    ask_leaves: bool = True
    parked: Parked = field(default_factory=Parked)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    refused: str = ""

    @classmethod
    def of(cls, member: MemberId, kept: PeerState) -> "Peer":
        """Return a peer as it was when the node stopped; what was not confirmed then is void."""
        last = None if kept.recv_last_hash is None else (kept.recv_last_seq, kept.recv_last_hash)
        return cls(
            member=member,
            outgoing=Outgoing(kept.send_seq, kept.acked, kept.send_hash),
            incoming=Incoming(kept.recv_through, last),
            incarnation=kept.incarnation,
        )

    def state(self) -> PeerState:
        """Return what must survive a crash."""
        last_seq, last_hash = self.incoming.last or (0, None)
        return PeerState(
            send_seq=self.outgoing.seq,
            send_hash=self.outgoing.last_hash,
            acked=self.outgoing.acked,
            recv_through=self.incoming.through,
            recv_last_seq=last_seq,
            recv_last_hash=last_hash,
            incarnation=self.incarnation,
        )


__all__ = ["Cargo", "Peer", "Sent"]
