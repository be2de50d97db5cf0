"""What one says is never shown under another who says it: not his figures, not his day, not his place."""

from datetime import date
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.intake.dates import Language
from quartet.intake.names.led import alike_led, unled
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
PUBLISHED: Final = date(2026, 3, 30)
TWO: Final[list[tuple[Language, str, str]]] = [
    (
        "en",
        "A fire broke out in Kelm on Sunday, the Ministry of Defence said.",
        "A fire in Kelm killed four people, a resident told Radio Delta.",
    ),
    (
        "en",
        "A fire broke out in Kelm on Sunday, the Ministry of Defence said.",
        "A fire in Kelm killed four people, the Ministry of Health said.",
    ),
    (
        "fr",
        "Un incendie a éclaté à Belval dimanche, a indiqué la police.",
        "L'incendie de Belval a fait quatre morts, a affirmé un habitant.",
    ),
    (
        "ru",
        "Полиция сообщила, что в Кельме произошёл взрыв.",
        "Взрыв в Кельме унёс жизни четырёх человек, утверждает местный житель.",
    ),
    (
        "ar",
        "قالت وزارة الدفاع إن حريقاً اندلع في بلدة الصفصاف.",
        "قال مصدر طبي إن حريقاً في بلدة الصفصاف أدى إلى مقتل أربعة أشخاص.",
    ),
    (
        "fa",
        "پلیس گفت که انفجاری در بندر سپید رخ داد.",
        "یک شاهد گفت که انفجار بندر سپید سه کشته داشت.",
    ),
    (
        "en",
        "A drone struck a hospital in Elm Ford, the police said.",
        "Four people were killed, a resident said.",
    ),
    (
        "en",
        "A drone struck a hospital in Elm Ford on Sunday, the police said.",
        "The army denied the claim.",
    ),
    ("en", "A fire broke out in Kelm, a resident said.", "A fire in Kelm killed four people, a resident said."),
]
EVENTS: Final = ("A fire broke out in Kelm", "A fire killed {} people in Kelm", "A fire on {} March injured two people")
SPEAKERS: Final = ("the police", "the army", "the Ministry of Health", "a resident", "General Poe", None)
OTHERS: Final = ("{} people were killed", "The blaze began at 0{}:30", "At least {} people were injured in Orm")
DENIALS: Final = ("The army denied the claim.", "The police denied that {} people were killed in the fire.")


def page(language: Language, sentences: list[str]) -> Page:
    """Return a page of paragraphs of one sentence each."""
    text, blocks = "\n".join(sentences), list[Block]()
    for one in sentences:
        start = blocks[-1].place.end + 1 if blocks else 0
        blocks.append(Block(Span(start, start + len(one)), BlockKind.BODY))
    return Page(text, tuple(blocks), language=language, published=PUBLISHED)


def fields(one: Suggestion) -> list[Span]:
    """Return where the fields of an event stand."""
    told = one.happening
    found = [field.span for field in (told.date, told.time, told.place) if field is not None]
    return [*found, *(tally.span for tally in (*told.counts, *told.denied_counts)), *([told.grid] if told.grid else [])]


@pytest.mark.parametrize(("language", "first", "second"), TWO)
def test_what_two_say_of_one_event_is_two_events_each_with_its_own(language: Language, first: str, second: str) -> None:
    read = page(language, [first, second])
    found = suggest(read, TODAY).suggestions

    assert len(found) == 2
    for one, block in zip(found, read.blocks, strict=True):
        assert block.place.holds(one.happening.span)
        assert all(block.place.holds(span) for span in fields(one))
        assert one.happening.also == ()
        assert one.saying.speaker is None or block.place.holds(one.saying.speaker)


def test_what_one_says_twice_is_one_event() -> None:
    read = page("en", ["A fire broke out in Kelm, the police said.", "A fire killed two people in Kelm, police said."])
    (one,) = suggest(read, TODAY).suggestions

    assert [tally.low for tally in one.happening.counts] == [2]


def test_a_denial_is_not_lost_in_what_the_text_itself_tells() -> None:
    read = page(
        "en", ["Three shells fell on Tell Hamra.", "The army denied that three shells had fallen on Tell Hamra."]
    )

    assert [one.polarity for one in suggest(read, TODAY).suggestions] == ["asserts", "denies"]


def sentence(event: str, number: int, speaker: str | None) -> tuple[str, str | None]:
    told = event.format(number)
    return (f"{told}.", None) if speaker is None else (f"{told}, {speaker} said.", speaker)


SENTENCES: Final = st.builds(
    sentence, st.sampled_from((*EVENTS, *OTHERS)), st.integers(2, 9), st.sampled_from(SPEAKERS)
) | st.sampled_from([(one.format(5), one.split(" denied")[0].casefold()) for one in DENIALS])


@given(st.lists(SENTENCES, min_size=2, max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_field_stands_in_a_sentence_of_the_one_who_says_it_or_of_nobody(
    told: list[tuple[str, str | None]],
) -> None:
    read = page("en", [words for words, _ in told])

    for one in suggest(read, TODAY).suggestions:
        by = {_said(read, told, span) for span in (*fields(one), one.happening.span)}
        speaker = one.saying.speaker
        assert len(by - {None}) < 2
        name = "" if speaker is None else speaker.of(read.text).casefold()
        assert all(each is None or name in each for each in by)


def _said(read: Page, told: list[tuple[str, str | None]], span: Span) -> str | None:
    """Return who says the sentence at a place: of a source without a name, which of them."""
    at = next(number for number, block in enumerate(read.blocks) if block.place.holds(span))
    speaker = told[at][1]
    return f"{speaker} {at}" if speaker == "a resident" else None if speaker is None else speaker.casefold()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The police", "police"),
        ("l’armée d’Orvan", "L'armée d'Orvan"),
        ("les pompiers", "pompiers"),
        ("الشرطة", "شرطة"),
        ("پليس", "پلیس"),
        ("«Метеолайн»", "Метеолайн"),
    ],
)
def test_one_teller_in_two_spellings_is_one_by_the_same_rule_as_one_root(one: str, other: str) -> None:
    assert alike_led(one) == alike_led(other)
    assert alike_led(unled(one)) == alike_led(one)


@pytest.mark.parametrize(
    ("one", "other"), [("the police of Orm", "the police of Kelm"), ("وزارة الدفاع", "وزارة الصحة"), ("the", "")]
)
def test_two_tellers_are_not_made_one(one: str, other: str) -> None:
    assert alike_led(one) != alike_led(other)
