"""Doubt who says it where the structure around is not one that the rules are sure of: then nobody says it.

Three doubts. Another is named beside the one who says it, and no word orders them. An agency or outlet says it, and the
sentence tells of a further source that was not read as one. In Arabic and Persian, where no capital tells a name, an
unknown word stands behind a name and may belong to it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.behalf import for_another
from quartet.intake.sayings.bound import unbound
from quartet.intake.sayings.closed import open_ended
from quartet.intake.sayings.lexicon import Tag, lexicon
from quartet.intake.sayings.listed import Listed, listed, phrases, starts
from quartet.intake.sayings.marks import Mark, Role
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.person import NO_NAME, TITLES, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.words import Word

_NAMED: Final = frozenset({Sort.PERSON, Sort.OFFICE, Sort.BODY, Sort.AGENCY, Sort.MEDIUM, Sort.RECORD, Sort.NAMED})
_PASSES_ON: Final = frozenset({Sort.AGENCY, Sort.MEDIUM, Sort.NAMED, Sort.OWN_AGENCY})
_READ: Final = frozenset({Role.SAYS, Role.SEES, Role.ANSWERS, Role.HIS_WORDS})
_CHAINED: Final = frozenset({Role.CITES, Role.CITED_BY})
_VERBAL: Final = (Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.SAW, Tag.ANSWER, Tag.AUX, Tag.HE_SAID, Tag.CITE, Tag.CITED_BY)
_SMALL: Final = (Tag.SKIP, Tag.STOP, Tag.PRONOUN, Tag.THAT, Tag.NOT, Tag.PREPOSITION, Tag.THIS, Tag.ADDRESSEE)
_SOURCES: Final = (Tag.SAW, Tag.DOCUMENT, Tag.RECORD, Tag.UNNAMED, Tag.SOURCED, Tag.REPORTER)
_PEOPLE: Final = (Tag.BODY, Tag.AGENCY, Tag.MEDIUM, Tag.REPORTER, Tag.UNNAMED, *TITLES)
_AGENCIES: Final = frozenset({Sort.AGENCY, Sort.OWN_AGENCY})
_LISTED: Final = frozenset({Tag.ACCORDING, Tag.CITE, Tag.CITED_BY})
"""Behind these no clause follows a comma and "and", but another who says it."""
_OFFICES: Final = (Tag.SERVICE, Tag.SPOKES, Tag.RANK)
_NEAR_REPORTER: Final = 6
_INFLECTED: Final = frozenset({Tag.SAY, Tag.DENY, Tag.UNSURE})
_NAMES: Final = (Tag.GIVEN, Tag.PARTICLE, *TITLES)
_FEWEST: Final = 2
_LONGEST_NAME: Final = 4
_AHEAD: Final = 4
"""Words before a mark from which on what it says is told before it."""


def sure(scene: Scene, mark: Mark, found: Sequence[Mark]) -> Mark:
    """Return a mark with an unknown party, where the structure around leaves it in doubt whether that one says it."""
    who = mark.party
    if who is None or who.sort not in (_NAMED | _PASSES_ON):
        return mark
    if who.sort in _AGENCIES and _own_people(scene, mark):
        return mark._replace(party=who._replace(reporter=True))
    doubts = (
        _and_another(scene, mark, who),
        _goes_on(scene, who),
        _led_by_a_particle(scene, mark, who),
        _numbered(scene, who),
        _more_than_one(scene, mark, who),
        _and_object(scene, mark, who),
        _another_says(scene, mark, found),
        _further_source(scene, mark, who, found),
        open_ended(scene, mark, who),
        _by_its_spokesman(scene, mark, who),
        _one_of_several(scene, who),
        _only_described(scene, who),
        unbound(scene, mark, who, found),
    )
    if any(doubts):
        return mark._replace(party=who._replace(sort=Sort.UNKNOWN))
    if who.sort is Sort.PERSON and for_another(scene, who):
        return mark._replace(party=who._replace(body=None, title=Tag.SERVICE))
    return mark


def heard(words: Sequence[Word]) -> bool:
    """Return whether whoever speaks was only told: the text says so, or they do, within quotation marks."""
    inside = _quoted(words)
    return any(Tag.HEARSAY in one.tags or (quoted and Tag.HEARD in one.tags) for one, quoted in inside)


def _quoted(words: Sequence[Word]) -> list[tuple[Word, bool]]:
    """Return each word with whether it stands within quotation marks: a sentence may begin or end within some."""
    marks = [word.opens - word.closes for word in words]
    open_now = next((one for one in marks if one), 1) < 0
    out = list[tuple[Word, bool]]()
    for word in words:
        if word.opens or word.closes:
            open_now = word.opens
        elif word.raw == '"':
            open_now = not open_now
        out.append((word, open_now))
    return out


def _and_another(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether "and" joins another to a party, or more words to its name: "the ministry of roads and bridges"."""
    words, at = scene.line.words, who.end
    if at >= len(words):
        return False
    if tuple(word.text for word in words[at : at + 2]) in phrases(Listed.AS_WELL_AS):
        return True
    if (
        mark.tag in _LISTED
        and words[at].raw in ",،"
        and at + 1 < len(words)
        and words[at + 1].text in listed(Listed.JOINS)
    ):
        other = party(scene, at + 2)
        return other is not None and other.sort in _NAMED
    if who.sort is Sort.PERSON and scene.line.language == "ar":
        at = next((i for i in range(who.start, len(words)) if words[i].start >= who.name.end), len(words) - 1)
    if scene.line.language == "ar" and len(words[at].text) > 3 and words[at].text.startswith("و"):
        more = (words[at].text.startswith("وال") or who.sort is Sort.PERSON) and not words[at].tags
        return (more or has(words[at], *_PEOPLE)) and not has(words[at], Tag.GIVEN, *_VERBAL)
    if words[at].text not in listed(Listed.JOINS) or at + 1 >= len(words):
        return False
    following = words[at + 1]
    if Tag.LINK in following.tags or following.text in listed(Listed.POSSESSIVES):
        return True
    if following.kind is not Kind.WORD or has(following, *_VERBAL, *_SMALL):
        return False
    other = party(scene, at + 1)
    if scene.line.language == "fa" or (following.capital and not has(following, Tag.ARTICLE)):
        return True
    return other is not None and other.sort not in (Sort.UNKNOWN, Sort.PRONOUN)


