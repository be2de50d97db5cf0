"""Where the structure of a sentence is not one that the rules are sure of, nobody is given the words of another.

`unsure.json`, `unsure_ends.json` and `unsure_news.json` hold sentences composed before the rules for them, with all
whom a careful officer might name: a blank is allowed in each, anybody else is not. The second are of names whose end is
hard to see, the third of names that stand beside a verb which is not theirs, in the manner of news.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from saying_pages import OUTLETS, Case, attribution, made, told

from quartet.core.fold import fold
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.sayings.doubts import heard
from quartet.intake.sayings.words import line_of
from quartet.intake.texts import BlockKind, Span, sentences

UNSURE: Final = json.loads((Path(__file__).parent / "unsure.json").read_text(encoding="utf-8"))
ENDS: Final = json.loads((Path(__file__).parent / "unsure_ends.json").read_text(encoding="utf-8"))
NEWS: Final = json.loads((Path(__file__).parent / "unsure_news.json").read_text(encoding="utf-8"))
FEWEST_NEWS: Final = 45
CLINGS: Final = ("the ", "a ", "la ", "le ", "les ", "l'", "و", "ب", "ل", "ال")
FEWEST_ENDS: Final = 60
FEWEST: Final[dict[Language, int]] = {"fr": 24, "en": 30, "ar": 18, "fa": 18, "ru": 14}


def bare(words: str | None) -> str:
    """Return a name without its article and marks."""
    folded = " ".join(fold(words or "").replace('"', " ").split())
    for cling in CLINGS:
        folded = folded.removeprefix(cling) if len(folded) > len(cling) + 2 else folded
    return folded


def given(language: Language, text: str) -> dict[str, str | None]:
    """Return who is given as the speaker and the root of the last sentence of a text."""
    outlet = OUTLETS[language]
    page = made(language, (outlet, BlockKind.FURNITURE), (text, BlockKind.BODY), outlet=outlet)
    saying = attribution(page, sentences(page)[-1].place)
    spans = {"speaker": saying.speaker, "root": saying.root}
    return {field: None if one is None else one.of(page.text) for field, one in spans.items()}


@pytest.mark.parametrize("one", [*UNSURE, *ENDS], ids=[one["text"] for one in [*UNSURE, *ENDS]])
def test_nobody_is_given_the_words_of_another_in_sentences_that_few_rules_fit(one: dict[str, list[str]]) -> None:
    language: Language = one["language"]  # type: ignore[assignment]

    for field, who in given(language, str(one["text"])).items():
        assert who is None or bare(who) in [bare(right) for right in one[field]]


def test_news_gives_nobody_the_words_of_another_and_most_that_are_sure_to_who_said_them() -> None:
    wrong, right = list[str](), 0
    for one in NEWS:
        for field, who in given(one["language"], one["text"]).items():
            named = who is not None and bare(who) in [bare(each) for each in one[field]]
            right += named and field == "speaker"
            wrong += [] if who is None or named else [f"{field} {who}: {one['text']}"]

    assert wrong == []
    assert right >= FEWEST_NEWS


def test_most_speakers_that_can_be_told_are_told_all_the_same() -> None:
    found = Counter[str]()
    for one in UNSURE:
        who = given(one["language"], one["text"])["speaker"]
        found[one["language"]] += who is not None

    assert {language for language in LANGUAGES if found[language] < FEWEST[language]} == set()


def test_many_speakers_whose_name_ends_for_sure_are_told() -> None:
    known = [one for one in ENDS if one["speaker"]]

    assert sum(given(one["language"], one["text"])["speaker"] is not None for one in known) >= FEWEST_ENDS


LED_ON: Final[dict[Language, tuple[str, str, tuple[str, ...], str]]] = {
    "en": ("The mill burned, according to the council ", ".", ("against", "between", "without", "across"), "bdgkmaou"),
    "fr": ("Le moulin a brûlé, selon le comité ", ".", ("contre", "sans", "entre", "pour", "chez"), "bdgkmaou"),
    "ru": ("Склад сгорел, по данным комитета ", ".", ("за", "против", "без", "по", "для", "при"), "бгдзкмаоу"),
    "ar": ("احترق المستودع، بحسب لجنة الإشراف ", ".", ("ضد", "بين", "على", "من", "إلى"), "دزسشطغقمن"),
    "fa": ("به گفتهٔ سازمان نظارت ", "، انبار سوخت.", ("بر", "با", "به", "برای", "علیه", "از"), "دزسشطغقمن"),
}
"""What stands before and behind a name, prepositions, and the letters of a word that nobody knows."""


@st.composite
def led_on(draw: st.DrawFn) -> tuple[Language, str, str]:
    """Draw a sentence with a name that goes on behind a preposition, and the end of the name."""
    language = draw(st.sampled_from(LANGUAGES))
    before, behind, prepositions, letters = LED_ON[language]
    noun = draw(st.text(letters, min_size=5, max_size=8))
    assume(not line_of(noun, Span(0, len(noun)), language, 0).words[0].tags)
    end = f"{draw(st.sampled_from(prepositions))} {noun}"
    return language, f"{before}{end}{behind}", end


@hypothesis.given(led_on())
def test_a_name_that_a_preposition_leads_on_is_given_whole_or_not_at_all(drawn: tuple[Language, str, str]) -> None:
    language, text, end = drawn

    for who in given(language, text).values():
        assert who is None or who.endswith(end)


CASES: Final[list[tuple[Language, Case]]] = [
    # whoever is quoted by an agency said it, whatever the verb
    (
        "fr",
        Case(
            "Le dépôt a sauté, fulmine la mairie de Brune, citée par l'agence Ambre.",
            "la mairie de Brune",
            "la mairie de Brune",
            relays=("agence Ambre",),
        ),
    ),
    (
        "en",
        Case(
            "The depot blew up, fumed the council of Brill, quoted by the agency Amberwire.",
            "the council of Brill",
            "the council of Brill",
            relays=("the agency Amberwire",),
        ),
    ),
    # behind an agency stands a source that was not read: nobody says it
    ("en", Case("The depot blew up, the agency Amberwire said on the strength of a note by the council.")),
    ("ru", Case("Склад взорвался, сообщило агентство «Янтарь», ознакомившееся с донесением гарнизона.")),
    ("fa", Case("خبرگزاری کهربا نوشت فرمانداری انفجار انبار را تأیید کرده است.")),
    ("ar", Case("انفجر المستودع، قالت وكالة كهرمان بعدما اطلعت على مذكرة من الحامية.")),
    # an agency whose own reporter was there knew it first
    ("ar", Case("انفجر المستودع في الليل، تكتب وكالة كهرمان التي كان مراسلها في المكان.", None, "وكالة كهرمان")),
    # who was told is not who says it
    ("en", Case("The ferry sank, the mayor, Nora Vint, told Amber FM.", "Nora Vint", "Nora Vint")),
    ("ar", Case("غرقت العبّارة، كما قالت لإذاعة النخيل وزارة النقل.", "وزارة النقل", "وزارة النقل")),
    ("ru", Case("Паром затонул, рассказал «Янтарю» мэр Савелий Крот.", "Савелий Крот", "Савелий Крот")),
    # hearsay of one who speaks in quotation marks
    ("en", Case("“They told me the ferry was sinking,” said Nora Vint, a baker.", "Nora Vint", relays=("Nora Vint",))),
    (
        "fr",
        Case("« On m'a signalé que le bac coulait », a dit le maire Alban Roc.", "Alban Roc", relays=("Alban Roc",)),
    ),
    (
        "ru",
        Case("«Нам сообщили, что паром тонет», — сказал мэр Савелий Крот.", "Савелий Крот", relays=("Савелий Крот",)),
    ),
    ("ar", Case("«بلغني أن العبّارة تغرق»، قال المزارع سليم الطويل.", "سليم الطويل", relays=("سليم الطويل",))),
    # a sound is heard by oneself, and nobody told of it
    ("en", Case("“I heard the blast from my stall,” said Nora Vint, a baker.", "Nora Vint", "Nora Vint")),
    # two who say it, or a name that goes on
    ("fr", Case("Le bac a coulé, selon la capitainerie et les douanes.")),
    ("ru", Case("Паром затонул, по данным капитании и полиции.")),
    ("fa", Case("به گفته شهرداری و پلیس، قایق غرق شد.")),
    ("ar", Case("قال سليم الطويل وأخته إن العبّارة غرقت.")),
    # names to their end
    ("ar", Case("قال عبد الكريم أبو حمدان إن العبّارة غرقت.", "عبد الكريم أبو حمدان", "عبد الكريم أبو حمدان")),
    ("ar", Case("قال الشيخ الفاضل سليم إن العبّارة غرقت.", "الفاضل سليم", "الفاضل سليم")),
    ("ar", Case("أعلنت قيادة اللواء الخامس أن المعبر أُغلق.", "قيادة اللواء الخامس", "قيادة اللواء الخامس")),
    ("fa", Case("به گفته بهرام شریفی نسب، نانوا، قایق غرق شد.", "بهرام شریفی نسب", "بهرام شریفی نسب")),
    (
        "fa",
        Case("ایستگاه اورژانس شماره ۴ اعلام کرد قایق غرق شد.", "ایستگاه اورژانس شماره ۴", "ایستگاه اورژانس شماره ۴"),
    ),
    ("ru", Case("По данным штаба 7-й бригады, стрельба прекращена.", "штаба 7-й бригады", "штаба 7-й бригады")),
    ("ru", Case("Цех сгорел, говорят в компании «Янтарьмаш».", "«Янтарьмаш»", "«Янтарьмаш»")),
    # the body whose fuller name stands in the sentence
    ("ru", Case("Пожара на заводе не было, сообщил Савелий Крот, рабочий.", "Савелий Крот", "Савелий Крот")),
    ("ar", Case("لم يحترق مستشفى الأمل، قالت سعاد الطويل الناطقة باسم المستشفى.", "سعاد الطويل", "مستشفى الأمل")),
]


@pytest.mark.parametrize(("language", "case"), CASES, ids=[case.text for _, case in CASES])
def test_a_sentence_gives_its_words_to_the_one_whom_its_structure_names_for_sure(
    language: Language, case: Case
) -> None:
    assert told(case, language) == case.expected


@pytest.mark.parametrize(
    ("language", "text", "was_told"),
    [
        ("en", "“I was told so,” she said.", True),
        ("en", "I was told so by the mayor, who said it.", False),
        ("fr", "On m'a dit cela », ajoute-t-il.", True),
        ("ru", "«Мне сказали», — ответил он.", True),
        ("fa", "«به من گفتند»، او گفت.", True),
        ("ar", "«قيل لي ذلك»، قال.", True),
    ],
)
def test_only_within_quotation_marks_does_i_was_told_make_hearsay(
    language: Language, text: str, was_told: bool
) -> None:
    assert heard(line_of(text, Span(0, len(text)), language, 0).words) is was_told
