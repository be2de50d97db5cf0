"""Levels do not flicker, and a look says of a picture what its plots say; whoever is exempt passes and is seen."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.frame import Track
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.volume import UNITS, Volume
from quartet.picture.fusion import Fusion, batch_of, fuse
from quartet.picture.proximity import NOTHING, Level, Looked, Standing, State, look, stands
from quartet.picture.proximity.field import field_of
from quartet.picture.proximity.levels import level_of
from quartet.picture.proximity.look import KEPT

NOW = Micros(1_800_000_000 * SECOND)
STRANGER = "4b1805"
SITE = Volume(name="dam", outline=((475_000_000, 80_000_000),), radius_m=2_000, ceiling_m=3_000)
levels = st.sampled_from(list(Level))


def told(plots: list[Level]) -> list[Standing]:
    """Return what stands after each plot."""
    found: list[Standing] = []
    for n, one in enumerate(plots):
        found.append(stands(found[-1] if found else None, one, Micros(n)))
    return found


# -- levels


@given(st.lists(levels, max_size=40))
def test_a_level_rises_with_two_plots_of_three_or_with_one_inside(plots: list[Level]) -> None:
    before = Level.NONE
    for n, standing in enumerate(told(plots)):
        if standing.level > before:
            three = plots[max(0, n - 2) : n + 1]
            agree = sum(one >= standing.level for one in three)
            assert agree >= 2 or (standing.level == Level.INSIDE == plots[n])
        before = standing.level


@given(st.lists(levels, max_size=40))
def test_a_level_falls_with_three_plots_in_a_row_below_it_and_no_further_than_the_highest(plots: list[Level]) -> None:
    after = told(plots)
    for n, (one, other) in enumerate(pairwise(after), start=1):
        if other.level < one.level:
            assert n >= 2
            assert max(plots[n - 2 : n + 1]) == other.level


@given(st.lists(levels, max_size=40), st.integers(0, 39))
def test_one_plot_that_differs_makes_no_level_flicker(plots: list[Level], at: int) -> None:
    """Two plots are between a fall and the next rise at least, but for one that is inside."""
    changes = [n for n, (a, b) in enumerate(pairwise(told(plots)), start=1) if a.level != b.level]
    after = told(plots)
    for n, m in pairwise(changes):
        down, up = after[n].level < after[n - 1].level, after[m].level > after[m - 1].level
        assert not (down and up) or m - n >= 1
        if after[n].level > after[n - 1].level and after[m].level < after[m - 1].level:
            assert m - n >= 2


@given(st.lists(levels, max_size=20), levels)
def test_a_plot_that_is_not_newer_changes_nothing(plots: list[Level], again: Level) -> None:
    after = told([*plots, Level.PREDICTED])

    assert stands(after[-1], again, after[-1].seen) == after[-1]


def test_near_an_aerodrome_it_is_predicted_a_minute_before_and_en_route_two() -> None:
    assert [level_of(s, False) for s in (0.0, 1.0, 120.0, 121.0, 300.0, 301.0)] == [3, 2, 2, 1, 1, 0]
    assert [level_of(s, True) for s in (0.0, 60.0, 61.0, 300.0)] == [3, 2, 1, 1]


# -- a look


def a_track(lat: float, *, name: str = STRANGER, alt_m: int | None = 900, speed: int = 200, age_s: float = 0) -> Track:
    return Track(
        id=name.encode(),
        lat=round(lat * UNITS),
        lon=80_000_000,
        alt_m=alt_m,
        speed_cms=speed * 100,
        track_cdeg=0,
        covariance=(900, 0, 900),
        lineage=(b"adsb:" + name.encode(),),
        age_ms=round(age_s * 1000),
    )


def picture(*tracks: Track, at: Micros = NOW, place: str = "a") -> Fusion:
    return fuse([batch_of(MemberId("north"), place, at, tracks)])


def looked(
    lats: list[float], *, volume: Volume = SITE, exempt: tuple[str, ...] = (), alt_m: int | None = 900
) -> list[Looked]:
    """Return a look after each plot, four seconds apart."""
    state, found = NOTHING, []
    allowed = frozenset(("s", volume.name, one) for one in exempt)
    for n, lat in enumerate(lats):
        at = Micros(NOW + 4 * SECOND * n)
        found.append(look(state, picture(a_track(lat, alt_m=alt_m), at=at), {"s": (volume,)}, allowed, at))
        state = found[-1].state
    return found


def believed(looks: list[Looked]) -> list[Level]:
    return [max((one.level for one in seen.near), default=Level.NONE) for seen in looks]


def test_a_mover_is_believed_with_its_second_plot_and_inside_at_once() -> None:
    assert believed(looked([47.3, 47.307, 47.314])) == [Level.NONE, Level.PREDICTED, Level.PREDICTED]
    assert believed(looked([47.49])) == [Level.INSIDE]


def test_it_is_inside_only_where_it_was_seen_never_because_time_has_passed() -> None:
    old = picture(a_track(47.46, age_s=30))

    (one,) = look(NOTHING, old, {"s": (SITE,)}, frozenset(), NOW).near

    assert one.said == Level.PREDICTED
    assert one.seconds < 30


def test_an_unknown_height_is_in_the_band_and_a_known_one_above_it_is_not() -> None:
    assert believed(looked([47.49], alt_m=None)) == [Level.INSIDE]
    assert believed(looked([47.49], alt_m=3_200)) == [Level.NONE]
    assert believed(looked([47.49], alt_m=3_150)) == [Level.INSIDE]


def test_who_descends_towards_the_band_is_warned_of_by_what_its_plots_told_of_its_climb() -> None:
    state = NOTHING
    for n in range(6):
        at = Micros(NOW + 4 * SECOND * n)
        seen = picture(a_track(47.35 + 0.007 * n, alt_m=4_500 - 60 * n), at=at)
        after = look(state, seen, {"s": (SITE,)}, frozenset(), at)
        state = after.state

    assert believed([after]) == [Level.PREDICTED]


def test_an_exempt_mover_is_near_and_raises_nothing() -> None:
    seen = looked([47.3, 47.307, 47.49], exempt=(STRANGER,))

    assert believed(seen) == [Level.NONE] * 3
    assert [one.exempt for one in seen[-1].near] == [True]


def test_an_address_that_two_movers_give_at_once_exempts_neither() -> None:
    two = fuse(batch_of(MemberId("north"), place, NOW, [a_track(lat)]) for place, lat in (("a", 47.49), ("b", 47.30)))

    seen = look(NOTHING, two, {"s": (SITE,)}, frozenset({("s", "dam", STRANGER)}), NOW)

    assert sorted((one.pair[2], one.exempt) for one in seen.near) == [(STRANGER, False), (f"{STRANGER}/2", False)]


def test_what_was_believed_is_kept_while_a_mover_is_not_seen_and_ends_with_its_volume() -> None:
    state = looked([47.49])[-1].state
    later = Micros(NOW + KEPT - SECOND)

    assert look(state, picture(), {"s": (SITE,)}, frozenset(), later).state.standing
    assert not look(state, picture(), {"s": (SITE,)}, frozenset(), Micros(NOW + KEPT)).state.standing
    assert not look(state, picture(), {"s": ()}, frozenset(), later).state.standing


def test_a_mover_that_is_suddenly_far_away_counts_its_plots_there() -> None:
    assert believed(looked([47.49, 45.0, 45.007, 45.014])) == [3, 3, 3, 0]


@given(st.permutations(range(4)), st.lists(st.floats(46.9, 47.6), min_size=4, max_size=4))
def test_the_order_in_which_tracks_came_does_not_matter(order: list[int], lats: list[float]) -> None:
    tracks = [a_track(lat, name=f"4b18{n:02}") for n, lat in enumerate(lats)]
    shuffled = [tracks[n] for n in order]

    assert look(NOTHING, picture(*tracks), {"s": (SITE,)}, frozenset(), NOW) == look(
        NOTHING, picture(*shuffled), {"s": (SITE,)}, frozenset(), NOW
    )


def test_a_volume_across_the_date_line_is_one_volume() -> None:
    corners = ((10 * UNITS, 1_799_000_000), (10 * UNITS, -1_799_000_000), (10 * UNITS + 2_000_000, -1_799_000_000))
    field = field_of((Volume(name="atoll", outline=corners),))

    assert field.reach_m < 30_000
    assert abs(abs(field.plane.lon) - 180) < 0.2


def test_nothing_is_near_in_an_empty_picture() -> None:
    assert look(State(), picture(), {"s": (SITE,)}, frozenset(), NOW).near == ()


def wayless(lats: list[float], unknown: set[int]) -> list[Level]:
    """Return what is believed after each plot, four seconds apart; of those that are `unknown` the way is not."""
    state: State = NOTHING
    levels = []
    for n, lat in enumerate(lats):
        at, track = Micros(NOW + 4 * SECOND * n), a_track(lat)
        if n in unknown:
            track = track._replace(speed_cms=None, track_cdeg=None)
        seen = look(state, picture(track, at=at), {"s": (SITE,)}, frozenset(), at)
        state = seen.state
        levels += believed([seen])
    return levels


@settings(max_examples=25)
@given(st.sets(st.integers(2, 13)))
def test_a_mover_whose_way_is_not_known_for_a_while_is_believed_as_near_as_before(unknown: set[int]) -> None:
    """It comes straight in: what nobody knows neither lowers a level nor ends it."""
    levels = wayless([47.3 + 0.0072 * n for n in range(14)], unknown)

    assert levels == [Level.NONE, *[Level.PREDICTED] * 13]


def test_a_mover_whose_way_nobody_learns_again_is_let_go_in_the_end() -> None:
    levels = wayless([47.3] * 40, set(range(2, 40)))

    assert levels[:17] == [Level.NONE, *[Level.PREDICTED] * 16]  # a minute after its way was known last
    assert levels[-20:] == [Level.NONE] * 20


def test_a_mover_is_inside_no_longer_than_it_is_seen_there_though_nobody_knows_its_way() -> None:
    levels = wayless([47.5, 47.5, *[47.56] * 30], set(range(32)))

    assert levels[:4] == [Level.INSIDE] * 4
    assert Level.INSIDE not in levels[4:]
    assert levels[-1] == Level.NONE


def test_who_comes_at_about_five_minutes_distance_is_advised_of_once_however_his_speed_is_measured() -> None:
    """Some 61 km off: at 200 m/s 286 s, at 180 m/s 318, at 140 m/s 409."""
    state: State = NOTHING
    levels = []
    for n, speed in enumerate([200, 200, *[180] * 6, *[140] * 4]):
        at = Micros(NOW + 4 * SECOND * n)
        seen = look(state, picture(a_track(46.95, speed=speed), at=at), {"s": (SITE,)}, frozenset(), at)
        state = seen.state
        levels += believed([seen])

    assert levels == [Level.NONE, *[Level.ADVISORY] * 9, Level.NONE, Level.NONE]
