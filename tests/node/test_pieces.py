"""What is kept to be shown of a member is bounded, whatever it sends."""

from quartet.core.frame import SEGMENTS, Columns, FrameHeader, VerifiedFrame, VerifiedSegment
from quartet.core.ids import Commitment, ExchangeId, KeyId, MemberId, Micros
from quartet.node.pieces import MAX_KEPT, Piece, Place, keep

SIZE = 8_192


def told(number: int, at: int, size: int = SIZE) -> VerifiedFrame:
    """Return a frame of so many tracks in one segment."""
    header = FrameHeader(
        1, ExchangeId("x" * 43), MemberId("east"), 0, number, Micros(at), tuple("x" * 43 for _ in range(SEGMENTS))
    )
    names = tuple(f"{number}/{n}".encode() for n in range(size))
    nothing, none = (0,) * size, (None,) * size
    columns = Columns(names, nothing, nothing, none, none, none, none, ((),) * size, nothing)
    segment = VerifiedSegment(0, (), columns)
    return VerifiedFrame(header, b"", KeyId("x" * 43), b"", Commitment("x" * 43), (segment,))


def kept(pieces: dict[Place, Piece]) -> int:
    return sum(len(segment.columns.id) for _, segments in pieces.values() for segment in segments)


def test_frames_of_one_tick_without_end_are_kept_up_to_a_number_the_newest() -> None:
    pieces: dict[Place, Piece] = {}
    for number in range(8):
        keep(pieces, told(number, at=1))

    ((_, segments),) = pieces.values()
    assert kept(pieces) == MAX_KEPT
    assert segments[-1].columns.id[0] == b"7/0"


def test_the_next_tick_takes_the_place_of_the_last_one() -> None:
    pieces: dict[Place, Piece] = {}
    for number in range(8):
        keep(pieces, told(number, at=number, size=3))

    assert kept(pieces) == 3
