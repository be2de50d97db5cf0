"""What a viewer may read here: every list, item, reason and receipt passes the gate first.

An item that a viewer may not have is unknown, in the same words as one that does not exist.
"""

from typing import Final

import msgspec

from quartet import __version__
from quartet.core.facts import Recall
from quartet.core.faults import Unavailable
from quartet.core.ids import SECOND, ItemId, KeyId, MemberId, Micros
from quartet.core.proof.file import make_proof
from quartet.core.proof.note import SignatureLine, read_line
from quartet.core.proof.path import Path, decode_path
from quartet.core.proof.quorum import quorum
from quartet.core.reasons import Reason
from quartet.core.recall import recalled
from quartet.core.release import Released, Viewer, Withheld
from quartet.core.statement import FACT_KINDS, decode_signed
from quartet.core.verify import Verified
from quartet.node.attachments import Attachments
from quartet.node.drafting import title_of
from quartet.node.holdings import Holdings
from quartet.node.ledger import Ledger
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.publishing import Publisher
from quartet.node.registry import Registry
from quartet.node.views import (
    Alarm,
    Basis,
    LinkState,
    LogState,
    OnRecord,
    Page,
    Provenance,
    Query,
    Receipts,
    Row,
    Shown,
    Status,
    Why,
    moment,
)
from quartet.node.witness import Record, Witness
from quartet.store import ItemRow

LINK_SUSPECT: Final = 3 * SECOND
LINK_DOWN: Final = 10 * SECOND
SCAN: Final = 500


