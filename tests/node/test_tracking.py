"""What a radar measures becomes tracks at its node, and goes to whom its feed is for and to nobody else."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pytest
from world import World, exchange

from quartet.cli.feed import named_after
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.node.plots import Plots
from quartet.node.sensing import SensorState
from quartet.node.tracking import MAX_RADARS, Feed, Tracking
from quartet.node.trackviews import TrackView
from quartet.node.views import FeedDraft, Sighting
from quartet.picture import Plot, RadarPlot, distance_m
from quartet.picture.plane import Offset, Place, place_of, polar
from quartet.picture.radar import Radar
from sky import spelt

pytestmark = pytest.mark.anyio

RADAR: Final = Radar(name="hill", lat=46.9, lon=7.5, height_m=500.0, period_s=4.0)
STANDS: Final = Place(RADAR.lat, RADAR.lon, RADAR.height_m)
SPEED: Final = 200.0


def flown(second: float) -> Place:
    """Return where an aircraft is: 60 km north of the radar, flying east at 9,000 m."""
    return place_of(STANDS, Offset(SPEED * second, 60_000.0, 8_200.0))


def seen(now: Micros, seconds: int = 60) -> tuple[RadarPlot, ...]:
    """Return what the radar measured in the last seconds, once a turn."""
    drawn = np.random.default_rng(5)
    plots = []
    for second in range(0, seconds + 1, 4):
        place = flown(float(second))
        found = polar(STANDS, place)
        plots.append(
            RadarPlot(
                at=Micros(now - (seconds - second) * SECOND),
                sensor=RADAR.name,
                range_m=found.range_m + float(drawn.normal(0, 40)),
                azimuth_deg=(found.azimuth_deg + float(drawn.normal(0, 0.05))) % 360,
                seen="SSR",
                alt_m=place.height_m,
                squawk="2000",
            )
        )
    return tuple(plots)


async def fed(world: World, *to: str, plots: Plots | None = None) -> None:
    """Open a feed of north's, and hand over what its radar saw."""
    node, viewer = world.nodes["north"], world.viewer("north")
    feed = await node.feeds.open(
        viewer, FeedDraft(tlp="AMBER", to=tuple(map(MemberId, to)), title="Air picture", sensor="air")
    )
    await world.until(lambda: all(world.holds(member, feed.ref) for member in to))
    await node.feeds.take(viewer, feed.ref, plots or Plots(radar=seen(world.now("north")), stands=(RADAR,)))


def shown(world: World, member: str) -> list[TrackView]:
    return world.nodes[member].picture(world.viewer(member))


async def test_a_radars_track_is_where_the_aircraft_is_for_whom_the_feed_is_for(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        await fed(world, "east")

        await world.until(lambda: shown(world, "east"))

        (track,) = shown(world, "east")
        end = flown(60.0)
        assert distance_m((track.lat, track.lon), (end.lat, end.lon)) < 200
        assert track.speed_mps == pytest.approx(SPEED, rel=0.1)
        assert track.alt_m == pytest.approx(end.height_m, abs=1)
        assert [root.partition(":")[0] for root in track.roots] == ["radar"]
        assert RADAR.name not in str(track)
        assert shown(world, "west") == []


@pytest.mark.parametrize(
    "wrong", [{"id": "4" * 28}, {"id": "ä"}, {"speed_mps": 1e300}, {"alt_m": 1e12}, {"accuracy_m": -1.0}], ids=str
)
async def test_a_sighting_that_no_frame_can_hold_is_refused_and_the_node_goes_on(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    """One that was let in made every tick fail: nothing was delivered any more, to anybody."""
    async with exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        feed = await node.feeds.open(
            viewer, FeedDraft(tlp="AMBER", to=(MemberId("east"),), title="Air picture", sensor="air")
        )
        good = Sighting(id="4" * 27, lat=47.0, lon=7.0, at=datetime.now(UTC))

        with pytest.raises(Malformed, match="out-of-range"):
            await node.feeds.sight(viewer, feed.ref, (msgspec.structs.replace(good, **wrong),))
        await node.feeds.sight(viewer, feed.ref, (good,))

        await world.until(lambda: [track.id for track in shown(world, "east")] == [good.id])


@pytest.mark.parametrize("radar", [False, True], ids=["told", "tracked"])
async def test_nothing_of_what_a_sensor_or_the_file_of_a_recording_is_called_is_in_a_frame(
    tmp_path: Path, radar: bool
) -> None:
    """Of what tells no address, the number alone was its sensor's: neither its track nor its roots may name that."""
    recording = tmp_path / "Covert mast 9.pcap"
    name = named_after(recording, "asterix")
    async with exchange(tmp_path, "north", "east") as world:
        at = Micros(world.now("north") - SECOND)
        spot: dict[str, Any] = {"at": at, "sensor": name, "icao24": None, "lat": 47.0, "on_ground": False}
        plots = Plots(
            plots=tuple(Plot(lon=7.0 + n, number=n, **spot) for n in range(1, 3)),
            radar=tuple(msgspec.structs.replace(one, sensor=name) for one in seen(at)) if radar else (),
            stands=(msgspec.structs.replace(RADAR, name=name),) if radar else (),
        )
        await fed(world, "east", plots=plots)
        await world.until(lambda: shown(world, "east"))

        for word in (name, *name.split(":"), "covert", "mast", recording.parent.name):
            assert word not in spelt(shown(world, "east")).lower()


async def test_a_radar_that_nobody_says_where_it_stands_shows_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await fed(world, "east", plots=Plots(radar=seen(world.now("north"))))
        await world.ticks("north", 6)

        assert shown(world, "north") == shown(world, "east") == []


async def test_plots_in_another_feed_do_not_tell_where_a_radar_of_the_settings_stands(tmp_path: Path) -> None:
    """An officer who may not see its feed could name it in one of her own, and read its place off the tracks."""
    async with exchange(tmp_path, "north", "east") as world:
        hill = SensorState(name=RADAR.name, format="asterix", lat=RADAR.lat, lon=RADAR.lon)
        world.nodes["north"].sensing.know(hill, RADAR)
        await fed(world, "east", plots=Plots(radar=seen(world.now("north"))))
        await world.ticks("north", 6)

        assert shown(world, "north") == []


async def test_what_a_better_sensor_of_another_marking_sees_changes_no_track(tmp_path: Path) -> None:
    """East may have the radar's feed, and not that of the receiver which hears the same aircraft more exactly."""
    async with exchange(tmp_path, "north", "east") as world:
        await fed(world, "east")
        await world.until(lambda: shown(world, "east"))
        (before,) = shown(world, "east")
        node, viewer = world.nodes["north"], world.viewer("north")
        secret = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(), title="Receiver", sensor="air"))
        end = flown(60.0)
        await node.feeds.sight(
            viewer,
            secret.ref,
            (Sighting(id="4b1814", lat=end.lat, lon=end.lon, at=datetime.now(UTC), alt_m=9_000.0, accuracy_m=10.0),),
        )
        await world.until(lambda: any("4b1814" in str(track) for track in shown(world, "north")))
        await world.ticks("north", 4)

        (after,) = shown(world, "east")

        assert (after.lat, after.lon, after.roots, after.id) == (before.lat, before.lon, before.roots, before.id)


