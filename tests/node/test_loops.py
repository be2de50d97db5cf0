"""No event loop waits for the picture's loops to be compiled: that was half a minute of a node's links."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from quartet.core.frame import SEGMENTS, Columns, FrameHeader, VerifiedFrame, VerifiedSegment
from quartet.core.ids import Commitment, ExchangeId, KeyId, MemberId, Micros
from quartet.node.fusing import Fusing
from quartet.node.loops import SHOWN, TRACKED, Loops, made_ready
from quartet.node.pieces import Piece, Place

ASKED = "from quartet.picture import fusion, local; print(fusion.is_kept(), local.is_kept())"


def told(member: str) -> tuple[Place, Piece]:
    """Return what a member told of one aircraft."""
    header = FrameHeader(
        1, ExchangeId("x" * 43), MemberId(member), 0, 1, Micros(1), tuple("x" * 43 for _ in range(SEGMENTS))
    )
    columns = Columns((b"4b1805",), (0,), (0,), (None,), (None,), (None,), (None,), ((b"adsb:4b1805",),), (0,))
    segment = VerifiedSegment(0, (), columns)
    return (MemberId(member), ()), (
        VerifiedFrame(header, b"", KeyId("x" * 43), b"", Commitment("x" * 43), (segment,)),
        [segment],
    )


def test_while_what_fuses_is_not_compiled_tracks_stand_apart_and_then_are_one() -> None:
    compiled: list[bool] = []
    fusing = Fusing(MemberId("north"), lambda: bool(compiled))
    pieces = [told("east"), told("south")]

    before = fusing.now(pieces), fusing.once(pieces)
    compiled.append(True)
    after = fusing.now(pieces), fusing.once(pieces)

    assert [(len(one.singles()), one.fused()) for one in before] == [(2, []), (2, [])]
    assert [(one.singles(), len(one.fused()[0].parts)) for one in after] == [([], 2), ([], 2)]


def test_what_no_process_compiled_yet_is_known_to_be_missing(tmp_path: Path) -> None:
    elsewhere = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}

    said = subprocess.run([sys.executable, "-c", ASKED], env=elsewhere, capture_output=True, check=True).stdout

    assert said == b"False False\n"


@pytest.mark.anyio
async def test_what_is_missing_is_compiled_by_a_child_and_read_in_a_thread() -> None:
    read: list[threading.Thread] = []

    await made_ready(Loops(lambda: False, lambda: read.append(threading.current_thread())))

    assert read != [threading.current_thread()]
    assert SHOWN.is_kept()
    assert TRACKED.is_kept()
