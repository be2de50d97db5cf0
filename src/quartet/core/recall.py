"""Taking back: which recalls stand, what they hide, and when a holder must have destroyed.

A recall counts from a controller of the item alone. One officer's is enough, but for: the one after a cancellation,
the twenty-first of an hour, and one that says that the item is in an incident file; those need a second officer's,
or root's alone. A cancellation counts once, from root or another officer of the same member, before the delay ends;
never against two LIFE.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from msgspec import structs

from quartet.core.admission import admits, clause
from quartet.core.encoding import Value
from quartet.core.facts import HOUR, AnyFact, CancelRecall, ControlFacts, Fact, Facts, Narrow, Recall
from quartet.core.ids import ControlId, ItemId, MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.reasons import Reason
from quartet.core.statement import ROOT
from quartet.core.terms import FOREVER, in_force, terms_at, terms_of
from quartet.core.timely import RECEIPT_ALLOWANCE
from quartet.core.verify import Verified, VerifiedControl
from quartet.core.warning import in_force_until

MAX_RECALLS_AN_HOUR: Final = 20
WITHOUT_PROOF: Final = 7 * 24 * HOUR
"""After which time a holder destroys although parcels are missing or the recall is not on record."""


class Standing(Value, frozen=True):
    """A controller's recalls of what carries one control, and how many officers they take. `final`: LIFE, by two."""

    recalls: tuple[Fact[Recall], ...]
    officers: int
    final: bool

    @property
    def stands(self) -> bool:
        """Whether enough officers signed."""
        return len({fact.officer for fact in self.recalls}) >= self.officers


NO_RECALL: Final = Standing(recalls=(), officers=1, final=False)


def recall_standing(said: ControlFacts, controller: MemberId, facts: Facts, delay: int) -> Standing:
    """Return how the recalls of one control by one controller stand."""
    recalls = tuple(fact for fact in said.recalls if fact.member == controller)
    cancel = _cancelled(recalls, said, delay)
    if cancel is not None and len(_life(f for f in recalls if f.at <= cancel.at)) < 2:
        recalls = tuple(fact for fact in recalls if fact.at > cancel.at)
    else:
        cancel = None
    if len(_life(recalls)) >= 2:
        return Standing(recalls=tuple(f for f in recalls if f.body.reason == "LIFE"), officers=2, final=True)
    alone = tuple(f for f in recalls if f.officer == ROOT or (cancel is None and not _needs_two(f, facts)))
    return Standing(recalls=alone or recalls, officers=1 if alone else 2, final=False)


def _life(recalls: Iterable[Fact[Recall]]) -> set[str]:
    """Return the officers who said that a life depends on it."""
    return {fact.officer for fact in recalls if fact.body.reason == "LIFE"}


def _cancelled(recalls: tuple[Fact[Recall], ...], said: ControlFacts, delay: int) -> Fact[CancelRecall] | None:
    """Return the one cancellation that counts: the first by root or another officer, before the delay ends."""
    by_id = {fact.id: fact for fact in recalls}
    for cancel in said.cancels:
        recall = by_id.get(ItemId(cancel.body.recall))
        if recall is not None and _may_cancel(cancel, recall, delay):
            return cancel
    return None


def _may_cancel(cancel: Fact[CancelRecall], recall: Fact[Recall], delay: int) -> bool:
    same_member = cancel.member == recall.member
    return same_member and cancel.officer != recall.officer and recall.at <= cancel.at < recall.at + delay


def cancels(cancel: Fact[CancelRecall], facts: Facts, delay: int) -> bool:
    """Return whether no recall by the same member stands any more with a cancellation, if it is on record in time.

    `facts` need not hold it yet.
    """
    grown = facts.plus([cast(AnyFact, cancel)])
    said = (grown.on(ControlId(control)) for control in cancel.body.controls)
    return not any(recall_standing(one, cancel.member, grown, delay).stands for one in said)


def _needs_two(recall: Fact[Recall], facts: Facts) -> bool:
    if recall.body.in_incident:
        return True
    before = [fact for fact in facts.recalls_by(recall.member, recall.at) if fact.order <= recall.order]
    return len({fact.body.controls for fact in before}) > MAX_RECALLS_AN_HOUR


def controllers(item: Verified) -> frozenset[MemberId]:
    """Return who may take an item back: the authors of its controls."""
    return frozenset(MemberId(c.control.controller) for c in item.controls)


def standings(item: Verified, facts: Facts, delay: int) -> tuple[Standing, ...]:
    """Return the recalls that stand against an item, a controller and a control each."""
    return tuple(standing for control in item.controls for standing in _against(control.id, item, facts, delay))


def _against(control: ControlId, item: Verified, facts: Facts, delay: int) -> Iterator[Standing]:
    said = facts.on(control)
    for controller in sorted({fact.member for fact in said.recalls} & controllers(item)) if said.recalls else ():
        standing = recall_standing(said, controller, facts, delay)
        if standing.stands:
            yield standing


def basis_gone(control: ControlId, item: Verified, facts: Facts, membership: Membership) -> bool:
    """Return whether a controller of the item took back what carries one of its controls."""
    return any(_against(control, item, facts, membership.recall_delay))