async def test_a_track_says_how_long_ago_it_was_seen_in_a_word(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        feed = await node.feeds.open(viewer, FeedDraft(tlp="GREEN", to=(MemberId("east"),), title="R", sensor="air"))
        ago = {"4b0001": 1, "4b0002": 16, "4b0003": 35}
        await world.until(lambda: world.holds("east", feed.ref))
        seen = [
            Sighting(id=name, lat=47.0, lon=7.0 + n, at=datetime.now(UTC) - timedelta(seconds=seconds))
            for n, (name, seconds) in enumerate(ago.items())
        ]

        await node.feeds.sight(viewer, feed.ref, tuple(seen))
        await world.until(lambda: len(shown(world, "east")) == 3)

        told = {track.id: track.state for track in shown(world, "east")}
        assert told == {"4b0001": "measured", "4b0002": "extrapolated", "4b0003": "old"}


async def test_a_feed_that_is_recalled_takes_its_tracks_along(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await fed(world, "east")
        await world.until(lambda: shown(world, "east"))
        (feed,) = [row for row in world.rows("north") if row.kind == "feed"]

        await world.recall("north", feed.ref)

        await world.until(lambda: shown(world, "east") == [] and shown(world, "north") == [])


def test_a_radar_that_cannot_be_is_refused_by_name() -> None:
    plot = seen(Micros(1_800_000_000 * SECOND))[0]

    with pytest.raises(Malformed, match="range_m"):
        _ = Plots(radar=(RadarPlot(at=plot.at, sensor="hill", range_m=-1.0, azimuth_deg=0.0, seen="SSR"),)).all


async def test_plots_that_come_while_others_are_tracked_are_neither_lost_nor_in_the_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The node's loop adds while a thread works; how fast the radar turns is found among what comes."""
    tracking, feed, now = Tracking(bytes(16)), ItemId("f" * 43), Micros(1_800_000_000 * SECOND)
    hill = (msgspec.structs.replace(RADAR, period_s=None),)
    tracking.take(feed, seen(now, 200)[:3], hill)
    old = seen(Micros(now - 3_600 * SECOND), 400)  # too old to be tracked, but in the way
    while not await tracking.tracks(now):  # noqa: ASYNC110 - that it is compiled has no event
        await asyncio.sleep(0.01)

    working = asyncio.create_task(_worked(tracking, now, 60))
    for plot in seen(now, 200)[3:]:
        tracking.take(feed, [plot], hill)
        tracking.take(feed, old, hill)
        await asyncio.sleep(0)
    await working

    assert [len(found) for found in (await tracking.tracks(now)).values()] == [1]
    assert caplog.records == []


async def _worked(tracking: Tracking, now: Micros, times: int) -> None:
    for _ in range(times):
        await tracking.tracks(now)


def test_a_radar_that_is_new_begins_the_tracks_anew_and_shows_none_that_stand_still() -> None:
    feed, now = Feed(bytes(16)), Micros(1_800_000_000 * SECOND)
    feed.add((RADAR,), seen(now))
    work, inbox = feed.taken()
    work.do(inbox, now)
    before = feed.tracks

    feed.add((msgspec.structs.replace(RADAR, name="vale", period_s=None),), ())
    work, inbox = feed.taken()
    work.do(inbox, now)

    assert len(before) == 1
    assert feed.tracks == ()


def test_only_so_many_radars_speak_under_one_marking() -> None:
    feed = Feed(bytes(16))
    many = [msgspec.structs.replace(RADAR, name=f"r{n}") for n in range(MAX_RADARS + 1)]

    feed.add(many[:-1], ())
    with pytest.raises(Malformed, match="too-many-radars"):
        feed.add(many[-1:], ())
