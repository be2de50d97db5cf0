"""What each language's words mean: one text, the words found in it, and what they can be."""

from datetime import date

import pytest

from quartet.intake.dates import Calendar, Context, Found, Language, Open, find, order_of

PAGE = Context(published=date(2026, 11, 27))
"""A Friday."""
Row = tuple[str, str, str]
"""The text, the words found, and the first and the last minute that they can mean: the likeliest reading."""
FRENCH: list[Row] = [
    ("le 1er mai 2026", "1er mai 2026", "2026-05-01 00:00/2026-05-02 00:00"),
    ("le samedi 14 nov. 2026 à 15 h 30", "samedi 14 nov. 2026 à 15 h 30", "2026-11-14 15:30/2026-11-14 15:31"),
    ("du 3 au 5 mai 2026", "3 au 5 mai 2026", "2026-05-03 00:00/2026-05-06 00:00"),
    ("du 28 décembre au 3 janvier 2026", "28 décembre au 3 janvier 2026", "2025-12-28 00:00/2026-01-04 00:00"),
    ("vu hier soir, vers 21h15", "hier soir, vers 21h15", "2026-11-26 21:15/2026-11-26 21:16"),
    ("dans la nuit de lundi à mardi", "dans la nuit de lundi à mardi", "2026-11-23 18:00/2026-11-24 08:00"),
    ("dans la nuit du 3 au 4 mai 2026", "dans la nuit du 3 au 4 mai 2026", "2026-05-03 18:00/2026-05-04 08:00"),
    ("mardi dernier", "mardi dernier", "2026-11-24 00:00/2026-11-25 00:00"),
    ("il y a trois jours", "il y a trois jours", "2026-11-24 00:00/2026-11-25 00:00"),
    ("fin août 2025", "fin août 2025", "2025-08-19 00:00/2025-09-01 00:00"),
    ("au printemps 2024", "au printemps 2024", "2024-03-01 00:00/2024-06-22 00:00"),
    ("le 03/04/2026", "03/04/2026", "2026-04-03 00:00/2026-04-04 00:00"),
]
ENGLISH: list[Row] = [
    ("on November 14, 2026 at 3 pm", "November 14, 2026 at 3 pm", "2026-11-14 15:00/2026-11-14 16:00"),
    ("the 14th of November 2026", "14th of November 2026", "2026-11-14 00:00/2026-11-15 00:00"),
    ("2026-11-14T15:30:05Z", "2026-11-14T15:30:05Z", "2026-11-14 15:30/2026-11-14 15:30 +0"),
    ("141530ZNOV26", "141530ZNOV26", "2026-11-14 15:30/2026-11-14 15:31 +0"),
    ("141530A NOV 26", "141530A NOV 26", "2026-11-14 15:30/2026-11-14 15:31 +60"),
    ("141530YNOV26", "141530YNOV26", "2026-11-14 15:30/2026-11-14 15:31 -720"),
    ("in the night to Tuesday", "in the night to Tuesday", "2026-11-23 18:00/2026-11-24 08:00"),
    ("early on Tuesday", "early on Tuesday", "2026-11-24 00:00/2026-11-24 09:00"),
    ("the night of 3 to 4 May 2026", "the night of 3 to 4 May 2026", "2026-05-03 18:00/2026-05-04 08:00"),
    ("last Tuesday", "last Tuesday", "2026-11-24 00:00/2026-11-25 00:00"),
    (
        "at a quarter past nine on Monday evening",
        "a quarter past nine on Monday evening",
        "2026-11-23 21:15/2026-11-23 21:16",
    ),
    ("1530 hours UTC+3 on 5 May 2026", "1530 hours UTC+3 on 5 May 2026", "2026-05-05 15:30/2026-05-05 15:31 +180"),
    ("yesterday evening", "yesterday evening", "2026-11-26 16:00/2026-11-27 00:00"),
    ("summer 2024", "summer 2024", "2024-06-01 00:00/2024-09-24 00:00"),
]
ARABIC: list[Row] = [
    ("السبت 14 تشرين الثاني 2026", "السبت 14 تشرين الثاني 2026", "2026-11-14 00:00/2026-11-15 00:00"),
    ("١٤ تشرين الثاني/نوفمبر ٢٠٢٦", "١٤ تشرين الثاني/نوفمبر ٢٠٢٦", "2026-11-14 00:00/2026-11-15 00:00"),
    ("14 أوت 2026", "14 أوت 2026", "2026-08-14 00:00/2026-08-15 00:00"),
    ("14 أغسطس 2026", "14 أغسطس 2026", "2026-08-14 00:00/2026-08-15 00:00"),
    ("14 آب 2026", "14 آب 2026", "2026-08-14 00:00/2026-08-15 00:00"),
    ("الرابع عشر من نوفمبر 2026", "الرابع عشر من نوفمبر 2026", "2026-11-14 00:00/2026-11-15 00:00"),
    ("وأمس", "أمس", "2026-11-26 00:00/2026-11-27 00:00"),
    ("مساء الثلاثاء الماضي", "مساء الثلاثاء الماضي", "2026-11-24 16:00/2026-11-25 00:00"),
    ("ليلة الاثنين الثلاثاء", "ليلة الاثنين الثلاثاء", "2026-11-23 18:00/2026-11-24 08:00"),
    ("قبل يومين", "قبل يومين", "2026-11-25 00:00/2026-11-26 00:00"),
    ("من 3 إلى 5 أيار 2025", "3 إلى 5 أيار 2025", "2025-05-03 00:00/2025-05-06 00:00"),
]
PERSIAN: list[Row] = [
    ("شنبه ۲۳ آبان ۱۴۰۵ ساعت ۱۵:۳۰", "شنبه ۲۳ آبان ۱۴۰۵ ساعت ۱۵:۳۰", "2026-11-14 15:30/2026-11-14 15:31"),
    ("۱۴۰۵/۰۸/۲۳", "۱۴۰۵/۰۸/۲۳", "2026-11-14 00:00/2026-11-15 00:00"),
    ("بیست و سوم آبان ۱۴۰۵", "بیست و سوم آبان ۱۴۰۵", "2026-11-14 00:00/2026-11-15 00:00"),
    ("۱۴ نوامبر ۲۰۲۶", "۱۴ نوامبر ۲۰۲۶", "2026-11-14 00:00/2026-11-15 00:00"),
    ("از ۳ تا ۵ آبان ۱۴۰۵", "۳ تا ۵ آبان ۱۴۰۵", "2026-10-25 00:00/2026-10-28 00:00"),
    ("دیروز", "دیروز", "2026-11-26 00:00/2026-11-27 00:00"),
    ("سه‌شنبه گذشته", "سه‌شنبه گذشته", "2026-11-24 00:00/2026-11-25 00:00"),
    ("سه روز پیش", "سه روز پیش", "2026-11-24 00:00/2026-11-25 00:00"),
    ("ساعت ۳ بعدازظهر روز جمعه", "۳ بعدازظهر روز جمعه", "2026-11-20 15:00/2026-11-20 16:00"),
    ("۳ تیر ۱۴۰۴", "۳ تیر ۱۴۰۴", "2025-06-24 00:00/2025-06-25 00:00"),
]
RUSSIAN: list[Row] = [
    (
        "в субботу, 14 ноября 2026 года, в 15:30",
        "субботу, 14 ноября 2026 года, в 15:30",
        "2026-11-14 15:30/2026-11-14 15:31",
    ),
    ("14 нояб. 2026 г.", "14 нояб. 2026 г.", "2026-11-14 00:00/2026-11-15 00:00"),
    ("14.11.2026", "14.11.2026", "2026-11-14 00:00/2026-11-15 00:00"),
    ("3-5 мая 2026", "3-5 мая 2026", "2026-05-03 00:00/2026-05-06 00:00"),
    ("в минувший вторник", "минувший вторник", "2026-11-24 00:00/2026-11-25 00:00"),
    ("в ночь на вторник", "в ночь на вторник", "2026-11-23 18:00/2026-11-24 08:00"),
    ("в ночь с 3 на 4 мая 2026", "в ночь с 3 на 4 мая 2026", "2026-05-03 18:00/2026-05-04 08:00"),
    ("в 3 часа ночи 5 мая 2026 года", "3 часа ночи 5 мая 2026 года", "2026-05-05 03:00/2026-05-05 04:00"),
    ("в 10:25 мск 5 мая 2026", "10:25 мск 5 мая 2026", "2026-05-05 10:25/2026-05-05 10:26 +180"),
    ("вчера вечером", "вчера вечером", "2026-11-26 16:00/2026-11-27 00:00"),
    ("на прошлой неделе", "прошлой неделе", "2026-11-16 00:00/2026-11-23 00:00"),
]


