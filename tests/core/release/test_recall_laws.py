"""Taking back: recalls, cancellations, evidence, and when a holder must have destroyed."""

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import MEMBERS, members
from test_consent_laws import consent
from test_release_laws import four, reason_of

from quartet.core.facts import HOUR, CancelRecall, Fact
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.recall import (
    MAX_RECALLS_AN_HOUR,
    WITHOUT_PROOF,
    Coverage,
    cancels,
    destroy_due,
    drop_due,
    dropped,
    expiry_due,
    hidden,
    narrow_due,
    recalled,
)
from quartet.core.release import Reason, Released
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World

DAY = 24 * HOUR
officers = st.sampled_from(["officer", "second", "third"])


def gone(world: World, item: Verified) -> bool:
    return hidden(item, world.facts, world.membership, world.now)


def due(world: World, item: Verified, **coverage: Coverage) -> Micros | None:
    by_id = {fact.id: coverage.get(fact.statement.officer) for fact in world.stated}
    known = {ItemId(i): c for i, c in by_id.items() if c is not None}
    return destroy_due(item, world.facts, world.membership, known)


def test_a_recall_hides_at_once_from_everybody_the_author_included() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    grant = world.grant(item, "south")

    world.recall(item, at=Micros(NOON + 60 * SECOND))

    assert grant
    for to in ("north", "east", "south"):
        assert reason_of(world.release(item, to)) is Reason.RECALLED
    assert gone(world, item)


def test_a_late_recall_undelivers_what_the_world_had() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")

    world.recall(item, at=world.wait(3 * 86_400))

    assert reason_of(world.release(item, "west")) is Reason.RECALLED


@given(st.integers(1, 4))
@settings(max_examples=8, deadline=None)
def test_a_recall_reaches_all_that_contain_at_any_depth(depth: int) -> None:
    world = four()
    source = world.item("north", "GREEN", MEMBERS)
    other = world.item("north", "GREEN", MEMBERS)
    chain = [source]
    for n in range(depth):
        chain.append(world.item(MEMBERS[(n + 1) % 4], "GREEN", MEMBERS, contains=[chain[-1]]))
    citing = world.item("east", "GREEN", MEMBERS, cites=[source])

    world.recall(source)

    for item in chain:
        assert all(reason_of(world.release(item, to)) is Reason.RECALLED for to in MEMBERS)
    for item in (other, citing):
        assert all(isinstance(world.release(item, to), Released) for to in MEMBERS)


@given(members, members, members)
@settings(max_examples=60, deadline=None)
def test_only_a_controller_takes_back(author: str, source_author: str, by: str) -> None:
    world = four()
    source = world.item(source_author, "GREEN", MEMBERS)
    item = world.item(author, "GREEN", MEMBERS, contains=[source])

    world.recall(item, by=by)

    assert recalled(item, world.facts, world.membership) == (by in (author, source_author))
    assert recalled(source, world.facts, world.membership) is False


def test_a_recall_of_what_contains_leaves_its_source() -> None:
    world = four()
    source = world.item("north", "GREEN", MEMBERS)
    derived = world.item("east", "GREEN", MEMBERS, contains=[source])
    sibling = world.item("south", "GREEN", MEMBERS, contains=[source])

    world.recall(derived, by="east", controls=[derived, source])

    assert gone(world, derived)
    assert not gone(world, source)
    assert not gone(world, sibling)


def test_a_cancellation_by_a_second_officer_gives_back() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recall = world.recall(item)

    world.cancel(recall, at=world.wait(60))

    assert isinstance(world.release(item, "east"), Released)
    assert not gone(world, item)


@pytest.mark.parametrize(
    ("by", "officer", "after"),
    [("north", "officer", 60), ("east", "second", 60), ("north", "second", 86_400), ("north", "second", -60)],
)
def test_a_cancellation_by_the_same_officer_by_another_member_or_out_of_time_counts_for_nothing(
    by: str, officer: str, after: int
) -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    source_of = world.item("east", "AMBER", ["north"], contains=[item])
    recall = world.recall(item)

    world.cancel(recall, by=by, officer=officer, at=Micros(NOON + after * SECOND))

    assert gone(world, item)
    assert gone(world, source_of)


def test_a_cancellation_names_the_control_and_the_recall() -> None:
    world = four()
    one, two = world.item("north", "AMBER", ["east"]), world.item("north", "AMBER", ["east"])
    first = world.recall(one)
    world.recall(two)

    world.cancel(first, at=world.wait(60))

    assert not gone(world, one)
    assert gone(world, two)


