"""The edges at which a proof stops being one."""

import proof_world as w
import pytest
from msgspec import structs

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, Tick
from quartet.core.keys import SecretKey
from quartet.core.manifest import Revocation
from quartet.core.proof.checkpoint import MAX_TIME, cosign, make_checkpoint, read_checkpoint, verify_cosignature
from quartet.core.proof.export import verify_proof
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.merkle import check_consistency, leaf_hash, root_from_path
from quartet.core.proof.note import read_note
from quartet.core.proof.path import decode_path, encode_path
from quartet.core.proof.tick import DEPTH, tick_root


def test_the_leaf_after_the_last_is_in_no_tree() -> None:
    leaf = leaf_hash(b"only")

    assert root_from_path(leaf, 0, 1, []) == leaf
    for index in (1, -1):
        with pytest.raises(Untrusted, match="bad-path"):
            root_from_path(leaf, index, 1, [])


def test_a_log_is_not_longer_than_its_root_says() -> None:
    log = MerkleLog(leaf_hash(bytes([n])) for n in range(4))
    path = log.consistency(2, 4)

    check_consistency(2, log.root(2), 4, log.root(), path)
    with pytest.raises(Untrusted, match="not-consistent"):
        check_consistency(2, log.root(2), 8, log.root(), path)


def test_a_slot_path_is_as_deep_as_the_tree_and_no_slot_lies_outside() -> None:
    c, hashes = bytes(32), [bytes(32)] * DEPTH

    assert len(tick_root(c, (1 << DEPTH) - 1, hashes)) == 32
    for slot, path in ((0, hashes[:-1]), (0, [*hashes, bytes(32)]), (1 << DEPTH, hashes), (-1, hashes)):
        with pytest.raises(Untrusted, match="bad-slot-path"):
            tick_root(c, slot, path)


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_path_from_beyond_the_end_is_malformed(beyond: int) -> None:
    path = w.on_record().path
    wrong = structs.replace(path, leaf_index=path.size + beyond)

    with pytest.raises(Malformed, match="bad-path"):
        decode_path(encode_path(wrong))


def test_a_key_revoked_from_the_tick_of_the_quorum_time_counts_no_more() -> None:
    record, quorum = w.on_record(), w.TICK + 3

    def revoked(tick: int) -> bytes:
        revocation = Revocation(key_id=w.key("north", "item").id, from_tick=Tick(tick))
        own = w.manifest(record.state, w.NORTH, (revocation,))
        return record.but(manifests=(record.manifests[0], own, *record.manifests[2:])).proof()

    assert verify_proof(revoked(quorum + 1), w.charter()).on_record == quorum * SECOND
    with pytest.raises(Untrusted, match="key-revoked"):
        verify_proof(revoked(quorum), w.charter())


def test_a_cosignature_has_no_date_that_microseconds_cannot_count() -> None:
    key = SecretKey(bytes(32))
    said = read_checkpoint(read_note(make_checkpoint("log", 1, bytes(32), Tick(1), key)).text)

    assert verify_cosignature(said, cosign(said, "w", MAX_TIME, key), "w", key.public) * SECOND < 2**53
    with pytest.raises(Malformed, match="bad-cosignature"):
        verify_cosignature(said, cosign(said, "w", MAX_TIME + 1, key), "w", key.public)
