"""What two texts have in common: persons, bodies and places that are called alike, and days. A suggestion, no more.

A body that only says what it does ("the police") is another one elsewhere, and a day alone is shared by everything.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from quartet.core.encoding import Value
from quartet.core.fold import fold
from quartet.intake.alike import Days, Ties, Why, same_root
from quartet.intake.alike.compare import called, may_sound_alike
from quartet.intake.alike.reading import days
from quartet.intake.alike.words import body, place
from quartet.intake.kinds import Kind
from quartet.intake.names import Aliases, score
from quartet.intake.suggestions import suggest
from quartet.intake.texts import Page

MAX_NAMES: Final = 24
"""Names of a kind that are taken of one text, the first."""
PERSON: Final = 0.9
"""From which likeness on two persons' names are taken for one."""
MIN_NAME: Final = 4
"""Letters of a name that is compared by its sound."""


class Named(Value, frozen=True):
    """Whom and what a text names, as it spells them, and the days of what it tells."""

    persons: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    days: tuple[Days, ...] = ()


class Shared(Value, frozen=True, order=True):
    """What two texts have in common, as each spells it."""

    kind: Kind
    mine: str
    its: str


def named(page: Page, today: date | None = None) -> Named:
    """Return whom and what a page of a known language names."""
    found, text = suggest(page, today), page.text
    sayings = [read for one in found.suggestions for read in one.readings]
    happenings = [one.happening for one in found.suggestions]
    persons = _once(span.of(text) for span in found.mentioned)
    said = (span for one in sayings for span in (one.root, one.speaker, *one.relays) if span is not None)
    where = (one.place.span.of(text) for one in happenings if one.place is not None and one.place.named)
    told = dict.fromkeys(when for one in happenings if (when := days(one)) is not None and when.first is not None)
    return Named(
        persons=persons,
        bodies=_once(name for span in said if (name := span.of(text)) not in persons and body(name).rest),
        places=_once(name for name in where if place(name).rest),
        days=tuple(told)[:MAX_NAMES],
    )


def shared(mine: Named, its: Named, aliases: Aliases | None = None) -> tuple[Shared, ...]:
    """Return what two texts have in common; nothing where it is a day alone."""
    ties = Ties(aliases or Aliases())
    found = [
        *_common("person", mine.persons, its.persons, lambda one, other: _person(one, other, ties)),
        *_common("body", mine.bodies, its.bodies, lambda one, other: same_root(one, other, ties)),
        *_common("place", mine.places, its.places, lambda one, other: called(one, other) is Why.PLACE),
    ]
    same = [(one, other) for one in mine.days for other in its.days if _meet(one, other)][:1] if found else []
    return tuple(sorted([*found, *(Shared("day", _said(one), _said(other)) for one, other in same)]))


def _common(kind: Kind, mine: tuple[str, ...], its: tuple[str, ...], alike: Callable[[str, str], bool]) -> list[Shared]:
    """Return each name of one text once, with the first of the other's that is like it."""
    pairs = ((one, next((other for other in its if alike(*sorted((one, other)))), None)) for one in mine)
    return [Shared(kind, one, other) for one, other in pairs if other is not None]


def _person(one: str, other: str, ties: Ties) -> bool:
    said = ties.said(one, other)
    if said is not None:
        return said
    if fold(one) == fold(other):
        return True
    return min(len(one), len(other)) >= MIN_NAME and may_sound_alike(one, other) and score(one, other).score >= PERSON


def _meet(one: Days, other: Days) -> bool:
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _said(one: Days) -> str:
    return f"{one.first}" if one.first == one.last else f"{one.first}/{one.last}"


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MAX_NAMES]