def likeliest(found: Found) -> str:
    """Return the first reading as a row says it."""
    first, until, offset = found.readings[0].first, found.readings[0].until, found.readings[0].offset_min
    return f"{first:%Y-%m-%d %H:%M}/{until:%Y-%m-%d %H:%M}" + ("" if offset is None else f" {offset:+d}")


def check(row: Row, language: Language) -> None:
    text, words, meant = row
    found = {one.words: one for one in find(text, language, PAGE)}

    assert words in found, list(found)
    assert likeliest(found[words]) == meant


@pytest.mark.parametrize("row", FRENCH, ids=lambda row: row[0])
def test_french_says_when(row: Row) -> None:
    check(row, "fr")


@pytest.mark.parametrize("row", ENGLISH, ids=lambda row: row[0])
def test_english_says_when(row: Row) -> None:
    check(row, "en")


@pytest.mark.parametrize("row", ARABIC, ids=lambda row: row[0])
def test_arabic_says_when(row: Row) -> None:
    check(row, "ar")


@pytest.mark.parametrize("row", PERSIAN, ids=lambda row: row[0])
def test_persian_says_when(row: Row) -> None:
    check(row, "fa")


@pytest.mark.parametrize("row", RUSSIAN, ids=lambda row: row[0])
def test_russian_says_when(row: Row) -> None:
    check(row, "ru")


