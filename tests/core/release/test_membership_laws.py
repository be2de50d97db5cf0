"""Who is a member when: suspension, admission, withdrawal, and the way of facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import EVERYBODY, MEMBERS, worlds
from test_release_laws import four, reason_of

from quartet.core.facts import NO_FACTS, AnyFact, Grant, Narrow, Recall, controls_named
from quartet.core.ids import SECOND, ControlId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Reason, Released, release, release_fact
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_the_suspended_get_nothing_but_their_own(made: tuple[World, list[Verified]]) -> None:
    world, items = made
    world.wait(60)
    world.act("east", "suspended")

    for item in items:
        own = all(c.control.controller == "east" for c in item.controls)
        assert own or not isinstance(world.release(item, "east"), Released)


def test_a_suspended_member_gets_neither_new_items_nor_grants_nor_what_the_world_may_have() -> None:
    world = four()
    old = world.item("north", "AMBER", ["east"])
    world.act("east", "suspended", at=world.wait(5))
    new = world.item("north", "AMBER", ["east"], at=world.wait(1))
    open_item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    world.grant(old, "east", at=world.wait(1))

    for item in (old, new, open_item):
        assert reason_of(world.release(item, "east")) is Reason.SUSPENDED


def test_a_reinstated_member_sees_what_it_saw_and_catches_up_with_nothing_issued_meanwhile() -> None:
    world = four()
    saw = world.item("north", "AMBER", ["east"])
    world.act("east", "suspended", at=world.wait(5))
    meanwhile = world.item("north", "AMBER", ["east"], at=world.wait(5))
    granted_meanwhile = world.item("north", "AMBER", ["east"])
    world.grant(granted_meanwhile, "east")
    widened_meanwhile = world.item("north", "AMBER", [])
    world.widen(widened_meanwhile, "east")
    world.act("east", "active", at=world.wait(5))
    world.wait(1)

    assert isinstance(world.release(saw, "east"), Released)
    for item in (meanwhile, granted_meanwhile):
        assert reason_of(world.release(item, "east")) is Reason.NOT_STANDING
    assert reason_of(world.release(widened_meanwhile, "east")) is Reason.NOT_NAMED
    world.grant(meanwhile, "east")
    assert isinstance(world.release(meanwhile, "east"), Released)


def test_a_newcomer_sees_nothing_older_than_its_admission_but_what_the_world_may_have() -> None:
    world = four()
    old = world.item("north", "AMBER", ["east", "late"])
    granted = world.item("north", "AMBER", [])
    world.grant(granted, "late")
    open_item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    world.act("late", "active", at=world.wait(5))
    world.wait(1)
    new = world.item("north", "AMBER", ["late"])
    derived = world.item("east", "AMBER", ["late"], contains=[old])

    assert reason_of(world.release(old, "late")) is Reason.NOT_STANDING
    assert reason_of(world.release(derived, "late")) is Reason.NOT_STANDING
    assert reason_of(world.release(granted, "late")) is Reason.NOT_NAMED
    assert isinstance(world.release(open_item, "late"), Released)
    assert isinstance(world.release(new, "late"), Released)
    world.grant(old, "late")
    assert isinstance(world.release(old, "late"), Released)


def test_what_was_issued_in_the_tick_of_an_admission_is_older() -> None:
    world = four()
    world.act("late", "active", at=Micros(NOON + SECOND // 2))
    same_tick = world.item("north", "AMBER", ["late"], at=Micros(NOON + SECOND - 1))
    next_tick = world.item("north", "AMBER", ["late"], at=Micros(NOON + SECOND))
    world.wait(2)

    assert reason_of(world.release(same_tick, "late")) is Reason.NOT_STANDING
    assert isinstance(world.release(next_tick, "late"), Released)


def test_who_withdrew_and_came_back_sees_nothing_of_before() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.act("east", "withdrawn", at=world.wait(5))
    gone = world.release(item, "east")
    world.act("east", "active", at=world.wait(5))

    assert reason_of(gone) is Reason.NOT_A_MEMBER
    assert reason_of(world.release(item, "east")) is Reason.NOT_STANDING


def test_a_stranger_gets_nothing_though_it_be_named() -> None:
    world = four()

    item = world.item("north", "CLEAR", ["stranger"], onward="TLP_RULE")
    world.grant(item, "stranger")

    assert reason_of(world.release(item, "stranger")) is Reason.NOT_A_MEMBER


def test_who_left_keeps_its_own_without_foreign_controls() -> None:
    world = four()
    foreign = world.item("east", "AMBER", ["north"])
    mine = world.item("north", "AMBER", ["east"])
    mixed = world.item("north", "AMBER", ["east"], contains=[foreign])
    world.act("north", "withdrawn", at=world.wait(5))
    after = world.item("north", "AMBER", ["east"], at=world.wait(5))

    assert isinstance(world.release(mine, "north"), Released)
    assert isinstance(world.release(after, "north"), Released)
    assert reason_of(world.release(mixed, "north")) is Reason.NOT_A_MEMBER
    assert isinstance(world.release(mine, "east"), Released)


@pytest.mark.parametrize("state", ["suspended", "withdrawn"])
def test_what_is_issued_under_a_control_by_no_member_goes_to_nobody(state: str) -> None:
    world = four()
    world.act("north", state, at=world.wait(5))  # type: ignore[arg-type]
    item = world.item("north", "AMBER", ["east", "south"], at=world.wait(5))
    derived = world.item("east", "AMBER", ["south"], contains=[item])
    world.act("north", "active", at=world.wait(5))
    world.wait(5)

    assert reason_of(world.release(item, "east")) is Reason.ISSUED_OUTSIDE
    assert reason_of(world.release(derived, "south")) is Reason.ISSUED_OUTSIDE
    assert reason_of(world.release(derived, "east")) is Reason.ISSUED_OUTSIDE


def travels(world: World, fact: Verified, to: str, *sent: str) -> Reason | None:
    sent_to = frozenset(map(MemberId, sent))
    return reason_of(release_fact(fact, MemberId(to), sent_to, world.membership, world.now))


@given(st.sets(st.sampled_from(EVERYBODY)), st.sampled_from(EVERYBODY))
@settings(max_examples=60, deadline=None)
def test_a_fact_goes_only_to_whom_an_item_under_its_control_was_sent(sent: set[str], to: str) -> None:
    world = four()
    fact = world.widen(world.item("north", "AMBER", ["east"]), "south")

    assert (travels(world, fact, to, *sent) is None) == (to in sent and to in MEMBERS)


def test_a_suspended_member_gets_recalls_and_cancellations_and_no_other_fact() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    recall = world.recall(item)
    cancel = world.cancel(recall, at=world.wait(1))
    grant = world.grant(item, "south")
    narrow = world.narrow(item, Marking(tlp="AMBER"))
    world.act("east", "suspended", at=world.wait(1))

    assert travels(world, recall, "east", "east") is None
    assert travels(world, cancel, "east", "east") is None
    assert travels(world, recall, "east") is Reason.NOT_SENT
    for fact in (grant, narrow):
        assert travels(world, fact, "east", "east") is Reason.SUSPENDED
    world.act("east", "withdrawn", at=world.wait(1))
    assert travels(world, recall, "east", "east") is Reason.NOT_A_MEMBER


def test_an_item_does_not_travel_as_a_fact_nor_a_fact_as_an_item() -> None:
    world = four()
    item = world.item("north", "RED", [])
    fact = world.grant(item, "south")

    assert travels(world, item, "south", "south") is Reason.NOT_A_FACT
    assert reason_of(world.release(fact, "south")) is Reason.NO_CONTROL


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_reader_needs_no_item_that_it_does_not_hold(made: tuple[World, list[Verified]]) -> None:
    world, items = made

    for item in items:
        wanted = {c.id for c in item.controls}
        cited: set[object] = {cite.item for cite in item.statement.cites}
        near = [f for f in world.facts.known.values() if _near(f, wanted, cited)]
        alone = NO_FACTS.plus(near)
        for to in EVERYBODY:
            decision = release(item, MemberId(to), alone, world.membership, world.now)
            assert decision == world.release(item, to)


def _near(fact: AnyFact, controls: set[ControlId], cited: set[object]) -> bool:
    """Whether a fact is about an item's controls, about what it cites, or a recall, of which an hour has few."""
    if controls & set(controls_named(fact.body)) or isinstance(fact.body, (Recall, Narrow)):
        return True
    return isinstance(fact.body, Grant) and fact.body.item in cited
