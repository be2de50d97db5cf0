"""Open a parcel, verify what it carries, store it with receipts and decisions in one transaction, then acknowledge.

A statement that fails is parked with a receipt that says so, alarmed, and never stops the rest of its parcel.
"""

from collections.abc import Sequence

from msgspec import structs

from quartet.core.facts import AnyFact, Facts, Purged, fact_of
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import Commitment, ItemId, MemberId, Micros
from quartet.core.onrecord import read_on_record
from quartet.core.parcel import AttachmentPart, Content, Opened, open_content, read_part, unpack
from quartet.core.receipt import Receipt, ReceiptState, batch_commitment, make_batch, open_batch
from quartet.core.statement import FACT_KINDS, commitment, decode_signed, decode_statement, item_id, reference
from quartet.core.verify import Verified, verify_statement
from quartet.node.acts import Acts
from quartet.node.attachments import Attachments
from quartet.node.contents import from_suspended, paired
from quartet.node.doubts import Doubts
from quartet.node.filing import is_readable
from quartet.node.following import Following
from quartet.node.heardflashes import CLAIMED, HeardFlashes
from quartet.node.holdings import Holdings, Row
from quartet.node.intake import Intake, Kept
from quartet.node.ledger import INCARNATION
from quartet.node.link import Incoming
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.proofs import Proofs
from quartet.node.registry import Registry
from quartet.node.ties import Ties
from quartet.node.witness import Witness
from quartet.store import Tx


