"""What is kept to be shown of a member is bounded, whatever it sends."""

import pytest

from quartet.core.frame import SEGMENTS, Columns, FrameHeader, VerifiedFrame, VerifiedSegment
from quartet.core.ids import Commitment, ControlId, ExchangeId, KeyId, MemberId, Micros
from quartet.core.verify import VerifiedControl
from quartet.node.pieces import MAX_KEPT, Piece, Place, keep

SIZE = 8_192
DRILL = ControlId("drill")


def told(number: int, at: int, size: int = SIZE, under: str = "") -> VerifiedFrame:
    """Return a frame of so many tracks in one segment, under a control of which no more is known than its id."""
    header = FrameHeader(
        1, ExchangeId("x" * 43), MemberId("east"), 0, number, Micros(at), tuple("x" * 43 for _ in range(SEGMENTS))
    )
    names = tuple(f"{number}/{n}".encode() for n in range(size))
    nothing, none = (0,) * size, (None,) * size
    columns = Columns(names, nothing, nothing, none, none, none, none, ((),) * size, nothing)
    control = VerifiedControl(ControlId(under), None, None)  # type: ignore[arg-type]
    segment = VerifiedSegment(0, (control,), columns)
    return VerifiedFrame(header, b"", KeyId("x" * 43), b"", Commitment("x" * 43), (segment,))


def drills(place: Place, _: Piece) -> bool:
    return DRILL in place[1]


def kept(pieces: dict[Place, Piece]) -> int:
    return sum(len(segment.columns.id) for _, segments in pieces.values() for segment in segments)


def test_frames_of_one_tick_without_end_are_kept_up_to_a_number_the_newest() -> None:
    pieces: dict[Place, Piece] = {}
    for number in range(8):
        keep(pieces, told(number, at=1), drills)

    ((_, segments),) = pieces.values()
    assert kept(pieces) == MAX_KEPT
    assert segments[-1].columns.id[0] == b"7/0"


def test_the_next_tick_takes_the_place_of_the_last_one() -> None:
    pieces: dict[Place, Piece] = {}
    for number in range(8):
        keep(pieces, told(number, at=number, size=3), drills)

    assert kept(pieces) == 3


@pytest.mark.parametrize(("few", "many"), [("feed", DRILL), (DRILL, "feed")])
def test_what_floods_of_one_world_takes_no_place_of_the_other(few: str, many: str) -> None:
    pieces: dict[Place, Piece] = {}
    keep(pieces, told(0, at=1, size=3, under=few), drills)
    for number in range(1, 9):
        keep(pieces, told(number, at=1, under=many), drills)

    sizes = {place[1][0]: sum(len(one.columns.id) for one in segments) for place, (_, segments) in pieces.items()}
    assert sizes == {few: 3, many: MAX_KEPT}
