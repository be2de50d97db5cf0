"""The clauses of a sentence, and which of them tell nothing: questions, hypotheticals, plans, exercises, memories.

A word that takes back reaches to the end of its clause; what begins a sentence reaches to the end of that.
"""

from typing import Final

from quartet.intake.events.negation import Range, answered
from quartet.intake.events.words import Hit, Reading

_ENDS: Final = frozenset(";:؛—–…")
_COMMA: Final = frozenset(",،")
_ASKS: Final = ("?", "؟")
_HEAD: Final = 3
"""A condition among so many first words of a clause rules all of the sentence that follows."""
MODAL_REACH: Final = 6
"""How many words a word such as `might` may stand before what it makes possible."""
MODAL_BEHIND: Final = 3
_NAME_WITHIN: Final = 2
_TASKS: Final = frozenset({"defence", "defense", "protection", "prevention"})
"""What a body may be for, and what elsewhere tells of something that did not happen."""


def clauses(reading: Reading) -> list[Range]:
    """Return the clauses of a sentence; together they hold every word."""
    edges = [at for at in range(1, len(reading.words)) if _begins(reading, at)]
    whole = zip([0, *edges], [*edges, len(reading.words)], strict=True)
    return [part for one in whole for part in _halves(reading, one)]


def _halves(reading: Reading, part: Range) -> list[Range]:
    """Return what somebody says and another's denial of it as two clauses."""
    at = answered(reading, part)
    return [part] if at is None else [(part[0], at), (at, part[1])]


def _begins(reading: Reading, at: int) -> bool:
    word, before = reading.words[at], reading.words[at - 1]
    if not word.before:
        return False
    if any(sign in _ENDS for sign in word.before):
        return not (word.number >= 0 and before.number >= 0)
    if "-" in word.before and word.start > before.end + 2:
        return not (word.number >= 0 or word.capital)
    return any(sign in _COMMA for sign in word.before) and _leads(reading, at)


def _leads(reading: Reading, at: int) -> bool:
    return reading.has("mark", "and", (at, at + 1)) or reading.has("mark", "if", (at, at + 1))


class Silence:
    """Which words of a sentence tell nothing that happened."""

    def __init__(self, reading: Reading, parts: list[Range], *, title: bool, dated: bool) -> None:
        self._reading = reading
        end = reading.span.end
        asks = any(mark in reading.text[max(reading.span.start, end - 3) : end] for mark in _ASKS)
        self.asks = asks
        self._unknown = reading.has("mark", "refuse") or reading.has("mark", "doubt")
        """Who asks whether it is so speaks of an event where somebody does not know or will not say."""
        self.whole = asks or self._taken_back(title=title, dated=dated)
        self._dead = [self._of(number, parts) for number in range(len(parts))] if not self.whole else []
        self._spread(parts)

    def _taken_back(self, *, title: bool, dated: bool) -> bool:
        has = self._reading.has
        if has("mark", "exercise") or has("mark", "correction"):
            return True
        return has("mark", "memory") and (title or not dated)

    def _of(self, number: int, parts: list[Range]) -> Range | None:
        start, end = parts[number]
        first = [*self._reading.hits("mark", "if", (start, end)), *self._reading.hits("mark", "ask", (start, end))]
        if self._unknown:
            behind = {at for name in ("refuse", "doubt") for hit in self._reading.hits("mark", name) for at in hit.own}
            asked = [
                hit.start for hit in first if hit.start >= start + _HEAD or hit.value == "ask" or hit.start in behind
            ]
            first = [hit for hit in first if hit.start not in asked]
        first += self._reading.hits("mark", "head", (start, start + 1))
        if not first:
            return None
        at = min(hit.start for hit in first)
        unreal = at < start + _HEAD or bool(self._modals((start, at)))
        return (start if unreal else at), end

    def _spread(self, parts: list[Range]) -> None:
        """Let a condition that begins a clause rule those that follow it up to a semicolon."""
        ruled = False
        for number, (start, end) in enumerate(parts):
            if ruled and not any(sign in ";؛" for sign in self._reading.words[start].before):
                self._dead[number : number + 1] = [(start, end)] if not self.whole else []
            dead = self._dead[number] if number < len(self._dead) else None
            ruled = dead is not None and dead[0] == start

    def over(self, start: int, end: int, part: Range) -> bool:
        """Return whether words of a clause tell nothing: something rules them, or they are only possible."""
        if self.whole or any(dead is not None and dead[0] < end and start < dead[1] for dead in self._dead):
            return True
        if self._reading.has("mark", "figure", part):
            return True
        reach = (max(part[0], start - MODAL_REACH), end)
        before = any(hit.end <= end for hit in self._modals(reach))
        behind = self._reading.has("mark", "modal_after", (end, min(part[1], end + MODAL_BEHIND)))
        return before or behind

    def _modals(self, reach: Range) -> list[Hit]:
        return [hit for hit in self._reading.hits("mark", "modal", reach) if not self._of_a_name(hit)]

    def _of_a_name(self, hit: Hit) -> bool:
        """Return whether a word is of a name, as in "Ministry of Defence": by its capital, or by a body beside it."""
        words, at = self._reading.words, hit.start
        if words[at].text in _TASKS and self._beside_a_body(at):
            return True
        if self._reading.loud or not words[at].capital:
            return False
        follows = at + 1 < len(words) and words[at + 1].capital and not words[at + 1].before
        return follows or (at > 0 and not words[at].before)

    def _beside_a_body(self, at: int) -> bool:
        before = max(0, at - _NAME_WITHIN)
        return self._reading.has("mark", "body", (before, at)) or self._reading.has("mark", "body", (at + 1, at + 2))
