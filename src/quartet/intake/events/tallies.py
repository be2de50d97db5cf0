"""How many: the figures and the words of number in a clause, and whom or what they count.

A figure with nothing of the closed list beside it counts nothing. What a person suffered is said by the nearest word.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.events.numbers import Amount, Numbers
from quartet.intake.events.values import EventType, Tally, What
from quartet.intake.events.words import Hit, Reading
from quartet.intake.texts import Span

NOUN_WITHIN: Final = 4
"""How many words a figure and what it counts may be apart."""
HARM_WITHIN: Final = 10
_PARTED: Final = 4
_BY_TYPE: Final = {
    EventType.PROTEST: What.PRESENT,
    EventType.EVACUATION: What.EVACUATED,
    EventType.BOAT_DISTRESS: What.RESCUED,
}
_HOMES: Final = frozenset({EventType.POWER_CUT, EventType.WATER_CUT, EventType.COMMS_OUTAGE})


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
        numbers = Numbers(reading, spoken)
        self._numbers = numbers.words
        self._amounts = list(numbers.amounts())

    def told(self, within: tuple[int, int], kind: EventType | None) -> list[Tally]:
        """Return what the words from and to count, for an event of a type; each thing once, the first that is told."""
        made: dict[What, Tally] = {}
        for what, counted in self._counted(within, kind):
            span = self._reading.place(counted.start, counted.end)
            amount = counted.amount
            made.setdefault(what, Tally(what, amount.low, amount.high, amount.approx, span))
        for tally in (*self._duals(within, kind), *self._zeros(within), *self._alone(within)):
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

    def _nounless(
        self, amount: Amount, within: tuple[int, int], kind: EventType | None
    ) -> Iterator[tuple[What, Counted]]:
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
        counted = {
            at
            for one in self._within(within)
            if not self._only_article(one, within)
            for at in range(one.start, one.end + NOUN_WITHIN)
        }
        for hit in self._reading.hits("one", within=within):
            if hit.start in counted:
                continue
            what = self._suffered((hit.start, hit.end), within)
            if what is not None and what in _ONE_PERSON:
                start = hit.start - self._reading.has("place", "skip", (hit.start - 1, hit.start))
                yield Tally(what, 1, 1, False, self._reading.place(max(start, within[0]), hit.end))

    def _only_article(self, one: Amount, within: tuple[int, int]) -> bool:
        """Return whether a word of number is only the article of what follows: in French "un douanier"."""
        article = self._reading.has("amount", "article", (one.start, one.end))
        return article and self._noun(one, within) is None

    def _zeros(self, within: tuple[int, int]) -> Iterator[Tally]:
        for hit in self._reading.hits("zero", within=within):
            yield Tally(What(hit.value), 0, 0, False, self._reading.place(hit.start, hit.end))


_ONE_PERSON: Final = frozenset({What.INJURED, What.KILLED, What.MISSING, What.DETAINED, What.RESCUED, What.TRAPPED})


def _with_after(amount: Amount, hit: Hit) -> Amount:
    if hit.value == "least_after":
        return amount._replace(high=None)
    if hit.value == "most_after":
        return amount._replace(low=0, approx=False)
    return amount._replace(approx=True)


def spoken(reading: Reading, spans: tuple[Span, ...]) -> set[int]:
    """Return which words are dates, times or positions, and count nothing."""
    return {at for span in spans for at in range(reading.word_at(span.start), reading.word_at(span.end))}
