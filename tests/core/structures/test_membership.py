"""Who is a member, and since when."""

from hypothesis import given
from hypothesis import strategies as st

from quartet.core.ids import MemberId, Micros
from quartet.core.membership import Membership, State

NORTH, EAST, STRANGER = MemberId("north"), MemberId("east"), MemberId("centre")
times = st.integers(0, 30).map(Micros)
states: st.SearchStrategy[State] = st.sampled_from(["active", "suspended", "withdrawn"])


def at(time: int) -> Micros:
    return Micros(time)


@st.composite
def timelines(draw: st.DrawFn) -> Membership:
    """Draw a membership of north alone after some acts in their order."""
    membership = Membership.founding([NORTH])
    for time in sorted(draw(st.lists(times, max_size=5))):
        membership = membership.with_span(NORTH, time, draw(states))
    return membership


def test_a_founding_member_is_active_from_the_beginning() -> None:
    membership = Membership.founding([NORTH, EAST])

    assert membership.members(at(0)) == (EAST, NORTH)
    assert membership.standing(NORTH, at(0), at(5))
    assert not membership.active(STRANGER, at(5))
    assert membership.left(STRANGER, at(5))


def test_a_suspension_between_does_not_break_standing_and_a_withdrawal_does() -> None:
    founded = Membership.founding([NORTH])
    suspended = founded.with_span(NORTH, at(10), "suspended").with_span(NORTH, at(20), "active")
    withdrawn = founded.with_span(NORTH, at(10), "withdrawn").with_span(NORTH, at(20), "active")

    assert suspended.standing(NORTH, at(5), at(25))
    assert not suspended.standing(NORTH, at(15), at(25))
    assert not suspended.standing(NORTH, at(5), at(15))
    assert not withdrawn.standing(NORTH, at(5), at(25))
    assert withdrawn.standing(NORTH, at(20), at(25))


def test_a_newcomer_has_no_standing_from_before_its_admission() -> None:
    membership = Membership.founding([NORTH]).with_span(EAST, at(10), "active")

    assert not membership.standing(EAST, at(9), at(20))
    assert membership.standing(EAST, at(10), at(20))


def test_each_act_is_an_epoch() -> None:
    assert Membership.founding([NORTH]).with_span(NORTH, at(10), "suspended").epoch == 1


@given(timelines(), times, times)
def test_who_has_standing_is_active_at_both_times(membership: Membership, since: Micros, now: Micros) -> None:
    if membership.standing(NORTH, since, now):
        assert since <= now
        assert membership.active(NORTH, since)
        assert membership.active(NORTH, now)


@given(timelines(), times, times, times)
def test_standing_holds_over_no_time_at_which_the_member_had_left(
    membership: Membership, since: Micros, between: Micros, now: Micros
) -> None:
    if since < between < now and membership.left(NORTH, between):
        assert not membership.standing(NORTH, since, now)


@given(timelines(), times)
def test_nothing_changes_before_the_next_change(membership: Membership, now: Micros) -> None:
    change = membership.next_change(now)
    until = 31 if change is None else change

    assert {membership.state(NORTH, at(t)) for t in range(now, until)} <= {membership.state(NORTH, now)}
