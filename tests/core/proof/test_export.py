"""A proof in a stranger's hands: each way it can be wrong has its own word."""

from collections.abc import Callable
from contextlib import suppress

import msgspec
import proof_world as w
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.charter import CharterState, found
from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, MemberId, Tick
from quartet.core.keys import ML_DSA_44, key_id
from quartet.core.manifest import Revocation
from quartet.core.proof.checkpoint import make_checkpoint
from quartet.core.proof.export import decode_proof, verify_proof
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import SignatureLine
from quartet.core.signed import decode_signed_bytes, sign_all

RECORD = w.on_record()
CHARTER = w.charter()
PROOF = RECORD.proof()
FIRST = w.TICK - RECORD.path.leaf_index
HOURLY = w.by_the_hour(RECORD)


def test_a_proof_holds_with_nothing_but_the_charter() -> None:
    report = verify_proof(PROOF, CHARTER)

    assert (report.author, report.kind, report.cosigners) == ("north", "report", ("east", "south", "west"))
    assert report.on_record == (w.TICK + 3) * SECOND
    assert [step.split(".")[0] for step in report.steps] == [str(n) for n in range(1, 11)]


def test_an_officers_assertion_is_part_of_the_proof() -> None:
    record = w.on_record("recall")

    assert verify_proof(record.proof(), CHARTER).kind == "recall"
    with pytest.raises(Untrusted, match="unknown-officer"):
        verify_proof(record.but(officers=()).proof(), CHARTER)


def test_a_proof_holds_after_an_act() -> None:
    state = found(CHARTER)
    later = state.apply(w.act(state, "suspend", w.WEST, (w.TICK - 10) * SECOND))
    record = w.on_record(state=later)
    two = record.cosignatures[:2]

    report = verify_proof(record.but(cosignatures=two).proof(), CHARTER)

    assert (report.witnesses, report.on_record) == (2, (w.TICK + 3) * SECOND)


def _log_of_north(
    size: int, root: bytes, signer: str = "north", member: str = "north", incarnation: str = "1", first: int = FIRST
) -> str:
    origin = f"quartet/{RECORD.state.exchange}/{member}/{incarnation}"
    return make_checkpoint(origin, size, root, Tick(first), w.key(signer, "log"))


def _root() -> bytes:
    return MerkleLog().root()


def _revoked(use: str, member: MemberId, tick: int) -> tuple[bytes, ...]:
    gone = (Revocation(key_id=w.key(member, use).id, from_tick=tick),)
    return tuple(w.manifest(RECORD.state, m, gone if m == member else ()) for m in w.MEMBERS)


def _suspended() -> CharterState:
    state = found(CHARTER)
    return state.apply(w.act(state, "suspend", w.WEST, (w.TICK - 10) * SECOND))


WRONG: dict[str, Callable[[], w.Record]] = {
    "act-not-next": lambda: RECORD.but(
        state=msgspec.structs.replace(_suspended(), acts=_suspended().acts * 2),
    ),
    "signature-missing": lambda: RECORD.but(checkpoint=_log_of_north(5, _root(), signer="east")),
    "manifest-twice": lambda: RECORD.but(manifests=(*RECORD.manifests, RECORD.manifests[0])),
    "unknown-member": lambda: RECORD.but(manifests=RECORD.manifests[:1]),
    "control-missing": lambda: RECORD.but(control=None),
    "other-commitment": lambda: RECORD.but(path=msgspec.structs.replace(RECORD.path, c=b64(bytes(32)))),
    "other-size": lambda: RECORD.but(path=msgspec.structs.replace(RECORD.path, size=6)),
    "other-tick": lambda: RECORD.but(path=msgspec.structs.replace(RECORD.path, tick=w.TICK + 1)),
    "bad-path": lambda: RECORD.but(checkpoint=_log_of_north(5, bytes(32))),
    "other-log": lambda: RECORD.but(checkpoint=_log_of_north(5, bytes(32), member="east", signer="east")),
    "unknown-witness": lambda: RECORD.but(
        cosignatures=(w.cosigned(RECORD.checkpoint, w.EAST, w.TICK, w.key("east", "item")),)
    ),
    "cosigned-twice": lambda: RECORD.but(
        cosignatures=(*RECORD.cosignatures, w.cosigned(RECORD.checkpoint, w.EAST, w.TICK + 9))
    ),
    "witness-not-active": lambda: RECORD.but(state=_suspended()),
    "no-quorum": lambda: RECORD.but(cosignatures=RECORD.cosignatures[:1]),
    "key-revoked": lambda: RECORD.but(manifests=_revoked("item", w.NORTH, w.TICK)),
}


@pytest.mark.parametrize("reason", WRONG)
def test_each_way_to_be_wrong_has_its_own_word(reason: str) -> None:
    with pytest.raises(Untrusted) as refused:
        verify_proof(WRONG[reason]().proof(), CHARTER)

    assert refused.value.reason == reason


def test_the_readers_charter_decides() -> None:
    with pytest.raises(Untrusted, match="other-charter"):
        verify_proof(PROOF, w.charter("Another"))


def test_a_witness_does_not_cosign_its_own_log() -> None:
    own = w.cosigned(RECORD.checkpoint, w.NORTH, w.TICK)

    with pytest.raises(Untrusted, match="unknown-witness"):
        verify_proof(RECORD.but(cosignatures=(*RECORD.cosignatures, own)).proof(), CHARTER)


def test_none_of_three_is_no_quorum() -> None:
    with pytest.raises(Untrusted, match="no-quorum"):
        verify_proof(RECORD.but(cosignatures=()).proof(), CHARTER)


