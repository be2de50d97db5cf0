"""A name is offered as it stands: without the word that opens its clause, and with one that is spelt as a verb."""

from datetime import date
from typing import Final

import pytest

from quartet.intake.dates import Language
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
OFFERED: Final[list[tuple[Language, str, str]]] = [
    ("en", "A loud bang was heard at the quay, according to what police said.", "police"),
    ("en", "A mill burned at Stag, according to what the Orm police said.", "the Orm police"),
    ("en", "A mill burned at Stag, according to what the mayor told reporters.", "the mayor"),
]


def told(language: Language, text: str) -> tuple[Suggestion, ...]:
    """Return what a page of one paragraph tells."""
    block = Block(Span(0, len(text)), BlockKind.BODY)
    return suggest(Page(text, (block,), language=language, published=TODAY), TODAY).suggestions


@pytest.mark.parametrize(("language", "text", "name"), OFFERED)
def test_whoever_is_told_to_have_said_it_is_offered_without_the_word_that_opens_the_clause(
    language: Language, text: str, name: str
) -> None:
    (one,) = told(language, text)

    assert one.saying.speaker is None
    assert [offer.speaker.of(text) for offer in one.offered if offer.speaker is not None] == [name]


def test_a_body_of_the_state_is_offered_whole() -> None:
    text = "The Orm state railway said that a train had come off the rails at Stag."
    (one,) = told("en", text)

    assert [offer.root.of(text) for offer in one.offered if offer.root is not None] == ["The Orm state railway"]