def _by_its_spokesman(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether somebody named may say it for a body: before its verb, or behind the office and a comma."""
    if who.sort is not Sort.BODY:
        return False
    words, end = scene.line.words, who.end
    between = [one for one in scene.people if end <= one.begin and one.end <= mark.at]
    if any(words[one.begin - 1].text not in listed(Listed.TO_WHOM) for one in between):
        return True
    if not any(has(word, *_OFFICES) for word in words[who.start : who.start + 2]) or end >= len(words):
        return False
    cut = next((i for i in range(end + 1, len(words)) if words[i].breaks), len(words))
    opens = words[end + 1] if end + 1 < len(words) else None
    short = opens is not None and cut - end - 1 <= _LONGEST_NAME and not has(opens, Tag.RELATIVE, Tag.SAY, Tag.DENY)
    return words[end].raw in ",،(" and short


def _one_of_several(scene: Scene, who: Party) -> bool:
    """Return whether a comma and "and" join others to a party: "the police, the customs and the army"."""
    words, at = scene.line.words, who.end
    if at + 1 >= len(words) or words[at].raw not in ",،":
        return False
    other = party(scene, at + 1)
    if other is None or other.sort not in _NAMED or other.end + 1 >= len(words):
        return False
    joined = words[other.end].text in listed(Listed.JOINS) or (
        scene.line.language == "ar" and words[other.end].text.startswith("و")
    )
    return joined and party(scene, other.end + 1) is not None


def _only_described(scene: Scene, who: Party) -> bool:
    """Return whether a body has no name but what is said of it behind: "the company that owns it"."""
    words, at = scene.line.words, who.end
    if who.sort is not Sort.BODY or at >= len(words):
        return False
    named = [word for word in words[who.start : at] if word.kind is Kind.WORD and Tag.ARTICLE not in word.tags]
    at += scene.line.language == "ru" and words[at].raw == ","
    described = at < len(words) and Tag.RELATIVE in words[at].tags
    described = described and (scene.line.language != "ar" or words[at].text.startswith("ال"))
    return described and len(named) == 1 and not (named[0].capital and who.start)


def _goes_on(scene: Scene, who: Party) -> bool:
    """Return whether an unknown word stands behind a name in Arabic or Persian, which may be of the name."""
    if scene.line.language not in ("ar", "fa") or who.sort is not Sort.PERSON:
        return False
    after = next((word for word in scene.line.words if word.start >= who.name.end), None)
    if after is None or after.kind is not Kind.WORD:
        return False
    titled = after.text.startswith("ال") and _one_word(scene, who) and not has(after, Tag.SPOKES)
    return titled or not after.tags or has(after, Tag.GIVEN, Tag.QUALIFIER)


def _led_by_a_particle(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether "to" or "by" clings to a name in Arabic: whoever that is was told, or is only spoken of."""
    if scene.line.language != "ar" or who.sort is not Sort.PERSON or mark.tag is Tag.ACCORDING:
        return False
    word = next(one for one in scene.line.words if one.end > who.name.start)
    return word.text[:1] in ("ب", "ل", "ک") and word.text not in lexicon("ar").whole and has(word, *_NAMES)


def _numbered(scene: Scene, who: Party) -> bool:
    """Return whether a number stands right behind a body, which may be of its name."""
    words, at = scene.line.words, who.end
    return who.sort is Sort.BODY and at < len(words) and words[at].kind is Kind.NUMBER


def _and_object(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether the last word of an Arabic body may be what the verb takes: "confirmed the ministry the attack".

    What is told in full before it, or follows "that", leaves a verb no object; an adjective is none.
    """
    words = scene.line.words
    told = mark.role is Role.SAYS and mark.tag in _INFLECTED and who.sort is not Sort.PERSON
    if scene.line.language != "ar" or not told or who.start < mark.end or who.end - who.start < _FEWEST:
        return False
    ahead = sum(word.kind is Kind.WORD for word in words[: mark.first])
    bound = who.end < len(words) and has(words[who.end], Tag.THAT, Tag.RELATIVE)
    if bound or ahead >= _AHEAD:
        return False
    known = words[who.start].tags.get(Tag.BODY, 0)
    first = who.start + (known > 1 or not words[who.start].text.startswith("ال"))
    return any(_beside_an_object(before, word) for before, word in pairwise(words[first : who.end]))


def _beside_an_object(before: Word, word: Word) -> bool:
    """Return whether two Arabic nouns with the article stand side by side, the second no adjective or ordinal."""
    definite = word.text.startswith("ال") and before.text.startswith("ال")
    return definite and not word.text.endswith(("ی", "یه")) and word.text not in listed(Listed.ORDINALS)


def _more_than_one(scene: Scene, mark: Mark, who: Party) -> bool:
    """Return whether the verb is in the plural and one person stands beside it: another says it too."""
    if who.sort not in (Sort.PERSON, Sort.OFFICE) or mark.role is not Role.SAYS or mark.tag not in _INFLECTED:
        return False
    verbs = [word for word in scene.line.words[mark.at : mark.end] if word.kind is Kind.WORD]
    language, texts = scene.line.language, [word.text for word in verbs]
    if language == "en":
        return texts[0] in listed(Listed.PLURALS)
    if language == "fr":
        return any(
            (text.endswith("ent") and text not in listed(Listed.SINGULARS, "fr")) or text == "ont" for text in texts
        )
    return any(
        text.endswith(starts(Listed.PLURAL_ENDS, language)) and not text.endswith(starts(Listed.SINGULARS, "fa"))
        for text in texts
    )


def _another_says(scene: Scene, mark: Mark, found: Sequence[Mark]) -> bool:
    """Return whether somebody is named in what is said who says it in turn, for all that can be told."""
    words = scene.line.words
    blind = [one for one in found if one.role in _READ and one.at >= mark.last and one.party is None]
    blind = [one for one in blind if Tag.AND not in words[one.at - 1].tags]
    people = [one for one in scene.people if not (one.begin and has(words[one.begin - 1], *NO_NAME))]
    return any(mark.last <= person.start < one.at for one in blind for person in people)


def _one_word(scene: Scene, who: Party) -> bool:
    return sum(who.name.start <= word.start < who.name.end for word in scene.line.words) == 1


def _further_source(scene: Scene, mark: Mark, who: Party, found: Sequence[Mark]) -> bool:
    """Return whether the sentence tells of a source behind an agency or outlet, which was not read as one."""
    if who.sort not in _PASSES_ON or who.reporter or mark.role is not Role.SAYS:
        return False
    if any(one.role in _CHAINED for one in found):
        return False
    words = scene.line.words
    blind = [one for one in found if one.role in _READ and one.at > 0 and not mark.first <= one.at < mark.last]
    if any(one.party is None or one.party.sort is Sort.UNKNOWN for one in blind):
        return True
    if _whose_words(words[mark.last :]):
        return False
    if any(_is_source(word) for word in words[mark.last :]):
        return True
    if any(_is_source(word) and Tag.UNNAMED not in word.tags for word in words[: mark.first]):
        return True
    tail = [word for word in words[mark.last :] if word.kind is Kind.WORD]
    if any(has(word, *_PEOPLE) for word in tail[:_AHEAD]):
        return True
    described = any(Tag.RELATIVE in one.tags and Tag.THAT not in one.tags for one in words[mark.last : mark.last + 2])
    ahead = sum(word.kind is Kind.WORD for word in words[: mark.first])
    return described or (ahead >= _AHEAD and any(has(word, *_PEOPLE, *_VERBAL) for word in tail))


def _is_source(word: Word) -> bool:
    """Return whether a word tells of a source; of a day of the week ("Sunday" is "one" in Arabic) none does."""
    return has(word, *_SOURCES) and Tag.SKIP not in word.tags


def _own_people(scene: Scene, mark: Mark) -> bool:
    """Return whether it is said right behind an agency that its own reporter was there, and no other source is told."""
    words = scene.line.words
    tail = words[mark.last :]
    at = next((i for i, word in enumerate(tail) if _its_reporter(word)), None)
    if at is None or at > _NEAR_REPORTER:
        return False
    rest = (*words[: mark.first], *tail[:at], *tail[at + 1 :])
    bound = any(Tag.RELATIVE in word.tags or word.text in listed(Listed.WHOSE) for word in tail[: at + 1])
    return bound and not any(_is_source(word) and Tag.SAW not in word.tags for word in rest)


def _its_reporter(word: Word) -> bool:
    return Tag.REPORTER in word.tags or word.text in listed(Listed.ITS_REPORTERS)


def _whose_words(tail: Sequence[Word]) -> bool:
    """Return whether it is said right behind somebody that another carried their words: "..., whose statement"."""
    whose = next((at for at, word in enumerate(tail[:3]) if word.text in listed(Listed.WHOSE)), None)
    return whose is not None and any(Tag.DOCUMENT in word.tags for word in tail[whose + 1 : whose + 4])
