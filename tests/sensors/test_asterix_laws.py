"""What holds for any ASTERIX: any bytes are safe, another edition is not shown, and libasterix reads the same."""

import tracemalloc
from contextlib import suppress
from itertools import product
from random import Random

import pytest
from asterix_structure import parsed, paths, random_record, value
from hypothesis import example, given, settings
from hypothesis import strategies as st
from traffic_blocks import BEGAN, WE, Recording, recording

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture import Plot, RadarPlot, ServiceMessage
from quartet.sensors.asterix import EDITIONS, Asterix
from quartet.sensors.asterix.layout import editions, layout
from quartet.sensors.asterix.reader import MAX_BLOCKS
from quartet.sensors.door import Heard, Source

MAST = Source(name="mast", lat=46.0, lon=7.0)
EVERY = [(category, edition) for category in sorted(EDITIONS) for edition in editions(category)]
SPOKEN = [48, 34, 62, 21]


def heard(recorded: Recording, category: int, edition: str) -> tuple[list[Heard], bool]:
    """Return what comes of a recording that is read in an edition, and whether its source was quarantined."""
    reader = Asterix(Source(name="mast", lat=46.0, lon=7.0, editions=(f"{category:03} {edition}",)))
    out: list[Heard] = []
    try:
        for received, data in recorded:
            out += reader.datagram(data, received)
        out += reader.close()
    except Malformed:
        assert reader.quarantined
    return out, reader.quarantined


@given(st.binary(max_size=2_000), st.booleans(), st.integers(0, 2**53))
def test_any_bytes_give_plots_and_messages_or_a_fault(data: bytes, live: bool, received: int) -> None:
    source = Source(name="mast", lat=46.0, lon=7.0, live=live)
    for take in (Asterix(source).read, Asterix(source).datagram):
        try:
            out = take(data, Micros(received))
        except Malformed:
            continue
        assert all(isinstance(one, Plot | RadarPlot | ServiceMessage) for one in out)


@given(st.sampled_from(EVERY), st.randoms(use_true_random=False), st.data())
def test_any_record_with_a_few_bytes_changed_gives_plots_and_messages_or_a_fault(
    form: tuple[int, str], rng: Random, drawn: st.DataObject
) -> None:
    category, edition = form
    body = bytearray(b"".join(random_record(category, edition, rng) for _ in range(rng.randrange(1, 4))))
    for _ in range(drawn.draw(st.integers(0, 3))):
        body[rng.randrange(len(body))] = rng.randrange(256)
    reader = Asterix(Source(name="mast", lat=89.9, lon=180.0, editions=(f"{category:03} {edition}",)))

    try:
        out = [*reader.datagram(_block(category, bytes(body)), BEGAN), *reader.close()]
    except Malformed:
        return

    for one in out:
        if isinstance(one, Plot):
            assert -90 <= one.lat <= 90
            assert -180 <= one.lon <= 180
        if isinstance(one, RadarPlot):
            assert 0 <= one.azimuth_deg < 360
        assert one.at >= 0


@settings(max_examples=300)
@given(st.sampled_from(EVERY), st.randoms(use_true_random=False))
def test_a_record_is_read_as_libasterix_reads_it(form: tuple[int, str], rng: Random) -> None:
    data = b"".join(random_record(*form, rng) for _ in range(2))
    mine = layout(*form)

    at = 0
    for theirs in parsed(*form, data):
        slices, at = mine.record(data, at)
        for path in paths(*form):
            assert mine.field(path).raw(slices) == value(theirs, path), path
    assert at == len(data)


@pytest.mark.parametrize("category", SPOKEN)
def test_what_an_edition_wrote_another_reads_alike_or_is_quarantined_and_shows_nothing(category: int) -> None:
    caught = 0
    for wrote in editions(category):
        recorded = recording(category, wrote)
        right, quarantined = heard(recorded, category, wrote)
        assert len(right) == 240
        assert not quarantined
        for read in editions(category):
            out, quarantined = heard(recorded, category, read)
            assert out == right or (quarantined and out == [])
            caught += quarantined

    assert caught >= (50 if category == 21 else 0)


