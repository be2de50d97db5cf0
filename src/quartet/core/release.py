"""The one rule: who may receive, see, keep and forward an item. `Released` and `Withheld` are made only here.

    admits(c, i, m) = m controls c, or c has not expired and
                      (a grant admits m while it stands, or the world may have it, or c names m, who stands since)
    may_receive     = m is a member now, no control was issued by an outsider, no controller took i back,
                      EVERY control admits m, and i is m's own or of a kind that goes to others

Deny by default: what carries no control of its own is withheld, and an unknown word closes. The presiding member has no
line here. State is a set of facts: the order in which they came cannot matter.
"""

from typing import Final

from msgspec import structs

from quartet.core.admission import Clause, admits, cited_by, clause, delegate_of, shut
from quartet.core.control import person_hash
from quartet.core.encoding import Value
from quartet.core.facts import Facts
from quartet.core.home import HOME_KINDS, INDOORS, NAMED_KINDS
from quartet.core.ids import ControlId, ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import TLP_ORDER
from quartet.core.membership import Membership
from quartet.core.reasons import Reason, explain
from quartet.core.recall import evidence, recalled
from quartet.core.statement import FACT_KINDS
from quartet.core.terms import AMBER, CLEAR, FOREVER, NEVER, RED, Terms, said_times, terms_at, terms_of
from quartet.core.verify import Verified, VerifiedControl
from quartet.core.viewer import Door, Viewer

__all__ = [
    "Case",
    "Consent",
    "Decision",
    "Door",
    "Reason",
    "Released",
    "Viewer",
    "Withheld",
    "alike",
    "consent_needed",
    "explain",
    "gateway",
    "gateway_text",
    "keep",
    "may_ask",
    "may_keep",
    "may_view",
    "named_alone",
    "release",
    "release_fact",
    "view",
]

RECALL_KINDS: Final = frozenset({"recall", "cancel-recall"})
"""What a suspended member still gets, for what it holds."""


class Released(Value, frozen=True):
    """What may go to `to`, with the facts (grants, delegations, widenings) that admit it: they go along."""

    item: Verified
    to: MemberId
    grants: tuple[ItemId, ...] = ()


class Withheld(Value, frozen=True):
    """What may not, why, and which control says so."""

    reason: Reason
    control: ControlId | None = None


Decision = Released | Withheld


class Consent(Value, frozen=True):
    """Who must each sign a grant, under which control, before a member may have an item; none when it may already."""

    item: ItemId
    to: MemberId
    needed: tuple[tuple[ControlId, MemberId], ...]


class Case:
    """An item before the rule at one time: what is the same for every member is worked out once.

    (1) the item has a control of its own, (2) it is `to`'s own or does not stay home, (3) `to` is a member now,
    (4) every control was issued by a member, (5) nobody took it back, (6) every control admits `to`.
    """

    __slots__ = ("_controllers", "_facts", "_membership", "_now", "_outside", "_recalled", "clauses", "item")

    def __init__(self, item: Verified, facts: Facts, membership: Membership, now: Micros) -> None:
        self.item = item
        self.clauses = tuple([clause(item, c, facts, membership, now) for c in item.controls])
        self._facts = facts
        self._membership = membership
        self._now = now
        self._controllers = {c.control.controller for c in self.clauses}
        self._outside = _issued_outside(self.clauses, membership)
        self._recalled = any(c.said.recalls for c in self.clauses) and recalled(item, facts, membership)

    def decide(self, to: MemberId, *, held: bool = False) -> Decision:
        """Decide whether `to` may receive the item (`may_receive`); `held` says that it holds it already."""
        refusal = self.refused(to, held=held)
        if refusal is not None:
            return refusal
        grants: tuple[ItemId, ...] = ()
        for c in self.clauses:
            if c.control.controller != to:
                answer = admits(self.item, c, to, self._facts, self._membership, self._now)
                if isinstance(answer, Reason):
                    return Withheld(answer, c.id)
                grants += answer
        return Released(item=self.item, to=to, grants=tuple(sorted(set(grants))) if grants else grants)

    def refused(self, to: MemberId, *, held: bool) -> Withheld | None:
        """Return why no control need be asked: the first five clauses."""
        if self.item.own is None:
            return Withheld(Reason.NO_CONTROL)
        if self.item.statement.kind in HOME_KINDS and to != self.item.statement.member:
            return Withheld(Reason.STAYS_HOME, self.item.own.id)
        membership, now = self._membership, self._now
        if not self._its_own(to):
            if not membership.active(to, now):
                return Withheld(Reason.NOT_A_MEMBER if membership.left(to, now) else Reason.SUSPENDED)
            if self._outside is not None:
                return self._outside
        if self._recalled and not (held and evidence(self.item.controls)):
            return Withheld(Reason.RECALLED)
        return None

    def _its_own(self, to: MemberId) -> bool:
        """Return whether it is the member's own (as its own control is), without foreign controls: no member needed."""
        return self._controllers == {to}

    def horizon(self) -> Micros:
        """Return the first time after this one at which a decision about the item could change by itself."""
        now = self._now
        times = [FOREVER, self._membership.next_change(now) or FOREVER]
        for c in self.clauses:
            times += (c.issued, *terms_of(c.control.marking).times, *said_times(c.said))
        for cited in cited_by(self.item):
            for grant in self._facts.following(cited):
                times += said_times(self._facts.on(ControlId(grant.body.control)))
        return min([at for at in times if at > now])