def test_the_last_microsecond_of_the_delay_still_cancels() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recall = world.recall(item)

    world.cancel(recall, at=Micros(NOON + DAY - 1))

    assert not gone(world, item)


def test_a_cancellation_recorded_late_counts_for_nothing() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    cancel = world.cancel(world.recall(item), at=world.wait(60))

    world.facts = world.facts.recorded_late(cancel.id)

    assert gone(world, item)


def test_after_a_cancellation_a_recall_needs_two_officers_and_is_cancelled_no_more() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.cancel(world.recall(item), at=world.wait(60))

    again = world.recall(item, at=world.wait(60))
    by_one = gone(world, item)
    world.recall(item, at=world.wait(1))
    by_one_twice = gone(world, item)
    world.recall(item, officer="second", at=world.wait(60))
    by_two = gone(world, item)
    world.cancel(again, officer="third", at=world.wait(60))

    assert (by_one, by_one_twice, by_two) == (False, False, True)
    assert gone(world, item)


@given(
    st.lists(st.tuples(st.sampled_from(["recall", "cancel"]), officers, st.booleans()), max_size=6),
    officers,
    st.integers(1, 2 * 86_400),
)
@settings(max_examples=200, deadline=None)
def test_what_is_said_to_cancel_gives_back_and_what_is_said_not_to_does_not(
    said: list[tuple[str, str, bool]], officer: str, later: int
) -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recalls = [world.recall(item, at=world.wait(60))]
    for word, by, life in said:
        if word == "recall":
            recalls.append(world.recall(item, officer=by, reason="LIFE" if life else "NORMAL", at=world.wait(60)))
        else:
            world.cancel(recalls[-1], officer=by, at=world.wait(60))
    before = world.facts

    cancel = world.cancel(recalls[-1], officer=officer, at=world.wait(later))

    fact = world.facts.known.get(cancel.id)
    assert fact is not None
    assert cancels(cast(Fact[CancelRecall], fact), before, world.membership.recall_delay) is not gone(world, item)


def test_an_item_in_an_incident_file_needs_two_officers() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    world.recall(item, in_incident=True)
    by_one = gone(world, item)
    world.recall(item, in_incident=True, officer="second")

    assert not by_one
    assert gone(world, item)


def test_another_members_officer_is_no_second_officer() -> None:
    world = four()
    source = world.item("north", "AMBER", MEMBERS)
    item = world.item("east", "AMBER", MEMBERS, contains=[source])

    world.recall(item, in_incident=True)
    world.recall(item, by="north", officer="second", in_incident=True)

    assert not gone(world, item)


def test_the_twenty_first_recall_of_an_hour_needs_two_officers() -> None:
    world = four()
    items = [world.item("north", "AMBER", ["east"]) for _ in range(MAX_RECALLS_AN_HOUR + 2)]
    foreign = world.item("east", "AMBER", ["north"])
    for n, item in enumerate(items[:-1]):
        world.recall(item, at=Micros(NOON + n))
    world.recall(foreign, at=Micros(NOON + 50))
    world.recall(items[-1], at=Micros(NOON + HOUR + 1))

    single = [gone(world, item) for item in items]
    world.recall(items[MAX_RECALLS_AN_HOUR], officer="second", at=Micros(NOON + 60))

    assert single == [True] * MAX_RECALLS_AN_HOUR + [False, True]
    assert gone(world, foreign)
    assert gone(world, items[MAX_RECALLS_AN_HOUR])


