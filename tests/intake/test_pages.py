"""Pages: what of them is text, when they were published, by whom, and from which agency; and officers' reports."""

from datetime import date
from pathlib import Path

import pytest
from check import visible
from hypothesis import given
from hypothesis import strategies as st
from score_pages import HERE, faults_of, page_of

from quartet.intake.pages import read
from quartet.intake.texts import TELLING, BlockKind, Page

FOLDERS = sorted(folder for folder in (HERE / "tuned").iterdir() if folder.is_dir())
TEXT = {
    "en": "The bridge over the Wend was closed on Monday after a crack was seen in it, the road office said.",
    "fr": "Le pont sur la Sarve a été fermé lundi après la découverte d'une fissure, a indiqué la voirie du canton.",
    "ru": "Мост через Венду закрыли в понедельник после того, как на нём увидели трещину, сообщило управление дорог.",
    "ar": "أُغلق الجسر على نهر الوند يوم الاثنين بعد ظهور شق فيه، وفق ما أعلنته دائرة الطرق التي قالت إنه خطر.",
    "fa": "پل روی رود وند روز دوشنبه پس از دیده شدن ترک در آن بسته شد، ادارهٔ راه این را اعلام کرد.",
}


def page(body: str, head: str = "") -> Page:
    """Return a page of some markup."""
    return read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "html")


def article(language: str, dateline: str = "", byline: str = "", foot: str = "") -> Page:
    """Return an article of two paragraphs with a masthead and a foot."""
    top = '<div class="logo">The Ledger</div>'
    title = f"<h1>A headline of some words</h1><div class=meta>{byline}</div>"
    text = f"{title}<p>{dateline}{TEXT[language]}</p><p>{TEXT[language]}</p>"
    return page(f"{top}<article>{text}</article><footer><p>{foot}</p><p>© 2026 The Ledger</p></footer>")


def told(read_page: Page) -> list[str]:
    """Return what a page tells."""
    return [block.place.of(read_page.text) for block in read_page.blocks if block.kind in TELLING]


def agency(read_page: Page) -> str | None:
    """Return the agency that was read."""
    return read_page.agency.of(read_page.text) if read_page.agency else None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_page_of_the_corpus_is_read_as_a_careful_officer_reads_it(folder: Path) -> None:
    assert list(faults_of(folder, page_of(folder))) == []


WORDS = st.sampled_from(
    ["a", " b ", "\n", "&amp;", "&nbsp;", "«c»", "<br>", "<img src=x alt=y>", "<script>no()</script>"]
)
BLOCKS = st.sampled_from(["div", "section", "article", "blockquote", "h2", "nav", "footer", "button"])
INLINE = st.sampled_from(["b", "em", "span", "a", "small", "time", "font"])


def wrapped(tag: str, inner: list[str]) -> str:
    """Return some markup in a tag."""
    return f"<{tag}>{''.join(inner)}</{tag}>"


LINES = st.builds(wrapped, INLINE, st.lists(WORDS, max_size=4))
MARKUP = st.recursive(
    st.builds(wrapped, st.just("p"), st.lists(st.one_of(WORDS, LINES), max_size=5)),
    lambda inner: st.builds(wrapped, BLOCKS, st.lists(st.one_of(inner, LINES, WORDS), max_size=4)),
    max_leaves=8,
)


