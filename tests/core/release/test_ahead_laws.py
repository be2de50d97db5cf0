"""A clock that is ahead: what it dates counts from when it was seen, and lets in nobody whom the truth would not."""

from hypothesis import given, settings
from hypothesis import strategies as st
from test_release_laws import four, reason_of

from quartet.core.facts import fact_of
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Case, Reason, Released
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, control_of

HOUR = 3600 * SECOND
LATER = Micros(NOON + HOUR)


def seen(world: World, item: Verified, at: Micros = NOON) -> Verified:
    """Have the item known to be here at a time."""
    world.facts = world.facts.first_seen(control_of(item).id, at)
    return item


def fact_seen(world: World, fact: Verified, at: Micros = NOON) -> None:
    facts = (fact_of(v, at if v.id == fact.id else None) for v in world.stated)
    world.facts = type(world.facts).NONE.plus(facts)


def test_an_item_from_a_clock_that_is_ahead_is_there_as_soon_as_it_is_seen() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], at=LATER)
    before = world.release(item, "east")

    seen(world, item)

    assert reason_of(before) is Reason.NOT_STANDING
    assert isinstance(world.release(item, "east"), Released)
    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED


def test_who_becomes_a_member_between_the_true_and_the_false_date_is_not_let_in() -> None:
    world = four()
    item = seen(world, world.item("north", "AMBER", ["east", "late"], at=LATER))
    world.act("late", "active", at=Micros(NOON + HOUR // 2))

    world.wait(7200)

    assert isinstance(world.release(item, "east"), Released)
    assert reason_of(world.release(item, "late")) is Reason.NOT_STANDING


@given(st.integers(-HOUR, 2 * HOUR), st.integers(-HOUR, 2 * HOUR), st.integers(0, 3 * HOUR))
@settings(max_examples=80, deadline=None)
def test_a_false_date_admits_nobody_whom_the_true_one_would_not(false: int, admitted: int, later: int) -> None:
    world = four()
    true = world.item("north", "AMBER", ["east", "late"])
    lying = seen(world, world.item("north", "AMBER", ["east", "late"], at=Micros(NOON + max(false, 0))))
    world.act("late", "active", at=Micros(NOON + admitted))
    world.wait(later / SECOND)

    for to in ("east", "late"):
        if isinstance(world.release(lying, to), Released):
            assert isinstance(world.release(true, to), Released)


def test_what_was_seen_after_its_date_is_as_old_as_its_date() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east", "late"])
    world.act("late", "active", at=world.wait(60))

    seen(world, item, at=world.wait(60))

    assert reason_of(world.release(item, "late")) is Reason.NOT_STANDING
    assert world.facts.first_seen(control_of(item).id, Micros(NOON + HOUR)) is world.facts, "the earliest stays"


def test_grant_widening_and_narrowing_of_a_clock_that_is_ahead_count_from_when_they_are_seen() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    grant = world.grant(item, "south", at=LATER)
    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED
    fact_seen(world, grant)
    assert isinstance(world.release(item, "south"), Released)

    widen = world.widen(item, "west", at=Micros(LATER + 1))
    fact_seen(world, widen)
    assert isinstance(world.release(item, "west"), Released)

    narrow = world.narrow(item, Marking(tlp="AMBER", rel=()), at=Micros(LATER + 2))
    fact_seen(world, narrow)
    assert not any(isinstance(world.release(item, to), Released) for to in ("east", "west"))


def test_facts_of_one_clock_keep_their_order_though_they_are_seen_at_once() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    said = [
        world.narrow(item, Marking(tlp="AMBER", rel=()), at=LATER),
        world.widen(item, "east", at=Micros(LATER + 1)),
    ]

    world.facts = type(world.facts).NONE.plus(fact_of(v, NOON) for v in said)

    assert isinstance(world.release(item, "east"), Released)


def test_what_was_seen_before_its_date_has_no_horizon_there() -> None:
    world = four()
    item = seen(world, world.item("north", "AMBER", ["east"], at=LATER))

    assert Case(item, world.facts, world.membership, NOON).horizon() > LATER
    assert ItemId(item.id) == item.id
