"""What others wrote never acts on the reader's terminal; an error is one line whatever is in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.cli.output import clean, one_line, say, size_text, table, utc
from quartet.core.attachment import safe_name


@given(st.text())
def test_clean_text_holds_no_control_character_but_lines_and_tabs(text: str) -> None:
    assert all(char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f") for char in clean(text))


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(st.text())
def test_a_saved_file_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)

    assert safe
    assert "/" not in safe
    assert not safe.startswith(".")


def test_an_escape_sequence_in_a_title_is_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    table(("TITLE",), [("\x1b[2Jgone [red]x[/red] :smile:",)])
    say("\x1b]0;owned\x07")

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[red]x[/red] :smile:" in out


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_a_line_around_is_shown_and_moves_no_other_cell(
    sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table(("KNEW IT FIRST", "SAYS IT"), [(f"North Wire{sign}", "the mayor")])
    say(f"{sign}North Wire")

    out = capsys.readouterr().out
    assert sign not in out
    assert "North Wire\ufffd" in out
    assert clean("می\u200cشود \u200f(1)") == "می\u200cشود \u200f(1)"


def test_times_are_utc_with_z() -> None:
    assert utc(datetime(2026, 3, 1, 4, 5, 6, 789, tzinfo=UTC)) == "2026-03-01 04:05:06Z"
    assert utc(None) == "-"


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1023, "1023 bytes"), (131072, "128.0 KiB"), (52428800, "50.0 MiB")]
)
def test_sizes_read_as_people_say_them(size: int, text: str) -> None:
    assert size_text(size) == text
