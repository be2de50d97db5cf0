"""What a person takes away with her: the proof of an item, and the files that go with it, of what she may keep.

Of a RED item of another member each is a view, which its author is told of.
"""

from collections.abc import AsyncIterator

from quartet.core.faults import Unavailable
from quartet.core.release import Viewer
from quartet.node.attachments import Attachments
from quartet.node.publishing import Publisher
from quartet.node.reading import Reading
from quartet.node.views import Attachment


class Copies:
    """Gives copies out."""

    def __init__(self, reading: Reading, attachments: Attachments, publisher: Publisher) -> None:
        self._reading = reading
        self._attachments = attachments
        self._publisher = publisher

    def proof(self, viewer: Viewer, ref: str) -> bytes:
        """Return the file with which an outsider checks an item; raise as `Reading.proof`."""
        return self._reading.proof(viewer, ref)

    async def export(self, viewer: Viewer, ref: str) -> bytes:
        """Return the file with which an outsider checks an item to a person: it shows the item, as a view does."""
        data = self.proof(viewer, ref)
        await self.viewed(viewer, ref)
        return data

    async def viewed(self, viewer: Viewer, ref: str) -> None:
        """State that a person sees an item whole, where that is to be told; raise as `Reading.seen`."""
        verified, _ = self._reading.seen(viewer, ref)
        await self._publisher.viewed(verified, viewer)

    def attached(self, viewer: Viewer, ref: str, attachment: str) -> Attachment:
        """Return how a file is called that goes with an item of which the viewer may keep a copy."""
        for file in self._attachments.of(self._reading.kept(viewer, ref)):
            if file.id == attachment:
                return file
        raise Unavailable("unknown-item", "the item has no such file")

    async def parts(self, viewer: Viewer, ref: str, attachment: str) -> AsyncIterator[bytes]:
        """Give a file that goes with an item of which the viewer may keep a copy, part by part: a file is one."""
        self.attached(viewer, ref, attachment)
        verified = self._reading.kept(viewer, ref)
        await self._publisher.viewed(verified, viewer)
        async for part in self._attachments.read(verified.id, attachment):
            yield part
