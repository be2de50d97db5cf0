"""Find the persons whom a sentence names, and tell who is named twice.

What only looks like a name (a place, a ship, a firm) is left out.
"""

from collections.abc import Sequence
from typing import Final

from quartet.intake.sayings.cased import cased
from quartet.intake.sayings.person import Person
from quartet.intake.sayings.uncased import uncased
from quartet.intake.sayings.words import Line
from quartet.intake.texts import Span

_SCRIPTLESS: Final = frozenset({"ar", "fa"})


def people(line: Line) -> tuple[Person, ...]:
    """Return the persons named in a sentence, in order; none overlap."""
    finder = uncased if line.language in _SCRIPTLESS else cased
    found, last = list[Person](), 0
    for one in finder(line):
        if one.start >= last:
            found.append(one)
            last = one.end
    return tuple(found)


def distinct(found: Sequence[tuple[str, Person]]) -> tuple[Span, ...]:
    """Return one place for each person: a surname alone and a name that is inflected stand for who was named before."""
    kept = list[tuple[tuple[str, ...], Span]]()
    for name, person in found:
        parts = tuple(_stem(part) for part in name.split())
        if not any(_same(parts, other) for other, _ in kept):
            kept.append((parts, person.place))
    return tuple(place for _, place in kept)


def _stem(part: str) -> str:
    """Return a part of a name without what its case ends with: only Russian names have one."""
    return part[: max(3, len(part) - 2)] if "а" <= part[:1] <= "я" else part


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not (_alike(one[-1], other[-1])):
        return False
    return len(one) == 1 or len(other) == 1 or all(_alike(a, b) for a, b in zip(one, other, strict=False))


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
