"""NMEA lines of AIS become plots of vessels; what is no vessel is passed by, and any bytes are safe."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyais.encode import encode_dict

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture import Plot, own_name
from quartet.sensors.ais import Ais
from quartet.sensors.ais.sentence import parse_sentence
from quartet.sensors.door import Source

AT = Micros(1_720_248_189 * SECOND)
HARBOUR = Source(name="harbour", lat=53.5, lon=8.1)
REAL = [
    b"!AIVDM,1,1,,B,15NG6V0P01G?cFhE`R2IU?wn28R>,0*05",
    b"!AIVDM,2,1,4,A,55O0W7`00001L@gCWGA2uItLth@DqtL5@F22220j1h742t0Ht0000000,0*08",
    b"!AIVDM,2,2,4,A,000000000000000,2*20",
    b"!AIVDM,1,1,,A,403Ovl@000Htt<tSF0l4Q@100`Pq,0*28",
]
"""Sentences as they were on the air, from the documentation of pyais (MIT): a vessel, a name in two parts, a shore."""


def sentence(**said: Any) -> bytes:
    known: dict[str, Any] = {
        "type": 1,
        "mmsi": "211339980",
        "lat": 53.5,
        "lon": 8.1,
        "speed": 12.0,
        "course": 270.5,
        "accuracy": 1,
    }
    (line,) = encode_dict({**known, **said}, talker_id="AI", radio_channel="A")
    return line.encode()


def tagged(line: bytes, tag: bytes = b"s:mast,c:1720248189") -> bytes:
    total = 0
    for one in tag:
        total ^= one
    return b"\\%s*%02X\\%s" % (tag, total, line)


def read(*lines: bytes, source: Source = HARBOUR, received: Micros | None = AT) -> tuple[list[Plot], dict[str, int]]:
    reader = Ais(source)
    out = reader.read(b"\r\n".join([*lines, b""]), received)
    return out, dict(reader.counts.refused)


def test_a_vessel_says_where_it_is_how_fast_and_which_way() -> None:
    (plot,), _ = read(sentence())

    assert (plot.mmsi, own_name(plot), plot.root) == ("211339980", "mmsi:211339980", "ais:211339980")
    assert plot.lat == pytest.approx(53.5, abs=1e-5)
    assert plot.lon == pytest.approx(8.1, abs=1e-5)
    assert plot.speed_mps == pytest.approx(12 * 1852 / 3600)
    assert plot.track_deg == pytest.approx(270.5)
    assert (plot.accuracy_m, plot.on_ground, plot.at) == (10.0, True, AT)


def test_real_sentences_are_a_vessel_a_name_and_a_shore() -> None:
    out, refused = read(*REAL)

    assert [(one.mmsi, round(one.lat, 4), round(one.lon, 4)) for one in out] == [("367380120", 37.8069, -122.4043)]
    assert refused == {"not-a-vessel": 1}


def test_a_callsign_that_was_told_before_goes_with_its_vessel() -> None:
    (plot,), _ = read(*REAL[1:3], sentence(mmsi="368060190"))

    assert plot.callsign == "WDK4954"


@pytest.mark.parametrize("kind", [1, 2, 3, 18, 19, 27])
def test_every_class_of_vessel_gives_a_plot(kind: int) -> None:
    (plot,), _ = read(sentence(type=kind))

    assert plot.mmsi == "211339980"


def test_a_rescue_aircraft_flies() -> None:
    (plot,), _ = read(sentence(type=9, speed=120, alt=303))

    assert (plot.on_ground, plot.alt_m) == (False, 303.0)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": 4}, "not-a-vessel"),
        ({"type": 21}, "not-a-vessel"),
        ({"lat": 91.0, "lon": 181.0}, "no-position"),
    ],
)
def test_what_is_no_vessel_or_nowhere_is_passed_by(said: dict[str, object], reason: str) -> None:
    assert read(sentence(**said)) == ([], {reason: 1})


def test_what_a_vessel_does_not_know_is_not_said() -> None:
    (plot,), _ = read(sentence(speed=102.3, course=360.0, accuracy=0))

    assert (plot.speed_mps, plot.track_deg, plot.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (tagged(sentence()), 1_720_248_189),
        (tagged(sentence(), b"c:1720248189250,s:x"), 1_720_248_189.25),
        (sentence() + b",1720248190", 1_720_248_190),
    ],
)
def test_the_time_is_the_lines_own_if_it_bears_one(line: bytes, at: float) -> None:
    (plot,), _ = read(line, received=Micros(AT + 50 * SECOND))

    assert plot.at == round(at * SECOND)


def test_without_any_time_there_is_no_plot() -> None:
    assert read(sentence(), received=None) == ([], {"no-time": 1})


def test_a_live_line_that_is_not_of_now_is_refused() -> None:
    live = Source(name="harbour", lat=53.5, lon=8.1, live=True)

    assert read(tagged(sentence()), source=live, received=Micros(AT + 61 * SECOND)) == ([], {"time-apart": 1})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (sentence()[:-2] + b"00", "bad-checksum"),
        (b"\\c:1720248189*00\\" + sentence(), "bad-checksum"),
        (b"\\c:1720248189\\" + sentence(), "bad-checksum"),
        (tagged(sentence(), b"c:9999999999999999"), "bad-time"),
        (b"!AIVDM,1,1,,A,,0*26", "bad-line"),
        (b"!AIVDM,1,2,,A,1,0*00", "bad-line"),
        (REAL[2], "bad-part"),
        (b"!" + b"A" * 5_000, "line-too-long"),
    ],
)
def test_a_bad_line_is_counted_by_its_reason(line: bytes, reason: str) -> None:
    assert read(line) == ([], {reason: 1})


def test_parts_of_two_messages_do_not_mix() -> None:
    other = REAL[1].replace(b",4,A,", b",5,A,").replace(b"*08", b"*09")

    _, refused = read(other, REAL[2])

    assert refused == {"bad-part": 1}


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_give_plots_or_a_fault(data: bytes, live: bool) -> None:
    for begin in (b"", b"!AIVDM,1,1,,A,"):
        reader = Ais(Source(name="x", lat=0, lon=0, live=live))
        try:
            out = [*reader.read(begin + data, AT), *reader.datagram(data, AT), *reader.close()]
        except Malformed:
            continue
        assert all(isinstance(one, Plot) for one in out)


@given(
    st.text("0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw", min_size=1, max_size=80),
    st.integers(0, 5),
)
def test_any_payload_gives_a_plot_on_earth_or_nothing(payload: str, fill: int) -> None:
    body = f"AIVDM,1,1,,A,{payload},{fill}".encode()
    total = 0
    for one in body:
        total ^= one

    out, refused = read(b"!%s*%02X" % (body, total))

    assert all(abs(one.lat) <= 90 and abs(one.lon) <= 180 for one in out)
    assert not set(refused) & {"bad-line", "bad-checksum"}


def test_a_sentence_that_is_whole_is_read_in_pieces_alike() -> None:
    data = b"\n".join([*REAL, sentence(), b""])

    for size in (1, 7, 50):
        reader = Ais(HARBOUR)
        out = [one for n in range(0, len(data), size) for one in reader.read(data[n : n + size], AT)]
        assert out == Ais(HARBOUR).read(data, AT)
    assert parse_sentence(REAL[0]).parts == 1