def recalled(item: Verified, facts: Facts, membership: Membership) -> bool:
    """Return whether a controller took the item back."""
    return bool(standings(item, facts, membership.recall_delay))


def evidence(controls: Iterable[VerifiedControl]) -> bool:
    """Return whether every control says `hold`: then a recall leaves it with those who hold it."""
    return all(terms_of(c.control.marking).hold for c in controls)


def hidden(item: Verified, facts: Facts, membership: Membership, now: Micros) -> bool:
    """Return whether nobody sees it any more, those who hold it included; `now` is of no account: it is at once."""
    del now
    return recalled(item, facts, membership) and not evidence(item.controls)


class Coverage(Value, frozen=True):
    """What a holder knows of the time of a fact: when a quorum covered it, and its own receipt of it; when it came.

    `gap`: parcels of the fact's author are missing up to then, among which may be its cancellation.
    """

    recorded: Micros | None
    receipted: Micros | None
    received: Micros
    gap: bool

    def due(self, delay: int) -> Micros:
        """Return when the delay is over: so that all reach one end, it runs from the record, not from arrival."""
        if self.gap or self.recorded is None or self.receipted is None:
            return Micros(self.received + WITHOUT_PROOF)
        return Micros(max(self.recorded, self.receipted - RECEIPT_ALLOWANCE) + delay)


def destroy_due(
    item: Verified, facts: Facts, membership: Membership, coverage: Mapping[ItemId, Coverage]
) -> Micros | None:
    """Return when a holder must have destroyed an item that was taken back, or None while nothing asks for it.

    `coverage` is by the id of each recall that the holder has. A warning stays until it is not in force any more,
    whatever the reason: of it is told who withdrew it, its area and its hazard.
    """
    if evidence(item.controls):
        return None
    delay = membership.recall_delay
    dues = (_due(standing, coverage, delay) for standing in standings(item, facts, delay))
    due = min((due for due in dues if due is not None), default=None)
    told_until = in_force_until(item, facts)
    return due if due is None or told_until is None else Micros(max(due, told_until))


def _due(standing: Standing, coverage: Mapping[ItemId, Coverage], delay: int) -> Micros | None:
    """Return when the last officer that it takes has been heard for long enough; LIFE: heard."""
    by_officer: dict[str, Micros] = {}
    for fact in standing.recalls:
        known = coverage.get(fact.id)
        if known is not None:
            due = known.received if standing.final else known.due(delay)
            by_officer[fact.officer] = min(due, by_officer.get(fact.officer, due))
    dues = sorted(by_officer.values())
    return dues[standing.officers - 1] if len(dues) >= standing.officers else None


def expiry_due(item: Verified, holder: MemberId, facts: Facts, membership: Membership) -> Micros | None:
    """Return when a holder must have destroyed what expires, or None: controllers and evidence are spared."""
    ends = [
        terms_at(c.control, facts.on(c.id), FOREVER).expires for c in item.controls if c.control.controller != holder
    ]
    end = min(ends, default=FOREVER)
    return None if end == FOREVER or evidence(item.controls) else Micros(end + membership.recall_delay)


def narrow_due(fact_coverage: Coverage, membership: Membership) -> Micros:
    """Return when a holder whom a narrowing dropped must have destroyed: as after a recall."""
    return fact_coverage.due(membership.recall_delay)


def dropped(
    item: Verified, holder: MemberId, facts: Facts, membership: Membership, now: Micros
) -> tuple[Fact[Narrow], ...]:
    """Return the narrowings by which a holder lost an item, one a control that it does not control itself.

    It is the first without which the control would admit the holder now: what admits it since undoes that, and what
    would be closed to it anyway, or has expired, was not lost by a narrowing.
    """
    found = (
        _dropping(item, c, holder, facts, membership, now)
        for c in item.controls
        if c.control.controller != holder and facts.on(c.id).narrows
    )
    return tuple(fact for fact in found if fact is not None)


def _dropping(
    item: Verified, c: VerifiedControl, holder: MemberId, facts: Facts, membership: Membership, now: Micros
) -> Fact[Narrow] | None:
    said = facts.on(c.id)
    begun = in_force(c.control, said, now)
    for n in range(len(begun) + 1):
        before = structs.replace(said, narrows=begun[:n])
        known = structs.replace(facts, controls=facts.controls.plus(c.id, before))
        answer = admits(item, clause(item, c, known, membership, now), holder, known, membership, now)
        if isinstance(answer, Reason):
            return begun[n - 1] if n and answer is not Reason.EXPIRED else None
    return None


def drop_due(
    item: Verified,
    holder: MemberId,
    facts: Facts,
    membership: Membership,
    coverage: Mapping[ItemId, Coverage],
    now: Micros,
) -> tuple[Micros, ItemId] | None:
    """Return when a holder whom a narrowing dropped must have destroyed an item, and which it was; None for never."""
    by = () if evidence(item.controls) else dropped(item, holder, facts, membership, now)
    lost = (fact.id for fact in by if fact.id in coverage)
    return min(((narrow_due(coverage[fact], membership), fact) for fact in lost), default=None)
