"""What a negation leaves open is not told as asserted: on 443 short texts, composed without sight of the rules."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from steps import steps

from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.events.lexicon import lexicon
from quartet.intake.events.negation import answered, retort, unaccounted
from quartet.intake.events.words import Reading
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
ROWS: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("denied.json").read_text(encoding="utf-8"))
MOST_LOST: Final = {"en": 11, "fr": 11, "ar": 15, "fa": 13, "ru": 10}
"""Of the texts that plainly tell an event, how many may be left open or not be seen; more would be a worse rule."""
TWO: Final[list[tuple[Language, str, str | None, str | None]]] = [
    ("en", "The Orlen police said a ferry sank, a claim the Vellmar police denied.", "The Orlen police", None),
    ("en", "The Orlen police said a ferry sank off Orm, which the Vellmar police denied.", "The Orlen police", None),
    ("en", "The Orlen police said a ferry sank, the port office denied.", "The Orlen police", "the port office"),
    ("en", "The police said a bomb exploded; the ministry denied it.", "The police", "the ministry"),
    (
        "fr",
        "La police d'Orlen a annoncé qu'un ferry avait coulé, ce que le ministère dément.",
        "La police d'Orlen",
        "le ministère",
    ),
    ("ru", "Полиция Орлена заявила, что паром затонул, что опровергает мэрия Вельмара.", "Полиция Орлена", None),
    ("ar", "قالت شرطة العلا إن عبارة غرقت قرب الصفصاف، وهو ما نفته شرطة الرمانة.", "شرطة العلا", None),
    ("fa", "پلیس اورلن گفت یک کشتی غرق شد، ادعایی که شهرداری آن را تکذیب کرد.", "پلیس اورلن", None),
]
LEFT_OPEN: Final[list[tuple[Language, str]]] = [
    ("en", "No fire broke out in Orlen, the Orlen fire brigade said."),
    ("en", "A fire broke out in Orlen, the Orlen police never said."),
    ("en", "Nobody at the Orlen council said that a fire broke out in Orlen."),
    ("en", "The army has not denied that a rocket hit the dam."),
    ("fr", "Un drone se serait écrasé lundi soir dans un champ."),
    ("ru", "Глава Пеллина никогда не говорил, что обрушился мост."),
    ("ar", "لم يقل أحد إن حريقاً اندلع في بلدة الصفصاف."),
    ("fa", "هیچ‌کس نگفت که در بندر سپید انفجاری رخ داده است."),
]
HARMLESS: Final[list[tuple[Language, str]]] = [
    ("en", "A fire broke out in Orlen, not far from the school, the fire brigade said."),
    ("en", "A bomb exploded in Orlen on Monday, a guard who asked not to be named said."),
    ("en", "A fire broke out in the mill and its cause is not known."),
    ("fr", "Un incendie a éclaté lundi au lieu-dit la Vernaude, non loin de l'école."),
    ("ru", "В субботу в Ферни из кранов не текла вода."),
    ("ar", "اندلع حريق في بلدة الصفصاف على بعد 20 كلم من الساحل."),
    ("fa", "امدادگران نه نفر را از قایقی که غرق می‌شد گرفتند."),
]


def told(language: Language, text: str) -> tuple[Suggestion, ...]:
    """Return what a text of one paragraph tells."""
    page = Page(text, (Block(Span(0, len(text)), BlockKind.BODY),), language=language, published=TODAY)
    return suggest(page, TODAY).suggestions


def polarities(row: dict[str, Any]) -> set[str]:
    return {one.polarity.value for one in told(row["language"], row["text"])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_that_asserts_nothing_is_told_as_asserting_it(language: Language) -> None:
    rows = [row for row in ROWS if row["language"] == language and "asserts" not in row["polarities"]]

    assert [row["id"] for row in rows if "asserts" in polarities(row)] == []
    assert len(rows) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_what_happened_beside_a_negation_is_still_told_as_asserted(language: Language) -> None:
    rows = [row for row in ROWS if row["language"] == language and row["polarities"] == ["asserts"]]
    lost = [row["id"] for row in rows if "asserts" not in polarities(row)]

    assert len(lost) <= MOST_LOST[language], lost


@pytest.mark.parametrize(("language", "text"), LEFT_OPEN)
def test_a_negation_that_nothing_accounts_for_asserts_nothing(language: Language, text: str) -> None:
    found = told(language, text)

    assert {one.polarity.value for one in found} <= {"unclear", "denies"}


@pytest.mark.parametrize(("language", "text"), HARMLESS)
def test_a_negation_of_something_else_leaves_the_event_told(language: Language, text: str) -> None:
    assert "asserts" in {one.polarity.value for one in told(language, text)}


@pytest.mark.parametrize(("language", "text", "says", "denies"), TWO)
def test_who_says_it_and_who_denies_it_in_one_sentence_are_two_and_each_is_offered_for_its_own_words(
    language: Language, text: str, says: str | None, denies: str | None
) -> None:
    said, denied = told(language, text)

    assert (said.polarity, denied.polarity) == ("asserts", "denies")
    for one, who in ((said, says), (denied, denies)):
        names = [offer.speaker.of(text) for offer in one.offered if offer.speaker is not None]
        assert names == ([] if who is None else [who])
        assert one.saying.speaker is None


def test_a_denial_in_the_next_sentence_is_of_the_event_before_it() -> None:
    found = told("en", "The mayor said a fire broke out in Orlen. The Vellmar council denied it.")

    assert [one.polarity for one in found] == ["asserts", "denies"]


@pytest.mark.parametrize(
    "text", ["نفت شرطة العلا مقتل أربعة عمال في الانفجار في العلا.", "نفت الشرطة مقتل عامل في الانفجار."]
)
def test_whoever_denies_only_the_dead_is_offered_for_no_event(text: str) -> None:
    assert [one.offered for one in told("ar", text) if one.polarity == "asserts"] in ([], [()])


def test_a_sentence_of_nothing_but_denials_takes_no_longer_for_its_length_than_a_short_one() -> None:
    def work(times: int) -> int:
        return steps(lambda: told("en", "The police " + "they denied, said that no fire, " * times))

    assert work(100) < 6 * work(25)


def reading(text: str) -> Reading:
    return Reading(text, Span(0, len(text)), lexicon("en"))


def test_a_no_that_opens_a_sentence_answers_all_of_it() -> None:
    plain, answer = reading("The crews said a fire broke out."), reading("No, the crews said, a fire broke out.")

    assert not unaccounted(plain, [(3, 7)], ())
    assert unaccounted(answer, [(4, 8)], ())


def test_a_participle_goes_on_with_who_spoke_before() -> None:
    same = reading("The police said a ferry sank, denying that it burned.")
    other = reading("The police said a ferry sank, which the port denied.")

    assert answered(same, (0, len(same.words))) is None
    assert answered(other, (0, len(other.words))) == 6
    assert retort(other, (6, len(other.words))) is not None
