"""How many knew an event first, at most, by their names: two that may be one are counted once.

That two names differ shows nothing of whether one has it from the other. An officer's word on two names comes before
any likeness, and nothing is concluded from two of her words.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Final

from quartet.intake.alike.cliques import Cliques, components
from quartet.intake.alike.words import body
from quartet.intake.names import Aliases, score
from quartet.intake.names.led import led

SAME: Final = 0.85
"""From which likeness on two names of roots are taken for one."""
WHOLE: Final = 0.9
"""The same for whole names, where only one says what the body does."""
MAX_SPELLINGS: Final = 16
"""Names that hang together by likeness and are looked at together; of more, each is counted."""


class Ties:
    """What officers said of names, made ready to be asked."""

    def __init__(self, aliases: Aliases) -> None:
        self._said = {(led(one.first), led(one.second)): one.same for one in aliases.pairs}

    def said(self, one: str, other: str) -> bool | None:
        """Return what was said of two names, articles aside: that they are one, or not; None where nothing was."""
        mine, its = led(one), led(other)
        found = self._said.get((mine, its))
        return self._said.get((its, mine)) if found is None else found


def same_root(one: str, other: str, ties: Ties) -> bool:
    """Return whether two names may be of one root; the same whichever comes first."""
    first, second = sorted((one, other))
    if (said := ties.said(first, second)) is not None:
        return said
    mine, its = body(first), body(second)
    if mine == its:
        return True
    if mine.roles or its.roles:
        return _bodies(first, second)
    if mine.kinds and its.kinds and not mine.kinds & its.kinds:
        return False
    return score(" ".join(mine.rest), " ".join(its.rest)).score >= SAME


def _bodies(one: str, other: str) -> bool:
    """Return the same for names of which at least one says what the body does."""
    mine, its = body(one), body(other)
    if not (mine.roles and its.roles):
        return score(one, other).score >= WHOLE
    if not mine.roles & its.roles:
        return False
    return not (mine.rest and its.rest) or score(" ".join(mine.rest), " ".join(its.rest)).score >= SAME


def at_most(names: Iterable[str], ties: Ties) -> int:
    """Return how many roots some names are at most: the most of them of which no two may be one.

    Another name never lowers it: of those that are told apart before, none is joined by one that is like both.
    """
    kept = sorted(set(names))
    like = [pair for pair in combinations(kept, 2) if same_root(*pair, ties)]
    return sum(_most(part, set(like)) for part in components(kept, like))


def _most(part: tuple[str, ...], like: set[tuple[str, str]]) -> int:
    if len(part) > MAX_SPELLINGS:
        return len(part)
    unlike = {one: {other for other in part if other != one and _pair(one, other) not in like} for one in part}
    return max(map(len, Cliques(unlike, 1 << len(part)).found))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
