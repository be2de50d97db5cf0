"""The tree of a tick: an independent reading of the page, and what must not show."""

import hashlib
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.encoding import digest
from quartet.core.faults import Malformed, Untrusted
from quartet.core.proof.tick import DEPTH, MAX_COMMITMENTS, TickTree, tick_root

SECRET = bytes(range(32))

commitments = st.lists(st.binary(min_size=32, max_size=32), max_size=40, unique=True)


@given(commitments, st.integers(0, 2**53 - 1))
@settings(max_examples=60)
def test_every_path_leads_to_the_root_from_a_slot_of_its_own(cs: list[bytes], tick: int) -> None:
    tree = TickTree(SECRET, tick, cs)

    assert len({tree.slot_of(c) for c in cs}) == len(cs)
    for c in cs:
        assert len(tree.path(c)) == DEPTH
        assert tick_root(c, tree.slot_of(c), tree.path(c)) == tree.root


@given(commitments)
@settings(max_examples=20, deadline=None)
def test_the_root_is_what_the_page_says_node_by_node(cs: list[bytes]) -> None:
    tree = TickTree(SECRET, 7, cs)
    taken = {tree.slot_of(c): c for c in cs}

    assert tree.root == _by_the_page(taken, 7, DEPTH, 0)
    assert [tree.slot_of(c) for c in cs] == _slots_by_the_page(7, len(cs))


@given(commitments.filter(bool), st.data())
@settings(max_examples=40)
def test_a_changed_bit_leads_elsewhere(cs: list[bytes], data: st.DataObject) -> None:
    tree = TickTree(SECRET, 7, cs)
    c = data.draw(st.sampled_from(cs))
    path, slot = tree.path(c), tree.slot_of(c)
    at, bit = data.draw(st.integers(0, DEPTH - 1)), data.draw(st.integers(0, 255))
    wrong = [h if i != at else _flip(h, bit) for i, h in enumerate(path)]

    assert tick_root(c, slot, wrong) != tree.root
    assert tick_root(_flip(c, bit), slot, path) != tree.root
    assert tick_root(c, slot ^ (1 << at), path) != tree.root


def test_an_empty_tick_is_one_filled_node() -> None:
    assert TickTree(SECRET, 7, []).root == digest("quartet/tick-fill/v1", SECRET, 7, DEPTH, 0)


def test_draws_count_on_past_taken_slots() -> None:
    cs = [n.to_bytes(32, "big") for n in range(2000)]
    tree = TickTree(SECRET, 7, cs)

    assert [tree.slot_of(c) for c in cs] == _slots_by_the_page(7, 2000)
    assert int.from_bytes(digest("quartet/tick-slot/v1", SECRET, 7, 1999)[:2], "big") != tree.slot_of(cs[1999])


def test_other_secrets_and_other_ticks_give_other_roots() -> None:
    c = bytes(32)

    assert len({TickTree(s, t, [c]).root for s in (SECRET, bytes(32)) for t in (7, 8)}) == 4


def test_what_cannot_be_a_tick_is_refused_by_name() -> None:
    for reason, secret, cs in (
        ("bad-secret", b"short", []),
        ("commitment-twice", SECRET, [bytes(32), bytes(32)]),
        ("tick-full", SECRET, [b""] * (MAX_COMMITMENTS + 1)),
    ):
        with pytest.raises(Malformed, match=reason):
            TickTree(secret, 7, cs)
    with pytest.raises(Malformed, match="not-in-tick"):
        TickTree(SECRET, 7, []).slot_of(bytes(32))


@given(st.binary(max_size=40), st.integers(-1, 1 << 17), st.lists(st.binary(max_size=33), max_size=18))
def test_any_slot_path_gives_a_root_or_is_refused(c: bytes, slot: int, path: list[bytes]) -> None:
    with suppress(Untrusted):
        assert len(tick_root(c, slot, path)) == 32


def test_a_full_second_is_built_in_a_fraction_of_it() -> None:
    cs = [n.to_bytes(32, "big") for n in range(3000)]
    began = time.process_time()

    TickTree(SECRET, 7, cs)

    assert time.process_time() - began < 0.3


def _by_the_page(taken: dict[int, bytes], tick: int, height: int, index: int) -> bytes:
    below = {s: c for s, c in taken.items() if s >> height == index}
    if not below:
        return digest("quartet/tick-fill/v1", SECRET, tick, height, index)
    if height == 0:
        return hashlib.sha256(b"\x00" + below[index]).digest()
    left = _by_the_page(below, tick, height - 1, 2 * index)
    return hashlib.sha256(b"\x01" + left + _by_the_page(below, tick, height - 1, 2 * index + 1)).digest()


def _slots_by_the_page(tick: int, count: int) -> list[int]:
    out: list[int] = []
    k = 0
    while len(out) < count:
        slot = int.from_bytes(digest("quartet/tick-slot/v1", SECRET, tick, k)[:2], "big")
        k += 1
        if slot not in set(out):
            out.append(slot)
    return out


def _flip(raw: bytes, bit: int) -> bytes:
    return bytes(b ^ (1 << bit % 8) if i == bit // 8 else b for i, b in enumerate(raw))
