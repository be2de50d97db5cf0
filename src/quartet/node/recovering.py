"""Come back from a backup: read-only until every other member gave back what it holds of this node; or with new keys.

The log goes on where the others saw it last; nothing is signed before that, so no log has two ends. What this node said
and got since the backup comes back by the ordinary way, recalls among it; only then does anything go out again. Whoever
is a member in force is waited for: it may be the only one that saw the newest checkpoint.
"""

import asyncio
from contextlib import suppress
from typing import Final

from msgspec import structs

from quartet.core.encoding import encode
from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.packing import write_packed
from quartet.core.parcel import Header, Opened, Parcel, content_hash, open_content, pack, pack_contents
from quartet.core.proof.witness import split_leaves
from quartet.core.restored import NONCE_SIZE, Restored, Returned, read_returned
from quartet.node.course import PLACE, RENEWED, Course, kept_course
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION, Ledger
from quartet.node.link import Incoming, Outgoing
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.node.renewing import Renewing
from quartet.node.witness import Witness
from quartet.store import ReceivedState, SentState, Tx
from quartet.wire.seal import PublicEpoch, seal

LINK_KEY: Final = "link-key"
STANDS: Final = (
    "root gave this node new keys: nothing new goes on record until enough others have said how far its log is"
)
ON_ITS_WAY: Final = "root gave this node new keys: its log goes on; what others lost or hold of it is on its way"
TOLD_FOR: Final = 86_400 * SECOND
"""How long officers are told what came back and what could not."""
READ_ONLY: Final = "this node came back from a backup: it can be read; what is new waits until the others have answered"


