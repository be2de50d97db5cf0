"""Make, take in and pass on what proves since when an item with deadlines, and each receipt for it, is on record.

The author tells each member that holds the item; who can prove an earlier time than it was told tells the author. So
all of them come to the earliest that any of them can prove, though each missed some cosignatures. Of other kinds
nothing is told: who has an item is nobody's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from quartet.core.encoding import encode
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, Commitment, ItemId, MemberId, Micros
from quartet.core.onrecord import Held, OnRecord, verify_on_record
from quartet.core.proof.path import root_in_tick
from quartet.core.receipt import lone_receipt
from quartet.core.statement import DEADLINE_KINDS
from quartet.core.verify import Verified
from quartet.node.dating import Dating
from quartet.node.holdings import Holdings
from quartet.node.ledger import Ledger
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import ItemRow, ProvenRow, Tx

WATCHED_FOR: Final = 3_600 * SECOND
"""How long cosignatures that are dated earlier may still come; what no quorum covers yet is watched until one does."""
MAX_WATCHED: Final = 2_000
MAX_LOOKED_AT: Final = 20
"""How many items of each author are watched, and looked at in a tick: who floods delays its own."""
MAX_KNOWN: Final = 10_000
"""Of how many items it is remembered that they have deadlines, so that a late receipt for one is looked at."""


class Heard(NamedTuple):
    """What a member told and was checked: kept if it shows an earlier time; either way that member knows it."""

    row: ProvenRow
    by: MemberId


class _Word(NamedTuple):
    about: MemberId
    c: Commitment


@dataclass(slots=True)
class _Watched:
    until: Micros
    holders: int = 0


class Proofs:
    """One node's proofs of time."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, ledger: Ledger, witness: Witness) -> None:
        self._me = parts.me
        self._store = parts.store
        self._reader = parts.store.reader
        self._registry = registry
        self.dating = Dating(self._reader, registry, ledger, witness)
        self._watched: dict[str, dict[ItemId, _Watched]] = {}
        self._known = dict.fromkeys(self._reader.newest_of(DEADLINE_KINDS, MAX_KNOWN))
        self._new = list(self._known)
        holdings.on_news.append(self._news)
        holdings.on_receipts.append(self._receipted)

    # -- what is looked at

    def _news(self, verified: Verified) -> None:
        """Watch a new item whose kind has deadlines."""
        if verified.statement.kind in DEADLINE_KINDS:
            self._known[verified.id] = None
            self._new.append(verified.id)
            while len(self._known) > MAX_KNOWN:
                self._known.pop(next(iter(self._known)))

    def _receipted(self, _: MemberId, items: Sequence[ItemId]) -> None:
        """Watch again what a member receipted."""
        self._new += [item for item in items if item in self._known]

    async def look(self, now: Micros) -> None:
        """Prove what can be proven now, better than before, and note who is to be told."""
        for row in self._reader.rows(self._new).values():
            if row.kind in DEADLINE_KINDS:
                self._watch(row, now)
        self._new.clear()
        for watched in list(self._watched.values()):
            for item in list(watched)[:MAX_LOOKED_AT]:
                more = await self._look_at(item, watched[item], now)
                one = watched.pop(item)
                if more:
                    watched[item] = one  # the others first at the next tick

    def _watch(self, row: ItemRow, now: Micros) -> None:
        watched = self._watched.setdefault(row.author, {})
        watched.pop(row.id, None)
        watched[row.id] = _Watched(Micros(now + WATCHED_FOR))
        while len(watched) > MAX_WATCHED:
            watched.pop(next(iter(watched)))

    async def _look_at(self, item: ItemId, watched: _Watched, now: Micros) -> bool:
        """Look at one item; return whether more of it may still come."""
        row = self._reader.row(item)
        if row is None or row.kind not in DEADLINE_KINDS:
            return False  # it was purged
        words = self._words(row)
        known = {one.about: one for one in self._reader.proven(item)}
        try:
            better = [self._better(row, word, known.get(word.about)) for word in words]
        except (Malformed, Untrusted):
            return False  # it is damaged here, and `verify` says so
        found = [proof for proof in better if proof is not None]
        holders = len(self._reader.holders(item))
        if found or holders != watched.holders:
            await self._store.write(lambda tx: _keep(tx, item, found))
            watched.holders = holders
        proven = known.keys() | {one.about for one in found}
        return now < watched.until or not proven.issuperset(word.about for word in words)

    def _words(self, row: ItemRow) -> list[_Word]:
        """Return what of an item this node itself may prove: the statement, and the receipts that came or it made."""
        found = [_Word(MemberId(row.author), Commitment(row.c))]
        if row.mine:
            return [*found, *(_Word(*one) for one in self._reader.receipt_commitments(row.id))]
        made = self._reader.made_receipt(row.id)
        return found if made is None or row.state == "HELD" else [*found, _Word(self._me, Commitment(made[0]))]

    def _better(self, row: ItemRow, word: _Word, known: ProvenRow | None) -> ProvenRow | None:
        """Return a proof of a word by what this node holds, if it shows an earlier time than what is known."""
        since = self.dating.since(word.about, word.c, row.at)
        if since is None or (known is not None and known.since <= since):
            return None
        receipt = b"" if word.about == row.author else self._receipt(row, word)
        try:
            proof = self.dating.proof(word.about, word.c, row.at)
        except Unavailable:
            return None  # a leaf on the way there has not come yet
        return ProvenRow(item=row.id, about=word.about, c=word.c, receipt=receipt, proof=proof, since=since)

    def _receipt(self, row: ItemRow, word: _Word) -> bytes:
        """Return the receipt that a word is, as one is shown alone."""
        lone = lone_receipt(self._reader.batch(word.c) or b"", row.id, "VERIFIED")
        if lone is None:
            raise Untrusted("receipt-missing", f"{row.ref} by {word.about}")
        return encode(lone)

    # -- what another tells

    def check(self, said: OnRecord, by: MemberId) -> Heard | None:
        """Return what a member tells, once it was checked; None of an item that was destroyed here.

        (1) the item is held, and of a kind with deadlines, (2) it is the author who tells a holder, or a holder the
        author, (3) it proves what it says (`verify_on_record`), (4) in the log as we hold it, (5) with a quorum.
        """
        row = self._reader.row(said.id)
        if row is None:
            raise Untrusted("record-not-held", said.id[:8])
        if row.state == "PURGED":
            return None
        if row.kind not in DEADLINE_KINDS:
            raise Untrusted("record-no-deadline", f"{row.ref} is a {row.kind}")
        if by != row.author and not (row.mine and by in self._reader.holders(row.id)):
            raise Untrusted("record-not-senders", f"{row.ref} of {row.author}, told by {by}")
        held = Held(row.id, Commitment(row.c), row.author)
        proven = verify_on_record(said, held, self._registry.keyring, self.dating.keys)
        if not self.dating.fits(proven.about, proven.path.leaf_index, root_in_tick(proven.path)):
            raise Untrusted("leaf-changed", f"leaf {proven.path.leaf_index} of {proven.about}")
        since = self.dating.shown(proven.about, said.proof, row.at)
        if since is None:
            raise Untrusted("no-quorum", f"{row.ref}, by {proven.about}")
        found = ProvenRow(
            item=row.id, about=proven.about, c=proven.c, receipt=said.receipt, proof=said.proof, since=since
        )
        return Heard(found, by)

    def keep(self, tx: Tx, heard: Heard) -> None:
        """Keep what a member told, if it is better than what is here, and that it knows it."""
        row = heard.row
        tx.put_proven(row)
        tx.tell_holders(row.item)
        tx.knows(heard.by, [(row.item, row.about, row.since)])


def _keep(tx: Tx, item: ItemId, found: list[ProvenRow]) -> None:
    for proof in found:
        tx.put_proven(proof)
    tx.tell_holders(item)


__all__ = ["Heard", "Proofs"]
