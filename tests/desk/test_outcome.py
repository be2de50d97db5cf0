"""The laws of a joint action: no host adopts by silence, nothing is decided twice, no order of arrival matters."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joint import (
    BEGAN,
    EAST,
    END,
    LATE,
    NORTH,
    SOUTH,
    WEST,
    Case,
    proposal,
    replace_form,
    said,
    silent_south,
)

from quartet.core.ids import MemberId, Micros
from quartet.desk.action import CONCURS, HOUR, SILENCE, Acknowledged, Closing, Position
from quartet.desk.outcome import CLOSES, Against, State, outcome
from quartet.desk.said import Said
from quartet.desk.stands import Away

# -- what happens


def test_silence_binds_who_acknowledged_and_closed_its_account() -> None:
    found = silent_south().at()

    assert (found.state, found.by_silence, found.binds) == (State.ADOPTED, (SOUTH,), (EAST, NORTH, SOUTH))


def test_before_the_end_nothing_is_decided() -> None:
    assert silent_south().at(END - 1).state is State.OPEN


def test_a_silent_host_never_adopts() -> None:
    case = silent_south(hosts=(NORTH, SOUTH))

    assert case.at(END).against == ((SOUTH, Against.HOST_SILENT), (SOUTH, Against.SILENCE_RUNS))
    assert case.at().state is State.LAPSED


def test_under_self_silence_binds_nobody() -> None:
    found = silent_south(rule="SELF").at()

    assert (found.state, found.by_silence, found.binds) == (State.ADOPTED, (), (EAST, NORTH))


def test_who_was_cut_off_has_its_own_clock_from_its_acknowledgement() -> None:
    case = silent_south()
    back = END + 5 * HOUR
    case.items = [one for one in case.items if one.member != SOUTH]
    case.acknowledges(SOUTH, back)
    case.closes(SOUTH, at=back)

    assert case.at(back + SILENCE - 1).against == ((SOUTH, Against.SILENCE_RUNS),)
    case.position(SOUTH, "OBJECT", back + SILENCE)
    found = case.at()

    assert found.state is State.NOT_ADOPTED
    assert (SOUTH, Against.OBJECTS) in found.against


@pytest.mark.parametrize(
    ("missing", "against"),
    [
        (lambda one: type(one.form) is Acknowledged, (SOUTH, Against.NOT_ACKNOWLEDGED)),
        (lambda one: type(one.form) is Closing and one.member == EAST, (EAST, Against.NOT_CLOSED)),
        (lambda one: type(one.form) is Position and one.member == EAST, (EAST, Against.POSITION_NOT_HELD)),
    ],
)
def test_without_any_part_of_it_silence_does_not_count(missing: Any, against: tuple[MemberId, Against]) -> None:
    case = silent_south()
    case.items = [one for one in case.items if not missing(one)]

    assert against in case.at().against
    assert case.at().state is State.LAPSED


def test_a_position_kept_out_of_the_closing_statement_is_found() -> None:
    case = silent_south()
    (kept,) = (one for one in case.items if type(one.form) is Position and one.member == EAST)
    case.items = [one for one in case.items if not (type(one.form) is Closing and one.member == EAST)]
    case.closes(EAST)

    assert kept in case.items
    assert (EAST, Against.POSITION_NOT_LISTED) in case.at().against


def test_two_closing_statements_that_differ_are_evidence_and_nothing_is_adopted_by_silence() -> None:
    case = silent_south()
    other = case.closes(EAST)
    found = case.at()

    assert (EAST, Against.CLOSINGS_DIFFER) in found.against
    assert other.id in found.evidence


@pytest.mark.parametrize("since", [BEGAN - HOUR, BEGAN + HOUR, END])
def test_with_one_participant_suspended_nothing_is_adopted_by_silence(since: int) -> None:
    case = silent_south()
    case.away.append(Away(member=EAST, since=Micros(since)))

    assert (EAST, Against.SUSPENDED) in case.at().against


def test_a_suspension_after_the_decision_changes_nothing() -> None:
    case = silent_south()
    case.away.append(Away(member=EAST, since=Micros(END + CLOSES + 1)))

    assert case.at().state is State.ADOPTED


def test_any_objection_blocks_a_consensus_and_binds_nobody_under_self() -> None:
    for rule, state in (("CONSENSUS", State.NOT_ADOPTED), ("SELF", State.ADOPTED)):
        case = Case(proposal(rule=rule))
        for member, stance in ((NORTH, "CONCUR"), (EAST, "CONCUR_WITH_STATEMENT"), (SOUTH, "OBJECT")):
            case.position(member, stance)

        assert case.at(END).state is state
        assert SOUTH not in case.at(END).binds


def test_two_positions_that_do_not_name_each_other_void_each_other() -> None:
    case = Case()
    for member in (NORTH, SOUTH):
        case.position(member, "CONCUR")
    first, second = case.position(EAST, "CONCUR"), case.position(EAST, "OBJECT", BEGAN + 2 * HOUR)
    found = case.at()

    assert (EAST, Against.POSITIONS_VOID) in found.against
    assert found.evidence == tuple(sorted([first.id, second.id]))


def test_who_thinks_better_of_it_names_the_position_that_it_replaces() -> None:
    case = Case()
    for member in (NORTH, SOUTH):
        case.position(member, "CONCUR")
    first = case.position(EAST, "OBJECT")
    case.position(EAST, "CONCUR", BEGAN + 2 * HOUR, previous=first.id)

    assert case.at(END).state is State.ADOPTED


def test_an_edit_voids_every_position() -> None:
    case = silent_south()
    edited = said(NORTH, replace_form(case.version.form, aim="Search it alone", previous=case.version.id), BEGAN + HOUR)
    case.items.append(edited)
    after = Case(edited, [*case.items, case.version])

    assert case.at().state is State.REPLACED
    assert after.at(END).state is State.OPEN
    assert after.at().binds == ()


def test_nobody_edits_anothers_proposal() -> None:
    case = silent_south()
    case.items.append(said(EAST, replace_form(case.version.form, aim="x", previous=case.version.id), BEGAN + HOUR))

    assert case.at().state is State.ADOPTED


def test_of_two_versions_in_one_place_neither_stands() -> None:
    first = proposal()
    one, two = (said(NORTH, replace_form(first.form, aim=aim, previous=first.id)) for aim in ("a", "b"))

    for version, other in ((one, two), (two, one)):
        found = Case(version, [other]).at()
        assert (found.state, found.evidence) == (State.FORKED, tuple(sorted([one.id, two.id])))


def test_a_second_acknowledgement_starts_no_second_clock() -> None:
    case = silent_south()
    case.acknowledges(SOUTH, END - HOUR)

    assert case.at(END + CLOSES).state is State.ADOPTED


def test_an_account_closed_before_the_end_is_not_closed() -> None:
    case = silent_south()
    case.items = [one for one in case.items if not (type(one.form) is Closing and one.member == SOUTH)]
    case.closes(SOUTH, at=END - 1)

    assert (SOUTH, Against.NOT_CLOSED) in case.at().against


def test_nobody_undoes_what_silence_adopted_by_what_it_says_afterwards() -> None:
    after = END + CLOSES + 1
    case = silent_south()
    other = case.closes(EAST, at=after)
    case.position(EAST, "OBJECT", after)
    case.position(SOUTH, "OBJECT", after)
    for previous in (case.version.id, case.version.form.previous):
        case.items.append(said(NORTH, replace_form(case.version.form, aim="x", previous=previous), after))
    found = case.at()

    assert (found.state, found.by_silence) == (State.ADOPTED, (SOUTH,))
    assert other.id in found.evidence


def test_a_twin_that_comes_after_the_end_forks_nothing() -> None:
    first = proposal()
    case = silent_south(previous=first.id)
    case.items.append(said(NORTH, replace_form(case.version.form, aim="x"), END + 1))

    assert case.at().state is State.ADOPTED


def test_who_still_has_time_may_think_better_of_its_objection() -> None:
    case = silent_south()
    case.items = [one for one in case.items if one.member != SOUTH]
    case.acknowledges(SOUTH, END)
    objection = case.position(SOUTH, "OBJECT", END + HOUR)

    assert case.at(END + 2 * HOUR).state is State.OPEN
    case.position(SOUTH, "CONCUR", END + 3 * HOUR, previous=objection.id)
    assert case.at(END + 4 * HOUR).state is State.ADOPTED


def test_what_nobody_concurs_with_is_not_adopted() -> None:
    case = Case(proposal(hosts=()))
    for member in (NORTH, EAST, SOUTH):
        case.acknowledges(member)
        case.closes(member)

    assert {why for _, why in case.at().against} == {Against.NOBODY_CONCURS}


# -- laws over random cases

STANCES = ("CONCUR", "CONCUR_WITH_STATEMENT", "ABSTAIN", "OBJECT", "NOT_PARTICIPATING")
members = st.sampled_from([NORTH, EAST, SOUTH, WEST])
times = st.integers(0, 12).map(lambda n: Micros(BEGAN + n * (LATE - BEGAN) // 12)) | st.just(END)
hats = st.sampled_from(["MEMBER", "MEMBER", "MEMBER", "CHAIR"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a version, and anything at all said on it by anybody; often one that all but one thing adopts by silence."""
    parties = st.sets(st.sampled_from([NORTH, EAST, SOUTH]))
    form = {"hosts": tuple(sorted(draw(parties))), "rule": draw(st.sampled_from(["SELF", "CONSENSUS"]))}
    whole = draw(st.booleans())
    case = (
        silent_south(**form)
        if whole
        else Case(proposal(participants=tuple(sorted(draw(parties.filter(bool)))), **form))
    )
    for one in draw(st.sets(st.sampled_from(case.items), max_size=2)) if whole else ():
        case.items.remove(one)
    for _ in range(draw(st.integers(0, 10))):
        member, at, hat = draw(members), draw(times), draw(hats)
        mine = [i for i in case.items if i.member == member and type(i.form) is Position]
        match draw(st.integers(0, 3)):
            case 0 | 1:
                previous = draw(st.sampled_from([None, *(p.id for p in mine)]))
                case.position(member, draw(st.sampled_from(STANCES)), at, previous=previous, hat=hat)
            case 2:
                case.items.append(said(member, Acknowledged(version=case.version.id), at, hat=hat))
            case _:
                case.closes(member, *draw(st.sampled_from([mine, mine[:1], []])), at=at)
    if draw(st.booleans()):
        case.away.append(Away(member=draw(members), since=draw(times)))
    return case