def _issued_outside(clauses: tuple[Clause, ...], membership: Membership) -> Withheld | None:
    for c in clauses:
        if not membership.active(MemberId(c.control.controller), c.issued):
            return Withheld(Reason.ISSUED_OUTSIDE, c.id)
    return None


def release(
    item: Verified, to: MemberId, facts: Facts, membership: Membership, now: Micros, *, held: bool = False
) -> Decision:
    """Decide whether `to` may receive an item (`may_receive`); `held` says that it holds the item already."""
    return Case(item, facts, membership, now).decide(to, held=held)


def release_fact(
    fact: Verified, to: MemberId, sent_to: frozenset[MemberId], membership: Membership, now: Micros
) -> Decision:
    """Decide whether a fact may go to `to`: only if it was sent an item that carries a control the fact is about.

    A suspended member still gets recalls and cancellations of what it holds; who left gets nothing.
    """
    if fact.statement.kind not in FACT_KINDS or fact.own is not None:
        return Withheld(Reason.NOT_A_FACT)
    if membership.left(to, now):
        return Withheld(Reason.NOT_A_MEMBER)
    if not membership.active(to, now) and fact.statement.kind not in RECALL_KINDS:
        return Withheld(Reason.SUSPENDED)
    if to not in sent_to:
        return Withheld(Reason.NOT_SENT)
    return Released(item=fact, to=to)


def may_view(
    item: Verified, viewer: Viewer, facts: Facts, membership: Membership, now: Micros, *, held: bool = False
) -> Decision:
    """Decide whether a person may see an item at her node; `held` says that the node holds it already."""
    decision = release(item, viewer.member, facts, membership, now, held=held)
    return view(decision, viewer, facts, now)


def view(decision: Decision, viewer: Viewer, facts: Facts, now: Micros) -> Decision:
    """Decide whether a person may see what her member may receive: the part of `may_view` that is about her."""
    if isinstance(decision, Withheld):
        return decision
    for c in decision.item.controls:
        refusal = _refusal(c, terms_at(c.control, facts.on(c.id), now), viewer, now)
        if refusal is not None:
            return Withheld(refusal, c.id)
    return structs.replace(decision, to=viewer.member)


def may_ask(item: Verified, viewer: Viewer, facts: Facts, now: Micros) -> Withheld | None:
    """Return why a person may not ask what became of an item that her member held, or None: as `view`, but also of
    one that was taken back or has expired since."""
    terms = [(c, terms_at(c.control, facts.on(c.id), now)) for c in item.controls]
    refused = [Withheld(why, c.id) for c, asked in terms if (why := _refusal(c, asked, viewer, now)) is not None]
    return refused[0] if refused else None


def named_alone(item: Verified, facts: Facts, now: Micros) -> bool:
    """Return whether an item is for the persons named alone: RED, by any of its controls."""
    return any(terms_at(c.control, facts.on(c.id), now).tlp(now) == RED for c in item.controls)


def alike(item: Verified, viewer: Viewer, facts: Facts, *times: Micros) -> Viewer:
    """Return what of a viewer decides whether she may see an item at these times: who is equal in it is decided alike.

    Her name decides where the item is for the persons named, and her roles nowhere.
    """
    by_name = any(named_alone(item, facts, at) for at in times)
    return structs.replace(viewer, name=viewer.name if by_name else OfficerName(""), roles=())


def _refusal(c: VerifiedControl, terms: Terms, viewer: Viewer, now: Micros) -> Reason | None:
    tlp = terms.tlp(now)
    if not _person_named(c, terms, viewer, tlp):
        return Reason.PERSON_NOT_NAMED
    if viewer.body is not None and tlp > AMBER:
        return Reason.CLIENT
    if terms.purposes is not None and viewer.purpose not in terms.purposes:
        return Reason.PURPOSE
    if not terms.caveats <= viewer.trained:
        return Reason.TRAINING
    return None


def _person_named(c: VerifiedControl, terms: Terms, viewer: Viewer, tlp: int) -> bool:
    """Return whether names let the viewer see it: RED is for those named, and an empty list is for nobody."""
    if tlp != RED:
        return terms.persons is None or bool(terms.persons)
    person = person_hash(c.control.serial, viewer.member, viewer.name)
    return terms.persons is not None and person in terms.persons


def may_keep(
    item: Verified, to: MemberId, facts: Facts, membership: Membership, now: Micros, *, held: bool = False
) -> Decision:
    """Decide whether a copy may be kept: exported, printed, handed to another system."""
    return keep(release(item, to, facts, membership, now, held=held), facts, now)


