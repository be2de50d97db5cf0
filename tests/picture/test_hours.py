"""When an airspace is in use: out of hours it has no boundary; any schedule is read or refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture.identify.airspace import Airspace, Spot
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.identify.hours import DAYS, read_hours
from quartet.picture.identify.movements import Crossed, Step, begin, ends, go_on

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
SQUARE = [[0, 40], [1, 40], [1, 41], [0, 41], [0, 40]]


def at(moment: datetime) -> Micros:
    return Micros(int(moment.timestamp()) * SECOND)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(
    moment=MOMENTS,
    days=st.sets(st.sampled_from(DAYS), min_size=1),
    begins=st.integers(0, 24 * 60 - 1),
    lasts=st.integers(1, 24 * 60),
)
def test_hours_of_days_are_those_of_a_calendar(moment: datetime, days: set[str], begins: int, lasts: int) -> None:
    until = (begins + lasts) % (24 * 60)
    hours = read_hours([{"days": sorted(days), "from": clock(begins), "until": clock(until)}], "X")
    expected = False
    for back in (0, 1):
        day = (moment - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        opens = day + timedelta(minutes=begins)
        expected |= DAYS[day.weekday()] in days and opens <= moment < opens + timedelta(minutes=lasts)
    assert hours.hold(at(moment)) == expected


@given(moment=MOMENTS, begins=MOMENTS, lasts=st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_a_window_holds_from_its_beginning_to_before_its_end(
    moment: datetime, begins: datetime, lasts: timedelta
) -> None:
    begins, until = (one.replace(microsecond=0) for one in (begins, begins + lasts))
    if begins == until:
        return
    hours = read_hours([{"from": begins.isoformat(), "until": until.isoformat()}], "X")
    assert hours.hold(at(moment)) == (begins <= moment.replace(microsecond=0) < until)
    assert hours.hold(at(begins))
    assert not hours.hold(at(until))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(("from", "until", "days")) | st.text(max_size=4), x),
        max_leaves=8,
    )
)
def test_any_schedule_is_hours_or_refused_by_its_reason(schedule: Any) -> None:
    reason = ""
    try:
        read_hours(schedule, "X").hold(Micros(0))
    except Malformed as fault:
        reason = fault.reason
    assert reason in ("", "bad-schedule")


@pytest.mark.parametrize(
    "period",
    [
        {"from": "08:00"},
        {"from": "8:00", "until": "16:00"},
        {"from": "08:60", "until": "16:00"},
        {"from": "24:30", "until": "16:00"},
        {"from": "08:00", "until": "16:00", "days": ["MONDAY"]},
        {"from": "08:00", "until": "16:00", "days": []},
        {"from": "2026-03-01T08:00", "until": "2026-03-01T12:00Z"},
        {"from": "2026-03-01T12:00Z", "until": "2026-03-01T08:00Z"},
        {"from": "08:00", "until": "2026-03-01T08:00Z"},
        {"from": "08:00", "until": "16:00", "zone": "CET"},
    ],
)
def test_a_period_that_cannot_be_meant_is_refused(period: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="bad-schedule"):
        read_hours([period], "X")


MORNING = [{"from": "06:00", "until": "12:00"}]


def airspace(schedule: object = MORNING) -> Airspace:
    """Return an airspace with a schedule, as a file gives it."""
    plan = {"type": "Polygon", "coordinates": [SQUARE]}
    feature = {"type": "Feature", "properties": {"name": "X", "schedule": schedule}, "geometry": plan}
    (space,) = read_airspaces(msgspec.json.encode(feature))
    return space


def entered(begins: datetime, schedule: object) -> tuple[Crossed, ...]:
    """Return what is logged of a track that flies east into an airspace with a schedule, a step a minute."""
    space = airspace(schedule)
    trail = begin(Step(at(begins), Spot(40.5, -0.25)), [space])
    logged: list[Crossed] = []
    for minute in range(1, 8):
        step = Step(at(begins + timedelta(minutes=minute)), Spot(40.5, -0.25 + 0.1 * minute))
        trail, crossed = go_on(trail, step, [space])
        logged += crossed
    return tuple(logged)


def test_what_flies_in_out_of_hours_entered_nothing() -> None:
    (entry,) = entered(datetime(2026, 3, 2, 8, tzinfo=UTC), MORNING)
    assert (entry.space, entry.way) == ("X", "ENTRY")
    assert entered(datetime(2026, 3, 2, 13, tzinfo=UTC), MORNING) == ()
    assert entered(datetime(2026, 3, 2, 11, 59, tzinfo=UTC), MORNING) == ()  # it closes before the boundary is reached
    assert entered(datetime(2026, 3, 2, 5, 59, tzinfo=UTC), MORNING) != ()


def test_who_touches_a_boundary_out_of_hours_has_crossed_nothing_once_it_is_in_use() -> None:
    """One plot within, by an error, a second before it opens: the next ones outside are no exit."""
    space = airspace()
    opens = datetime(2026, 3, 2, 6, tzinfo=UTC)
    seen = [(-20, -0.001), (-1, 0.0005), (4, -0.001), (14, -0.002), (24, -0.003), (44, -0.004)]
    steps = [Step(at(opens + timedelta(seconds=second)), Spot(40.5, lon)) for second, lon in seen]
    trail = begin(steps[0], [space])
    logged: list[Crossed] = []
    for step in steps[1:]:
        trail, crossed = go_on(trail, step, [space])
        logged += [*crossed]
    assert logged == []
    assert ends(trail, [space]) == ()


def test_who_is_lost_after_a_crossing_is_logged_only_where_the_airspace_was_in_use() -> None:
    for hour, count in ((8, 1), (13, 0)):
        space = airspace()
        then = datetime(2026, 3, 2, hour, tzinfo=UTC)
        trail = begin(Step(at(then), Spot(40.5, -0.01)), [space])
        trail, crossed = go_on(trail, Step(at(then + timedelta(seconds=4)), Spot(40.5, 0.01)), [space])
        assert (crossed, len(ends(trail, [space]))) == ((), count)


def test_an_airspace_without_a_schedule_is_always_in_use() -> None:
    space = Airspace("X", "X", [tuple((float(lon), float(lat)) for lon, lat in SQUARE)])
    assert space.in_use_at(Spot(40.5, 0.5), Micros(0))
    assert not space.in_use_at(Spot(42.0, 0.5), Micros(0))
