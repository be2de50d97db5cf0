"""One grammar for what an officer looks for: any text is a query, or a refusal that says what to write."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.node.asking import NAMES, Query, read_query

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINE = "tlp:red from:east kind:report flash dam"


def asked(text: str) -> Query | Malformed:
    try:
        return read_query(text, NOW)
    except Malformed as fault:
        return fault


PIECES = [
    *(f"{name}:" for name in NAMES),
    *("http:", "red", "east", "flash", "2h", "9d", "2026-03-01", "file", '"', " "),
]
pieces = st.sampled_from(PIECES)


@given(st.text() | st.lists(pieces, max_size=12).map("".join))
def test_any_text_is_a_query_or_refused_with_a_word_that_helps(text: str) -> None:
    found = asked(text)

    if isinstance(found, Malformed):
        assert (found.reason, len(found.detail) > 10) == ("bad-query", True)
    else:
        assert found == asked(f"  {text} ")


def test_a_line_says_all_that_it_says() -> None:
    assert read_query(LINE, NOW) == Query(tlp="RED", author="east", kind="report", precedence="FLASH", words=("dam",))  # type: ignore[arg-type]
    assert read_query('TLP:Amber+Strict  "left  bank" has:file is:recalled precedence:routine', NOW) == Query(
        tlp="AMBER+STRICT", words=("left  bank",), files=True, recalled=True, precedence="ROUTINE"
    )
    assert read_query('place:"Elm  Ford " root:لومين ROOT:لومين', NOW) == Query(place="Elm  Ford", root="لومين")
    assert read_query("", NOW) == read_query(' "" ', NOW) == Query()


def test_what_is_quoted_is_looked_for_as_it_stands() -> None:
    assert read_query('"flash" "tlp:red" 10:30 "http://x"', NOW).words == ("flash", "tlp:red", "10:30", "http://x")


@pytest.mark.parametrize(
    ("line", "since", "until"),
    [
        ("since:2h", datetime(2026, 3, 1, 10, 0, tzinfo=UTC), None),
        ("since:1d until:30m", datetime(2026, 2, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 1, 11, 30, tzinfo=UTC)),
        ("since:2026-02-27 until:2026-02-27", datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        ("since:2026-02-27T04:00+03:00", datetime(2026, 2, 27, 1, tzinfo=UTC), None),
    ],
)
def test_times_are_counted_back_or_written_out_in_utc(
    line: str, since: datetime | None, until: datetime | None
) -> None:
    found = read_query(line, NOW)

    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    ("line", "helps"),
    [
        ("tlp:pink", "red"),
        ("from:East!", "from:east"),
        ("fron:east", "quotation marks"),
        ("since:yesterday", "2h, 7d"),
        ("since:2026-03-01T12:00", "2h, 7d"),
        ("since:999999d", "2h, 7d"),
        ("since:1h until:2h", "before"),
        ("until:0001-01-01 since:1h", "before"),
        ("has:photo", "has:file"),
        ('place:" "', "Elm Ford"),
        (f"root:{'x' * 193}", "192"),
        ("place:a place:b", "only one"),
        ("is:late", "is:recalled"),
        ("flash routine", "one of these"),
        ("from:east from:north", "one of these"),
        ('dam "left bank', "not closed"),
        ("a " * 17, "words"),
        ("x" * 1025, "letters"),
    ],
)
def test_a_slip_is_told_with_what_to_write(line: str, helps: str) -> None:
    with pytest.raises(Malformed, match="bad-query") as refused:
        read_query(line, NOW)

    assert helps in refused.value.detail
