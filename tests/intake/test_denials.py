"""A denial never turns into what happened: it is a denial, or where it cannot be told of what, nobody knows."""

from datetime import date
from typing import Final

import pytest

from quartet.intake.dates import Language
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
OF_THE_EVENT: Final[list[tuple[Language, str]]] = [
    ("ar", "نفى المتحدث باسم وزارة الداخلية ما نقلته قناة الأفق عن خطف أربعة عمال في بلدة الصفصاف."),
    ("ar", "نفت وزارة الدفاع خبر خطف ثلاثة جنود في بلدة الزيتونة."),
    ("ar", "نفى الجيش أن انفجاراً أدى إلى مقتل ثلاثة أشخاص في بلدة الرمانة."),
    ("fr", "La police dément l'enlèvement de quatre ouvriers à Orvan."),
    ("en", "The police denied that four men were kidnapped in Ostrel."),
    ("en", "The port office denied that an explosion at Port Mersol killed two people."),
    ("en", "The Ministry of Defence denied that a train was derailed in Kelm."),
    ("en", "The Defence Ministry denied that a drone struck the school in Ganth."),
    ("en", "The defence ministry denied that a bridge had been destroyed in Ostrel."),
    ("en", "MINISTRY OF DEFENCE DENIED THAT A DRONE STRUCK THE SCHOOL IN GANTH."),
    ("ru", "Министерство обороны опровергло похищение четверых рабочих в Ельнике."),
    ("fa", "پلیس ربوده شدن چهار کارگر در روستای سرچشمه را تکذیب کرد."),
]
OF_NOBODY_KNOWS_WHAT: Final[list[tuple[Language, str]]] = [
    ("ar", "نفت وزارة الدفاع خبر مقتل ثلاثة جنود في انفجار في بلدة الزيتونة."),
    ("ar", "نفت الشرطة إصابة أربعة أشخاص في حريق في بلدة الرمانة."),
    ("ar", "نفت الوزارة مقتل جنود في انفجار في بلدة الرمانة."),
    ("fr", "La police dément que trois personnes aient été tuées dans une explosion à Orvan."),
    ("fr", "La police dément la mort de trois soldats dans une explosion à Orvan."),
    ("en", "The county denied that 30 homes had been destroyed in a fire at Orm on Monday."),
    ("en", "The port office denied that the explosion at Port Mersol killed two people."),
    ("en", "Reports that 30 homes burned in a fire in Orm are false, the police said."),
    ("ru", "Министерство обороны опровергло гибель трёх солдат при взрыве в Ельнике."),
    ("fa", "پلیس کشته شدن سه سرباز در انفجار در روستای سرچشمه را تکذیب کرد."),
]

NOT_CONFIRMED: Final[list[tuple[Language, str]]] = [
    ("fr", "La police n'a pas confirmé qu'un drone avait frappé le pont de Kelm."),
    ("fr", "La police n'a pas confirmé l'explosion à Torvic."),
    ("fa", "شهرداری تأیید نکرد که انفجاری در بندر سپید رخ داده است."),
    ("fa", "پلیس تایید نمی‌کند که انفجاری در بندر سپید رخ داده است."),
    ("en", "The army did not confirm that a drone struck the water tower."),
    ("en", "The police haven't confirmed that an explosion hit the school in Kelm."),
    ("ru", "Полиция не подтвердила, что беспилотник атаковал старый мост."),
    ("ar", "لم تؤكد الشرطة أن حريقاً اندلع في بلدة الصفصاف."),
]


def told(language: Language, *sentences: str) -> tuple[Suggestion, ...]:
    """Return what a page of paragraphs of one sentence each tells."""
    text, blocks = "\n".join(sentences), list[Block]()
    for one in sentences:
        start = blocks[-1].place.end + 1 if blocks else 0
        blocks.append(Block(Span(start, start + len(one)), BlockKind.BODY))
    return suggest(Page(text, tuple(blocks), language=language, published=TODAY), TODAY).suggestions


@pytest.mark.parametrize(("language", "text"), OF_THE_EVENT)
def test_who_denies_what_the_event_is_denies_the_event(language: Language, text: str) -> None:
    (one,) = told(language, text)

    assert (one.polarity, one.happening.counts) == ("denies", ())


@pytest.mark.parametrize(("language", "text"), OF_NOBODY_KNOWS_WHAT)
def test_a_denial_of_the_dead_or_of_a_figure_in_an_unknown_event_leaves_it_unclear(
    language: Language, text: str
) -> None:
    (one,) = told(language, text)

    assert (one.polarity, one.happening.counts) == ("unclear", ())


@pytest.mark.parametrize(("language", "text"), NOT_CONFIRMED)
def test_who_does_not_confirm_it_neither_denies_nor_asserts(language: Language, text: str) -> None:
    (one,) = told(language, text)

    assert one.polarity == "unclear"
    assert one.saying.speaker is None
    assert one.offered


def test_reports_that_were_not_confirmed_are_denied() -> None:
    (one,) = told("ru", "Сообщения о взрыве в Кельме не подтвердились, заявила полиция.")

    assert one.polarity == "denies"


def test_three_denials_of_three_bodies_at_three_places_are_three() -> None:
    found = told(
        "ar",
        "نفى المتحدث باسم الشرطة ما نشرته قناة الأفق عن خطف أربعة صحفيين في بلدة الرمانة.",
        "نفى وزير الداخلية ما تردد عن خطف خمسة صيادين في بلدة الصفصاف.",
        "نفت وزارة الدفاع خبر خطف ثلاثة جنود في بلدة الزيتونة.",
    )

    assert [one.polarity for one in found] == ["denies"] * 3
    assert [one.happening.also for one in found] == [()] * 3
