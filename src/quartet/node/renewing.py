"""Before a new log key signs anything: how far is our log on record? Whoever had the old key may have gone on with it.

What a thief had cosigned by a quorum stays, and a log under the new key that parts from it would convict us. So the
others are asked, as after a restore. Where they hold what is ours, our log goes on as it is. Where a quorum may hold
another's leaves, ours behind the parting give way to them: what we said in those goes into our next tick.
"""

from typing import Final, NamedTuple

from msgspec import json

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.proof.counting import counted_since
from quartet.core.proof.goingon import Chain, common, goes_on_whoever_counted
from quartet.core.proof.witness import split_leaves
from quartet.core.restored import Returned
from quartet.node.ledger import Ledger
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import Store, Tx

DISOWNED: Final = "log-disowned"
A_WEEK: Final = 7 * 86_400 * SECOND
_PLACE: Final = "disowned"


class Told(NamedTuple):
    """What a witness said of our log: the newest checkpoint that it holds, and the leaves that lead to it."""

    note: str
    chain: Chain


class Renewing:
    """Hears what the others hold of our log, and goes on behind it."""

    def __init__(self, parts: Parts, registry: Registry, ledger: Ledger, witness: Witness) -> None:
        self._parts, self._store = parts, parts.store
        self._registry = registry
        self._ledger = ledger
        self._witness = witness
        self._base: int | None = None
        self._told: dict[MemberId, Told] = {}
        self._coming: dict[MemberId, list[bytes]] = {}
        alarms = self._store.reader.alarms()
        self._word = next((a.at for a in alarms if (a.reason, a.subject) == (DISOWNED, parts.me)), 0)

    @property
    def base(self) -> int:
        """How long our log is beyond doubt: what a quorum cosigned of it, as we hold it."""
        if self._base is None:
            self._base = min(self._ledger.size, self._witness.taken_back.covered(self._parts.me))
        return self._base

    def taken_back(self) -> bool:
        """Return whether root took back the key that signed the newest checkpoint of ours that we kept."""
        newest = self._store.reader.checkpoint(self._ledger.origin)
        return newest is not None and not self._witness.taken_back.in_use(self._parts.me, newest[1])

    def held(self, member: MemberId) -> int:
        """Return how many leaves are here of those that a member holds."""
        return self.base + len(self._coming.get(member, ()))

    def heard(self, member: MemberId, said: Returned) -> bool:
        """Take a part of what a member holds of our log; return whether all of it is here."""
        if member in self._told:
            return True
        if not said.note:
            self._told[member] = Told("", ())
            return True
        known = self._registry.log_keys(self._parts.me).checkpoint(said.note, self._ledger.origin)
        if self.base and known.first_tick + self.base != self._ledger.number_at(self.base, said.note):
            self._told[member] = Told(said.note, ())  # of no log that what is on record began
            return True
        if self._ledger.root_at(known.size) == known.root:
            ours = self._store.reader.leaves(self._ledger.origin, self.base, max(0, known.size - self.base))
            self._told[member] = Told(said.note, ours)
            return True
        coming = self._coming.setdefault(member, [])
        if said.first == self.base + len(coming):
            coming += split_leaves(said.leaves)
        if len(coming) < known.size - self.base:
            return False
        chain = coming[: max(0, known.size - self.base)]
        self._told[member] = Told(said.note, chain if self._ledger.root_with(self.base, chain) == known.root else ())
        return True

    def again(self, member: MemberId) -> None:
        """Forget the part of an answer that came: it is asked for anew."""
        self._coming.pop(member, None)

    async def go_on(self, now: Micros) -> bool:
        """Go on where no quorum is contradicted, once enough have answered; return whether we do."""
        witnesses = self._registry.witnesses(self._parts.me, now)
        told = {one: self._told[one].chain for one in witnesses if one in self._told}
        groups = counted_since(self._registry.membership, self._parts.me, self._since(), now)
        own = self._store.reader.leaves(self._ledger.origin, self.base, self._ledger.size - self.base)
        chosen = goes_on_whoever_counted(own, told, groups)
        if chosen is None:
            return False
        if chosen == own:
            self._ledger.sign()
        else:
            note = next(one.note for one in self._told.values() if one.chain is chosen)
            await self._give_way(note, own, chosen, now)
        await self._witness.own_goes_on(now)
        return True

    def _since(self) -> Micros:
        """Return when the first tick of ours began that may not be on record."""
        last = self._ledger.last
        first = 0 if last is None else last.number - last.leaf_index + self.base
        return Micros(first * self._ledger.tick_length)

    async def _give_way(self, note: str, own: Chain, chosen: Chain, now: Micros) -> None:
        """Take the leaves of another into our log, and tell the officers which ticks are not ours.

        How much of ours goes on record anew is not told: some of it is for others' eyes.
        """
        parting = common(own, chosen)
        first, theirs = self.base + parting, chosen[parting:]
        begins = self._ledger.number_at(first, note)
        ticks = begins, begins + len(theirs) - 1
        known = disowned(self._store)
        text = (
            f"{len(theirs)} ticks of this log, {ticks[0]} to {ticks[1]}, were signed by somebody else with the key that"
            " root took back, and others hold them: they stay in it, and are not this member's; what it said itself in"
            " that time goes on record anew"
        )

        def also(tx: Tx) -> None:
            tx.set_meta(_PLACE, json.encode([*known, ticks]).decode())
            tx.put_alarm(DISOWNED, self._parts.me, text, now)

        await self._ledger.give_way(note, first, theirs, also)
        self._word = now
        self._witness.paths.forget(self._ledger.origin)

    async def told_enough(self, now: Micros) -> None:
        """End the word of which ticks are another's once it has stood for a week; it is kept all the same."""
        if self._word and self._word + A_WEEK < now:
            await self._store.write(lambda tx: tx.end_alarm(DISOWNED, self._parts.me, now))
            self._word = 0


def disowned(store: Store) -> list[tuple[int, int]]:
    """Return which ticks of our own log are another's, each span by its first tick and its last."""
    kept = store.reader.meta(_PLACE)
    return [] if kept is None else json.decode(kept, type=list[tuple[int, int]])


__all__ = ["DISOWNED", "Renewing", "Told", "disowned"]
