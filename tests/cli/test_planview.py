"""The plan in characters: every track where it is, within its paper, whatever the size."""

from datetime import UTC, datetime, timedelta
from math import cos, radians, sin
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from quartet.cli.planview import ARROWS, NICE, Centre, Mark, arrow, offset_nm, plan, reach
from quartet.cli.sky import SORTS, Sky, View
from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.node.trackviews import TrackView

lats, lons = st.floats(-89, 89), st.floats(-180, 180)
marks = st.lists(
    st.builds(Mark, lats, lons, st.none() | st.floats(0, 360), st.text(max_size=9), st.just("")), max_size=9
)
NOTHING = timedelta()


def track(name: str = "4b1805", *, ago_s: float = 0, **change: Any) -> TrackView:
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    given: dict[str, Any] = {"lat": 47.5, "lon": 8.5, "alt_m": 10_668.0, "speed_mps": 231.5, "track_deg": 45.0}
    return TrackView(id=name, at=at, source=MemberId("north"), tlp="GREEN", **{**given, **change})


def shown(sky: Sky, columns: int, lines: int) -> list[str]:
    """Return what a terminal of this size shows."""
    console = Console(width=columns, height=lines, force_terminal=True, color_system=None, legacy_windows=False)
    with console.capture() as drawn:
        console.print(sky.drawn(columns, lines), end="")
    return drawn.get().splitlines()


def sky_of(*tracks: TrackView, view: View | None = None) -> Sky:
    sky = Sky("north", view or View(), NOTHING)
    sky.take(lambda: tracks)
    return sky


@settings(max_examples=60, deadline=None)
@given(marks, lats, lons, st.sampled_from(NICE), st.integers(16, 120), st.integers(6, 60))
def test_a_plan_has_the_size_that_was_asked_for(
    drawn: list[Mark], lat: float, lon: float, nm: float, columns: int, lines: int
) -> None:
    made = plan(drawn, Centre(lat, lon, nm), columns, lines)

    assert [len(line.plain) for line in made] == [columns] * lines


@pytest.mark.parametrize(
    ("course", "line", "column"), [(0, 0, 30), (90, 12, 60), (180, 24, 30), (270, 12, 0), (None, 12, 30)]
)
def test_a_track_at_the_last_ring_stands_at_its_edge(course: float | None, line: int, column: int) -> None:
    nm = 40.0
    far = 0.0 if course is None else nm * 0.96 / 60
    place = Mark(far * round(cos(radians(course or 0))), far * round(sin(radians(course or 0))), course, "", "")

    made = plan([place], Centre(0.0, 0.0, nm), 61, 25)

    found = [(n, line.plain.index(char)) for n, line in enumerate(made) for char in arrow(course) if char in line.plain]
    assert len(found) == 1
    assert abs(found[0][0] - line) <= 1
    assert abs(found[0][1] - column) <= 7  # the plan is as wide as it is high


def test_over_180_degrees_a_neighbour_is_near() -> None:
    assert offset_nm((0, 179.9), (0, -179.9)) == pytest.approx((12.0, 0.0))


@given(lats, lons, st.lists(st.tuples(lats, lons), max_size=5))
def test_a_range_reaches_every_place_as_far_as_there_are_ranges(
    lat: float, lon: float, places: list[tuple[float, float]]
) -> None:
    nm = reach((lat, lon), places)

    assert nm in NICE
    for place in places:
        east, north = offset_nm((lat, lon), place)
        assert (east**2 + north**2) ** 0.5 <= nm or nm == NICE[-1]


@given(st.floats(0, 360))
def test_an_arrow_is_within_22_and_a_half_degrees_of_its_course(course: float) -> None:
    apart = abs((ARROWS.index(arrow(course)) * 45 - course + 180) % 360 - 180)

    assert apart <= 22.5


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 70), st.integers(0, 90))
def test_whatever_the_terminal_nothing_is_wider_or_longer(columns: int, lines: int, count: int) -> None:
    sky = sky_of(*(track(f"{n:06x}", lat=40 + n / 9, ago_s=n / 3) for n in range(count)))

    told = shown(sky, columns, lines)

    assert max(map(len, told), default=0) <= columns
    assert len(told) <= max(lines, 6)


def test_a_wide_terminal_has_table_and_plan_a_narrow_one_the_table_alone() -> None:
    sky = sky_of(track())

    wide, narrow = shown(sky, 120, 30), shown(sky, 38, 20)

    assert any("4b1805" in line and "↗ 045" in line and "450" in line for line in wide)
    assert any("⠒" in line for line in wide)
    assert any("4b1805" in line and "350" in line for line in narrow)
    assert not any("⠒" in line for line in narrow)
    assert "+" not in "".join(narrow)


def test_what_does_not_fit_is_counted() -> None:
    sky = sky_of(*(track(f"{n:06x}") for n in range(50)))

    assert any(line.startswith("+43 more") for line in shown(sky, 80, 13))


def test_ages_are_counted_and_old_ones_are_dimmed() -> None:
    sky = sky_of(track("a"), track("b", ago_s=15), track("c", ago_s=30))

    assert "3 tracks: 1 measured, 1 extrapolated, 1 old" in shown(sky, 120, 30)[1]
    console = Console(width=80, height=20, force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as drawn:
        console.print(sky.drawn(80, 20))
    old = next(line for line in drawn.get().splitlines() if line.lstrip("\x1b[0123456789;m").startswith("c "))
    assert "\x1b[2m" in old


@pytest.mark.parametrize("sort", SORTS)
def test_tracks_stand_in_the_order_that_was_asked_for(sort: str) -> None:
    near = track("b", lat=47.45, lon=8.55, alt_m=100.0, speed_mps=50.0, ago_s=9)
    far = track("a", lat=48.0, lon=9.9, alt_m=9_000.0, speed_mps=250.0, ago_s=5)
    none = track("c", lat=49.0, lon=9.9, alt_m=None, speed_mps=None, track_deg=None, ago_s=1)
    sky = sky_of(near, far, none, view=View((47.45, 8.55), 80.0, sort))

    first = [line[0] for line in shown(sky, 80, 20) if line[:1] in {"a", "b", "c"}]

    wanted = {"track": "abc", "age": "cab", "height": "abc", "speed": "abc", "distance": "bac"}
    assert "".join(first) == wanted[sort]


def test_a_node_that_does_not_answer_leaves_what_was_and_says_so() -> None:
    sky = sky_of(track())

    def silent() -> list[TrackView]:
        raise Unavailable("not-running", "no node")

    sky.take(silent)

    told = shown(sky, 80, 20)
    assert "NO ANSWER (not-running)" in told[0]
    assert any("4b1805" in line for line in told)


def test_what_a_track_is_called_moves_no_cursor() -> None:
    told = shown(sky_of(track("\x1b[2J\x07evil\n")), 120, 30)

    assert "\x1b[2J" not in "".join(told)
    assert "\x07" not in "".join(told)


def test_a_plan_is_text_and_not_markup() -> None:
    made = plan([Mark(0, 0, None, "[red]x[/red]", "")], Centre(0, 0, 5), 40, 12)

    assert "[red]x[/red]" in Text("\n").join(made).plain
