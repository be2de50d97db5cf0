"""Who says it is filled in only where it is surely bound, who knew it first never; all else is offered."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from saying_pages import attribution
from score_blind import ATTRIBUTED, measured, page_of

from quartet.intake.dates import Language
from quartet.intake.sayings import MAX_OFFERS, Doubt
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
PASSAGES: Final = Path(__file__).parent / "corpus" / "passages"
UNSEEN: Final = ("a", "b", "c", "d", "e", "f")
FEWEST: Final = {"a": (24, 51), "b": (6, 25), "c": (12, 38), "d": (6, 20), "e": (29, 58), "f": (33, 13)}
"""Speakers that are filled in, and those that are the first who is offered."""
SURE: Final[list[tuple[Language, str, str]]] = [
    ("en", "The police said that a fire had broken out in the mill at Orm.", "The police"),
    ("en", "A fire broke out at Orm, the Orm brigade said. The Orm brigade has two engines.", "the Orm brigade"),
    ("fr", "Un incendie a éclaté lundi à Orvan, a indiqué la préfecture.", "la préfecture"),
    ("fr", "La mairie affirme qu'un incendie a éclaté lundi à Orvan.", "La mairie"),
    ("ru", "Полиция сообщила, что в понедельник в Орме произошёл пожар.", "Полиция"),
    ("ar", "قالت الشرطة إن حريقاً اندلع في بلدة العلا الاثنين.", "الشرطة"),
    ("fa", "پلیس گفت دوشنبه در روستای سرچشمه آتش‌سوزی شد.", "پلیس"),
]
NOTHING_LEFT: Final[list[tuple[Language, str, str]]] = [
    ("en", "A fire broke out at Orm, Reuters reported. Reuters is an agency.", "Reuters"),
    ("ru", "Буря повалила сорок деревьев в Борках в пятницу, сообщает «Метеолайн».", "«Метеолайн»"),
]
"""Whoever is named so may have known it first, or passed it on: of that the sentence says nothing."""
OFFERED: Final[list[tuple[Language, str, str, Doubt]]] = [
    ("en", "Orm council said that a fire had broken out.", "Orm council", Doubt.NAME),
    ("fr", "Un incendie a éclaté à Orvan, selon la société Valmont.", "Valmont", Doubt.NAME),
    ("ru", "Полиция вокзала сообщила, что в понедельник произошёл пожар.", "Полиция вокзала", Doubt.READING),
    ("ar", "قالت بلدية عين رأس صخر إن حريقاً اندلع الاثنين.", "بلدية عين رأس صخر", Doubt.NAME),
    ("en", "A fire broke out at Orm, Northwire said, citing the police.", "the police", Doubt.BINDING),
    ("en", "Ann Poe, mayor of Orm, said that a fire had broken out there.", "Ann Poe", Doubt.BINDING),
    (
        "en",
        "The police said a fire broke out at Orm, and a flood closed the road at Stag Point.",
        "The police",
        Doubt.BINDING,
    ),
    (
        "en",
        "The police said that a fire had broken out at Orm, as General Poe had feared.",
        "The police",
        Doubt.BINDING,
    ),
    ("fr", "Un incendie a éclaté à Orvan. C'est ce qu'a indiqué la police.", "la police", Doubt.BINDING),
    ("fa", "به گفتهٔ شهرداری سرچشمه، دوشنبه آتش‌سوزی شد.", "شهرداری سرچشمه", Doubt.NAME),
]
HEARSAY: Final[list[tuple[Language, str]]] = [
    ("fr", "Une explosion a fait deux morts à Ganth, aurait affirmé la mairie."),
    ("fr", "La police aurait déclaré qu'un drone a frappé le pont de Kelm."),
    ("en", "A train was derailed in Torvik, the police reportedly said."),
    ("en", "The police are said to have said that a train was derailed in Torvik."),
    ("ru", "Поезд сошёл с рельсов в Сунде, якобы сообщила полиция."),
    ("fa", "گفته می‌شود که پلیس گفت که انفجاری در بندر سپید رخ داد."),
    ("ar", "يُقال إن الشرطة قالت إن حريقاً اندلع في بلدة الصفصاف."),
]
WAS_TOLD: Final[list[tuple[Language, str]]] = [
    ("en", "Colonel Amos Brandt was told by a source that a bridge had been destroyed near Elm Ford on 4 March."),
    ("en", "The police have been informed that a bomb exploded in Ostrel."),
    ("en", "A bomb exploded in Ostrel, the police were told."),
    ("fr", "Le colonel Amos Brandt a été informé par une source qu'une bombe a explosé à Ostrel."),
    ("ar", "أُبلغت الشرطة بأن انفجاراً وقع في الميناء."),
    ("ru", "Полиции сообщили о взрыве в Кельме."),
    ("ru", "Полковнику Ивану Бранту сообщили, что взрыв прогремел в Кельме."),
    ("fa", "به پلیس گفته شد که انفجاری در بندر رخ داد."),
]
SILENT: Final[list[tuple[Language, str]]] = [
    ("en", "An expert who asked not to be named said that General Poe saw the fire at Orm."),
    ("fr", "Un proche du général Poe a dit qu'un incendie avait éclaté à Orvan."),
]
NO_NAMES: Final[list[tuple[Language, str, tuple[str, ...]]]] = [
    ("en", "Police denied reports of an explosion at Orm, the mayor said.", ("Police", "the mayor")),
    ("en", "Police denied according to Northwire a fire broke out at Orm.", ("Police", "Northwire")),
    ("fr", "Police dément et note qu'un incendie a éclaté à Orvan.", ("Police",)),
    ("fr", "Selon la police dément la mairie, un incendie a éclaté à Orvan.", ("la police", "mairie")),
    ("ru", "Полиция Орма опровергла и сообщила, что в Орме произошёл пожар.", ("Полиция Орма",)),
    ("ru", "По данным полиции опровергла мэрия, в Орме произошёл пожар.", ("полиции", "мэрия")),
    ("ar", "الشرطة نفت وقالت إن حريقاً اندلع في بلدة العلا.", ("الشرطة",)),
    ("ar", "البلدية نفت والشرطة أكدت أن حريقاً اندلع في بلدة العلا.", ("الشرطة",)),
    ("ar", "نفت الشرطة اندلاع حريق في بلدة العلا الاثنين.", ("الشرطة",)),
    ("fa", "پلیس تکذیب کرد گفت که در سرچشمه آتش‌سوزی شد.", ("پلیس",)),
    ("fa", "پلیس آتش‌سوزی در روستای سرچشمه را تکذیب کرد.", ("پلیس",)),
]
"""Where a verb of saying or denying, or what happened, stood in a name that was offered."""
COUNTS_DENIED: Final[list[tuple[Language, str]]] = [
    ("fr", "La préfecture du Val dément que 30 maisons aient été détruites par l'incendie de lundi à Orvan."),
    ("en", "The county denied that 30 homes had been destroyed in the fire at Orm on Monday."),
    ("ar", "نفت البلدية تدمير 30 منزلاً في الحريق الذي اندلع في العلا الاثنين."),
    ("ru", "Мэрия опровергла, что 30 домов сгорели при пожаре в Орме в понедельник."),
]


def told(language: Language, text: str) -> tuple[Suggestion, ...]:
    """Return what a page of one paragraph tells."""
    block = Block(Span(0, len(text)), BlockKind.BODY)
    return suggest(Page(text, (block,), language=language, published=TODAY)).suggestions


def words(text: str, span: Span | None) -> str | None:
    return None if span is None else span.of(text)


@pytest.mark.parametrize(("language", "text", "name"), SURE)
def test_a_whole_name_alone_beside_its_verb_is_filled_in(language: Language, text: str, name: str) -> None:
    one = told(language, text)[0]

    assert (words(text, one.saying.speaker), one.saying.root) == (name, None)
    assert [(words(text, offer.root), offer.doubt) for offer in one.offered] == [(name, Doubt.ROOT)]


@pytest.mark.parametrize(("language", "text", "name"), NOTHING_LEFT)
def test_who_is_filled_in_is_not_offered_again(language: Language, text: str, name: str) -> None:
    (one,) = told(language, text)

    assert (words(text, one.saying.speaker), one.offered) == (name, ())


@pytest.mark.parametrize(("language", "text", "name", "doubt"), OFFERED)
def test_what_is_not_surely_bound_is_offered_and_left_blank(
    language: Language, text: str, name: str, doubt: Doubt
) -> None:
    one = told(language, text)[0]

    assert (one.saying.speaker, one.saying.root, one.saying.relays) == (None, None, ())
    assert (words(text, one.offered[0].speaker), one.offered[0].doubt) == (name, doubt)


@pytest.mark.parametrize(("language", "text", "names"), NO_NAMES)
def test_nobody_is_offered_by_a_name_that_holds_a_verb_or_what_happened(
    language: Language, text: str, names: tuple[str, ...]
) -> None:
    (one,) = told(language, text)

    assert tuple(words(text, offer.speaker) for offer in one.offered) == names


@pytest.mark.parametrize("text", ["State Police said a fire broke out at Orm."])
def test_a_name_that_begins_as_a_verb_is_spelt_is_offered(text: str) -> None:
    (one,) = told("en", text)

    assert words(text, one.offered[0].speaker) == "State Police"


@pytest.mark.parametrize(("language", "text"), HEARSAY)
def test_who_is_only_told_to_have_said_it_is_offered_and_left_blank(language: Language, text: str) -> None:
    (one,) = told(language, text)

    assert (one.saying.speaker, one.saying.root, one.saying.relays) == (None, None, ())
    assert one.offered


@pytest.mark.parametrize(("language", "text"), WAS_TOLD)
def test_who_was_told_is_neither_filled_in_nor_offered(language: Language, text: str) -> None:
    (one,) = told(language, text)

    assert (one.saying.speaker, one.saying.root, one.offered) == (None, None, ())


def test_an_arabic_verb_without_vowels_that_may_say_who_was_told_binds_nobody() -> None:
    (one,) = told("ar", "أبلغت الشرطة بأن انفجاراً وقع في الميناء.")

    assert one.saying.speaker is None
    assert one.offered


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_beside_a_source_without_a_name_nobody_is_offered(language: Language, text: str) -> None:
    for one in told(language, text):
        assert (one.saying.speaker, one.saying.root, one.offered) == (None, None, ())


@pytest.mark.parametrize(("language", "text"), COUNTS_DENIED)
def test_who_denies_a_figure_of_an_event_does_not_deny_the_event(language: Language, text: str) -> None:
    (one,) = told(language, text)

    assert one.polarity == "asserts"
    assert [count.low for count in one.happening.denied_counts] == [30]
    assert (one.saying.speaker, one.saying.root) == (None, None)


@pytest.mark.parametrize("text", ["The army denied that three shells had fallen on Tell Hamra."])
def test_who_denies_what_the_figure_is_of_denies_the_event(text: str) -> None:
    assert [one.polarity for one in told("en", text)] == ["denies"]


def passages(name: str) -> list[dict[str, Any]]:
    return list(json.loads((PASSAGES / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", UNSEEN)
def test_nothing_is_filled_in_but_what_the_rules_read_in_the_same_sentence(name: str) -> None:
    for passage in passages(name):
        page = page_of(passage)
        for one in suggest(page, TODAY).suggestions:
            read = [attribution(page, place) for place in (one.happening.span, *one.happening.restated)]
            assert len(one.offered) <= MAX_OFFERS
            for field in ATTRIBUTED:
                filled = getattr(one.saying, field)
                assert filled is None or filled in [getattr(each, field) for each in read]


@pytest.mark.parametrize("name", UNSEEN)
def test_no_passage_is_given_a_name_of_another(name: str) -> None:
    score, faults = measured(passages(name))
    wrong = [one for one in faults if "WRONG" in one]

    assert wrong == []
    filled, first = FEWEST.get(name, (0, 0))
    assert (score["speaker right"] >= filled, score["speaker first right"] >= first) == (True, True)
