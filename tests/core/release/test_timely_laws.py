"""Timely: covered by a quorum in time, and receipted by another member soon after; what is proven stays so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_release_laws import four, reason_of

from quartet.core.facts import CancelRecall, Facts, fact_of
from quartet.core.ids import SECOND, Micros
from quartet.core.release import Reason, Released
from quartet.core.timely import (
    PROOF_PATIENCE,
    RECEIPT_ALLOWANCE,
    TOLERANCE,
    Evidence,
    deadline,
    earliest,
    judge,
    late_on_arrival,
)
from quartet.exercise.world import NOON, World, control_of

HOURS = 3600 * SECOND
some_times = st.integers(NOON - 3 * HOURS, NOON + 3 * HOURS).map(Micros)
near_times = st.integers(NOON - 90 * SECOND, NOON + 90 * SECOND).map(Micros)
receipts = st.lists(near_times | some_times, max_size=4).map(tuple)
evidences = st.builds(Evidence, st.none() | near_times | some_times, receipts)


def by(world: World) -> Micros:
    found = deadline(fact_of(world.stated[-1]), world.facts, world.membership.recall_delay)
    assert found is not None
    return found


@given(some_times, some_times, some_times, some_times)
def test_timely_is_on_record_by_then_and_receipted_by_another_within_a_minute(
    recorded: Micros, receipted: Micros, received: Micros, now: Micros
) -> None:
    verdict = judge(NOON, Evidence(recorded, (receipted,)), received, now)

    both = recorded <= NOON and receipted <= NOON + 60 * SECOND
    assert (verdict == "TIMELY") == (both or receipted <= NOON)
    assert verdict != "OPEN", "with both times known nothing is left open"


@given(evidences, some_times, some_times, some_times, some_times)
def test_no_more_proof_and_no_later_look_unmakes_what_was_timely(
    evidence: Evidence, received: Micros, now: Micros, more: Micros, later: Micros
) -> None:
    recorded = more if evidence.recorded is None else min(evidence.recorded, more)
    grown = Evidence(recorded, (*evidence.receipted, more))

    before = judge(NOON, evidence, received, now)
    after = judge(NOON, grown, received, max(now, later))

    assert before != "TIMELY" or after == "TIMELY"


@given(evidences, near_times | some_times, some_times, some_times)
def test_the_earliest_time_is_the_first_by_which_it_is_timely(
    evidence: Evidence, by: Micros, received: Micros, now: Micros
) -> None:
    found = earliest(evidence)

    assert (judge(by, evidence, received, now) == "TIMELY") == (found is not None and found <= by)
    if found is not None:
        assert judge(found, evidence, received, now) == "TIMELY"
        assert judge(Micros(found - 1), evidence, received, now) != "TIMELY"


@given(st.none() | near_times, receipts, near_times)
def test_more_evidence_makes_the_earliest_time_earlier_and_its_order_makes_none(
    recorded: Micros | None, receipted: tuple[Micros, ...], more: Micros
) -> None:
    before, after = earliest(Evidence(recorded, receipted)), earliest(Evidence(recorded, (*receipted, more)))

    assert after is not None
    assert before is None or after <= before
    assert earliest(Evidence(recorded, (more, *reversed(receipted)))) == after


@given(evidences, some_times, some_times)
def test_two_nodes_that_hold_the_same_proof_find_the_same(evidence: Evidence, received: Micros, other: Micros) -> None:
    end = Micros(NOON + RECEIPT_ALLOWANCE + PROOF_PATIENCE + 1)

    assert judge(NOON, evidence, received, end) == judge(NOON, evidence, other, end)


def test_a_drawer_with_a_perfect_place_in_its_log_is_late() -> None:
    perfect = Evidence(recorded=Micros(NOON - HOURS), receipted=(Micros(NOON + RECEIPT_ALLOWANCE + 1),))

    assert judge(NOON, perfect, received=Micros(NOON + 2 * HOURS), now=Micros(NOON + 2 * HOURS)) == "LATE"
    assert judge(NOON, Evidence(Micros(NOON)), Micros(NOON + 2 * HOURS), Micros(NOON + 2 * HOURS)) == "LATE"


def test_what_came_on_record_too_late_is_late_though_its_receipt_came_soon_after() -> None:
    soon = Evidence(recorded=Micros(NOON + 1), receipted=(Micros(NOON + 30 * SECOND),))

    assert judge(NOON, soon, received=NOON, now=Micros(NOON + 40 * SECOND)) == "LATE"


def test_a_receipt_on_record_in_time_proves_what_it_names_without_the_path_of_that() -> None:
    assert judge(NOON, Evidence(None, (NOON,)), NOON, NOON) == "TIMELY"
    assert judge(NOON, Evidence(None, (Micros(NOON + 1),)), NOON, NOON) == "OPEN"


def test_what_came_in_time_is_open_until_its_proof_cannot_come_any_more() -> None:
    nothing, end = Evidence(None), Micros(NOON + RECEIPT_ALLOWANCE + PROOF_PATIENCE)

    assert judge(NOON, nothing, NOON, end) == "OPEN"
    assert judge(NOON, nothing, NOON, Micros(end + 1)) == "LATE"
    assert judge(NOON, Evidence(NOON), Micros(NOON + RECEIPT_ALLOWANCE), NOON) == "OPEN"
    too_late = Micros(NOON + RECEIPT_ALLOWANCE + 1)
    assert judge(NOON, nothing, received=too_late, now=too_late) == "LATE"
    assert late_on_arrival(NOON, too_late)
    assert not late_on_arrival(NOON, Micros(NOON + RECEIPT_ALLOWANCE))


def test_a_grant_and_a_delegation_have_half_a_day_and_the_rest_has_for_ever() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    world.grant(item, "south")
    assert by(world) == NOON + TOLERANCE
    world.delegate(item, "south")
    assert by(world) == NOON + TOLERANCE
    for fact in (world.recall(item), world.widen(item, "south"), world.narrow(item, item.statement.marking)):
        assert deadline(fact_of(fact), world.facts, world.membership.recall_delay) is None


def test_a_cancellation_has_until_the_delay_of_its_recall_ends_from_when_that_was_on_record() -> None:
    world = four()
    delay = world.membership.recall_delay
    recall = world.recall(world.item("north", "AMBER", ["east"]))
    cancel = fact_of(world.cancel(recall, at=world.wait(60)))
    unknown = fact_of(
        world.fact("north", "cancel-recall", CancelRecall(recall="A" * 43, controls=("A" * 43,)), at=Micros(NOON + 5))
    )

    assert deadline(cancel, world.facts, delay) == NOON + delay
    assert deadline(cancel, world.facts, delay, recall_recorded=Micros(NOON + HOURS)) == NOON + HOURS + delay
    assert deadline(unknown, world.facts, delay) == NOON + 5 + delay


@pytest.mark.parametrize("scope", ["ITEM", "FOLLOWING"])
def test_a_fact_shown_to_be_timely_after_all_counts_as_if_it_had_never_been_doubted(scope: str) -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    grant = world.grant(source, "west", scope=scope)  # type: ignore[arg-type]
    item = world.item("north", "AMBER", ["east"], cites=[source], at=world.wait(1)) if scope == "FOLLOWING" else source
    before = world.facts

    world.facts = before.recorded_late(grant.id)
    doubted = world.release(item, "west")
    world.facts = world.facts.recorded_in_time(grant.id)

    assert reason_of(doubted) is Reason.NOT_NAMED
    assert isinstance(world.release(item, "west"), Released)
    assert world.facts == before
    assert world.facts.on(control_of(source).id) == before.on(control_of(source).id)
    assert before.recorded_in_time(grant.id) == before
    assert Facts.NONE.recorded_late(grant.id).recorded_in_time(grant.id) == Facts.NONE
