"""The path of one commitment to a checkpoint."""

from contextlib import suppress

import msgspec
import proof_world as w
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Tick
from quartet.core.proof.checkpoint import read_checkpoint
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import read_note
from quartet.core.proof.path import Path, decode_path, encode_path, grow_path, verify_path

RECORD = w.on_record(ticks=40)
SAID = read_checkpoint(read_note(RECORD.checkpoint).text)
BYTES = encode_path(RECORD.path)


def test_a_path_leads_to_the_checkpoint_and_keeps_its_bytes() -> None:
    path = decode_path(BYTES)

    _verify(path)
    assert (path, encode_path(path)) == (RECORD.path, BYTES)


def test_a_path_is_an_array_of_seven() -> None:
    fields = msgspec.msgpack.decode(BYTES)

    assert [type(f) for f in fields] == [bytes, int, bytes, int, int, bytes, int]
    assert (len(fields[0]), len(fields[2]), len(fields[5]) % 32) == (32, 512, 0)


@given(st.data())
def test_a_changed_byte_fails(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BYTES) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda b: b != BYTES[at]))

    with pytest.raises((Malformed, Untrusted)):
        _verify(decode_path(BYTES[:at] + bytes([to]) + BYTES[at + 1 :]))


@pytest.mark.parametrize(("change", "reason"), [({"size": 41}, "other-size"), ({"tick": w.TICK + 1}, "other-tick")])
def test_a_path_is_of_one_size_and_one_tick(change: dict[str, int], reason: str) -> None:
    with pytest.raises(Untrusted, match=reason):
        _verify(msgspec.structs.replace(RECORD.path, **change))


@given(st.integers(1, 70), st.integers(1, 70))
def test_a_path_to_its_own_leaf_is_led_on_to_any_later_checkpoint(leaf: int, size: int) -> None:
    index, size = sorted((leaf - 1, size))
    size = max(size, index + 1)
    log, tree = MerkleLog(), w.tick_with(RECORD.path.c)
    for n in range(70):
        log.append(tree.root if n == index else bytes([n]) * 32)
    own = msgspec.structs.replace(
        RECORD.path, leaf_index=index, size=index + 1, tick_path=log.inclusion(index, index + 1)
    )

    grown = grow_path(own, size, log.node)

    assert grown.tick_path == log.inclusion(index, size)
    verify_path(grown, size, log.root(size), Tick(w.TICK - index))


def test_a_path_of_the_right_length_to_another_size_is_not_led_on() -> None:
    index, log = 5, MerkleLog()
    for number in range(9):
        log.append(bytes([number]) * 32)
    own = msgspec.structs.replace(
        RECORD.path, leaf_index=index, size=index + 3, tick_path=log.inclusion(index, index + 1)
    )

    with pytest.raises(Untrusted, match="bad-path"):
        grow_path(own, 9, log.node)


def test_only_a_path_to_its_own_leaf_is_led_on() -> None:
    with pytest.raises(Untrusted, match="bad-path"):
        grow_path(RECORD.path, RECORD.path.size, MerkleLog().node)


def _verify(path: Path) -> None:
    verify_path(path, SAID.size, SAID.root, SAID.first_tick)


@given(st.binary(max_size=900))
def test_any_bytes_give_a_path_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        assert encode_path(decode_path(data)) == data


def test_another_spelling_of_the_same_path_is_refused() -> None:
    slot = BYTES.index(b"\xcd", 35) if RECORD.path.slot > 255 else 35
    longer = BYTES[:slot] + b"\xce\x00\x00" + BYTES[slot + 1 :]

    with pytest.raises(Malformed, match="not-canonical"):
        decode_path(longer)
