"""A frame is kept in parts by feeds: each goes when its feed does, whatever was made of it, and no other with it."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.facts import Narrow
from quartet.core.frame import verify_frame
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import Marking
from quartet.node.views import FeedDraft, Published, Sighting, moment
from sky import NORTH, WEST, sky

pytestmark = pytest.mark.anyio

EVER = Micros(2**53 - 1)


async def seen(world: World, title: str, icao24: str) -> Published:
    """Let a sensor of north see an aircraft, for east; return the feed."""
    node, viewer = world.nodes["north"], world.viewer("north")
    feed = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(MemberId("east"),), title=title))
    at = moment(node.live.now())
    sighting = Sighting(
        id=icao24, lat=47.0, lon=8.0, at=at, alt_m=9_000.0, speed_mps=200.0, track_deg=0.0, accuracy_m=50.0
    )
    await node.feeds.sight(viewer, feed.ref, (sighting,))
    return feed


def kept(world: World, name: str) -> set[str]:
    """Return the aircraft whose frames a member's node keeps."""
    node = world.nodes[name]
    rows = node.frames.past._parts.store.reader.frames_between(Micros(0), EVER, 10_000)
    frames = [verify_frame(data, member, node.registry.keyring) for member, _, data in rows]
    return {t.id.decode() for frame in frames for segment in frame.segments for t in segment.columns.tracks()}


@pytest.mark.parametrize("name", ["north", "east"])
async def test_what_is_kept_of_a_recalled_feed_goes_though_something_was_made_of_it_and_another_stays(
    tmp_path: Path, name: str
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        mast = await seen(world, "Mast", "4b1801")
        await seen(world, "Radar", "4b1802")
        await world.until(lambda: kept(world, "east") == {"4b1801", "4b1802"})
        await world.send("east", [], "what the mast saw", contains=(mast.ref,))
        await world.send("north", [], "what the mast saw", contains=(mast.ref,))
        await world.ticks("north", 2)

        await world.recall("north", mast.ref)

        await world.until(lambda: kept(world, name) == {"4b1802"})


async def test_a_grant_for_what_was_made_of_a_feed_opens_none_of_its_tracks(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=600) as world:
        east, viewer = world.nodes["east"], world.viewer("east")
        mast = await seen(world, "Mast", "4b1801")
        await world.until(lambda: bool(east.picture(viewer)))
        made = await world.send("north", ["east"], "what the mast saw", contains=(mast.ref,))
        feed = world.nodes["north"].holdings.verified(mast.id)
        assert feed is not None
        assert feed.own is not None
        narrowed = Marking(tlp="AMBER", rel=(MemberId("north"),))
        await world.say("north", "narrow", Narrow(control=feed.own.id, marking=narrowed))
        await world.until(lambda: not world.holds("east", mast.ref))

        await world.fact("north", "grant", made.ref, member=MemberId("east"))
        await world.until(lambda: world.holds("east", made.ref))

        assert "4b1801" in kept(world, "east"), "the frames are there still"
        assert east.picture(viewer) == []


async def test_tracks_whose_feed_did_not_come_yet_are_not_kept_for_no_recall_would_take_them(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, WEST, bring=False)
        await made.sees("mast", "4b1801")
        await made.tick()
        before = made.sent()
        await made.bring("mast", WEST)
        await made.sees("mast", "4b1801")
        await made.tick()

        assert made.sizes, "west was sent frames"
        assert before == []
        assert [track.id for track in made.picture(WEST)] == ["4b1801"]
        assert made.sent() != []