def test_the_hour_is_counted_across_the_full_hour() -> None:
    world = four()
    full_hour = Micros((NOON // HOUR + 1) * HOUR)
    items = [world.item("north", "AMBER", ["east"]) for _ in range(MAX_RECALLS_AN_HOUR + 1)]

    for n, item in enumerate(items):
        world.recall(item, at=Micros(full_hour - 10 + n))

    assert [gone(world, item) for item in items] == [True] * MAX_RECALLS_AN_HOUR + [False]


def test_two_officers_of_one_recall_count_once_in_the_hour() -> None:
    world = four()
    items = [world.item("north", "AMBER", ["east"]) for _ in range(MAX_RECALLS_AN_HOUR)]

    for item in items[:-1]:
        world.recall(item, at=world.wait(1))
        world.recall(item, officer="second", at=world.wait(1))
    world.recall(items[-1], at=world.wait(1))

    assert all(gone(world, item) for item in items)


def test_of_twenty_one_recalls_at_one_time_all_but_one_stand() -> None:
    world = four()
    items = [world.item("north", "AMBER", ["east"]) for _ in range(MAX_RECALLS_AN_HOUR + 1)]

    recalls = {world.recall(item).id: item for item in items}

    last = recalls[max(recalls)]
    assert [item for item in items if not gone(world, item)] == [last]


def test_life_by_two_officers_is_not_cancelled() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recall = world.recall(item, reason="LIFE")
    world.recall(item, reason="LIFE", officer="second")

    world.cancel(recall, officer="third", at=world.wait(60))

    assert gone(world, item)


def test_life_by_one_officer_is_cancelled_like_any_other() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recall = world.recall(item, reason="LIFE")

    world.cancel(recall, at=world.wait(60))
    world.recall(item, reason="LIFE", officer="third", at=world.wait(60))

    assert not gone(world, item)


def test_evidence_stays_with_those_who_hold_it_and_goes_to_no_one_new() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east", "south"], hold=True)

    world.recall(item)

    assert reason_of(world.release(item, "east")) is Reason.RECALLED
    assert isinstance(world.release(item, "east", held=True), Released)
    assert reason_of(world.release(item, "west", held=True)) is Reason.NOT_NAMED
    assert not gone(world, item)
    assert recalled(item, world.facts, world.membership)
    assert due(world, item, officer=Coverage(NOON, NOON, NOON, gap=False)) is None
    assert reason_of(consent(world, item, "west")) is Reason.RECALLED  # type: ignore[arg-type]


def test_hold_never_outlives_a_control_without_it() -> None:
    world = four()
    source = world.item("north", "AMBER", MEMBERS)
    derived = world.item("east", "AMBER", MEMBERS, contains=[source], hold=True)

    world.recall(source)

    assert reason_of(world.release(derived, "south", held=True)) is Reason.RECALLED
    assert gone(world, derived)
    assert due(world, derived, officer=Coverage(NOON, NOON, NOON, gap=False)) is not None


def test_destroyed_when_the_delay_has_passed_since_the_recall_was_on_record() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.recall(item)
    recorded, received = Micros(NOON + 2 * SECOND), Micros(NOON + SECOND)

    at_once = Coverage(recorded, Micros(NOON + 30 * SECOND), received, gap=False)
    in_a_drawer = Coverage(recorded, Micros(NOON + 3600 * SECOND), received, gap=False)

    assert due(world, item) is None
    assert due(world, item, officer=at_once) == recorded + DAY
    assert due(world, item, officer=in_a_drawer) == NOON + 3540 * SECOND + DAY


@pytest.mark.parametrize(
    "coverage",
    [
        Coverage(NOON, NOON, Micros(NOON + SECOND), gap=True),
        Coverage(None, NOON, Micros(NOON + SECOND), gap=False),
        Coverage(NOON, None, Micros(NOON + SECOND), gap=False),
    ],
)
def test_without_proof_or_with_a_gap_it_is_destroyed_after_seven_days(coverage: Coverage) -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    world.recall(item)

    assert WITHOUT_PROOF == 7 * DAY
    assert due(world, item, officer=coverage) == NOON + SECOND + 7 * DAY


def test_nothing_is_destroyed_that_was_given_back_or_that_one_of_two_took_back() -> None:
    world = four()
    back, half = world.item("north", "AMBER", ["east"]), world.item("north", "AMBER", ["east"])
    both = Coverage(NOON, NOON, NOON, gap=False)
    world.cancel(world.recall(back), at=world.wait(60))
    world.recall(half, in_incident=True)

    one = due(world, half, officer=both)
    world.recall(half, in_incident=True, officer="second")

    assert due(world, back, officer=both, second=both) is None
    assert one is None
    assert due(world, half, officer=both) is None
    later = Coverage(Micros(NOON + SECOND), NOON, NOON, gap=False)
    assert due(world, half, officer=both, second=later) == NOON + SECOND + DAY


def test_life_by_two_is_destroyed_when_the_second_is_received() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    first = Coverage(None, None, Micros(NOON + SECOND), gap=True)
    second = Coverage(None, None, Micros(NOON + 5 * SECOND), gap=True)
    world.recall(item, reason="LIFE")

    alone = due(world, item, officer=first)
    world.recall(item, reason="LIFE", officer="second")

    assert alone == NOON + SECOND + 7 * DAY
    assert due(world, item, officer=first, second=second) == NOON + 5 * SECOND


def test_life_needs_both_to_say_so() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    both = Coverage(NOON, NOON, NOON, gap=False)

    world.recall(item, reason="LIFE")
    world.recall(item, officer="second")

    assert due(world, item, officer=both, second=both) == NOON + DAY


def test_what_expired_is_destroyed_by_all_but_its_author_after_the_delay() -> None:
    world = four()
    end = Micros(NOON + 10 * SECOND)
    item = world.item("north", "AMBER", ["east"], expires=end)
    held = world.item("north", "AMBER", ["east"], expires=end, hold=True)
    derived = world.item("east", "AMBER", ["south", "north"], contains=[item])
    lasting = world.item("north", "AMBER", ["east"])

    def when(item: Verified, holder: str) -> Micros | None:
        return expiry_due(item, MemberId(holder), world.facts, world.membership)

    assert when(item, "east") == end + DAY
    assert when(item, "north") is None
    assert when(derived, "east") == end + DAY
    assert when(derived, "north") is None
    assert when(held, "east") is None
    assert when(lasting, "east") is None


def test_whom_a_narrowing_dropped_destroys_as_after_a_recall() -> None:
    world = four()

    when = narrow_due(Coverage(NOON, NOON, NOON, gap=False), world.membership)

    assert when == NOON + DAY


def lost(world: World, item: Verified, holder: str) -> list[ItemId]:
    return [f.id for f in dropped(item, MemberId(holder), world.facts, world.membership, world.now)]


def test_a_narrowing_takes_an_item_from_whom_it_drops_and_from_nobody_else() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east", "south"])
    derived = world.item("east", "AMBER", ["north", "south"], contains=[item])

    narrowing = world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("south"),)), at=world.wait(1))

    assert {m: lost(world, item, m) for m in MEMBERS} == {"north": [], "east": [narrowing.id], "south": [], "west": []}
    assert lost(world, derived, "east") == [narrowing.id], "though it is its own"
    assert lost(world, derived, "south") == []


