"""The vectors of trees, ticks, checkpoints, cosignatures and paths, as any implementation can run them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from quartet.core.faults import Fault
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import (
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    verify_slow_cosignature,
)
from quartet.core.proof.merkle import check_consistency, consistency_path, inclusion_path, leaf_hash, root_of
from quartet.core.proof.note import read_line
from quartet.core.proof.path import decode_path, verify_path
from quartet.core.proof.tick import TickTree, tick_root


def _cases(name: str) -> list[dict[str, Any]]:
    vectors = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    cases: list[dict[str, Any]] = vectors["cases"]
    return cases


def _named(name: str) -> pytest.MarkDecorator:
    cases = _cases(name)
    return pytest.mark.parametrize("case", cases, ids=[f"{c.get('alg', '')} {c['name']}".strip() for c in cases])


@pytest.mark.parametrize("case", _cases("merkle"), ids=lambda c: f"{c['size']} leaves")
def test_a_tree_has_the_root_and_the_proofs_of_the_vector(case: dict[str, Any]) -> None:
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in case["leaves"]]
    size, root = case["size"], bytes.fromhex(case["root"])

    assert root_of(hashes) == root
    assert [[h.hex() for h in inclusion_path(hashes, i)] for i in range(size)] == case["inclusion"]
    assert [[h.hex() for h in consistency_path(hashes, m)] for m in range(1, size + 1)] == case["consistency"]
    for old, path in enumerate(case["consistency"], 1):
        check_consistency(old, root_of(hashes[:old]), size, root, [bytes.fromhex(h) for h in path])


@pytest.mark.parametrize("case", _cases("tick"), ids=lambda c: f"{c['commitments']} in {c['tick']}")
def test_a_tick_has_the_root_slots_and_paths_of_the_vector(case: dict[str, Any]) -> None:
    cs = [hashlib.sha256(i.to_bytes(8, "big")).digest() for i in range(case["commitments"])]
    tree = TickTree(bytes.fromhex(case["secret"]), case["tick"], cs)

    assert tree.root.hex() == case["root"]
    assert [tree.slot_of(c) for c in cs] == case["slots"]
    for shown in case["paths"]:
        c, path = bytes.fromhex(shown["c"]), [bytes.fromhex(h) for h in shown["path"]]
        assert tree.path(c) == path
        assert tick_root(c, shown["slot"], path) == tree.root


@_named("checkpoint")
def test_a_checkpoint_is_accepted_or_refused_as_the_vector_says(case: dict[str, Any]) -> None:
    key = PublicKey(bytes.fromhex(case["log_key"]))

    if case["reason"] is None:
        said = verify_checkpoint(case["note"], case["origin"], key)
        assert (said.size, said.root.hex(), said.first_tick) == (case["size"], case["root"], case["first_tick"])
    else:
        with pytest.raises(Fault) as refused:
            verify_checkpoint(case["note"], case["origin"], key)
        assert refused.value.reason == case["reason"]


@_named("cosignature")
def test_a_cosignature_is_accepted_or_refused_as_the_vector_says(case: dict[str, Any]) -> None:
    if case["reason"] is None:
        assert _cosigned_at(case) == case["time"]
    else:
        with pytest.raises(Fault) as refused:
            _cosigned_at(case)
        assert refused.value.reason == case["reason"]


@_named("path")
def test_a_path_is_accepted_or_refused_as_the_vector_says(case: dict[str, Any]) -> None:
    data, at = bytes.fromhex(case["path"]), (case["at_size"], bytes.fromhex(case["root"]), case["first_tick"])

    if case["reason"] is None:
        path = decode_path(data)
        verify_path(path, *at)
        assert {k: getattr(path, k) for k in ("c", "slot", "tick", "leaf_index", "size")}.items() <= case.items()
    else:
        with pytest.raises(Fault) as refused:
            verify_path(decode_path(data), *at)
        assert refused.value.reason == case["reason"]


def _cosigned_at(case: dict[str, Any]) -> int:
    said, line = read_checkpoint(case["checkpoint"]), read_line(case["line"].rstrip("\n"))
    key = bytes.fromhex(case["key"])
    if case["alg"] == "Ed25519":
        return verify_cosignature(said, line, case["witness"], PublicKey(key))
    return verify_slow_cosignature(said, line, case["witness"], key)
