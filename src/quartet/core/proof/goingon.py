"""Which log goes on once root took its key back: none that contradicts what a quorum may have on record. Pure.

A chain is the leaves behind what is on record beyond doubt. Each witness that answers says the longest that it
cosigned; one that does not answer may have cosigned any.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from quartet.core.proof.quorum import quorum

Chain = Sequence[bytes]
"""Leaves, from the first behind what is on record beyond doubt."""
K = TypeVar("K")


def goes_on(own: Chain, held: Sequence[Chain], witnesses: int) -> Chain | None:
    """Return the chain behind which the log goes on, ours before all others; None: more of `witnesses` must answer.

    (1) So many answered that no quorum is among the others, and (2) no chain that parts from the one returned can have
    a quorum for its first leaf behind the parting, with all who did not answer.
    """
    return goes_on_whoever_counted(own, dict(enumerate(held)), [range(witnesses)])


def goes_on_whoever_counted(own: Chain, told: Mapping[K, Chain], counted: Collection[Collection[K]]) -> Chain | None:
    """Return the chain behind which the log goes on whichever of some groups of witnesses counted meanwhile.

    While one of them was absent, fewer of the others made a record: no chain may have a quorum of any group.
    """
    groups = [([told[one] for one in group if one in told], len(group)) for group in counted]
    if any(_quorum_is_away(held, witnesses) for held, witnesses in groups):
        return None
    for chain in (own, *sorted(told.values(), key=len, reverse=True)):
        if all(_stands(chain, held, witnesses) for held, witnesses in groups):
            return chain
    return None


def _quorum_is_away(held: Sequence[Chain], witnesses: int) -> bool:
    away = witnesses - len(held)
    return away > 0 and away >= quorum(witnesses)


def _stands(chain: Chain, held: Sequence[Chain], witnesses: int) -> bool:
    """Return whether no chain that parts from one may have a quorum, with all who did not answer."""
    needed = quorum(witnesses) - (witnesses - len(held))
    return not any(_may_be_on_record(other, chain, held, needed) for other in held)


def _may_be_on_record(other: Chain, chain: Chain, held: Sequence[Chain], needed: int) -> bool:
    """Return whether so many hold the leaf at which another chain parts from one, or goes on behind its end."""
    at = common(other, chain)
    if at == len(other):
        return False
    return sum(common(one, other) > at for one in held) >= needed


def common(one: Chain, other: Chain) -> int:
    """Return how many leaves two chains begin with together."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))
