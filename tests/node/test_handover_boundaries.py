"""Over which boundary an aircraft is handed to a neighbour: never over one into our own airspace."""

import json
from pathlib import Path

import pytest
from identified import box, heard
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.node.identify.views import Crossing, Offering
from quartet.node.views import FeedDraft, micros, moment
from quartet.picture.identify.geojson import read_airspaces

pytestmark = pytest.mark.anyio
CRAFT = "4b1805"


async def flies(world: World, lon: float, **more: float) -> None:
    """Let north's sensor see an aircraft east of the airspace in which it is, which is a third member's; ours is next,
    and a narrow one, and then comes east's."""
    node = world.nodes["north"]
    features = [box("WEST", 5, 46, 6.9, 48), box("NORTH", 6.9, 46, 7.2, 48), box("EAST", 7.2, 46, 10, 48)]
    known = read_airspaces(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    node.identifying.know(known, ("NORTH",), {})
    feed = await node.feeds.open(world.viewer("north"), FeedDraft(tlp="AMBER", to=(), title="Air"))
    verified = node.holdings.verified(ItemId(feed.id))
    assert verified is not None
    node.frames.take(verified, [heard(world.now("north"), CRAFT, 47.0, lon, **more)])
    await world.until(lambda: CRAFT in {one.key for one in node.identity.page(world.viewer("north")).aircraft})


def asked(**more: object) -> Offering:
    return Offering(aircraft=CRAFT, to=MemberId("east"), tlp="AMBER", **more)  # type: ignore[arg-type]


async def test_who_is_still_to_fly_through_ours_is_handed_over_at_its_far_side(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 6.8)
        node, viewer = world.nodes["north"], world.viewer("north")

        form = node.identity.saying.offer(viewer, asked()).form

        assert form is not None
        assert form["boundary"] == "EAST"


async def test_she_is_told_before_she_signs_over_which_boundary_and_when(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 6.8)
        saying, viewer = world.nodes["north"].identity.saying, world.viewer("north")

        told = saying.foreseen(viewer, asked())

        form = saying.offer(viewer, asked()).form
        assert form is not None
        assert (told.boundary, micros(told.crosses_at)) == (form["boundary"], form["crosses_at"])
        said = asked(boundary=told.boundary, crosses_at=told.crosses_at)
        assert saying.offer(viewer, said).form == form
        with pytest.raises(Malformed, match="--boundary"):
            saying.foreseen(viewer, asked(boundary="WEST"))


async def test_who_flies_into_no_airspace_but_ours_is_handed_over_where_an_officer_says(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 6.85, speed_mps=20.0)
        node, viewer = world.nodes["north"], world.viewer("north")

        with pytest.raises(Malformed, match="--boundary") as refused:
            node.identity.saying.offer(viewer, asked())

        assert refused.value.reason == "no-boundary"


async def test_the_alarm_of_an_offer_is_no_older_than_the_offer(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 7.0)
        node, viewer = world.nodes["north"], world.viewer("north")
        soon = moment(Micros(world.now("north") + 20 * SECOND))

        sent = await node.publish(node.identity.saying.offer(viewer, asked(boundary="EAST", crosses_at=soon)), viewer)
        await world.until(lambda: "handover-unanswered" in world.alarms("north"))

        (alarm,) = (one for one in node.status(viewer).alarms if one.reason == "handover-unanswered")
        (offer,) = (one for one in node.identity.page(viewer).offers if one.ref == sent.ref)
        assert alarm.at >= offer.at


async def test_what_she_read_of_the_crossing_is_refused_once_it_is_so_no_more_unless_it_went_or_she_said_it(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 6.8)
        saying, viewer = world.nodes["north"].identity.saying, world.viewer("north")
        told = saying.foreseen(viewer, asked())
        near, far = (Crossing("EAST", moment(Micros(micros(told.crosses_at) + n * SECOND))) for n in (20, 40))

        form = saying.offer(viewer, asked(foreseen=near)).form
        assert form is not None
        assert (form["boundary"], form["crosses_at"]) == ("EAST", micros(near.crosses_at))
        for read in (far, Crossing("WEST", told.crosses_at)):
            with pytest.raises(Malformed, match="crossing-changed"):
                saying.offer(viewer, asked(foreseen=read))
            assert saying.offer(viewer, asked(foreseen=read), again=True).form is not None
        form = saying.offer(viewer, asked(boundary="EAST", crosses_at=far.crosses_at)).form
        assert form is not None
        assert form["crosses_at"] == micros(far.crosses_at)


async def test_what_an_offer_refuses_is_refused_before_she_reads_when_it_crosses(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flies(world, 6.8)
        saying, viewer = world.nodes["north"].identity.saying, world.viewer("north")

        for say in (saying.offer, saying.foreseen):
            with pytest.raises(Unavailable, match="unknown-item"):
                say(viewer, asked(plan="N-K7Q-4MX"))
