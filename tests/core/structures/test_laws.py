"""What holds at every door: any bytes give a value or a fault, and no bit of what is signed can turn unseen."""

import contextlib
from pathlib import Path

import pytest
from doors import DOORS
from four import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.faults import Fault
from quartet.core.ids import SECOND

GOLDEN = Path(__file__).parents[2] / "golden"
KINDS = sorted(kind for kind in DOORS if not kind.startswith("act-"))
ODD = [b'"', b"{}", b"[]", b"null", b"1e3", b"\\u0000", b"\xff"]


def right(kind: str) -> bytes:
    """Return the right file of a kind."""
    return (GOLDEN / kind / "right.bin").read_bytes()


def claimed(kind: str, data: bytes) -> set[int]:
    """Return the places that no hash covers: the number of a path's tick, which is a claim."""
    if kind != "path":
        return set()
    at = data.index((NOON // SECOND).to_bytes(4, "big"))
    return set(range(at, at + 4))


def try_door(kind: str, data: bytes) -> None:
    """Show bytes at a door; anything but a value or a fault fails the test."""
    with contextlib.suppress(Fault):
        DOORS[kind](data)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_give_a_value_or_a_fault(kind: str, data: bytes) -> None:
    try_door(kind, data)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120, deadline=None)
@given(draw=st.data())
def test_a_right_structure_with_a_wound_gives_a_value_or_a_fault(kind: str, draw: st.DataObject) -> None:
    data = right(kind)
    start = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(start, min(len(data), start + 8)))
    piece = draw.draw(st.one_of(st.binary(max_size=8), st.sampled_from(ODD)))

    try_door(kind, data[:start] + piece + data[end:])


@pytest.mark.parametrize("kind", KINDS)
def test_no_bit_of_a_right_structure_can_turn_unseen(kind: str) -> None:
    data = right(kind)

    for at in sorted(set(range(len(data))) - claimed(kind, data)):
        turned = data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
        with pytest.raises(Fault):
            DOORS[kind](turned)


@pytest.mark.parametrize("kind", KINDS)
def test_no_right_structure_is_another_kinds(kind: str) -> None:
    for other in KINDS:
        if other != kind:
            with pytest.raises(Fault):
                DOORS[other](right(kind))
