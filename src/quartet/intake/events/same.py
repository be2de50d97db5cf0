"""Say whether two statements may be of one event: of one day, at one place, with figures that do not contradict."""

from datetime import date
from typing import Final

from quartet.core.fold import fold
from quartet.intake.dates import Language
from quartet.intake.events.lexicon import lexicon
from quartet.intake.events.values import Happening, Tally, When, Where
from quartet.intake.events.words import Reading
from quartet.intake.texts import Span

_OF_NO_NAME: Final = ("site", "town", "region", "facility", "water", "of", "skip", "at", "near")
"""Words of a place that many places have: the village in "the village of Orm"."""


class Places:
    """The places of a text, by the words that only they have."""

    def __init__(self, text: str, language: Language | None) -> None:
        self._text = text
        self._language = language
        self._known: dict[Span, frozenset[str]] = {}

    def same(self, one: Happening, other: Happening) -> bool:
        """Return whether two events may be at one place: names that differ are of two, and so are two grids."""
        if one.grid is not None and other.grid is not None and one.grid.of(self._text) != other.grid.of(self._text):
            return False
        if one.place is None or other.place is None or not (one.place.named and other.place.named):
            return True
        first, second = self._name(one.place), self._name(other.place)
        return first <= second or second <= first

    def _name(self, place: Where) -> frozenset[str]:
        if place.span not in self._known:
            self._known[place.span] = self._own(place.span)
        return self._known[place.span]

    def _own(self, span: Span) -> frozenset[str]:
        """Return the words of a name without those that say what is called so; all of them where nothing is left."""
        if self._language is None:
            return frozenset(fold(span.of(self._text)).split())
        reading = Reading(self._text, span, lexicon(self._language))
        common = {at for name in _OF_NO_NAME for hit in reading.hits("place", name) for at in hit.own}
        own = [word.text for at, word in enumerate(reading.words) if at not in common]
        return frozenset(own or [word.text for word in reading.words])


def same_days(one: When | None, other: When | None) -> bool:
    """Return whether two events may be of one day."""
    if one is None or other is None:
        return True
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return one.candidates == other.candidates and one.year_open == other.year_open
    return _overlap((one.first, one.last), (other.first, other.last))


def _overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def same_counts(one: Happening, other: Happening) -> bool:
    """Return whether no figure of one event contradicts one of the other."""
    mine = {tally.what: tally for tally in one.counts}
    return all(meet(mine[tally.what], tally) for tally in other.counts if tally.what in mine)


def meet(one: Tally, other: Tally) -> bool:
    """Return whether two figures may be one."""
    return (one.high is None or other.low <= one.high) and (other.high is None or one.low <= other.high)
