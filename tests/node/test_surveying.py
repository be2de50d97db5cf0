"""Sensors as officers are told of them: who may see what one sees, how it is, and what the watch is alarmed of."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.faults import Unavailable
from quartet.core.ids import SECOND, MemberId, OfficerName
from quartet.core.release import Viewer
from quartet.node.sensing import SensorState
from quartet.node.sensorviews import SensorView
from quartet.node.surveying import Surveying
from quartet.node.views import FeedDraft
from quartet.picture import Counts, RadarPlot

pytestmark = pytest.mark.anyio
MAST = SensorState(name="mast", format="asterix", lat=46.9, lon=7.5, edition="048 1.32")
SHARED = FeedDraft(tlp="GREEN", to=(MemberId("east"),), title="The mast", sensor="asterix")
CLERK = Viewer(member=MemberId("north"), name=OfficerName("clerk"))


async def opened(world: World) -> Surveying:
    """Have north's sensor begin, and return who surveys it."""
    node = world.nodes["north"]
    node.sensing.know(MAST)
    await node.sensing.open("mast", SHARED)
    return node.surveying


def see(world: World, *azimuths: float, bad: int = 0, quarantined: bool = False) -> None:
    """Have north's sensor see movers 50 km away."""
    node = world.nodes["north"]
    now = node.live.now()
    plots = [RadarPlot(at=now, sensor="mast", range_m=50_000, azimuth_deg=one, seen="PSR") for one in azimuths]
    refused = {"bad-record": bad} if bad else {}
    node.sensing.heard("mast", plots, Counts(len(plots), refused), quarantined, now)


def only(world: World, viewer: Viewer) -> SensorView:
    (view,) = world.nodes["north"].surveying.sensors(viewer)
    return view


async def test_a_sensor_that_is_heard_is_well_and_tells_what_it_saw_and_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        surveying = await opened(world)
        see(world, 15, 35, bad=2)

        view = only(world, world.viewer("north"))

        assert (view.health, view.reason, view.plots, view.taken, view.refused) == ("OK", None, 2, 2, {"bad-record": 2})
        assert (view.tlp, view.gaps) == ("GREEN", 1)
        assert view.reach_m == pytest.approx(50_000, abs=4_000)
        covered = surveying.coverage(world.viewer("north"), "mast")
        assert {(cell.sector, cell.bands) for cell in covered.cells} == {(1, 16), (2, 0), (3, 16)}


async def test_what_it_sees_a_second_is_counted_over_the_last_minute(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        surveying = await opened(world)
        now = world.nodes["north"].live.now()
        await surveying.look(now)
        see(world, *range(100))

        await surveying.look(now + 10 * SECOND)  # type: ignore[arg-type]

        assert surveying._rate(world.nodes["north"].sensing.states[0], now + 10 * SECOND) == 10.0  # type: ignore[arg-type]


async def test_who_may_not_see_its_feed_is_told_of_no_sensor(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        node.sensing.know(MAST)
        bare = node.surveying.sensors(CLERK)
        watch = only(world, world.viewer("north"))
        await node.sensing.open("mast", FeedDraft(tlp="GREEN", to=(), title="The mast", caveats=("PERSONAL",)))
        see(world, 10)

        assert bare == ()
        assert (watch.feed, watch.health) == (None, "OK")  # the watch knows the settings
        assert node.surveying.sensors(world.viewer("north")) == ()
        told = []
        for name in ("mast", "nothing"):
            with pytest.raises(Unavailable) as refused:
                node.surveying.coverage(world.viewer("north"), name)
            told.append(str(refused.value))
        assert told[0] == told[1]


async def test_a_sensor_that_falls_silent_is_an_alarm_until_it_speaks(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await opened(world)
        see(world, 10)
        await world.ticks("north")
        assert "sensor-silent" not in world.alarms("north")

        world.later(61)
        await world.until(lambda: "sensor-silent" in world.alarms("north"))
        assert only(world, world.viewer("north")).health == "SILENT"
        see(world, 10)

        await world.until(lambda: "sensor-silent" not in world.alarms("north"))


async def test_one_that_is_quarantined_is_an_alarm_that_names_its_feed_to_whom_may_see_that(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        node.sensing.know(MAST)
        await node.sensing.open("mast", FeedDraft(tlp="GREEN", to=(), title="The mast", caveats=("PERSONAL",)))
        see(world, 10, quarantined=True)
        await world.until(lambda: "sensor-quarantined" in world.alarms("north"))
        ref = node.sensing.states[0].feed
        row = None if ref is None else world.stores["north"].reader.row(ref)
        assert row is not None

        def told(viewer: Viewer) -> str:
            return next(a.detail for a in node.status(viewer).alarms if a.reason == "sensor-quarantined")

        watch = world.viewer("north")
        trained = Viewer(watch.member, watch.name, watch.roles, trained=frozenset({"PERSONAL"}))
        assert told(trained).startswith(row.ref)
        assert told(watch).startswith("(an item that you may not see)")
        assert "mast" not in told(trained)
        assert node.status(CLERK).alarms == ()


async def test_what_a_sensor_saw_goes_with_its_feed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        surveying = await opened(world)
        see(world, 10)
        feed = only(world, world.viewer("north")).feed
        assert feed is not None

        await world.recall("north", feed)

        view = only(world, world.viewer("north"))
        assert (view.gaps, view.reach_m) == (0, 0)
        assert surveying.coverage(world.viewer("north"), "mast").cells == ()
