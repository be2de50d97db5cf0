"""The words of a sentence with what each does in an attribution."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind, Token, tokens
from quartet.intake.sayings.lexicon import NEAR, Entry, Lexicon, Tag, forms, lexicon
from quartet.intake.texts import Span

MAX_SENTENCE: Final = 2_000
"""Characters of a sentence that are read; of a longer one nothing is said."""
_OPENING: Final = frozenset("«“„‹")
_CLOSING: Final = frozenset("»”›")
_BREAKS: Final = frozenset(',،;:؛!?؟…()[]{}|.=/"«»“”„‹›')
_LOUD: Final = 0.8
_PLURALS: Final = frozenset({"en", "fr"})
"""Where "s" makes more of one."""
_ACCENTED: Final = frozenset({"à", "À"})
"""What an accent tells from a verb."""


class Word(NamedTuple):
    """A word, number or sign; `tags` says how many words the longest entry of each tag takes from here."""

    text: str
    raw: str
    kind: Kind
    start: int
    end: int
    gap: int
    capital: bool
    tags: Mapping[Tag, int]

    @property
    def opens(self) -> bool:
        """Return whether this is a mark that opens a quotation."""
        return self.raw in _OPENING

    @property
    def closes(self) -> bool:
        """Return whether this is a mark that closes a quotation."""
        return self.raw in _CLOSING

    @property
    def breaks(self) -> bool:
        """Return whether this is a sign at which a clause or a part of it ends."""
        return self.kind is not Kind.WORD and self.kind is not Kind.NUMBER and self.raw in _BREAKS


class Line(NamedTuple):
    """A sentence as words; `loud` where all letters are capitals, so that a capital says nothing."""

    words: Sequence[Word]
    language: Language
    loud: bool
    place: Span
    block: int
    telling: bool


def line_of(text: str, place: Span, language: Language, block: int, *, telling: bool = True) -> Line:
    """Return a sentence as words with their tags; one that is longer than `MAX_SENTENCE` has none."""
    if place.end - place.start > MAX_SENTENCE:
        return Line((), language, loud=False, place=place, block=block, telling=telling)
    said = place.of(text)
    read = list(tokens(said))
    loud = _loud(said)
    bare = [token.text for token in read]
    words = tuple(
        Word(
            token.text,
            "·" if _in_number(read, at) else said[token.start : token.end],
            token.kind,
            place.start + token.start,
            place.start + token.end,
            token.gap,
            token.kind is Kind.WORD and not loud and said[token.start].isupper(),
            _tags(bare, at, language, said[token.start : token.end]) if token.kind is not Kind.OTHER else {},
        )
        for at, token in enumerate(read)
    )
    return Line(words, language, loud=loud, place=place, block=block, telling=telling)


def _in_number(read: Sequence[Token], at: int) -> bool:
    """Return whether a sign stands between figures, as in a time or with thousands: it ends nothing."""
    if not 0 < at < len(read) - 1 or read[at].kind is not Kind.SIGN:
        return False
    before, after = read[at - 1], read[at + 1]
    return before.kind is after.kind is Kind.NUMBER and read[at].gap == after.gap == 0


def _loud(said: str) -> bool:
    cased = [letter for letter in said if letter.isupper() or letter.islower()]
    return bool(cased) and sum(letter.isupper() for letter in cased) > _LOUD * len(cased)


def _tags(bare: Sequence[str], at: int, language: Language, raw: str) -> dict[Tag, int]:
    words, found = lexicon(language), dict[Tag, int]()
    near, far = forms(bare[at], language)
    for form in far:
        for entry in _starting(words, form):
            if (form in near or entry.tag not in NEAR) and _follows(bare, at, entry, language):
                found[entry.tag] = max(found.get(entry.tag, 0), len(entry.pieces))
    if language in _PLURALS and bare[at].endswith("s") and _occupation(words, bare[at][:-1]):
        found.setdefault(Tag.UNNAMED, 1)
    if raw in _ACCENTED:
        found.pop(Tag.AUX, None)
    return found


def _occupation(words: Lexicon, singular: str) -> bool:
    """Return whether a word is somebody's occupation: more of them are people whom nobody names."""
    return any(entry.tag is Tag.PRIVATE and len(entry.pieces) == 1 for entry in words.whole.get(singular, ()))


def _starting(words: Lexicon, form: str) -> list[Entry]:
    stems = (words.stems.get(form[:size], ()) for size in range(3, len(form) + 1))
    return [*words.whole.get(form, ()), *(entry for some in stems for entry in some)]


def _follows(bare: Sequence[str], at: int, entry: Entry, language: Language) -> bool:
    if at + len(entry.pieces) > len(bare):
        return False
    return all(
        any(form.startswith(piece) if stem else form == piece for form in forms(bare[at + n], language)[1])
        for n, (piece, stem) in enumerate(entry.pieces[1:], 1)
    )
