"""Say whether a name that a closed frame holds is whole: known, quoted, told twice, or spelt out to both its edges.

A frame has closed both edges of its name before this is asked: a verb or a phrase of saying on one, a sign, "that" or
the end of the sentence on the other. What is left to doubt is whether all that stands within is of the name. It is
where each word is a known one, a particle, or has a capital that no sentence gave it, and one says what the body is;
of a person, where a title or a known given name opens the name. Arabic and Persian have no capitals: there a word for a
body that lacks its genitive takes the one that follows, and only that.
"""

from collections.abc import Callable, Sequence
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.full import IN_FULL, full_person
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, listed, starts
from quartet.intake.sayings.parts import HEADS, adjective, definite, name_of, to_a_town, within
from quartet.intake.sayings.person import TITLES, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_KNOWN: Final = (Tag.BODY, Tag.AGENCY, Tag.SOLE, Tag.QUALIFIER)
_JOINS: Final = (Tag.LINK, Tag.ARTICLE)
_SPELT: Final = frozenset({Sort.BODY, Sort.AGENCY})
_MOST_BARE: Final = 2
"""Words without an article between an Arabic word for a body and the one that has one."""


def whole(scene: Scene, who: Party, page: Sequence[Scene], *, tailed: bool) -> bool:
    """Return whether a name is whole; `tailed` where the frame goes on behind it with when or how it was said."""
    name = name_of(scene, who)
    if not name or (tailed and _lacks_a_word(scene, name)):
        return False
    if who.sort is Sort.PERSON:
        return _told_again(name, page) or full_person(scene, who)
    if _goes_with_more(scene, who, name):
        return False
    if _told_again(name, page) or _quoted(scene, name):
        return True
    known = _known(name) or (who.sort is Sort.BODY and _listed(scene, name))
    return (known and not _longer(name, page)) or (who.sort in _SPELT and _spelt_out(scene, name, page))


def _goes_with_more(scene: Scene, who: Party, name: Sequence[Word]) -> bool:
    """Return whether words beside a name go with it, as in "the company Fenlight": they may be of the name or not."""
    beside = [word for word in scene.line.words[who.start : who.end] if word not in name]
    return any(word.kind is Kind.WORD and not has(word, *_JOINS) for word in beside)


def _told_again(name: Sequence[Word], page: Sequence[Scene]) -> bool:
    return len(_occurrences(tuple(word.text for word in name), page)) > 1


def _occurrences(name: tuple[str, ...], page: Sequence[Scene]) -> list[tuple[int, int]]:
    """Return where a name stands in a text, spelt alike."""
    found = list[tuple[int, int]]()
    for number, scene in enumerate(page):
        words = scene.line.words
        starting = [at for at, word in enumerate(words) if word.text == name[0]]
        found += [(number, at) for at in starting if tuple(word.text for word in words[at : at + len(name)]) == name]
    return found


