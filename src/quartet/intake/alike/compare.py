"""Whether two tellings may be of one event: type, days and place must all agree; figures speak for it or against it.

What is not told speaks for nothing: without a place that both know, nothing is offered. What contradicts is said.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from quartet.intake.alike.values import WARNS, Days, Figure, Pair, Told, Why
from quartet.intake.alike.words import consonants, near, place
from quartet.intake.events import Polarity
from quartet.intake.names import score
from quartet.intake.names.led import spelt

CALLED: Final = 0.8
"""From which likeness on two names of places, or of parts of them, are taken for one."""
WORD: Final = 0.87
"""The same of a single word in a text, where many more are compared."""
LITERAL: Final = 0.95
"""The same where no day of one is told: it is the name itself, or its other spelling."""
MIN_WORD: Final = 4
"""Letters that a place must have to be looked for in the words of a statement."""
MAX_WORDS: Final = 160
"""Words of a statement that are looked through for a place."""
MAX_LETTERS: Final = 2_000
"""Letters of a statement that are looked at."""
MAX_PLACES: Final = 4
FEW_DAYS: Final = timedelta(days=2)
"""From the first day to the last of an event whose days are told closely."""
_MISSED: Final = 2
"""Consonants that may differ of names that are compared by sound: an ending, or a small word written on."""
_ROUGH: Final = 0.2
"""By how much of itself a figure may be wrong that is told roughly."""


def alike(one: Told, other: Told) -> Pair | None:
    """Return why two may be one event, or None; the same whichever comes first."""
    first, second = sorted((one, other), key=lambda told: told.key)
    kind, when = _types(first, second), _when(first, second)
    if first.key == second.key or not _apart(first, second) or kind is None or when is None:
        return None
    where = _where(first, second, sure=when is Why.DAY_UNKNOWN)
    if where is None:
        return None
    beware = *_unplaced(first, second, where), *_denied(first, second)
    told = (kind, when, where, *_figures(first, second), *beware)
    if not _enough(kind, when, where, told):
        return None
    firm = kind is Why.TYPE and where in (Why.PLACE, Why.GRID) and _close(first) and _close(second)
    why = tuple(sorted(told, key=lambda reason: (reason in WARNS, list(Why).index(reason))))
    return Pair(first.key, second.key, why, firm=firm and when is not Why.DAY_UNKNOWN)


def comparable(one: Told, other: Told) -> bool:
    """Return whether type and days leave it open that two are one event: what is cheap to see, before places are."""
    return one.key != other.key and _apart(one, other) and bool(_types(one, other) and _when(one, other))


def _apart(one: Told, other: Told) -> bool:
    """Return whether two are told apart from each other: of one text, only those of different roots or polarity are."""
    return one.text != other.text or one.polarity is not other.polarity or one.root != other.root


def _types(one: Told, other: Told) -> Why | None:
    if one.type is other.type:
        return Why.TYPE
    return Why.NEAR_TYPE if near(one.type, other.type) else None


def _enough(kind: Why, when: Why, where: Why, told: tuple[Why, ...]) -> bool:
    """Return whether what agrees outweighs what is open.

    A near type needs days, and a place of its own name; without either, a figure that agrees or a denial.
    """
    open_day, loose = when is Why.DAY_UNKNOWN, where in (Why.PLACE_WORDS, Why.TEXT)
    if kind is Why.NEAR_TYPE:
        return not open_day and not loose and Why.COUNTS_DIFFER not in told
    if open_day and loose:
        return Why.COUNTS in told or Why.DENIED in told
    return not (Why.COUNTS_DIFFER in told and (open_day or loose))


# -- days


def _when(one: Told, other: Told) -> Why | None:
    mine, its = one.days, other.days
    if mine is None or its is None or not (_known(mine) and _known(its)):
        late = _later(mine, other.published) or _later(its, one.published)
        return None if late else Why.DAY_UNKNOWN
    if mine.first is None or its.first is None or mine.last is None or its.last is None:
        return Why.OPEN_YEAR if _open(mine, its) else None
    if (mine.first, mine.last) == (its.first, its.last):
        return Why.DAY
    return Why.DAYS if mine.first <= its.last and its.first <= mine.last else None


def _open(mine: Days, its: Days) -> bool:
    """Return whether one of the days that an open year may mean is within the other's."""
    return any(_within(day, its) for day in mine.candidates) or any(_within(day, mine) for day in its.candidates)


def _within(day: date, days: Days) -> bool:
    if days.first is None or days.last is None:
        return day in days.candidates
    return days.first <= day <= days.last


def _known(days: Days) -> bool:
    return (days.first is not None and days.last is not None) or bool(days.candidates)


def _later(days: Days | None, published: date | None) -> bool:
    """Return whether an event is of a day after that of a text, with a day between for the zones of the world."""
    return (
        days is not None
        and days.first is not None
        and published is not None
        and days.first > published + timedelta(days=1)
    )