@given(st.lists(MARKUP, max_size=5))
def test_the_text_is_the_visible_text_as_the_corpus_says_it(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    source = tmp_path_factory.mktemp("page") / "source.html"
    source.write_text(
        "<html><head><title>t</title></head><body>" + "".join(pieces) + "</body></html>", encoding="utf-8"
    )

    assert read(source.read_bytes(), "html").text == visible(source.parent)


@pytest.mark.parametrize("language", TEXT)
def test_the_language_is_told_by_letters_and_common_words(language: str) -> None:
    assert article(language).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke über die Wende ist am Montag gesperrt worden, weil ein Riss in ihr gefunden wurde.",
        "El puente sobre el río fue cerrado el lunes después de que se viera una grieta en la estructura.",
        "Міст через річку закрили в понеділок після того, як на ньому побачили тріщину, повідомили у службі.",
        "دریا پر بنا ہوا پل پیر کے روز بند کر دیا گیا جب اس میں دراڑ دیکھی گئی، محکمے نے بتایا۔",
        "12 34 56",
        "",
    ],
)
def test_a_text_of_no_known_language_has_none(text: str) -> None:
    assert read(text.encode(), "txt").language is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Photo: the bridge in 2019, when it was flooded"),
        ("fr", "Photo : le pont en 2019, lors de la crue"),
        ("ru", "Фото: мост в 2019 году, во время паводка"),
        ("ar", "صورة: الجسر عام 2019 حين غمرته المياه"),
        ("fa", "عکس: پل در سال ۱۳۹۸ هنگام سیل"),
    ],
)
def test_a_line_that_says_that_it_is_of_a_picture_is_a_caption(language: str, line: str) -> None:
    found = page(f"<h1>A headline of some words</h1><p>{TEXT[language]}</p><p>{line}</p><p>{TEXT[language]}</p>")

    assert [block.kind for block in found.blocks][2] is BlockKind.CAPTION


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        ("en", "See also:"),
        ("en", "Most read"),
        ("fr", "Sur le même sujet :"),
        ("fr", "Les plus lus"),
        ("ru", "По теме:"),
        ("ru", "Самое читаемое"),
        ("ar", "مواضيع ذات صلة:"),
        ("ar", "الأكثر قراءة"),
        ("fa", "مطالب مرتبط:"),
        ("fa", "پربازدیدترین‌ها"),
    ],
)
def test_what_is_offered_to_be_read_too_is_furniture(language: str, lead: str) -> None:
    text = f"<p>{TEXT[language]}</p><p>{TEXT[language]}</p>"
    beside = f"<div><h4>{lead}</h4><ul><li><a href=x>{TEXT[language][:50]}</a></li></ul></div>"

    within = page(
        f"<div><h1>A headline of some words</h1>{text}<p>{lead} <a href=x>{TEXT[language][:50]}</a></p>{text}</div>"
    )

    assert told(page(f"<h1>A headline of some words</h1>{text}{beside}"))[1:] == [TEXT[language]] * 2
    assert told(within)[1:] == [TEXT[language]] * 4


def test_a_short_text_that_shares_a_box_with_a_picture_is_a_caption() -> None:
    found = page(
        f"<h1>A headline</h1><div><p>{TEXT['en']}</p><div><img src=x><span>The bridge blew up in 1974</span></div>"
        f"<table><tr><td><img src=y></td></tr><tr><td>A flood of other years</td></tr></table><p>{TEXT['en']}</p></div>"
    )

    assert told(found)[1:] == [TEXT["en"], TEXT["en"]]


def test_a_list_in_the_text_is_text_and_a_list_of_links_is_none() -> None:
    days = "<ul><li>Tuesday: one boat sank.</li><li>Wednesday: nothing.</li></ul>"
    links = "<ul><li><a href=x>Ferry sinks</a></li><li><a href=y>Mine found at sea</a></li></ul>"

    found = page(f"<h1>A headline of some words</h1><p>{TEXT['en']}</p>{days}<p>{TEXT['en']}</p>{links}")

    assert "Tuesday: one boat sank." in told(found)
    assert "Ferry sinks" not in told(found)


def test_a_page_of_one_channel_is_its_longest_message_and_no_memory() -> None:
    old = "<div class=post><div class=words>A year ago today the mill burned. Remember?</div><span>11K</span></div>"
    new = f"<div class=post><div class=words>{TEXT['en']}<br><br>{TEXT['en']}</div><time>28 Nov 2026 19:52</time></div>"

    found = page(f"<header><div class=channel_title>Mill Lane Watch</div></header><section>{old}{old}{new}</section>")

    assert told(found) == [TEXT["en"], TEXT["en"]]
    assert found.published == date(2026, 11, 28)
    assert found.outlet is not None
    assert found.outlet.of(found.text) == "Mill Lane Watch"


