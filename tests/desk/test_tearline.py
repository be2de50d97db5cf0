"""What a tear-line still gives away is pointed at, in any script and spelling, whatever the texts are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quartet.desk.sourcewords import SMALL_WORDS
from quartet.desk.tearline import RUN, Original, What, left_over, original_of
from quartet.desk.tokens import fold_letter, tokens

LETTERS = "abcdeéßDamHaddadИвановаДонецкياىكقلةمحدآأ٠١٢123 \n.,;:'’-°\u200c\u0640\u0301\u0130"
HOSTILE = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=200)
PLAIN = st.text(st.sampled_from("abcd efgh"), max_size=60)
NAMES = st.sampled_from(["Haddad", "Qal'at", "Ольга", "Донецк", "Müller", "حداد", "بصره", "Çelik", "Ziad", "Ångström"])


def told(original: Original, draft: str) -> set[tuple[str, str]]:
    return {(span.what.value, draft[span.start : span.end]) for span in left_over(original, draft)}


def covered(original: Original, draft: str, what: What) -> set[int]:
    spans = [one for one in left_over(original, draft) if one.what is what]
    return {at for one in spans for at in range(one.start, one.end)}


def plain(text: str) -> str:
    return "".join(fold_letter(letter) for letter in text)


@given(HOSTILE, HOSTILE, HOSTILE)
@example("", "", "")
@example("\u0640\u0640", "\u0301", "\u0301\u0640\u200c")
def test_any_texts_give_spans_that_lie_within_the_draft_and_the_same_ones_again(
    text: str, name: str, draft: str
) -> None:
    original = original_of(text, names=(name,), files=(name,), form={"collector": name, "events": [{"how": name}]})

    found = left_over(original, draft)

    assert found == left_over(original, draft)
    assert list(found) == sorted(set(found))
    assert all(0 <= one.start < one.end <= len(draft) for one in found)


@given(HOSTILE, NAMES, HOSTILE, HOSTILE)
def test_every_name_of_the_original_is_pointed_at_wherever_the_draft_has_it(
    text: str, name: str, before: str, after: str
) -> None:
    original, draft = original_of(f"{text} then {name} came"), f"{before} {name} {after}"

    names = covered(original, draft, What.NAME)

    at = len(before) + 1
    for token in tokens(name):
        if len(token.folded) >= 3:
            assert set(range(at + token.start, at + token.end)) <= names


@given(st.text(st.sampled_from("abcde fgh"), min_size=40, max_size=120), PLAIN, st.integers(0, 60))
@settings(max_examples=200)
def test_every_run_of_the_originals_letters_is_pointed_at_letter_by_letter(text: str, between: str, begin: int) -> None:
    original = " ".join(text.split())
    piece = original[begin : begin + RUN + 10].strip()
    draft = f"{between}\n {piece.upper()} \n{between}"

    run = covered(original_of(original), draft, What.RUN)

    at = draft.index(piece.upper()) if piece else 0
    # A run may begin or end within a word of the original, and there is another word before it in the draft.
    assert len(piece) < RUN or set(range(at, at + len(piece))) <= run


@given(st.integers(10, 99_999), HOSTILE)
def test_every_number_of_two_digits_or_more_that_both_have_is_pointed_at_in_any_digits(number: int, text: str) -> None:
    arabic = str(number).translate({ord(str(n)): chr(0x660 + n) for n in range(10)})

    for here in (str(number), arabic):
        draft = f"{text} {here} x"
        at = len(text) + 1
        assert set(range(at, at + len(here))) <= covered(original_of(f"hull {number}"), draft, What.CODE)


@pytest.mark.parametrize(
    "position",
    [
        "33.8938, 35.5018",
        "33,8938",
        "33°53'20\"N",
        "35º 30′ E",
        "3353N 03530E",
        "36S YC 3412 8876",
        "36SYC34128876",
        "N 33 53",
        "٣٣٫٨٩".replace("٫", "."),
    ],
)
def test_every_position_is_pointed_at_in_its_usual_spellings(position: str) -> None:
    draft = f"seen near {position} at dusk"

    found = covered(original_of("no position at all"), draft, What.POSITION)

    at = draft.index(position)
    assert {place for place in range(at, at + len(position)) if draft[place].isdigit()} <= found


@pytest.mark.parametrize(
    "time",
    [
        *(
            "14:05",
            "14h05",
            "1405Z",
            "281405Z NOV 26",
            "2026-11-28",
            "28/11/2026",
            "28.11.2026",
            "3 pm",
            "1448",
            "2026",
        ),
        *("28 November", "28 ноября", "28 novembre", "٢٨ نوفمبر", "۷ آذر", "28 تشرين"),
    ],
)
def test_every_time_and_date_is_pointed_at_in_five_languages(time: str) -> None:
    draft = f"x {time} y"

    assert covered(original_of(""), draft, What.TIME) >= {2, len(time) + 1}


def test_names_are_found_in_another_case_with_other_marks_and_declined() -> None:
    original = original_of("Müller met Иванов at Донецк. قال أحمد حدّاد في البصرة")

    for draft in ("MULLER", "mu\u0308ller", "Иванову", "с Ивановым", "в Донецке", "واحمد", "حداد", "البصره", "بصره"):
        assert any(what == "NAME" for what, _ in told(original, draft)), draft
    assert told(original, "met at") == set()


def test_a_word_that_begins_a_sentence_is_no_name_if_it_stands_elsewhere_in_small_letters() -> None:
    original = original_of("Barges came. Then barges left. Haddad saw Barges? Rockets.")

    assert told(original_of("Barges came. Then barges left."), "two barges") == set()
    assert ("NAME", "barges") in told(original, "two barges"), "in the middle of a sentence it is one"
    assert ("NAME", "rockets") in told(original, "rockets"), "a name may begin a sentence and be there once"


def test_what_stands_beside_the_text_is_pointed_at_too() -> None:
    form = {"events": [{"how": "RADAR", "where": "Qalat bridge", "collector": "Tower 12", "roots": ["A" * 43]}]}
    original = original_of("ships", names=("n.weber",), files=("IMG_2231.jpg",), form=form)

    assert told(original, "Weber") == {("NAME", "Weber")}
    assert told(original, "img 2231") == {("CODE", "img"), ("CODE", "2231")}
    assert told(original, "tower 12") == {("SOURCE", "tower"), ("CODE", "12")}
    assert told(original_of("", form={"where": "QALAT", "how": "SAW"}), "qalat, saw") == {
        ("NAME", "qalat"),
        ("SOURCE", "saw"),
    }
    assert told(original, "qalat") == {("NAME", "qalat")}
    assert told(original, "the radars showed it") == {("SOURCE", "radars")}
    assert told(original, "a camera showed it") == set(), "the original tells of none"
    assert told(original, "N-K7Q-4MX and " + "B" * 43) == {("CODE", "N-K7Q-4MX"), ("CODE", "B" * 43)}


@pytest.mark.parametrize("word", ["witnesses", "перехват", "caméra", "источник", "شهود", "رادار", "منبع", "patrouille"])
def test_a_source_word_that_both_texts_have_is_pointed_at_in_five_languages(word: str) -> None:
    assert ("SOURCE", word) in told(original_of(f"x {word} y"), f"z {word}")


def test_a_text_in_other_words_is_clean() -> None:
    original = original_of("Captain Haddad saw eight rockets near Qalat at 14:05.", names=("duty",))

    assert told(original, "several projectiles were launched towards the north of the district") == set()


@pytest.mark.parametrize(
    "piece", ["Aa1 ", "9", "и", "١٢ ", "\u0301", "A-", "33.8938 ", "12:", "° ", "N ", "a" * 43 + " "]
)
def test_a_hostile_text_is_read_in_a_bounded_number_of_steps(piece: str) -> None:
    """The worst of these takes seconds where a pattern that tries again takes hours."""
    text = (piece * 20_000)[:20_000]

    assert left_over(original_of(text), text) == left_over(original_of(text), text)


def test_small_words_are_spelt_as_they_are_looked_up() -> None:
    assert all(word == plain(word) and word for word in SMALL_WORDS)
