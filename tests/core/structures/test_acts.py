"""How a charter is founded and changed, and by whom."""

import msgspec
import pytest
from four import (
    EAST,
    FOUR,
    NO_CHANGE,
    NOON,
    NORTH,
    SOUTH,
    WEST,
    act,
    charter,
    described,
    founded,
    key,
    right_act,
    roots,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.charter import Act, CharterState, exchange_id, found, sign_act, sign_charter
from quartet.core.encoding import digest64, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.core.signed import add_signature, decode_signed_bytes

SIZES = range(2, 9)


def exchange_of(size: int) -> CharterState:
    """Return an exchange of some size, its members named by letters."""
    members = tuple(described(letter * 3) for letter in "abcdefgh"[:size])
    names = [m.id for m in members]
    made = charter(members=members, hubs=(), circles=(), chair_rota=())
    return found(sign_charter(made, roots(*names)))


def carried(state: CharterState, made: Act, signers: list[MemberId]) -> bool:
    """Return whether these signatures carry an act."""
    try:
        state.apply(sign_act(made, roots(*signers)))
    except Untrusted as error:
        if error.reason != "act-not-carried":
            raise
        return False
    return True


def test_the_exchange_id_is_the_hash_of_the_charter_without_signatures() -> None:
    raw = encode(charter())

    assert founded().exchange == exchange_id(raw) == digest64("quartet/exchange/v1", raw)
    assert founded().head == founded().exchange


def test_one_byte_of_the_charter_makes_another_exchange() -> None:
    other = found(sign_charter(charter(name="Exercise Five"), roots()))

    assert other.exchange != founded().exchange


def test_acts_follow_each_other_by_hash() -> None:
    first = founded().apply(right_act())
    second = first.apply(sign_act(act(first, "suspend", subject=WEST), roots(NORTH, EAST, SOUTH)))

    assert first.head == digest64("quartet/act/v1", decode_signed_bytes(right_act()).raw)
    assert (founded().epoch, first.epoch, second.epoch) == (0, 1, 2)
    assert second.membership.epoch == 2
    with pytest.raises(Untrusted, match="act-not-next"):
        second.apply(right_act())


def test_up_to_four_members_an_act_needs_all_but_its_subject() -> None:
    out_west = act(founded(), "suspend", subject=WEST)

    assert carried(founded(), out_west, [NORTH, EAST, SOUTH])
    assert not carried(founded(), out_west, [NORTH, EAST])


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=25, deadline=None)
@given(draw=st.data())
def test_the_votes_that_an_act_needs(size: int, draw: st.DataObject) -> None:
    state = exchange_of(size)
    subject, *others = state.members
    made = act(state, "set", changes=msgspec.structs.replace(NO_CHANGE, purposes=("search",)))
    if size > 2:
        made = act(state, "suspend", subject=subject)
    voters = others if size > 2 else [subject, *others]
    signers = draw.draw(st.lists(st.sampled_from(voters), min_size=1, unique=True))

    enough = len(signers) == len(voters) if size <= 4 else 3 * len(signers) > 2 * len(voters)

    assert carried(state, made, signers) == enough


def test_a_member_leaves_by_its_own_signature_alone() -> None:
    state = founded().apply(sign_act(act(founded(), "withdraw", subject=WEST), roots(WEST)))

    assert state.membership.left(WEST, NOON)
    assert state.membership.members(NOON) == (EAST, NORTH, SOUTH)


def test_of_two_members_neither_suspends_the_other_and_each_may_leave() -> None:
    two = exchange_of(2)
    one, other = two.members

    with pytest.raises(Untrusted, match="two-can-only-part"):
        two.apply(sign_act(act(two, "suspend", subject=other), roots(one)))
    assert two.apply(sign_act(act(two, "withdraw", subject=one), roots(one))).membership.left(one, NOON)


def test_when_all_have_left_nobody_can_act() -> None:
    state = exchange_of(2)
    one, other = state.members
    for member in (one, other):
        state = state.apply(sign_act(act(state, "withdraw", subject=member), roots(member)))
    back = act(state, "admit", subject=one, admitted=described(one))

    with pytest.raises(Untrusted, match="act-not-carried"):
        state.apply(sign_act(back, roots(one)))


def test_a_withdrawal_dated_far_ahead_does_not_stop_the_others() -> None:
    far = act(founded(), "withdraw", at=2**52, subject=WEST)
    state = founded().apply(sign_act(far, roots(WEST)))

    state = state.apply(sign_act(act(state, "suspend", subject=WEST), roots(NORTH, EAST, SOUTH)))

    assert state.membership.state(WEST, NOON) == "suspended"


def test_a_suspended_member_comes_back_when_the_others_agree() -> None:
    out = sign_act(act(founded(), "suspend", subject=WEST), roots(NORTH, EAST, SOUTH))
    suspended = founded().apply(out)

    back = suspended.apply(sign_act(act(suspended, "reinstate", at=NOON + 9, subject=WEST), roots(NORTH, EAST, SOUTH)))

    assert not suspended.membership.active(WEST, NOON)
    assert back.membership.standing(WEST, NOON, NOON) is False
    assert back.membership.active(WEST, Micros(NOON + 9))


def test_a_hub_of_a_member_that_is_out_leaves_the_list() -> None:
    state = founded().apply(sign_act(act(founded(), "suspend", subject=NORTH), roots(SOUTH, EAST, WEST)))

    assert founded().hubs
    assert state.hubs == ()


def test_a_newcomer_is_admitted_by_all_and_may_sign_too() -> None:
    newcomer = described("centre")
    made = act(founded(), "admit", subject=newcomer.id, admitted=newcomer)

    state = founded().apply(sign_act(made, [*roots(), key("centre", "root")]))

    assert state.root_key(newcomer.id) == key("centre", "root").public
    assert state.membership.active(newcomer.id, NOON)


def test_signatures_are_gathered_one_by_one() -> None:
    made = act(founded(), "suspend", subject=WEST)
    travelling = sign_act(made, roots(NORTH))

    assert founded().missing_signatures(travelling) == (EAST, SOUTH)
    for member in (EAST, SOUTH, SOUTH):
        travelling = add_signature("act", travelling, key(member, "root"))

    assert founded().missing_signatures(travelling) == ()
    assert founded().apply(travelling).epoch == 1


def test_terms_change_and_what_was_founded_stays() -> None:
    state = founded().apply(right_act())

    assert state.charter == founded().charter
    assert state.terms.purposes == ("exercise", "search")
    assert state.membership.purposes == frozenset({"exercise", "search"})
    assert sorted(state.members) == sorted(FOUR)
