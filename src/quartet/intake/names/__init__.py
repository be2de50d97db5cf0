"""Propose which known names a name may be, across scripts; nothing is ever merged.

The letters of each script stand for sounds; names are compared by them. An officer's aliases come before any likeness,
both ways. The name itself, if it is known, is always first. Any text gives an answer, in bounded time.
"""

import heapq
from collections.abc import Iterable
from typing import Final

from quartet.core.encoding import Value
from quartet.intake.names.aliases import Alias, Aliases, about
from quartet.intake.names.forms import MAX_LETTERS, MAX_WORDS, form
from quartet.intake.names.known import Known, known, near
from quartet.intake.names.likeness import Likeness, Why, likeness

__all__ = [
    "LIMIT",
    "MAX_LETTERS",
    "MAX_WORDS",
    "Alias",
    "Aliases",
    "Known",
    "Proposal",
    "Why",
    "known",
    "propose",
    "score",
]
LIMIT: Final = 5
LEAST: Final = 0.5
"""How alike a name must be to be proposed."""
_NOTHING_SAID: Final = Aliases()


class Proposal(Value, frozen=True):
    """A name that may be the one asked for: how alike, from 0 to 1, and why. It is for an officer to decide."""

    name: str
    score: float
    why: tuple[Why, ...]


def propose(
    query: str, candidates: Iterable[str] | Known, limit: int = LIMIT, aliases: Aliases = _NOTHING_SAID
) -> tuple[Proposal, ...]:
    """Return the likest of the names that are known, the likest first, then the nearest in length.

    Make many names ready once, with `known`, and ask that.
    """
    among = candidates if isinstance(candidates, Known) else known(candidates)
    asked = form(query)
    said = about(aliases, asked.key)
    numbers = {*near(asked, among), *(number for key in said.same for number in among.numbers.get(key, ()))}
    found: list[Proposal] = []
    for number in numbers:
        name, one = among.names[number], among.forms[number]
        if name == query:
            found.append(Proposal(name=name, score=1.0, why=(Why.SAME, *_beware(likeness(asked, one)))))
        elif one.key in said.same:
            found.append(Proposal(name=name, score=1.0, why=(Why.ALIAS, *_beware(likeness(asked, one)))))
        elif one.key not in said.other and (like := likeness(asked, one)).score >= LEAST:
            found.append(Proposal(name=name, score=like.score, why=like.why))
    return tuple(heapq.nsmallest(max(0, limit), found, key=lambda one: _order(one, query)))


def _order(one: Proposal, query: str) -> tuple[float, bool, int, str]:
    return -one.score, one.name != query, abs(len(one.name) - len(query)), one.name


def score(one: str, other: str) -> Likeness:
    """Return how alike two names are, and why: the same whichever comes first."""
    if one == other:
        return Likeness(1.0, (Why.SAME, *_beware(likeness(form(one), form(other)))))
    return likeness(form(one), form(other))


def _beware(like: Likeness) -> tuple[Why, ...]:
    return tuple(why for why in like.why if why in (Why.MIXED_SCRIPTS, Why.CUT))
