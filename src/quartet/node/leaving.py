"""Keep, before a parcel leaves, that what is in it may be with the peer, and that its number is used."""

from typing import NamedTuple

from quartet.core.ids import ItemId, Micros
from quartet.core.parcel import Parcel
from quartet.node.holdings import Holdings
from quartet.node.link import Cargo
from quartet.node.peer import Peer
from quartet.store import SentState, Store, Tx


class Made(NamedTuple):
    """A parcel that may leave, its number, and whether more may be due."""

    seq: int
    parcel: Parcel
    more: bool
    active: bool
    """Whether its peer was a member in force when it was made."""
    cargo: Cargo


class Leaving(NamedTuple):
    """A parcel that is to leave: its number, when, what it carries, the facts that follow, and the numbers now used."""

    seq: int
    now: Micros
    cargo: Cargo
    facts: list[tuple[ItemId, int]]
    upto: int


async def keep(store: Store, holdings: Holdings, peer: Peer, parcel: Leaving) -> None:
    """Keep it; of what goes in pieces, when the first leaves, and again when the last does."""
    member, out = peer.member, peer.outgoing
    rows = [ItemId(r) for cargo in (parcel.cargo, *(large.cargo for large in peer.larges.begun)) for r in cargo.rows]
    if not rows and not parcel.facts and parcel.upto <= out.reserved:
        return
    state = SentState(reserved=parcel.upto, acked=out.acked) if parcel.upto > out.reserved else None

    def job(tx: Tx) -> None:
        if state is not None:
            tx.save_sent(member, state)
        tx.mark_sent(member, rows, parcel.seq, parcel.now)
        for fact, lane in parcel.facts:
            tx.set_delivery(fact, member, "due", lane, parcel.now)

    held = (holdings.verified(row) for row in rows)
    urgent = any(one is not None and one.statement.precedence == "FLASH" for one in held)
    await store.write(job, urgent=urgent)
    out.reserved = parcel.upto