@pytest.mark.parametrize(
    ("language", "byline", "day"),
    [
        ("en", "Published 9 June 2026, updated 10 June 2026", date(2026, 6, 9)),
        ("en", "Thursday, November 5, 2026 | Ada Millward", date(2026, 11, 5)),
        ("fr", "Mis en ligne le 3 novembre 2026 à 14 h 20 - Mis à jour le 4 novembre 2026", date(2026, 11, 3)),
        ("fr", "Samedi", None),
        ("ru", "13 ноября, пятница, 2026", date(2026, 11, 13)),
        ("ru", "Опубликовано: 05.11.2026 18:20", date(2026, 11, 5)),
        ("ar", "الثلاثاء 10 تشرين الثاني 2026", date(2026, 11, 10)),
        ("ar", "10 نوفمبر", None),
        ("fa", "تاریخ انتشار: ۳ آذر ۱۴۰۵ - ۰۹:۱۲", date(2026, 11, 24)),
        ("en", "4 November 2026 or 5 November 2026", None),
        ("en", "04/05/2026", None),
        ("en", "", None),
    ],
)
def test_the_day_of_a_page_is_the_one_that_it_prints_for_itself(language: str, byline: str, day: date | None) -> None:
    assert article(language, byline=byline).published == day


def test_what_only_the_markup_says_is_not_printed() -> None:
    found = page(
        "<h1>A headline of some words</h1><time datetime='2026-11-10'>Tuesday</time>" + f"<p>{TEXT['en']}</p>" * 2,
        head='<script type="application/ld+json">{"datePublished":"2026-11-10","publisher":"The Ledger"}</script>',
    )

    assert (found.published, found.outlet) == (None, None)


@pytest.mark.parametrize(
    ("language", "dateline", "byline", "foot", "name"),
    [
        ("en", "LOWTOWN, Nov 12 (Ridge Wire) - ", "", "", "Ridge Wire"),
        ("en", "", "By Jane Ferrand, Ridge News Agency", "", "Ridge News Agency"),
        ("en", "", "", "With reporting from Ridge Wire.", "Ridge Wire"),
        ("en", "", "", "This report was supplied by the agency Ridgeline and edited here.", "Ridgeline"),
        ("fr", "VALBOURG (Sudine) - ", "", "", "Sudine"),
        ("fr", "", "", "Source : Agence Sudine / rédaction", "Agence Sudine"),
        ("fr", "", "", "Repris du fil de l'agence Sudine", "Sudine"),
        ("ru", "ЗОЛЬСК, 12 ноя - Север-Линия. ", "", "", "Север-Линия"),
        ("ru", "", "", "Источник: ИА «Север-Линия»", "Север-Линия"),
        ("ar", "الزعفرانة 12 نوفمبر (الأفق) - ", "", "", "الأفق"),
        ("ar", "", "", "نقلاً عن وكالة الأفق", "الأفق"),
        ("ar", "", "وكالة الأفق", "", "الأفق"),
        ("fa", "", "", "منبع: نوبهار", "نوبهار"),
        ("fa", "", "", "با استفاده از گزارش خبرگزاری نوبهار", "نوبهار"),
    ],
)
def test_the_agency_is_whoever_is_named_as_having_supplied_the_words(
    language: str, dateline: str, byline: str, foot: str, name: str
) -> None:
    assert agency(article(language, dateline, byline, foot)) == name


