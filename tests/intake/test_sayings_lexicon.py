"""The words of attribution: each language has every list, and each entry is found where it stands."""

import pytest

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.sayings import lexicon as words
from quartet.intake.sayings.lexicon import Lexicon, Tag, forms, lexicon
from quartet.intake.sayings.listed import Listed, listed, lists, phrases, starts

OF_ALL = {Listed.FORMER, Listed.DEPUTIES, Listed.ON_BEHALF, Listed.WHAT, Listed.JOINS, Listed.AS_WELL_AS, Listed.NUMBER}
MAY_LACK = {Tag.HE_SAID, Tag.FROM_WHOM, Tag.RELAYS, Tag.ARTICLE, Tag.GENERIC, Tag.ADDRESSEE}


def tags(found: Lexicon) -> set[Tag]:
    """Return the tags that have an entry."""
    return {entry.tag for some in (*found.whole.values(), *found.stems.values()) for entry in some}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_list(language: Language) -> None:
    assert set(Tag) - tags(lexicon(language)) <= MAY_LACK


@pytest.mark.parametrize(
    ("language", "word", "found_as"),
    [
        ("ar", "وبالوزارة", "بالوزاره"),
        ("ar", "للشرطة", "شرطه"),
        ("fa", "منبعی", "منبع"),
        ("ru", "министерства", "министерства"),
    ],
)
def test_a_word_is_found_behind_what_clings_to_it(language: Language, word: str, found_as: str) -> None:
    from quartet.intake.dates.spelling import tokens

    spelt = next(iter(tokens(word))).text

    assert found_as in {*forms(spelt, language)[0], *forms(spelt, language)[1]} or spelt == found_as


@pytest.mark.parametrize("phrase", ["", "а*", "one two three four five six seven eight nine"])
def test_an_entry_that_says_nothing_or_too_much_is_refused(phrase: str) -> None:
    with pytest.raises(Malformed) as raised:
        list(words.entries(phrase, Tag.SAY))

    assert raised.value.reason == "bad-lexicon"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_lists_what_all_must_and_no_word_twice(language: Language) -> None:
    found = lists(language)

    assert set(found) >= OF_ALL
    assert all(len(set(some)) == len(some) > 0 and "" not in some for some in found.values())


def test_every_list_has_words_in_some_language_which_are_looked_in_together() -> None:
    for name in Listed:
        assert listed(name) == {word for language in LANGUAGES for word in listed(name, language)} != set()
        assert len(starts(name)) >= len(listed(name))


@pytest.mark.parametrize(
    ("language", "name", "word"),
    [
        ("fr", Listed.DEPUTIES, "adjoint"),
        ("en", Listed.TOLD, "notified"),
        ("ar", Listed.MAY_BE_TOLD, "ابلغت"),
        ("fa", Listed.HEADS, "وزارت"),
        ("ru", Listed.POSSESSIVES, "их"),
        ("en", Listed.OF_A_BODY, "health"),
        ("ru", Listed.PAST, "лось"),
        ("fa", Listed.INFINITIVES, "دن"),
        ("ar", Listed.CLINGS, "ف"),
        ("fr", Listed.PARTICIPLES, "ées"),
    ],
)
def test_a_word_is_listed_in_its_language_and_in_no_other(language: Language, name: Listed, word: str) -> None:
    assert [one for one in LANGUAGES if word in listed(name, one)] == [language]


def test_a_phrase_is_its_words() -> None:
    assert ("on", "behalf", "of") in phrases(Listed.ON_BEHALF)
