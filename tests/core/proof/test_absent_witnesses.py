"""What a declared absence changes of what is on record, and what nobody can make of it."""

import proof_world as w
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.charter import ActPayload, CharterState, found, propose
from quartet.core.encoding import encode
from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.membership import Membership, Span
from quartet.core.proof.counting import covered_since, periods, shown
from quartet.core.proof.export import verify_proof
from quartet.core.signed import sign_all

THREE = tuple(MemberId(m) for m in ("east", "north", "west"))
NORTH, EAST, WEST = w.NORTH, w.EAST, w.WEST
HOUR = 3600
SECONDS = st.integers(0, 2 * HOUR)


def absent(since: int, until: int, subject: MemberId = WEST, back: int | None = None) -> CharterState:
    """Return the four's exchange where all others declared one absent, and count it again from a time on."""
    state = found(w.charter())
    payload = ActPayload(Micros(since * SECOND), subject, "exercise", None, None, Micros(until * SECOND))
    made = propose(state, "absent", payload)
    state = state.apply(sign_all("act", encode(made), [w.key(m, "root") for m in w.MEMBERS if m != subject]))
    return state if back is None else state.apply(w.act(state, "reinstate", subject, back * SECOND))


def test_a_proof_says_who_was_declared_absent_and_counts_the_others() -> None:
    record = w.on_record(state=absent(w.TICK - 10, w.TICK + HOUR))
    two = verify_proof(record.but(cosignatures=record.cosignatures[:2]).proof(), w.charter())
    three = verify_proof(record.proof(), w.charter())

    for report in (two, three):
        assert (report.witnesses, report.cosigners, report.absent) == (2, ("east", "south"), ("west",))
        assert report.on_record == (w.TICK + 3) * SECOND
        assert report.steps[8] == "9. 2 of 2 witnesses cosigned it, without west, declared absent"


def test_one_of_two_is_no_quorum_and_the_absent_ones_line_makes_none() -> None:
    record = w.on_record(state=absent(w.TICK - 10, w.TICK + HOUR))
    east, _, west = record.cosignatures

    for lines in ((east,), (east, west), (west,)):
        with pytest.raises(Untrusted, match="no-quorum"):
            verify_proof(record.but(cosignatures=lines).proof(), w.charter())


def test_an_absence_that_is_over_or_ended_counts_nobody_out() -> None:
    for state in (absent(w.TICK - HOUR, w.TICK), absent(w.TICK - 10, w.TICK + HOUR, back=w.TICK)):
        report = verify_proof(w.on_record(state=state).proof(), w.charter())

        assert (report.witnesses, report.absent) == (3, ())


def three(*absences: tuple[int, int]) -> Membership:
    """Return a membership of three in which west is absent from one second to another, each time."""
    membership = Membership(spans={m: (Span(Micros(0), "active"),) for m in THREE})
    for since, until in absences:
        membership = membership.declared_absent(WEST, Micros(since * SECOND), Micros(until * SECOND))
    return membership


def since(dates: dict[MemberId, int], membership: Membership, tick: int) -> int | None:
    """Return from which second on something of north's is on record."""
    known = {member: Micros(at * SECOND) for member, at in dates.items()}
    found_ = covered_since(known, membership, NORTH, Micros(tick * SECOND), Micros(tick * SECOND))
    return None if found_ is None else found_ // SECOND


def test_what_was_said_before_an_absence_comes_on_record_when_it_begins_and_not_before() -> None:
    membership = three((1000, 1000 + HOUR))

    assert since({EAST: 101}, membership, 100) == 1000
    assert since({EAST: 1100}, membership, 100) == 1100
    assert since({EAST: 101, WEST: 102}, membership, 100) == 102
    assert since({EAST: 1000 + HOUR}, membership, 100) is None
    assert since({}, membership, 100) is None


@given(st.dictionaries(st.sampled_from(THREE), SECONDS), SECONDS, SECONDS, st.integers(1, HOUR))
def test_an_absence_takes_nothing_from_the_record_and_gives_nothing_a_date_before_it(
    dates: dict[MemberId, int], tick: int, begin: int, lasts: int
) -> None:
    before = since(dates, three(), tick)

    after = since(dates, three((begin, begin + lasts)), tick)

    if before is not None:
        assert after is not None
        assert after <= before
    if after != before:
        assert after is not None
        assert after >= begin or tick >= begin


@given(st.dictionaries(st.sampled_from(THREE), SECONDS), SECONDS, SECONDS, st.integers(1, HOUR), SECONDS)
def test_who_comes_back_before_the_end_takes_nothing_from_the_record_of_before(
    dates: dict[MemberId, int], tick: int, begin: int, lasts: int, back: int
) -> None:
    membership = three((begin, begin + lasts))
    known = since(dates, membership, tick)

    after = since(dates, membership.counted_again(WEST, Micros(max(begin, back) * SECOND)), tick)

    if known is not None and max(known, tick) < max(begin, back):
        assert after == known


@given(st.dictionaries(st.sampled_from(THREE[:2]), SECONDS, min_size=1), SECONDS, SECONDS, st.integers(1, HOUR))
def test_what_a_proof_shows_a_node_that_holds_its_lines_comes_to_as_well(
    dates: dict[MemberId, int], tick: int, begin: int, lasts: int
) -> None:
    membership = three((begin, begin + lasts))
    known = {member: Micros(max(at, tick) * SECOND) for member, at in dates.items() if member != NORTH}

    proven = shown(known, membership, NORTH, Micros(tick * SECOND))

    ours = covered_since(known, membership, NORTH, Micros(tick * SECOND), Micros(tick * SECOND))
    if proven is not None:
        assert ours is not None
        assert ours <= proven.time


def test_how_many_witnesses_count_is_asked_from_the_tick_and_from_each_begin_and_end_on() -> None:
    membership = three((1000, 1600), (2000, 9000))

    found_ = periods(membership, NORTH, Micros(100 * SECOND), Micros(3000 * SECOND))

    assert [(begin // SECOND, n) for begin, n in found_] == [(100, 2), (1000, 1), (1600, 2), (2000, 1), (3000, 1)]
