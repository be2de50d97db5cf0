"""Whether one control admits one member to one item, and by which facts; the clause `admits(c, i, m)` of the rule.

A grant admits to one item under one control, never to its source or a sibling. It counts from the control's
controller while that is a member, or from the delegate of one that left.
"""

from collections.abc import Iterable
from typing import Final, cast

from msgspec import UnsetType

from quartet.core.control import Control
from quartet.core.encoding import Value
from quartet.core.facts import AnyFact, ControlFacts, Delegate, Fact, Facts, Grant
from quartet.core.home import NAMED_KINDS
from quartet.core.ids import ControlId, ItemId, MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.reasons import Reason
from quartet.core.terms import NEVER, NEVER_DROPPED, Naming, Terms, naming, terms_at
from quartet.core.verify import Verified, VerifiedControl

_NO_FACTS: Final[tuple[ItemId, ...]] = ()


def issued(c: VerifiedControl, facts: Facts, membership: Membership) -> Micros:
    """Return when a control was issued: the beginning of its tick, or when it was known before that."""
    stated = Micros(c.control.issued * membership.tick)
    known = facts.seen.get(c.id)
    return stated if known is None else min(stated, known)


class Clause(Value, frozen=True):
    """A control of an item at one time, with what is the same whoever is to be admitted."""

    id: ControlId
    control: Control
    own: bool
    issued: Micros
    said: ControlFacts
    terms: Terms
    shut: Reason | None
    world: bool


def clause(item: Verified, c: VerifiedControl, facts: Facts, membership: Membership, now: Micros) -> Clause:
    """Return what a control of an item asks for at one time."""
    said = facts.on(c.id)
    terms = terms_at(c.control, said, now)
    begun, why = issued(c, facts, membership), shut(terms, membership, now)
    return Clause(c.id, c.control, c is item.own, begun, said, terms, why, terms.world(now))


def admits(
    item: Verified,
    c: Clause,
    to: MemberId,
    facts: Facts,
    membership: Membership,
    now: Micros,
) -> tuple[ItemId, ...] | Reason:
    """Return the facts by which a control admits somebody other than its controller, or why it does not."""
    said, terms = c.said, c.terms
    if c.shut is not None:
        return c.shut
    if c.world:
        return _NO_FACTS
    name = naming(c.control, said, to, now) if said.narrows else NEVER_DROPPED
    if _named(c, terms, name, to, membership, now):
        return _NO_FACTS
    fixed = c.own and item.statement.kind in NAMED_KINDS
    granted = _NO_FACTS if fixed else _granted(item, c, said, name, to, facts, membership, now)
    if granted and terms.onward < NEVER:
        return granted
    widened = _NO_FACTS if fixed else _widened(c, said, name, to, membership, now)
    if widened:
        return widened
    if granted:
        return Reason.ONWARD_NEVER
    if to not in terms.rel:
        return Reason.NOT_NAMED
    return Reason.NARROWED if name.dropped is not None else Reason.NOT_STANDING


def shut(terms: Terms, membership: Membership, now: Micros) -> Reason | None:
    """Return why a control admits nobody but its controller, whatever was granted: words, purposes or expiry."""
    if not terms.known or not terms.purposes_named <= membership.purposes:
        return Reason.UNKNOWN_WORD
    if terms.purposes is not None and not terms.purposes:
        return Reason.PURPOSE
    return Reason.EXPIRED if now >= terms.expires else None


def _named(c: Clause, terms: Terms, name: Naming, to: MemberId, membership: Membership, now: Micros) -> bool:
    """Return whether the marking, as narrowed, names a member who stands since then."""
    if name.dropped is not None:
        return False
    if to in terms.rel and membership.standing(to, c.issued, now):
        return True
    return bool(name.kept) and all(membership.standing(to, at, now) for at in name.kept)


def _since(at: Micros, name: Naming) -> bool:
    """Return whether something said at `at` came after the member was last dropped; at equal time narrow wins."""
    return name.dropped is None or at > name.dropped


def _widened(
    c: Clause, said: ControlFacts, name: Naming, to: MemberId, membership: Membership, now: Micros
) -> tuple[ItemId, ...]:
    """Return the controller's widenings that name a member who stands since they were signed."""
    return tuple(
        fact.id
        for fact in said.widens
        if fact.member == c.control.controller
        and to in fact.body.rel
        and _since(fact.at, name)
        and membership.standing(to, fact.begins, now)
    )