@given(cases(), st.randoms(use_true_random=False), times)
def test_neither_order_nor_repetition_matters(case: Case, dice: Any, now: Micros) -> None:
    twice = case.items * 2
    dice.shuffle(twice)

    assert outcome(case.told(twice), case.away, now) == case.at(now)


@given(cases(), times)
def test_nothing_is_adopted_without_every_hosts_own_word_for_this_version(case: Case, now: Micros) -> None:
    found = case.at(now)
    spoke = {
        i.member for i in case.items if type(i.form) is Position and i.form.stance in CONCURS and i.hat == "MEMBER"
    }

    if found.state is State.ADOPTED:
        assert set(case.version.form.hosts) <= spoke
        assert now >= END
        assert set(found.binds) <= set(case.version.form.participants)
        assert set(found.binds) - set(found.by_silence) <= spoke


@given(cases(), members, times)
def test_the_chairs_hat_changes_nothing(case: Case, member: MemberId, now: Micros) -> None:
    before = case.at(now)
    for stance in STANCES:
        case.position(member, stance, hat="CHAIR")
    case.items.append(said(member, Acknowledged(version=case.version.id), hat="CHAIR"))
    case.items.append(said(member, Closing(version=case.version.id), END, hat="CHAIR"))

    assert case.at(now) == before


