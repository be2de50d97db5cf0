"""See how far the words of a party go: its name ends where its words can go on no longer."""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.lexicon import Tag, lexicon
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.person import has, of_the_state
from quartet.intake.sayings.scene import Party, Scene
from quartet.intake.sayings.words import Word
from quartet.intake.texts import Span

MAX_PARTY: Final = 16
"""Words of a party; what is longer is none."""
_MAX_QUOTED: Final = 8
ENDS: Final = (
    *(Tag.STOP, Tag.AUX, Tag.RELATIVE, Tag.AND, Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.HE_SAID, Tag.CITE, Tag.CITED_BY),
    *(Tag.SKIP, Tag.THAT, Tag.NOT, Tag.ANSWER, Tag.SAW),
)


def place_of(scene: Scene, start: int, end: int) -> Span:
    """Return the place of some words, an Arabic particle that clings to the name of a body left out."""
    words = scene.line.words
    first = words[start].start
    if scene.line.language == "ar" and Tag.BODY in words[start].tags:
        lone = words[start]
        first += len(lone.raw) > 4 and lone.raw[0] in "بلوف" and _needs_clitic(lone)
    return Span(first, words[end - 1].end)


def _needs_clitic(word: Word) -> bool:
    return not any(entry.tag is Tag.BODY for entry in lexicon("ar").whole.get(word.text, ()))


def is_told(word: Word) -> bool:
    """Return whether an Arabic word is who was told, the particle for "to" clinging to it: no word of its own."""
    if word.text == "ل":
        return True
    clings = word.text.startswith("ل") and has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.REPORTER)
    return clings and word.text not in lexicon("ar").whole


def known_at(scene: Scene, at: int) -> Party | None:
    """Return who publishes or is credited, where that name stands here, an article or a mark before it."""
    words = scene.line.words
    start = at
    while start < len(words) and start - at < 3 and (has(words[start], Tag.ARTICLE) or words[start].raw in "«\"'’“"):
        start += 1
    for name, sort in scene.known:
        for first in {at, start}:
            end = _spelt(words, first, name)
            if end:
                while end < len(words) and words[end].closes:
                    end += 1
                return Party(sort, at, end, Span(words[first].start, words[end - 1].end))
    return None


def _spelt(words: Sequence[Word], at: int, name: tuple[str, ...]) -> int:
    """Return where a name that is spelt from here ends, or 0."""
    seen = 0
    while at < len(words) and seen < len(name):
        if words[at].kind in (Kind.WORD, Kind.NUMBER):
            if words[at].text != name[seen]:
                return 0
            seen += 1
        elif seen == 0:
            return 0
        at += 1
    return at if seen == len(name) else 0


def extent(scene: Scene, at: int) -> int:
    """Return where the words that may be one party from here end."""
    words, end = scene.line.words, at
    while end < len(words) and end - at <= MAX_PARTY:
        closed = _quoted(words, end)
        if closed:
            return closed
        if _over(scene, at, end):
            break
        end += 1
    while end > at and (has(words[end - 1], Tag.LINK, Tag.ARTICLE) or words[end - 1].kind is Kind.SIGN):
        end -= 1
    return max(end, _placed(scene, at, end))


def _placed(scene: Scene, at: int, end: int) -> int:
    """Return where the place of a body ends that has no other name, or 0: "police in Tolm", in Arabic any district.

    Only what a sign, a verb or "that" closes is read.
    """
    words, last = scene.line.words, end + 1
    if not at < end < len(words) - 1 or words[end].text not in _leads_to_a_town(scene):
        return 0
    if not any(Tag.BODY in word.tags for word in words[at:end]):
        return 0
    if scene.line.language == "en":
        while last < len(words) and (words[last].capital or (words[last].raw in "-‐‑" and words[last].gap == 0)):
            last += 1
        bare = end - at == 1 and last > end + 1
    else:
        district = Tag.PLACE in words[last].tags and not words[last].text.startswith("ال")
        bare = district or words[last].text in listed(Listed.DIRECTIONS)
        last += district
        while last < len(words) and words[last].text.startswith("ال") and not has(words[last], *ENDS):
            last += 1
    closed = last >= len(words) or words[last].breaks or has(words[last], Tag.SAY, Tag.DENY, Tag.THAT)
    return last if bare and closed else 0


