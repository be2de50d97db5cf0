"""Facts about controls: grants, recalls, changes. A set, whatever the order in which they came.

A fact counts only if its author controls what it is about; that is the rule's to check, not the sender's to promise.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar, cast

from msgspec import structs

from quartet.core.encoding import Value
from quartet.core.factbody import (
    BODIES,
    CancelRecall,
    Closing,
    Correction,
    Delegate,
    FactBody,
    Grant,
    Narrow,
    Purged,
    Recall,
    ViewReceipt,
    Widen,
    controls_named,
    fact_body,
)
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros, OfficerName
from quartet.core.shelf import Shelf
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified

B = TypeVar("B", bound=FactBody)


class Fact(Value, Generic[B], frozen=True):
    """One fact with who says it, in which hat, and when."""

    id: ItemId
    member: MemberId
    officer: OfficerName
    at: Micros
    body: B
    seen: Micros | None = None
    """When this node first saw it, if that was before its date: the clock of who dated it is ahead."""

    @property
    def begins(self) -> Micros:
        """From when on it counts: its date, or when it was first seen if that is earlier. The order stays by date."""
        return self.at if self.seen is None else min(self.at, self.seen)

    @property
    def order(self) -> tuple[Micros, ItemId]:
        """By time, then by id: the one order of facts at every node."""
        return self.at, self.id


AnyFact = Fact[FactBody]


def fact_of(verified: Verified, seen: Micros | None = None) -> AnyFact:
    """Return the fact that a verified statement states, or raise `Malformed("not-a-fact" | "bad-body")`.

    `seen` is when a node first saw it.
    """
    statement = verified.statement
    return Fact(
        id=verified.id,
        member=statement.member,
        officer=statement.officer,
        at=statement.at,
        body=fact_body(statement),
        seen=seen if seen is not None and seen < statement.at else None,
    )


class ControlFacts(Value, frozen=True):
    """What is said about one control, by kind, each in the one order of facts."""

    grants: tuple[Fact[Grant], ...] = ()
    recalls: tuple[Fact[Recall], ...] = ()
    cancels: tuple[Fact[CancelRecall], ...] = ()
    narrows: tuple[Fact[Narrow], ...] = ()
    widens: tuple[Fact[Widen], ...] = ()
    delegates: tuple[Fact[Delegate], ...] = ()
    others: tuple[AnyFact, ...] = ()

    @property
    def all(self) -> tuple[AnyFact, ...]:
        """All of them."""
        found = (self.grants, self.recalls, self.cancels, self.narrows, self.widens, self.delegates, self.others)
        return tuple(cast(AnyFact, fact) for kind in found for fact in kind)


NOTHING_SAID: Final = ControlFacts()
_PLACES: Final[Mapping[type, str]] = {
    Grant: "grants",
    Recall: "recalls",
    CancelRecall: "cancels",
    Narrow: "narrows",
    Widen: "widens",
    Delegate: "delegates",
}
TIMELY_ONLY: Final = (Grant, CancelRecall, Delegate)
"""What counts for nothing if it was recorded late."""
HOUR: Final = 3600 * SECOND


class Facts(Value, frozen=True):
    """A set of facts: by the control they are about, by the item that a standing grant follows, by member and hour.

    Grants, cancellations and delegations that were recorded late count for nothing; what is late is itself a fact.
    """

    NONE: ClassVar["Facts"]

    known: Shelf[ItemId, AnyFact]
    controls: Shelf[ControlId, ControlFacts]
    followed: Shelf[ItemId, tuple[Fact[Grant], ...]]
    recalled: Shelf[tuple[MemberId, int], tuple[Fact[Recall], ...]]
    late: Shelf[ItemId, bool]
    seen: Shelf[ControlId, Micros] = Shelf()
    """When a control that is dated later was first known: no clock that is ahead moves what was there before it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and (self.known, self.late, self.seen) == (other.known, other.late, other.seen)

    def __hash__(self) -> int:
        return hash((self.known, self.late))

    def on(self, control: ControlId) -> ControlFacts:
        """Return what is said about one control."""
        return self.controls.get(control) or NOTHING_SAID

    def following(self, item: ItemId) -> tuple[Fact[Grant], ...]:
        """Return the standing grants for what cites `item`."""
        return self.followed.get(item) or ()

    def recalls_by(self, member: MemberId, at: Micros) -> tuple[Fact[Recall], ...]:
        """Return the member's recalls of the hour before `at`, that time included, in their order."""
        hour = at // HOUR
        both = (*(self.recalled.get((member, hour - 1)) or ()), *(self.recalled.get((member, hour)) or ()))
        return tuple(fact for fact in both if at - HOUR < fact.at <= at)

    def along(self, controls: Iterable[ControlId], admitting: Iterable[ItemId]) -> tuple[ItemId, ...]:
        """Return what goes with an item to whoever gets it: what is said about its controls, and what admits it there.

        A standing grant is about a control that the item need not carry, and that its recipient may hold nothing of.
        Receipts go to nobody but those whom they are for.
        """
        said = (fact for control in controls for fact in self.on(control).all)
        open_to_all = (fact.id for fact in said if not isinstance(fact.body, (Purged, ViewReceipt)))
        return tuple(dict.fromkeys((*open_to_all, *admitting)))

    def plus(self, facts: Iterable[AnyFact]) -> "Facts":
        """Return these facts and some more; the order does not matter, nor does hearing one twice."""
        grown = self
        for fact in facts:
            if fact.id not in grown.known:
                grown = structs.replace(grown, known=grown.known.plus(fact.id, fact))
                grown = _indexed(grown, fact) if _counts(grown, fact) else grown
        return grown

    def stated(self, verified: Verified) -> "Facts":
        """Return these facts and the one that a verified statement states; as they are if it states none.

        Raises `Malformed("bad-body")` for a fact of a shape that no fact has.
        """
        return self.plus((fact_of(verified),)) if verified.statement.kind in FACT_KINDS else self

    def first_seen(self, control: ControlId, at: Micros) -> "Facts":
        """Return these facts with a control known to have been there at `at`; what is known to be older stays so."""
        before = self.seen.get(control)
        return self if before is not None and before <= at else structs.replace(self, seen=self.seen.plus(control, at))

    def without(self, fact: AnyFact) -> "Facts":
        """Return these facts as if one of them, that is no recall, counted for nothing: to see what hangs on it."""
        return _unindexed(self, fact)

    def recorded_late(self, fact: ItemId) -> "Facts":
        """Return these facts with one of them known to be recorded late: no grant and no cancellation any more."""
        found = self.known.get(fact)
        grown = structs.replace(self, late=self.late.plus(fact, True))
        return grown if found is None or _counts(grown, found) else _unindexed(grown, found)

    def recorded_in_time(self, fact: ItemId) -> "Facts":
        """Return these facts with one of them shown to be timely after all: proof of that may come after the doubt."""
        found = self.known.get(fact)
        grown = structs.replace(self, late=self.late.minus(fact))
        return grown if found is None or fact not in self.late else _indexed(grown, found)


