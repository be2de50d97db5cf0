"""By which acts a witness is declared absent, and what that changes: who counts, and nothing else."""

from contextlib import suppress
from typing import Any

import pytest
from four import EAST, NOON, NORTH, SOUTH, WEST, act, charter, described, founded, key, roots
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.absence import MAX_ABSENCE
from quartet.core.charter import CharterState, found, sign_act, sign_charter
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.proof.counting import counted
from quartet.core.proof.quorum import quorum

HOUR = 3600 * SECOND
LETTERS = tuple(MemberId(letter * 3) for letter in "abcdefgh")


def of(size: int) -> CharterState:
    """Return an exchange of some size, its members named by letters."""
    made = charter(members=tuple(described(m) for m in LETTERS[:size]), hubs=(), circles=(), chair_rota=())
    return found(sign_charter(made, roots(*LETTERS[:size])))


def said(state: CharterState, kind: Any, subject: MemberId, at: int = NOON, **more: Any) -> CharterState:
    """Return the exchange after an act that all others signed."""
    ends = {"until": at + HOUR} if kind == "absent" else {}
    others = [m for m in state.membership.members(Micros(at)) if m != subject]
    signers = [subject] if kind == "withdraw" else others
    return state.apply(sign_act(act(state, kind, at, subject=subject, **ends | more), roots(*signers)))


def witnesses(state: CharterState, log: MemberId, at: int) -> tuple[MemberId, ...]:
    return counted(state.membership, log, Micros(at))


@pytest.mark.parametrize("size", range(3, 9))
@settings(max_examples=25, deadline=None)
@given(draw=st.data())
def test_an_absence_needs_all_others_however_many_there_are(size: int, draw: st.DataObject) -> None:
    state = of(size)
    subject, *others = state.members
    made = act(state, "absent", subject=subject, until=NOON + HOUR)
    signers = draw.draw(st.lists(st.sampled_from([subject, *others]), min_size=1, unique=True))

    if set(others) <= set(signers):
        assert state.apply(sign_act(made, roots(*signers))).epoch == 1
    else:
        with pytest.raises(Untrusted, match="act-not-carried"):
            state.apply(sign_act(made, roots(*signers)))


def test_from_its_date_up_to_its_end_the_others_are_counted_without_it() -> None:
    state = said(founded(), "absent", WEST)

    assert witnesses(state, NORTH, NOON - 1) == (EAST, SOUTH, WEST)
    assert witnesses(state, NORTH, NOON) == (EAST, SOUTH)
    assert witnesses(state, NORTH, NOON + HOUR - 1) == (EAST, SOUTH)
    assert witnesses(state, NORTH, NOON + HOUR) == (EAST, SOUTH, WEST)
    assert witnesses(state, WEST, NOON) == (EAST, NORTH, SOUTH), "its own log has all its witnesses"


def test_who_is_absent_is_a_member_as_before() -> None:
    state = said(founded(), "absent", WEST)

    assert state.membership.members(NOON) == founded().membership.members(NOON)
    assert state.membership.standing(WEST, Micros(0), NOON)
    assert state.membership.turns(NOON) == founded().membership.turns(NOON)
    assert state.hubs == founded().hubs
    assert WEST in state.missing_signatures(sign_act(act(state, "suspend", at=NOON + 1, subject=EAST), roots(NORTH)))
    assert state.epoch == state.membership.epoch == 1


def test_one_witness_at_a_time_is_absent_and_each_again_when_the_other_counts() -> None:
    state = said(founded(), "absent", WEST)

    with pytest.raises(Untrusted, match="one-at-a-time"):
        said(state, "absent", SOUTH, NOON + HOUR - 1)
    later = said(state, "absent", SOUTH, NOON + HOUR)

    assert witnesses(later, NORTH, NOON + HOUR) == (EAST, WEST)


@pytest.mark.parametrize("size", range(3, 9))
@settings(max_examples=30, deadline=None)
@given(draw=st.data())
def test_no_acts_ever_count_fewer_than_all_witnesses_but_one(size: int, draw: st.DataObject) -> None:
    state, at = of(size), int(NOON)
    for _ in range(draw.draw(st.integers(1, 5))):
        at += draw.draw(st.integers(0, HOUR))
        kind = draw.draw(st.sampled_from(["absent", "absent", "reinstate", "suspend"]))
        with suppress(Untrusted):
            state = said(state, kind, draw.draw(st.sampled_from(LETTERS[:size])), at)
        for log in state.membership.members(Micros(at)):
            there = len(state.membership.members(Micros(at))) - 1
            assert len(witnesses(state, log, at)) >= max(min(there, 1), there - 1)


