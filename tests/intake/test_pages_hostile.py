"""Hostile bytes: whatever comes, a page or `Malformed`, in bounded time, and nothing is run or fetched."""

import sys
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.intake.pages import MAX_BYTES, Form, read
from quartet.intake.pages.controls import MAX_CONTROLS
from quartet.intake.pages.decoding import decoded, is_text
from quartet.intake.pages.lines import MAX_LINES, MAX_TEXT
from quartet.intake.texts import BlockKind, Page

TAGS = (
    "p",
    "div",
    "b",
    "a",
    "table",
    "td",
    "tr",
    "ul",
    "li",
    "br",
    "h1",
    "h2",
    "nav",
    "script",
    "style",
    "title",
    "head",
)
WORDS = (
    "Источник: ",
    "Read also",
    "© 2026 ",
    "12/11/2026 ",
    "Par ",
    "وكالة ",
    "- ",
    "(",
    ")",
    "منبع: ",
    "DTG: 170725ZNOV26\n",
    "\n\n",
)
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(
            ['<div class="caption">', '<p class="byline">', "<!--", "-->", "<![CDATA[", "&lt;", "&#0;", "&", "<"]
        ),
        st.sampled_from(WORDS),
        st.text(max_size=60),
    ),
    max_size=40,
).map("".join)


def holds(page: Page) -> None:
    """Assert what every page promises of its places."""
    end = 0
    for block in page.blocks:
        assert end <= block.place.start < block.place.end <= len(page.text)
        end = block.place.end
        assert block.place.of(page.text).strip() == block.place.of(page.text)
    for place in (page.outlet, page.agency, page.author):
        assert place is None or (0 <= place.start < place.end <= len(page.text))
    for control in page.controls:
        assert control.name
        assert 0 <= control.at < len(page.text)
    assert len(page.text) <= MAX_TEXT
    assert page.text == " ".join(page.text.split())
    said = "".join(block.place.of(page.text) for block in page.blocks)
    assert said.replace(" ", "") == page.text.replace(" ", "")


def is_read(data: bytes, is_html: bool, charset: str | None = None) -> None:
    """Assert that some bytes give a page that holds what it promises, or are refused because they are no text."""
    form: Form = "html" if is_html else "txt"
    if is_text(decoded(data, charset, is_html).text):
        holds(read(data, form, charset))
    else:
        with pytest.raises(Malformed, match="unreadable-page"):
            read(data, form, charset)


@given(
    st.binary(max_size=600),
    st.sampled_from(["html", "txt"]),
    st.sampled_from([None, "utf-16", "cp1256", "no-such", "hex"]),
)
def test_any_bytes_give_a_page_that_holds_all_of_its_text_in_order_or_are_refused_as_none(
    data: bytes, form: str, charset: str | None
) -> None:
    is_read(data, form == "html", charset)


@settings(max_examples=150)
@given(MARKUP, st.booleans())
def test_any_markup_gives_a_page_that_holds_all_of_its_text_in_order_or_is_refused_as_no_text(
    text: str, is_html: bool
) -> None:
    is_read(text.encode("utf-8", "surrogatepass"), is_html)


BOMBS: dict[str, Callable[[int], str]] = {
    "boxes in boxes": lambda n: "<div>" * n + "The bridge stands.",
    "bold in bold": lambda n: "<b>" * n + "The bridge stands.",
    "tables in tables": lambda n: "<table><tr><td>" * n + "The bridge stands.",
    "links that never end": lambda n: "<a href=x>" * n + "The bridge stands.",
    "attributes": lambda n: "<p " + " ".join(f"a{at}=1" for at in range(10 * n)) + ">The bridge stands.</p>",
    "quotation marks": lambda n: "The bridge stands." + "<p a='\">" * n,
    "attributes without end": lambda n: "The bridge stands. <p " + "a=" * n,
    "one class of many words": lambda n: f'<p class="{"byline " * n}">The bridge stands.</p>',
    "end tags alone": lambda n: "</div>" * n + "The bridge stands.",
    "angle brackets": lambda n: "The bridge stands. " + "<" * n,
    "comments that never end": lambda n: "The bridge stands. " + "<!--" * n,
    "entities": lambda n: "The bridge stands. " + "&lt;" * n,
    "paragraphs": lambda n: "<p>The bridge stands." * n,
    "teasers": lambda n: (
        "<p>The bridge stands.</p>" + '<div><a href="/x">Read what happened there</a><p>Words here.</p></div>' * n
    ),
    "pictures": lambda n: "<p>The bridge stands.</p>" + "<img src=x>" * n,
    "headings": lambda n: "<p>The bridge stands.</p>" + "<h1>Read also</h1>" * n,
    "comment headings": lambda n: "<p>The bridge stands.</p>" + "<div><h3>Comments</h3>" * n,
    "spaces": lambda n: "The bridge stands." + " " * n,
    "zero width": lambda n: "The bridge stands." + "\u200b" * n,
    "years": lambda n: "<p>" + "2026 " * n,
    "initials": lambda n: "<p>" + "a. " * n + "/ x</p>",
    "brackets": lambda n: "<p>" + "(" * n + "</p><p>" + "x (y) - " * n,
    "copyright signs": lambda n: "<p>The bridge stands.</p><footer>" + "© " * n + "</footer>",
    "labels": lambda n: "<p>The bridge stands.</p><footer>" + "<p>Source: North Wire</p>" * n + "</footer>",
    "commas": lambda n: "<p>" + "A, " * n + "- b",
}


