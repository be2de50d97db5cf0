"""Fusion: which tracks are one mover, what is then said of it, and where in the world that holds."""

import math
import time

import pytest
from fused import METRES_A_DEGREE, NOW, called, movers, of, only, said, track
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quartet.core.frame import MAX_LINEAGE, Track
from quartet.core.ids import SECOND, Micros
from quartet.picture.fusion import Batch, address_of, fuse, independent, warm
from quartet.picture.fusion.telling import gives, height_from, id_of, members_of, motion_from, roots_of, row_of

metres = st.floats(-3_000, 3_000)
addresses = st.sampled_from(["4b1805", "3c6444", "4ca7b4"])
names = addresses | st.sampled_from(["1", "2", "3"])
covariances = st.none() | st.tuples(st.integers(0, 10**6), st.integers(-(10**6), 10**6), st.integers(0, 10**6))
tracks = st.builds(
    track,
    names,
    metres,
    metres,
    covariance=covariances,
    roots=st.lists(st.sampled_from(["sensor:1", "sensor:2", "adsb:4b1805", "flight:SWR1"]), max_size=3).map(tuple),
    speed=st.none() | st.floats(0, 300),
    course=st.none() | st.floats(0, 360),
    height=st.none() | st.integers(0, 12_000),
    age_s=st.floats(0, 59),
)
batches = st.builds(
    of,
    st.sampled_from(["north", "east", "south"]),
    tracks,
    tracks,
    tracks,
    place=st.sampled_from("ab"),
)


@pytest.mark.parametrize("roots", [(), ("adsb:4b1805",)], ids=["nameless", "one address"])
def test_what_a_member_heaps_up_at_one_place_holds_no_partners_picture(roots: tuple[str, ...]) -> None:
    """Each was weighed against each: two segments of one frame took half a minute of the node that they came to."""
    heaps = [of("east", *(track(str(n), roots=roots) for n in range(4_000)), place=place) for place in "ab"]
    honest = [of(member, track("4b1805", 5_000, 5_000)) for member in ("north", "south")]
    warm()
    began = time.perf_counter()

    found = fuse([*heaps, *honest])

    assert time.perf_counter() - began < 4
    assert any({"north/a/4b1805", "south/a/4b1805"} <= called(found, one) for one in found.fused())


