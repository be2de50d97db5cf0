"""What a page vouches for: whose page it is, who is credited, which officer wrote it, and what a pronoun points to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying_pages import attribution, governs, made

from quartet.intake.dates import Language
from quartet.intake.pages import read
from quartet.intake.sayings import Confidence, Rule, Voice, mentioned, sayings
from quartet.intake.texts import BlockKind, Page, Span, sentences

BODY, FURNITURE, SOURCE, BYLINE = BlockKind.BODY, BlockKind.FURNITURE, BlockKind.SOURCE, BlockKind.BYLINE


def last(page: Page) -> Span:
    """Return the place of the last sentence."""
    return sentences(page)[-1].place


@pytest.mark.parametrize(
    ("language", "outlet", "text"),
    [
        ("en", "Ollerby River Board", "The lock at Upper Ollerby was damaged on Monday."),
        ("fr", "Direction des routes d'Olbrac", "Le pont du moulin a été fermé lundi."),
        ("ru", "Управление порта Ольбрик", "В понедельник повреждён причал № 2."),
        ("ar", "مديرية طرق العلياء", "تضرر جسر الطاحونة يوم الاثنين."),
        ("fa", "ادارهٔ راه علیا", "پل آسیاب روز دوشنبه آسیب دید."),
    ],
)
def test_a_body_is_the_root_of_what_its_own_page_says_and_nobody_the_speaker(
    language: Language, outlet: str, text: str
) -> None:
    page = made(language, (outlet, FURNITURE), (text, BODY), outlet=outlet)

    assert governs(page, last(page)) == (None, outlet, None, ())
    assert attribution(page, last(page)).rule is Rule.OWN_PAGE
    assert attribution(page, last(page)).voice is Voice.PAGE


@pytest.mark.parametrize(
    ("language", "outlet", "text"),
    [
        ("en", "The Ollerby Courier", "The lock at Upper Ollerby was damaged on Monday."),
        ("fr", "Le Courrier d'Olbrac", "Le pont du moulin a été fermé lundi."),
        ("ru", "Вестник долины", "В понедельник повреждён причал № 2."),
        ("ar", "جريدة العلياء", "تضرر جسر الطاحونة يوم الاثنين."),
        ("fa", "روزنامهٔ علیا", "پل آسیاب روز دوشنبه آسیب دید."),
    ],
)
def test_a_newspaper_that_names_no_source_leaves_the_root_open(language: Language, outlet: str, text: str) -> None:
    page = made(language, (outlet, FURNITURE), (text, BODY), outlet=outlet)

    assert governs(page, last(page)) == (None, None, None, ())
    assert attribution(page, last(page)).rule is Rule.OPEN


def test_an_agency_that_is_credited_is_the_root_where_nobody_stands_before_it() -> None:
    page = made(
        "en",
        ("The Ollerby Courier", FURNITURE),
        ("A barge sank at the lock.", BODY),
        ("Text: Northpost Agency", SOURCE),
        outlet="The Ollerby Courier",
        agency="Northpost Agency",
    )

    assert governs(page, last(page)) == (None, "Northpost Agency", None, ())
    assert attribution(page, last(page)).voice is Voice.AGENCY


def test_an_agency_that_is_credited_passes_on_what_others_say() -> None:
    page = made(
        "fr",
        ("Le Courrier d'Olbrac", FURNITURE),
        ("Une péniche a coulé. Deux hommes sont blessés, selon la gendarmerie.", BODY),
        ("Texte : Agence Nordor", SOURCE),
        outlet="Le Courrier d'Olbrac",
        agency="Agence Nordor",
    )

    assert governs(page, last(page)) == ("la gendarmerie", "la gendarmerie", None, ("Agence Nordor",))
    assert governs(page, sentences(page)[0].place) == (None, None, None, ())


def test_an_agency_that_publishes_itself_or_gave_a_part_only_passes_nothing_on() -> None:
    said = ("Deux hommes sont blessés, selon la gendarmerie.", BODY)
    own = made(
        "fr", ("Nordor, agence", FURNITURE), said, ("(Nordor)", SOURCE), outlet="Nordor, agence", agency="Nordor"
    )
    part = made(
        "fr",
        ("Le Courrier", FURNITURE),
        said,
        ("Compléments : Agence Nordor", SOURCE),
        outlet="Le Courrier",
        agency="Agence Nordor",
    )

    assert governs(own, last(own))[3] == ()
    assert governs(part, last(part))[3] == ()


REPORTS: dict[Language, str] = {
    "en": "FROM: MEMBER NORTH\nDTG: 120900ZNOV26\n1. At 0800Z I saw a barge sink at the lock.\n\n"
    "2. At 0830Z the clinic at Ollerby reported by radio that two men were hurt.\n\nLt H. Farrant\n\n",
    "fr": "MEMBRE NORD\nGDH : 120900ZNOV26\n1. A 0800Z, j'ai vu une péniche couler à l'écluse.\n\n"
    "2. A 0830Z, le poste d'Olbrac m'a signalé par radio deux blessés.\n\nLieutenant Hugues Farran\n\n",
    "ru": "УЧАСТНИК СЕВЕР\nДата-время: 120900ZNOV26\n1. В 0800Z наблюдал, как у шлюза затонула баржа.\n\n"
    "2. В 0830Z начальник станции сообщил по телефону о двух раненых.\n\nлейтенант Г. Фарафонов\n\n",
}
SIGNED = {"en": "H. Farrant", "fr": "Hugues Farran", "ru": "Г. Фарафонов"}


@pytest.mark.parametrize("language", REPORTS)
def test_an_officer_is_the_root_of_what_the_officer_saw_and_relays_what_others_told(language: Language) -> None:
    page = read(REPORTS[language].encode(), "txt")
    assert page.author is not None

    saw = next(one for one in sayings(page) if one.voice is Voice.OFFICER)
    told = next(one for one in sayings(page) if one.voice is Voice.QUOTED)

    assert saw.root is not None
    assert saw.root.of(page.text) == SIGNED[language]
    assert saw.speaker is None
    assert told.root is not None
    assert told.root == told.speaker
    assert [one.of(page.text) for one in told.relays] == [SIGNED[language]]


def test_a_channel_is_the_root_of_what_its_author_sees_and_not_of_what_is_asked_or_heard() -> None:
    page = made(
        "en",
        ("Mill Lane Watch", FURNITURE),
        ("4.1K subscribers", FURNITURE),
        ("I can see smoke over the mill right now. Is anybody hurt? Some say the bridge is gone.", BODY),
        outlet="Mill Lane Watch",
    )
    saw, asked, heard = (one.place for one in sentences(page))

    assert governs(page, saw) == (None, "Mill Lane Watch", None, ())
    assert governs(page, asked)[:2] == (None, None)
    assert governs(page, heard)[:2] == (None, None)


def test_what_says_who_said_the_sentence_before_governs_both() -> None:
    page = made("ru", ("Сгорел склад. Об этом сообщило управление порта.", BODY))

    first = attribution(page, sentences(page)[0].place)

    assert first.rule is Rule.THIS
    assert first.span.of(page.text) == page.text
    assert first.speaker is not None
    assert first.speaker.of(page.text) == "управление порта"


def test_a_quotation_is_of_one_who_speaks_in_all_its_sentences() -> None:
    page = made("fa", ("بهرام تیموری، دهیار علیا، گفت: «پل ریخت. کسی زخمی نشد. راه بسته است.»", BODY))

    for sentence in sentences(page):
        assert governs(page, sentence.place)[:2] == ("بهرام تیموری", "بهرام تیموری")


def test_a_pronoun_is_told_from_what_stands_side_by_side() -> None:
    page = made("fr", ("« Tout est éteint », a dit le maire Lucien Tarral. « Rentrez », a-t-il ajouté.", BODY))

    assert attribution(page, last(page)).confidence is Confidence.RESOLVED
    assert governs(page, last(page))[0] == "Lucien Tarral"


@pytest.mark.parametrize(
    ("language", "denied", "open_"),
    [
        ("en", "The ministry denied that a shell fell.", "The ministry could neither confirm nor deny the blast."),
        ("fr", "Le ministère dément toute explosion.", "Le ministère ne confirme ni n'infirme l'explosion."),
        ("ru", "Министерство опровергает сведения о взрыве.", "Министерство не подтвердило и не опровергло взрыв."),
        ("ar", "تنفي الوزارة سقوط قذيفة.", "الوزارة لا تؤكد ولا تنفي الانفجار."),
        ("fa", "وزارت راه این خبر را تکذیب کرد.", "وزارت راه نه تأیید کرد و نه رد."),
    ],
)
def test_who_denies_is_told_from_who_neither_confirms_nor_denies(language: Language, denied: str, open_: str) -> None:
    no, unsure = made(language, (denied, BODY)), made(language, (open_, BODY))

    assert attribution(no, last(no)).denies
    assert not attribution(no, last(no)).unsure
    assert not attribution(unsure, last(unsure)).denies
    assert attribution(unsure, last(unsure)).unsure


def test_a_person_is_mentioned_once_however_often_and_however_inflected() -> None:
    page = made(
        "ru",
        ("Вера Калугина", BYLINE),
        ("По словам Веры Калугиной, мост закрыт. Калугина была там. Глеб Сомов тоже.", BODY),
    )

    assert [one.of(page.text) for one in mentioned(page)] == ["Вера Калугина", "Глеб Сомов"]


@given(
    st.lists(
        st.sampled_from(["Radio Vale", "the wire Northpost", "the daily Courier"]), min_size=1, max_size=3, unique=True
    )
)
def test_relays_stand_from_the_root_outwards(outlets: list[str]) -> None:
    text = f"A dam broke, {outlets[0]} reported" + "".join(f", citing {one}" for one in outlets[1:])
    page = made("en", (text + ", citing the river police.", BODY))

    speaker, root, _, relays = governs(page, last(page))

    assert speaker == root == "the river police"
    assert relays == tuple(reversed(outlets))


def test_a_page_in_no_known_language_attributes_nothing() -> None:
    page = made(None, ("The police said that the mill burned.", BODY))

    assert sayings(page) == ()
    assert mentioned(page) == ()
    assert attribution(page, last(page)).rule is Rule.OPEN
