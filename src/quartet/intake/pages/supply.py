"""Find the agency that supplied a page's words: named in its dateline, its byline, a source line or under the text.

Whose the pictures are, who advertises and who speaks in the text is none. A name that may be a person's, or that is not
the only one, is none either: a blank is better.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates.spelling import Kind, Token
from quartet.intake.pages.datelines import dateline
from quartet.intake.pages.kinds import Told
from quartet.intake.pages.naming import Name, agency_like, bare, name_after, stands_for
from quartet.intake.pages.notes import SHORT
from quartet.intake.pages.outlet import name_of
from quartet.intake.pages.pieces import pieces
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import BlockKind, Span

_LONGEST: Final = 200
"""Characters of a line, and of a piece of one, that may name who supplied the words."""
_SENTENCE: Final = re.compile(r"[|·•‧∙؛;]|\s[-–—]\s|[.!?؟]\s|[.!?؟]$")
_COLON: Final = frozenset(":-–—©")
_MAX_LOOKED_AT: Final = 150
"""How many lines from the beginning and from the end may be source lines."""
_ONE: Final = 3
_LINE_OF_ITS_OWN: Final = 60
_BEFORE: Final = 24
_BODY_ENDS: Final = 3
"""How many lines at the end of the text may be a source line or initials."""


class _Claim(NamedTuple):
    """A name that is said to have supplied the words, and whether only the label says that it is no person's."""

    place: Span
    weak: bool


def agency(told: Told, outlet: Span | None) -> Span | None:
    """Return who supplied the words, and tell the lines that say so from the rest."""
    text = told.source.text
    own = name_of(outlet.of(text)) if outlet is not None else ()
    first = dateline(told)
    known = {bare(first.place.of(text))} if first is not None else set[Name]()
    claims = list[Span]()
    for number in _source_lines(told):
        for claim in _claims(told, number):
            name = bare(claim.place.of(text))
            if not name or _is_own(name, own) or (claim.weak and not _borne_out(told, claim.place, name, known)):
                continue
            claims.append(claim.place)
            _mark(told, number)
    if first is not None and (first.sure or _is_known(told, first.place, own, claims)):
        claims.insert(0, first.place)
    if not claims:
        return None
    name = bare(claims[0].of(text))
    chosen = next((one for one in claims if stands_for(name, _heard(text, one))), claims[0])
    full, names = _heard(text, chosen), [bare(one.of(text)) for one in claims]
    return chosen if all(_alike(one, bare(chosen.of(text))) or stands_for(one, full) for one in names) else None


def _said_to_be_one(text: str, place: Span) -> bool:
    """Return whether the word for an agency stands right before a name, or in it at its head."""
    before = spoken(said(text, max(0, place.start - _BEFORE), place.start))
    within = spoken(said(text, place.start, place.end))
    heads = any(phrases("agency_first").at(before, at) == len(before) - at for at in range(len(before)))
    return heads or (len(within) > 1 and phrases("agency_first").at(within, 0) > 0)


def _is_known(told: Told, place: Span, own: Name, claims: list[Span]) -> bool:
    """Return whether a name in a dateline that may be a place's is one that the page calls an agency elsewhere."""
    text = told.source.text
    name = bare(place.of(text))
    alike = any(_alike(name, bare(claim.of(text))) for claim in claims)
    return alike or _is_own(name, own) or _called_an_agency(told, name) or agency_like(_heard(text, place))


def _heard(text: str, place: Span) -> list[Token]:
    return spoken(said(text, place.start, place.end))


def _mark(told: Told, number: int) -> None:
    if told.kinds[number] not in (BlockKind.TITLE, BlockKind.BYLINE):
        told.kinds[number] = BlockKind.SOURCE


def _alike(one: Name, other: Name) -> bool:
    return one == other or set(one) <= set(other) or set(other) <= set(one)


def _is_own(name: Name, own: Name) -> bool:
    """Return whether a name is the outlet's own: a part of it, or more of it."""
    return bool(own) and (set(name) <= set(own) or set(own) <= set(name))


def _borne_out(told: Told, place: Span, name: Name, known: set[Name]) -> bool:
    """Return whether something beside a label that may name a person says that a name is an agency's."""
    text = told.source.text
    quoted = text[max(0, place.start - 1) : place.start] in ("«", "“", '"', "„") and place.start > 0
    said_so = _said_to_be_one(text, place)
    if (
        quoted
        or said_so
        or agency_like(spoken(said(text, place.start, place.end)))
        or any(_alike(name, one) for one in known)
    ):
        return True
    return _called_an_agency(told, name)


def _called_an_agency(told: Told, name: Name) -> bool:
    """Return whether the text itself calls somebody of the name an agency."""
    for number, kind in enumerate(told.kinds):
        words = told.spoken[number]
        if kind is not BlockKind.BODY:
            continue
        for at in range(len(words) - len(name)):
            length = phrases("generic").at(words, at)
            if length and tuple(word.text for word in words[at + length : at + length + len(name)]) == name:
                return True
    return False


def _source_lines(told: Told) -> Iterator[int]:
    """Yield the lines that may name who supplied the words: none is a paragraph of the text, a caption or a menu."""
    body = [number for number, kind in enumerate(told.kinds) if kind is BlockKind.BODY]
    ends = set(body[-_BODY_ENDS:]) | set(body[:1])
    for number, line in enumerate(told.lines):
        kind = told.kinds[number]
        if _MAX_LOOKED_AT <= number < len(told.lines) - _MAX_LOOKED_AT:
            continue
        if line.length > _LONGEST or kind in (BlockKind.TITLE, BlockKind.CAPTION) or line.linked * 2 > line.length:
            continue
        if kind is not BlockKind.BODY or (number in ends and line.length <= SHORT):
            yield number


