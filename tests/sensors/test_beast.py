"""Beast and AVR give the frames that the other spellings give; its counter spaces a recording, and is no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modes_frames import airborne, frame

from quartet.core.ids import SECOND, Micros
from quartet.picture import Plot, distance_m
from quartet.sensors.modes import ModeS
from quartet.sensors.modes.beast import SYNTHETIC, Beast, BeastFrame, Spacing

AT = Micros(1_800_000_000 * SECOND)
BERNE = (46.91, 7.5)


def beast(text: str, counter: int = 0) -> bytes:
    """Return a frame as Beast carries it."""
    body = counter.to_bytes(6, "big") + b"\x80" + bytes.fromhex(text)
    kind = {2: b"1", 7: b"2", 14: b"3"}[len(text) // 2]
    return b"\x1a" + kind + body.replace(b"\x1a", b"\x1a\x1a")


EVEN, ODD = (frame(airborne(46.0, 7.0, odd=odd)) for odd in (False, True))
frames = st.builds(
    BeastFrame,
    st.integers(0, 2**48 - 1),
    st.one_of(st.binary(min_size=7, max_size=7), st.binary(min_size=14, max_size=14)).map(bytes.hex),
)


@given(st.lists(frames, max_size=8), st.integers(1, 40))
def test_what_was_packed_is_cut_out_again_however_it_comes(sent: list[BeastFrame], size: int) -> None:
    data = b"".join(beast(one.frame, one.counter) for one in sent)
    reader = Beast()

    assert [one for n in range(0, len(data), size) for one in reader.cut(data[n : n + size])] == sent


@given(
    st.lists(st.one_of(st.binary(max_size=40), frames.map(lambda one: beast(one.frame, one.counter)))),
    st.integers(1, 50),
)
def test_any_bytes_give_frames_or_nothing_and_are_not_kept(pieces: list[bytes], size: int) -> None:
    reader, data = Beast(), b"".join(pieces)

    for n in range(0, len(data), size):
        for one in reader.cut(data[n : n + size]):
            assert one is None or len(one.frame) in (14, 28)
        assert len(reader._rest) <= 44 + size


def test_after_a_broken_frame_the_next_one_is_read() -> None:
    broken = beast(EVEN)[:-5]

    assert list(Beast().cut(b"noise" + broken + beast(ODD, 7))) == [None, None, BeastFrame(7, ODD)]


def plots(*pieces: bytes, received: Micros | None) -> list[Plot]:
    reader = ModeS("mast", BERNE, AT)
    return [one for piece in pieces for one in reader.read(piece, received)]


@pytest.mark.parametrize(
    "data",
    [
        [beast(EVEN, 5), beast(ODD, 5)],
        [f"*{EVEN};\n".encode(), f"*{ODD};\n".encode()],
        [f"@0123456789AB{EVEN};\n".encode(), f"@0123456789AC{ODD};\n".encode()],
    ],
)
def test_frames_without_a_clock_have_the_time_at_which_they_were_received(data: list[bytes]) -> None:
    (plot,) = plots(*data, received=AT)

    assert plot.at == AT
    assert distance_m((plot.lat, plot.lon), (46.0, 7.0)) < 15


def test_in_a_recording_the_counter_tells_how_far_frames_are_apart() -> None:
    begin = 2**40

    (plot,) = plots(beast(EVEN, begin), beast(ODD, begin + 6_000_000), received=None)

    assert plot.at == AT + SECOND // 2


def test_a_counter_that_begins_again_goes_on_from_where_it_was() -> None:
    spacing = Spacing(AT)

    moments = [spacing.moment(count) for count in (10**12, 10**12 + 12_000_000, 0, 24_000_000, 10**14, 10**14 + 1)]

    assert [round((at - AT) / SECOND) for at in moments] == [0, 1, 1, 3, 3, 3]


def test_small_steps_add_up_to_the_whole() -> None:
    spacing = Spacing(AT)

    assert [spacing.moment(count) for count in range(0, 12_000_001, 7)][-1] == AT + 12_000_000 // 7 * 7 // 12


def test_what_a_server_reckoned_is_no_receivers_word() -> None:
    reader = ModeS("mast", BERNE, AT)

    assert reader.read(beast(EVEN, SYNTHETIC) + beast(ODD, SYNTHETIC), AT) == []
    assert reader.counts.refused == {"synthetic": 2}


def test_a_frame_without_a_time_in_a_file_of_text_gives_nothing() -> None:
    reader = ModeS("mast", BERNE, AT)

    assert reader.read(f"*{EVEN};\n*{ODD};\n".encode()) == []
    assert reader.counts.refused == {"no-time": 2}