def _counts(facts: Facts, fact: AnyFact) -> bool:
    return not isinstance(fact.body, TIMELY_ONLY) or fact.id not in facts.late


def _indexed(facts: Facts, fact: AnyFact) -> Facts:
    controls = facts.controls
    for control in controls_named(fact.body):
        controls = controls.plus(control, _with(facts.on(control), fact))
    facts = structs.replace(facts, controls=controls)
    if isinstance(fact.body, Grant) and fact.body.scope == "FOLLOWING":
        grant = cast(Fact[Grant], fact)
        item = ItemId(fact.body.item)
        return structs.replace(facts, followed=facts.followed.plus(item, _sorted(facts.following(item), grant)))
    if isinstance(fact.body, Recall):
        recall = cast(Fact[Recall], fact)
        key = (fact.member, fact.at // HOUR)
        return structs.replace(facts, recalled=facts.recalled.plus(key, _sorted(facts.recalled.get(key) or (), recall)))
    return facts


def _unindexed(facts: Facts, fact: AnyFact) -> Facts:
    controls = facts.controls
    for control in controls_named(fact.body):
        controls = controls.plus(control, _without(facts.on(control), fact))
    facts = structs.replace(facts, controls=controls)
    if isinstance(fact.body, Grant) and fact.body.scope == "FOLLOWING":
        item = ItemId(fact.body.item)
        left = tuple(f for f in facts.following(item) if f.id != fact.id)
        return structs.replace(facts, followed=facts.followed.plus(item, left))
    return facts


def _with(said: ControlFacts, fact: AnyFact) -> ControlFacts:
    place = _PLACES.get(type(fact.body), "others")
    return structs.replace(said, **{place: _sorted(getattr(said, place), fact)})


def _without(said: ControlFacts, fact: AnyFact) -> ControlFacts:
    place = _PLACES.get(type(fact.body), "others")
    return structs.replace(said, **{place: tuple(f for f in getattr(said, place) if f.id != fact.id)})


F = TypeVar("F", bound=Fact[Any])


def _sorted(facts: tuple[F, ...], fact: F) -> tuple[F, ...]:
    """Return facts, which are in their order, with one more, once: thousands about one control may come one by one."""
    at = bisect_left(facts, fact.order, key=_order)
    known = at < len(facts) and facts[at].id == fact.id
    return facts if known else (*facts[:at], fact, *facts[at:])


def _order(fact: AnyFact) -> tuple[Micros, ItemId]:
    return fact.order


NO_FACTS: Final = Facts(known=Shelf(), controls=Shelf(), followed=Shelf(), recalled=Shelf(), late=Shelf())
Facts.NONE = NO_FACTS


def facts_of(statements: Iterable[Verified]) -> Facts:
    """Return the facts that some verified statements state."""
    return NO_FACTS.plus(fact_of(v) for v in statements)


def corrections(item: Verified, facts: Facts) -> tuple[ItemId, ...]:
    """Return what its author says supersedes an item, in the order of saying; what others say of it counts for nothing.

    Everybody who was sent the item is told; whether the new one may be had is its own marking's to say.
    """
    said = (fact for c in item.controls for fact in facts.on(c.id).others)
    own = sorted((f for f in said if f.member == item.statement.member), key=lambda f: f.order)
    bodies = (fact.body for fact in own if isinstance(fact.body, Correction) and fact.body.item == item.id)
    return tuple(dict.fromkeys(ItemId(b.superseded_by) for b in bodies if b.superseded_by is not None))


__all__ = [
    "BODIES",
    "HOUR",
    "NO_FACTS",
    "TIMELY_ONLY",
    "AnyFact",
    "CancelRecall",
    "Closing",
    "ControlFacts",
    "Correction",
    "Delegate",
    "Fact",
    "FactBody",
    "Facts",
    "Grant",
    "Narrow",
    "Purged",
    "Recall",
    "ViewReceipt",
    "Widen",
    "controls_named",
    "corrections",
    "fact_body",
    "fact_of",
    "facts_of",
]
