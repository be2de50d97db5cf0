"""Feeds that an officer opens by hand: a recording that is replayed, a sensor that a program of hers reads."""

from quartet.core.faults import Malformed
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.drafting import feed_item
from quartet.node.frames import Frames
from quartet.node.handover import Handover
from quartet.node.plots import Plots
from quartet.node.reading import Reading
from quartet.node.room import Room
from quartet.node.views import FeedDraft, Published, Sighting


class Feeds:
    """Opens feeds of this member, and takes what their sensors see."""

    def __init__(self, handover: Handover, reading: Reading, room: Room, frames: Frames) -> None:
        self._handover = handover
        self._reading = reading
        self._room = room
        self._frames = frames

    async def open(self, viewer: Viewer, draft: FeedDraft) -> Published:
        """Begin a sensor's feed: an item whose marking governs what the sensor sees."""
        return await self._handover.publish(feed_item(draft), viewer)

    async def sight(self, viewer: Viewer, ref: str, sightings: tuple[Sighting, ...]) -> None:
        """Take what the sensor of one of our feeds saw; raise `Unavailable("disk-low")`."""
        self._frames.sight(self._feed(viewer, ref), sightings)

    async def take(self, viewer: Viewer, ref: str, plots: Plots) -> None:
        """Take plots of the sensor of one of our feeds; raise as `sight`, and `Malformed("out-of-range")`."""
        self._frames.take(self._feed(viewer, ref), plots.all, plots.stands)

    def _feed(self, viewer: Viewer, ref: str) -> Verified:
        self._room.check()
        feed, row = self._reading.seen(viewer, ref)
        if row.kind != "feed" or not row.mine:
            raise Malformed("not-a-feed", f"{ref} is no feed of this member")
        return feed
