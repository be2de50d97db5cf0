"""Trees: someone else's numbers first, then laws for every size up to 64."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed, Untrusted
from quartet.core.proof.log import TILE, MerkleLog, TiledLog
from quartet.core.proof.merkle import (
    EMPTY_ROOT,
    CompactRange,
    check_consistency,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_from_path,
    root_of,
)

# The eight leaves and their roots in the tests of the Certificate Transparency reference code.
CT_LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes([n])) for n in range(64)]


def test_known_roots_of_rfc_6962() -> None:
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES]

    assert [root_of(hashes[:n]).hex() for n in range(9)] == CT_ROOTS


def test_a_known_inclusion_path_of_rfc_6962() -> None:
    path = inclusion_path([leaf_hash(leaf) for leaf in CT_LEAVES], 5)

    assert [h.hex() for h in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_known_consistency_path_of_rfc_6962() -> None:
    path = consistency_path([leaf_hash(leaf) for leaf in CT_LEAVES], 6)

    assert [h.hex() for h in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_the_three_ways_to_keep_a_tree_agree_on_every_root_and_path_up_to_64() -> None:
    log, range_ = MerkleLog(), CompactRange()
    for size, leaf in enumerate(LEAVES, 1):
        log.append_hash(leaf)
        range_.append(leaf)

        assert log.root() == range_.root() == root_of(LEAVES[:size])
        assert [list(log.inclusion(i)) for i in range(size)] == [inclusion_path(LEAVES[:size], i) for i in range(size)]


def test_every_leaf_of_every_tree_up_to_64_is_proven() -> None:
    log = MerkleLog(LEAVES)
    for size in range(1, 65):
        for index in range(size):
            assert root_from_path(LEAVES[index], index, size, log.inclusion(index, size)) == log.root(size)


def test_every_growth_up_to_64_is_proven() -> None:
    log = MerkleLog(LEAVES)
    for size in range(1, 65):
        for old in range(1, size + 1):
            path = log.consistency(old, size)
            assert list(path) == consistency_path(LEAVES[:size], old)
            check_consistency(old, log.root(old), size, log.root(size), path)


def test_no_growth_from_another_beginning_is_proven() -> None:
    log = MerkleLog(LEAVES)
    for size in range(1, 65):
        for old in range(1, size + 1):
            with pytest.raises(Untrusted, match="not-consistent"):
                check_consistency(old, leaf_hash(b"another"), size, log.root(size), log.consistency(old, size))


@given(st.integers(1, 600), st.data())
def test_a_tiled_log_proves_what_a_whole_one_proves(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    joined = b"".join(hashes)
    whole = MerkleLog(hashes)
    tiled = TiledLog(lambda first, count: joined[32 * first : 32 * (first + count)], size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    assert tiled.root() == whole.root()
    assert tiled.inclusion(index) == whole.inclusion(index)
    assert tiled.consistency(old) == whole.consistency(old)
    assert tiled.root(old) == whole.root(old)


def test_a_tiled_log_goes_on_where_it_was_opened() -> None:
    kept = bytearray(b"".join(leaf_hash(n.to_bytes(4, "big")) for n in range(TILE - 2)))
    tiled = TiledLog(lambda first, count: bytes(kept[32 * first : 32 * (first + count)]), TILE - 2)
    for n in range(TILE - 2, TILE + 3):
        kept += leaf_hash(n.to_bytes(4, "big"))
        tiled.append(n.to_bytes(4, "big"))

    assert tiled.root() == MerkleLog(leaf_hash(n.to_bytes(4, "big")) for n in range(TILE + 3)).root()


@given(st.integers(2, 64), st.data())
def test_one_changed_bit_in_an_inclusion_path_leads_elsewhere(size: int, data: st.DataObject) -> None:
    log = MerkleLog(LEAVES)
    index = data.draw(st.integers(0, size - 1))
    path = list(log.inclusion(index, size))
    at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    path[at] = _flip(path[at], bit)

    assert root_from_path(LEAVES[index], index, size, path) != log.root(size)


@given(st.integers(2, 64), st.data())
def test_one_changed_bit_in_a_consistency_path_is_refused(size: int, data: st.DataObject) -> None:
    log = MerkleLog(LEAVES)
    old = data.draw(st.integers(1, size - 1))
    path = list(log.consistency(old, size))
    at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    path[at] = _flip(path[at], bit)

    with pytest.raises(Untrusted):
        check_consistency(old, log.root(old), size, log.root(size), path)


@given(st.integers(-2, 70), st.integers(-2, 70), st.lists(st.binary(min_size=0, max_size=33), max_size=9))
def test_any_inclusion_path_gives_a_root_or_is_refused(index: int, size: int, path: list[bytes]) -> None:
    with suppress(Untrusted):
        assert len(root_from_path(LEAVES[0], index, size, path)) == 32


@given(st.integers(-2, 70), st.integers(-2, 70), st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_any_consistency_path_between_other_roots_is_refused(old: int, size: int, path: list[bytes]) -> None:
    with pytest.raises(Untrusted, match="not-consistent"):
        check_consistency(old, leaf_hash(b"a"), size, leaf_hash(b"b"), path)


def test_a_path_that_is_too_short_or_too_long_is_refused() -> None:
    path = MerkleLog(LEAVES).inclusion(5)

    for wrong in (path[:-1], (*path, EMPTY_ROOT)):
        with pytest.raises(Untrusted, match="bad-path"):
            root_from_path(LEAVES[5], 5, 64, wrong)


def test_a_range_whose_peaks_do_not_fit_its_size_is_refused() -> None:
    with pytest.raises(Malformed, match="bad-peaks"):
        CompactRange(3, [EMPTY_ROOT])


def test_a_log_refuses_what_it_does_not_hold() -> None:
    log = MerkleLog(LEAVES[:5])

    for ask in (lambda: log.inclusion(5), lambda: log.root(6), lambda: log.consistency(3, 6), lambda: log.node(1, 2)):
        with pytest.raises(IndexError):
            ask()
    with pytest.raises(Malformed, match="bad-length"):
        log.append_hash(b"short")


def _flip(raw: bytes, bit: int) -> bytes:
    return bytes(b ^ (1 << bit % 8) if i == bit // 8 else b for i, b in enumerate(raw))
