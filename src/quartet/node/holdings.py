"""What this node holds and decides by: its items as verified values, all facts, and the gate over both.

Every new item or fact passes `admit` in the transaction that stores it; there its delivery rows are decided, and those
of all that it touches. `learned` follows the commit.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import UNSET, structs

from quartet.core.control import Control
from quartet.core.facts import (
    TIMELY_ONLY,
    AnyFact,
    Facts,
    Grant,
    Narrow,
    Purged,
    Recall,
    ViewReceipt,
    controls_named,
    fact_of,
)
from quartet.core.faults import Unavailable, Untrusted
from quartet.core.gate import Gate
from quartet.core.ids import ControlId, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.recall import expiry_due
from quartet.core.release import Case, Decision, Released, release_fact
from quartet.core.terms import label_at
from quartet.core.timely import deadline, late_on_arrival
from quartet.core.verify import Verified, believe_stored
from quartet.node.clock import Clock
from quartet.node.filing import lane_of, new_item
from quartet.node.inforce import marking_now
from quartet.node.registry import Registry
from quartet.node.turns import Turn, Turns
from quartet.store import ItemRow, Store, Tx

_LOG: Final = logging.getLogger("quartet.holdings")
MAX_OPEN_ITEMS: Final = 8_192
"""Items kept opened, so that what was just published need not be read again."""
MAX_OPEN_BYTES: Final = 32 * 1024 * 1024
"""As they travelled, together; the values made of them take some six times as much."""

Row = tuple[ItemId, MemberId, str, int, str]
"""A decided delivery: item, member, state, lane, reason."""


class Holdings:
    """The node's memory of what it holds; changed in the event loop only."""

    def __init__(self, me: MemberId, store: Store, registry: Registry, clock: Clock) -> None:
        self.me = me
        self.store = store
        self.registry = registry
        self.clock = clock
        self.facts = Facts.NONE
        self._open: OrderedDict[ItemId, Verified] = OrderedDict()
        self._open_bytes = 0
        self.gate = Gate(registry.membership, self.load)
        self.on_news: list[Callable[[Verified], None]] = []
        """Told, after the commit, of each new statement."""
        self.on_purged: list[Callable[[ItemId], None]] = []
        """Told, after the commit, of each item that was destroyed."""
        self.on_receipts: list[Callable[[MemberId, Sequence[ItemId]], None]] = []
        """Told, after the commit, who receipted which of our statements."""
        self.unjudged: dict[ItemId, AnyFact] = {}
        """Facts that count only if they were on record in time, and of which this is not known yet."""
        self.turns = Turns()
        self.recovering = self.returns = False  # it came back and says nothing yet; its own words come from the others
        self.damaged: dict[ItemId, str] = {}
        """Items whose copy here cannot be opened any more, each with why; the tick alarms."""

    def start(self) -> None:
        """Read every fact back from the store; raise `Untrusted` for a damaged one: it may be a recall."""
        early = self.store.reader.early()
        known = (self._opened(item) for item in self.store.reader.all_facts())
        self.facts = Facts.NONE.plus(fact_of(v, early.get(v.id)) for v in known if v is not None)
        for control, at in self.store.reader.seen_controls().items():
            self.facts = self.facts.first_seen(control, at)
        verdicts = self.store.reader.verdicts()
        for fact, word in verdicts.items():
            self.facts = self.facts.recorded_late(fact) if word == "LATE" else self.facts
        found = (f for f in self.facts.known.values() if isinstance(f.body, TIMELY_ONLY) and f.id not in verdicts)
        self.unjudged = {fact.id: fact for fact in found}

    def verified(self, item: ItemId) -> Verified | None:
        """Return an item that this node holds; None where it is unknown, purged, or `damaged`, which stops no other."""
        try:
            return self._opened(item)
        except Untrusted as fault:
            self.damaged[item] = fault.reason
            return None

    def _opened(self, item: ItemId) -> Verified | None:
        found = self._open.get(item)
        if found is not None:
            return found
        stored = self.store.reader.item(item)
        if stored is None:
            return None
        found = believe_stored(stored.signed, stored.control, self.registry.keyring.required)
        self.remember(found)
        return found

    def load(self, item: ItemId) -> tuple[Verified, Facts]:
        """Return an item and the facts, for the gate; raise `Unavailable("purged")` once it is gone."""
        found = self.verified(item)
        if found is None:
            raise Unavailable("purged", item[:8])
        return found, self.facts

    def release(self, item: ItemId, to: MemberId, now: Micros) -> Decision:
        """Decide whether a member may receive an item: now, and at the later time of the peers if our clock is slow."""
        decision, latest = self.gate.release(item, to, now), self.clock.latest(now)
        return self.gate.release(item, to, latest) if isinstance(decision, Released) and latest > now else decision

    def remember(self, verified: Verified) -> None:
        """Keep an item opened for a while; the gate remembers none that is not."""
        if verified.id not in self._open:
            self._open[verified.id] = verified
            self._open_bytes += len(verified.signed)
        while len(self._open) > MAX_OPEN_ITEMS or (self._open_bytes > MAX_OPEN_BYTES and len(self._open) > 1):
            self.forget(next(iter(self._open)))

    def forget(self, item: ItemId) -> None:
        """Drop an item, opened and decided: it was purged, or makes room."""
        gone = self._open.pop(item, None)
        self._open_bytes -= 0 if gone is None else len(gone.signed)
        self.gate.touched(item)

    def check_open(self) -> None:
        """Raise `Unavailable("recovering")` while nothing may be said."""
        if self.recovering:
            raise Unavailable("recovering", "this node came back from a backup and waits for the others")

    def purged(self, item: ItemId) -> None:
        """Take note, after the commit, that an item was destroyed."""
        self.forget(item)
        _tell(self.on_purged, item)

    # -- deciding

    def decide(self, verified: Verified, facts: Facts, now: Micros) -> list[Row]:
        """Return how an item of ours stands with every other member."""
        lane = lane_of(verified)
        case = Case(verified, facts, self.registry.membership, now)
        return [_row(verified.id, m, lane, case.decide(m)) for m in self.registry.others()]

    def receivers(self, verified: Verified, now: Micros) -> list[MemberId]:
        """Return the other members to whom an item of ours goes."""
        return [member for _, member, state, _, _ in self.decide(verified, self.facts, now) if state == "due"]

    def decide_new(self, verified: Verified, now: Micros) -> list[Row]:
        """Return how a new item of ours stands with every other member; whoever cannot store it then must `forget` it.

        The gate decides, and so need not decide again when the pumps ask.
        """
        self.remember(verified)
        lane = lane_of(verified)
        return [_row(verified.id, m, lane, self.gate.release(verified.id, m, now)) for m in self.registry.others()]

    async def first_seen(self, verified: Verified, own: ControlId, at: Micros) -> None:
        """Note that a control of ours was there at a time, whatever its date."""
        await self.store.write(lambda tx: tx.put_seen(own, at))
        self.facts = self.facts.first_seen(own, at)
        self.gate.touched(verified.id)

    def touched_rows(self, fact: AnyFact, verified: Verified, facts: Facts, now: Micros) -> list[Row]:
        """Return what a new fact re-decides: our items that it touches, and to whom we pass the fact on."""
        rows: list[Row] = []
        for item in self.touched(fact):
            mine = self.verified(item)
            if mine is not None and mine.statement.member == self.me and mine.own is not None:
                rows += self.decide(mine, facts, now)
        rows += self.fact_rows(fact, verified, now)
        return rows

    def fact_rows(self, fact: AnyFact, verified: Verified, now: Micros) -> list[Row]:
        """Return to whom a fact goes: to whoever we sent an item with its control.

        A purge receipt goes to who waits for it, a view receipt to the item's author; nobody passes them on.
        """
        sent_to = frozenset(self._audience(fact) - {fact.member, self.me})
        lane = lane_of(verified)
        membership = self.registry.membership
        return [
            _row(verified.id, m, lane, release_fact(verified, m, sent_to, membership, now)) for m in sorted(sent_to)
        ]

    def _audience(self, fact: AnyFact) -> set[MemberId]:
        if isinstance(fact.body, Purged):
            return self._waiting_for(fact.body) if fact.member == self.me else set()
        if isinstance(fact.body, ViewReceipt):
            row = self.store.reader.row(ItemId(fact.body.item)) if fact.member == self.me else None
            return set() if row is None else {row.author}
        return self.store.reader.sent_to(controls_named(fact.body))

    def _waiting_for(self, purged: Purged) -> set[MemberId]:
        row = self.store.reader.row(ItemId(purged.item))
        waiting = set() if row is None else {row.author}
        recall = None if purged.recall is None else self.store.reader.row(ItemId(purged.recall))
        return waiting if recall is None else waiting | {recall.author}

    def touched(self, fact: AnyFact) -> list[ItemId]:
        """Return the items that a fact may decide otherwise."""
        if isinstance(fact.body, (Purged, ViewReceipt)):
            return []
        items = self.store.reader.items_carrying(controls_named(fact.body))
        if isinstance(fact.body, Grant) and fact.body.scope == "FOLLOWING":
            items += self.store.reader.citing(fact.body.item)
        return items

    # -- keeping

    def keep_item(self, tx: Tx, verified: Verified, rows: Iterable[Row], facts: Facts, now: Micros) -> bool:
        """Store a statement with its decided rows, in one transaction; return whether it is new.

        One that comes after a recall of something it contains is noted for destruction like those that were here.
        """
        if tx.put_item(new_item(verified, now, self.me)) is None:
            return False
        for control in self._ahead(verified, now):
            tx.put_seen(control, now)
        for fact in self._against(verified, facts):
            tx.put_recall(verified.id, fact, now)
        if expiry_due(verified, self.me, facts, self.registry.membership) is not None:
            tx.put_recall(verified.id, verified.id, now)
        if verified.id in facts.late:
            tx.put_verdict(verified.id, "LATE")
        set_all(tx, rows, now)
        if verified.statement.member == self.me:
            tx.add_commitment(verified.c, "item")
        return True

    def _ahead(self, verified: Verified, now: Micros) -> list[ControlId]:
        """Return the controls of an item that are dated later than now: somebody's clock is ahead."""
        tick = self.registry.membership.tick
        return [c.id for c in verified.controls if c.control.issued * tick > now]

    def _against(self, verified: Verified, facts: Facts) -> set[ItemId]:
        """Return the recalls and narrowings of an item that its controllers stated before it came."""
        found: set[ItemId] = set()
        for c in verified.controls:
            said, controller = facts.on(c.id), c.control.controller
            found |= {fact.id for fact in said.recalls if fact.member == controller}
            found |= {fact.id for fact in said.narrows if fact.member == controller}
        return found

    def destroys(self, fact: AnyFact, facts: Facts) -> list[tuple[ItemId, ItemId]]:
        """Return the items that a recall or a narrowing may ask to destroy, each with why: the fact, or an expiry."""
        if not isinstance(fact.body, (Recall, Narrow)):
            return []
        named = set(controls_named(fact.body))
        carrying = (self.verified(i) for i in self.store.reader.items_carrying(named))
        found = [v for v in carrying if v is not None and _controls(fact, v, named)]
        ends = [v for v in found if expiry_due(v, self.me, facts, self.registry.membership) is not None]
        return [*((v.id, fact.id) for v in found), *((v.id, v.id) for v in ends)]

    def turn(self, verified: Iterable[Verified], now: Micros, *, facts: bool = False) -> Turn:
        """Return the turn in which statements are decided, kept and `learned`.

        It is alone with facts, and with what is dated ahead: between commit and `learned` the rows know more than the
        gate of these.
        """
        return self.turns.learn() if facts or any(self._ahead(v, now) for v in verified) else self.turns.decide()

    def arrived(self, facts: Facts, fact: AnyFact, now: Micros) -> Facts:
        """Return `facts` with a new one; it counts for nothing if it is too late for it, until its proof has come."""
        by = deadline(fact, facts, self.registry.membership.recall_delay)
        late = by is not None and fact.id not in facts.known and late_on_arrival(by, now)
        grown = facts.plus([fact])
        return grown.recorded_late(fact.id) if late else grown

    def learned(self, verified: Verified, now: Micros, *, fact: AnyFact | None = None, late: bool = False) -> None:
        """Take note, after the commit, of what was stored; `late` as `arrived` found it."""
        self.remember(verified)
        for control in self._ahead(verified, now):
            self.facts = self.facts.first_seen(control, now)
            self.gate.touched(verified.id)  # who read between the commit and now was told that it is not there yet
        if fact is not None:
            self.facts = self.facts.plus([fact])
            if late:
                self.facts = self.facts.recorded_late(fact.id)
            elif isinstance(fact.body, TIMELY_ONLY):
                self.unjudged[fact.id] = fact
            self.gate.learned(fact)
        _tell(self.on_news, verified)

    def receipted(self, member: MemberId, items: Sequence[ItemId]) -> None:
        """Take note, after the commit, of what a member receipted."""
        _tell(self.on_receipts, member, items)

    def label(self, verified: Verified, now: Micros) -> str:
        """Return the TLP label that an item bears now, by its author's own control."""
        own = verified.own
        return verified.statement.marking.tlp if own is None else label_at(own.control, self.facts.on(own.id), now)

    def marking(self, verified: Verified, now: Micros) -> Marking:
        """Return how an item is marked now: what is said about it bears that, not what it was marked by at first."""
        marking = marking_now(verified, self.facts, self.registry.membership, now)
        return structs.replace(marking, tlp=self.label(verified, now), downgrade=UNSET)

    def labelled(self, row: ItemRow, verified: Verified, now: Micros) -> ItemRow:
        """Return an item's row with the label that it bears now; the store knows the one that was signed."""
        label = self.label(verified, now)
        return row if row.tlp == label else structs.replace(row, tlp=label)

    def facts_for(self, released: Released) -> tuple[ItemId, ...]:
        """Return the facts that go to whoever gets an item for the first time: with them its own gate opens too."""
        return self.facts.along((c.id for c in released.item.controls), released.grants)

    def control_named(self, control: ControlId) -> Control | None:
        """Return a control that some held item carries, or None."""
        for item in self.store.reader.items_carrying([control]):
            verified = self.verified(item)
            for c in () if verified is None else verified.controls:
                if c.id == control:
                    return c.control
        return None


def _tell(listeners: Iterable[Callable[..., object]], *news: object) -> None:
    """Tell all, after the commit: it is stored, and who cannot take note of it keeps nobody else from that."""
    for listener in listeners:
        try:
            listener(*news)
        except Exception:
            _LOG.exception("what was stored could not be passed on")


def set_all(tx: Tx, rows: Iterable[Row], now: Micros) -> None:
    """Write decided delivery rows."""
    for item, member, state, lane, reason in rows:
        tx.set_delivery(item, member, state, lane, now, reason)


def _row(item: ItemId, member: MemberId, lane: int, decision: Decision) -> Row:
    if isinstance(decision, Released):
        return item, member, "due", lane, ""
    return item, member, "withheld", lane, str(decision.reason)


def _controls(fact: AnyFact, verified: Verified, named: set[ControlId]) -> bool:
    """Return whether who states a fact controls an item under one of the controls that it names."""
    return any(c.id in named and c.control.controller == fact.member for c in verified.controls)