@pytest.mark.parametrize(("use", "member"), [("item", w.NORTH), ("log", w.NORTH), ("log", w.EAST)])
def test_a_revoked_key_counts_until_the_quorum_time_and_not_after(use: str, member: MemberId) -> None:
    later = RECORD.but(manifests=_revoked(use, member, w.TICK + 4)).proof()
    before = RECORD.but(manifests=_revoked(use, member, w.TICK)).proof()

    assert verify_proof(later, CHARTER).author == "north"
    with pytest.raises(Untrusted, match="key-revoked"):
        verify_proof(before, CHARTER)


def test_a_manifest_that_its_root_did_not_sign_is_refused() -> None:
    forged = sign_all("manifest", _raw(RECORD.manifests[1]), [w.key("east", "root")])

    with pytest.raises(Untrusted, match="signature-missing"):
        verify_proof(RECORD.but(manifests=(RECORD.manifests[0], forged)).proof(), CHARTER)


def test_an_incarnation_is_a_number() -> None:
    for incarnation in ("", "one", "1/2", "²"):
        note = _log_of_north(5, bytes(32), incarnation=incarnation)
        with pytest.raises(Untrusted, match="other-log"):
            verify_proof(RECORD.but(checkpoint=note).proof(), CHARTER)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_byte_anywhere_fails(data: st.DataObject) -> None:
    proof = data.draw(st.sampled_from((PROOF, HOURLY.proof())))
    at = data.draw(st.integers(0, len(proof) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda b: b != proof[at]))

    with pytest.raises((Malformed, Untrusted)):
        verify_proof(proof[:at] + bytes([to]) + proof[at + 1 :], CHARTER)


@given(st.binary(max_size=200) | st.integers(0, len(PROOF)).map(lambda n: PROOF[:n]))
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_proof_or_a_fault(data: bytes) -> None:
    with suppress(Malformed, Untrusted):
        decode_proof(data)
        verify_proof(data, CHARTER)


def _raw(travelling: bytes) -> bytes:
    return decode_signed_bytes(travelling).raw


def test_a_proof_shows_who_cosigned_by_the_hour() -> None:
    report = verify_proof(HOURLY.proof(), CHARTER)

    assert report.hourly == ("east", "south", "west")
    assert report.on_record == verify_proof(PROOF, CHARTER).on_record
    assert report.steps[-1].startswith("11. 3 of them")


def _hourly_line(witness: MemberId, signer: str | None = None) -> SignatureLine:
    assert HOURLY.hourly is not None
    return w.cosigned_by_the_hour(HOURLY.hourly.checkpoint, witness, w.TICK + 12, w.slow_key(signer or witness))


def _hourly(**changes: object) -> w.Record:
    assert HOURLY.hourly is not None
    return HOURLY.but(hourly=msgspec.structs.replace(HOURLY.hourly, **changes))


def _lines(*lines: SignatureLine) -> w.Record:
    return _hourly(cosignatures=tuple(line.text.rstrip("\n") for line in lines))


WRONG_BY_THE_HOUR: dict[str, Callable[[], w.Record]] = {
    "signature-missing": lambda: w.by_the_hour(RECORD, key=w.key("east", "log")),
    "other-log": lambda: w.by_the_hour(RECORD, origin=f"quartet/{RECORD.state.exchange}/north/2"),
    "other-size": lambda: _hourly(size=20),
    "other-tick": lambda: w.by_the_hour(RECORD, first_tick=Tick(FIRST + 1)),
    "bad-path": lambda: w.by_the_hour(RECORD, root=bytes(32)),
    "unknown-witness": lambda: _lines(_hourly_line(w.EAST, "south")),
    "cosigned-twice": lambda: _lines(_hourly_line(w.EAST), _hourly_line(w.EAST)),
    "witness-not-active": lambda: HOURLY.but(state=_suspended(), cosignatures=RECORD.cosignatures[:2]),
    "key-revoked": lambda: HOURLY.but(manifests=_revoked_by_the_hour(w.TICK + 12)),
}


def _revoked_by_the_hour(tick: int) -> tuple[bytes, ...]:
    key = key_id(ML_DSA_44, w.slow_key("west").public_key().public_bytes_raw())
    gone = (Revocation(key_id=key, from_tick=tick),)
    return tuple(w.manifest(RECORD.state, m, gone if m == w.WEST else ()) for m in w.MEMBERS)


@pytest.mark.parametrize("reason", WRONG_BY_THE_HOUR)
def test_each_way_to_be_wrong_by_the_hour_has_its_own_word(reason: str) -> None:
    with pytest.raises(Untrusted) as refused:
        verify_proof(WRONG_BY_THE_HOUR[reason]().proof(), CHARTER)

    assert refused.value.reason == reason


def test_an_ed25519_line_does_not_pass_for_an_hourly_one_nor_the_other_way_round() -> None:
    assert HOURLY.hourly is not None
    quick = w.cosigned(HOURLY.hourly.checkpoint, w.EAST, w.TICK + 12)
    slow = w.cosigned_by_the_hour(RECORD.checkpoint, w.EAST, w.TICK + 2)

    for wrong in (_lines(quick), RECORD.but(cosignatures=(slow, *RECORD.cosignatures[1:]))):
        with pytest.raises(Untrusted, match="unknown-witness"):
            verify_proof(wrong.proof(), CHARTER)


def test_a_key_revoked_after_the_hour_still_counts() -> None:
    assert "west" in verify_proof(HOURLY.but(manifests=_revoked_by_the_hour(w.TICK + 13)).proof(), CHARTER).hourly
