"""What a viewer may read here: every list, item, reason and receipt passes the gate first.

An item that a viewer may not have is unknown, in the same words as one that does not exist.
"""

from typing import Final

import msgspec

from quartet.core.facts import AnyFact, Narrow, ViewReceipt, controls_named, corrections
from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId, KeyId, MemberId, Micros
from quartet.core.proof.path import Path, decode_path
from quartet.core.recall import basis_gone, dropped, evidence, recalled
from quartet.core.release import Released, Viewer
from quartet.core.statement import FACT_KINDS, decode_signed
from quartet.core.verify import Verified
from quartet.node.aliases import AliasBook
from quartet.node.asking import Query
from quartet.node.attachments import Attachments
from quartet.node.cursor import Cursors
from quartet.node.eventnames import EventNames
from quartet.node.holdings import Holdings
from quartet.node.inforce import marking_now
from quartet.node.ledger import Ledger
from quartet.node.listing import Listing
from quartet.node.opening import Opening
from quartet.node.parts import Parts
from quartet.node.proving import Proving
from quartet.node.registry import Registry
from quartet.node.searching import Searching
from quartet.node.seeing import Seeing, unknown
from quartet.node.threads import Threads
from quartet.node.views import Basis, Moment, OnRecord, Page, Provenance, Receipts, Row, Shown, Why, moment
from quartet.node.witness import Record, Witness
from quartet.node.wordbook import Wordbook
from quartet.store import ItemRow

HAS: Final = ("VERIFIED", "HELD")
"""Receipts of who has an item; PARKED and REFUSED say that he has not."""
MAX_TOLD: Final = 32
"""Corrections of one item that are told, the last: its author may send thousands."""