class Recovering:
    """Asks the others, and takes what they answer."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        ledger: Ledger,
        witness: Witness,
        peers: dict[MemberId, Peer],
    ) -> None:
        self._parts = parts
        self._store = parts.store
        self._registry = registry
        self._holdings = holdings
        self._ledger = ledger
        self._witness = witness
        self._peers = peers
        self._course = kept_course(self._store)
        self._leaves: dict[MemberId, tuple[int, list[bytes]]] = {}
        self._forked = False
        self._renewing = Renewing(parts, registry, ledger, witness)
        asks = self._course is None or self._course.renewed
        if asks and (self._other_link() or (not self.silent and self._renewing.taken_back())):
            self._course = Course(nonce=parts.entropy(NONCE_SIZE).hex(), began=parts.clock.now(), renewed=True)
        self._noted = False
        if self._course is not None and self._course.renewed:
            ledger.note = None  # what it would say under the new key is not known yet
        self._one_at_a_time = asyncio.Lock()
        self._told = ""
        alarms = self._store.reader.alarms()
        self._word = next((a.at for a in alarms if (a.reason, a.subject) == ("restored", parts.me)), 0)
        holdings.recovering = witness.silent = self.active
        holdings.returns = self._course is not None
        self.elsewhere = witness.elsewhere
        self.elsewhere.known = self._course is None
        self.elsewhere.whole = self._course is not None and self._course.renewed

    @property
    def active(self) -> bool:
        """Whether the node is read-only, because it came back."""
        return self._course is not None and not self._course.renewed

    @property
    def silent(self) -> bool:
        """Whether our log stands still: the others must say first how far it is."""
        return self._course is not None and not self._course.decided

    def _other_link(self) -> bool:
        """Return whether the parcels before were signed by another link key: a thief's may have used up our numbers."""
        kept = self._store.reader.meta(LINK_KEY)
        return kept is not None and kept != self._registry.link_key(self._parts.me).id

    def answered(self, member: MemberId) -> bool:
        """Return whether the streams with a member have begun anew; before that nothing of them is taken or sent."""
        return self._course is None or member in self._course.answered

    async def look(self, now: Micros) -> bool:
        """Ask whoever still has something of ours; return whether the node has all back with this look."""
        course = self._course
        if course is None:
            await self._told_enough(now)
        if not self._noted:
            await self._note()
        if course is None or self._forked:
            return False
        if course.renewed:
            async with self._one_at_a_time:
                await self._go_on(now)
        waits = [m for m in sorted(self._peers) if self._registry.membership.active(m, now) and m not in course.done]
        if not waits:
            await self._finish(now)
            return True
        await self._tell(waits, now)
        for member in waits:
            await self._ask(self._peers[member], course, now)
        return False

    async def _note(self) -> None:
        """Keep, once in each run, by which key our parcels are signed, and that the others are asked."""
        course, link = self._course, self._registry.link_key(self._parts.me).id

        def job(tx: Tx) -> None:
            tx.set_meta(LINK_KEY, link)
            if course is not None and course.renewed:
                tx.set_meta(RENEWED, encode(course).decode())

        await self._store.write(job)
        self._noted = True

    async def _go_on(self, now: Micros) -> None:
        """Have our log go on, once it is known behind what."""
        if self.silent and await self._renewing.go_on(now):
            await self._keep(decided=True)

    async def _ask(self, peer: Peer, course: Course, now: Micros) -> None:
        """Say that we came back to a member that is linked; under cover in its slot, like all else."""
        key = self._registry.epoch_key(peer.member, now)
        if key is None or not self._parts.carrier.linked(peer.member):
            return
        parcel = self._question(peer, course, peer.cover)
        if peer.cover is not None:
            peer.aside = parcel.plaintext
            return
        with suppress(Unavailable):
            await self._parts.carrier.send(peer.member, "p", self._sealed(parcel, peer.member, key))

    def question(self, member: MemberId, now: Micros) -> bytes | None:
        """Return what a file for a member must begin with while it has not given all back; None for nothing."""
        course, key = self._course, self._registry.epoch_key(member, now)
        if course is None or member in course.done or key is None:
            return None
        return self._sealed(self._question(self._peers[member], course, None), member, key)

    def _question(self, peer: Peer, course: Course, fixed: int | None) -> Parcel:
        """Return that we came back, in a parcel that stands in no stream."""
        said = Restored(bytes.fromhex(course.nonce), self._held(peer.member), self._received(peer))
        content = pack_contents([open_content("restored", write_packed(said))])
        header = Header(
            v=1,
            exchange=self._registry.exchange,
            epoch=self._registry.state.epoch,
            frm=self._parts.me,
            to=peer.member,
            incarnations=(INCARNATION, peer.incarnation),
            seq=1,
            previous=None,
            received=None,
            voids=(),
            content_hash=content_hash(content),
            checkpoint=None,
        )
        return pack(header, content, self._parts.keys.link, fixed)

    def _sealed(self, parcel: Parcel, to: MemberId, key: PublicEpoch) -> bytes:
        return seal(parcel.plaintext, exchange=self._registry.exchange, frm=self._parts.me, to=to, public=key)

    def _received(self, peer: Peer) -> int:
        """Return the last parcel of a peer that the backup holds: once it answered, the number says nothing more."""
        kept = self._store.reader.meta(f"{PLACE}-from/{peer.member}")
        return peer.incoming.through if kept is None else int(kept)

    def _held(self, member: MemberId) -> int:
        """Return how many leaves of our log are here, with those of a peer that do not reach its checkpoint yet."""
        if self._course is not None and self._course.renewed:
            return self._renewing.held(member)
        first, leaves = self._leaves.get(member, (0, []))
        return self._ledger.size if first != self._ledger.size else first + len(leaves)

    async def took(self, opened: Opened, member: MemberId, now: Micros) -> None:
        """Take what a peer answers; what it says falsely is alarmed and not believed."""
        for content in opened.contents:
            if content.tag != "returned":
                continue
            try:
                async with self._one_at_a_time:  # the others answer at once, and our log is one
                    await self._took(read_returned(content.data), self._peers[member])
            except Untrusted as fault:
                await self._alarm(fault, member, now)
            except Fault:
                self._leaves.pop(member, None)  # asked again
                self._renewing.again(member)

    async def _alarm(self, fault: Untrusted, member: MemberId, now: Micros) -> None:
        """Alarm a false answer; of a log of ours with two ends nothing is ever signed again by this node."""
        self._forked |= fault.reason == "log-forked"
        reason, detail = fault.reason, f"{member}: {fault.detail}"
        await self._store.write(lambda tx: tx.put_alarm(reason, self._parts.me, detail, now))

    async def _took(self, said: Returned, peer: Peer) -> None:
        course = self._course
        if course is None or said.nonce.hex() != course.nonce or said.sent == 0:
            return
        if course.renewed:
            await self._took_renewed(said, peer)
            return
        size = await self._log(said, peer.member)
        if peer.member not in course.answered:
            await self._answered(said, peer, size)  # acts that came with it are taken after: it is asked once more
        elif said.whole and self._ledger.size >= size and self._course is not None:
            await self._keep(done=tuple(sorted({*self._course.done, peer.member})))

    async def _took_renewed(self, said: Returned, peer: Peer) -> None:
        """Take what a member answers to new keys; what we cosigned it may have from a thief, and that binds nobody."""
        whole = self._renewing.heard(peer.member, said) and said.whole
        if not self.answered(peer.member):
            await self._answered(structs.replace(said, cosigned=()), peer, 0)
        elif whole and self._course is not None:
            await self._keep(done=tuple(sorted({*self._course.done, peer.member})))
        await self._go_on(self._parts.clock.now())

    async def _log(self, said: Returned, member: MemberId) -> int:
        """Follow our own log as far as a peer saw it; return how long it knows it to be."""
        if not said.note:
            return 0
        known = self._registry.log_keys(self._parts.me).checkpoint(said.note, self._ledger.origin)
        if known.size <= self._ledger.size:
            if self._ledger.root_at(known.size) != known.root:
                raise Untrusted("log-forked", f"another log of ours was {known.size} long: two nodes ran at once")
            return known.size
        first, leaves = self._leaves.get(member, (self._ledger.size, []))
        if first != self._ledger.size:
            first, leaves = self._ledger.size, []
        if said.first == first + len(leaves):
            leaves = [*leaves, *split_leaves(said.leaves)]
        self._leaves[member] = first, leaves
        enough = known.size - first
        if len(leaves) >= enough:
            await self._ledger.recover(said.note, leaves[:enough])
            self._leaves.clear()
        return known.size

    async def _answered(self, said: Returned, peer: Peer, size: int) -> None:
        """Begin the two streams with a peer anew, and hold to what it shows that we cosigned."""
        member, before = peer.member, peer.incoming.through
        shown = [self._witness.pledges.shown(text) for text in said.cosigned]
        course = self._course
        if course is None:
            return
        course = structs.replace(course, answered={**course.answered, member: size})

        def job(tx: Tx) -> None:
            tx.save_sent(member, SentState(reserved=said.received, acked=said.received))
            tx.save_received(member, ReceivedState(through=said.sent))
            tx.set_meta(f"{PLACE}-from/{member}", str(before))
            for origin, pledge in shown:
                self._witness.pledges.keep(tx, origin, pledge)
            tx.set_meta(course.place, encode(course).decode())

        await self._store.write(job)
        for origin, pledge in shown:
            self._witness.pledges.take(origin, pledge)
        self._course = course
        peer.outgoing, peer.incoming = Outgoing(said.received, said.received, peer.outgoing.least), Incoming(said.sent)
        others = [m for m in self._peers if self._registry.membership.active(m, self._parts.clock.now())]
        if not course.renewed and all(m in course.answered for m in others):
            self._witness.silent = False
        peer.wake.set()

    async def _keep(self, **changes: object) -> None:
        if self._course is not None:
            course = self._course = structs.replace(self._course, **changes)
            await self._store.write(lambda tx: tx.set_meta(course.place, encode(course).decode()))

    async def _tell(self, waits: list[MemberId], now: Micros) -> None:
        renewed = self._course is not None and self._course.renewed
        reason, head = (RENEWED, STANDS if self.silent else ON_ITS_WAY) if renewed else (PLACE, READ_ONLY)
        text = f"{head}; waits for {', '.join(waits)}"
        if text != self._told:
            await self._store.write(lambda tx: tx.put_alarm(reason, self._parts.me, text, now))
            self._told = text

    async def _told_enough(self, now: Micros) -> None:
        """End the word of what came back once it has stood for a day."""
        if self._word and self._word + TOLD_FOR < now:
            await self._store.write(lambda tx: tx.end_alarm("restored", self._parts.me, now))
            self._word = 0
        await self._renewing.told_enough(now)

    async def _finish(self, now: Micros) -> None:
        """Work on: tell officers for a day that it is back, and what nobody could give back.

        Every officer reads that, so no number of statements stands in it: some are for others' eyes.
        """
        if self._course is not None and self._course.renewed:
            await self._finish_renewed(now)
            return
        text = (
            "this node came back from a backup and has back what the others hold of it; of"
            f" {self._store.reader.ticks_by_root()} ticks of its log only the root is known: what it said in them and"
            " gave nobody, its files of that time, drafts and reading marks are lost"
        )

        def job(tx: Tx) -> None:
            metas = tx.read.metas(f"{PLACE}-from/")
            tx.drop_metas([PLACE, RENEWED, *metas])
            tx.end_alarm(PLACE, self._parts.me, now)
            tx.put_alarm("restored", self._parts.me, text, now)

        await self._store.write(job)
        self._course, self._word = None, now
        self._holdings.recovering = self._holdings.returns = self._witness.silent = False
        self._witness.elsewhere.known = True
        for peer in self._peers.values():
            peer.wake.set()

    async def _finish_renewed(self, now: Micros) -> None:
        """End the asking after all answered: what was told of ticks that are another's stays told."""
        if self.silent:
            return  # no quorum is left that could say; who is away must come, or be suspended

        def job(tx: Tx) -> None:
            tx.drop_metas([RENEWED, *tx.read.metas(f"{PLACE}-from/")])
            tx.end_alarm(RENEWED, self._parts.me, now)

        await self._store.write(job)
        self._course, self._holdings.returns, self._witness.elsewhere.known = None, False, True


__all__ = ["Recovering"]