def _claims(told: Told, number: int) -> Iterator[_Claim]:
    text, line, kind = told.source.text, told.lines[number], told.kinds[number]
    for start, end in pieces(text, line.start, line.end, _SENTENCE):
        words = said(text, start, end)
        if not words or _is_of_other_matter(spoken(words)):
            continue
        yield from _labelled(text, words, in_text=kind is BlockKind.BODY)
        yield from _rights(text, start, end, words)
        if kind is BlockKind.BYLINE:
            yield from _byline(text, start, end)
    if kind is BlockKind.BODY:
        yield from _sign_off(text, line.start, line.end)


def _is_of_other_matter(heard: list[Token]) -> bool:
    """Return whether a piece of a line begins with a picture, the weather, a partner: that is no word of the text."""
    return any(phrases(name).first(heard[:3]) is not None for name in ("credit", "other_matter"))


def _labelled(text: str, words: list[Token], in_text: bool) -> Iterator[_Claim]:
    """Yield the name behind a label and a colon, or behind what says that somebody supplied the words."""
    heard = spoken(words)
    for name in ("source", "text_by"):
        length = phrases(name).at(heard, 0)
        after = [token for token in words if length and token.start >= heard[length - 1].end]
        if length and after and (after[0].text in _COLON or text[after[0].start] in _COLON):
            yield from _claim(text, after[1:], weak=name == "text_by")
            return
    hit = phrases("supplied").first(heard)
    if hit is not None and (hit.first <= 4 or not in_text):
        yield from _claim(text, [token for token in words if token.start >= heard[hit.after - 1].end], weak=True)
        return
    length = phrases("source_with").at(heard, 0)
    if length > 1 and text[heard[length - 1].start].isupper() and phrases("agency_first").at(heard, length - 1):
        length -= 1  # "with the Agence Lumen": the word is of the name
    said_so = length > 0 and phrases("generic").first(heard[1 : length + 1]) is not None
    alone = not in_text or (said_so and words[-1].end - words[0].start <= _LINE_OF_ITS_OWN)
    if length and alone and len(heard) <= length + 5:
        yield from _claim(text, [token for token in words if token.start >= heard[length - 1].end], weak=not said_so)


def _claim(text: str, words: list[Token], weak: bool) -> Iterator[_Claim]:
    place = name_after(text, words)
    if place is not None and not _names_another(text, [token for token in words if token.start >= place.end]):
        yield _Claim(place, weak)


def _names_another(text: str, rest: list[Token]) -> bool:
    """Return whether what follows a name is one more name: two have supplied the words, and neither is the agency."""
    heard = spoken(rest)
    parted = bool(rest) and rest[0].text in (",", "/", "+")
    length = phrases("and").at(heard, 0)
    if not heard or not (parted or length):
        return False
    other = name_after(text, [token for token in rest if token.start >= heard[min(length, len(heard) - 1)].start])
    return other is not None and not phrases("name_ends").at(heard, 0)


_SIGN: Final = re.compile(r"[©Ⓒⓒ]|\([cC]\)")


def _rights(text: str, start: int, end: int, words: list[Token]) -> Iterator[_Claim]:
    """Yield the name that has the rights to the text, where a line says so of the text and not of all."""
    sign = _SIGN.search(text, start, end)
    heard = spoken(words)
    hit = phrases("for_text").first(heard, 1)
    if sign is not None and hit is not None:
        behind = [token for token in words if sign.end() <= token.start < heard[hit.first].start]
        yield from _claim(text, [token for token in behind if token.kind is not Kind.NUMBER], weak=False)


_AND: Final = re.compile(r"[,،;/]|\s(?:and|et|и|و|with|avec|с|مع|با)\s")


def _byline(text: str, start: int, end: int) -> Iterator[_Claim]:
    """Yield the names of a byline that are like an agency's."""
    for first, last in pieces(text, start, end, _AND):
        words = said(text, first, last)
        if _is_of_other_matter(spoken(words)):
            continue
        length = phrases("by").at(spoken(words), 0)
        rest = [token for token in words if not length or token.start >= spoken(words)[length - 1].end]
        while rest and rest[-1].kind is not Kind.WORD:
            rest = rest[:-1]
        place = name_after(text, rest)
        whole = place is not None and place.end >= rest[-1].end
        if place is not None and whole and agency_like(spoken(rest)) and _is_one_name(spoken(rest)):
            yield _Claim(place, weak=False)


def _is_one_name(heard: list[Token]) -> bool:
    """Return whether a name of a byline is short enough not to have somebody's name before it."""
    return len(heard) <= _ONE or phrases("agency_first").at(heard, 0) > 0


def _sign_off(text: str, start: int, end: int) -> Iterator[_Claim]:
    """Yield the name in a line of its own at the end: in brackets, or behind somebody's initials."""
    words = text[start:end]
    if words.startswith("(") and words.rstrip(".").endswith(")"):
        yield from _claim(text, said(text, start + 1, start + words.rindex(")")), weak=True)
    initials = _INITIALS.match(words)
    if initials is not None:
        yield from _claim(text, said(text, start + initials.end(), end), weak=True)


_INITIALS: Final = re.compile(r"(?:\w{1,3}[. ]{0,2}){1,3}\s?/\s?(?=\S{2,40}$)")
