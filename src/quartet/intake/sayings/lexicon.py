"""The words of attribution of each language, read once from package data and checked when read.

An entry is a word or a phrase. `*` at the end of a piece stands for any ending, `a|b` for either piece. Pieces are
compared as `quartet.intake.dates.spelling` spells them. Arabic words are also found behind the particles that cling to
them, Persian ones before the endings that do.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Final, NamedTuple

import msgspec

from quartet.core.faults import Malformed
from quartet.intake.dates import Language
from quartet.intake.dates.spelling import tokens
from quartet.intake.sayings.listed import Listed, starts

LONGEST_PHRASE: Final = 8
"""Words of one entry."""
_MIN_STEM: Final = 3
_FEWEST_TO_STRIP: Final = 3


class Tag(StrEnum):
    """What a word or phrase does in an attribution."""

    SAY = "say"
    DENY = "deny"
    UNSURE = "unsure"
    SAW = "saw"
    ASK = "ask"
    ANSWER = "answer"
    ACCORDING = "according"
    HIS_WORDS = "his_words"
    HE_SAID = "he_said"
    THEY_SAY = "they_say"
    FROM = "from"
    BESIDE = "beside"
    FROM_WHOM = "from_whom"
    RELAYS = "relays"
    CITE = "cite"
    CITED_BY = "cited_by"
    THIS = "this"
    SAME = "same"
    BODY = "body"
    OFFICIAL = "official"
    GENERIC = "generic"
    AGENCY = "agency"
    MEDIUM = "medium"
    REPORTER = "reporter"
    OURS = "ours"
    RECORD = "record"
    DOCUMENT = "document"
    UNNAMED = "unnamed"
    MEMBERS = "members"
    RANK = "rank"
    SOLE = "sole"
    SERVICE = "service"
    SPOKES = "spokes"
    PRIVATE = "private"
    HONORIFIC = "honorific"
    QUALIFIER = "qualifier"
    GIVEN = "given"
    BYLINE = "byline"
    PLACE = "place"
    STOP = "stop"
    AUX = "aux"
    LINK = "link"
    ARTICLE = "article"
    INDEFINITE = "indefinite"
    PRONOUN = "pronoun"
    HE = "he"
    PARTICLE = "particle"
    NOT = "not"
    THAT = "that"
    RELATIVE = "relative"
    AND = "and"
    SKIP = "skip"
    PREPOSITION = "preposition"
    ADDRESSEE = "addressee"
    ANONYMITY = "anonymity"
    CLOSE = "close"
    HEARSAY = "hearsay"
    HEARD = "heard"
    SOURCED = "sourced"
    MASTHEAD = "masthead"
    HEDGE = "hedge"
    FIRST = "first"
    CHANNEL = "channel"
    PARTIAL = "partial"
    BINDS = "binds"
    """A preposition with which a name may go on: "police in", "union for"."""
    OCCASION = "occasion"
    """What a preposition leads to that no name holds: when and how it was said."""


NEAR: Final = frozenset(
    {
        *(Tag.SAY, Tag.DENY, Tag.UNSURE, Tag.SAW, Tag.ASK, Tag.ANSWER, Tag.ACCORDING, Tag.HIS_WORDS, Tag.HE_SAID),
        *(Tag.THEY_SAY, Tag.CITE, Tag.CITED_BY, Tag.THIS, Tag.SAME, Tag.STOP, Tag.AUX, Tag.PRONOUN, Tag.NOT, Tag.THAT),
        Tag.HE,
        Tag.FROM,
        Tag.FROM_WHOM,
        Tag.RELAYS,
        Tag.BESIDE,
        Tag.HEARD,
        *(Tag.RELATIVE, Tag.AND, Tag.SKIP, Tag.PREPOSITION, Tag.BINDS, Tag.FIRST, Tag.LINK, Tag.GIVEN),
    }
)
"""Tags of verbs and particles: of what clings to a word only "and" may stand before these."""


class Entry(NamedTuple):
    """One phrase: its pieces, each with whether any ending may follow."""

    pieces: tuple[tuple[str, bool], ...]
    tag: Tag


class Lexicon(NamedTuple):
    """The entries of a language by their first piece: whole, and as a stem."""

    whole: Mapping[str, Sequence[Entry]]
    stems: Mapping[str, Sequence[Entry]]


@lru_cache(maxsize=8)
def lexicon(language: Language) -> Lexicon:
    """Return the words of a language; raise `Malformed` where its file is none."""
    source = files("quartet.intake") / "lexicons" / "sayings" / f"{language}.toml"
    try:
        lists = msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), dict[Tag, tuple[str, ...]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Malformed("bad-lexicon", f"{language}: {error}") from error
    whole, stems = dict[str, list[Entry]](), dict[str, list[Entry]]()
    for tag, phrases in lists.items():
        for phrase in phrases:
            for entry in entries(phrase, tag):
                first, stem = entry.pieces[0]
                (stems if stem else whole).setdefault(first, []).append(entry)
    return Lexicon(whole, stems)


def entries(phrase: str, tag: Tag) -> Iterator[Entry]:
    """Yield every reading of an entry; raise `Malformed` where it says nothing, too much, or means almost any word."""
    if not phrase.split():
        raise Malformed("bad-lexicon", f"{tag}: {phrase!r}")
    spaced = phrase.replace("\u200c", " ")
    for spelling in dict.fromkeys((phrase, spaced)):
        for chosen in product(*(piece.split("|") for piece in spelling.split())):
            pieces = tuple(piece for word in chosen for piece in _pieces(word))
            if not 0 < len(pieces) <= LONGEST_PHRASE or any(s and len(p) < _MIN_STEM for p, s in pieces):
                raise Malformed("bad-lexicon", f"{tag}: {phrase!r}")
            yield Entry(pieces, tag)


def _pieces(word: str) -> Iterator[tuple[str, bool]]:
    stem = word.endswith("*")
    found = [token.text for token in tokens(word.rstrip("*")) if token.text]
    yield from ((text, stem and at == len(found) - 1) for at, text in enumerate(found))


@lru_cache(maxsize=16384)
def forms(word: str, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a word may stand in the lexicon: for verbs and particles, and for all other words."""
    match language:
        case "ar":
            near = (word, *(word[1:] for _ in [0] if word[:1] in "وف" and len(word) >= _FEWEST_TO_STRIP))
            return near, (*near, *(one for base in near for one in _without_article(base)))
        case "fa":
            endings = starts(Listed.SUFFIXES, "fa")
            return (word,), (word, *(word.removesuffix(end) for end in endings if _may_lose(word, end)))
        case _:
            return (word,), (word,)


def _without_article(word: str) -> Iterator[str]:
    for particle in ("بال", "کال", "لل", "ال", "ل", "ب"):
        if word.startswith(particle) and len(word) - len(particle) >= _FEWEST_TO_STRIP:
            yield word[len(particle) :]


def _may_lose(word: str, ending: str) -> bool:
    return word.endswith(ending) and len(word) - len(ending) >= _FEWEST_TO_STRIP