def keep(decision: Decision, facts: Facts, now: Micros) -> Decision:
    """Decide whether what a member may receive may be kept: the part of `may_keep` that is about the copy."""
    if isinstance(decision, Released):
        for c in decision.item.controls:
            if terms_at(c.control, facts.on(c.id), now).mode:
                return Withheld(Reason.DISPLAY_ONLY, c.id)
    return decision


def consent_needed(
    item: Verified, to: MemberId, facts: Facts, membership: Membership, now: Micros
) -> Consent | Withheld:
    """Return who must each sign a grant for `to`, or why no grant can be: together they suffice, each is necessary."""
    case = Case(item, facts, membership, now)
    refusal = case.refused(to, held=False)
    if refusal is not None:
        return refusal
    needed: list[tuple[ControlId, MemberId]] = []
    for c in case.clauses:
        if c.control.controller != to and isinstance(admits(item, c, to, facts, membership, now), Reason):
            signer = _signer(item, c, membership, now)
            if isinstance(signer, Reason):
                return Withheld(signer, c.id)
            needed.append((c.id, signer))
    return Consent(item=item.id, to=to, needed=tuple(needed))


def _signer(item: Verified, c: Clause, membership: Membership, now: Micros) -> MemberId | Reason:
    """Return who can consent for a control, its controller or the delegate of one that left, or why nobody can."""
    if c.own and item.statement.kind in NAMED_KINDS:
        return Reason.STAYS_HOME
    if c.shut is not None:
        return c.shut
    if c.terms.onward >= NEVER:
        return Reason.ONWARD_NEVER
    controller = MemberId(c.control.controller)
    if not membership.left(controller, now):
        return controller if membership.active(controller, now) else Reason.FROZEN
    named = delegate_of(controller, c.said, membership, now)
    if named is None or not membership.active(named.body.delegate, now):
        return Reason.FROZEN
    return named.body.delegate


def gateway(
    item: Verified, door: Door, facts: Facts, membership: Membership, now: Micros, *, held: bool = False
) -> Decision:
    """Decide whether an item, marked as wide as `most`, may pass a door: all who answer for it may see and keep it.

    Where they may not, or nobody answers, or no marking is carried: only the world's. What stays home passes none.
    """
    decision = _answered(item, door, facts, membership, now, held)
    if item.statement.kind in INDOORS:
        return decision if isinstance(decision, Withheld) else Withheld(Reason.STAYS_HOME)
    if isinstance(decision, Withheld) and _the_worlds(item, facts, membership, now):
        decision = may_keep(item, door.member, facts, membership, now)
    return decision if isinstance(decision, Withheld) else _within(decision, door, facts, now)


def gateway_text(tlp: str, door: Door) -> Reason | None:
    """Return why a member's own text that is no item yet may not pass a door, marked as its officer says; or None."""
    place = TLP_ORDER.index(tlp) if tlp in TLP_ORDER else len(TLP_ORDER)
    if place >= RED or place > TLP_ORDER.index(door.most):
        return Reason.ABOVE_DOOR
    if place > CLEAR and not door.principals:
        return Reason.NO_PRINCIPAL
    return Reason.FORMAT if place > CLEAR and not door.carries_markings else None


def _within(decision: Released, door: Door, facts: Facts, now: Micros) -> Decision:
    """Return a decision unless a control's label is narrower than what the door may have at most."""
    labels = [(c.id, terms_at(c.control, facts.on(c.id), now).tlp(now)) for c in decision.item.controls]
    above = [control for control, place in labels if place > TLP_ORDER.index(door.most)]
    return Withheld(Reason.ABOVE_DOOR, above[0]) if above else decision


def _answered(item: Verified, door: Door, facts: Facts, membership: Membership, now: Micros, held: bool) -> Decision:
    decision = release(item, door.member, facts, membership, now, held=held)
    if isinstance(decision, Withheld):
        return decision
    if not door.principals:
        return Withheld(Reason.NO_PRINCIPAL)
    for c in item.controls:
        if "NO_GATEWAY" in terms_at(c.control, facts.on(c.id), now).caveats:
            return Withheld(Reason.NO_GATEWAY, c.id)
    if not door.carries_markings:
        return Withheld(Reason.FORMAT)
    for principal in door.principals:
        reader = structs.replace(principal, purpose=door.purpose)
        seen = may_view(item, reader, facts, membership, now, held=held)
        kept = may_keep(item, reader.member, facts, membership, now, held=held)
        for answer in (seen, kept):
            if isinstance(answer, Withheld):
                return answer
    return decision


def _the_worlds(item: Verified, facts: Facts, membership: Membership, now: Micros) -> bool:
    terms = [terms_at(c.control, facts.on(c.id), now) for c in item.controls]
    return bool(terms) and all(t.world(now) and shut(t, membership, now) is None for t in terms)