def test_an_upgrade_of_what_was_the_worlds_takes_it_from_everybody() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")

    narrowing = world.narrow(item, Marking(tlp="AMBER"), at=world.wait(1))

    assert [lost(world, item, m) for m in ("east", "south", "west")] == [[narrowing.id]] * 3


def test_what_admits_a_member_again_undoes_its_loss_and_the_next_narrowing_is_the_one_that_counts() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east", "south"])
    only = Marking(tlp="AMBER", rel=(MemberId("south"),))

    world.narrow(item, only, at=world.wait(1))
    world.widen(item, "east", at=world.wait(1))
    back = lost(world, item, "east")
    again = world.narrow(item, only, at=world.wait(1))

    assert back == []
    assert lost(world, item, "east") == [again.id]


def test_what_is_closed_anyway_or_has_expired_was_not_lost_by_a_narrowing() -> None:
    world = four()
    closed, ends = world.item("north", "AMBER", ["south"]), world.item("north", "AMBER", ["east"])

    world.narrow(closed, Marking(tlp="AMBER", rel=(MemberId("south"),)), at=world.wait(1))
    world.narrow(ends, Marking(tlp="AMBER", expires=Micros(NOON + 5 * SECOND)), at=world.wait(1))
    world.wait(60)

    assert lost(world, closed, "east") == []
    assert lost(world, ends, "east") == []
    assert reason_of(world.release(ends, "east")) is Reason.EXPIRED


def test_what_a_narrowing_took_is_destroyed_when_the_delay_is_over_unless_it_is_evidence() -> None:
    world = four()
    item, held = world.item("north", "AMBER", ["east"]), world.item("north", "AMBER", ["east"], hold=True)
    nobody = Marking(tlp="AMBER", rel=())
    facts = [world.narrow(i, nobody, at=world.wait(1)).id for i in (item, held)]
    covered = {fact: Coverage(NOON, NOON, NOON, gap=False) for fact in facts}

    def when(item: Verified, coverage: dict[ItemId, Coverage]) -> object:
        return drop_due(item, MemberId("east"), world.facts, world.membership, coverage, world.now)

    assert when(item, covered) == (NOON + DAY, facts[0])
    assert when(item, {}) is None
    assert when(held, covered) is None


def test_root_cancels_a_recall_and_after_that_recalls_alone() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    cancel = world.cancel(world.recall(item), officer="root", at=world.wait(60))
    given_back = gone(world, item)

    world.recall(item, at=world.wait(60))
    by_one = gone(world, item)
    world.recall(item, officer="root", at=world.wait(60))

    assert cancel.statement.officer == "root"
    assert (given_back, by_one, gone(world, item)) == (False, False, True)


def test_after_a_cancellation_root_needs_no_officer_beside_it() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.cancel(world.recall(item), officer="second", at=world.wait(60))
    given_back = gone(world, item)

    world.recall(item, officer="root", at=world.wait(60))

    assert (given_back, gone(world, item)) == (False, True)