def test_the_others_end_an_absence_before_its_time_and_who_is_not_absent_does_not_come_back() -> None:
    state = said(founded(), "absent", WEST)

    back = said(state, "reinstate", WEST, NOON + 60 * SECOND)

    assert witnesses(back, NORTH, NOON + 60 * SECOND - 1) == (EAST, SOUTH)
    assert witnesses(back, NORTH, NOON + 60 * SECOND) == (EAST, SOUTH, WEST)
    assert back.membership.standing(WEST, Micros(0), Micros(NOON + 60 * SECOND))
    for done in (back, founded()):
        with pytest.raises(Untrusted, match="act-out-of-turn"):
            said(done, "reinstate", WEST, NOON + 61 * SECOND)


def test_no_witness_says_alone_from_when_on_it_counts_again() -> None:
    state = said(founded(), "absent", WEST)

    with pytest.raises(Untrusted, match="act-not-carried"):
        state.apply(sign_act(act(state, "reinstate", NOON, subject=WEST), roots(WEST)))


def test_of_two_members_the_only_witness_is_not_declared_absent() -> None:
    with pytest.raises(Untrusted, match="two-can-only-part"):
        said(of(2), "absent", LETTERS[1])


@pytest.mark.parametrize("before", [("suspend",), ("withdraw",), ("suspend", "withdraw")], ids="-".join)
def test_who_is_no_active_member_is_not_declared_absent(before: tuple[str, ...]) -> None:
    state = founded()
    for kind in before:
        state = said(state, kind, WEST)

    with pytest.raises(Untrusted, match="act-out-of-turn"):
        said(state, "absent", WEST, NOON + 1)
    with pytest.raises(Untrusted, match="act-out-of-turn"):
        said(state, "absent", MemberId("stranger"), NOON + 1)


def test_an_absence_that_goes_on_is_declared_anew() -> None:
    state = said(said(founded(), "absent", WEST), "absent", WEST, NOON + HOUR // 2)

    assert witnesses(state, NORTH, NOON + HOUR) == (EAST, SOUTH)
    assert witnesses(said(state, "reinstate", WEST, NOON + HOUR), NORTH, NOON + HOUR) == (EAST, SOUTH, WEST)


def test_who_was_suspended_meanwhile_counts_when_it_is_reinstated_and_who_left_is_absent_no_more() -> None:
    state = said(said(founded(), "absent", WEST), "suspend", WEST, NOON + 10)

    assert witnesses(state, NORTH, NOON + 10) == (EAST, SOUTH)
    assert witnesses(said(state, "reinstate", WEST, NOON + 20), NORTH, NOON + 20) == (EAST, SOUTH, WEST)
    gone = said(said(founded(), "absent", WEST), "withdraw", WEST, NOON + 10)
    back = said(gone, "admit", WEST, NOON + 20, admitted=described(WEST))
    assert witnesses(back, NORTH, NOON + 20) == (EAST, SOUTH, WEST)


def test_where_the_only_other_one_leaves_the_absent_one_counts_again() -> None:
    state = said(of(3), "absent", LETTERS[2])

    left = said(state, "withdraw", LETTERS[1], NOON + 10)

    assert witnesses(state, LETTERS[0], NOON + 10) == (LETTERS[1],)
    assert witnesses(left, LETTERS[0], NOON + 10) == (LETTERS[2],)


def test_an_absence_has_an_end_within_seven_days_and_nothing_else_has_one() -> None:
    for until in (NOON, NOON - 1, NOON + MAX_ABSENCE + 1):
        with pytest.raises(Malformed, match="bad-times"):
            said(founded(), "absent", WEST, until=until)
    assert said(founded(), "absent", WEST, until=NOON + MAX_ABSENCE).epoch == 1
    with pytest.raises(Malformed, match="act-until"):
        said(founded(), "suspend", WEST, until=NOON + 1)
    with pytest.raises(Malformed, match="act-until"):
        founded().apply(sign_act(act(founded(), "absent", subject=WEST), roots(NORTH, EAST, SOUTH)))


def test_the_bytes_of_other_acts_are_what_they_were_before_there_were_absences() -> None:
    made = sign_act(act(founded(), "suspend", subject=WEST), [key(NORTH, "root")])

    assert b"until" not in made
    assert founded().missing_signatures(made) == (EAST, SOUTH)


@pytest.mark.parametrize(("members", "honest"), [(3, 0), (4, 1), (5, 1), (6, 2), (7, 2), (8, 3)])
def test_while_one_is_absent_an_author_and_a_witness_need_as_many_honest_ones_as_in_an_exchange_with_one_less(
    members: int, honest: int
) -> None:
    state = said(of(members), "absent", LETTERS[members - 1])

    assert quorum(len(witnesses(state, LETTERS[0], NOON))) - 1 == honest
    assert quorum(members - 2) - 1 == honest