@pytest.mark.parametrize(
    ("language", "dateline", "byline", "foot"),
    [
        ("en", "", "", "Photos: Ridge Wire"),
        ("en", "", "", "Weather supplied by Ridge Wire"),
        ("en", "", "", "In partnership with Ridge Wire"),
        ("en", "", "", "Sources: Ridge Wire, Coast Press"),
        ("en", "", "", "© Ridge Wire. All rights reserved."),
        ("en", "", "", "The Ledger subscribes to Ridge Wire"),
        ("en", "", "Jane Ferrand, press officer", ""),
        ("en", "", "", "Text: Jane Ferrand. Photos: Ridge Wire"),
        ("en", "Lowtown Council (LTC) - the owner - says: ", "", ""),
        ("fr", "La Régie des eaux (REV) – filiale de la ville – annonce : ", "", ""),
        ("fr", "", "", "Avec le soutien de la Région Sud"),
        ("fr", "", "Jeanne Aubrac, avec agences", ""),
        ("fr", "", "", "Publicité : régie Sudine"),
        ("ru", "Мэр города (ЕР) - ", "", ""),
        ("ru", "", "", "При поддержке агентства «Север-Линия»"),
        ("ru", "", "", "Текст: Иван Петров"),
        ("ar", "الهلال الأهلي (فرع الشمال) - ", "", ""),
        ("ar", "", "", "بالتعاون مع وكالة الأفق"),
        ("ar", "", "", "الصور: وكالة الأفق"),
        ("fa", "", "", "عکس: خبرگزاری نوبهار"),
        ("fa", "", "", "با حمایت خبرگزاری نوبهار"),
        ("fa", "", "", "متن: علی رضایی"),
    ],
)
def test_whose_the_pictures_are_who_pays_and_who_signs_is_no_agency(
    language: str, dateline: str, byline: str, foot: str
) -> None:
    assert agency(article(language, dateline, byline, foot)) is None


def test_two_agencies_that_differ_are_none() -> None:
    assert agency(article("en", "LOWTOWN, Nov 12 (Coastline) - ", "", "Source: Ridge Wire")) is None


def test_a_name_over_the_page_that_nothing_bears_out_is_no_outlet() -> None:
    found = page(f"<div>Harbour Herald</div><h1>A headline of some words</h1><p>{TEXT['en']}</p><p>{TEXT['en']}</p>")

    assert found.outlet is None


REPORT = """FROM: LIAISON TEAM SOUTH
TO: NORTH
DTG: 170725ZNOV26
SUBJ: SIGHTING REPORT 12

{first}

2. NOTHING FOLLOWS FROM THE OTHER SIDE OF THE RIVER, AND THE FORD IS OPEN TO ALL WHO NEED IT TODAY.

{sign}
END OF MESSAGE
"""


@pytest.mark.parametrize("first", ["1. I SAW SMOKE AT THE FORD.", "I SAW SMOKE AT THE FORD AT SIX."])
def test_an_officers_report_tells_from_its_first_paragraph_on(first: str) -> None:
    found = read(REPORT.format(first=first, sign="LT C. Abernettle").encode(), "txt")

    assert told(found)[0] == first
    assert len(told(found)) == 2
    assert (found.published, found.outlet, found.agency) == (date(2026, 11, 17), None, None)
    assert found.author is not None
    assert found.author.of(found.text) == "LT C. Abernettle"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Reported by: Capt. Ilse Hartnoll", "Capt. Ilse Hartnoll"),
        ("DE : LTN Basile Corvenne, officier de liaison", "LTN Basile Corvenne"),
        ("Составил: майор П. Ветлугин", "майор П. Ветлугин"),
        ("أعده: النقيب سامر الغزاوي", "النقيب سامر الغزاوي"),
        ("تهیه کننده: سرگرد بهمن کوه‌زاد", "سرگرد بهمن کوه‌زاد"),
        ("FROM: LIAISON TEAM SOUTH", None),
    ],
)
def test_who_signs_a_report_is_told_by_a_label_and_a_rank(header: str, name: str | None) -> None:
    found = read(f"{header}\nDTG: 170725ZNOV26\n\n1. The ford is open.\n\n2. No traffic is seen.\n".encode(), "txt")

    assert (found.author.of(found.text) if found.author else None) == name


def test_a_report_that_two_officers_sign_has_no_author() -> None:
    signed = "Reported by: Capt. Ilse Hartnoll\nDrafted by: Lt. Ada Millward\n"

    found = read(f"{signed}DTG: 170725ZNOV26\n\n1. The ford is open.\n".encode(), "txt")

    assert found.author is None


def test_lines_that_were_only_wrapped_are_one_paragraph() -> None:
    text = (
        "The road over the pass was closed on Thursday after a rockfall\nthat damaged two lorries.\n\nNobody was hurt."
    )

    found = read(text.encode(), "txt")

    assert told(found) == [" ".join(text.split("\n\n")[0].split()), "Nobody was hurt."]
