"""What a parcel that is being filled holds so far, and how much still fits."""

from typing import Final

from quartet.core.parcel import MAX_CONTENT, Content
from quartet.node.large import Larges, Urgency
from quartet.node.link import Cargo

HEADROOM: Final = 8 * 1024
FRAME: Final = 32
"""What a content takes beside its bytes."""


class Load:
    """The contents of one parcel, and what its arrival or loss means."""

    def __init__(self, room: int = MAX_CONTENT - HEADROOM, reserve: int = MAX_CONTENT // 5) -> None:
        self.contents: list[Content] = []
        self.cargo = Cargo()
        self.room = room
        self.reserve = reserve
        """What FLASH and IMMEDIATE leave to the lower lanes."""

    def takes(self, size: int, *, left: int = 0, urgency: Urgency = "other") -> bool:
        """Return whether a content of `size` bytes may go now, and `left` bytes stay free."""
        return size + FRAME + left <= self.room or self.cuts(size, urgency, left=left)

    def cuts(self, size: int, urgency: Urgency = "other", *, left: int = 0) -> bool:  # noqa: ARG002 - none is too small
        """Return whether so much would go in pieces."""
        return False

    def add(self, *contents: Content, urgency: Urgency = "other", left: int = 0) -> Cargo:  # noqa: ARG002 - as in `cuts`
        """Put contents in; return where to note what they are."""
        for content in contents:
            self.contents.append(content)
            self.room -= len(content.data) + FRAME
        return self.cargo


class Cell(Load):
    """A parcel of a fixed size: what does not fit waits, and what would fit in hardly any goes in pieces."""

    def __init__(self, room: int, larges: Larges) -> None:
        super().__init__(room, room // 5)
        self._half = room // 2
        self._larges = larges

    def cuts(self, size: int, urgency: Urgency = "other", *, left: int = 0) -> bool:
        """Return whether so much goes in pieces: what finds no room, while no other of its kind goes so.

        What is not urgent, and no more than half a parcel, waits for a parcel with room.
        """
        size += FRAME
        enough = urgency == "urgent" or size > self._half
        return enough and size + left > self.room and self._larges.place_for(urgency)

    def add(self, *contents: Content, urgency: Urgency = "other", left: int = 0) -> Cargo:
        """Put contents in, or have them go in pieces."""
        size = sum(len(content.data) + FRAME for content in contents)
        if size + left <= self.room:
            return super().add(*contents)
        return self._larges.begin(contents, urgency)

    def fill(self, *urgencies: Urgency, share: int = 1) -> None:
        """Put in pieces of some kinds, the first of them first, in a share of what is free."""
        for content, span in self._larges.fill(self.room // share, urgencies):
            super().add(content).pieces.append(span)