def _leads_to_a_town(scene: Scene) -> frozenset[str]:
    """Return the words that lead to the place of a body; in Russian such a one has an ending for it."""
    return listed(Listed.IN, scene.line.language) if scene.line.language != "ru" else frozenset()


def _quoted(words: Sequence[Word], at: int) -> int:
    """Return where a short name in quotation marks that opens here ends, or 0."""
    if not words[at].opens:
        return 0
    for end in range(at + 1, min(len(words), at + _MAX_QUOTED)):
        if words[end].closes:
            return end + 1
    return 0


def _over(scene: Scene, at: int, end: int) -> bool:
    words, word = scene.line.words, scene.line.words[end]
    if word.kind is not Kind.WORD:
        return not _joins(words, end)
    if end > at and any(one.begin == end for one in scene.people) and not has(words[end - 1], Tag.LINK):
        return True
    if scene.line.language in ("ar", "fa") and end > at and has(word, Tag.RANK, Tag.HONORIFIC):
        return not _unit(scene, end)
    if scene.line.language == "ru" and end > at and _behind_letters(words[end - 1], word):
        return True
    if scene.line.language == "ar" and end > at and (_after_definite(words, end) or _told_by_it(word)):
        return True
    if word.gap == 0 and end > at and words[end - 1].raw in "-‐‑":
        return False
    if end == at:
        return has(word, Tag.SKIP, Tag.STOP, Tag.AUX, Tag.RELATIVE, Tag.ASK, Tag.THAT, Tag.NOT, Tag.AND) and not has(
            word, Tag.UNNAMED, Tag.INDEFINITE, Tag.BODY, Tag.MEMBERS, Tag.ARTICLE, Tag.PRONOUN
        )
    if has(word, Tag.LINK) and not has(word, Tag.SAY):
        return False
    linked = Tag.LINK in words[end - 1].tags
    if word.capital and Tag.ARTICLE in word.tags and has(words[end - 1], Tag.AGENCY, Tag.MEDIUM):
        return False  # "le quotidien La Vigie"
    if has(word, Tag.ARTICLE) and not linked and words[end - 1].raw not in "'’":
        return scene.line.language == "en" or not _after_link(words, end)
    if has(word, Tag.ARTICLE):
        return False
    if word.capital and not scene.line.loud and has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM):
        return False
    if scene.line.language == "en" and of_the_state(words, end):
        return False
    if has(word, *ENDS) and not (has(word, Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.DOCUMENT) and linked):
        joined = end + 2 < len(words) and words[end + 1].raw in "-‐‑" and words[end + 1].gap == 0
        after = end + 1 + joined
        return not (word.capital and after < len(words) and words[after].capital and not has(word, Tag.SAY))
    return ended_by_shape(scene.line.language, word)


def _told_by_it(word: Word) -> bool:
    """Return whether who was told stands behind who says it in Arabic: "the ministry to Radio Tolm"."""
    passed_on = has(word, Tag.AGENCY, Tag.MEDIUM, Tag.REPORTER)
    return passed_on and is_told(word) and not word.text.startswith("لل")


def _unit(scene: Scene, end: int) -> bool:
    """Return whether a word for a rank is one for a unit here: in Arabic "the command of the seventh brigade"."""
    words = scene.line.words
    numbered = end + 1 < len(words) and words[end + 1].text in listed(Listed.ORDINALS)
    definite = words[end].text.startswith("ال") and not any(one.begin <= end < one.end for one in scene.people)
    return has(words[end - 1], Tag.BODY) and (numbered or definite)


