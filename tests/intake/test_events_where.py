"""Where words say that an event was: a noun or a name is whole, and a body, a newspaper or a channel is no place."""

import re
from pathlib import Path

import pytest

from quartet.intake.pages import read
from quartet.intake.suggestions import suggest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "open-source.md"


def places(text: str) -> list[str | None]:
    """Return where each event of a text was."""
    page = read(text.encode(), "txt")
    told = (one.happening.place for one in suggest(page).suggestions)
    return [None if place is None else place.span.of(page.text) for place in told]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("اندلع حريق في الحي بعض الوقت يوم الأحد.", "الحي"),
        ("اندلع حريق بالمرفأ حدوث أضرار يوم الأحد.", "بالمرفأ"),
        ("ونفت إدارة المرفأ حدوث تسرّب للغاز من المستودع.", "المستودع"),
        ("نفى المرفأ حدوث تسرّب للغاز.", "المرفأ"),
        ("اندلع حريق في حي الميدان يوم الأحد.", "حي الميدان"),
        ("اندلع حريق في ميناء طرطوس يوم الأحد.", "ميناء طرطوس"),
        ("اندلع حريق في مستشفى الشفاء بمدينة حمص.", "مستشفى الشفاء"),
    ],
)
def test_a_noun_with_its_article_takes_no_word_without_one_into_its_name(text: str, place: str) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The police denied reports by the Evening Post that a train was derailed at Kelm on Friday.", "Kelm"),
        ("A fire broke out in the mill, the police told the Evening Post.", "mill"),
        ("A fire broke out at the Elm Post, the police said.", "Elm Post"),
        ("نفت وزارة الدفاع ما أوردته قناة الأفق من أن طائرة مسيرة قصفت الجسر.", "الجسر"),
        ("لا صحة لما نشرته قناة الأفق عن اندلاع حريق في الميناء، وفق وزارة الدفاع.", "الميناء"),
        ("غرق قارب في قناة السلام، قالت الشرطة.", "قناة السلام"),
    ],
)
def test_a_newspaper_or_a_channel_is_no_place(text: str, place: str) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "Une explosion a eu lieu dans la nuit à Saint-Jean-de-la-Mer, a affirmé la police, et elle a été entendue.",
            "Saint-Jean-de-la-Mer",
        ),
        ("Une explosion a eu lieu à Boulogne-sur-Mer, a affirmé la police.", "Boulogne-sur-Mer"),
        ("Взрыв прогремел в Ростове-на-Дону, сообщила полиция.", "Ростове-на-Дону"),
    ],
)
def test_a_name_within_hyphens_is_whole(text: str, place: str) -> None:
    assert places(text) == [place]


def test_the_article_of_the_tutorial_gives_no_place_of_words_that_do_not_belong_together() -> None:
    english, arabic = re.findall(r"```text\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)[:2]

    assert places(english) == ["Ostrel", None]
    assert places(arabic) == ["الرصيف", "المستودع"]


def test_a_noun_of_place_in_the_name_of_a_body_is_no_place() -> None:
    told = "The Vellmar city council said a fire broke out in the port."

    assert places(told) == ["port"]
