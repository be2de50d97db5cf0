"""Where an event was: the smallest named place of its clause, or the words that say where; nothing is looked up.

In scripts with capitals a name begins with one; in Arabic and Persian a name is what follows a noun of place, up to the
next word that no name has.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.events.values import Where
from quartet.intake.events.words import Hit, Reading
from quartet.intake.texts import Span

MAX_NAME: Final = 6
"""Words of one name."""
_MAX_BARE: Final = 3
"""Words of a name in a script without capitals."""
_BODY_WITHIN: Final = 2
_CLITIC_LEFT: Final = 4
_ARTICLE: Final = re.compile(r"[وف]?(?:[بك]?ال|لل)\w\w")


_MEDIA: Final = frozenset({"post", "times", "herald", "gazette", "tribune", "chronicle", "observer", "beacon"})
_AT_A_PLACE: Final = frozenset({"at", "near", "outside", "opposite", "behind", "towards", "around", "beyond"})
"""Where these lead to a name that a newspaper may have, it is of a place."""
_CHANNELS: Final = frozenset({"قناة", "القناة", "قناه", "القناه", "کانال"})
_IN_OR_NEAR: Final = frozenset({"في", "فی", "الی", "قرب", "عند", "بجوار", "محیط", "ضفة", "ضفه", "در", "نزدیک", "کنار"})


class _Found(NamedTuple):
    """A place among the words, with how small it is: the lowest rank is the smallest."""

    rank: int
    start: int
    end: int
    named: bool
    rule: str


_SIZES: Final = {"site": 0, "town": 2, "facility": 3, "water": 3, "region": 4}
_BARE_NAME: Final = 2
_NEAR: Final = 1
_NO_PREPOSITION: Final = 5
_UNNAMED: Final = 10


def where(
    reading: Reading, within: tuple[int, int], cue: Span, language: Language, taken: tuple[Span, ...]
) -> Where | None:
    """Return the place that the words from and to tell, or None; `taken` are words that are dates or positions."""
    spoken = {at for span in taken for at in _covered(reading, span)}
    find = (
        _Cased(reading, spoken, name_first=language in {"en", "ru"})
        if language in {"en", "fr", "ru"}
        else _Uncased(reading, spoken)
    )
    of_cue = set(_covered(reading, cue))
    found = [one for one in find.places(within) if one.end <= within[1] and (one.named or one.start not in of_cue)]
    if not found:
        return None
    best = min(found, key=lambda one: (one.rank, _far(reading, one, cue), one.start))
    return Where(reading.place(best.start, best.end), best.named, best.rule)


def _covered(reading: Reading, span: Span) -> range:
    return range(reading.word_at(span.start), reading.word_at(span.end))


def _far(reading: Reading, one: _Found, cue: Span) -> int:
    place = reading.place(one.start, one.end)
    return max(place.start - cue.end, cue.start - place.end, 0)


class _Finder:
    """What both kinds of script share: which words are what."""

    def __init__(self, reading: Reading, spoken: set[int]) -> None:
        self.reading, self.words, self.spoken = reading, reading.words, spoken
        self.sites = {hit.start: hit for size in _SIZES for hit in reading.hits("place", size)}
        links = _covering(reading.hits("place", "of"))
        self.links = frozenset(self.words[at].text for at in links)
        self.skips = _covering(reading.hits("place", "skip"))
        self.stops = _covering(
            [
                hit
                for name in ("stop", "speech", "and", "not", "cause", "adjective")
                for hit in reading.hits("mark", name)
            ]
        )
        said = [hit for label in ("told", "named", "undone", "verb", "zero", "one") for hit in reading.hits(label)]
        self.cues = {at for hit in said for at in hit.own}
        self.cues |= _covering([hit for label in ("harm", "number", "amount") for hit in reading.hits(label)])

    def of_a_body(self, at: int) -> bool:
        """Return whether a noun of place stands in the name of a body: `شركة نور الخور`, `company of the bay`."""
        hits = self.reading.hits("mark", "body", (max(0, at - _BODY_WITHIN), at))
        return bool(hits) and not any(place in self.cues for place in range(hits[-1].end, at))

    def prepositions(self, within: tuple[int, int]) -> Iterator[tuple[Hit, int]]:
        """Yield the words that say where, with what they add to the rank."""
        near = self.reading.hits("place", "near", within)
        at = self.reading.hits("place", "at", within)
        taken = {(hit.start, hit.end) for hit in near}
        yield from ((hit, _NEAR) for hit in near if not self.hyphened(hit.start))
        yield from ((hit, 0) for hit in at if (hit.start, hit.end) not in taken and not self.hyphened(hit.start))

    def hyphened(self, at: int) -> bool:
        """Return whether a hyphen joins a word to the one before, as in `Belval-sur-Mer`."""
        return at > 0 and self.words[at].before == "-" and self.words[at].start == self.words[at - 1].end + 1

    def touches(self, at: int) -> bool:
        """Return whether nothing but a joint stands between a word and the one before."""
        return not self.words[at].before.strip("-'«\"“")


def _covering(hits: list[Hit]) -> set[int]:
    return {at for hit in hits for at in range(hit.start, hit.end)}


class _Cased(_Finder):
    """Places in scripts with capitals; in English and Russian the name may stand before the noun."""

    def __init__(self, reading: Reading, spoken: set[int], *, name_first: bool) -> None:
        super().__init__(reading, spoken)
        self.name_first = name_first
        self.at = _covering([hit for name in ("at", "near") for hit in reading.hits("place", name)])

    def places(self, within: tuple[int, int]) -> Iterator[_Found]:
        """Yield what is told after a preposition, and named sites that stand without one."""
        titles = _covering(self.reading.hits("mark", "title"))
        for hit, more in self.prepositions(within):
            found = self._after(hit.end, within[1], titles)
            if found is not None and not self._medium(found, hit):
                yield found._replace(rank=found.rank + more)
        for at in sorted(self.sites):
            if within[0] <= at < within[1] and self.sites[at].value != "region" and not self.of_a_body(at):
                found = self._site(at, within[1])
                if found is None and self.name_first and not self._opens_a_body(at):
                    found = self._name_site(at, within[0])
                if found is not None and found.named and not self._medium(found, None):
                    yield found._replace(rank=found.rank + _NO_PREPOSITION, rule="site")

    def _opens_a_body(self, at: int) -> bool:
        """Return whether a noun of place is of the name of a body behind it: "Vellmar city council"."""
        behind = self.sites[at].end
        return self.reading.has("mark", "body", (behind, behind + 1)) and not self.words[behind].before

    def _medium(self, one: _Found, led: Hit | None) -> bool:
        """Return whether a name may be of a newspaper, `the Evening Post`, and nothing says that somebody is at it."""
        last = self.words[one.end - 1]
        return last.capital and last.text in _MEDIA and (led is None or self.words[led.start].text not in _AT_A_PLACE)

    def _after(self, at: int, end: int, titles: set[int]) -> _Found | None:
        start = at
        while (
            at < end and at in self.skips and self.touches(at) and not self._is_name(at, start) and at not in self.sites
        ):
            at += 1
        if at >= end or not self.touches(at) or at in titles:
            return None
        if at in self.sites:
            capital = self._is_name(at, start) and not self.reading.loud
            return self._site(at, end) or (self._name(at, end) if capital else self._plain(at, at))
        if self._is_name(at, start):
            return self._name(at, end)
        return None

    def _site(self, at: int, end: int) -> _Found | None:
        """`quai Ravigny`, `the bridge of X`, `станция X`: a noun of place and the name behind it."""
        site = self.sites[at]
        place = site.end
        while place < end and place < site.end + 3 and self._links_name(place):
            place += 1
        if place >= end or not self.touches(place) or not self._is_name(place, at):
            return None
        last = self._name_end(place, end, cut=True)
        return _Found(_SIZES[site.value], at, last, True, "noun-and-name")

    def _links_name(self, at: int) -> bool:
        return (
            self.touches(at) and not self.words[at].capital and (self.words[at].text in self.links or at in self.skips)
        )

    def _name_site(self, at: int, begin: int) -> _Found | None:
        """`Ravigny quay`: the name before the noun."""
        first = at
        while first > max(begin, at - MAX_NAME) and self.touches(first) and self._is_name(first - 1, begin):
            first -= 1
        if first == at or (first == 0 and at == 1 and not self.words[at].capital):
            return None  # a sentence begins with a capital that is no name
        return _Found(_SIZES[self.sites[at].value], first, self.sites[at].end, True, "name-and-noun")

    def _plain(self, at: int, begin: int) -> _Found | None:
        site = self.sites[at]
        return _Found(_SIZES[site.value] + _UNNAMED, begin, site.end, False, "noun")

    def _name(self, at: int, end: int) -> _Found | None:
        last = self._name_end(at, end)
        inner = [
            self.sites[place] for place in range(at, min(last + 1, end)) if place in self.sites and self.touches(place)
        ]
        if inner and inner[-1].end >= last and inner[-1].start > at and self.name_first:
            return _Found(_SIZES[inner[-1].value], at, max(last, inner[-1].end), True, "name-and-noun")
        if inner and inner[0].start == at:
            return _Found(_SIZES[inner[0].value], at, last, True, "noun-and-name")
        return _Found(_BARE_NAME, at, last, True, "preposition")

    def _name_end(self, at: int, end: int, *, cut: bool = False) -> int:
        last = at + 1
        limit = min(end, at + MAX_NAME)
        while last < limit and self.touches(last):
            if self._is_name(last, at) or self._goes_on_hyphened(last, limit):
                last += 1
            elif (
                not cut
                and last + 1 < limit
                and self.words[last].text in self.links
                and self.touches(last + 1)
                and self._is_name(last + 1, at)
            ):
                last += 2
            else:
                break
            if self.reading.loud:
                break
        return last

    def _goes_on_hyphened(self, at: int, limit: int) -> bool:
        """Return whether small words within hyphens lead on to one that is of the name: `Saint-Jean-de-la-Mer`."""
        while at < limit and self.hyphened(at):
            if self.words[at].capital:
                return True
            at += 1
        return False

    def _is_name(self, at: int, begin: int) -> bool:
        del begin
        if not self.words[at].capital or at in self.spoken or at in self.at or self.words[at].number >= 0:
            return False
        return at not in self.stops and not (self.reading.loud and (at in self.skips or at in self.cues))


class _Uncased(_Finder):
    """Places in scripts without capitals."""

    def places(self, within: tuple[int, int]) -> Iterator[_Found]:
        """Yield the nouns of place with the name behind them, first those that stand after a preposition."""
        led = {hit.end for hit, far in self.prepositions(within) if not far}
        for at in sorted(self.sites):
            if within[0] <= at < within[1] and at not in self.spoken:
                by_preposition = at in led or self._clings(at)
                if self._broadcasts(at):
                    continue
                if by_preposition or not self.of_a_body(at):
                    yield self._at(at, within[1], led=by_preposition)

    def _broadcasts(self, at: int) -> bool:
        """Return whether a canal may be a channel, which is one word: nothing says that something was in it or near."""
        bare = self.words[at].text in _CHANNELS
        return bare and not (at and self.words[at - 1].text in _IN_OR_NEAR)

    def _at(self, at: int, end: int, *, led: bool) -> _Found:
        site, last = self.sites[at], self.sites[at].end
        begin = last
        while last < min(end, begin + _MAX_BARE) and self._goes_on(last, begin):
            last += 1
        named = last > begin
        rank = _SIZES[site.value] + (0 if named else _UNNAMED) + (0 if led else 1)
        return _Found(rank, at, last, named, "noun-and-name" if named else "noun")

    def _goes_on(self, at: int, begin: int) -> bool:
        if self.words[at].before or at in self.spoken or at in self.stops or at in self.cues:
            return False
        if self.words[at].number >= 0 or (at in self.sites and at > begin):
            return False
        if any(hit.start == at for name in ("at", "near") for hit in self.reading.hits("place", name, (at, at + 1))):
            return False
        if self._is_definite(begin - 1) and not self._is_definite(at):
            return (
                False  # `the harbour` is whole: what follows it agrees with it, as `the northern`, or is no part of it
            )
        return not self.words[at].text.startswith("لل") and (at == begin or not self._has_clitic(at))

    def _is_definite(self, at: int) -> bool:
        """Return whether a word bears the article, with a conjunction or preposition before it or not."""
        return self.reading.lexicon.clitics and _ARTICLE.match(self.words[at].text) is not None

    def _has_clitic(self, at: int) -> bool:
        word = self.words[at].text
        least = _CLITIC_LEFT - (word[0] == "ب")
        return self.reading.lexicon.clitics and word[0] in "بلوف" and len(word) > least

    def _clings(self, at: int) -> bool:
        """Return whether a preposition is written onto the noun."""
        return self.reading.lexicon.clitics and self.words[at].text[0] in "بل"