def _behind_letters(before: Word, word: Word) -> bool:
    """Return whether a name begins behind a body that is spelt by its letters: in Russian "МВД Anna Poe"."""
    letters = before.raw.isupper() and len(before.raw) > 1 and Tag.BODY in before.tags
    return letters and word.capital and not word.raw.isupper()


def _after_definite(words: Sequence[Word], end: int) -> bool:
    """Return whether a name is complete in Arabic: a word with the article closes it, and what follows has none."""
    before, word = words[end - 1], words[end]
    closed = before.text.startswith(("ال", "لل", "بال", "وال", "فال")) and before.kind is Kind.WORD
    return closed and not word.text.startswith(("ال", "لل", "ل")) and not has(before, Tag.LINK)


def _after_link(words: Sequence[Word], end: int) -> bool:
    return has(words[end - 1], Tag.LINK) or (words[end - 1].raw in "'’" and has(words[end - 2], Tag.LINK))


def _joins(words: Sequence[Word], at: int) -> bool:
    """Return whether a sign joins two words of a name: a hyphen, an apostrophe, an initial's stop, a number sign."""
    word = words[at]
    if at == 0:
        return False
    if word.kind is Kind.NUMBER and (words[at - 1].text in listed(Listed.NUMBER) or words[at - 1].raw in "№°º"):
        return True
    if at + 1 >= len(words):
        return False
    if word.kind is Kind.NUMBER:
        return _ordinal(words, at) or (Tag.BODY in words[at - 1].tags and has(words[at + 1], Tag.SAY, Tag.DENY))
    if word.raw in "-'’‐‑":
        return word.gap == 0 and (words[at + 1].gap == 0 or word.raw in "'’")
    if word.raw == ".":
        return len(words[at - 1].text) == 1 and words[at - 1].kind is Kind.WORD
    return word.raw in "№°º"


def _ordinal(words: Sequence[Word], at: int) -> bool:
    """Return whether a number is an ordinal by its ending: in Russian "the 21st division"."""
    return at + 2 < len(words) and words[at + 1].raw in "-‐‑" and words[at + 1].gap == words[at + 2].gap == 0


def ended_by_shape(language: str, word: Word) -> bool:
    """Return whether the ending of a word says that it is of no name: an adverb, an infinitive, a verb in the past."""
    match language:
        case "ar":
            return word.raw.endswith("ً") or word.raw.endswith("ًا") or word.raw.endswith("اً")
        case "fa":
            return len(word.text) > 4 and word.text.endswith(starts(Listed.INFINITIVES, "fa"))
        case "ru":
            return not word.capital and len(word.text) > 5 and word.text.endswith(starts(Listed.PAST, "ru"))
        case _:
            return False


def _to_whom(words: Sequence[Word], at: int, last: int) -> bool:
    """Return whether a preposition only leads to whom it was told: no word of closeness goes before it."""
    near = any(Tag.CLOSE in word.tags or Tag.RELATIVE in word.tags for word in words[at : last + 1])
    return Tag.PREPOSITION in words[last].tags and not near


def unnamed_words(scene: Scene, at: int, end: int) -> tuple[int, Span]:
    """Return where the words for a source without a name end: what describes it too, up to a comma or a verb."""
    words, last = scene.line.words, end
    while last < len(words) and last - at < 2 * MAX_PARTY and not words[last].breaks:
        if has(words[last], Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.THAT) and not has(words[last], Tag.RELATIVE):
            break
        if any(one.begin == last + 1 for one in scene.people) and _to_whom(words, at, last):
            break
        if has(words[last], Tag.AND, Tag.ADDRESSEE) or (
            scene.line.language == "ar" and Tag.RELATIVE in words[last].tags
        ):
            break
        last += 1
    first = at
    while first < end - 1 and has(words[first], Tag.SKIP) and Tag.UNNAMED not in words[first].tags:
        first += 1
    if scene.line.language == "ar":
        first = next((i for i in range(at, end) if has(words[i], Tag.UNNAMED, Tag.PRIVATE)), first)
    return end, Span(words[first].start, words[max(end, last) - 1].end)