@given(st.lists(batches, max_size=5, unique_by=lambda one: one.key), st.randoms())
def test_the_order_of_arrival_and_what_comes_twice_change_nothing(given_: list[Batch], chance: object) -> None:
    shuffled = [*given_, *given_[:2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert said(*shuffled) == said(*given_)


@given(st.lists(batches, max_size=5, unique_by=lambda one: one.key))
def test_every_track_is_in_one_mover_and_no_mover_has_two_of_a_source_or_two_addresses(given_: list[Batch]) -> None:
    fusion = fuse(given_)

    grouped = [one.parts for one in fusion.fused()] + [(part,) for part in fusion.singles()]
    assert sorted(part[:2] for parts in grouped for part in parts) == [
        (n, k) for n, batch in enumerate(fusion.batches) for k in range(len(batch.tracks))
    ]
    for parts in grouped:
        told = [fusion.track(part) for part in parts]
        assert len({part.source for part in parts}) == len(parts)
        assert len({address_of(one.id, one.lineage) for one in told} - {b""}) <= 1


@given(metres, metres, st.floats(0, 300), st.floats(0, 360), covariances)
@example(0.0, 0.0, 200.0, 90.0, (1, 0, 1))
def test_two_aircraft_of_two_addresses_never_merge_however_close(
    east: float, north: float, speed: float, course: float, covariance: tuple[int, int, int] | None
) -> None:
    one = track("4b1805", speed=speed, course=course, covariance=covariance)
    other = track("3c6444", east, north, speed=speed, course=course, covariance=covariance)

    assert len(movers(of("north", one), of("east", other))) == 2


def test_nothing_is_fused_to_nothing() -> None:
    for none in (fuse(()), fuse([of("north")])):
        assert (none.singles(), none.fused()) == ([], [])


def test_one_address_is_one_mover_within_five_miles_and_two_beyond() -> None:
    """Whatever they say of their accuracy: two aircraft of one address are a conflict to be shown, not to be mixed."""
    near, far = (track("4b1805", east, covariance=(100, 0, 100)) for east in (9_000, 9_500))

    assert len(movers(of("north", track("4b1805", covariance=(100, 0, 100))), of("east", near))) == 1
    assert len(movers(of("north", track("4b1805", covariance=(100, 0, 100))), of("east", far))) == 2


def test_who_is_out_of_the_gate_of_the_best_part_is_listed_and_does_not_place() -> None:
    exact = track("4b1805", covariance=(100, 0, 100), roots=("adsb:4b1805",))
    astray = track("4b1805", 5_000, covariance=(100, 0, 100), roots=("sensor:7",))

    fusion, one = only(of("north", exact), of("east", astray))

    # neither says which of the two is wrong: the first in order leads, and the other is seen beside it
    assert [part.counts for part in one.parts] == [True, False]
    assert members_of(fusion, one) == ("east", "north")
    assert one.covariance == pytest.approx((100, 0, 100), abs=1e-3)
    assert (one.lat, one.lon) == (astray.lat, astray.lon)


def test_what_has_no_address_is_joined_by_place_velocity_and_height_alone() -> None:
    """A squawk is in no frame, and would neither join nor part: neighbours give one aircraft two, and two aircraft
    one."""
    mine = track("7", speed=200, course=90, height=9_000)
    theirs = track("31", 40, -30, speed=203, course=91, height=9_030)

    assert movers(of("north", mine), of("east", theirs)) == {frozenset({"north/a/7", "east/a/31"})}


@pytest.mark.parametrize(
    "other",
    [
        track("31", 900, speed=200, course=90, height=9_000),
        track("31", 40, speed=200, course=270, height=9_000),
        track("31", 40, speed=200, course=90, height=10_200),
    ],
    ids=["elsewhere", "the other way", "above"],
)
def test_what_is_elsewhere_or_moves_otherwise_or_is_above_is_another_mover(other: Track) -> None:
    mine = track("7", speed=200, course=90, height=9_000)

    assert len(movers(of("north", mine), of("east", other))) == 2


def test_a_formation_that_two_members_see_is_paired_one_to_one() -> None:
    mine = [track(str(n), 250 * n, speed=200, course=0) for n in range(6)]
    theirs = [track(str(n), 250 * n + 60, 30, speed=200, course=0) for n in range(6)]

    found = movers(of("north", *mine), of("east", *theirs))

    assert found == {frozenset({f"north/a/{n}", f"east/a/{n}"}) for n in range(6)}


def test_a_chain_of_near_ones_is_not_one_mover() -> None:
    chain = [of(member, track("1", 480 * n)) for n, member in enumerate(("north", "east", "south", "west"))]

    assert max(map(len, movers(*chain))) == 2


def test_tracks_of_other_moments_meet_at_the_time_of_the_newest() -> None:
    """Ten seconds at 200 m/s are two kilometres; it is shown where both say that it is by now."""
    new = track("7", 0, speed=200, course=90, covariance=(2_500, 0, 2_500), roots=("sensor:1",))
    old = track("9", -2_000, speed=200, course=90, covariance=(2_500, 0, 2_500), roots=("sensor:2",), age_s=10)

    _, one = only(of("north", new), of("east", old))

    assert one.seen == NOW
    assert abs(one.lon - new.lon) / 1e7 * METRES_A_DEGREE < 5
    assert one.covariance is not None
    assert one.covariance[0] <= 2_500.1


def test_an_old_track_is_known_less_well_by_now() -> None:
    exact = track("4b1805", -2_000, speed=200, course=90, covariance=(100, 0, 100), roots=("sensor:1",), age_s=10)
    vague = track("4b1805", covariance=None, roots=("sensor:2",))

    _, one = only(of("north", exact), of("east", vague))

    assert one.covariance is not None
    assert one.covariance[0] == pytest.approx(100 + 150**2 + 100 * 1000 / 3, rel=1e-6)


def test_a_clock_that_is_a_minute_off_joins_nothing() -> None:
    ahead = of("east", track("4b1805"), at=Micros(NOW + 61 * SECOND))

    assert len(movers(of("north", track("4b1805")), ahead)) == 2


@pytest.mark.parametrize("name", ["7", "4b1805"])
@pytest.mark.parametrize("lat", [0.0, -17.0, 65.0])
def test_the_date_line_is_no_border(lat: float, name: str) -> None:
    west = track(name, -40, at=(lat, 180.0), speed=200, course=90, roots=("sensor:1",))
    east = track(name, 40, at=(lat, 180.0), speed=200, course=90, roots=("sensor:2",))

    _, one = only(of("north", west), of("east", east))

    assert west.lon > 0 > east.lon
    assert abs(abs(one.lon) - 1_800_000_000) < 10
    assert one.lat == pytest.approx(lat * 1e7, abs=2)


@pytest.mark.parametrize("name", ["7", "4b1805"])
def test_the_pole_is_no_border_and_east_there_is_no_longer_east(name: str) -> None:
    """Two tracks 20 m from the pole on both sides of it, of one that flies over: its courses differ by 180 degrees."""
    to = Track(
        name.encode(), round((90 - 20 / METRES_A_DEGREE) * 1e7), 0, 9_000, 20_000, 0, (400, 0, 2_500), (b"s:1",), 0
    )
    fro = to._replace(lon=1_800_000_000, track_cdeg=18_000, covariance=(2_500, 0, 400), lineage=(b"s:2",))

    _, one = only(of("north", to), of("east", fro))

    assert one.lat > 899_996_000
    assert one.covariance is not None
    assert math.sqrt(one.covariance[0] * one.covariance[2] - one.covariance[1] ** 2) < 800


def test_without_covariance_the_newest_places_and_none_is_told() -> None:
    old = track("4b1805", 0, covariance=None, age_s=4)
    new = track("4b1805", 100, covariance=None)

    fusion, one = only(of("north", new), of("east", old))

    assert (one.lon, one.covariance) == (new.lon, None)
    assert [part.counts for part in one.parts] == [True, False]
    assert members_of(fusion, one) == ("north", "east")


def test_who_tells_a_covariance_places_before_who_tells_none() -> None:
    fusion, one = only(of("north", track("4b1805", 300, covariance=None)), of("west", track("4b1805")))

    assert members_of(fusion, one) == ("west", "north")
    assert one.covariance == pytest.approx((2_500, 0, 2_500), abs=1e-3)


@pytest.mark.parametrize("impossible", [(0, 5, 0), (100, 100, 100), (10, -900, 10)])
def test_an_impossible_covariance_is_none(impossible: tuple[int, int, int]) -> None:
    _, one = only(of("north", track("4b1805", covariance=impossible)), of("west", track("4b1805", covariance=None)))

    assert one.covariance is None


def test_height_and_motion_are_those_of_the_best_part_that_knows_them_and_it_is_said_which() -> None:
    best = track("4b1805", covariance=(100, 0, 100), roots=("adsb:4b1805",))
    next_best = track("7", 10, speed=201, course=90, covariance=(900, 0, 900), roots=("sensor:1",))
    worst = track("9", 20, speed=190, course=95, height=9_100, covariance=(8_100, 0, 8_100), roots=("sensor:2",))

    fusion, one = only(of("west", best), of("north", next_best), of("east", worst))

    assert (height_from(fusion, one), motion_from(fusion, one)) == (one.parts[2], one.parts[1])
    assert [gives(fusion, one, part)[-1] for part in one.parts] == ["PLACE", "MOTION", "HEIGHT"]
    row = row_of(fusion, one)
    assert (row.altitude, row.speed, row.course) == (round(9_100 / 7.62), 2_010, 9_000)
    assert (id_of(fusion, one), members_of(fusion, one)) == ("4b1805", ("west", "north", "east"))
    assert roots_of(fusion, one) == ("adsb:4b1805", "sensor:1", "sensor:2")


def test_roots_are_bounded() -> None:
    mine, theirs = (tuple(f"sensor:{n}" for n in range(k, k + MAX_LINEAGE)) for k in (10, 20))

    fusion, one = only(of("north", track("4b1805", roots=mine)), of("east", track("4b1805", roots=theirs)))

    assert len(roots_of(fusion, one)) == MAX_LINEAGE


def test_what_a_mover_says_of_itself_is_one_witness_by_whatever_name() -> None:
    assert independent(["adsb:4b1805", "flight:SWR1", "sensor:1"]) == 2
    assert independent([]) == 0

    address = track("4b1805", covariance=(400, 0, 2_500), roots=("adsb:4b1805",))
    flight = track("4b1805", covariance=(2_500, 0, 400), roots=("flight:SWR1",))
    _, one = only(of("north", address), of("east", flight))

    assert [part.counts for part in one.parts] == [True, False]


@pytest.mark.parametrize("apart", [0.0, 50.0, 300.0])
def test_thousands_at_one_place_are_paired_in_a_moment(apart: float) -> None:
    """Two members tell 2,000 tracks each without an address, within a few hundred metres: what a hostile one might."""
    told = [[track(str(n), apart * math.sin(n), apart * math.cos(n)) for n in range(2_000)] for _ in range(2)]
    given_ = [of("north", *told[0]), of("east", *told[1])]
    fuse(given_)

    began = time.process_time()
    fusion = fuse(given_)

    assert time.process_time() - began < 5
    assert all(len(one.parts) == 2 for one in fusion.fused())


@settings(max_examples=30)
@given(batches, st.lists(batches, max_size=3))
def test_what_is_beyond_reach_changes_nothing_of_a_mover(mine: Batch, others: list[Batch]) -> None:
    far = [
        of(one.member, *(t._replace(lat=t.lat - 5 * 10**8) for t in one.tracks), place=f"far{n}")
        for n, one in enumerate(others)
    ]
    renamed = [
        of(one.member, *(t._replace(id=b"x" + t.id, lineage=()) for t in one.tracks), place=one.place) for one in far
    ]

    assert said(mine, *renamed).items() >= said(mine).items()
