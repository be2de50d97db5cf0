"""Laws of attribution: nobody is given the words of a source without a name, and any text is answered in time."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying_pages import attribution
from steps import steps

from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.sayings import Rule, Saying, mentioned, sayings
from quartet.intake.texts import Block, BlockKind, Page, Span, sentences

UNNAMED: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "a source",
        "an expert who asked not to be named",
        "a witness",
        "residents",
        "one of the guards",
        "a person close to the command",
        "two officials",
        "some of the neighbours",
        "an unnamed diplomat",
    ),
    "fr": (
        "une source",
        "un expert qui a requis l'anonymat",
        "un témoin",
        "des habitants",
        "un membre de la garde",
        "une personne proche du commandement",
        "plusieurs responsables",
        "l'un des voisins",
        "un cadre",
    ),
    "ru": (
        "источник",
        "эксперт, пожелавший остаться неназванным,",
        "очевидец",
        "местные жители",
        "один из охранников",
        "человек из окружения командования",
        "некоторые сотрудники",
        "сосед",
        "знакомый с делом чиновник",
    ),
    "ar": (
        "مصدر",
        "خبير طلب عدم ذكر اسمه",
        "شاهد عيان",
        "سكان",
        "أحد الحراس",
        "شخص مقرب من القيادة",
        "بعض المسؤولين",
        "جار",
        "موظف",
    ),
    "fa": (
        "یک منبع",
        "کارشناسی که نخواست نامش فاش شود",
        "یک شاهد عینی",
        "اهالی",
        "یکی از نگهبانان",
        "فردی نزدیک به فرماندهی",
        "برخی مقام‌ها",
        "یک همسایه",
        "یک کارمند",
    ),
}
NAMED: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "General Conrad Wexley",
        "Mayor Agnes Tolland",
        "Dr Ruth Calloway",
        "Hugh Farrant",
        "farmer Hugh Farrant",
        "the mayor, Agnes Tolland,",
        "Colonel Wexley",
    ),
    "fr": (
        "le général Conrad Vexel",
        "le maire Lucien Tarral",
        "le docteur Ruth Calvet",
        "Hugues Farran",
        "l'agriculteur Hugues Farran",
        "le maire d'Olbrac, Lucien Tarral,",
        "le colonel Vexel",
    ),
    "ru": (
        "генерал Кондрат Вексель",
        "мэр Агния Толанова",
        "доктор Вера Калугина",
        "Глеб Фарафонов",
        "фермер Глеб Фарафонов",
        "полковник Вексель",
    ),
    "ar": (
        "اللواء كنعان الفخري",
        "رئيس البلدية سمير الطحان",
        "الدكتور سمير الطحان",
        "سمير الطحان",
        "المزارع سمير الطحان",
        "العقيد الفخري",
    ),
    "fa": ("سرلشکر کاوه ونداد", "شهردار علیا، بهرام تیموری،", "دکتر بهرام تیموری", "بهرام تیموری", "سرهنگ ونداد"),
}
SHAPES: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "{u} said that {n} saw the bridge fall.",
        "The bridge fell, {u} said, as {n} looked on.",
        "According to {u}, {n} saw the bridge fall.",
        "{n} opened the fair and two drones fell, {u} say.",
        "The bridge fell, according to {u} who stood beside {n}.",
        "In the presence of {n}, {u} said the bridge fell.",
        "{u} told {n} that the bridge fell.",
        "Near {n} the bridge fell, said {u}.",
        "{u} close to {n} reported a fire.",
        "{n} was silent, but {u} claims that a drone fell.",
        "{u}, citing {n}, said the bridge fell.",
        "{n}, citing {u}, said the bridge fell.",
    ),
    "fr": (
        "{u} a dit que {n} avait vu le pont tomber.",
        "Le pont est tombé, a dit {u}, sous les yeux de {n}.",
        "Selon {u}, {n} a vu le pont tomber.",
        "{n} ouvrait la foire quand deux drones sont tombés, affirme {u}.",
        "Le pont est tombé, selon {u} qui était avec {n}.",
        "Devant {n}, {u} a dit que le pont était tombé.",
        "{u} a dit à {n} que le pont était tombé.",
        "{u} proche de {n} évoque un incendie.",
        "{n} s'est tu, mais {u} affirme qu'un drone est tombé.",
        "{u}, citant {n}, a dit que le pont était tombé.",
        "{n}, citant {u}, a dit que le pont était tombé.",
    ),
    "ru": (
        "{u} сообщил, что {n} видел, как упал мост.",
        "Мост упал, сообщил {u}, рядом стоял {n}.",
        "По словам {u}, мост упал, а {n} был рядом.",
        "{n} открыл ярмарку, и упали два дрона, говорит {u}.",
        "Пока {n} был на месте, {u} рассказал о пожаре.",
        "{u} рассказал о пожаре, когда {n} уехал.",
        "{n} молчал, но {u} утверждает, что упал дрон.",
        "{u} со ссылкой на {n} сообщил о пожаре.",
        "{n} со ссылкой на {u} сообщил о пожаре.",
    ),
    "ar": (
        "قال {u} إن {n} رأى الجسر ينهار.",
        "انهار الجسر، قال {u}، وكان {n} حاضرا.",
        "بحسب {u}، رأى {n} الجسر ينهار.",
        "افتتح {n} المعرض وسقطت مسيرتان، يقول {u}.",
        "وبحضور {n} قال {u} إن الجسر انهار.",
        "قال {u} أمام {n} إن الجسر انهار.",
        "صمت {n} لكن {u} زعم أن مسيرة سقطت.",
        "ذكر {u} نقلا عن {n} أن الجسر انهار.",
        "ذكر {n} نقلا عن {u} أن الجسر انهار.",
    ),
    "fa": (
        "{u} گفت که {n} ریختن پل را دیده است.",
        "پل ریخت، {u} گفت، و {n} آنجا بود.",
        "به گفتهٔ {u}، {n} ریختن پل را دید.",
        "{n} نمایشگاه را گشود و دو پهپاد افتاد، {u} می‌گوید.",
        "در حضور {n}، {u} گفت پل ریخت.",
        "{u} به {n} گفت که پل ریخته است.",
        "{n} چیزی نگفت، اما {u} مدعی است پهپادی افتاد.",
        "{u} به نقل از {n} گفت پل ریخت.",
        "{n} به نقل از {u} گفت پل ریخت.",
    ),
}
BODIES: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("the river police", "the Ministry of Roads", "Ollerby Hospital", "the lorry drivers' union", "the mayor"),
    "fr": (
        "la police fluviale",
        "le ministère des Routes",
        "l'hôpital d'Olbrac",
        "le syndicat des chauffeurs",
        "le maire",
    ),
    "ru": ("речная полиция", "министерство дорог", "больница Ольбрика", "профсоюз водителей", "мэр"),
    "ar": ("شرطة النهر", "وزارة الطرق", "مستشفى العلياء", "نقابة السائقين", "المحافظ"),
    "fa": ("پلیس رودخانه", "وزارت راه", "بیمارستان علیا", "اتحادیهٔ رانندگان", "شهردار"),
}
CITES: Final = ("citing", "citant", "со ссылкой", "نقلا", "به نقل")
LETTERS = st.text(alphabet="abC Dé'’-.,:;«»\"()ЖзИ№1٢۳ سلامقالЭ\u200c\u064b،؛؟said selon по словам", max_size=120).map(
    lambda text: " ".join(text.split())
)


def page(text: str, language: Language | None) -> Page:
    """Return a page of one paragraph."""
    return Page(text=text, blocks=(Block(place=Span(0, len(text)), kind=BlockKind.BODY),), language=language)


def places(saying: Saying) -> list[Span]:
    """Return the names of a saying."""
    return [one for one in (saying.speaker, saying.root, saying.unnamed, *saying.relays) if one is not None]


@st.composite
def beside_unnamed(draw: st.DrawFn) -> tuple[Language, str, str]:
    """Draw a sentence in which a source that is not named says it while a person is named."""
    language = draw(st.sampled_from(LANGUAGES))
    named = draw(st.sampled_from(NAMED[language]))
    text = draw(st.sampled_from(SHAPES[language])).format(u=draw(st.sampled_from(UNNAMED[language])), n=named)
    return language, text[0].upper() + text[1:], named


@given(beside_unnamed())
def test_who_is_named_beside_a_source_without_a_name_has_said_nothing(drawn: tuple[Language, str, str]) -> None:
    language, text, _ = drawn

    read = page(text, language)

    for one in (*sayings(read), attribution(read, Span(0, len(text)))):
        assert one.speaker is None, (text, one.speaker.of(text))
        assert one.root is None, (text, one.root.of(text))


@st.composite
def beside_body(draw: st.DrawFn) -> tuple[Language, str, str]:
    """Draw a sentence in which a body says it, and cites nobody, while a person is named."""
    language = draw(st.sampled_from(LANGUAGES))
    body = draw(st.sampled_from(BODIES[language]))
    shape = draw(st.sampled_from([one for one in SHAPES[language] if not any(word in one for word in CITES)]))
    text = shape.format(u=body, n=draw(st.sampled_from(NAMED[language])))
    return language, text[0].upper() + text[1:], body


@given(beside_body())
def test_who_is_named_beside_a_body_that_speaks_has_said_nothing(drawn: tuple[Language, str, str]) -> None:
    language, text, body = drawn

    found = attribution(page(text, language), Span(0, len(text)))

    for place in (found.speaker, found.root):
        said = "" if place is None else place.of(text).strip().lower()
        assert said in body.lower() or body.lower() in said, (text, said)


@given(LETTERS, st.sampled_from([*LANGUAGES, None]))
def test_any_text_is_answered_and_every_place_lies_in_it(text: str, language: Language | None) -> None:
    read = page(text, language)

    for one in sayings(read):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert all(0 <= place.start < place.end <= len(text) for place in places(one))
    assert all(0 <= place.start < place.end <= len(text) for place in mentioned(read))
    assert attribution(read, Span(0, len(text))).span.end <= len(text)


@given(st.lists(beside_unnamed(), min_size=1, max_size=3))
def test_what_governs_a_sentence_is_one_of_its_sayings_or_open(drawn: list[tuple[Language, str, str]]) -> None:
    language = drawn[0][0]
    read = page(" ".join(text for _, text, _ in drawn), language)

    for sentence in sentences(read):
        found = attribution(read, sentence.place)
        assert found in sayings(read) or found.rule is Rule.OPEN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "unit", ["said ", "X", "«", "selon ", "по словам ", "قال ", "به گفتهٔ ", "de ", ", ", "A. B. ", '" ']
)
def test_a_hostile_run_takes_time_in_proportion_to_its_length(language: Language, unit: str) -> None:
    def taken(times: int) -> int:
        text = page(" ".join((unit * times).split()), language)
        return steps(lambda: sayings(text))

    taken(10)

    assert taken(4_000) < 5 * taken(1_000) + 5_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_is_too_long_to_read_says_so(language: Language) -> None:
    read = page("и " * 5_000_000, language)

    found = sayings(read)

    assert [one.rule for one in found] == [Rule.TOO_LONG]
