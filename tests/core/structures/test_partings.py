"""Two halves of a charter: what proves that it parted, and who signed both."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec
import pytest
from four import EAST, FOUR, NO_CHANGE, NORTH, SOUTH, WEST, act, charter, founded, right_act, roots
from hypothesis import given, settings
from hypothesis import strategies as st
from test_acts import exchange_of

from quartet.core.charter import CharterState, sign_act, sign_charter
from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import MemberId
from quartet.core.parting import encode_parting, parting, verify_parting
from quartet.core.signed import add_signature

CHARTER = founded().founding


def without(state: CharterState, subject: MemberId, *not_by: MemberId) -> bytes:
    """Return an act that suspends a member, signed by the others but those named."""
    signers = [m for m in FOUR if m not in (subject, *not_by)]
    return sign_act(act(state, "suspend", subject=subject), roots(*signers))


def two_halves() -> tuple[CharterState, CharterState]:
    """Return two charters that share one act and part at the second."""
    shared = founded().apply(right_act())
    return shared.apply(without(shared, WEST)), shared.apply(without(shared, EAST))


def test_each_half_finds_by_the_others_act_where_they_part_and_both_keep_the_same_proof() -> None:
    one, other = two_halves()

    proofs = [parting(one, other.acts[-1]), parting(other, one.acts[-1])]

    assert proofs[0] is not None
    assert proofs[0] == proofs[1]
    found = verify_parting(encode_parting(proofs[0]), CHARTER)
    assert (found.epoch, found.both) == (2, (NORTH, SOUTH))
    assert {found.first.payload.subject, found.second.payload.subject} == {EAST, WEST}


def test_a_half_that_went_on_is_found_by_its_first_act_alone() -> None:
    one, other = two_halves()
    further = one.apply(sign_act(act(one, "reinstate", subject=WEST), roots(NORTH, EAST, SOUTH)))

    assert parting(other, further.acts[-1]) is None
    assert parting(further, other.acts[-1]) is not None


def test_who_could_not_gather_the_signatures_parts_nothing() -> None:
    one, _ = two_halves()
    shared = founded().apply(right_act())

    for lacking in (NORTH, SOUTH, WEST):
        with pytest.raises(Untrusted, match="act-not-carried"):
            parting(one, without(shared, EAST, lacking))


def test_the_same_act_with_one_signature_more_is_no_other() -> None:
    shared = founded().apply(right_act())
    bare = without(shared, WEST)
    more = add_signature("act", bare, roots(WEST)[0])

    assert more != bare
    assert parting(shared.apply(bare), more) is None


def test_two_withdrawals_that_cross_are_found_and_nobody_signed_both() -> None:
    gone = {m: sign_act(act(founded(), "withdraw", subject=m), roots(m)) for m in (NORTH, EAST)}

    made = parting(founded().apply(gone[NORTH]), gone[EAST])

    assert made is not None
    assert verify_parting(encode_parting(made), CHARTER).both == ()


@pytest.mark.parametrize("size", range(3, 9))
@settings(max_examples=20, deadline=None)
@given(draw=st.data())
def test_two_acts_that_need_most_of_the_members_part_only_by_somebody_who_signed_both(
    size: int, draw: st.DataObject
) -> None:
    state = exchange_of(size)

    def carried() -> bytes:
        subject: MemberId | None = draw.draw(st.sampled_from([None, *state.members]))
        others = [m for m in state.members if m != subject]
        least = len(others) if size <= 4 else len(others) * 2 // 3 + 1
        signers: Sequence[MemberId] = draw.draw(st.permutations(others))[:least]
        changes = msgspec.structs.replace(NO_CHANGE, purposes=("search",))
        made = act(state, "set", changes=changes) if subject is None else act(state, "suspend", subject=subject)
        return sign_act(made, roots(*signers))

    one, other = carried(), carried()

    made = parting(state.apply(one), other)

    assert made is None or verify_parting(encode_parting(made), state.founding).both


@settings(deadline=None)
@given(st.data())
def test_a_changed_byte_in_the_proof_of_a_parting_fails(data: st.DataObject) -> None:
    one, other = two_halves()
    made = parting(one, other.acts[-1])
    assert made is not None
    good = encode_parting(made)
    at = data.draw(st.integers(0, len(good) - 1))
    to = data.draw(st.integers(0, 255).filter(lambda b: b != good[at]))

    with pytest.raises(Fault):
        verify_parting(good[:at] + bytes([to]) + good[at + 1 :], CHARTER)


def test_one_act_shown_twice_and_a_strangers_charter_prove_nothing() -> None:
    one, other = two_halves()
    made = parting(one, other.acts[-1])
    assert made is not None
    twice = msgspec.structs.replace(made, second=made.first)

    with pytest.raises(Untrusted, match="no-contradiction"):
        verify_parting(encode_parting(twice), CHARTER)
    stranger = sign_charter(msgspec.structs.replace(charter(), name="Another"), roots())
    with pytest.raises(Untrusted):
        verify_parting(encode_parting(made), stranger)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_parting_or_a_fault(data: bytes) -> None:
    with suppress(Fault):
        verify_parting(data, CHARTER)
