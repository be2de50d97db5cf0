"""What a tear-line still gives away is found in its original, and what is shown there is the original's own letters."""

from hypothesis import example, given
from hypothesis import strategies as st

from quartet.desk.tearline import RUN, What, left_over, original_of, strings_of
from quartet.desk.tearplaces import MOST, Place, Places
from quartet.desk.tokens import spaced

LETTERS = "abcdeéßDamHaddadИвановаДонецкياىكقلةمحدآأ٠١٢123 \n.,;:'’-°\u200c\u0640\u0301\u0130😀"
HOSTILE = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=160)
NAMES = st.sampled_from(["Haddad", "Qal'at", "Ольга", "Донецк", "Müller", "حداد", "بصره", "Çelik", "Ångström"])


def found(title: str, text: str, draft: str, beside: tuple[str, ...] = ()) -> dict[tuple[str, str], tuple[Place, ...]]:
    places = Places(title, text, beside)
    original = original_of(f"{title}\n{text}", names=beside)
    return {(one.what.value, draft[one.start : one.end]): places.of(draft, one) for one in left_over(original, draft)}


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("", "", "", "")
@example("ß", "😀 Haddad", "Haddad\u0301", "😀 14:05 Haddad")
def test_each_place_is_a_piece_of_the_original_and_there_are_never_many(
    title: str, text: str, beside: str, draft: str
) -> None:
    told = found(title, text, draft, (beside,))

    assert told == found(title, text, draft, (beside,))
    for places in told.values():
        assert len(places) <= MOST
        for one in places:
            if one.where == "beside":
                assert one.words in beside
            else:
                assert one.words == (title if one.where == "title" else text)[one.start : one.end]
            assert one.words


@given(HOSTILE, NAMES, HOSTILE)
def test_a_name_that_both_have_is_shown_where_the_original_has_it(before: str, name: str, after: str) -> None:
    text = f"seen then {name} came"
    whole = found("", text, f"{before} {name} {after}")

    pieces = [one for (what, _), places in whole.items() if what == "NAME" for one in places]

    assert any(text[one.start : one.end] in name for one in pieces)


@given(st.text(st.sampled_from("abcde fgh"), min_size=40, max_size=90), st.integers(0, 60), HOSTILE)
@example("a" * 16 + " " + "a" * 23, 16, "0")
def test_words_that_were_copied_are_shown_where_they_were_taken_from(text: str, at: int, before: str) -> None:
    copied = text[at : at + RUN + 6]

    whole = found("", text, f"{before} {copied}")

    for (what, words), places in whole.items():
        if what == "RUN":
            assert places
            assert all(spaced(one.words)[0] in spaced(text)[0] for one in places)
            assert any(spaced(one.words)[0] in spaced(words)[0] for one in places)


def test_names_codes_times_positions_and_what_stands_beside_the_text_are_each_shown() -> None:
    text = "At 14:05 Haddad saw two barges of 7th Brigade near 33.51 N, 36.29 E."

    told = found("At Qalat", text, "Haddads and Qalat, seen 1405Z or 14:05, 33.51 N, by the clerk of 7th", ("clerk",))

    def shown(what: str, words: str) -> list[tuple[str, str]]:
        return [(one.where, one.words) for one in told[what, words]]

    assert shown("NAME", "Haddads") == [("text", "Haddad")]
    assert shown("NAME", "Qalat") == [("title", "Qalat")]
    assert shown("NAME", "clerk") == [("beside", "clerk")]
    assert shown("CODE", "7th") == [("text", "7th")]
    assert shown("TIME", "14:05") == [("text", "14:05")]
    assert shown("TIME", "1405Z") == []
    (position,) = [places for (what, words), places in told.items() if what == "POSITION" and "33.51" in words]
    assert [one.words.strip() for one in position] == ["33.51 N"]


def test_a_form_tells_its_own_words_and_no_word_of_a_closed_list() -> None:
    form = {"collector": "Ziad", "hash": "A" * 43, "events": [{"how": "SAW", "what": "barges", "polarity": "ASSERTS"}]}

    assert strings_of(form) == ("Ziad", "barges")
    assert {one.what for one in left_over(original_of("x", form=form), "Ziad came")} == {What.SOURCE}
