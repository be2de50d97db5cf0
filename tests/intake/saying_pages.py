"""Pages of one paragraph to try attribution on, with what is expected of a sentence."""

from typing import Final, NamedTuple

from quartet.intake.dates import Language
from quartet.intake.sayings import Saying, governing, sayings
from quartet.intake.texts import Block, BlockKind, Page, Span, sentences

OUTLETS: Final[dict[Language, str]] = {
    "en": "Ollerby Gazette",
    "fr": "La Gazette",
    "ru": "Вестник долины",
    "ar": "صحيفة الوادي",
    "fa": "روزنامهٔ دره",
}


class Case(NamedTuple):
    """A text and what governs one of its sentences, the last where none is told."""

    text: str
    speaker: str | None = None
    root: str | None = None
    unnamed: str | None = None
    relays: tuple[str, ...] = ()
    sentence: int = -1

    @property
    def expected(self) -> tuple[str | None, str | None, str | None, tuple[str, ...]]:
        """What `told` is to return."""
        return self.speaker, self.root, self.unnamed, self.relays


def made(
    language: Language | None, *blocks: tuple[str, BlockKind], outlet: str | None = None, agency: str | None = None
) -> Page:
    """Return a page of blocks, with the first place of the outlet and the last of the agency."""
    text, placed = "", list[Block]()
    for words, kind in blocks:
        text += " " if text else ""
        placed.append(Block(place=Span(len(text), len(text) + len(words)), kind=kind))
        text += words
    published = None if outlet is None else Span(text.find(outlet), text.find(outlet) + len(outlet))
    credited = None if agency is None else Span(text.rfind(agency), text.rfind(agency) + len(agency))
    return Page(text=text, blocks=tuple(placed), language=language, outlet=published, agency=credited)


def attribution(page: Page, place: Span) -> Saying:
    """Return what governs a place of a page."""
    return governing(sayings(page), place)


def told(case: Case, language: Language) -> tuple[str | None, str | None, str | None, tuple[str, ...]]:
    """Return speaker, root, words for a source without a name, and relays of a sentence in a newspaper."""
    outlet = OUTLETS[language]
    page = made(language, (outlet, BlockKind.FURNITURE), (case.text, BlockKind.BODY), outlet=outlet)
    return governs(page, sentences(page)[case.sentence].place)


def governs(page: Page, place: Span) -> tuple[str | None, str | None, str | None, tuple[str, ...]]:
    """Return the words of what governs a place."""
    found = attribution(page, place)
    speaker, root, unnamed = (
        None if one is None else one.of(page.text) for one in (found.speaker, found.root, found.unnamed)
    )
    return speaker, root, unnamed, tuple(one.of(page.text) for one in found.relays)
