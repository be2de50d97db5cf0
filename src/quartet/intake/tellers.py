"""Tell of each place of a page who says it: so that no figure of one is put into the mouth of another."""

from bisect import bisect_left
from itertools import accumulate

from quartet.intake.events import Teller
from quartet.intake.names.led import alike_led
from quartet.intake.sayings import Confidence, Rule, Saying, Voice, governing, sayings
from quartet.intake.texts import Page, Span


class Tellers:
    """Who says what, for every place of a page, in time that does not grow with its length."""

    def __init__(self, page: Page) -> None:
        self._text = page.text
        self._found = sayings(page)
        self._starts = [one.span.start for one in self._found]
        self._furthest = list(accumulate((one.span.end for one in self._found), max))
        self._known: dict[Span, Teller | None] = {}

    def saying(self, span: Span) -> Saying:
        """Return what governs a place, as `governing` does."""
        last = bisect_left(self._starts, span.end)
        first = last
        while first and self._furthest[first - 1] > span.start:
            first -= 1
        return governing(self._found[first:last], span)

    def of(self, span: Span) -> Teller | None:
        """Return who says what stands at a place; None where it attributes nothing, and the page itself tells it."""
        if span not in self._known:
            self._known[span] = self._teller(self.saying(span))
        return self._known[span]

    def _teller(self, saying: Saying) -> Teller | None:
        if silent(saying) or saying.confidence is Confidence.INFERRED:
            return None
        told = (saying.speaker, saying.root, *saying.relays)
        names = tuple("" if one is None else alike_led(one.of(self._text)) for one in told)
        if saying.unnamed is not None or not any(names):
            blind = saying.unnamed or saying.span
            names = (*names, str(blind.start))  # whoever is not named is like nobody else: "a witness" may be another
        return Teller(names, doubts=saying.denies or saying.unsure)


def silent(saying: Saying) -> bool:
    """Return whether a sentence says of nobody that he says it, and of nothing that it was said."""
    told = saying.speaker or saying.root or saying.unnamed or saying.relays
    return not told and saying.voice is not Voice.QUOTED and saying.rule is not Rule.TOO_LONG