class Receiver:
    """Takes in what one peer sends."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        witness: Witness,
        attachments: Attachments,
        proofs: Proofs,
        peer: Peer,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._attachments = attachments
        self._proofs = proofs
        self._peer = peer
        self.doubts = Doubts(parts.store, peer.member, parts.clock.now())
        self._acts = Acts(parts, registry, peer)
        self._following = Following(parts, witness, peer, self.doubts)
        self._flashes = HeardFlashes(holdings, peer.member)
        self._ties = Ties(parts, witness, peer)

    def open(self, plaintext: bytes) -> Opened:
        """Check a parcel's header and note it in the stream; raise a `Fault` for one that must be dropped."""
        member = self._peer.member
        return unpack(plaintext, member, self._parts.me, self._registry.exchange, self._registry.link_key(member))

    async def take(self, opened: Opened, now: Micros, incoming: Incoming | None, *, live: bool = True) -> Kept:
        """Store, and return, what a new parcel brings; of a suspended member only receipts, and what it destroyed.

        `incoming` is how far the stream came with it, kept together with what it brought; None if it must come again.
        What a file brought, not a `live` link, does not show that the peer is there.
        """
        peer, signed = self._peer, _signed_in(opened)
        if not self._registry.membership.active(peer.member, now):
            header = structs.replace(opened.header, checkpoint=None)
            contents = tuple(c for c in opened.contents if from_suspended(c))
            opened = structs.replace(opened, header=header, contents=contents)
        await self._charter_first(opened, now)
        await self._following.take(opened, now, live=live)
        intake, seq = Intake(live=live), opened.header.seq
        waiting = [open_content("on-record", self._peer.records.popleft()) for _ in range(len(self._peer.records))]
        for content, control in [*paired(opened.contents), *((content, None) for content in waiting)]:
            try:
                self._read(content, control, intake)
            except Fault as fault:
                self._trouble(fault, content, intake, seq, now)
        self._tie([content.data for content in opened.contents if content.tag == "path"], intake, seq, now)
        has_parts = any(content.tag == "attachment-part" for content in opened.contents)
        believed = [verified for verified, _, _ in intake.believed]
        async with self._holdings.turn(believed, now, facts=intake.brings_facts):
            now = self._parts.clock.now()  # it was waited for: another's fact may be dated later than we began
            with self._flashes.taking():
                if live:
                    self._flashes.hears(now, peer.outgoing.patience)
                facts = self._sort_out(intake, seq, now)
                self._tie(self._ties.due(), intake, seq, now)
                await self._store(intake, facts, now, None if has_parts else incoming)
        if has_parts:
            await self._parts_of_files(opened, now)
            await self._keep_stream(incoming)
        if incoming is not None:
            peer.incoming = incoming
        peer.heard = now if live else peer.heard
        return intake.kept(signed - _signed_in(opened))

    async def compare(self, checkpoint: str | None, now: Micros) -> None:
        """Look at the checkpoint of a parcel that is not taken: of two copies of a node only one's parcels are."""
        if self._registry.membership.active(self._peer.member, now):
            await self._following.compare(checkpoint, now)

    # -- in order: charter and officers, because everything else is judged by them

    async def _charter_first(self, opened: Opened, now: Micros) -> None:
        for content in opened.contents:
            try:
                if content.tag == "act":
                    await self._acts.take(content.data, now)
                elif content.tag == "officers":
                    await self._officers(content.data)
            except Fault as fault:
                await self.doubts.alarm(fault, now)

    async def _officers(self, data: bytes) -> None:
        try:
            manifest = self._registry.learn_officers(data, self._peer.member)
        except Untrusted as fault:
            if fault.reason != "manifest-older":
                raise
            return  # a newer one, which is held, overtook it on the way
        if manifest is not None:
            member, version = self._peer.member, manifest.version
            await self._parts.store.write(lambda tx: tx.put_manifest("officers", member, version, data))

    # -- reading

    def _read(self, content: Content, control: bytes | None, intake: Intake) -> None:
        match content.tag:
            case "signed":
                self._signed(content, control, intake)
            case "receipts":
                self._receipts(content.data, intake)
            case "on-record":
                self._told(content.data, intake)
            case _:
                pass

    def _signed(self, content: Content, control: bytes | None, intake: Intake) -> None:
        verified = verify_statement(content.data, control, self._registry.keyring)
        fact = fact_of(verified, self._parts.clock.now()) if verified.statement.kind in FACT_KINDS else None
        back = self._holdings.returns and verified.statement.member == self._parts.me
        if fact is None and verified.statement.member != self._peer.member and not back:
            raise Untrusted("item-not-senders", f"{verified.statement.member} from {self._peer.member}")
        intake.believed.append((verified, fact, content))

    def _sort_out(self, intake: Intake, seq: int, now: Micros) -> Facts:
        """Of what we believe, take in what is new; receipt all. Return the facts with those that came."""
        facts = self._holdings.facts
        rows = self._holdings.store.reader.rows(verified.id for verified, _, _ in intake.believed)
        held = {item: row.c for item, row in rows.items()}
        for verified, fact, content in intake.believed:
            try:
                if verified.id not in held:
                    facts = self._new(verified, fact, intake, facts, now)
                    held[verified.id] = verified.c
                elif held[verified.id] != verified.c:
                    ref = reference(verified.statement.member, verified.id)
                    raise Untrusted("second-commitment", f"{ref} came with two commitments")
            except Fault as fault:
                self._trouble(fault, content, intake, seq, now)
                continue
            readable = is_readable(verified.statement.kind, verified.statement.kind_v)
            state: ReceiptState = "VERIFIED" if readable else "HELD"
            intake.receipts.append(self._receipt(verified.id, verified.c, verified.statement.member, seq, state))
        return facts

    def _new(self, verified: Verified, fact: AnyFact | None, intake: Intake, facts: Facts, now: Micros) -> Facts:
        rows: list[Row] = []
        if fact is not None:
            facts = self._holdings.arrived(facts, fact, now)
            rows = self._holdings.touched_rows(fact, verified, facts, now)
            intake.facts.append((fact, verified))
        elif verified.statement.member == self._parts.me:
            rows = self._holdings.decide(verified, facts, now)
        intake.items.append((verified, rows))
        if self._flashes.too_many(verified, intake.known, now, live=intake.live):
            intake.lowered.append(verified)
        return facts

    def _trouble(self, fault: Fault, content: Content, intake: Intake, seq: int, now: Micros) -> None:
        """Keep and receipt what was refused; of a flood only so much a second, the rest is counted and alarmed."""
        if not self.doubts.spare(now):
            intake.beyond += 1
            return
        intake.trouble.append((fault.reason, str(fault), content.data))
        if content.tag == "signed":
            later = isinstance(fault, Untrusted) and fault.reason != "second-commitment"
            self._refuse(content.data, intake, seq, "PARKED" if later else "REFUSED")

    def _refuse(self, data: bytes, intake: Intake, seq: int, state: ReceiptState) -> None:
        """Receipt what we could not believe, if it can be named at all."""
        try:
            signed = decode_signed(data)
            statement = decode_statement(signed.data)
        except Malformed:
            return
        item = item_id(signed.data)
        c = commitment(item, signed, self._registry.keyring.required, statement.kind)
        intake.receipts.append(self._receipt(item, c, statement.member, seq, state))

    def _receipt(self, item: ItemId, c: Commitment, author: MemberId, seq: int, state: ReceiptState) -> Receipt:
        return Receipt(
            v=1,
            exchange=self._registry.exchange,
            recipient=self._parts.me,
            incarnation=INCARNATION,
            author=author,
            id=item,
            c=c,
            state=state,
            parcel_seq=seq,
        )

    def _receipts(self, data: bytes, intake: Intake) -> None:
        batch = open_batch(data, self._registry.keyring)
        if batch.head.recipient != self._peer.member:
            raise Untrusted("receipts-not-senders", batch.head.recipient)
        items: list[tuple[ItemId, str]] = [(ItemId(r.id), r.state) for r in batch.receipts]
        intake.batches.append((data, batch.commitment, items))

    def _tie(self, paths: Sequence[bytes], intake: Intake, seq: int, now: Micros) -> None:
        for fault, data in self._ties.take(paths, intake):
            self._trouble(fault, open_content("path", data), intake, seq, now)

    def _told(self, data: bytes, intake: Intake) -> None:
        """Take in since when something is on record, or keep it until a manifest comes that it is checked by."""
        try:
            heard = self._proofs.check(read_on_record(data), self._peer.member)
        except Unavailable:
            self._peer.records.append(data)
        else:
            intake.told += [] if heard is None else [heard]

    # -- storing

    async def _keep_stream(self, incoming: Incoming | None) -> None:
        """Keep how far the stream came, once the parts of files that came with it are kept."""
        if incoming is not None:
            member, state = self._peer.member, self._peer.received(incoming)
            await self._parts.store.write(lambda tx: tx.save_received(member, state))

    async def _store(self, intake: Intake, facts: Facts, now: Micros, incoming: Incoming | None) -> None:
        peer, member = self._peer, self._peer.member
        state = None if incoming is None else peer.received(incoming)
        made = make_batch(intake.receipts, self._parts.keys.item) if intake.receipts else None
        destroy = [pair for fact, _ in intake.facts for pair in self._holdings.destroys(fact, facts)]

        def job(tx: Tx) -> list[ItemId]:
            fresh = []
            if state is not None:
                tx.save_received(member, state)
            self.doubts.end(tx, (verified for verified, _, _ in intake.believed), now)
            for verified, rows in intake.items:
                if self._holdings.keep_item(tx, verified, rows, facts, now):
                    fresh.append(verified.id)
                    self._attachments.expect(tx, verified)
            for one in intake.lowered:
                tx.lower_flash(one.id)
                tx.put_alarm(CLAIMED, member, self._flashes.told(one), now)
            for item, why in destroy:
                tx.put_recall(item, why, now)
            for fact, _ in intake.facts:
                if isinstance(fact.body, Purged):
                    tx.set_purged(ItemId(fact.body.item), fact.member, now)
            for data, c, receipted in intake.batches:
                tx.put_receipts(member, c, data, receipted, now)
            for path, data, origin in intake.paths:
                tx.put_path(path.c, origin, path.leaf_index, data)
            for heard in intake.told:
                self._proofs.keep(tx, heard)
            if made is not None:
                items = [ItemId(r.id) for r in intake.receipts]
                tx.put_made_batch(member, batch_commitment(made), made, items, now, fresh)
            self.doubts.keep(tx, intake.trouble, intake.beyond, now)
            return fresh

        stated = {verified.id: fact for fact, verified in intake.facts}
        urgent = any(v.statement.precedence == "FLASH" and v not in intake.lowered for v, _ in intake.items)
        intake.fresh = frozenset(await self._parts.store.write(job, urgent=urgent))
        for verified in (v for v, _ in intake.items if v.id in intake.fresh):
            late = verified.id in facts.late
            self._holdings.learned(verified, now, fact=stated.get(verified.id), late=late)
        if made is not None:
            peer.batches.append(made)
            peer.wake.set()
        for _, _, items in intake.batches:
            peer.parked.receipted(items, now)
            if peer.cover is not None and any(state == "PARKED" for _, state in items):
                peer.officers = 0  # it may have lost pieces of the list, which it did not keep
            self._holdings.receipted(member, [item for item, _ in items])

    async def _parts_of_files(self, opened: Opened, now: Micros) -> None:
        """Take parts of files, and what the peer asks for; a part that could not be kept lets the parcel go again."""
        for content in opened.contents:
            if content.tag != "attachment-part":
                continue
            try:
                await self._part_of_file(read_part(content.data), now)
            except Fault as fault:
                if isinstance(fault, Unavailable) and fault.reason != "purged":
                    raise
                await self.doubts.alarm(fault, now)

    async def _part_of_file(self, part: AttachmentPart, now: Micros) -> None:
        if part.data:
            await self._attachments.took(part, self._peer.member, now)
            return
        wanted = await self._attachments.wanted(part, self._peer.member)
        if wanted is not None and wanted not in self._peer.wanted:
            self._peer.wanted.append(wanted)
        self._peer.wake.set()


def _signed_in(opened: Opened) -> int:
    return sum(content.tag == "signed" for content in opened.contents)
