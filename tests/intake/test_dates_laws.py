"""What holds of every text: spans, reading back, independence of what is around, characters that show nothing."""

import sys
from datetime import date, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.intake.dates import LANGUAGES, Context, Found, Language, find
from quartet.intake.dates.words import COMMON, TABLES

INVISIBLE = "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff\u00ad\u2060"
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
AROUND: dict[Language, tuple[str, str]] = {
    "fr": ("Selon le témoin, la route fut fermée ", " par la commune."),
    "en": ("The witness said that the road closed ", " without a word."),
    "ar": ("وقالت البلدية إن الطريق أغلق ", " كما ذكرت البلدية."),
    "fa": ("شهرداری گفت جاده بسته شد ", " بنا بر گزارش شهرداری."),
    "ru": ("Очевидец рассказал, дорога закрыта ", " сообщила администрация."),
}
PHRASES = sorted(
    {
        one
        for table in (COMMON, *TABLES.values())
        for kind in table.values()
        for said in kind.values()
        for one in said.split("|")
    }
)
languages = st.sampled_from(LANGUAGES)
days = st.dates(date(1900, 1, 1), date(2150, 12, 31))
pieces = st.one_of(
    st.sampled_from(PHRASES),
    st.integers(0, 99999999).map(str),
    st.sampled_from([*" \n-/:.,()+'", " ", " ", "\n\n", "141530Z", "NOV", *INVISIBLE]),
    st.text(max_size=4),
)
texts = st.lists(pieces, max_size=24).map("".join)


def written(day: date, language: Language, digits: str) -> str:
    """Return a day as a language writes it, by its own table."""
    month = TABLES[language]["month"][day.month].split("|")[0]
    said = f"{month.capitalize()} {day.day}, {day.year}" if language == "en" else f"{day.day} {month} {day.year}"
    return said.translate(str.maketrans(DIGITS[0], digits))


def meaning(found: Found) -> tuple[object, ...]:
    """Return everything but the place."""
    return found.words, found.rule, found.precision, found.said, found.readings, found.open, found.about


@given(texts, languages, st.none() | days, st.none() | st.tuples(st.integers(-5, 20000), st.integers(-5, 20000)))
@settings(max_examples=400)
def test_any_text_gives_spans_within_it_in_order(
    text: str, language: Language, published: date | None, years: tuple[int, int] | None
) -> None:
    found = find(text, language, Context(published=published, years=years))

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.words == text[one.start : one.end] for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(reading.first < reading.until for one in found for reading in one.readings)


@given(days, languages, st.sampled_from(DIGITS))
def test_a_day_written_in_a_language_is_read_back(day: date, language: Language, digits: str) -> None:
    before, after = AROUND[language]
    said = written(day, language, digits)

    (found,) = find(before + said + after, language)

    assert found.words == said
    assert found.start == len(before)
    (reading,) = found.readings
    midnight = datetime(day.year, day.month, day.day)
    assert (reading.first, reading.until) == (midnight, midnight + timedelta(1))
    assert not found.open


@given(days, languages, st.data())
def test_what_shows_nothing_changes_nothing(day: date, language: Language, data: st.DataObject) -> None:
    said = written(day, language, DIGITS[0])
    places = data.draw(st.lists(st.integers(1, len(said) - 1), max_size=6))
    hidden = said
    for place in sorted(places, reverse=True):
        hidden = hidden[:place] + data.draw(st.sampled_from(INVISIBLE)) + hidden[place:]
    before, after = AROUND[language]

    (found,) = find(before + hidden + after, language)

    assert found.words == hidden
    assert found.readings == find(said, language)[0].readings


@given(texts, languages, days)
@settings(max_examples=200)
def test_what_is_found_does_not_depend_on_the_text_around(text: str, language: Language, published: date) -> None:
    context = Context(published=published)
    alone = find(text, language, context)

    framed = find(f"\n\n§ {text} §\n\n", language, context)

    assert [meaning(one) for one in framed] == [meaning(one) for one in alone]


@pytest.mark.parametrize("unit", ["1", "1 1 1\n", "\u0301", "1\u200b"])
def test_a_megabyte_of_nothing_is_read_to_its_end(unit: str) -> None:
    """Were it read in more than so many steps a character, it would outlast what a test may take."""
    assert find((unit * 1_000_000)[:1_000_000], "fr") == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "unit",
    [
        "1/",
        "12:",
        "3-",
        "3 mai ",
        "du 3 au ",
        "3 и ",
        "в ночь на ",
        "من 3 ",
        "از ۳ تا ",
        "-",
        "(",
        "141530Z ",
        "d'",
        "to 3 May ",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_many_steps(unit: str, language: Language) -> None:
    def taken(length: int) -> int:
        steps = count()
        before = sys.getprofile()
        sys.setprofile(lambda *_: next(steps))
        try:
            find((unit * length)[:length], language)
        finally:
            sys.setprofile(before)
        return next(steps)

    taken(1_000)

    assert taken(8_000) < 5 * taken(2_000) + 1_000
