"""What a radar's offset seems to be, as officers are told it: how much, how surely, and when not to trust it."""

from pathlib import Path
from random import Random
from typing import Final

import msgspec
import pytest
from world import World, exchange

from quartet.core.ids import SECOND, MemberId, OfficerName
from quartet.core.release import Viewer
from quartet.exercise.simulate import Flight, radar_plots
from quartet.exercise.sky import Drawn, Radar, Scene, cast_of, course
from quartet.node.sensing import SensorState
from quartet.node.sensorviews import OffsetsView, SensorView
from quartet.node.views import FeedDraft
from quartet.picture import Counts, RadarPlot
from quartet.picture.radar import Radar as Known

pytestmark = pytest.mark.anyio

HILL: Final = Radar(name="hill", lat=46.9, lon=7.2, phase_deg=40.0, codes=False)
LAKE: Final = Radar(name="lake", lat=46.7, lon=8.1, phase_deg=200.0, codes=False)
RADARS: Final = (HILL, LAKE)
CLERK: Final = Viewer(member=MemberId("north"), name=OfficerName("clerk"))


def simulated(begins: int, seconds: float, *radars: Radar) -> dict[str, list[RadarPlot]]:
    """Return what radars see of fifty aircraft, by the radar's name."""
    drawn = Drawn(count=50, radius_m=90_000.0, legs=12)
    scene = Scene(lat=46.8, lon=7.6, seconds=seconds, begins=begins, seed=4, drawn=drawn, radars=radars)
    flights = [Flight(n, mover, course(scene, mover)) for n, mover in enumerate(cast_of(scene), 1)]
    return {one.name: radar_plots(scene, one, flights, Random(one.name)) for one in radars}


async def listening(world: World, *caveats: str) -> None:
    """Have north's node know two radars, under one marking."""
    sensing = world.nodes["north"].sensing
    draft = FeedDraft(tlp="GREEN", to=(MemberId("east"),), title="Two radars", sensor="air", caveats=caveats)
    for one in RADARS:
        state = SensorState(name=one.name, format="asterix", lat=one.lat, lon=one.lon)
        sensing.know(state, Known(one.name, one.lat, one.lon, period_s=one.period_s))
        await sensing.open(one.name, draft)


def hear(world: World, plots: list[RadarPlot]) -> None:
    """Have them seen, each by the radar that saw it."""
    node = world.nodes["north"]
    for one in RADARS:
        mine = [plot for plot in plots if plot.sensor == one.name]
        if mine:
            node.sensing.heard(one.name, mine, Counts(len(mine), {}), False, node.live.now())


def alive(world: World) -> None:
    """Have the radars be heard now: until the tracker is compiled they may have fallen silent."""
    node = world.nodes["north"]
    for one in RADARS:
        node.sensing.services(one.name, (), node.live.now())


def told(world: World, viewer: Viewer | None = None) -> dict[str, SensorView]:
    views = world.nodes["north"].surveying.sensors(viewer or world.viewer("north"))
    return {view.name: view for view in views}


def offsets(world: World, name: str) -> OffsetsView:
    found = told(world)[name].offsets
    assert found is not None
    return found


def both(seen: dict[str, list[RadarPlot]]) -> list[RadarPlot]:
    return [plot for plots in seen.values() for plot in plots]


async def test_a_radar_that_is_off_is_told_with_how_much_and_how_surely(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await listening(world)
        begins = world.now("north") // SECOND - 120
        off = msgspec.structs.replace(HILL, bias_range_m=150.0, bias_azimuth_deg=0.3)

        hear(world, both(simulated(begins, 118, off, LAKE)))
        await world.until(lambda: offsets(world, "hill").range_m is not None)

        hill, lake = offsets(world, "hill"), offsets(world, "lake")
        assert hill.range_m == pytest.approx(150.0, abs=15.0)
        assert hill.azimuth_deg == pytest.approx(0.3, abs=0.03)
        assert lake.range_m == pytest.approx(0.0, abs=15.0)
        assert lake.azimuth_deg == pytest.approx(0.0, abs=0.03)
        assert hill.range_within_m is not None
        assert hill.azimuth_within_deg is not None
        assert 0 < hill.range_within_m < 30
        assert 0 < hill.azimuth_within_deg < 0.05
        assert not hill.doubtful
        assert told(world)["hill"].reason != "offset-doubtful"
        assert told(world, CLERK)["hill"].offsets == hill  # GREEN is for all officers, her sensors' offsets too
        await world.ticks("north")
        assert "sensor-offset" not in world.alarms("north")


async def test_what_one_radar_alone_sees_tells_nothing_of_its_offset(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await listening(world)
        seen = simulated(world.now("north") // SECOND - 60, 58, HILL, LAKE)

        hear(world, seen["hill"])
        await world.until(lambda: world.nodes["north"].picture(world.viewer("north")))

        hill = offsets(world, "hill")
        assert (hill.range_m, hill.range_within_m, hill.azimuth_deg, hill.time_s) == (None, None, None, None)
        assert told(world)["lake"].offsets is None  # it did not speak


async def test_an_offset_that_cannot_be_trusted_is_an_alarm_until_the_radar_is_adjusted(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await listening(world)
        begins = world.now("north") // SECOND - 300
        off = msgspec.structs.replace(HILL, bias_azimuth_deg=2.0)
        adjusted = begins + 120
        before = [plot for plot in both(simulated(begins, 298, off, LAKE)) if plot.at < adjusted * SECOND]
        after = [plot for plot in both(simulated(begins, 298, HILL, LAKE)) if plot.at >= adjusted * SECOND]

        hear(world, before)
        await world.until(lambda: "sensor-offset" in world.alarms("north"))

        assert (offsets(world, "hill").doubtful, offsets(world, "lake").doubtful) == (True, False)
        alive(world)
        assert (told(world)["hill"].health, told(world)["hill"].reason) == ("OK", "offset-doubtful")
        hear(world, after)
        await world.until(lambda: "sensor-offset" not in world.alarms("north"))
        alive(world)
        assert told(world)["hill"].reason is None
        assert offsets(world, "hill").azimuth_deg == pytest.approx(0.0, abs=0.03)


async def test_who_may_not_see_the_feed_is_told_neither_the_offset_nor_whose_it_is(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await listening(world, "PERSONAL")
        off = msgspec.structs.replace(HILL, bias_azimuth_deg=2.0)
        hear(world, both(simulated(world.now("north") // SECOND - 90, 88, off, LAKE)))
        await world.until(lambda: "sensor-offset" in world.alarms("north"))
        node, watch = world.nodes["north"], world.viewer("north")
        trained = Viewer(watch.member, watch.name, watch.roles, trained=frozenset({"PERSONAL"}))

        def alarm(viewer: Viewer) -> str:
            return next(one.detail for one in node.status(viewer).alarms if one.reason == "sensor-offset")

        feed = told(world, trained)["hill"].feed
        assert feed is not None
        assert alarm(trained).startswith(feed)
        assert alarm(watch).startswith("(an item that you may not see)")
        assert "hill" not in alarm(watch)
        assert told(world) == {}


async def test_a_radars_offset_goes_with_its_feed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await listening(world)
        off = msgspec.structs.replace(HILL, bias_azimuth_deg=2.0)
        hear(world, both(simulated(world.now("north") // SECOND - 90, 88, off, LAKE)))
        await world.until(lambda: "sensor-offset" in world.alarms("north"))
        feed = told(world)["hill"].feed
        assert feed is not None

        await world.recall("north", feed)

        assert told(world)["hill"].offsets is None
        await world.until(lambda: "sensor-offset" not in world.alarms("north"))