def _quoted(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether a name stands in quotation marks of its own, whole."""
    if name[0].opens and name[-1].closes:
        return not any(word.opens or word.closes for word in name[1:-1])
    around = [word for word in scene.line.words if word.end <= name[0].start][-1:]
    after = next((word for word in scene.line.words if word.start >= name[-1].end), None)
    return bool(around) and around[0].opens and after is not None and after.closes


# -- words that are known


def _known(name: Sequence[Word]) -> bool:
    """Return whether the lexicon knows every word of a name: one that only says what it does, in full."""
    at, body = 0, False
    while at < len(name):
        size = _size(name[at])
        body = body or has(name[at], *HEADS)
        if not size and not has(name[at], *_JOINS):
            return False
        at += size or 1
    return body and not any(Tag.GENERIC in word.tags for word in name)


def _size(word: Word) -> int:
    """Return how many words of a name are known from here."""
    return max((word.tags[tag] for tag in _KNOWN if tag in word.tags), default=0)


def _longer(name: Sequence[Word], page: Sequence[Scene]) -> bool:
    """Return whether a word of a name stands elsewhere, by itself: the full name may have been told before."""
    times = len(_occurrences(tuple(word.text for word in name), page))
    heads = {word.text for word in name if has(word, *HEADS)}
    return sum(word.text in heads for scene in page for word in scene.line.words) > times * len(heads)


def _listed(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether every word of a body is known, as one or as what goes with one: "the port police"."""
    return _made_of(scene, name, lambda _: False)


def _made_of(scene: Scene, name: Sequence[Word], own: Callable[[int], bool]) -> bool:
    """Return whether each word of a body is known, goes with one, or is `own` to it; and one says what it is."""
    at, body = 0, False
    while at < len(name):
        size = _size(name[at]) or has(name[at], *_JOINS) or within(name, at)
        with_it = name[at].text in listed(Listed.OF_A_BODY, scene.line.language) or adjective(name, at)
        body = body or has(name[at], *HEADS)
        if not (size or with_it or own(at)):
            return False
        at += size or 1
    return body and _headed(scene, name) and not any(Tag.GENERIC in word.tags for word in name)


def _headed(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether the chief word of an English name is a body, and no office: "the Stag brigade chief"."""
    if scene.line.language != "en":
        return True
    cut = next((at for at, word in enumerate(name) if has(word, Tag.LINK) or word.text == "in"), len(name))
    return cut > 0 and has(name[cut - 1], Tag.BODY, Tag.AGENCY) and not has(name[cut - 1], *TITLES, Tag.UNNAMED)


# -- words that are spelt out


def _spelt_out(scene: Scene, name: Sequence[Word], page: Sequence[Scene]) -> bool:
    """Return whether nothing within the edges of a body can be of anything else."""
    match scene.line.language:
        case "ar":
            return _construct(name) or _agreeing(name)
        case "fa":
            return False
        case _:
            return _in_capitals(scene, name, page)


def _in_capitals(scene: Scene, name: Sequence[Word], page: Sequence[Scene]) -> bool:
    """Return whether each word of a body is known, or has a capital that is its own."""
    proper = [at for at, word in enumerate(name) if word.capital and _own_capital(scene, word, page)]
    towns = [at for at in range(len(name)) if to_a_town(scene, name, at)]
    some = any(not _size(name[at]) and not within(name, at) for at in proper)
    return some and not scene.line.loud and _made_of(scene, name, lambda at: at in proper or at in towns)


def _own_capital(scene: Scene, word: Word, page: Sequence[Scene]) -> bool:
    """Return whether a word has its capital for what it is, and not because it opens a sentence."""
    if not _first(scene, word):
        return True
    return any(
        other.capital and other.text == word.text and not _first(one, other)
        for one in page
        if one.line.telling
        for other in one.line.words
    )


def _first(scene: Scene, word: Word) -> bool:
    """Return whether a word opens its sentence, or what is quoted in it."""
    before = [one for one in scene.line.words if one.end <= word.start][-1:]
    return not before or before[0].opens or (before[0].breaks and before[0].raw not in ",،")


# -- where no capital tells


def _construct(name: Sequence[Word]) -> bool:
    """Return whether an Arabic word for a body without the article is followed by its genitive, and no more.

    One word is, whatever it is: the first word asks for it. Of more the last ones have the article.
    """
    words = [word for word in name if word.kind is Kind.WORD]
    if len(words) < IN_FULL or len(words) != len(name) or definite(words[0]):
        return False
    rest = words[max((words[0].tags.get(tag, 0) for tag in (Tag.BODY, Tag.AGENCY)), default=0) :]
    if len(rest) == len(words):
        return False
    bare = next((at for at, word in enumerate(rest) if definite(word)), len(rest))
    if any(has(word, Tag.GIVEN, Tag.STOP, *TITLES) for word in rest) or not all(map(definite, rest[bare:])):
        return False
    if any(word.text.endswith(starts(Listed.ADVERBS, "ar")) for word in rest[1:bare]):
        return False
    return bare < _MOST_BARE or (bare == _MOST_BARE and len(rest) > bare)


def _agreeing(name: Sequence[Word]) -> bool:
    """Return whether an Arabic body with the article has nothing but adjectives behind it that agree with it."""
    rest = name[name[0].tags.get(Tag.BODY, 0) :]
    head = Tag.BODY in name[0].tags and definite(name[0])
    return head and bool(rest) and all(definite(word) and word.text.endswith(starts(Listed.NISBA)) for word in rest)


def _lacks_a_word(scene: Scene, name: Sequence[Word]) -> bool:
    """Return whether a word for a body stands without its genitive, so that what follows may be of its name."""
    last = name[-1]
    if scene.line.language == "ar":
        return Tag.BODY in last.tags and not definite(last)
    return scene.line.language == "fa" and last.text in listed(Listed.HEADS)
