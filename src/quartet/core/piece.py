"""Pieces of what is larger than a parcel under cover: cut, and put together again once all have come.

A whole is named by its hash, so that pieces of two never mix, and what was put together is what was cut.
"""

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
"""Wholes of one member that are put together at a time; of more the one that began first is given up."""
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
        self.here: list[tuple[int, int]] = []

    def put(self, at: int, data: bytes) -> None:
        self.raw[at : at + len(data)] = data
        spans: list[tuple[int, int]] = []
        for start, end in sorted([*self.here, (at, at + len(data))]):
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        self.here = spans

    @property
    def whole(self) -> bool:
        return self.here == [(0, len(self.raw))]


class Joining:
    """The wholes of one member that are put together."""

    def __init__(self) -> None:
        self._begun: OrderedDict[bytes, _Begun] = OrderedDict()
        self._done: deque[bytes] = deque(maxlen=MAX_DONE)

    def join(self, contents: Sequence[Content]) -> tuple[list[bytes], tuple[Content, ...]]:
        """Return which wholes are complete with the pieces among these contents, and what was in them.

        They stay until `done`, for what is not kept comes again. Raise `Malformed` for what is no piece, or no content.
        """
        complete: list[bytes] = []
        held: list[Content] = []
        for content in contents:
            if content.tag == "piece" and (name := self._put(read_piece(content.data))) is not None:
                complete.append(name)
                held += read_contents(bytes(self._begun[name].raw))
        return complete, tuple(one for one in held if one.tag != "piece")

    def _put(self, piece: Piece) -> bytes | None:
        """Take a piece and return the name of its whole if that is complete."""
        if piece.whole in self._done:
            return None
        begun = self._begun.get(piece.whole)
        if begun is None or len(begun.raw) != piece.size:
            begun = self._begun[piece.whole] = _Begun(piece.size)
        begun.put(piece.at, piece.data)
        while len(self._begun) > MAX_WHOLES:
            self._begun.popitem(last=False)
        if not begun.whole:
            return None
        if digest("quartet/piece/v1", bytes(begun.raw)) != piece.whole:
            del self._begun[piece.whole]
            raise Malformed("other-whole", "the pieces make another whole than the one that they name")
        return piece.whole

    def done(self, wholes: Sequence[bytes]) -> None:
        """Note that wholes are kept: their pieces say nothing new."""
        for name in wholes:
            self._begun.pop(name, None)
            self._done.append(name)
