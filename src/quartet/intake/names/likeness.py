"""How alike two names are, from 0 to 1, and why: symmetric, and the same for the same names always.

Letters are aligned at the least cost, by sound. A name is compared whole, so that joined words and particles do not
matter, and word by word, so that their order, initials and a left-out patronymic do not either.
"""

from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

from quartet.intake.names.forms import Form, Run, Word, run_of
from quartet.intake.names.sounds import Scale
from quartet.intake.names.spelt import tables

BAND: Final = 8
"""How many letters an alignment may be ahead on one side, beyond what the lengths differ by."""
SURE: Final = 0.86
"""From where on the words are not compared one by one as well."""
_LEFT_OUT: Final = 0.45
"""How much a word counts that one name has beyond the other: a patronymic, a second surname, a title."""
_MOVED: Final = 0.02
_INITIAL: Final = 0.8
_TRANSLATED: Final = 0.98
_NO_KIND: Final = 0.92
_OTHER_KIND: Final = 0.8
"""How much is left of a likeness where the kind of place or body is translated, told by one name alone, another."""
_WORD: Final = 0.5
"""How alike two words must be to be taken for one word."""


class Why(StrEnum):
    """What speaks for a proposal, and what to beware of."""

    SAME = "same"
    """It is the name itself, letter by letter."""
    SPELLING = "spelling"
    """Only case, marks, joiners and variants of one letter differ."""
    ALIAS = "alias"
    """An officer said that the two are the same."""
    SOUND = "sound"
    """It sounds alike."""
    WORDS = "words"
    """Its words do, in another order or not all of them."""
    INITIAL = "initial"
    """A word of one is only an initial in the other."""
    MIXED_SCRIPTS = "mixed-scripts"
    """One of the names mixes letters of several scripts, which may look like another name."""
    CUT = "cut"
    """One of the names is longer than is compared."""


class Likeness(NamedTuple):
    """How alike two names are, and why."""

    score: float
    why: tuple[Why, ...]


def likeness(one: Form, other: Form) -> Likeness:
    """Return how alike two names are by their letters; 1 is for the same name alone."""
    first, second = sorted((one, other), key=lambda form: (form.key, form.whole.letters))
    beware = _beware(first, second)
    if first.key == second.key and first.key and not first.cut:
        return Likeness(0.999, (Why.SPELLING, *beware))
    loose = first.loose or second.loose
    whole = _whole(first, second, loose)
    alone = len(first.words) == len(second.words) == 1
    worded, why = (0.0, Why.WORDS) if whole >= SURE or alone else _worded(first.words, second.words, loose)
    best, reason = (worded, why) if worded > whole else (whole, Why.SOUND)
    return Likeness(min(best, 0.99), (reason, *beware))


def _beware(one: Form, other: Form) -> tuple[Why, ...]:
    mixed = (Why.MIXED_SCRIPTS,) if one.mixed or other.mixed else ()
    return (*mixed, Why.CUT) if one.cut or other.cut else mixed


def _whole(one: Form, other: Form, loose: bool) -> float:
    spelt = alike(one.whole, other.whole, loose=loose)
    if not one.kinds and not other.kinds:
        return spelt
    factor = _TRANSLATED if one.kinds & other.kinds else _OTHER_KIND if one.kinds and other.kinds else _NO_KIND
    return max(spelt, factor * alike(one.core, other.core, loose=loose))


class _Pair(NamedTuple):
    score: float
    first: int
    second: int
    initial: bool


def _worded(one: tuple[Word, ...], other: tuple[Word, ...], loose: bool) -> tuple[float, Why]:
    """Return how alike two names are word by word, each word taken once, the likest pair first."""
    pairs = [_pair(a, b, i, j, loose) for i, a in enumerate(one) for j, b in enumerate(other)]
    taken: list[_Pair] = []
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second)):
        if pair.score >= _WORD and all(pair.first != t.first and pair.second != t.second for t in taken):
            taken.append(pair)
    return _told(one, other, taken)


def _pair(one: Word, other: Word, first: int, second: int, loose: bool) -> _Pair:
    spelt = alike(one.run, other.run, loose=loose)
    if one.kind and one.kind == other.kind:
        return _Pair(max(_TRANSLATED, spelt), first, second, False)
    if one.initial != other.initial and not (one.particle or other.particle):
        score = _INITIAL * alike(run_of(one.run.letters[:1]), run_of(other.run.letters[:1]), loose=loose)
        return _Pair(score if score > _WORD else 0.0, first, second, True)
    return _Pair(spelt, first, second, False)


def _told(one: tuple[Word, ...], other: tuple[Word, ...], taken: list[_Pair]) -> tuple[float, Why]:
    got = sum(t.score * (one[t.first].run.full + other[t.second].run.full) for t in taken)
    paired = sum(one[t.first].run.full + other[t.second].run.full for t in taken)
    left = [_lost(one, {t.first for t in taken}), _lost(other, {t.second for t in taken})]
    small, large = sorted(left)
    if not paired or all(t.initial for t in taken):
        return 0.0, Why.WORDS
    moved = sorted(taken, key=lambda t: t.first) != sorted(taken, key=lambda t: t.second)
    score = got / (paired + large * _LEFT_OUT + small * 2) - (_MOVED if moved else 0.0)
    return max(0.0, score), Why.INITIAL if any(t.initial for t in taken) else Why.WORDS


def _lost(words: tuple[Word, ...], kept: set[int]) -> float:
    return sum(word.run.full for at, word in enumerate(words) if at not in kept)


def alike(one: Run, other: Run, *, loose: bool) -> float:
    """Return how alike two runs of letters sound: 1 less what it costs to read one as the other, by their weight."""
    weight = one.loose + other.loose if loose else one.full + other.full
    if not weight:
        return 0.0
    scale = tables().sounds.loose if loose else tables().sounds.full
    return max(0.0, 1.0 - 2.0 * _cost(one, other, scale) / weight)


def _cost(one: Run, other: Run, scale: Scale) -> float:
    """Return the least cost of an alignment: letter for letter, one left out, or two of one for one of the other."""
    apart, missing = scale
    lost_of = [missing[letter] for letter in other.letters]
    columns = list(zip(range(1, len(lost_of) + 1), other.letters, lost_of, other.together, strict=True))
    reach = BAND + abs(len(one.letters) - len(lost_of))
    before: list[float] = []
    row = [0.0, *accumulate(lost_of)]
    for i, (letter, joined) in enumerate(zip(one.letters, one.together, strict=True), start=1):
        costs, lost = apart[letter], missing[letter]
        both_of = apart[joined]
        this = [_FAR] * len(row)
        this[0] = row[0] + lost
        for j, b, gone, whole in columns[max(0, i - reach - 1) : i + reach]:
            best = row[j - 1] + costs[b]
            if (skipped := row[j] + lost) < best:
                best = skipped
            if (skipped := this[j - 1] + gone) < best:
                best = skipped
            if joined >= 0 and (both := before[j - 1] + both_of[b]) < best:
                best = both
            if whole >= 0 and (both := row[j - 2] + costs[whole]) < best:
                best = both
            this[j] = best
        before, row = row, this
    return row[-1]


_FAR: Final = 1e9
"""What no alignment costs."""
