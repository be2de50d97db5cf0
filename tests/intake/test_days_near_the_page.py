"""A day without a year that comes soon after the page's own may be of either year, and stays open."""

from datetime import date
from typing import Final

import pytest

from quartet.intake.dates import Language
from quartet.intake.events import When, happenings
from quartet.intake.texts import Block, BlockKind, Page, Span

PUBLISHED: Final = date(2026, 3, 30)
TODAY: Final = date(2026, 11, 29)


def day(language: Language, text: str) -> When | None:
    """Return the day of the one event that a sentence tells, on a page of the 30th of March 2026."""
    block = Block(Span(0, len(text)), BlockKind.BODY)
    (one,) = happenings(Page(text, (block,), language=language, published=PUBLISHED), today=TODAY)
    return one.date


@pytest.mark.parametrize(
    ("language", "text", "candidates"),
    [
        ("en", "A fire broke out in Kelm on 31 March, the police said.", (date(2025, 3, 31), date(2026, 3, 31))),
        ("fr", "Une explosion a touché le pont de Rive-Haute le 2 avril.", (date(2025, 4, 2), date(2026, 4, 2))),
        ("fa", "در ۱۲ فروردین انفجاری در بندر رخ داد، پلیس گفت.", (date(2025, 4, 1), date(2026, 4, 1))),
    ],
)
def test_a_day_soon_after_the_page_is_of_this_year_or_of_the_last(
    language: Language, text: str, candidates: tuple[date, ...]
) -> None:
    found = day(language, text)

    assert found is not None
    assert (found.first, found.year_open, found.candidates) == (None, True, candidates)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A fire broke out in Kelm on 29 March, the police said.", date(2026, 3, 29)),
        ("A fire broke out in Kelm on 28 December, the police said.", date(2025, 12, 28)),
        ("A fire broke out in Kelm on 31 March 2025, the police said.", date(2025, 3, 31)),
    ],
)
def test_a_day_before_the_page_or_with_its_year_is_closed(text: str, first: date) -> None:
    found = day("en", text)

    assert found is not None
    assert (found.first, found.year_open) == (first, False)
