"""What a map asks for: any bytes give a look or `Malformed`, and a look is only ever widened."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.picture.look import MAX_LOOK, Look, Sieve, read_look, widened

lons, lats = st.floats(-180, 180), st.floats(-90, 90)
boxes = st.tuples(lons, lats, lons, lats).map(lambda b: (b[0], min(b[1], b[3]), b[2], max(b[1], b[3])))
looks = st.builds(
    Look,
    bbox=boxes,
    zoom=st.floats(0, 24),
    max_hz=st.floats(0.1, 4),
    filter=st.builds(Sieve, sources=st.lists(st.sampled_from(["north", "east", "south"]), max_size=3).map(tuple)),
)


def spelt(**change: object) -> bytes:
    """Return a look in JSON as a page sends it."""
    return json.dumps({"bbox": [5.0, 45.0, 11.0, 48.0], "zoom": 6, "max_hz": 2, **change}).encode()


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b"")
@example(b"[" * 2000)
@example(b'{"bbox":[0,0,0,1e999],"zoom":1}')
@example(b'{"bbox":[0,0,0,NaN],"zoom":1}')
@example("\ud800".encode("utf-8", "surrogatepass"))
def test_any_bytes_give_a_look_or_are_malformed(data: bytes) -> None:
    try:
        look = read_look(data)
    except Malformed:
        return
    assert isinstance(look, Look)


def test_reads_what_a_page_asks_for() -> None:
    look = read_look(spelt(filter={"sources": ["north"], "floor_m": None, "ceiling_m": 3000}))

    assert look == Look((5.0, 45.0, 11.0, 48.0), 6.0, 2.0, Sieve(("north",), None, 3000.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" " * (MAX_LOOK + 1), "too-large"),
        (spelt(bbox=[5, 48, 11, 45]), "bad-look"),
        (spelt(bbox=[5, 45, 181, 48]), "bad-shape"),
        (spelt(bbox=[5, 45, 11]), "bad-shape"),
        (spelt(zoom=-1), "bad-shape"),
        (spelt(zoom="6"), "bad-shape"),
        (spelt(max_hz=0), "bad-shape"),
        (spelt(max_hz=5), "bad-shape"),
        (spelt(filter={"sources": ["no rth"]}), "bad-shape"),
        (spelt(filter={"sources": ["north"] * 65}), "bad-shape"),
        (spelt(more=1), "bad-shape"),
    ],
)
def test_a_look_out_of_its_limits_is_refused_by_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_look(data)

    assert caught.value.reason == reason


def has(look: Look, lon: float, lat: float) -> bool:
    west, south, east, north = look.bbox
    return (west <= lon <= east if west <= east else lon >= west or lon <= east) and south <= lat <= north


@given(looks, lons, lats)
@example(Look((-180.0, -90.0, 180.0, 90.0), 0.0), 180.0, 90.0)
@example(Look((179.9, 0.0, -179.9, 1.0), 3.0), -179.95, 0.5)
@example(Look((0.1, 0.0, 0.0, 1.0), 0.0), 0.05, 0.5)
@example(Look((5e-324, 0.0, 0.0, 0.0), 0.0), 0.0, 0.0)
def test_what_was_asked_for_is_in_what_is_shown(look: Look, lon: float, lat: float) -> None:
    assert not has(look, lon, lat) or has(widened(look), lon, lat)


@given(looks)
def test_who_looks_at_nearly_the_same_asks_for_the_same(look: Look) -> None:
    wide = widened(look)

    assert widened(wide) == wide
    assert all(-180 <= lon <= 180 for lon in (wide.bbox[0], wide.bbox[2]))
