"""What is too large for one parcel under cover, and goes to a peer in pieces, a few in each parcel beside the rest.

It is one thing - an item, a part of a file, a frame, a list of officers - with what its arrival means. One of a kind is
on its way at a time. It counts as arrived when all its pieces did; those of a lost parcel go again.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from quartet.core.parcel import Content
from quartet.core.piece import PIECE_HEAD, cut, whole_of
from quartet.node.link import Cargo

Urgency = Literal["urgent", "frame", "other"]
LEAST: Final = 256
"""Fewer bytes are no piece, unless they are the last."""

Span = tuple[str, int, int]
"""A piece that a parcel carries: of which thing, from where to where."""


class Large:
    """One thing on its way in pieces."""

    def __init__(self, contents: Sequence[Content], urgency: Urgency, name: str) -> None:
        self.whole = whole_of(contents)
        self.name = name
        self.urgency = urgency
        self.cargo = Cargo()
        self.waits: list[tuple[int, int]] = [(0, len(self.whole.raw))]
        self.missing = len(self.whole.raw)
        """How many of its bytes the peer did not confirm."""

    def take(self, most: int) -> tuple[int, int] | None:
        """Take the next bytes that wait, `most` at the most; None where no piece is worth it."""
        if not self.waits:
            return None
        at, end = self.waits[0]
        if most < min(LEAST, end - at):
            return None
        until = min(end, at + most)
        self.waits[:1] = [(until, end)] if until < end else []
        return at, until


class Larges:
    """What goes to one peer in pieces."""

    def __init__(self) -> None:
        self._going: dict[str, Large] = {}
        self._count = 0
        self.begun: list[Large] = []
        """Those that the parcel which is being made began, or gave its last piece to: their rows are noted as sent."""

    @property
    def cargos(self) -> list[Cargo]:
        """What they carry."""
        return [large.cargo for large in self._going.values()]

    @property
    def left(self) -> int:
        """How many bytes of them wait."""
        return sum(end - at for large in self._going.values() for at, end in large.waits)

    def place_for(self, urgency: Urgency) -> bool:
        """Return whether another of a kind may go."""
        return all(large.urgency != urgency for large in self._going.values())

    def begin(self, contents: Sequence[Content], urgency: Urgency) -> Cargo:
        """Have something go in pieces from here on; return where to note what it carries."""
        self._count += 1  # what is begun again is another: pieces of the one before do not count for it
        large = Large(contents, urgency, str(self._count))
        self._going[large.name] = large
        self.begun.append(large)
        return large.cargo

    def cargo_of(self, spans: Iterable[Span]) -> list[Cargo]:
        """Return what the things carry of which these are pieces."""
        return [self._going[name].cargo for name in {name for name, _, _ in spans} if name in self._going]

    def lacks(self, spans: Iterable[Span]) -> bool:
        """Return whether one of the things is on its way no more of which these are pieces: it was given up."""
        return any(name not in self._going for name, _, _ in spans)

    def fill(self, room: int, urgencies: Sequence[Urgency]) -> list[tuple[Content, Span]]:
        """Return pieces that together need no more than `room`, of the first kinds first."""
        made: list[tuple[Content, Span]] = []
        wanted = [large for large in self._going.values() if large.urgency in urgencies]
        for large in sorted(wanted, key=lambda one: urgencies.index(one.urgency)):
            while (span := large.take(room - PIECE_HEAD - 32)) is not None:
                content = cut(large.whole, *span)
                made.append((content, (large.name, *span)))
                room -= len(content.data) + 32
                if not large.waits:
                    self.begun.append(large)
        return made

    def lost(self, spans: Iterable[Span]) -> None:
        """Have the pieces of a lost parcel go again."""
        for name, at, end in spans:
            if name in self._going:
                self._going[name].waits.insert(0, (at, end))

    def arrived(self, spans: Iterable[Span]) -> list[Cargo]:
        """Note that pieces arrived; return what arrived whole with them."""
        whole: list[Cargo] = []
        for name, at, end in spans:
            large = self._going.get(name)
            if large is None:
                continue
            large.missing -= end - at
            if large.missing <= 0:
                whole.append(self._going.pop(name).cargo)
        return whole

    def drop(self, unless: Callable[[Cargo], bool]) -> list[Cargo]:
        """Give up what may not go on, and return what it carried."""
        gone = [name for name, large in self._going.items() if not unless(large.cargo)]
        return [self._going.pop(name).cargo for name in gone]
