"""Take in the acts of the charter that a peer sends, and notice where its charter has parted from ours.

Each half goes on by its own charter: a node sends to whom its own has as a member, and takes in from whom its own has,
so that nothing passes between two members but what both halves allow.
"""

from typing import Final

from quartet.core.articles import Act
from quartet.core.charter import CharterState
from quartet.core.faults import Untrusted
from quartet.core.ids import Micros
from quartet.core.parting import Parted, encode_parting, parting, verify_parting
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.store import Tx

FORKED: Final = "charter-forked"
"""The alarm, and the kind of the evidence, which lies open: it holds what every member may read."""


class Acts:
    """The acts that one peer sends."""

    def __init__(self, parts: Parts, registry: Registry, peer: Peer) -> None:
        self._store = parts.store
        self._registry = registry
        self._peer = peer

    async def take(self, data: bytes, now: Micros) -> None:
        """Apply an act that follows, keep the proof where it shows that its half parted from ours; raise for others."""
        state = self._registry.state
        if data in state.acts:
            return
        try:
            after = state.apply(data)
        except Untrusted as fault:
            if fault.reason != "act-not-next" or not await self._parted(state, data, now):
                raise
            return
        await self._store.write(lambda tx: tx.put_act(len(after.acts), data))
        if data not in self._registry.state.acts:
            self._registry.learn_act(data)

    async def _parted(self, state: CharterState, data: bytes, now: Micros) -> bool:
        """Return whether an act parts from ours, by which it is kept; of each act of ours, one."""
        made = parting(state, data)
        if made is None:
            return False
        proof = encode_parting(made)
        found = verify_parting(proof, state.founding)
        known = {encoded for kind, _, encoded, _ in self._store.reader.evidence() if kind == FORKED}
        fresh = all(verify_parting(one, state.founding).epoch != found.epoch for one in known)

        def job(tx: Tx) -> None:
            if fresh:
                tx.put_evidence(FORKED, self._peer.member, proof, now)
            tx.put_alarm(FORKED, self._peer.member, told(found), now)

        await self._store.write(job)
        return True


def told(found: Parted) -> str:
    """Return in words where two halves parted, what each did, and who signed both."""
    signed = f"signed both: {', '.join(found.both)}" if found.both else "nobody signed both: they crossed"
    return f"two charters from act {found.epoch} on: {_words(found.first)}, or {_words(found.second)}; {signed}"


def _words(act: Act) -> str:
    return " ".join(word for word in (act.kind, act.payload.subject) if word)