class Reading:
    """Answers viewers."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        ledger: Ledger,
        witness: Witness,
        seeing: Seeing,
        attachments: Attachments,
        threads: Threads,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._ledger = ledger
        self._witness = witness
        self._seeing = seeing
        self._attachments = attachments
        self._reader = parts.store.reader
        self.cursors = Cursors(parts.store.box.derived("cursor"))
        self._opening = Opening(holdings, seeing)
        self.book = Wordbook(holdings)
        self.aliases = AliasBook(parts)
        names = EventNames(parts, registry, seeing, self.aliases)
        self._listing = Listing(registry, holdings, seeing, threads, self.cursors, self.book, names)
        self.search = Searching(holdings, self._listing, self.book).search
        self._proving = Proving(parts.store.reader, registry, witness)

    # -- lists

    async def read(self, viewer: Viewer, query: Query) -> Page:
        """Return a page of what a viewer may see, by her own admissions."""
        return await self._listing.read(viewer, query)

    def line(self, row: ItemRow, viewer: Viewer, place: int) -> Row | None:
        """Return an item as a viewer's list shows it, if it last became readable for her at this place; else None."""
        now = self._parts.clock.now()
        seen = None if row.kind in FACT_KINDS or row.state == "PURGED" else self._seeing.see(row.id, viewer, now)
        there = seen is not None and self._opening.place(row, seen.item, viewer, now) == place
        return self._listing.view(seen.item, row, viewer, now) if there and seen is not None else None

    def opened(self, fact: ItemRow) -> list[ItemRow]:
        """Return the items that a fact may have made readable for somebody."""
        return self._opening.opened(fact)

    def touched(self, fact: ItemId, viewer: Viewer) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        """Return what a recall, narrowing or correction touches of all that a viewer may ask about, and what she sees.

        The first are references; she is told of nothing that she could not see before.
        """
        now, stated = self._parts.clock.now(), self._holdings.facts.known.get(fact)
        items = () if stated is None else self._reader.items_carrying(controls_named(stated.body))
        rows = [row for item in items if (row := self._known(item, stated, viewer, now)) is not None]
        seen = (self._listing.row(row, viewer, now) for row in rows)
        return tuple(row.ref for row in rows), tuple(line for line in seen if line is not None)

    def _known(self, item: ItemId, fact: AnyFact | None, viewer: Viewer, now: Micros) -> ItemRow | None:
        """Return the row of an item that a viewer may see or ask about, or could see but for a narrowing."""
        row = self._seeing.known(item, viewer, now)
        if row is not None or fact is None or not isinstance(fact.body, Narrow):
            return row
        verified, before = self._holdings.verified(item), self._holdings.facts.without(fact)
        seen = verified is not None and self._seeing.would_see(verified, viewer, before, now)
        return self._reader.row(item) if seen else None

    def sees(self, viewer: Viewer, item: ItemId) -> bool:
        """Return whether a viewer may see an item now."""
        return self._seeing.see(item, viewer, self._parts.clock.now()) is not None

    def cursor(self, viewer: Viewer, admission: int, opened: int = 0) -> str:
        """Return the cursor of a viewer after an admission, and after so many items that the next one opened."""
        return self.cursors.at(viewer, admission, opened)

    def place(self, viewer: Viewer, cursor: str) -> tuple[int, int]:
        """Return the admission that a viewer's cursor means, and how many items that the next one opened.

        Raise `Malformed("bad-cursor")`.
        """
        return self.cursors.place(viewer, cursor)

    def seen(self, viewer: Viewer, ref: str) -> tuple[Verified, ItemRow]:
        """Return an item that a viewer may see, by reference or id; raise `Unavailable("unknown-item")`."""
        found, row = self._seeing.find(ref, viewer, self._parts.clock.now())
        return found.item, row

    def kept(self, viewer: Viewer, ref: str) -> Verified:
        """Return an item of which a viewer may keep a copy; raise as `seen`, and `Untrusted("display-only")`."""
        return self._seeing.keep(ref, viewer, self._parts.clock.now())[0].item

    # -- one item

    def show(self, viewer: Viewer, ref: str) -> Shown:
        """Return one item whole."""
        now = self._parts.clock.now()
        seen, row = self._seeing.find(ref, viewer, now)
        verified = seen.item
        record = self.record(verified, row, now)
        view = self._listing.view(verified, row, viewer, now)
        stays = self._seeing.stays(verified, row, viewer, now)
        return Shown(
            id=view.id,
            ref=view.ref,
            author=view.author,
            kind=view.kind,
            title=view.title,
            tlp=view.tlp,
            at=view.at,
            body=msgspec.json.decode(verified.statement.body),
            marking=marking_now(verified, self._holdings.facts, self._registry.membership, now),
            on_record=OnRecord(
                record.k, record.n, None if record.since is None else moment(record.since), record.absent
            ),
            provenance=self._provenance(seen, row, viewer, now),
            precedence=view.precedence,
            recalled=view.recalled,
            attachments=self._attachments.of(verified),
            thread=view.thread,
            stays=None if stays is None else stays.reason,
            exercise=view.exercise,
        )

    def record(self, verified: Verified, row: ItemRow, now: Micros) -> Record:
        """Return how an item stands on its author's log."""
        index = self._leaf_index(verified, row)
        if index is None:
            return self._witness.counting.nobody(row.author, now)
        return self._witness.record(row.author, index, now)

    def _leaf_index(self, verified: Verified, row: ItemRow) -> int | None:
        if row.mine:
            tick = self._reader.tick_of(verified.c)
            found = None if tick is None else self._reader.tick(tick)
            return None if found is None else found.leaf_index
        path = self._reader.path(verified.c)
        return None if path is None else path[1]

    def _provenance(self, seen: Released, row: ItemRow, viewer: Viewer, now: Micros) -> Provenance:
        verified = seen.item
        signed = decode_signed(verified.signed)
        contains = tuple(
            Basis(
                id=c.id,
                ref=None,
                member=MemberId(c.control.controller),
                withdrawn=basis_gone(c.id, verified, self._holdings.facts, self._registry.membership),
            )
            for c in verified.contained
        )
        named = [ItemId(c.item) for c in verified.statement.cites if isinstance(c.item, str)]
        return Provenance(
            officer=verified.statement.officer,
            hat=verified.statement.hat,
            key_id=KeyId(signed.signatures[0].key_id),
            asserted=signed.assertion is not None,
            clock=verified.statement.clock,
            contains=contains,
            cites=tuple(self._cited(item, viewer, now) for item in named),
            grants=seen.grants,
            received=None if row.mine else moment(row.received),
            superseded_by=tuple(
                self._cited(i, viewer, now) for i in corrections(verified, self._holdings.facts)[-MAX_TOLD:]
            ),
            corrects=tuple(self._cited(i, viewer, now) for i in named if self._corrects(verified.id, i, viewer, now)),
        )

    def _corrects(self, new: ItemId, old: ItemId, viewer: Viewer, now: Micros) -> bool:
        """Return whether an item takes the place of one that the viewer may know to be here."""
        held = self._holdings.verified(old)
        if held is None or self._seeing.known(old, viewer, now) is None:
            return False
        return new in corrections(held, self._holdings.facts)

    def _cited(self, item: str, viewer: Viewer, now: Micros) -> Basis:
        """A cited item that the viewer could never see is an id, and whether it still stands, and nothing more."""
        withdrawn = self._seeing.withdrawn(ItemId(item), viewer, now)
        row = self._seeing.known(ItemId(item), viewer, now)
        if row is None:
            return Basis(id=item, ref=None, member=None, withdrawn=withdrawn)
        return Basis(id=item, ref=row.ref, member=row.author, withdrawn=withdrawn)

    def why(self, viewer: Viewer, ref: str, member: MemberId) -> Why:
        """Tell why a member has an item or not; only for an item of ours, or one that we control."""
        now = self._parts.clock.now()
        verified = self._seeing.about(ref, viewer, now)
        if not any(c.control.controller == self._parts.me for c in verified.controls):
            raise unknown()
        for delivery in self._reader.deliveries(verified.id):
            if delivery.member == member and delivery.ever_sent:
                return Why(member=member, has=True, reason=delivery.state, at=moment(delivery.at))
        if member == verified.statement.member:
            return Why(member=member, has=True, reason="author", at=moment(verified.statement.at))
        decision = self._holdings.release(verified.id, member, now)
        reason = "due" if isinstance(decision, Released) else str(decision.reason)
        return Why(member=member, has=False, reason=reason)

    def receipts(self, viewer: Viewer, ref: str) -> Receipts:
        """Tell who has an item of ours, who viewed and purged it, and who still owes: sent, recalled, and not purged.

        Of a purged item they are told who could see it while it was here.
        """
        row = self._seeing.published(ref, viewer, self._parts.clock.now())
        return self._receipts(row.id, row)

    def _receipts(self, item: ItemId, row: ItemRow) -> Receipts:
        deliveries = [d for d in self._reader.deliveries(item) if d.ever_sent]
        got = {m: at for m, answer, at, _ in self._reader.receipts(item) if answer in HAS}
        purged = {d.member: moment(d.purged_at) for d in deliveries if d.purged_at is not None}
        verified = self._holdings.verified(item)
        taken_back = row.state == "PURGED" or (
            verified is not None and recalled(verified, self._holdings.facts, self._registry.membership)
        )
        now = self._parts.clock.now()
        lost = {d.member for d in deliveries if taken_back or self._dropped(verified, d.member, now)}
        owing = sorted(lost - set(purged))
        away = tuple(m for m in owing if not self._registry.membership.active(m, now))
        return Receipts(
            delivered={m: moment(at) for m, at in sorted(got.items())},
            purged=purged,
            owed=tuple(m for m in owing if m not in away),
            unreachable=away,
            viewed=self._views(item),
        )

    def _views(self, item: ItemId) -> dict[str, Moment]:
        """Return who viewed a RED item, by what each one's own member signed."""
        found = {f.id: f for c, own in self._reader.controls_of(item) if own for f in self._holdings.facts.on(c).others}
        return {
            f.body.person: moment(f.body.at)
            for f in sorted(found.values(), key=lambda f: f.order, reverse=True)
            if isinstance(f.body, ViewReceipt) and f.body.item == item and f.body.person == f"{f.member}/{f.officer}"
        }

    def _dropped(self, verified: Verified | None, member: MemberId, now: Micros) -> bool:
        """Return whether a member must destroy an item because a narrowing dropped it."""
        if verified is None or evidence(verified.controls):
            return False
        return bool(dropped(verified, member, self._holdings.facts, self._registry.membership, now))

    def proof(self, viewer: Viewer, ref: str) -> bytes:
        """Return the file with which an outsider checks an item: a copy of it, which must be allowed.

        Raise `Unavailable("not-on-record")` before it is.
        """
        kept, row = self._seeing.keep(ref, viewer, self._parts.clock.now())
        verified = kept.item
        path = self._path(verified, row)
        if path is None:
            raise Unavailable("not-on-record", "its tick has not come yet; try again in a few seconds")
        stored = self._reader.item(verified.id)
        if stored is None:
            raise Unavailable("unknown-item", "there is no such item")
        return self._proving.proof(stored, row.author, path, self._parts.clock.now())

    def _path(self, verified: Verified, row: ItemRow) -> Path | None:
        if row.mine:
            tick = self._reader.tick_of(verified.c)
            return None if tick is None else self._ledger.path(verified.c, tick)
        found = self._reader.path(verified.c)
        return None if found is None else decode_path(found[2])
