"""The tables of names are whole: every sound is known, every word is of one script, every language has its words."""

from typing import Any

import pytest

from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.names.sounds import table
from quartet.intake.names.spelt import scripts_of, tables
from quartet.intake.places.words import around, bent, unwritten

SCRIPTS = {"latin": "latin", "arabic": "arabic", "cyrillic": "cyrillic"}
ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىةپچژگکی",
}


def sounds_of(script: str) -> set[str]:
    return {
        sound
        for line in table(script)["letters"].values()
        for one in line.split("+")
        for sound in one.strip("~").split()
    }


def test_every_sound_of_a_letter_is_like_another_or_wholly_different_by_name() -> None:
    said: dict[str, Any] = table("sounds")
    known = {*said["missing"], *(sound for pair in said["apart"] for sound in pair.split())}
    kinds = {sound for line in said["kinds"].values() for sound in line.split()}

    used = {sound for script in SCRIPTS for sound in sounds_of(script)} | set(said["together"].values())

    assert used <= known | kinds
    assert {sound for pair in said["together"] for sound in pair.split()} <= used


def test_what_is_apart_is_said_once_and_within_bounds() -> None:
    pairs = [frozenset(pair.split()) for pair in table("sounds")["apart"]]

    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)
    assert all(0 < cost < 1 for cost in table("sounds")["apart"].values())


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_of_an_alphabet_has_its_sounds(script: str) -> None:
    assert set(ALPHABETS[script]) <= set(tables().rules[script])  # type: ignore[index]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_letters_of_a_table_are_of_its_script(script: str) -> None:
    assert all(scripts_of(key.partition("|")[0]) <= {SCRIPTS[script]} for key in table(script)["letters"])


def test_every_word_of_a_table_is_of_one_script() -> None:
    said = table("words")
    lines = [*said["particles"].values(), *said["kinds"].values()]

    assert [word for line in lines for word in line.split() if len(scripts_of(word)) != 1] == []


def test_no_word_is_of_two_kinds() -> None:
    words = [word for line in table("words")["kinds"].values() for word in set(line.split())]

    assert sorted(word for word in set(words) if words.count(word) > 1) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_around_places_in_its_own_script(language: Language) -> None:
    script = {"ar": "arabic", "fa": "arabic", "ru": "cyrillic"}.get(language, "latin")
    said = around(language)

    assert all([said.before, said.kinds, said.not_after, said.parts, said.within, said.common])
    assert {one for words in said for word in words for one in scripts_of(word)} == {script}


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("москва", "москве"),
        ("казань", "казанью"),
        ("киров", "кировом"),
        ("череповец", "череповца"),
        ("нижнии", "нижнем"),
        ("смоленск", "смоленском"),
        ("сирия", "сирии"),
        ("сумы", "сумах"),
        ("иваново", "иванове"),
        ("горная", "горнои"),
    ],
)
def test_a_russian_name_has_its_cases(word: str, form: str) -> None:
    assert form in bent(word)
    assert word not in bent(word)


def test_what_is_written_onto_an_arabic_name_is_taken_off_only_if_it_leads_to_a_place() -> None:
    assert "دمشق" in unwritten("بدمشق")
    assert "دمشق" in unwritten("وبدمشق")
    assert "القاهره" in unwritten("للقاهره")
    assert unwritten("وكاله") == unwritten("وکاله") == ()
    assert unwritten("بيت") == ()
