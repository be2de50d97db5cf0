"""The law of the door: any bytes, in any pieces, give plots or `Malformed`; nothing else escapes."""

from hypothesis import given, settings
from hypothesis import strategies as st
from modes_frames import frame

from quartet.core.faults import Malformed
from quartet.picture import Plot
from quartet.sensors.door import MAX_LINE
from quartet.sensors.modes import RawFrame, parse_line, read_plots

hexes = st.text("0123456789abcdefABCDEF", min_size=12, max_size=30)
whole = st.builds(
    frame, st.integers(0, 2**56 - 1), st.just("abc123"), st.sampled_from([0x8D, 0x88, 18 << 3, 18 << 3 | 2])
)
times = st.floats() | st.integers(-(2**70), 2**70)
lines = st.one_of(
    st.binary(max_size=80),
    st.builds(lambda at, text: f'{{"timestamp":{at},"frame":"{text}"}}'.encode(), times, hexes | whole),
    st.builds(lambda at, text: f"@{at}*{text};".encode(), times, hexes | whole),
    st.builds(lambda at, text: f"{at},{text}".encode(), st.floats(0, 2e9), whole),
)


@settings(max_examples=200, deadline=None)
@given(lines)
def test_any_line_gives_a_frame_or_malformed(line: bytes) -> None:
    try:
        raw = parse_line(line)
    except Malformed:
        return
    assert isinstance(raw, RawFrame)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=30), st.integers(1, 2 * MAX_LINE), st.binary(max_size=200))
def test_any_bytes_give_plots_or_malformed(some: list[bytes], size: int, rest: bytes) -> None:
    data = b"\n".join(some) + rest
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    try:
        plots = list(read_plots(pieces, "modes-1", (46.9, 7.5)))
    except Malformed:
        return
    assert all(isinstance(plot, Plot) and abs(plot.lat) <= 90 and abs(plot.lon) <= 180 for plot in plots)
