"""The path of one commitment to a checkpoint."""

from contextlib import suppress

import msgspec
import proof_world as w
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed, Untrusted
from quartet.core.proof.checkpoint import read_checkpoint
from quartet.core.proof.note import read_note
from quartet.core.proof.path import Path, decode_path, encode_path, verify_path

RECORD = w.on_record(ticks=40)
ROOT = read_checkpoint(read_note(RECORD.checkpoint).text).root
BYTES = encode_path(RECORD.path)


def test_a_path_leads_to_the_checkpoint_and_keeps_its_bytes() -> None:
    path = decode_path(BYTES)

    verify_path(path, ROOT)
    assert (path, encode_path(path)) == (RECORD.path, BYTES)


def test_a_path_is_an_array_of_seven() -> None:
    fields = msgspec.msgpack.decode(BYTES)

    assert [type(f) for f in fields] == [bytes, int, bytes, int, int, bytes, int]
    assert (len(fields[0]), len(fields[2]), len(fields[5]) % 32) == (32, 512, 0)


@given(st.data())
def test_a_changed_byte_fails_or_changes_the_tick_alone_which_is_a_claim(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BYTES) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda b: b != BYTES[at]))

    try:
        path = decode_path(BYTES[:at] + bytes([to]) + BYTES[at + 1 :])
        verify_path(path, ROOT)
    except (Malformed, Untrusted):
        return
    assert _without_tick(path) == _without_tick(RECORD.path)


@given(st.binary(max_size=900))
def test_any_bytes_give_a_path_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        assert encode_path(decode_path(data)) == data


def test_another_spelling_of_the_same_path_is_refused() -> None:
    slot = BYTES.index(b"\xcd", 35) if RECORD.path.slot > 255 else 35
    longer = BYTES[:slot] + b"\xce\x00\x00" + BYTES[slot + 1 :]

    with pytest.raises(Malformed, match="not-canonical"):
        decode_path(longer)


def _without_tick(path: Path) -> tuple[object, ...]:
    return (path.c, path.slot, path.slot_path, path.leaf_index, path.tick_path)
