"""What a page tells in rarer words, in each language: the event, its polarity, who says it, who knew it first."""

from datetime import date

import pytest

from quartet.intake.dates import Language
from quartet.intake.events.lexicon import lexicon
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

PUBLISHED = date(2026, 5, 22)
TOLD: list[tuple[Language, str, str, str]] = [
    ("en", "Flames ripped through a sawmill at Ellin Ford on Tuesday.", "fire", "asserts"),
    ("en", "A ferry keeled over off Stag Point on Tuesday.", "boat_distress", "asserts"),
    ("en", "Mudslide cuts the valley road at Ellin Ford.", "landslide", "asserts"),
    ("en", "It is unclear whether a drone came down near Ellin Ford, the ministry said.", "drone", "unclear"),
    ("en", "Nothing leaked from the Ellin refinery, the company insists.", "spill", "denies"),
    ("fr", "Des rafales ont décoiffé dix maisons à Orvan mardi.", "storm", "asserts"),
    ("fr", "Ni téléphone ni internet à Orvan depuis mardi.", "comms_outage", "asserts"),
    ("fr", "Ils étaient cent, mardi, à défiler dans les rues d'Orvan.", "protest", "asserts"),
    ("fr", "On ignore si le cargo est en détresse au large d'Orvan, dit la capitainerie.", "boat_distress", "unclear"),
    ("fr", "Aucun coup de feu n'a été tiré mardi à Orvan, soutient la police.", "shooting", "denies"),
    ("ru", "Вездеход и автобус столкнулись лоб в лоб у посёлка Ольбрик.", "crash", "asserts"),
    ("ru", "В посёлке Ольбрик во вторник отключили воду.", "water_cut", "asserts"),
    ("ru", "Стреляли ли во вторник по посту, пока не ясно, признают в миссии.", "shooting", "unclear"),
    ("ru", "Вопреки слухам тоннель во вторник не закрывали, сообщила администрация.", "road_closure", "denies"),
    ("ar", "خرج المئات الثلاثاء في بلدة العلا احتجاجا على رفع الأسعار.", "protest", "asserts"),
    ("ar", "التهمت النيران مخزنا في بلدة العلا يوم الثلاثاء.", "fire", "asserts"),
    ("ar", "لا نعلم إن كانت طائرة مسيرة سقطت قرب العلا، قالت البلدية.", "drone", "unclear"),
    ("fa", "باد شدید سه‌شنبه چند چادر را در روستای سرچشمه از جا کند.", "storm", "asserts"),
    ("fa", "تلفن همراه در روستای سرچشمه از سه‌شنبه از کار افتاده است.", "comms_outage", "asserts"),
    ("fa", "معلوم نیست که سه‌شنبه پهپادی نزدیک سرچشمه سقوط کرده باشد.", "drone", "unclear"),
]
SILENT: list[tuple[Language, str]] = [
    ("en", "Yellow warning: gales could batter the western isles on Monday."),
    ("en", "The manager's resignation set off a political storm on Tuesday."),
    ("fr", "Vigilance orange : de fortes rafales sont attendues mardi à Orvan."),
    ("fr", "Le discours du maire a mis le feu aux poudres mardi."),
    ("fr", "Le marché d'Orvan se tient mardi."),
    ("ru", "Сборная расстреляла ворота гостей во вторник."),
    ("ru", "При отключении воды город, согласно плану, направит цистерны."),
    ("ar", "انفجر الخلاف بين الكتلتين تحت قبة البرلمان يوم الثلاثاء."),
    ("fa", "هواشناسی برای سه‌شنبه سیلاب پیش‌بینی می‌کند."),
]
SAID: list[tuple[Language, str, str | None, str | None]] = [
    ("fr", "Une grange a brûlé au lieu-dit la Verne, indiquent les pompiers.", "les pompiers", "les pompiers"),
    (
        "fr",
        "Une digue a cédé, constate le rapport de la préfecture daté du 2 mai.",
        "la préfecture",
        "la préfecture",
    ),
    ("fr", "Une digue a cédé, dit la préfète Aline d'Orvan.", "Aline d'Orvan", "Aline d'Orvan"),
    ("fr", "Cent personnes ont défilé mardi à Orvan, d'après un comptage de notre journal.", None, None),
    ("fr", "Une digue a cédé mardi à Orvan. La digue a cédé, précise la préfecture.", "la préfecture", "la préfecture"),
    ("ru", "Мельница сгорела, заявил представитель МВД Нарцисс Вексель.", None, None),
    ("ru", "Мельница сгорела, заявил официальный представитель МВД полковник Вук Вексель.", "Вук Вексель", "МВД"),
    ("ar", "أفادت وكالة الوادي نقلا عن قيادة اللواء السابع بسقوط قذيفة.", "قيادة اللواء السابع", "قيادة اللواء السابع"),
    ("ar", "قال ضابط مناوب في المخفر إن مخزنا احترق.", None, None),
    ("ar", "احترق مخزن في العلا، وفق ما أعلن الدفاع المدني.", "الدفاع المدني", "الدفاع المدني"),
    ("fa", "وزارت دفاع سقوط پهپاد را تکذیب کرد.", "وزارت دفاع", "وزارت دفاع"),
]


def told(language: Language, text: str) -> tuple[Suggestion, ...]:
    """Return what a page of one paragraph tells."""
    block = Block(Span(0, len(text)), BlockKind.BODY)
    return suggest(Page(text, (block,), language=language, published=PUBLISHED)).suggestions


@pytest.mark.parametrize(("language", "text", "kind", "polarity"), TOLD)
def test_an_event_is_found_in_words_that_are_rarer(language: Language, text: str, kind: str, polarity: str) -> None:
    assert [(one.happening.type, one.polarity) for one in told(language, text)] == [(kind, polarity)]


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_a_forecast_and_a_figure_of_speech_tell_of_no_event(language: Language, text: str) -> None:
    assert told(language, text) == ()


@pytest.mark.parametrize(("language", "text", "speaker", "root"), SAID)
def test_who_says_it_is_read_as_far_as_the_name_goes(
    language: Language, text: str, speaker: str | None, root: str | None
) -> None:
    (one,) = told(language, text)
    read = next((each for each in one.readings if each.root), one.readings[-1])
    names = [span.of(text) if span else None for span in (read.speaker, read.root)]
    assert names == [speaker, root]


@pytest.mark.parametrize("language", ["en", "fr", "ru", "ar", "fa"])
def test_words_without_a_next_word_share_one_end(language: Language) -> None:
    ends = {id(node.steps) for node in lexicon(language).phrases.words.values() if not node.steps.words}
    assert len(ends) <= 1 + sum(bool(node.steps.stems) for node in lexicon(language).phrases.words.values())