def test_a_year_that_is_not_said_stays_open_however_few_fit() -> None:
    (found,) = find("le samedi 7 novembre", "fr", Context(years=(2019, 2026)))

    assert [one.first.year for one in found.readings] == [2020, 2026]
    assert found.year_open
    (only,) = find("le samedi 7 novembre", "fr", Context(years=(2024, 2026)))
    assert [one.first.year for one in only.readings] == [2026]
    assert only.year_open
    (bare,) = find("le samedi 7 novembre", "fr")
    assert bare.readings == ()
    assert bare.year_open


def test_the_order_of_numbers_stays_open_in_english_unless_the_page_says_it() -> None:
    (found,) = find("on 03/04/2026", "en")
    (told,) = find("on 03/04/2026", "en", Context(order="mdy"))

    assert {one.first.month for one in found.readings} == {3, 4}
    assert found.open == (Open.ORDER,)
    assert [one.first.month for one in told.readings] == [3]
    assert order_of("on 25/04/2026 and on 03/04/2026", "en") == "dmy"
    assert order_of("on 04/25/2026", "en") == "mdy"
    assert order_of("on 04/25/2026, 25/04/2026", "en") is None


def test_without_a_day_of_publication_what_is_relative_stays_so() -> None:
    texts: list[tuple[str, Language]] = [
        ("hier soir", "fr"),
        ("أمس", "ar"),
        ("دیروز", "fa"),
        ("вчера", "ru"),
        ("yesterday", "en"),
    ]
    for text, language in texts:
        (found,) = find(text, language)

        assert found.readings == ()
        assert found.open == (Open.REFERENCE,)
        assert found.said.relative == "-1 day"


def test_a_day_told_from_another_day_of_the_text_is_not_told_from_the_publication() -> None:
    (found,) = find("la veille", "fr", PAGE)

    assert found.readings == ()
    assert found.open == (Open.REFERENCE,)


def test_a_count_of_years_later_is_told_from_the_text() -> None:
    texts: list[tuple[str, Language]] = [("سه سال بعد", "fa"), ("через три дня", "ru"), ("dans trois jours", "fr")]
    for text, language in texts:
        (found,) = find(text, language, PAGE)

        assert found.readings == ()
        assert found.open == (Open.REFERENCE,)


def test_a_hijri_date_is_found_and_not_converted() -> None:
    (found,) = find("12 ربيع الأول 1448 هـ", "ar", PAGE)

    assert (found.said.calendar, found.said.year, found.said.month, found.said.day) == (Calendar.HIJRI, 1448, 3, 12)
    assert found.readings == ()
    assert found.open == (Open.CALENDAR,)


@pytest.mark.parametrize("letter", "ABCDEFGHIKLMNOPQRSTUVWXYZ")
def test_every_zone_letter_but_juliett_is_read(letter: str) -> None:
    (found,) = find(f"141530{letter}NOV26", "ru")

    assert found.said.zone == letter
    assert found.readings[0].offset_min is not None
    assert find("141530JNOV26", "ru") == find("141530J NOV 26", "en") == ()


def test_a_weekday_that_fits_no_day_said_is_pointed_at() -> None:
    (found,) = find("mardi 14 novembre 2026", "fr")

    assert Open.WEEKDAY in found.open
    assert found.readings[0].first.date() == date(2026, 11, 14)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He may come and march on; the sun sat low. Ratio 3/4, version 1.2.26, host 192.168.10.20.", "en"),
        ("۳ تیر شلیک شد", "fa"),
        ("sept personnes sur sept", "fr"),
        ("au bord de la mer, le jeu dura 15 heures", "fr"),
        ("مارس الناس حياتهم، وآب البحار، وبلغ الربيع", "ar"),
        ("31/02/2026, 45:10, 32 мая", "en"),
    ],
)
def test_words_that_only_look_like_a_date_are_left(text: str, language: Language) -> None:
    assert find(text, language, PAGE) == ()


@pytest.mark.parametrize(
    ("text", "language", "year"),
    [
        ("13 ноября, пятница, 2026", "ru", 2026),
        ("13 ноября, пятница, 2026 года", "ru", 2026),
        ("13 novembre, vendredi, 2026", "fr", 2026),
        ("13 November, Friday, 2026", "en", 2026),
        ("13 نوفمبر، الجمعة، 2026", "ar", 2026),
        ("22 آبان، جمعه، 1405", "fa", 1405),
        ("13 ноября, в пятницу, 2000 человек", "ru", None),
    ],
)
def test_a_year_behind_a_bare_weekday_ends_the_date(text: str, language: Language, year: int | None) -> None:
    (found,) = find(text, language, PAGE)

    assert found.said.year == year
    assert (Open.YEAR in found.open) is (year is None)
