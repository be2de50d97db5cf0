"""Who has an item, who has not and why, and which grants let whom have what: to who may ask, and of what she may see.

Every answer begins with an item that the viewer may see or could before it was taken back. A grant of an item that she
may not know is in no list.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from functools import reduce
from typing import Final, Literal, cast

import msgspec

from quartet.core.admission import bearing_on
from quartet.core.encoding import unb64
from quartet.core.factbody import fact_body
from quartet.core.facts import CancelRecall, Fact, Facts, Grant, Recall
from quartet.core.faults import Untrusted
from quartet.core.grounds import EndWord, GroundWord, grant_ended, grounds
from quartet.core.ids import ControlId, ItemId, MemberId, Micros
from quartet.core.recall import recalled
from quartet.core.release import Viewer, Withheld, consent_needed
from quartet.core.statement import Statement, item_id
from quartet.core.verify import Verified
from quartet.node.cancelling import Cancelling
from quartet.node.consentviews import (
    MAX_GRANTS,
    ByWord,
    Foreseen,
    GrantPage,
    GrantView,
    GroundView,
    Holder,
    Taking,
)
from quartet.node.drafting import title_of
from quartet.node.factviews import Prepared
from quartet.node.holdings import Holdings
from quartet.node.paging import first
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.reading import Reading
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, unknown
from quartet.node.shares import Shares
from quartet.node.views import moment
from quartet.store import ItemRow

SCAN: Final = 100
"""Grants that are looked at in a run."""


class Consents:
    """Answers officers about consent."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        reading: Reading,
        publisher: Publisher,
        cancelling: Cancelling,
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._reading = reading
        self._publisher = publisher
        self._cancelling = cancelling
        self._shares = Shares()

    def holders(self, viewer: Viewer, ref: str) -> list[Holder]:
        """Tell how every other member stands with an item of ours, or one that we control; raise as `Reading.why`."""
        now = self._parts.clock.now()
        verified = self._seeing.about(ref, viewer, now)
        return [self._holder(viewer, ref, verified, member, now) for member in self._registry.others()]

    def _holder(self, viewer: Viewer, ref: str, verified: Verified, member: MemberId, now: Micros) -> Holder:
        said = self._reading.why(viewer, ref, member)
        facts, membership = self._holdings.facts, self._registry.membership
        consent = consent_needed(verified, member, facts, membership, now)
        barred = str(consent.reason) if isinstance(consent, Withheld) else None
        needed = () if isinstance(consent, Withheld) else tuple(dict.fromkeys(m for _, m in consent.needed))
        by = {fact for one in grounds(verified, member, facts, membership, now) for fact in one.facts}
        grants = tuple(self._views(by, viewer, now))
        return Holder(member, said.has, said.reason, said.at, needed=needed, barred=barred, grants=grants)

    def needed(self, item: Verified, member: MemberId, now: Micros) -> set[MemberId] | Withheld:
        """Return who must still consent before a member may have an item, or why no consent helps.

        By the markings, and by the grants that this member gave or got: that others let a third member have it is not
        told to whoever holds it.
        """
        facts, me = self._holdings.facts, self._parts.me
        others = (
            fact
            for fact in bearing_on(item, facts)
            if isinstance(fact.body, Grant) and me not in (fact.member, fact.body.member)
        )
        ours = reduce(Facts.without, others, facts)
        consent = consent_needed(item, member, ours, self._registry.membership, now)
        return consent if isinstance(consent, Withheld) else {signer for _, signer in consent.needed}

    def granted(self, item: ItemRow) -> dict[MemberId, tuple[str, ...]]:
        """Return the references of all grants of an item by whom they named, also of one that is destroyed here.

        For who may know of the item; whether a grant stands still is told elsewhere.
        """
        reader, found = self._holdings.store.reader, dict[MemberId, tuple[str, ...]]()
        for control, _ in reader.controls_of(item.id):
            for grant in self._holdings.facts.on(control).grants:
                row = reader.row(grant.id)
                if row is not None and grant.body.item == item.id and grant.body.scope == "ITEM":
                    member = MemberId(grant.body.member)
                    found[member] = (*found.get(member, ()), row.ref)
        return found

    def grounds(self, viewer: Viewer, ref: str) -> list[GroundView]:
        """Tell why this viewer's member may have an item that she sees: each control's reason."""
        now = self._parts.clock.now()
        seen, _ = self._seeing.find(ref, viewer, now)
        facts, membership = self._holdings.facts, self._registry.membership
        found = []
        for one in grounds(seen.item, viewer.member, facts, membership, now):
            grants = tuple(self._views(one.facts, viewer, now))
            found.append(GroundView(one.controller, one.own, one.tlp, _by(one.by, grants), grants))
        return found

    def taking(self, viewer: Viewer, ref: str) -> Taking:
        """Tell of this member's last recall of an item; raise `Unavailable("unknown-item")` where there is none."""
        now = self._parts.clock.now()
        verified = self._seeing.about(ref, viewer, now)
        facts, membership = self._holdings.facts, self._registry.membership
        mine = [c.id for c in verified.controls if c.control.controller == self._parts.me]
        stated = [f for c in mine for f in facts.on(c).recalls if f.member == self._parts.me]
        if not stated or not recalled(verified, facts, membership):
            raise unknown()
        last = max(stated, key=lambda f: f.order)
        until = self._cancelling.ends(self._cancel(last, viewer, now))
        return Taking(last.officer, moment(last.at), last.body.reason, moment(until), yours=last.officer == viewer.name)

    def _cancel(self, recall: Fact[Recall], viewer: Viewer, now: Micros) -> Fact[CancelRecall]:
        """Return the cancellation that could be stated now."""
        body = CancelRecall(recall=recall.id, controls=recall.body.controls)
        return Fact(recall.id, self._parts.me, viewer.name, self._parts.clock.dated(now), body)

    # -- grants

    async def given(self, viewer: Viewer, after: str, limit: int) -> GrantPage:
        """Return the grants that this member gave or got, of items that the viewer may know still; the newest first."""
        place, _ = self._reading.place(viewer, after)
        page, last = await first(self._known(viewer, place), limit, MAX_GRANTS)
        now = self._parts.clock.now()
        more = None if last is None else self._reading.cursor(viewer, last)
        return GrantPage(tuple(view for row in page for view in self._own(row, viewer, now)), more)

    async def _known(self, viewer: Viewer, after: int) -> AsyncIterator[list[tuple[int, ItemRow]]]:
        """Look through the grants that a viewer may know of, the newest first, a slice at a time."""
        while True:
            async with self._shares.slice(viewer):
                now = self._parts.clock.now()
                rows = self._holdings.store.reader.items(after, SCAN, kind="grant", newest=True)
                known = [(row.admission, row) for row in rows if any(self._own(row, viewer, now))]
            yield known
            if len(rows) < SCAN:
                return
            after = rows[-1].admission

    def _own(self, row: ItemRow, viewer: Viewer, now: Micros) -> Iterator[GrantView]:
        grant = self._grant(row.id)
        if grant is not None and viewer.member in (grant.member, grant.body.member):
            yield from self._views([grant.id], viewer, now)

    def _views(self, facts: Iterable[ItemId], viewer: Viewer, now: Micros) -> Iterator[GrantView]:
        """Yield those of some facts that are grants of items which the viewer may know."""
        for one in sorted(facts):
            grant = self._grant(one)
            row = None if grant is None else self._seeing.known(ItemId(grant.body.item), viewer, now)
            if grant is not None and row is not None:
                yield self._view(grant, row, viewer, now)

    def _view(self, grant: Fact[Grant], row: ItemRow, viewer: Viewer, now: Micros) -> GrantView:
        seen = self._seeing.see(row.id, viewer, now)
        statement = None if seen is None else seen.item.statement
        stated = self._holdings.store.reader.row(grant.id)
        return GrantView(
            ref="" if stated is None else stated.ref,
            item=row.ref,
            title=None if statement is None else title_of(statement),
            tlp=None if seen is None else self._holdings.label(seen.item, now),
            author=row.author,
            grantor=grant.member,
            officer=grant.officer,
            member=MemberId(grant.body.member),
            scope=grant.body.scope,
            begins=moment(grant.begins),
            until=None if grant.body.until is None else moment(Micros(grant.body.until)),
            ended="recalled" if seen is None else self._ended(grant, now),
        )

    def _ended(self, grant: Fact[Grant], now: Micros) -> EndWord | Literal["recalled"] | None:
        control = self._holdings.control_named(ControlId(grant.body.control))
        if control is None:
            return "recalled"
        return grant_ended(grant, control, self._holdings.facts, self._registry.membership, now)

    def _grant(self, fact: ItemId) -> Fact[Grant] | None:
        known = self._holdings.facts.known.get(fact)
        return cast(Fact[Grant], known) if known is not None and isinstance(known.body, Grant) else None

    # -- what a grant would do

    def foresee(self, viewer: Viewer, prepared: Prepared) -> Foreseen:
        """Tell what a grant would do that was prepared for this officer; raise `Untrusted("not-prepared")`."""
        data, now = unb64(prepared.statement), self._parts.clock.now()
        if not self._publisher.is_prepared(item_id(data)):
            raise Untrusted("not-prepared", "these bytes were not prepared here")
        statement = msgspec.json.decode(data, type=Statement)
        body = fact_body(statement) if statement.officer == viewer.name else None
        if not isinstance(body, Grant):
            raise Untrusted("not-prepared", "this is no grant that was prepared for you")
        fact = Fact(item_id(data), self._parts.me, statement.officer, statement.at, body)
        return self._foreseen(fact, viewer, now)

    def _foreseen(self, grant: Fact[Grant], viewer: Viewer, now: Micros) -> Foreseen:
        seen, row = self._seeing.find(grant.body.item, viewer, now)
        member, facts, membership = MemberId(grant.body.member), self._holdings.facts, self._registry.membership
        before = consent_needed(seen.item, member, facts, membership, now)
        after = consent_needed(seen.item, member, facts.plus([cast(Fact, grant)]), membership, now)  # type: ignore[type-arg]
        return Foreseen(
            member=member,
            ref=row.ref,
            title=title_of(seen.item.statement),
            tlp=self._holdings.label(seen.item, now),
            author=row.author,
            scope=grant.body.scope,
            until=None if grant.body.until is None else moment(Micros(grant.body.until)),
            already=not isinstance(before, Withheld) and not before.needed,
            needed=() if isinstance(after, Withheld) else tuple(dict.fromkeys(m for _, m in after.needed)),
            withheld=str(after.reason) if isinstance(after, Withheld) else None,
        )


def _by(word: GroundWord, grants: tuple[GrantView, ...]) -> ByWord:
    if word == "facts":
        return "grant" if grants else "widened"
    return word
