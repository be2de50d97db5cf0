"""Pieces of a member that means harm, or that says the same once more: little work, little memory, and nothing lost."""

import tracemalloc

import pytest

from quartet.core.faults import Malformed
from quartet.core.packing import write_packed
from quartet.core.parcel import Content, open_content
from quartet.core.piece import MAX_SPANS, MAX_WHOLES, Joining, Piece, Whole, cut, whole_of


def whole(n: int, size: int) -> Whole:
    return whole_of([open_content("receipts", n.to_bytes(2, "big") * (size // 2))])


def all_of(one: Whole) -> list[Content]:
    half = len(one.raw) // 2
    return [cut(one, 0, half), cut(one, half, len(one.raw))]


def test_what_is_sent_once_more_after_it_came_whole_comes_whole_again() -> None:
    joining, item = Joining(), whole(1, 20_000)
    first, held = joining.join(all_of(item))
    joining.done(first)

    again, once_more = joining.join(all_of(item))

    assert (first, held) == (again, once_more) == ([item.id], (open_content("receipts", b"\0\1" * 10_000),))


def test_a_whole_is_read_once_however_many_of_its_pieces_a_parcel_brings() -> None:
    joining, item = Joining(), whole(1, 200_000)
    pieces = [*all_of(item), *(cut(item, n, n + 1) for n in range(2_000))]

    tracemalloc.start()
    wholes, held = joining.join(pieces)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (wholes, len(held)) == ([item.id], 1)
    assert most < 10 * len(item.raw)


def test_a_whole_that_is_cut_to_dust_is_given_up() -> None:
    joining, item = Joining(), whole(1, 20_000)
    dust = [cut(item, n, n + 1) for n in range(0, 2 * MAX_SPANS + 2, 2)]

    joining.join(dust[:-1])
    with pytest.raises(Malformed, match="too-many-pieces"):
        joining.join(dust[-1:])

    assert joining.join(all_of(item))[0] == [item.id]


def test_late_pieces_of_what_came_whole_push_out_nothing_that_is_on_its_way() -> None:
    joining, slow = Joining(), whole(99, 20_000)
    joining.join(all_of(slow)[:1])
    for n in range(3 * MAX_WHOLES):
        quick = whole(n, 1_000)
        joining.done(joining.join(all_of(quick))[0])
        joining.join(all_of(quick)[:1])

    assert joining.join(all_of(slow)[1:])[0] == [slow.id]


def test_pieces_that_make_another_whole_than_they_name_are_refused_and_forgotten() -> None:
    joining, item = Joining(), whole(1, 1_000)
    false = Piece(item.id, len(item.raw), 0, bytes(len(item.raw)))

    with pytest.raises(Malformed, match="other-whole"):
        joining.join([open_content("piece", write_packed(false))])

    assert joining.join(all_of(item))[0] == [item.id]
