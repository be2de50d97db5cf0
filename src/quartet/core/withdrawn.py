"""What is still told of a warning in force that was taken back: that there was one, where, of what, and by whom.

Somebody may stand in the area: a warning that vanishes is worse than one that is wrong. Its words are told no more.
"""

from msgspec import structs

from quartet.core.encoding import Value
from quartet.core.facts import Facts
from quartet.core.ids import MemberId, Micros
from quartet.core.membership import Membership
from quartet.core.recall import standings
from quartet.core.release import Door, Viewer, Withheld, gateway, may_view
from quartet.core.verify import Verified
from quartet.core.warning import in_force_until


class Withdrawn(Value, frozen=True):
    """A warning that was taken back while it is in force: its area and hazard are still told, and `by` whom, when."""

    item: Verified
    by: tuple[MemberId, ...]
    at: Micros


def withdrawn(item: Verified, viewer: Viewer, facts: Facts, membership: Membership, now: Micros) -> Withdrawn | None:
    """Return what a person is told of a warning that was taken back: whoever could see it, while it is in force.

    None for what is no warning in force, for what was not taken back, and for who may not have it anyway.
    """
    told = _taken_back(item, facts, membership, now)
    if told is None:
        return None
    seen = may_view(item, viewer, _without_recalls(item, facts), membership, now, held=True)
    return None if isinstance(seen, Withheld) else told


def withdrawn_at(item: Verified, door: Door, facts: Facts, membership: Membership, now: Micros) -> Withdrawn | None:
    """Return that a warning was taken back which could pass a door to another system, while it is in force.

    None for what was not taken back, and for what may not pass there anyway.
    """
    told = _taken_back(item, facts, membership, now)
    if told is None:
        return None
    passed = gateway(item, door, _without_recalls(item, facts), membership, now, held=True)
    return None if isinstance(passed, Withheld) else told


def _taken_back(item: Verified, facts: Facts, membership: Membership, now: Micros) -> Withdrawn | None:
    until, taken = in_force_until(item, facts), standings(item, facts, membership.recall_delay)
    if until is None or now >= until or not taken:
        return None
    by = [fact for standing in taken for fact in standing.recalls]
    return Withdrawn(item=item, by=tuple(sorted({f.member for f in by})), at=Micros(max(f.at for f in by)))


def _without_recalls(item: Verified, facts: Facts) -> Facts:
    """Return the facts as they would be had nobody taken the item back."""
    for c in item.controls:
        said = structs.replace(facts.on(c.id), recalls=())
        facts = structs.replace(facts, controls=facts.controls.plus(c.id, said))
    return facts
