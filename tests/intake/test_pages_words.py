"""The words of pages: each language has every list, and a phrase is found where it stands."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.intake.pages.words import LANGUAGES, LISTS, LexiconError, checked, phrase_of, phrases, said, spoken


def lexicon(language: str) -> dict[str, object]:
    """Return the file of a language as it stands."""
    place = resources.files("quartet.intake") / "lexicons" / "pages" / f"{language}.toml"
    return dict(tomllib.loads(place.read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_list_and_each_phrase_is_found_in_a_line_of_its_own(language: str) -> None:
    for name, listed in checked(lexicon(language), language).items():
        for phrase in listed:
            assert phrases(name).is_all(spoken(said(" ".join(phrase), 0, 200))), (name, phrase)


@pytest.mark.parametrize(
    "wrong",
    [
        {name: [] for name in LISTS[1:]},
        {**{name: [] for name in LISTS}, "odd": []},
        {**{name: [] for name in LISTS}, "by": "by"},
        {**{name: [] for name in LISTS}, "by": [3]},
        {**{name: [] for name in LISTS}, "by": ["..."]},
        {**{name: [] for name in LISTS}, "by": ["par", "par"]},
    ],
)
def test_a_lexicon_that_is_not_what_it_should_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(LexiconError):
        checked(wrong, "xx")


@given(
    st.text(max_size=30), st.sampled_from(["Read also", "À lire aussi", "اقرأ أيضاً", "بیشتر بخوانید", "Читайте также"])
)
def test_a_phrase_is_found_at_its_place_whatever_stands_before_it(before: str, phrase: str) -> None:
    text = before + " | " + phrase
    words = spoken(said(text, 0, len(text)))

    hit = phrases("read_more").first(words, len(words) - len(phrase_of(phrase)))

    assert hit is not None
    assert text[words[hit.first].start : words[hit.after - 1].end] == phrase
