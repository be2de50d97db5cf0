"""Facts about controls: grants, recalls, changes. A set, whatever the order in which they came.

A fact counts only if its author controls what it is about; that is the rule's to check, not the sender's to promise.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, TypeVar, cast

import msgspec
from msgspec import Meta, structs

from quartet.core.encoding import Value, encode
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ControlId, ItemId, MemberField, MemberId, Micros, OfficerName, TimeField
from quartet.core.marking import Marking, check_marking
from quartet.core.shelf import Shelf
from quartet.core.statement import FACT_KINDS, MAX_CONTROLS, Hash, Statement
from quartet.core.verify import Verified

Controls = Annotated[tuple[Hash, ...], Meta(min_length=1, max_length=MAX_CONTROLS)]
Text = Annotated[str, Meta(max_length=4096)]


class Grant(Value, frozen=True):
    """Admits one member to one item under one control; FOLLOWING: to the author's later items that cite it too."""

    control: Hash
    item: Hash
    author: MemberField
    member: MemberField
    until: TimeField | None
    scope: Literal["ITEM", "FOLLOWING"]


class Recall(Value, frozen=True):
    """Takes back whatever carries one of these controls."""

    controls: Controls
    reason: Literal["NORMAL", "LIFE"]
    in_incident: bool


class CancelRecall(Value, frozen=True):
    """Lets a recall be as if it had not been, if it comes before the delay ends."""

    recall: Hash
    controls: Controls


class Narrow(Value, frozen=True):
    """From now on the control is marked so."""

    control: Hash
    marking: Marking


class Widen(Value, frozen=True):
    """From now on these members too are named by the control."""

    control: Hash
    rel: Annotated[tuple[MemberField, ...], Meta(min_length=1, max_length=256)]


class Delegate(Value, frozen=True):
    """Who consents for us when we have left."""

    controls: Controls
    delegate: MemberField


class Correction(Value, frozen=True):
    """A new item supersedes an old one."""

    controls: Controls
    item: Hash
    superseded_by: Hash | None


class ViewReceipt(Value, frozen=True):
    """A person named by a RED item saw it."""

    controls: Controls
    item: Hash
    person: Text
    at: TimeField


class Closing(Value, frozen=True):
    """All positions of a member on a proposal, or none (the desk reads it)."""

    controls: Annotated[tuple[Hash, ...], Meta(max_length=MAX_CONTROLS)]
    proposal: Hash
    positions: Annotated[tuple[Hash, ...], Meta(max_length=256)]


class Purged(Value, frozen=True):
    """A holder's word that it destroyed an item after a recall or expiry, and by when its backups are."""

    controls: Annotated[tuple[Hash, ...], Meta(max_length=MAX_CONTROLS)]
    item: Hash
    c: Hash
    recall: Hash | None
    backups_by: TimeField


FactBody = Grant | Recall | CancelRecall | Narrow | Widen | Delegate | Correction | ViewReceipt | Closing | Purged
BODIES: Final[Mapping[str, Any]] = {
    "grant": Grant,
    "recall": Recall,
    "cancel-recall": CancelRecall,
    "narrow": Narrow,
    "widen": Widen,
    "delegate": Delegate,
    "correction": Correction,
    "view-receipt": ViewReceipt,
    "closing": Closing,
    "purged": Purged,
}


B = TypeVar("B", bound=FactBody)


class Fact(Value, Generic[B], frozen=True):
    """One fact with who says it, in which hat, and when."""

    id: ItemId
    member: MemberId
    officer: OfficerName
    at: Micros
    body: B

    @property
    def order(self) -> tuple[Micros, ItemId]:
        """By time, then by id: the one order of facts at every node."""
        return self.at, self.id


AnyFact = Fact[FactBody]


def fact_of(verified: Verified) -> AnyFact:
    """Return the fact that a verified statement states, or raise `Malformed("not-a-fact" | "bad-body")`."""
    statement = verified.statement
    return Fact(
        id=verified.id, member=statement.member, officer=statement.officer, at=statement.at, body=fact_body(statement)
    )


def fact_body(statement: Statement) -> FactBody:
    """Return the body of a fact, or raise `Malformed`; the check that every fact passes before it is stored.

    A fact is said as a member: who presides consents for nobody and takes nothing back.
    """
    kind = BODIES.get(statement.kind)
    if kind is None or statement.kind not in FACT_KINDS or statement.kind_v != 1:
        raise Malformed("not-a-fact", f"{statement.kind} version {statement.kind_v}")
    if statement.hat != "MEMBER":
        raise Malformed("not-a-fact", f"{statement.kind} under the hat {statement.hat}")
    try:
        body: FactBody = msgspec.json.decode(statement.body, type=kind)
    except msgspec.MsgspecError as error:
        raise Malformed("bad-body", f"{statement.kind}: {error}") from error
    if isinstance(body, Narrow):
        check_marking(body.marking)
    if encode(body) != bytes(statement.body):
        raise Malformed("bad-body", f"{statement.kind}: another spelling")
    return body


def controls_named(body: FactBody) -> tuple[ControlId, ...]:
    """Return which controls a fact is about: it goes to whoever was sent an item that carries one of them."""
    if isinstance(body, (Grant, Narrow, Widen)):
        return (ControlId(body.control),)
    return tuple(ControlId(c) for c in body.controls)


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
_TIMELY_ONLY: Final = (Grant, CancelRecall, Delegate)
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and (self.known, self.late) == (other.known, other.late)

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

    def recorded_late(self, fact: ItemId) -> "Facts":
        """Return these facts with one of them known to be recorded late: no grant and no cancellation any more."""
        found = self.known.get(fact)
        grown = structs.replace(self, late=self.late.plus(fact, True))
        return grown if found is None or _counts(grown, found) else _unindexed(grown, found)


def _counts(facts: Facts, fact: AnyFact) -> bool:
    return not isinstance(fact.body, _TIMELY_ONLY) or fact.id not in facts.late


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
    return tuple(sorted({f.id: f for f in (*facts, fact)}.values(), key=lambda f: f.order))


NO_FACTS: Final = Facts(known=Shelf(), controls=Shelf(), followed=Shelf(), recalled=Shelf(), late=Shelf())
Facts.NONE = NO_FACTS


def facts_of(statements: Iterable[Verified]) -> Facts:
    """Return the facts that some verified statements state."""
    return NO_FACTS.plus(fact_of(v) for v in statements)
