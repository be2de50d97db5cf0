"""How the page marks what a tear-line gives away: on the very characters that the node counted, as she types on."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pagecode import checks

from quartet.desk.tearline import left_over, original_of

SOURCE = "Haddad saw two barges near Qalat at 14:05, he told our clerk at the ferry gate."
PIECES = st.sampled_from(
    [
        "Haddad",
        "14:05",
        "Qalat",
        "saw two barges near Qalat at",
        "😀",
        "é",
        "e\u0301",
        " ",
        " and ",
        "\u200f",
        "حداد",
        "river",
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)


def pointed(text: str) -> list[dict[str, Any]]:
    found = left_over(original_of(SOURCE), text)
    return [
        {"where": "text", "start": one.start, "end": one.end, "what": one.what.value, "stands": []} for one in found
    ]


@settings(max_examples=20, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=40))
@example(["😀😀 Haddad came at 14:05, Haddad went", ""])
def test_every_piece_is_marked_asked_about_once_and_answered_where_it_stands(texts: list[str]) -> None:
    told = checks([(text, text, pointed(text)) for text in texts])

    for text, one in zip(texts, told, strict=True):
        left = pointed(text)
        assert "".join(piece["text"] for piece in one["segments"]) == text
        at, marked = 0, set[int]()
        for piece in one["segments"]:
            marked |= set(range(at, at + len(piece["text"]))) if piece["checks"] else set()
            at += len(piece["text"])
        assert marked == {at for span in left for at in range(span["start"], span["end"])}
        answered = {(a["where"], a["start"], a["end"], a["what"]) for a in one["answers"]}
        assert answered == {(span["where"], span["start"], span["end"], span["what"]) for span in left}
        assert all(words in text for words in one["words"])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=30))
@example([("Haddad", "", "😀", "Haddad")])
@example([("", "", "Haddad", "Haddad saw two barges near Qalat at"), ("Haddad", "Haddad", "", "")])
def test_while_she_types_on_a_mark_stays_on_the_letters_that_it_was_on(parts: list[tuple[str, str, str, str]]) -> None:
    before = [f"{head}{old}{tail}" for head, old, _, tail in parts]
    now = [f"{head}{new}{tail}" for head, _, new, tail in parts]

    told = checks([(old, new, pointed(old)) for old, new in zip(before, now, strict=True)])

    for (head, old, _, tail), was, text, one in zip(parts, before, now, told, strict=True):
        assert "".join(piece["text"] for piece in one["segments"]) == text
        words = {was[span["start"] : span["end"]] for span in pointed(was)}
        kept = {text[a["start"] : a["end"]] for a in one["answers"]}
        assert len({(a["start"], a["end"], a["what"]) for a in one["answers"]}) == len(one["answers"])
        assert kept <= words
        outside = [s for s in pointed(was) if s["end"] <= len(head) or s["start"] >= len(was) - len(tail)]
        assert {was[s["start"] : s["end"]] for s in outside} <= kept, (head, old, tail)


def test_the_same_words_are_one_question_and_what_lies_over_each_other_too() -> None:
    text = "Haddad at 14:05; Haddad at 14:05"

    (one,) = checks([(text, text, pointed(text))])

    assert sorted(one["words"]) == ["14:05", "Haddad"]
    assert len(one["answers"]) == len(pointed(text))
