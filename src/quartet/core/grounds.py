"""Why a control admits a member, and why a grant admits nobody any more: the rule's answer, taken apart for people.

It decides nothing: `admission` does. Here its answer is only told in parts, to whoever may ask.
"""

from collections.abc import Iterator
from typing import Literal

from quartet.core.admission import admits, clause, delegate_of, shut
from quartet.core.control import Control
from quartet.core.encoding import Value
from quartet.core.facts import ControlFacts, Fact, Facts, Grant
from quartet.core.ids import ControlId, ItemId, MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.reasons import Reason
from quartet.core.terms import NEVER, Terms, naming, terms_at
from quartet.core.verify import Verified

GroundWord = Literal["controller", "world", "named", "facts"]
EndWord = Literal["late", "over", "not-standing", "narrowed", "onward-never", "expired", "void"]
"""Why a grant ended. `late`: it came on record too late to count; `void`: whoever signed it could not consent."""


class Ground(Value, frozen=True):
    """Why one control admits a member: `facts` names what was stated beside the marking, a grant or a widening."""

    control: ControlId
    controller: MemberId
    own: bool
    tlp: str
    by: GroundWord
    facts: tuple[ItemId, ...] = ()


def grounds(item: Verified, to: MemberId, facts: Facts, membership: Membership, now: Micros) -> Iterator[Ground]:
    """Yield why each control of an item admits a member; those that do not are left out."""
    for c in item.controls:
        said = clause(item, c, facts, membership, now)
        controller, own, tlp = MemberId(c.control.controller), c is item.own, c.control.marking.tlp
        if controller == to:
            yield Ground(c.id, controller, own, tlp, "controller")
            continue
        answer = admits(item, said, to, facts, membership, now)
        if isinstance(answer, Reason):
            continue
        by: GroundWord = "world" if said.world else "facts" if answer else "named"
        yield Ground(c.id, controller, own, tlp, by, answer)


def grant_ended(
    grant: Fact[Grant], control: Control, facts: Facts, membership: Membership, now: Micros
) -> EndWord | None:
    """Return why a grant admits nobody any more, whatever item it is asked for; None while it stands."""
    said = facts.on(ControlId(grant.body.control))
    terms = terms_at(control, said, now)
    if grant.id in facts.late:
        return "late"
    if not _consents(grant, control, said, membership):
        return "void"
    if grant.body.until is not None and now >= grant.body.until:
        return "over"
    if not membership.standing(MemberId(grant.body.member), grant.begins, now):
        return "not-standing"
    dropped = naming(control, said, MemberId(grant.body.member), now).dropped
    if dropped is not None and grant.at <= dropped:
        return "narrowed"
    return _closed(terms, membership, now)


def _consents(grant: Fact[Grant], control: Control, said: ControlFacts, membership: Membership) -> bool:
    controller = MemberId(control.controller)
    if not membership.active(grant.member, grant.begins):
        return False
    named = delegate_of(controller, said, membership, grant.begins)
    return grant.member == controller or (named is not None and named.body.delegate == grant.member)


def _closed(terms: Terms, membership: Membership, now: Micros) -> EndWord | None:
    if terms.onward >= NEVER:
        return "onward-never"
    return None if shut(terms, membership, now) is None else "expired"
