"""What a parcel that is being filled holds so far, and how much still fits."""

from typing import Final

from quartet.core.parcel import MAX_CONTENT, Content

HEADROOM: Final = 8 * 1024


class Load:
    """The contents of one parcel."""

    def __init__(self) -> None:
        self.contents: list[Content] = []
        self.room = MAX_CONTENT - HEADROOM

    def takes(self, size: int) -> bool:
        """Return whether a content of `size` bytes still fits."""
        return size + 32 <= self.room

    def add(self, *contents: Content) -> None:
        """Put contents in."""
        for content in contents:
            self.contents.append(content)
            self.room -= len(content.data) + 32
