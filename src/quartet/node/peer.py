"""What a node keeps of one peer while it runs: the two streams, when it was heard, what it was told."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from quartet.core.ids import MemberId, Micros
from quartet.node.link import Cargo, Incoming, Outgoing, Sent
from quartet.store import PeerState

MAX_BATCHES: Final = 1_000
"""Batches of receipts that wait for a peer; more are made again when he sends again."""

MAX_PATHS: Final = 5_000
"""Paths that wait for the leaves they lead to."""


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
    told_cosigned: dict[MemberId, str] = field(default_factory=dict)
    batches: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_BATCHES))
    paths: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_PATHS))
    ask_leaves: bool = True
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
