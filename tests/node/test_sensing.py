"""A live sensor has one feed, opened once, and a state that says how it is."""

from pathlib import Path

import msgspec
import pytest
from world import World, exchange

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.node.plots import Plots
from quartet.node.sensing import SensorState
from quartet.node.views import FeedDraft
from quartet.picture import Counts, Plot, RadarPlot, ServiceMessage

pytestmark = pytest.mark.anyio
MAST = SensorState(name="mast", format="asterix", lat=46.9, lon=7.5, edition="48: 1.32")
SHARED = FeedDraft(tlp="GREEN", to=(MemberId("east"),), title="The mast", sensor="asterix")
NONE = Counts(1, {})


def plot(world: World, number: int = 7) -> Plot:
    at = world.nodes["north"].live.now()
    return Plot(at=at, sensor="mast", icao24=None, lat=46.0, lon=7.0, on_ground=False, number=number)


def state(world: World) -> SensorState:
    (only,) = world.nodes["north"].sensing.states
    return only


async def test_what_a_sensor_saw_reaches_whom_its_marking_names_and_no_other(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sensing = world.nodes["north"].sensing
        sensing.know(MAST)
        feed = await sensing.open("mast", SHARED)
        await world.until(lambda: any(row.id == feed for row in world.rows("east")))

        sensing.heard("mast", [plot(world)], NONE, False, world.nodes["north"].live.now())

        await world.until(lambda: bool(world.nodes["east"].picture(world.viewer("east"))))
        (track,) = world.nodes["east"].picture(world.viewer("east"))
        assert (track.lat, track.lon, track.source) == (46.0, 7.0, "north")
        assert "mast" not in track.id, "what a member calls its sensor is its own affair"
        assert world.nodes["west"].picture(world.viewer("west")) == []
        assert (state(world).plots, state(world).taken, state(world).trouble) == (1, 1, None)


async def test_a_feed_is_opened_once_and_anew_when_its_marking_changes(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sensing = world.nodes["north"].sensing
        sensing.know(MAST)

        first = await sensing.open("mast", SHARED)
        again = await sensing.open("mast", SHARED)
        wider = await sensing.open(
            "mast", FeedDraft(tlp="GREEN", to=(MemberId("east"), MemberId("west")), title="The mast")
        )

        assert first == again
        assert wider != first
        assert state(world).feed == wider


async def test_what_was_recalled_is_not_opened_by_itself(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sensing = world.nodes["north"].sensing
        sensing.know(MAST)
        feed = await sensing.open("mast", SHARED)
        (row,) = (row for row in world.rows("north") if row.id == feed)
        await world.recall("north", row.ref)
        await world.until(lambda: world.nodes["north"].holdings.verified(feed) is None)

        assert await sensing.open("mast", SHARED) == feed
        with pytest.raises(Malformed, match="feed-recalled"):
            sensing.heard("mast", [plot(world)], NONE, False, Micros(1))
        assert state(world).trouble == "feed-recalled"


async def test_a_turn_is_measured_from_north_to_north_and_not_over_a_gap(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sensing = world.nodes["north"].sensing
        sensing.know(MAST)
        marks = [0, 4, 8, 12, 400, 404.2, 408.4]

        for at in marks:
            north = ServiceMessage(at=Micros(round(at * SECOND)), sensor="mast", kind="NORTH", in_use=True)
            sensing.services("mast", [north], Micros(round(at * SECOND)))

        assert state(world).rotation_s == pytest.approx(4.2)
        assert state(world).in_use is True


async def test_what_a_door_refused_is_told_by_reason(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        sensing = world.nodes["north"].sensing
        sensing.know(MAST)

        sensing.heard("mast", [], Counts(3, {"bad-block": 5}), True, Micros(9))

        assert state(world).refused == {"bad-block": 5}
        assert (state(world).quarantined, state(world).trouble, state(world).last_heard) == (True, "quarantined", 9)
        with pytest.raises(Malformed, match="unknown-sensor"):
            sensing.troubled("tower", None)


async def test_plots_of_a_feed_are_shown_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        north, viewer = world.nodes["north"], world.viewer("north")
        feed = await north.feeds.open(viewer, SHARED)
        await world.until(lambda: world.holds("east", feed.ref))
        seen = plot(world)
        radar = RadarPlot(at=seen.at, sensor="mast", range_m=9_000.0, azimuth_deg=45.0, seen="PSR")

        await north.feeds.take(viewer, feed.ref, Plots((seen,), (radar,)))

        await world.until(lambda: bool(world.nodes["east"].picture(world.viewer("east"))))
        for wrong in ({"lat": 1e300}, {"speed_mps": float("nan")}, {"alt_m": -1e9}, {"callsign": "\x00"}, {"at": -1}):
            with pytest.raises(Malformed, match="out-of-range"):
                await north.feeds.take(viewer, feed.ref, Plots((msgspec.structs.replace(seen, **wrong),)))
        with pytest.raises(Malformed, match="out-of-range"):
            await north.feeds.take(viewer, feed.ref, Plots((), (msgspec.structs.replace(radar, range_m=-1.0),)))
        with pytest.raises(Malformed, match="not-a-feed"):
            await world.nodes["east"].feeds.take(world.viewer("east"), feed.ref, Plots())