@given(cases(), st.sampled_from(STANCES), times)
def test_who_is_no_party_changes_nothing(case: Case, stance: str, now: Micros) -> None:
    before = case.at(now)
    case.position(WEST, stance)

    assert case.at(now) == before


@given(cases(), members, st.sampled_from(STANCES), times, times)
def test_what_speaks_of_another_version_changes_nothing(
    case: Case, member: MemberId, stance: str, at: Micros, now: Micros
) -> None:
    before = case.at(now)
    other = proposal()
    case.position(member, stance, at, version=other.id)
    case.items.append(said(member, Acknowledged(version=other.id), at))
    case.items.append(said(member, Closing(version=other.id), at))

    assert case.at(now) == before


@given(cases(), times, times)
@example(silent_south(), END, LATE)
def test_what_is_decided_stays_decided_whatever_is_said_later(case: Case, one: Micros, other: Micros) -> None:
    """Dates do not help: what became timely only after the decision counts for nothing, however old it says it is."""
    first, later = sorted((one, other))
    then = [i for i in case.items if i.timely is not None and i.timely <= first]
    away = [a for a in case.away if a.since <= first]
    decided = outcome(case.told(then), away, first)

    if decided.state in (State.ADOPTED, State.NOT_ADOPTED):
        found = case.at(later)
        assert (found.state, found.binds, found.by_silence) == (decided.state, decided.binds, decided.by_silence)


@given(cases(), members, times)
def test_a_backdated_objection_changes_nothing_that_was_decided(case: Case, member: MemberId, now: Micros) -> None:
    decided = case.at(now)
    case.position(member, "OBJECT", BEGAN, timely=LATE + 1)

    if decided.state is State.ADOPTED:
        assert case.at(LATE + 2).state is State.ADOPTED


@given(cases(), members)
def test_what_is_not_proven_in_time_counts_for_nothing(case: Case, member: MemberId) -> None:
    before = case.at(END)
    unproven = case.position(member, "CONCUR")
    case.items[-1] = Said(**{n: getattr(unproven, n) for n in unproven.__struct_fields__} | {"timely": None})

    assert case.at(END).binds == before.binds


def test_whom_an_action_binds_by_their_own_word_is_settled_at_the_end() -> None:
    """Where silence binds nobody, a member's own clock would only change what the others have begun."""
    case = Case(version=proposal(rule="SELF", hosts=()))
    case.position(EAST, "CONCUR")
    case.acknowledges(NORTH, END - 1)
    case.position(NORTH, "CONCUR", END + HOUR)

    assert case.at(END).binds == case.at(LATE).binds == (EAST,)
