"""The bytes of live frames: there and back, one spelling each, and no bytes that do more than be refused."""

import base64
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.picture.livewire import MAX_NAME, LiveFrame, Name, Row, read_live, write_live

GOLDEN = Path(__file__).parent / "golden"
KEYFRAME = LiveFrame(
    seq=1_700_000_123,
    base=None,
    epoch=Micros(1_800_000_000_123_456),
    rows=(
        Row(7, 80_000_000, 470_000_000, 4_500, 2_300, 1_312, 40, 0, 0b0101),
        Row(0xFFFFFFFF, -1_799_999_999, -899_999_999, 0xFFFF, 0xFFFF, -0x8000, 0xFFFF, 3, 0b1010),
        Row(1, 0, 0, 0, 0, 0, 0, 1, 0),
    ),
    names=(
        Name(7, "4b1805", (MemberId("north"),)),
        Name(1, "é\N{REPLACEMENT CHARACTER}", (MemberId("east"),)),
    ),
)
DELTA = LiveFrame(
    seq=1_700_001_123,
    base=1_700_000_123,
    epoch=Micros(1_800_000_001_123_456),
    rows=(Row(7, 80_020_000, 470_010_000, 4_510, 2_300, 1_312, 12, 2, 0b0101),),
    removed=(1, 0xFFFFFFFF),
    cut=True,
)

u8, u16, u32 = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
i16, i32 = st.integers(-0x8000, 0x7FFF), st.integers(-(2**31), 2**31 - 1)
rows = st.lists(st.builds(Row, u32, i32, i32, u16, u16, i16, u16, u8, u8), max_size=9).map(tuple)
words = st.text(max_size=40).filter(lambda text: len(text.encode()) <= MAX_NAME)
members = words.map(lambda text: tuple(map(MemberId, text.split(" "))))


@st.composite
def frames(draw: st.DrawFn) -> LiveFrame:
    shown = draw(rows)
    base = draw(st.none() | u32)
    removed = () if base is None else tuple(draw(st.lists(u32, max_size=5)))
    names = draw(st.lists(st.builds(Name, u32, words, members), max_size=len(shown)))
    epoch = draw(st.integers(0, 2**53).map(Micros))
    return LiveFrame(draw(u32), base, epoch, shown, removed, tuple(names), draw(st.booleans()))


@given(frames())
def test_a_frame_is_read_as_it_was_written(frame: LiveFrame) -> None:
    assert read_live(write_live(frame)) == frame


@settings(max_examples=300)
@given(st.binary(max_size=120), frames(), st.data())
@example(b"QTRK\x01\x01\x00\x00" + b"\xff" * 32, KEYFRAME, None)
def test_any_bytes_give_a_frame_of_that_spelling_or_are_malformed(
    noise: bytes, frame: LiveFrame, data: st.DataObject | None
) -> None:
    tries = [noise, write_live(frame)[:40] + noise]
    if data is not None:
        right = bytearray(write_live(frame))
        right[data.draw(st.integers(0, len(right) - 1))] ^= data.draw(st.integers(1, 255))
        tries += [bytes(right), bytes(right[: data.draw(st.integers(0, len(right)))])]
    for wrong in tries:
        with suppress(Malformed):
            assert write_live(read_live(wrong)) == wrong


@pytest.mark.parametrize(("name", "frame"), [("keyframe", KEYFRAME), ("delta", DELTA)])
def test_the_bytes_of_a_frame_stay_what_they_were(name: str, frame: LiveFrame) -> None:
    """The file was written once; a page of another day reads it."""
    kept = base64.b64decode((GOLDEN / f"{name}.b64").read_bytes())

    assert write_live(frame) == kept
    assert read_live(kept) == frame


def test_columns_lie_where_a_browser_can_read_them_in_place() -> None:
    for count in range(1, 9):
        frame = KEYFRAME._replace(rows=(KEYFRAME.rows * 3)[:count], names=())
        data = write_live(frame)

        assert len(data) % 4 == 0
        assert len(data) == 40 + 22 * count + (-22 * count) % 4
