from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.packing import write_packed
from quartet.wire.carried import (
    MAGIC,
    MAX_CARRIED,
    MAX_RECORDS,
    Head,
    Record,
    portions,
    read_carried,
    write_carried,
)
from quartet.wire.carrier import MAX_DATA

GOLDEN = (Path(__file__).parent / "golden" / "carried").read_bytes()
EXCHANGE = bytes(range(32))
HELD = (Record("m", b"who north is"), Record("p", b"sealed one"), Record("p", bytes(300)))
HEAD = write_packed(Head(EXCHANGE, "north", "west", 3))  # type: ignore[arg-type]
RECORDS = st.lists(
    st.builds(Record, st.sampled_from(["m", "p"]), st.binary(min_size=1, max_size=400)), min_size=1, max_size=12
)


def test_a_file_is_spelt_as_the_page_says() -> None:
    assert write_carried(EXCHANGE, "north", "west", HELD) == GOLDEN
    carried = read_carried(GOLDEN)
    assert (carried.head.exchange, carried.head.frm, carried.head.to) == (EXCHANGE, "north", "west")
    assert carried.records == HELD
    assert GOLDEN.startswith(b"quartet carry 1\n" + len(HEAD).to_bytes(4, "big") + HEAD + b"m\0\0\0\x0cwho north is")


@given(RECORDS)
def test_what_is_written_is_read_as_it_was(records: list[Record]) -> None:
    data = write_carried(EXCHANGE, "north", "west", records)

    assert list(read_carried(data).records) == records


@given(RECORDS, st.integers(700, 2_000))
def test_the_portions_of_a_file_hold_all_of_it_in_order_and_are_files_themselves(
    records: list[Record], most: int
) -> None:
    carried = read_carried(write_carried(EXCHANGE, "north", "west", records))
    pieces = list(portions(carried, most))

    assert all(len(piece) <= most for piece in pieces)
    assert [record for piece in pieces for record in read_carried(piece).records] == records


@given(st.binary(max_size=600) | st.binary(max_size=600).map(lambda tail: MAGIC + tail))
def test_any_bytes_are_a_file_or_malformed(data: bytes) -> None:
    try:
        carried = read_carried(data)
    except Malformed:
        return
    assert write_carried(carried.head.exchange, carried.head.frm, carried.head.to, carried.records) == data


@given(st.integers(0, len(GOLDEN) - 1), st.integers(0, 3), st.binary(max_size=9))
def test_a_damaged_file_has_one_spelling_or_is_malformed(at: int, gone: int, put: bytes) -> None:
    damaged = GOLDEN[:at] + put + GOLDEN[at + gone :]
    try:
        carried = read_carried(damaged)
    except Malformed:
        return
    assert write_carried(carried.head.exchange, carried.head.frm, carried.head.to, carried.records) == damaged


@pytest.mark.parametrize("length", range(len(GOLDEN)))
def test_a_file_that_was_cut_short_is_malformed(length: int) -> None:
    with pytest.raises(Malformed):
        read_carried(GOLDEN[:length])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (GOLDEN + b"\0", "bad-length"),
        (GOLDEN.replace(b"carry 1", b"carry 2"), "not-carried"),
        (GOLDEN.replace(b"m\0\0\0\x0c", b"t\0\0\0\x0c"), "bad-shape"),
        (GOLDEN[: len(MAGIC)] + b"\xff\xff\xff\xff" + GOLDEN[len(MAGIC) + 4 :], "bad-length"),
        (GOLDEN.replace(b"\0\0\0\x0c", b"\x7f\0\0\x0c"), "bad-length"),
        (GOLDEN.replace(b"north", b"North"), "bad-shape"),
    ],
)
def test_each_thing_that_is_wrong_with_a_file_has_its_word(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_carried(data)
    assert caught.value.reason == reason


def test_no_file_holds_more_than_its_limits() -> None:
    with pytest.raises(Malformed, match="bad-length"):
        write_carried(EXCHANGE, "north", "west", [])
    with pytest.raises(Malformed, match="bad-length"):
        write_carried(EXCHANGE, "north", "west", [Record("p", b"x")] * (MAX_RECORDS + 1))
    with pytest.raises(Malformed, match="too-large"):
        write_carried(EXCHANGE, "north", "west", [Record("p", bytes(MAX_DATA + 1))])
    with pytest.raises(Malformed, match="too-large"):
        write_carried(EXCHANGE, "north", "west", [Record("p", bytes(MAX_DATA))] * (MAX_CARRIED // MAX_DATA + 1))
