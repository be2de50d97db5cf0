"""Come back from a backup: read-only until every other member gave back what it holds of this node.

The log goes on where the others saw it last; nothing is signed before that, so no log has two ends. What this node said
and got since the backup comes back by the ordinary way, recalls among it; only then does anything go out again. Whoever
is a member in force is waited for: it may be the only one that saw the newest checkpoint.
"""

import asyncio
from typing import Final

from msgspec import field, json, structs

from quartet.core.encoding import Value, encode
from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.packing import write_packed
from quartet.core.parcel import Header, Opened, content_hash, open_content, pack, pack_contents
from quartet.core.proof.witness import split_leaves
from quartet.core.restored import Restored, Returned, read_returned
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION, Ledger
from quartet.node.link import Incoming, Outgoing
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import ReceivedState, SentState, Store, Tx
from quartet.wire.seal import seal

PLACE: Final = "recovering"
TOLD_FOR: Final = 86_400 * SECOND
"""How long officers are told what came back and what could not."""
READ_ONLY: Final = "this node came back from a backup: it can be read; what is new waits until the others have answered"


class Course(Value, frozen=True):
    """How far a recovery is: since when, who `answered`, with which length of our log, and who gave all back."""

    nonce: str
    began: Micros
    answered: dict[MemberId, int] = field(default_factory=dict)
    done: tuple[MemberId, ...] = ()


def begin(tx: Tx, nonce: bytes, at: Micros) -> None:
    """Note that the node comes back from a backup: its next start recovers."""
    tx.set_meta(PLACE, course_of(nonce, at))


def course_of(nonce: bytes, at: Micros) -> str:
    """Return the beginning of a recovery as it is kept."""
    return encode(Course(nonce=nonce.hex(), began=at)).decode()


def is_recovering(store: Store) -> bool:
    """Return whether a database is of a node that came back and does not have all back yet."""
    return store.reader.meta(PLACE) is not None


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
        found = self._store.reader.meta(PLACE)
        self._course = None if found is None else json.decode(found, type=Course)
        self._leaves: dict[MemberId, tuple[int, list[bytes]]] = {}
        self._forked = False
        self._one_at_a_time = asyncio.Lock()
        self._told = ""
        alarms = self._store.reader.alarms()
        self._word = next((a.at for a in alarms if (a.reason, a.subject) == ("restored", parts.me)), 0)
        holdings.recovering = witness.silent = self.active

    @property
    def active(self) -> bool:
        """Whether the node is read-only, because it came back."""
        return self._course is not None

    def answered(self, member: MemberId) -> bool:
        """Return whether the streams with a member have begun anew; before that nothing of them is taken or sent."""
        return self._course is None or member in self._course.answered

    async def look(self, now: Micros) -> bool:
        """Ask whoever still has something of ours; return whether the node has all back with this look."""
        course = self._course
        if course is None:
            await self._told_enough(now)
        if course is None or self._forked:
            return False
        waits = [m for m in sorted(self._peers) if self._registry.membership.active(m, now) and m not in course.done]
        if not waits:
            await self._finish(now)
            return True
        await self._tell(waits, now)
        for member in waits:
            await self._ask(self._peers[member], course, now)
        return False

    async def _ask(self, peer: Peer, course: Course, now: Micros) -> None:
        """Say that we came back, in a parcel that stands in no stream."""
        key = self._registry.epoch_key(peer.member, now)
        if key is None or not self._parts.carrier.linked(peer.member):
            return
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
        parcel = pack(header, content, self._parts.keys.link, peer.cover)
        if peer.cover is not None:
            peer.aside = parcel.plaintext
            return
        sealed = seal(
            parcel.plaintext, exchange=self._registry.exchange, frm=self._parts.me, to=peer.member, public=key
        )
        try:
            await self._parts.carrier.send(peer.member, "p", sealed)
        except Unavailable:
            return

    def _received(self, peer: Peer) -> int:
        """Return the last parcel of a peer that the backup holds: once it answered, the number says nothing more."""
        kept = self._store.reader.meta(f"{PLACE}-from/{peer.member}")
        return peer.incoming.through if kept is None else int(kept)

    def _held(self, member: MemberId) -> int:
        """Return how many leaves of our log are here, with those of a peer that do not reach its checkpoint yet."""
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

    async def _alarm(self, fault: Untrusted, member: MemberId, now: Micros) -> None:
        """Alarm a false answer; of a log of ours with two ends nothing is ever signed again by this node."""
        self._forked |= fault.reason == "log-forked"
        reason, detail = fault.reason, f"{member}: {fault.detail}"
        await self._store.write(lambda tx: tx.put_alarm(reason, self._parts.me, detail, now))

    async def _took(self, said: Returned, peer: Peer) -> None:
        course = self._course
        if course is None or said.nonce.hex() != course.nonce or said.sent == 0:
            return
        size = await self._log(said, peer.member)
        if peer.member not in course.answered:
            await self._answered(said, peer, size)  # acts that came with it are taken after: it is asked once more
        elif said.whole and self._ledger.size >= size and self._course is not None:
            await self._keep(done=tuple(sorted({*self._course.done, peer.member})))

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
            tx.set_meta(PLACE, encode(course).decode())

        await self._store.write(job)
        for origin, pledge in shown:
            self._witness.pledges.take(origin, pledge)
        self._course = course
        peer.outgoing, peer.incoming = Outgoing(said.received, said.received, peer.outgoing.least), Incoming(said.sent)
        others = [m for m in self._peers if self._registry.membership.active(m, self._parts.clock.now())]
        if all(m in course.answered for m in others):
            self._witness.silent = False
        peer.wake.set()

    async def _keep(self, **changes: object) -> None:
        if self._course is not None:
            course = self._course = structs.replace(self._course, **changes)
            await self._store.write(lambda tx: tx.set_meta(PLACE, encode(course).decode()))

    async def _tell(self, waits: list[MemberId], now: Micros) -> None:
        text = f"{READ_ONLY}; waits for {', '.join(waits)}"
        if text != self._told:
            await self._store.write(lambda tx: tx.put_alarm(PLACE, self._parts.me, text, now))
            self._told = text

    async def _told_enough(self, now: Micros) -> None:
        """End the word of what came back once it has stood for a day."""
        if self._word and self._word + TOLD_FOR < now:
            await self._store.write(lambda tx: tx.end_alarm("restored", self._parts.me, now))
            self._word = 0

    async def _finish(self, now: Micros) -> None:
        """Work on: tell officers for a day that it is back, and what nobody could give back.

        Every officer reads that, so no number of statements stands in it: some are for others' eyes.
        """
        text = (
            "this node came back from a backup and has back what the others hold of it; of"
            f" {self._store.reader.ticks_by_root()} ticks of its log only the root is known: what it said in them and"
            " gave nobody, its files of that time, drafts and reading marks are lost"
        )

        def job(tx: Tx) -> None:
            metas = tx.read.metas(f"{PLACE}-from/")
            tx.drop_metas([PLACE, *metas])
            tx.end_alarm(PLACE, self._parts.me, now)
            tx.put_alarm("restored", self._parts.me, text, now)

        await self._store.write(job)
        self._course, self._word = None, now
        self._holdings.recovering = self._witness.silent = False
        for peer in self._peers.values():
            peer.wake.set()


__all__ = ["PLACE", "Course", "Recovering", "begin", "course_of", "is_recovering"]
