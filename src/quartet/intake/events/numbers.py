"""Numbers in figures and in words, alone and in ranges, with the words that say how they are meant.

No number is taken from a date, a time or a position, from a name, or from a decimal fraction.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.events.words import Reading

MAX_COUNT: Final = 10_000_000
_MAX_PARTS: Final = 8
_MAX_LEAD: Final = 4
"""Words of the longest phrase that says how a number is meant."""
_PLENTY: Final = {"several": 2, "tens": 20, "hundreds": 200, "thousands": 2000}
_TEEN: Final = 20
_SIXTY: Final = 60
_SCORE: Final = 80


class Amount(NamedTuple):
    """A number as it is told, and the words that it takes."""

    low: int
    high: int | None
    approx: bool
    start: int
    end: int
    vague: bool = False


class Numbers:
    """The numbers of one sentence."""

    def __init__(self, reading: Reading, spoken: set[int]) -> None:
        self._reading = reading
        self._spoken = spoken
        self.words = {hit.start: hit for hit in reading.hits("number")}

    def amounts(self) -> Iterator[Amount]:
        """Yield the amounts in order; no two share a word."""
        at, last = 0, len(self._reading.words)
        while at < last:
            found = None if at in self._spoken else self._amount(at)
            if found is not None:
                yield self._led(found)
            at = at + 1 if found is None else max(found.end, at + 1)

    def _amount(self, at: int) -> Amount | None:
        plenty = self._plenty(at)
        if plenty is not None:
            return plenty
        first = self._number(at)
        if first is None:
            return None
        value, end = first
        second = self._second(value, end)
        if second is not None:
            return Amount(value, second[0], False, at, second[1])
        return Amount(value, value, False, at, end)

    def _plenty(self, at: int) -> Amount | None:
        for name, least in _PLENTY.items():
            hits = self._reading.hits("amount", name, (at, at + 1))
            if hits:
                return Amount(least, None, False, at, hits[0].end, vague=True)
        hits = self._reading.hits("amount", "round", (at, at + 1))
        if hits:
            inner = self._reading.hits("number", within=(hits[0].start, hits[0].end))
            return Amount(int(inner[-1].value), int(inner[-1].value), True, at, hits[0].end) if inner else None
        return None

    def _second(self, value: int, end: int) -> tuple[int, int] | None:
        """Return the upper number of a range that goes on behind the lower."""
        words = self._reading.words
        if end >= len(words):
            return None
        linked = self._reading.hits("amount", "and", (end, end + 1))
        dash = "-" in words[end].before or "–" in words[end].before
        place = linked[0].end if linked else end
        if place >= len(words) or place in self._spoken or (not linked and words[end].before and not dash):
            return None
        other = self._number(place)
        if other is None or other[0] <= value:
            return None
        close = linked or dash or (value >= 2 and other[0] - value <= max(2, value // 2))
        return other if close else None

    def _led(self, amount: Amount) -> Amount:
        """Return an amount with the words before it that say how it is meant."""
        names = ("between",) if amount.high != amount.low and not amount.vague else ("least", "over", "most", "about")
        for back in range(_MAX_LEAD, 0, -1):
            start = amount.start - back
            for name in names if start >= 0 else ():
                if any(hit.end == amount.start for hit in self._reading.hits("amount", name, (start, start + 1))):
                    return self._meant(amount, name, start)
        return amount

    def _meant(self, amount: Amount, name: str, start: int) -> Amount:
        high = amount.high
        if name == "between":
            return amount._replace(start=start)
        if name in ("least", "over"):
            return amount._replace(high=None, start=start)
        if name == "most":
            return amount._replace(low=0, high=high, approx=False, start=start)
        return amount._replace(approx=True, start=start)

    def _number(self, at: int) -> tuple[int, int] | None:
        """Return the number that begins at a word, and the word after it."""
        words = self._reading.words
        if at >= len(words) or at in self._spoken:
            return None
        if words[at].number >= 0:
            return self._digits(at)
        return self._spelt(at)

    def _digits(self, at: int) -> tuple[int, int] | None:
        words, value, end = self._reading.words, self._reading.words[at].number, at + 1
        while end < min(len(words), at + 3) and self._is_group(end, value):
            value, end = value * 1000 + words[end].number, end + 1
        if (
            end < len(words)
            and words[end].number >= 0
            and words[end].start == words[end - 1].end + 1
            and words[end].before
        ):
            return None
        if end < len(words) and end in self.words and self.words[end].value in ("1000", "1000000"):
            value, end = value * int(self.words[end].value), self.words[end].end
        glued = (
            at > 0 and words[at].start == words[at - 1].end and not self._reading.hits("amount", "and", (at - 1, at))
        )
        return None if glued or value > MAX_COUNT else (value, end)

    def _is_group(self, at: int, value: int) -> bool:
        words = self._reading.words
        three = words[at].end - words[at].start == 3 and words[at].number >= 0
        return (
            three
            and 0 < value < MAX_COUNT
            and words[at].start - words[at - 1].end == 1
            and words[at].before in ("", ",", "،", "٬")
        )

    def _spelt(self, at: int) -> tuple[int, int] | None:
        total, current, end, parts = 0, 0, at, 0
        if at and self._reading.words[at].capital and not self._reading.words[at].before and not self._reading.loud:
            return None  # a name has it, such as a street's or a quarry's
        while end in self.words and parts < _MAX_PARTS and end not in self._spoken:
            value = int(self.words[end].value)
            if parts and not self._follows(current, value, total):
                break
            total, current = _add(total, current, value)
            end, parts = self.words[end].end, parts + 1
            joined = self._reading.hits("amount", "plus", (end, end + 1))
            after = joined[0].end if joined else -1
            if after in self.words and self._follows(current, int(self.words[after].value), total):
                end = after
        return (total + current, end) if parts else None

    def _follows(self, current: int, value: int, total: int) -> bool:
        return _follows(current, value, total, units_first=self._reading.lexicon.clitics)


def _follows(current: int, value: int, total: int, *, units_first: bool) -> bool:
    """Return whether a word of number goes on the number before it: `two hundred`, `forty one`, not `two three`."""
    lower = current % 100
    if value >= 1000:
        return current > 0 and (total == 0 or value < total)
    if value == 100:
        return 0 < current < 10
    if value > 100:
        return current == 0
    if units_first and 0 < lower < 10 and (value == 10 or value >= _TEEN):
        return True
    if value >= _TEEN:
        return lower == 0 or (value == _TEEN and current == 4)
    if value >= 10:
        return lower in (0, _SIXTY, _SCORE)
    return lower == 0 or (lower >= _TEEN and lower % 10 == 0) or (lower % 20 == 10 and value >= 7)


def _add(total: int, current: int, value: int) -> tuple[int, int]:
    if value >= 1000:
        return total + max(current, 1) * value, 0
    if value == 100 and 0 < current < 10:
        return total, current * 100
    if value == _TEEN and current == 4:
        return total, _SCORE
    return total, current + value
