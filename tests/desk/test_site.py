"""Sites: whatever GeoJSON comes, what volumes make sense, who may pass, and what becomes of a warning."""

import json
from contextlib import nullcontext
from math import cos, pi, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.encoding import decode, encode
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.core.outline import crosses_itself
from quartet.core.volume import UNITS, Volume, Window, check_volume, check_volumes, in_window
from quartet.desk import Said
from quartet.desk.geojson import volumes_of
from quartet.desk.protection import PHONE_WITHIN, episode_of, is_active
from quartet.desk.site import Call, Notice, Reached, Site, SiteSeen, Warned, check_close

NORTH, EAST = MemberId("north"), MemberId("east")
SQUARE = [[8.0, 47.0], [8.1, 47.0], [8.1, 47.1], [8.0, 47.1], [8.0, 47.0]]
T = Micros(1_800_000_000 * SECOND)


def feature(geometry: dict[str, Any], **about: Any) -> bytes:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": about}).encode()


def a_volume(**more: Any) -> Volume:
    fields: dict[str, Any] = {"name": "dam", "outline": ((47 * UNITS, 8 * UNITS),), "radius_m": 2_000, **more}
    return Volume(**fields)


# -- GeoJSON

values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(
                ["type", "geometry", "coordinates", "properties", "features", "name", "radius_m", "windows"]
            ),
            inner | st.sampled_from(["Feature", "FeatureCollection", "Polygon", "MultiPolygon", "Point"]),
            max_size=5,
        )
    ),
    max_leaves=40,
)


def sense(data: bytes) -> None:
    """Give volumes that make sense and can be signed, or `Malformed`; nothing else escapes."""
    try:
        found = volumes_of(data)
    except Malformed:
        return
    check_volumes(found)
    assert decode(encode(found), tuple[Volume, ...], 1 << 20) == found


@given(st.binary(max_size=200))
def test_any_bytes_give_volumes_or_malformed(data: bytes) -> None:
    sense(data)


@given(values)
def test_any_json_gives_volumes_or_malformed(value: Any) -> None:
    sense(json.dumps(value).encode())


@given(st.lists(st.lists(st.floats(-200, 200), min_size=2, max_size=3), max_size=12), values)
def test_any_polygon_gives_volumes_or_malformed(ring: list[list[float]], about: Any) -> None:
    sense(
        json.dumps(
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": about}
        ).encode()
    )


def test_a_polygon_says_its_name_heights_and_times_in_its_properties() -> None:
    windows = [["2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"]]
    (found,) = volumes_of(
        feature(
            {"type": "Polygon", "coordinates": [SQUARE]},
            name="breeding",
            floor_ft=1_000,
            ceiling_m=900,
            windows=windows,
        )
    )

    assert found.outline == tuple((round(lat * UNITS), round(lon * UNITS)) for lon, lat in SQUARE[:-1])
    assert (found.name, found.floor_m, found.ceiling_m) == ("breeding", 305, 900)
    assert (found.spacing_m, found.spacing_up_m) == (1_852, 92)
    assert found.windows == (Window(Micros(1_796_083_200 * SECOND), Micros(1_796_169_600 * SECOND)),)


def test_several_polygons_of_a_feature_are_numbered_and_a_point_is_a_circle() -> None:
    other = [[lon + 1, lat] for lon, lat in SQUARE]
    several = volumes_of(feature({"type": "MultiPolygon", "coordinates": [[SQUARE], [other]]}, name="banks"))
    (circle,) = volumes_of(feature({"type": "Point", "coordinates": [8.0, 47.0]}, radius_m=1_500))

    assert [one.name for one in several] == ["banks 1", "banks 2"]
    assert (circle.outline, circle.radius_m) == (((470_000_000, 80_000_000),), 1_500)


