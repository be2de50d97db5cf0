"""Pieces of what is larger than a parcel under cover: cut, and put together again once all have come.

A whole is named by its hash, so that pieces of two never mix, and what was put together is what was cut.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.encoding import digest
from quartet.core.faults import Malformed
from quartet.core.packing import read_packed, write_packed
from quartet.core.parcel import MAX_CONTENT, Content, open_content, pack_contents, read_contents

PIECE_HEAD: Final = 96
"""What a piece takes beside its bytes."""
MAX_WHOLES: Final = 8
"""Wholes of one member that are put together at a time; of more one is given up: first what was whole before."""
MAX_SPANS: Final = 1_024
"""Stretches of one whole that are here with gaps between them: who cuts finer only keeps us busy."""
MAX_DONE: Final = 64


class Piece(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The bytes of a whole from `at` on."""

    whole: Annotated[bytes, Meta(min_length=32, max_length=32)]
    size: Annotated[int, Meta(ge=1, le=MAX_CONTENT)]
    at: Annotated[int, Meta(ge=0, lt=MAX_CONTENT)]
    data: Annotated[bytes, Meta(min_length=1, max_length=MAX_CONTENT)]


class Whole(NamedTuple):
    """Contents that go in pieces: their bytes, and the hash of these."""

    id: bytes
    raw: bytes


def whole_of(contents: Sequence[Content]) -> Whole:
    """Return contents as they are cut."""
    raw = pack_contents(contents)
    return Whole(digest("quartet/piece/v1", raw), raw)


def cut(whole: Whole, at: int, end: int) -> Content:
    """Return the piece with a whole's bytes from `at` up to `end`."""
    return open_content("piece", write_packed(Piece(whole.id, len(whole.raw), at, whole.raw[at:end])))


def read_piece(data: bytes) -> Piece:
    """Return the piece that a content holds, or raise `Malformed`."""
    piece = read_packed(data, Piece, MAX_CONTENT)
    if piece.at + len(piece.data) > piece.size:
        raise Malformed("bad-piece", f"{len(piece.data)} bytes at {piece.at} of {piece.size}")
    return piece


class _Begun:
    def __init__(self, size: int) -> None:
        self.raw = bytearray(size)
        self.checked = False
        self._starts: list[int] = []
        self._ends: list[int] = []

    def put(self, at: int, data: bytes) -> None:
        end = at + len(data)
        self.raw[at:end] = data
        first, beyond = bisect_left(self._ends, at), bisect_right(self._starts, end)
        if first < beyond:  # it touches these, and makes one stretch with them
            at, end = min(at, self._starts[first]), max(end, self._ends[beyond - 1])
        self._starts[first:beyond], self._ends[first:beyond] = [at], [end]
        if len(self._starts) > MAX_SPANS:
            raise Malformed("too-many-pieces", f"{len(self._starts)} stretches of {len(self.raw)} bytes")

    @property
    def whole(self) -> bool:
        return (self._starts, self._ends) == ([0], [len(self.raw)])


class Joining:
    """The wholes of one member that are put together."""

    def __init__(self) -> None:
        self._begun: OrderedDict[bytes, _Begun] = OrderedDict()
        self._done: deque[bytes] = deque(maxlen=MAX_DONE)

    def join(self, contents: Sequence[Content]) -> tuple[list[bytes], tuple[Content, ...]]:
        """Return which wholes are complete with the pieces among these contents, and what was in them.

        They stay until `done`, for what is not kept comes again. Raise `Malformed` for what is no piece, or no content.
        """
        complete: dict[bytes, None] = {}
        held: list[Content] = []
        for content in contents:
            name = self._put(read_piece(content.data)) if content.tag == "piece" else None
            if name is not None and name not in complete:  # once, however many of its pieces are here
                complete[name] = None
                held += read_contents(bytes(self._begun[name].raw))
        return list(complete), tuple(one for one in held if one.tag != "piece")

    def _put(self, piece: Piece) -> bytes | None:
        """Take a piece and return the name of its whole if that is complete."""
        begun = self._begun.get(piece.whole)
        if begun is None or len(begun.raw) != piece.size:
            begun = self._begun[piece.whole] = _Begun(piece.size)
        self._begun.move_to_end(piece.whole)
        while len(self._begun) > MAX_WHOLES:
            del self._begun[self._last_wanted()]
        if begun.checked:
            return piece.whole
        try:
            begun.put(piece.at, piece.data)
            if not begun.whole:
                return None
            if digest("quartet/piece/v1", bytes(begun.raw)) != piece.whole:
                raise Malformed("other-whole", "the pieces make another whole than the one that they name")
        except Malformed:
            del self._begun[piece.whole]
            raise
        begun.checked = True
        return piece.whole

    def _last_wanted(self) -> bytes:
        """Return which whole to give up: one that was complete before, else the one that got no piece for longest."""
        older = list(self._begun)[:-1]
        return next((name for name in older if name in self._done), older[0])

    def done(self, wholes: Sequence[bytes]) -> None:
        """Note that wholes are kept: pieces of them that come late are few, and what is sent once more comes whole."""
        for name in wholes:
            self._begun.pop(name, None)
            self._done.append(name)