CHEAP = {"boxes in boxes", "bold in bold", "attributes", "angle brackets", "entities", "zero width"}
"""Those that are read at their full size; the others are as bad at a tenth of it."""


def steps(data: bytes) -> int:
    """Return how many calls a page takes to be read."""
    found, before = count(), sys.getprofile()
    sys.setprofile(lambda *_: next(found))
    try:
        read(data, "html")
    finally:
        sys.setprofile(before)
    return next(found)


@pytest.mark.parametrize("name", BOMBS)
def test_four_times_the_bomb_takes_about_four_times_as_many_steps(name: str) -> None:
    read(b"<p>x</p>", "html")  # the lexicons are read once

    assert steps(BOMBS[name](1_600).encode()) < 5 * steps(BOMBS[name](400).encode()) + 20_000


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_gives_a_page(name: str) -> None:
    page = read(BOMBS[name](100_000 if name in CHEAP else 10_000).encode(), "html")

    holds(page)
    assert "The bridge stands." in page.text or name in ("years", "initials", "brackets", "commas")


@pytest.mark.parametrize("form", ["html", "txt"])
@pytest.mark.parametrize("unit", ["word ", "слово ", "х", ". ", "كلمة، ", "12/11/2026 ", "(", "- ", "«"])
def test_a_line_of_ten_megabytes_is_read_up_to_the_limit_and_says_where_it_was_cut(form: str, unit: str) -> None:
    data = (unit * (10_000_000 // len(unit.encode()))).encode()

    page = read(data, "html" if form == "html" else "txt")

    assert page.cut_at == len(page.text)
    assert len(page.text) > MAX_TEXT - 20
    holds(page)


def test_more_bytes_than_are_read_are_refused() -> None:
    with pytest.raises(Malformed, match="too-large"):
        read(b"x" * (MAX_BYTES + 1), "txt")


def test_a_page_of_more_lines_than_are_told_apart_says_where_it_was_cut() -> None:
    page = read(b"<p>x</p>" * (MAX_LINES + 5), "html")

    assert len(page.blocks) == MAX_LINES
    assert page.cut_at is not None


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    laughs = b'<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'

    page = read(laughs + b"<p>One &b; two &c; three.</p>", "html")

    assert "lol" not in page.text.replace('"lol"', "")
    assert "root:" not in page.text
    assert page.text.endswith("One &b; two &c; three.")


def test_what_would_be_run_is_no_text() -> None:
    page = read(
        b"<p>Seen.</p><script>alert('x')</script><style>p{}</style><svg><text>x</text></svg><noscript>n</noscript>",
        "html",
    )

    assert page.text == "Seen."


def test_a_null_byte_stays_and_is_named() -> None:
    page = read(b"Smoke\x00 over the harbour.", "txt")

    assert page.text == "Smoke\x00 over the harbour."
    assert [(control.at, control.name) for control in page.controls] == [(5, "NULL")]


def test_what_turns_the_text_around_or_shows_nothing_stays_and_is_named() -> None:
    text = "The \u202eegdirb\u202c is\u200b op\u00aden\ufeff."

    page = read(text.encode(), "txt")

    assert page.text == text
    assert [control.name for control in page.controls] == [
        "RIGHT-TO-LEFT OVERRIDE",
        "POP DIRECTIONAL FORMATTING",
        "ZERO WIDTH SPACE",
        "SOFT HYPHEN",
        "ZERO WIDTH NO-BREAK SPACE",
    ]
    assert all(text[control.at] not in "abc" for control in page.controls)


def test_a_joiner_in_a_persian_word_is_spelling_and_one_in_a_latin_word_is_a_control() -> None:
    page = read("می‌شود و north‌gate".encode(), "txt")

    assert [control.name for control in page.controls] == ["ZERO WIDTH NON-JOINER"]
    assert page.text[page.controls[0].at - 5 : page.controls[0].at] == "north"


def test_of_many_controls_so_many_are_named_and_the_last_says_that_there_are_more() -> None:
    page = read(("x\u202e" * (MAX_CONTROLS * 2)).encode(), "txt")

    assert len(page.controls) == MAX_CONTROLS
    assert page.controls[-1].name == "AND MORE"


def test_what_is_hidden_tells_nothing_and_stays_in_the_text() -> None:
    shown = b"<p>The bridge over the river was closed at noon, the road office said on Monday.</p>"
    data = (
        shown + b'<div style="display: none"><p>The bridge over the river was blown up, the road office said.</p></div>'
    )

    page = read(data, "html")

    assert [block.kind for block in page.blocks] == [BlockKind.BODY, BlockKind.FURNITURE]
    assert "blown up" in page.text
