"""Read a name behind a label: where it begins, where it ends, and whether it is like an agency's."""

from typing import Final

from quartet.intake.dates.spelling import Kind, Token
from quartet.intake.pages.words import phrases, said, spoken
from quartet.intake.texts import Span

Name = tuple[str, ...]
_MAX_WORDS: Final = 6
_YEAR: Final = 4
"""Figures of a number that is a year or longer, and no part of a name."""
_FEWEST_LETTERS: Final = 2
_SMALL_WORD: Final = 3
_OPENING: Final = {"«": "»", "“": "”", "„": "“", '"': '"', "‹": "›"}
_STOPS: Final = frozenset(",.:()/+")
_LINKS: Final = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l", "of", "the", "for", "and", "et", "и", "в", "по"}
)
"""Small words that may stand within a name."""


def bare(words: str) -> Name:
    """Return a name in one spelling, without the word for what it is and without an article."""
    heard = spoken(said(words, 0, len(words)))
    start = _skipped(words, heard, always=True)
    return tuple(token.text for token in heard[start:])


def _skipped(text: str, heard: list[Token], always: bool = False) -> int:
    """Return how many words before a name are none of it: articles, and "agency" where it is no part of the name."""
    at = 0
    while at < len(heard) - 1:
        length = phrases("generic").at(heard, at)
        if length and (always or not _is_capital(text, heard[at + length - 1])):
            at += length
        elif phrases("article").at(heard, at) == 1 and (always or not _is_capital(text, heard[at])):
            at += 1
        else:
            break
    return min(at, len(heard) - 1) if heard else 0


def _is_capital(text: str, token: Token) -> bool:
    return text[token.start : token.start + 1].isupper()


def _has_case(text: str, token: Token) -> bool:
    letter = text[token.start : token.start + 1]
    return letter.isupper() or letter.islower()


def name_after(text: str, words: list[Token]) -> Span | None:
    """Return the name that begins a run of words; None where it is nobody's, too long, or one of two."""
    heard = spoken(words)
    if not heard:
        return None
    inner = _quoted(text, heard[0].start - 1, words[-1].end)
    skipped = _skipped(text, heard)
    for at in (skipped, phrases("generic").at(heard, 0)):
        if inner is None and 0 < at < len(heard):
            inner = _quoted(text, heard[at].start - 1, words[-1].end)
    if inner is not None:
        return None if staff_like(spoken(said(text, inner.start, inner.end))) else inner
    if staff_like(heard[skipped:]) or _only_describes(heard[skipped:]):
        return None
    spelt = _spelt_out(words, heard[0])
    if spelt is not None:
        return spelt
    kept = _kept(text, [token for token in words if token.start >= heard[skipped].start])
    if (
        not kept
        or staff_like(kept)
        or _only_describes(kept)
        or len(kept) > _MAX_WORDS
        or not any(token.kind is Kind.WORD for token in kept)
    ):
        return None
    whole = skipped > 0 and kept[-1].text.startswith("لل")
    return Span(heard[skipped - 1].start if whole else kept[0].start, kept[-1].end)


def stands_for(short: Name, full: list[Token]) -> bool:
    """Return whether a name of one word is made of the first letters of another's words, small ones left out or not."""
    if len(short) != 1 or len(full) < _FEWEST_LETTERS or len(short[0]) < _FEWEST_LETTERS:
        return False
    large = [word.text for word in full if len(word.text) > _SMALL_WORD]
    return short[0] in {"".join(word[0] for word in some) for some in ([one.text for one in full], large)}


def _spelt_out(words: list[Token], first: Token) -> Span | None:
    """Return the name before a bracket that holds its first letters: "Agency of the Seven Towns (AST)"."""
    opening = next((at for at, token in enumerate(words) if token.text == "("), 0)
    before = [token for token in spoken(words[:opening]) if token.start >= first.start]
    inside = spoken(words[opening : opening + 2])
    if not opening or len(before) > _MAX_WORDS or not stands_for(tuple(one.text for one in inside), before):
        return None
    return Span(before[0].start, before[-1].end)


def _quoted(text: str, opening: int, end: int) -> Span | None:
    """Return what stands in the quotation marks that open at a place."""
    closing = _OPENING.get(text[opening : opening + 1]) if opening >= 0 else None
    at = text.find(closing, opening + 1, end + 2) if closing is not None else -1
    return Span(opening + 1, at) if opening + 1 < at <= opening + 60 else None


def _kept(text: str, words: list[Token]) -> list[Token]:
    """Return the words of a name: up to a stop, to what is said after a name, or to a small word that is no link."""
    kept: list[Token] = []
    heard = spoken(words)
    for token in words:
        if token.kind is Kind.SIGN:
            if token.text in _STOPS or (token.text == "-" and token.gap):
                break
            continue
        if token.kind not in (Kind.WORD, Kind.NUMBER) or (token.kind is Kind.NUMBER and len(token.text) >= _YEAR):
            break
        at = heard.index(token)
        small = _has_case(text, token) and not _is_capital(text, token)
        if (
            phrases("name_ends").at(heard, at)
            or phrases("for_text").at(heard, at)
            or (small and token.text not in _LINKS)
        ):
            break
        kept.append(token)
    while kept and _has_case(text, kept[-1]) and not _is_capital(text, kept[-1]):
        kept.pop()
    return kept


def staff_like(words: list[Token]) -> bool:
    """Return whether some words name the outlet's own people, agencies in general or nobody."""
    length = phrases("staff").at(words, 0)
    return not words or length == len(words) or (length > 0 and not phrases("agency_first").at(words, 0))


def _only_describes(words: list[Token]) -> bool:
    """Return whether some words only say that it is an agency, and not which."""
    lists = [phrases(name) for name in ("agency_first", "agency_last", "generic")]
    return all(any(one.at(words, at) for one in lists) for at in range(len(words)))


def agency_like(words: list[Token]) -> bool:
    """Return whether a name says that it is an agency's: it begins or ends with a word for one, and has another."""
    if len(words) < 2 or staff_like(words):
        return False
    first, last = phrases("agency_first").at(words, 0), phrases("agency_last")
    ends = any(last.at(words, at) == len(words) - at for at in range(max(1, len(words) - 3), len(words)))
    return ends or 0 < first < len(words)
