"""A text is found however it is spelt, in time that grows with its length alone."""

import json
import unicodedata
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.fold import MAX_GROWTH, begins, fold, has, stems, term

CASES: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("orthography.json").read_text())
any_text = st.text(alphabet=st.characters(exclude_categories=()))
arabic = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقکلمنهوی", min_size=3, max_size=12)
HIDDEN: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u2060\ufeff\u00ad\u061c\u180e\u3164"


@given(any_text)
def test_what_is_folded_stays_when_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_a_fold_is_bounded_by_the_length_of_its_text(text: str) -> None:
    assert len(fold(text)) <= MAX_GROWTH * len(text)


def test_no_letter_grows_more_than_that_and_each_stays_when_folded_again() -> None:
    letters = map(chr, range(0x110000))
    changing = [one for one in letters if unicodedata.normalize("NFKD", one.casefold()) != one]
    folded = {fold(one) for one in changing}

    assert max(map(len, folded)) == MAX_GROWTH
    assert fold("\n".join(sorted(folded))) == " ".join(sorted(one for one in folded if one))


@given(any_text)
def test_a_fold_has_no_mark_no_control_and_nothing_unseen(text: str) -> None:
    kinds = {unicodedata.category(letter) for letter in fold(text)}

    assert not kinds & {"Mn", "Me", "Cf", "Cc", "Cs"}


@given(any_text)
def test_a_fold_can_always_be_written_down(text: str) -> None:
    assert fold(text).encode().decode() == fold(text)


@given(any_text, any_text)
def test_two_texts_fold_side_by_side_as_each_by_itself(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == f"{fold(one)} {fold(other)}".strip()


@given(st.text(), st.data())
def test_what_nobody_sees_makes_no_difference_wherever_it_stands(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    unseen = data.draw(st.text(alphabet=HIDDEN))

    assert fold(text[:at] + unseen + text[at:]) == fold(text)


@given(any_text)
def test_neither_case_nor_composition_makes_a_difference(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)
    assert fold(text.casefold()) == fold(text)


@given(any_text, any_text, any_text)
def test_every_part_of_a_text_that_folds_whole_is_found_in_it(before: str, word: str, after: str) -> None:
    assert has(fold(f"{before}{word}{after}"), term(word)) or fold(word) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['script']}: {case['asked']}")
def test_a_spelling_finds_another(case: dict[str, Any]) -> None:
    folded = fold(case["kept"])

    assert all(has(folded, term(word)) for word in [case["asked"], *case["asked"].split()])


def test_the_cases_are_of_every_script_and_most_are_lost_without_the_fold() -> None:
    found = [case for case in CASES if case["asked"].casefold() in case["kept"].casefold()]

    assert {case["script"] for case in CASES} == {"latin", "cyrillic", "arabic", "persian"}
    assert len(CASES) == 20
    assert found == []


@given(arabic, st.sampled_from(["و", "ف", "ب", "ک", "ل", "ال", "وال", "فال", "بال", "کال", "وبال", "لل", "ولل", "وب"]))
def test_a_query_without_proclitics_finds_a_word_with_them_and_the_other_way_round(word: str, chain: str) -> None:
    assert has(fold(f"قال {chain}{word}"), term(word))
    assert has(fold(f"قال {word}"), term(f"{chain}{word}"))


@pytest.mark.parametrize("word", ["ولد", "بلد", "والد", "کلب", "فلم"])
def test_a_short_word_keeps_the_letters_that_look_like_proclitics(word: str) -> None:
    assert all(len(stem) >= 3 for stem in stems(word))


def test_a_stem_is_looked_for_where_words_begin_and_not_inside_them() -> None:
    assert not begins(fold("جسد في الطريق"), "سد")
    assert begins(fold("شقوق وبالسد"), "سد")


def test_words_of_other_scripts_have_no_proclitics() -> None:
    assert [stems(word) for word in ("dam", "плотина", "3", "", "al-dam")] == [()] * 5


@pytest.mark.parametrize(
    ("first", "piece", "times"),
    [
        ("a", "\u0301\u0316", 500_000),
        ("", "ـ", 1_000_000),
        ("", "\u202e", 1_000_000),
        ("", "ﷺ", 50_000),
        ("", "\uff9e\uff9f", 500_000),
        ("", "\u1e9e\u0130", 500_000),
        ("", " \u00a0\t", 300_000),
        ("", "ال", 500_000),
        ("", "و", 1_000_000),
    ],
    ids=["marks", "tatweel", "bidi", "ligatures", "halfwidth", "cases", "spaces", "articles", "waws"],
)
def test_hostile_letters_by_the_million_are_folded_and_looked_through_to_their_end(
    first: str, piece: str, times: int
) -> None:
    text = first + piece * times
    folded = fold(text)

    for word in ("السد", "و" * 100, text[:2_000]):
        assert has(folded, term(word)) == any(one in folded for one in term(word).spellings)


def test_a_text_of_every_letter_there_is_folds_to_the_same_again() -> None:
    folded = fold("".join(map(chr, range(0x110000))))

    assert fold(folded) == folded