class Reading:
    """Answers viewers."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        ledger: Ledger,
        witness: Witness,
        publisher: Publisher,
        attachments: Attachments,
        peers: dict[MemberId, Peer],
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._ledger = ledger
        self._witness = witness
        self._publisher = publisher
        self._attachments = attachments
        self._peers = peers
        self._reader = parts.store.reader

    # -- lists

    def read(self, viewer: Viewer, query: Query) -> Page:
        """Return a page of what a viewer may see, by her own admissions."""
        now = self._parts.clock.now()
        rows: list[tuple[int, Row]] = []
        after = query.after
        while len(rows) <= query.limit:
            found = self._reader.items(after, SCAN, query.author, query.kind, newest=query.newest)
            for row in found:
                after = row.admission
                seen = self._row(row, viewer, query, now)
                if seen is not None:
                    rows.append((row.admission, seen))
            if len(found) < SCAN:
                break
        page = rows[: query.limit]
        more = page[-1][0] if len(rows) > query.limit else None
        return Page(items=tuple(row for _, row in page), next=more)

    def line(self, row: ItemRow, viewer: Viewer) -> Row | None:
        """Return an item as a viewer's list shows it, or None where she may not see it."""
        return self._row(row, viewer, Query(), self._parts.clock.now())

    def _row(self, row: ItemRow, viewer: Viewer, query: Query, now: Micros) -> Row | None:
        if row.kind in FACT_KINDS or row.state == "PURGED":
            return None
        verified = self._viewed(row.id, viewer, now)
        if verified is None:
            return None
        if query.text is not None and query.text.casefold() not in bytes(verified.statement.body).decode().casefold():
            return None
        return self._view(verified, row)

    def _viewed(self, item: ItemId, viewer: Viewer, now: Micros) -> Verified | None:
        verified = self._holdings.verified(item)
        if verified is None or verified.own is None:
            return None
        return verified if isinstance(self._holdings.gate.view(item, viewer, now), Released) else None

    def _view(self, verified: Verified, row: ItemRow) -> Row:
        return Row(
            id=verified.id,
            ref=row.ref,
            author=row.author,
            kind=row.kind,
            title=title_of(verified.statement),
            tlp=verified.statement.marking.tlp,
            at=moment(row.at),
            precedence=verified.statement.precedence,
            recalled=recalled(verified, self._holdings.facts, self._registry.membership),
        )

    def seen(self, viewer: Viewer, ref: str) -> tuple[Verified, ItemRow]:
        """Return an item that a viewer may see, by reference or id; raise `Unavailable("unknown-item")`."""
        now = self._parts.clock.now()
        for item in self._publisher.find(ref):
            verified = self._viewed(item, viewer, now)
            row = self._reader.row(item)
            if verified is not None and row is not None:
                return verified, row
        raise Unavailable("unknown-item", "there is no such item that you may see")

    # -- one item

    def show(self, viewer: Viewer, ref: str) -> Shown:
        """Return one item whole."""
        verified, row = self.seen(viewer, ref)
        now = self._parts.clock.now()
        record = self.record(verified, row, now)
        view = self._view(verified, row)
        return Shown(
            id=view.id,
            ref=view.ref,
            author=view.author,
            kind=view.kind,
            title=view.title,
            tlp=view.tlp,
            at=view.at,
            body=msgspec.json.decode(verified.statement.body),
            marking=verified.statement.marking,
            on_record=OnRecord(k=record.k, n=record.n, at=None if record.since is None else moment(record.since)),
            provenance=self._provenance(verified, row, viewer, now),
            precedence=view.precedence,
            recalled=view.recalled,
            attachments=self._attachments.of(verified),
        )

    def record(self, verified: Verified, row: ItemRow, now: Micros) -> Record:
        """Return how an item stands on its author's log."""
        index = self._leaf_index(verified, row)
        if index is None:
            return Record(k=0, n=len(self._registry.witnesses(row.author, now)), since=None)
        return self._witness.record(row.author, index, now)

    def _leaf_index(self, verified: Verified, row: ItemRow) -> int | None:
        if row.mine:
            tick = self._reader.tick_of(verified.c)
            found = None if tick is None else self._reader.tick(tick)
            return None if found is None else found.leaf_index
        path = self._reader.path(verified.c)
        return None if path is None else path[1]

    def _provenance(self, verified: Verified, row: ItemRow, viewer: Viewer, now: Micros) -> Provenance:
        signed = decode_signed(verified.signed)
        decision = self._holdings.gate.view(verified.id, viewer, now)
        contains = tuple(
            Basis(
                id=c.id,
                ref=None,
                member=MemberId(c.control.controller),
                withdrawn=any(isinstance(f.body, Recall) for f in self._holdings.facts.on(c.id).recalls),
            )
            for c in verified.contained
        )
        return Provenance(
            officer=verified.statement.officer,
            hat=verified.statement.hat,
            key_id=KeyId(signed.signatures[0].key_id),
            asserted=signed.assertion is not None,
            clock=verified.statement.clock,
            contains=contains,
            cites=tuple(self._cited(c.item, viewer, now) for c in verified.statement.cites if isinstance(c.item, str)),
            grants=decision.grants if isinstance(decision, Released) else (),
            received=None if row.mine else moment(row.received),
        )

    def _cited(self, item: str, viewer: Viewer, now: Micros) -> Basis:
        """A cited item that the viewer may not see is an id and nothing more; a purged or recalled one is withdrawn."""
        row = self._reader.row(ItemId(item))
        if row is None:
            return Basis(id=item, ref=None, member=None)
        if row.state == "PURGED":
            return Basis(id=item, ref=row.ref, member=row.author, withdrawn=True)
        if self._viewed(row.id, viewer, now) is not None:
            return Basis(id=item, ref=row.ref, member=row.author)
        decision = self._holdings.gate.view(row.id, viewer, now) if row.kind not in FACT_KINDS else None
        gone = isinstance(decision, Withheld) and decision.reason is Reason.RECALLED
        return Basis(id=item, ref=None, member=None, withdrawn=gone)

    def why(self, viewer: Viewer, ref: str, member: MemberId) -> Why:
        """Tell why a member has an item or not; only for an item of ours, or one that we control."""
        verified = self._answerable(viewer, ref)
        for delivery in self._reader.deliveries(verified.id):
            if delivery.member == member and delivery.ever_sent:
                return Why(member=member, has=True, reason=delivery.state, at=moment(delivery.at))
        if member == verified.statement.member:
            return Why(member=member, has=True, reason="author", at=moment(verified.statement.at))
        decision = self._holdings.gate.release(verified.id, member, self._parts.clock.now())
        reason = "due" if isinstance(decision, Released) else str(decision.reason)
        return Why(member=member, has=False, reason=reason)

    def _answerable(self, viewer: Viewer, ref: str) -> Verified:
        """Return an item about which we answer: a controller of it, seen by the viewer, or recalled by us."""
        for item in self._publisher.find(ref):
            verified = self._holdings.verified(item)
            if verified is None or not any(c.control.controller == self._parts.me for c in verified.controls):
                continue
            decision = self._holdings.gate.view(item, viewer, self._parts.clock.now())
            if isinstance(decision, Released) or decision.reason is Reason.RECALLED:
                return verified
        raise Unavailable("unknown-item", "there is no such item of yours")

    def receipts(self, viewer: Viewer, ref: str) -> Receipts:
        """Tell who has an item of ours, who purged it, and who still owes: sent, recalled, and not purged."""
        for item in self._publisher.find(ref):
            row = self._reader.row(item)
            if row is None or not row.mine or row.kind in FACT_KINDS:
                continue
            if row.state != "PURGED":
                self._answerable(viewer, ref)
            return self._receipts(item, row)
        raise Unavailable("unknown-item", "there is no such item of yours")

    def _receipts(self, item: ItemId, row: ItemRow) -> Receipts:
        deliveries = [d for d in self._reader.deliveries(item) if d.ever_sent]
        got = {m: at for m, _, at, _ in self._reader.receipts(item)}
        purged = {d.member: moment(d.purged_at) for d in deliveries if d.purged_at is not None}
        verified = self._holdings.verified(item)
        taken_back = row.state == "PURGED" or (
            verified is not None and recalled(verified, self._holdings.facts, self._registry.membership)
        )
        owing = sorted(d.member for d in deliveries if taken_back and d.member not in purged)
        now = self._parts.clock.now()
        away = tuple(m for m in owing if not self._registry.membership.active(m, now))
        return Receipts(
            delivered={m: moment(at) for m, at in sorted(got.items())},
            purged=purged,
            owed=tuple(m for m in owing if m not in away),
            unreachable=away,
        )

    def proof(self, viewer: Viewer, ref: str) -> bytes:
        """Return the file with which an outsider checks an item; raise `Unavailable("not-on-record")` before it is."""
        verified, row = self.seen(viewer, ref)
        path = self._path(verified, row)
        if path is None:
            raise Unavailable("not-on-record", "its tick has not come yet; try again in a few seconds")
        origin = self._witness.origin(row.author)
        found = self._reader.checkpoint(origin, path.size)
        lines = [read_line(line.rstrip("\n")) for _, _, line in self._reader.cosignatures(origin, path.size)]
        needed = quorum(len(self._registry.witnesses(row.author, self._parts.clock.now())))
        if found is None or len(_unique(lines)) < needed:
            raise Unavailable("not-on-record", f"not {needed} witnesses cosigned its tick yet; try again soon")
        stored = self._reader.item(verified.id)
        officers = [o[1] for m in self._registry.state.members if (o := self._registry.officer_manifest(m))]
        return make_proof(
            self._registry.state,
            verified.signed,
            None if stored is None else stored.control,
            path,
            found[1],
            _unique(lines),
            self._registry.wire_manifests().values(),
            officers,
        )

    def _path(self, verified: Verified, row: ItemRow) -> Path | None:
        if row.mine:
            tick = self._reader.tick_of(verified.c)
            return None if tick is None else self._ledger.path(verified.c, tick)
        found = self._reader.path(verified.c)
        return None if found is None else decode_path(found[2])

    # -- the node

    def status(self, viewer: Viewer) -> Status:
        """Tell how the node is."""
        del viewer
        now = self._parts.clock.now()
        logs = {}
        for member in sorted(self._registry.state.members):
            size, k, n = self._witness.newest(member, now)
            logs[member] = LogState(size=size, cosigners=k, witnesses=n)
        clock = self._parts.clock
        return Status(
            member=self._parts.me,
            exchange=self._registry.exchange,
            name=self._registry.state.charter.name,
            version=__version__,
            trial=self._parts.trial,
            at=moment(now),
            clock="SURE" if clock.sure else "UNSURE",
            epoch=self._registry.state.epoch,
            items=self._reader.count("item"),
            links=tuple(self._link(peer, now) for _, peer in sorted(self._peers.items())),
            logs=logs,
            alarms=tuple(
                Alarm(at=moment(a.at), reason=a.reason, detail=a.detail, member=MemberId(a.subject))
                for a in self._reader.alarms()
            ),
        )

    def _link(self, peer: Peer, now: Micros) -> LinkState:
        age = LINK_DOWN + 1 if peer.heard is None else now - peer.heard
        state = "down" if age > LINK_DOWN else "suspect" if age > LINK_SUSPECT or peer.incoming.gap else "up"
        detail = "parcels are missing: recalls may be missing" if peer.incoming.gap else peer.refused
        return LinkState(
            member=peer.member,
            state=state,  # type: ignore[arg-type]  # one of the three words above
            heard=None if peer.heard is None else moment(peer.heard),
            due=self._reader.due_count(peer.member),
            lag_ms=None if peer.heard is None else max(0, age // 1000),
            detail=detail,
        )


def _unique(lines: list[SignatureLine]) -> list[SignatureLine]:
    return list({line.name: line for line in lines}.values())
