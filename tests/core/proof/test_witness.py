"""What a witness may cosign, and how a log that says two things is convicted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.encoding import b64, decode, encode
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Micros, Tick
from quartet.core.keys import SecretKey
from quartet.core.proof.checkpoint import Checkpoint, make_checkpoint, verify_checkpoint
from quartet.core.proof.evidence import (
    MAX_EVIDENCE,
    Evidence,
    decode_evidence,
    encode_evidence,
    make_evidence,
    verify_evidence,
)
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.quorum import quorum, quorum_time
from quartet.core.proof.witness import Behind, Contradiction, Followed, WitnessState, follow, split_leaves

LOG = SecretKey(b"l" * 32)
ORIGIN = "quartet/" + "A" * 43 + "/north/1"
LEAVES = [bytes([n]) * 32 for n in range(20)]
FORK = [*LEAVES[:4], *(bytes([100 + n]) * 32 for n in range(16))]


def _tree(leaves: list[bytes]) -> MerkleLog:
    log = MerkleLog()
    for leaf in leaves:
        log.append(leaf)
    return log


def _note(leaves: list[bytes], origin: str = ORIGIN, key: SecretKey = LOG, first: int = 1_800_000_000) -> str:
    return make_checkpoint(origin, len(leaves), _tree(leaves).root(), Tick(first), key)


def _said(leaves: list[bytes]) -> Checkpoint:
    return verify_checkpoint(_note(leaves), ORIGIN, LOG.public)


def _seen(size: int) -> WitnessState:
    found = follow(WitnessState(ORIGIN), 0, LEAVES[:size], _said(LEAVES[:size]))
    assert isinstance(found, Followed)
    return found.state


@given(st.integers(0, 19), st.integers(1, 20), st.integers(0, 19))
def test_a_log_that_goes_on_is_cosigned_wherever_the_leaves_begin(seen: int, size: int, first: int) -> None:
    seen = min(seen, size)
    first = min(first, seen)

    found = follow(_seen(seen), first, LEAVES[first:size], _said(LEAVES[:size]))

    assert isinstance(found, Followed)
    assert found.cosign == _said(LEAVES[:size])
    assert found.state == _seen(size)


@given(st.integers(0, 4), st.integers(5, 20))
def test_missing_leaves_are_asked_for_and_nothing_is_cosigned(seen: int, size: int) -> None:
    gap = follow(_seen(seen), seen + 1, LEAVES[seen + 1 : size], _said(LEAVES[:size]))
    short = follow(_seen(seen), seen, LEAVES[seen : size - 1], _said(LEAVES[:size]))

    assert isinstance(gap, Behind)
    assert isinstance(short, Behind)
    assert (gap.state.size, short.state.size) == (seen, size - 1)


@given(st.integers(5, 20), st.integers(5, 20))
def test_a_fork_is_never_cosigned(seen: int, size: int) -> None:
    found = follow(_seen(seen), 4, FORK[4:size], _said(FORK[:size]))

    assert isinstance(found, Contradiction | Behind) or (isinstance(found, Followed) and found.cosign is None)


def test_a_smaller_checkpoint_is_never_cosigned() -> None:
    found = follow(_seen(9), 9, [], _said(LEAVES[:5]))

    assert isinstance(found, Followed)
    assert found.cosign is None


@given(st.integers(5, 20), st.integers(5, 20))
def test_a_fork_of_any_two_sizes_is_proven_to_a_third_party(one: int, other: int) -> None:
    larger = _tree(LEAVES[:one]) if one >= other else _tree(FORK[:other])
    evidence = make_evidence(_note(LEAVES[:one]), _note(FORK[:other]), larger)

    assert evidence is not None
    assert verify_evidence(encode_evidence(evidence), LOG.public) == evidence
    with pytest.raises(Untrusted, match="signature-missing"):
        verify_evidence(encode_evidence(evidence), SecretKey(b"x" * 32).public)


@given(st.integers(0, 20), st.integers(0, 20))
def test_an_honest_log_is_never_convicted(one: int, other: int) -> None:
    larger = _tree(LEAVES[: max(one, other)])

    assert make_evidence(_note(LEAVES[:one]), _note(LEAVES[:other]), larger) is None


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_no_forged_proof_convicts_an_honest_log(one: int, other: int, data: st.DataObject) -> None:
    small, large = sorted((one, other))
    hashes = st.binary(min_size=32, max_size=32).map(b64)
    real = [b64(h) for h in _tree(LEAVES[:large]).consistency(small)]
    root = data.draw(st.none() | hashes | st.just(b64(_tree(LEAVES[:small]).root())))
    path = tuple(data.draw(st.just(real) | st.lists(hashes, max_size=6)))
    forged = Evidence(ORIGIN, _note(LEAVES[:small]), _note(LEAVES[:large]), root, path)

    with pytest.raises(Untrusted):
        verify_evidence(encode_evidence(forged), LOG.public)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_log_that_began_at_two_ticks_is_proven_to_a_third_party(one: int, other: int) -> None:
    evidence = make_evidence(_note(LEAVES[:one]), _note(LEAVES[:other], first=1_800_000_001))

    assert evidence is not None
    assert verify_evidence(encode_evidence(evidence), LOG.public) == evidence


@given(st.integers(1, 20), st.integers(1, 20))
def test_a_log_that_says_another_first_tick_than_before_is_never_cosigned(seen: int, size: int) -> None:
    seen, size = sorted((seen, size))
    later = verify_checkpoint(_note(LEAVES[:size], first=1_800_000_001), ORIGIN, LOG.public)

    assert isinstance(follow(_seen(seen), seen, LEAVES[seen:size], later), Contradiction)


def test_two_incarnations_do_not_contradict_each_other() -> None:
    assert make_evidence(_note(LEAVES[:5]), _note(FORK[:5], ORIGIN[:-1] + "2")) is None


def test_a_fork_across_sizes_needs_the_larger_tree() -> None:
    small, large = _note(LEAVES[:6]), _note(FORK[:9])

    assert make_evidence(small, large) is None
    assert make_evidence(small, large, _tree(LEAVES[:9])) is None
    assert make_evidence(small, large, _tree(FORK[:8])) is None
    assert make_evidence(small, large, _tree(FORK[:20])) is not None


@given(st.data())
def test_a_changed_byte_in_evidence_fails(data: st.DataObject) -> None:
    evidence = make_evidence(_note(LEAVES[:6]), _note(FORK[:9]), _tree(FORK[:9]))
    assert evidence is not None
    good = encode_evidence(evidence)
    at = data.draw(st.integers(0, len(good) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda b: b != good[at]))

    with pytest.raises((Malformed, Untrusted)):
        verify_evidence(good[:at] + bytes([to]) + good[at + 1 :], LOG.public)


@given(st.binary(max_size=300))
def test_any_bytes_give_evidence_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        decode_evidence(data)


def test_evidence_has_one_spelling() -> None:
    evidence = make_evidence(_note(LEAVES[:5]), _note(FORK[:5]))

    assert decode(encode(evidence), Evidence, MAX_EVIDENCE) == evidence


@given(st.binary(max_size=100))
def test_leaves_in_a_row_are_whole_or_malformed(raw: bytes) -> None:
    with suppress(Malformed):
        assert b"".join(split_leaves(raw)) == raw


def test_quorums_are_those_of_the_page() -> None:
    assert [quorum(n) for n in range(1, 8)] == [1, 2, 2, 3, 3, 4, 4]


@given(st.lists(st.integers(0, 10**15).map(Micros), max_size=9), st.integers(1, 9))
def test_the_quorum_time_is_when_enough_had_cosigned(dates: list[Micros], witnesses: int) -> None:
    found = quorum_time(dates, witnesses)

    if found is None:
        assert len(dates) < quorum(witnesses)
    else:
        assert sum(at <= found for at in dates) >= quorum(witnesses) > sum(at < found for at in dates)


@given(st.integers(1, 40))
def test_two_quorums_share_a_witness(witnesses: int) -> None:
    assert 2 * quorum(witnesses) > witnesses


def test_no_witness_makes_no_record() -> None:
    assert quorum_time([Micros(1)], 0) is None