@pytest.mark.parametrize(
    ("geometry", "about", "reason"),
    [
        ({"type": "Polygon", "coordinates": [SQUARE, SQUARE]}, {}, "bad-geojson"),
        ({"type": "LineString", "coordinates": SQUARE}, {}, "bad-geojson"),
        ({"type": "Point", "coordinates": [8.0, 97.0]}, {"radius_m": 5}, "bad-geojson"),
        ({"type": "Point", "coordinates": [8.0, 47.0]}, {}, "bad-geojson"),
        ({"type": "Point", "coordinates": [8.0, 47.0]}, {"radius_m": 0}, "bad-volume"),
        ({"type": "Polygon", "coordinates": [SQUARE]}, {"floor_m": 900, "ceiling_m": 900}, "bad-volume"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, {}, "bad-volume"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 1], [0, 0]]]}, {}, "bad-volume"),
    ],
)
def test_what_makes_no_sense_is_refused_by_a_word(geometry: dict[str, Any], about: dict[str, Any], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        volumes_of(feature(geometry, **about))


# -- volumes


@given(st.integers(3, 24), st.floats(0, 6), st.lists(st.floats(0.2, 1.0), min_size=24, max_size=24))
def test_an_outline_that_goes_once_around_crosses_itself_nowhere(count: int, turn: float, sizes: list[float]) -> None:
    at = [turn + 2 * pi * n / count for n in range(count)]
    corners = tuple((round(1e6 * r * cos(a)), round(1e6 * r * sin(a))) for r, a in zip(sizes, at, strict=False))

    assert not crosses_itself(corners)


def test_a_volume_is_active_in_its_windows_and_one_on_notice_while_a_notice_runs_and_was_not_lifted() -> None:
    window = a_volume(windows=(Window(Micros(T - 1), Micros(T + 1)),))
    on_notice = a_volume(on_notice=True)
    form = Notice(site=ItemId("s"), volume="dam", begins=T, ends=Micros(T + 10))
    notice = Said(id=ItemId("n"), member=NORTH, officer=OfficerName("duty"), at=T, form=form)

    assert [in_window(window, Micros(T + n)) for n in (-2, -1, 0, 1)] == [False, True, True, False]
    assert not is_active(on_notice, (), frozenset(), T)
    assert [is_active(on_notice, (notice,), frozenset(), Micros(T + n)) for n in (-1, 0, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_active(on_notice, (notice,), frozenset({notice.id}), T)
    assert not is_active(a_volume(name="other", on_notice=True), (notice,), frozenset(), T)


def test_two_volumes_of_one_name_are_refused() -> None:
    check_volume(a_volume())
    with pytest.raises(Malformed, match="bad-volume"):
        check_volumes([a_volume(), a_volume()])


# -- who may read


@given(st.sampled_from(["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]), st.booleans())
def test_a_site_is_amber_strict_or_red_and_what_is_said_about_it_goes_to_no_other(label: str, to_east: bool) -> None:
    site = Site(name="Dam 3", sort="INSTALLATION", custodian="the keeper", phones=("04",), volumes=(a_volume(),))
    wide, to = label in ("CLEAR", "GREEN", "AMBER"), (EAST,) if to_east else ()
    for form, refused in ((site, wide), (SiteSeen(warning=ItemId("w")), wide or to_east), (None, False)):
        with pytest.raises(Malformed, match="site-too-wide") if refused else nullcontext():
            check_close(form, (label,), to, NORTH)


# -- what becomes of a warning


def warned(n: int, level: Any, **more: Any) -> Said[Warned]:
    form = Warned(
        site=ItemId("s"), volume="dam", mover="4b1805", level=level, seen=T, first=ItemId("w0") if n else None, **more
    )
    return Said(id=ItemId(f"w{n}"), member=NORTH, officer=OfficerName("node"), at=Micros(T + n * SECOND), form=form)


def seen(n: int, at: int) -> Said[SiteSeen]:
    form = SiteSeen(warning=ItemId(f"w{n}"))
    return Said(id=ItemId(f"a{at}"), member=NORTH, officer=OfficerName("duty"), at=Micros(T + at * SECOND), form=form)


def called(at: int, outcome: Reached = "REACHED") -> Said[Call]:
    form = Call(warning=ItemId("w0"), called="the warden", at=Micros(T + at * SECOND), outcome=outcome)
    return Said(id=ItemId(f"c{at}"), member=NORTH, officer=OfficerName("duty"), at=form.at, form=form)


def test_a_warning_waits_until_its_newest_rise_is_acknowledged_and_its_site_is_called() -> None:
    steps = [warned(0, "ADVISORY"), warned(9, "PREDICTED"), warned(20, "INSIDE")]
    first = episode_of(steps[:1], [], [])
    second = episode_of(steps[:2], [seen(0, 3)], [])
    third = episode_of(steps, [seen(9, 12)], [called(15)])
    last = episode_of([*steps, warned(40, "OVER", ended="CLEAR")], [seen(9, 12), seen(20, 22)], [called(15)])

    assert first is not None
    assert (first.acknowledged, first.call_due) == (None, None)
    assert second is not None
    assert (second.acknowledged, second.call_due) == (None, T + 9 * SECOND + PHONE_WITHIN)
    assert third is not None
    assert (third.acknowledged, third.call_due, third.highest) == (None, None, "INSIDE")
    assert last is not None
    assert last.over
    assert last.acknowledged is not None
    assert last.acknowledged.at == T + 22 * SECOND


def test_after_a_call_that_reached_nobody_the_next_is_due_a_minute_later() -> None:
    steps = [warned(0, "ADVISORY"), warned(9, "PREDICTED"), warned(20, "INSIDE")]
    tried = called(50, "NO_ANSWER")
    ahead = Said(
        id=ItemId("x"),
        member=NORTH,
        officer=OfficerName("duty"),
        at=Micros(T + 60 * SECOND),
        form=Call(warning=ItemId("w0"), called="the warden", at=Micros(T + 300 * SECOND), outcome="REFUSED"),
    )

    early = episode_of(steps, [], [called(3, "NO_ANSWER")])
    once = episode_of(steps, [], [tried])
    twice = episode_of(steps, [], [tried, ahead])
    over = episode_of([*steps, warned(70, "OVER", ended="CLEAR")], [], [tried])
    found = [one.call_due for one in (early, once, twice, over) if one is not None]

    assert found == [T + n * SECOND + PHONE_WITHIN for n in (9, 50, 60)] + [None]


@given(st.lists(st.sampled_from(["NO_ANSWER", "REFUSED", "REACHED"]), max_size=4))
def test_the_duty_to_call_stays_until_somebody_at_the_site_was_reached(outcomes: list[Reached]) -> None:
    calls = [called(3 + n, outcome) for n, outcome in enumerate(outcomes)]

    episode = episode_of([warned(0, "INSIDE")], [seen(0, 1)], calls)

    assert episode is not None
    assert (episode.call_due is None) is ("REACHED" in outcomes)
    assert len(episode.calls) == len(outcomes)


@given(st.permutations(range(4)), st.permutations(range(2)))
def test_the_order_of_arrival_does_not_matter(order: list[int], other: list[int]) -> None:
    steps = [warned(0, "ADVISORY"), warned(9, "PREDICTED"), warned(20, "INSIDE"), warned(40, "OVER", ended="LOST")]
    acks = [seen(0, 3), seen(20, 22)]

    assert episode_of([steps[n] for n in order], [acks[n] for n in other], [called(15)]) == episode_of(
        steps, acks, [called(15)]
    )