@pytest.mark.parametrize(("wrote", "read"), [("0.26", "2.6"), ("2.6", "0.26"), ("0.23", "0.26")])
def test_a_short_recording_of_another_edition_is_not_shown_either(wrote: str, read: str) -> None:
    out, quarantined = heard(recording(21, wrote, count=3, scans=1), 21, read)

    assert (out, quarantined) == ([], True)


@settings(max_examples=60)
@given(st.sampled_from(list(product(SPOKEN, SPOKEN))), st.integers(0, 2**32))
def test_bytes_of_one_category_that_say_they_are_another_are_not_shown(pair: tuple[int, int], seed: int) -> None:
    wrote, said = pair
    recorded = [
        (received, bytes((said,)) + data[1:])
        for received, data in recording(wrote, EDITIONS[wrote], count=12, scans=3, seed=seed)
    ]

    out, quarantined = heard(recorded, said, EDITIONS[said])

    assert wrote == said or (quarantined and out == [])


@given(st.integers(0, 1_400), st.integers(0, 40))
@example(size=1_400, piece=0).via("less than the first block is left")
def test_a_stream_cut_anywhere_gives_what_was_whole(size: int, piece: int) -> None:
    whole = b"".join(data for _, data in recording(48, "1.32", count=10, scans=6))[: -size or None]
    pieces = [whole] if piece == 0 else [whole[n : n + piece * 37] for n in range(0, len(whole), piece * 37)]
    reader = Asterix(Source(name="mast", lat=46.0, lon=7.0, begins=BEGAN))

    out = [one for data in pieces for one in reader.read(data)]

    at = ends = 0
    while at + 3 <= len(whole) and (end := at + int.from_bytes(whole[at + 1 : at + 3], "big")) <= len(whole):
        at, ends = end, ends + 1
    if whole and not ends:
        with pytest.raises(Malformed, match="no-blocks"):
            reader.close()
        return
    out += reader.close()
    assert len(out) == ends * 10
    assert reader.counts.refused == ({} if at == len(whole) else {"cut-off": 1})


@given(
    st.lists(st.floats(-59, 59), min_size=30, max_size=60),
    st.lists(st.one_of(st.floats(-40_000, -62), st.floats(62, 40_000)), max_size=3),
    st.sampled_from([0, 43_200, 86_390, 86_399.99]),
)
def test_times_that_run_backwards_and_midnight_put_no_record_on_another_day(
    steps: list[float], wrong: list[float], at: float
) -> None:
    received = Micros(BEGAN - BEGAN % (86_400 * SECOND) + round(at * SECOND))
    reader = Asterix(Source(name="mast", lat=46.0, lon=7.0, live=True))

    out: list[Heard] = []
    for step in [*steps[:10], *wrong, *steps[10:]]:
        ticks = round((received / SECOND + step) % 86_400 * 128) % (86_400 * 128)
        body = b"\xf0" + bytes(WE[:2]) + b"\x02" + ticks.to_bytes(3, "big") + b"\x10"
        out += reader.datagram(_block(34, body), received)

    assert [round((one.at - received) / SECOND) for one in out] == pytest.approx(steps, abs=0.51)
    assert reader.counts.refused == ({"time-apart": len(wrong)} if wrong else {})


@pytest.mark.parametrize("block", [b"\x30\x00\x03", b"\x22\x00\x04\x00", b"\x08\x00\x03"])
def test_a_datagram_of_empty_blocks_costs_little(block: bytes) -> None:
    reader = Asterix(MAST)
    data = block * (65_535 // len(block))
    tracemalloc.start()

    with suppress(Malformed):
        reader.datagram(data, BEGAN)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(reader.counts.refused.values()) <= MAX_BLOCKS + 1
    assert peak < 1_000_000


def _block(category: int, body: bytes) -> bytes:
    return bytes((category,)) + (len(body) + 3).to_bytes(2, "big") + body