def _granted(
    item: Verified,
    c: Clause,
    said: ControlFacts,
    name: Naming,
    to: MemberId,
    facts: Facts,
    membership: Membership,
    now: Micros,
) -> tuple[ItemId, ...]:
    """Return the grants that stand for this item, this control and this member, with what gives them their force."""
    found: list[ItemId] = []
    for grant in _candidates(item, c, said, facts):
        force = _force(grant, c, membership)
        if force is not None and _open(grant, name, to, membership, now) and _not_dropped(grant, c, to, facts, now):
            found += (grant.id, *force)
    return tuple(found)


def _candidates(item: Verified, c: Clause, said: ControlFacts, facts: Facts) -> Iterable[Fact[Grant]]:
    """Yield the grants that cover this item under this control, whoever signed them.

    ITEM covers the item it names, under the control it names. FOLLOWING covers what its author says later and cites
    that item: under the control it names, and under the item's own control (where `_force` asks for its author).
    """
    for grant in said.grants:
        if _covers(grant, item):
            yield grant
    if c.own:
        for cited in cited_by(item):
            for grant in facts.following(cited):
                if grant.body.control != c.id and _covers(grant, item):
                    yield grant


def bearing_on(item: Verified, facts: Facts) -> tuple[AnyFact, ...]:
    """Return what is said about an item's controls, and the standing grants that follow what it cites."""
    said = [fact for c in item.controls for fact in facts.on(c.id).all]
    said += [cast(AnyFact, fact) for cited in cited_by(item) for fact in facts.following(cited)]
    return tuple({fact.id: fact for fact in said}.values())


def cited_by(item: Verified) -> tuple[ItemId, ...]:
    """Return the items that an item names."""
    return tuple(ItemId(cite.item) for cite in item.statement.cites if not isinstance(cite.item, UnsetType))


def _covers(grant: Fact[Grant], item: Verified) -> bool:
    body, statement = grant.body, item.statement
    if body.author != statement.member:
        return False
    if body.scope == "ITEM":
        return body.item == item.id
    return statement.at > grant.at and body.item in cited_by(item)


def _open(grant: Fact[Grant], name: Naming, to: MemberId, membership: Membership, now: Micros) -> bool:
    """Return whether a grant admits `to` now: begun, not over, not ended by a narrowing, and it stands since."""
    if grant.body.member != to or not _since(grant.at, name):
        return False
    over = grant.body.until is not None and now >= grant.body.until
    return not over and membership.standing(to, grant.begins, now)


def _not_dropped(grant: Fact[Grant], c: Clause, to: MemberId, facts: Facts, now: Micros) -> bool:
    """Return whether no narrowing of the control that the grant itself names has dropped the member since."""
    if grant.body.control == c.id:
        return True
    return not any(
        fact.member == grant.member and grant.at <= fact.at and fact.begins <= now and _drops(fact.body.marking.rel, to)
        for fact in facts.on(ControlId(grant.body.control)).narrows
    )


def _drops(rel: object, to: MemberId) -> bool:
    return isinstance(rel, tuple) and to not in rel


def _force(grant: Fact[Grant], c: Clause, membership: Membership) -> tuple[ItemId, ...] | None:
    """Return what gives a grant its force: nothing more if the controller signed it, or its delegation; else None."""
    controller = MemberId(c.control.controller)
    if not membership.active(grant.member, grant.begins):
        return None
    if grant.member == controller:
        return _NO_FACTS
    named = delegate_of(controller, c.said, membership, grant.begins)
    return (named.id,) if named is not None and named.body.delegate == grant.member else None


def delegate_of(controller: MemberId, said: ControlFacts, membership: Membership, at: Micros) -> Fact[Delegate] | None:
    """Return the last delegation by a controller that had left by `at`, made while it was a member."""
    if not membership.left(controller, at):
        return None
    named = [f for f in said.delegates if f.member == controller and f.begins <= at]
    valid = [f for f in named if membership.active(controller, f.begins)]
    return valid[-1] if valid else None
