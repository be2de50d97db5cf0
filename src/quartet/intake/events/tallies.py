"""How many: the figures and the words of number in a clause, and whom or what they count.

A figure with nothing of the closed list beside it counts nothing. What a person suffered is said by the nearest word.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.events.values import EventType, Tally, What
from quartet.intake.events.words import Hit, Reading
from quartet.intake.texts import Span

NOUN_WITHIN: Final = 4
"""How many words a figure and what it counts may be apart."""
HARM_WITHIN: Final = 10
_PARTED: Final = 4
MAX_COUNT: Final = 10_000_000
_MAX_PARTS: Final = 8
_MAX_LEAD: Final = 4
"""Words of the longest phrase that says how a number is meant."""
_BY_TYPE: Final = {
    EventType.PROTEST: What.PRESENT,
    EventType.EVACUATION: What.EVACUATED,
    EventType.BOAT_DISTRESS: What.RESCUED,
}
_HOMES: Final = frozenset({EventType.POWER_CUT, EventType.WATER_CUT, EventType.COMMS_OUTAGE})
_PLENTY: Final = {"several": 2, "tens": 20, "hundreds": 200, "thousands": 2000}
_TEEN: Final = 20
_SCORE: Final = 80
_SIXTY: Final = 60


class Amount(NamedTuple):
    """A number as it is told, and the words that it takes."""

    low: int
    high: int | None
    approx: bool
    start: int
    end: int
    vague: bool = False


class Counted(NamedTuple):
    """An amount and the noun that says of what; `what` is None for persons until it is known what they suffered."""

    amount: Amount
    noun: Hit | None
    start: int
    end: int


class Tallies:
    """The amounts of one sentence."""

    def __init__(self, reading: Reading, spoken: set[int], language: Language) -> None:
        self._reading = reading
        self._language = language
        self._spoken = spoken
        self._numbers = {hit.start: hit for hit in reading.hits("number")}
        self._amounts = list(self._all())

    def told(self, within: tuple[int, int], kind: EventType | None) -> list[Tally]:
        """Return what the words from and to count, for an event of a type; each thing once, the first that is told."""
        made: dict[What, Tally] = {}
        for what, counted in self._counted(within, kind):
            span = self._reading.place(counted.start, counted.end)
            amount = counted.amount
            made.setdefault(what, Tally(what, amount.low, amount.high, amount.approx, span))
        for tally in (*self._duals(within, kind), *self._alone(within), *self._zeros(within)):
            made.setdefault(tally.what, tally)
        return list(made.values())

    def bare(self, within: tuple[int, int], what: What) -> Tally | None:
        """Return the first figure that has no noun, of something that was just spoken of."""
        for amount in self._within(within):
            if self._noun(amount, within) is None and not amount.vague:
                return Tally(
                    what, amount.low, amount.high, amount.approx, self._reading.place(amount.start, amount.end)
                )
        return None

    def _within(self, within: tuple[int, int]) -> Iterator[Amount]:
        return (one for one in self._amounts if within[0] <= one.start and one.end <= within[1])

    def _counted(self, within: tuple[int, int], kind: EventType | None) -> Iterator[tuple[What, Counted]]:
        for amount in self._within(within):
            noun = self._noun(amount, within)
            if noun is None:
                yield from self._nounless(amount, within, kind)
                continue
            what = self._what(noun, (min(amount.start, noun.start), max(amount.end, noun.end)), within, kind)
            if what is not None:
                yield what, self._worded(amount, noun)

    def _nounless(self, amount: Amount, within: tuple[int, int], kind: EventType | None) -> Iterator[tuple[What, Counted]]:
        """Yield a figure right behind a word of harm, `injuring at least six`, and a crowd of whomever."""
        harmed = self._reading.hits("harm", within=(max(within[0], amount.start - 2), amount.start))
        follows = self._reading.hits("noun", within=(amount.end, amount.end + 2))
        if harmed and harmed[-1].end == amount.start and not follows and not amount.vague:
            yield What(harmed[-1].value), Counted(amount, None, amount.start, amount.end)
        elif kind is EventType.PROTEST and not follows and self._led_by_a_crowd(amount, within):
            yield What.PRESENT, Counted(amount, None, amount.start, amount.end + 1)

    def _led_by_a_crowd(self, amount: Amount, within: tuple[int, int]) -> bool:
        near = (max(within[0], amount.start - 3), min(within[1], amount.end + 3))
        whole = amount.end < within[1] and not self._breaks(amount.end) and self._reading.words[amount.end].number < 0
        return whole and amount.end not in self._spoken and self._reading.has("harm", What.PRESENT.value, near)

    def _worded(self, amount: Amount, noun: Hit) -> Counted:
        few = amount.low == amount.high and noun.end == amount.start and amount.low in (1, 2)
        start = noun.start if few else amount.start
        end = max(amount.end, noun.end)
        after = self._after(end)
        if after is not None:
            amount, end = _with_after(amount, after), after.end
        return Counted(amount, noun, start, end)

    def _after(self, at: int) -> Hit | None:
        """Return the words behind that make it a limit: `or more`, `au plus`, `على الأقل`."""
        for name in ("least_after", "most_after", "about_after"):
            hits = self._reading.hits("amount", name, (at, at + 1))
            if hits and not self._breaks(at):
                return hits[0]
        return None

    def _breaks(self, at: int) -> bool:
        return at < len(self._reading.words) and any(sign in ".;:,؛،()" for sign in self._reading.words[at].before)

    def _noun(self, amount: Amount, within: tuple[int, int]) -> Hit | None:
        limit = amount.end
        while limit < min(within[1], amount.end + NOUN_WITHIN) and not (self._breaks(limit) and limit > amount.end):
            if limit > amount.end and limit in self._numbers and limit not in self._spoken:
                break
            limit += 1
        if self._breaks(amount.end):
            limit = amount.end
        nouns = self._reading.hits("noun", within=(amount.end, limit)) or self._reading.hits(
            "noun", within=(amount.start, amount.end)
        )
        if not nouns:
            return self._noun_before(amount, within)
        first = min(nouns, key=lambda hit: (hit.start, -hit.end, hit.value == "person"))
        return None if first.value == "unit" or self._is_no_number(amount, first, within) else first

    def _is_no_number(self, amount: Amount, noun: Hit, within: tuple[int, int]) -> bool:
        """Return whether `one` is an article, or of `no one`, and counts nothing."""
        if (amount.low, amount.high) != (1, 1) or self._reading.words[amount.start].number >= 0:
            return False
        article = self._reading.has("amount", "article", (amount.start, amount.end))
        counted = noun.value in ("person", "hectares") or noun.value in _ONE_PERSON
        nobody = self._reading.has("mark", "not", (max(within[0], amount.start - 1), amount.start))
        return nobody or noun.start > amount.end + 1 or (article and not counted)

    def _noun_before(self, amount: Amount, within: tuple[int, int]) -> Hit | None:
        """`عدد المصابين سبعة`: the noun stands first where a word of number leads it."""
        nouns = self._reading.hits("noun", within=(max(within[0], amount.start - 3), amount.start))
        for noun in nouns:
            few = self._reading.lexicon.clitics and amount.low == amount.high and amount.low in (1, 2)
            if few and noun.end == amount.start and noun.value != "unit":
                return noun
            if noun.value != "unit" and self._reading.hits("amount", "sum", (max(0, noun.start - 1), noun.start)):
                return noun
        return None

    def _what(self, noun: Hit, words: tuple[int, int], within: tuple[int, int], kind: EventType | None) -> What | None:
        if noun.value == "house":
            return What.HOUSEHOLDS if kind in _HOMES else What.BUILDINGS
        if noun.value != "person":
            return What(noun.value)
        return self._suffered(words, within) or (None if kind is None else _BY_TYPE.get(kind))

    def _suffered(self, words: tuple[int, int], within: tuple[int, int]) -> What | None:
        """Return what the nearest word says that these persons suffered."""
        near = (max(within[0], words[0] - HARM_WITHIN), min(within[1], words[1] + HARM_WITHIN))
        hits = [hit for hit in self._reading.hits("harm", within=near) if not self._denied(hit, within)]
        verb_last = self._language == "fa"
        far = [(self._far(hit, words), (hit.start < words[0]) == verb_last, hit.value) for hit in hits]
        return What(min(far)[2]) if far else None

    def _far(self, hit: Hit, words: tuple[int, int]) -> int:
        """Return how far a word stands from what is counted; what is behind an `and` is another's."""
        between = (hit.end, words[0]) if hit.start < words[0] else (words[1], hit.start)
        parted = self._reading.has("mark", "and", between) or bool(self._reading.hits("amount", "and", between))
        parted = parted or any(self._breaks(at) for at in range(between[0], between[1] + 1))
        first = self._reading.words[hit.start if hit.start >= words[1] else words[0]]
        led = self._reading.lexicon.clitics and first.text[0] in "وف" and len(first.forms) > 1
        return max(between[1] - between[0], 0) + _PARTED * (parted or led)

    def _denied(self, hit: Hit, within: tuple[int, int]) -> bool:
        return self._reading.has("mark", "not", (max(within[0], hit.start - 2), hit.start))

    def _duals(self, within: tuple[int, int], kind: EventType | None) -> Iterator[Tally]:
        for hit in self._reading.hits("dual", within=within):
            if (
                any(one.start <= hit.start < one.end + NOUN_WITHIN for one in self._within(within))
                or hit.start in self._spoken
            ):
                continue
            what = self._what(hit, (hit.start, hit.end), within, kind)
            if what is not None:
                yield Tally(what, 2, 2, False, self._reading.place(hit.start, hit.end))

    def _alone(self, within: tuple[int, int]) -> Iterator[Tally]:
        """Yield one person with nothing but an article who is hurt, killed, missing, held or saved."""
        counted = {at for one in self._within(within) for at in range(one.start, one.end + NOUN_WITHIN)}
        for hit in self._reading.hits("one", within=within):
            if hit.start in counted:
                continue
            what = self._suffered((hit.start, hit.end), within)
            if what is not None and what in _ONE_PERSON:
                start = hit.start - self._reading.has("place", "skip", (hit.start - 1, hit.start))
                yield Tally(what, 1, 1, False, self._reading.place(max(start, within[0]), hit.end))

    def _zeros(self, within: tuple[int, int]) -> Iterator[Tally]:
        for hit in self._reading.hits("zero", within=within):
            yield Tally(What(hit.value), 0, 0, False, self._reading.place(hit.start, hit.end))

    def _all(self) -> Iterator[Amount]:
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
        if end < len(words) and end in self._numbers and self._numbers[end].value in ("1000", "1000000"):
            value, end = value * int(self._numbers[end].value), self._numbers[end].end
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
        while end in self._numbers and parts < _MAX_PARTS and end not in self._spoken:
            value = int(self._numbers[end].value)
            if parts and not self._follows(current, value, total):
                break
            total, current = _add(total, current, value)
            end, parts = self._numbers[end].end, parts + 1
            joined = self._reading.hits("amount", "plus", (end, end + 1))
            after = joined[0].end if joined else -1
            if after in self._numbers and self._follows(current, int(self._numbers[after].value), total):
                end = after
        return (total + current, end) if parts else None

    def _follows(self, current: int, value: int, total: int) -> bool:
        return _follows(current, value, total, units_first=self._reading.lexicon.clitics)


_ONE_PERSON: Final = frozenset({What.INJURED, What.KILLED, What.MISSING, What.DETAINED, What.RESCUED, What.TRAPPED})


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


def _with_after(amount: Amount, hit: Hit) -> Amount:
    if hit.value == "least_after":
        return amount._replace(high=None)
    if hit.value == "most_after":
        return amount._replace(low=0, approx=False)
    return amount._replace(approx=True)


def spoken(reading: Reading, spans: tuple[Span, ...]) -> set[int]:
    """Return which words are dates, times or positions, and count nothing."""
    return {at for span in spans for at in range(reading.word_at(span.start), reading.word_at(span.end))}
