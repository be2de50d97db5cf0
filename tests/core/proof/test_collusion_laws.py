"""What members who collude can make a record say, and what they cannot, in exchanges of two to eight."""

import proof_world as w
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.charter import ActPayload, CharterMember, CharterState, found, propose
from quartet.core.encoding import b64, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, MemberId, Micros, Tick
from quartet.core.keys import PublicKey
from quartet.core.proof.checkpoint import cosign, make_checkpoint, read_checkpoint
from quartet.core.proof.evidence import cosigned_both, encode_evidence, make_evidence, verify_evidence
from quartet.core.proof.export import verify_proof
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import read_note, write_note
from quartet.core.proof.quorum import quorum, quorum_time
from quartet.core.signed import sign_all

DATES = st.integers(1, 10**6).map(Micros)
MEMBERS = st.integers(2, 8)
NAMES = ("east", "south", "west")
LEAVES = [bytes([n]) * 32 for n in range(12)]
FORK = [*LEAVES[:3], *(bytes([100 + n]) * 32 for n in range(9))]


@given(MEMBERS, st.data())
def test_fewer_witnesses_than_a_quorum_date_nothing_before_the_first_honest_one_did(
    n: int, data: st.DataObject
) -> None:
    needed = quorum(n - 1)
    false = data.draw(st.lists(DATES, max_size=needed - 1))
    honest = data.draw(st.lists(DATES, max_size=n - 1 - len(false)))

    found_ = quorum_time([*false, *honest], n - 1)

    assert found_ is None or (honest and found_ >= min(honest))


@given(MEMBERS, st.data())
def test_who_withholds_or_dates_late_delays_nothing_that_a_quorum_of_honest_ones_cosigned(
    n: int, data: st.DataObject
) -> None:
    needed = quorum(n - 1)
    honest = data.draw(st.lists(DATES, min_size=needed, max_size=n - 1))
    false = data.draw(st.lists(DATES, max_size=n - 1 - len(honest)))

    found_ = quorum_time([*false, *honest], n - 1)

    assert found_ is not None
    assert found_ <= sorted(honest)[needed - 1]


@pytest.mark.parametrize(("members", "honest"), [(2, 0), (3, 1), (4, 1), (5, 2), (6, 2), (7, 3), (8, 3)])
def test_so_many_honest_ones_must_cosign_what_an_author_forges_with_one_witness(members: int, honest: int) -> None:
    assert quorum(members - 1) - 1 == honest


def grown() -> CharterState:
    """Return the four's exchange after a fifth was admitted, ten seconds before north's item."""
    state, name = found(w.charter()), MemberId("coast")
    fifth = CharterMember(
        id=name, root_key=w.key(name, "root").public.text, nkey=w.nkey(name), tls_ca=b64(w.authority(name))
    )
    at = Micros((w.TICK - 10) * SECOND)
    payload = ActPayload(at=at, subject=name, reason="exercise", admitted=fifth, changes=None)
    made = propose(state, "admit", payload)
    return state.apply(sign_all("act", encode(made), [w.key(m, "root") for m in w.MEMBERS]))


def test_two_cosignatures_prove_nothing_where_three_are_needed_however_early_one_of_them_is_dated() -> None:
    record = w.on_record(state=grown())
    assert verify_proof(record.proof(), w.charter()).witnesses == 4
    two = record.but(cosignatures=record.cosignatures[:2])
    before = w.cosigned(record.checkpoint, w.EAST, w.TICK - 100)

    for forged in (two, two.but(cosignatures=(before, record.cosignatures[1]))):
        with pytest.raises(Untrusted, match="no-quorum"):
            verify_proof(forged.proof(), w.charter())


def note(leaves: list[bytes], by: dict[str, str]) -> str:
    """Return north's signed note of these leaves, with lines of witnesses, each by the key of whom it names."""
    log = MerkleLog()
    for leaf in leaves:
        log.append(leaf)
    bare = read_note(make_checkpoint("quartet/x/north/1", log.size, log.root(), Tick(1), w.key("north", "log")))
    said = read_checkpoint(bare.text)
    lines = [cosign(said, f"quartet/x/{name}", 7, w.key(signer, "log")) for name, signer in by.items()]
    return write_note(bare.text, [bare.signatures[0], *lines])


def key(name: str) -> PublicKey | None:
    member = name.removeprefix("quartet/x/")
    return w.key(member, "log").public if member in NAMES else None


def tree(leaves: list[bytes]) -> MerkleLog:
    log = MerkleLog()
    for leaf in leaves:
        log.append(leaf)
    return log


@given(
    st.integers(4, 12),
    st.integers(4, 12),
    st.dictionaries(st.sampled_from((*NAMES, "stranger")), st.sampled_from(("own", "west"))),
    st.dictionaries(st.sampled_from((*NAMES, "stranger")), st.sampled_from(("own", "west"))),
)
def test_who_cosigned_both_of_two_logs_is_convicted_and_nobody_whose_line_another_made(
    one: int, other: int, first: dict[str, str], second: dict[str, str]
) -> None:
    signed = [{n: n if how == "own" else how for n, how in by.items()} for by in (first, second)]
    larger = tree(LEAVES[:one]) if one >= other else tree(FORK[:other])

    evidence = make_evidence(note(LEAVES[:one], signed[0]), note(FORK[:other], signed[1]), larger)

    assert evidence is not None
    verify_evidence(encode_evidence(evidence), w.key("north", "log").public)
    both = [n for n in NAMES if all(by.get(n) == n for by in signed)]
    assert cosigned_both(evidence, key) == tuple(f"quartet/x/{n}" for n in both)