def _close(told: Told) -> bool:
    days = told.days
    return days is not None and days.first is not None and days.last is not None and days.last - days.first <= FEW_DAYS


# -- places


def _where(one: Told, other: Told, *, sure: bool) -> Why | None:
    """Return how the places agree; the surest of all reasons. `sure`: nothing but a name counts, for no day is told."""
    if one.grid and "".join(one.grid.split()).casefold() == "".join(other.grid.split()).casefold():
        return Why.GRID
    found = {
        why
        for mine in one.places[:MAX_PLACES]
        for its in other.places[:MAX_PLACES]
        if (why := called(*sorted((mine, its)))) is not None
    }
    named = next((why for why in (Why.PLACE, Why.PLACE_PART) if why in found), None)
    if named is not None:
        return named
    least = LITERAL if sure else WORD
    said = any(_named(name, other.words, least) for name in one.places[:MAX_PLACES]) or any(
        _named(name, one.words, least) for name in other.places[:MAX_PLACES]
    )
    if said:
        return Why.PLACE_WORDS
    return Why.TEXT if one.text == other.text and _denied(one, other) and not (one.places and other.places) else None


def _unplaced(one: Told, other: Told, where: Why) -> tuple[Why, ...]:
    """Return what is open of places where only the words of a text tie them: an officer looks there herself."""
    if where not in (Why.PLACE_WORDS, Why.TEXT):
        return ()
    named = [any(place(name).rest for name in told.places) for told in (one, other)]
    if all(named):
        return (Why.PLACES_DIFFER,)
    return () if all(has or told.grid for has, told in zip(named, (one, other), strict=True)) else (Why.PLACE_UNKNOWN,)


@lru_cache(maxsize=4096)
def called(mine: str, its: str) -> Why | None:
    """Return whether two places are called alike, or the name of one is within the other's."""
    one, other = place(mine), place(its)
    if not one.rest or not other.rest:
        return None
    kinds = not (one.kinds and other.kinds) or bool(one.kinds & other.kinds)
    if one.rest == other.rest or score(" ".join(one.rest), " ".join(other.rest)).score >= CALLED:
        return Why.PLACE if kinds else Why.PLACE_PART
    few, many = sorted((one.rest, other.rest), key=len)
    within = len(few) < len(many) and all(any(_alike(word, its) for its in many) for word in few)
    return Why.PLACE_PART if within and max(map(len, few)) >= MIN_WORD else None


def _alike(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) >= MIN_WORD and score(word, other).score >= WORD)


@lru_cache(maxsize=4096)
def _named(name: str, words: str, least: float) -> bool:
    """Return whether a place is named in a statement, by a run of words as long as its own name."""
    rest = place(name).rest
    wanted = " ".join(rest)
    if not rest or len(wanted) < MIN_WORD:
        return False
    sounds = consonants(wanted)
    return any(
        run == rest or (_may(consonants(" ".join(run)), sounds) and score(" ".join(run), wanted).score >= least)
        for run in _runs(words, len(rest))
    )


def may_sound_alike(one: str, other: str) -> bool:
    """Return whether two names share so many consonants that they are worth comparing by sound."""
    return _may(consonants(one), consonants(other))


def _may(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two runs of consonants share so many that they are worth comparing by sound."""
    few, many = sorted((one, other), key=len)
    shared = sum(any(set(kind) & set(its) for its in many) for kind in few)
    return len(many) - len(few) <= _MISSED and len(few) - shared <= _MISSED and shared > 0


def _runs(words: str, length: int) -> Iterator[tuple[str, ...]]:
    said = _words(words)
    for at in range(len(said) - length + 1):
        run = said[at : at + length]
        if sum(map(len, run)) >= MIN_WORD:
            yield run


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    return spelt(text[:MAX_LETTERS])[:MAX_WORDS]


# -- figures, and what speaks against it


def _figures(one: Told, other: Told) -> tuple[Why, ...]:
    """Return whether figures of the same agree: of each kind some must."""
    kinds = {mine.what for mine in one.figures} & {its.what for its in other.figures}
    both = [(mine, its) for mine in one.figures for its in other.figures if mine.what is its.what]
    agreed = {mine.what for mine, its in both if _agree(mine, its)}
    if not kinds:
        return ()
    return (Why.COUNTS,) if agreed == kinds else (Why.COUNTS_DIFFER,)


def _agree(one: Figure, other: Figure) -> bool:
    low, high = _range(one)
    its_low, its_high = _range(other)
    return low <= its_high and its_low <= high


def _range(one: Figure) -> tuple[float, float]:
    rough = _ROUGH if one.approx else 0.0
    return one.low * (1 - rough), float("inf") if one.high is None else one.high * (1 + rough)


def _denied(one: Told, other: Told) -> tuple[Why, ...]:
    return (Why.DENIED,) if (one.polarity is Polarity.DENIES) != (other.polarity is Polarity.DENIES) else ()
