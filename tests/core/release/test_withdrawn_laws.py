"""A warning in force that was taken back: still told, without its words, to who could see it, and kept till over."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import MEMBERS
from test_release_laws import four, reason_of
from test_viewing_laws import officer, sees

from quartet.core.facts import HOUR
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.recall import Coverage, destroy_due
from quartet.core.release import Door, Reason, Released, gateway
from quartet.core.verify import Verified
from quartet.core.warning import MAX_IN_FORCE, ends, in_force_until
from quartet.core.withdrawn import Withdrawn, withdrawn, withdrawn_at
from quartet.exercise.world import NOON, World

LASTS = 90_000
UNTIL = Micros(NOON + LASTS * SECOND)


def warning(world: World, author: str = "north", rel: tuple[str, ...] | None = ("east",), **more: Any) -> Verified:
    body = more.pop("body", {"title": "Flood", "text": "", "attachments": [], "form": {"until": UNTIL, "area": "x"}})
    return world.item(author, more.pop("tlp", "AMBER"), rel, kind=more.pop("kind", "early-warning"), body=body, **more)


def told(world: World, item: Verified, member: str, name: str = "anna", **more: Any) -> Withdrawn | None:
    return withdrawn(item, officer(member, name, **more), world.facts, world.membership, world.now)


def test_it_is_told_by_whom_it_was_taken_back_and_the_item_itself_stays_hidden() -> None:
    world = four()
    item = warning(world)

    world.recall(item, at=world.wait(60))

    for member in ("north", "east"):
        found = told(world, item, member)
        assert found is not None
        assert (found.by, found.at) == ((MemberId("north"),), NOON + 60 * SECOND)
        assert sees(world, item, officer(member), held=True) is Reason.RECALLED
    assert reason_of(world.release(item, "east")) is Reason.RECALLED


@given(st.sampled_from(MEMBERS), st.sets(st.sampled_from(MEMBERS)), st.sampled_from(MEMBERS))
@settings(max_examples=40, deadline=None)
def test_who_could_not_see_it_is_told_nothing_of_its_withdrawal(author: str, rel: set[str], viewer: str) -> None:
    world = four()
    item = warning(world, author, tuple(rel))
    could = sees(world, item, officer(viewer)) is None

    world.recall(item)

    assert (told(world, item, viewer) is not None) == could


def test_a_red_one_is_told_to_the_persons_named_alone() -> None:
    world = four()
    item = warning(world, tlp="RED", persons=("east/anna", "north/anna"))

    world.recall(item)

    assert told(world, item, "east") is not None
    assert told(world, item, "east", "ben") is None


def test_what_it_contains_is_asked_too() -> None:
    world = four()
    source = world.item("south", "AMBER", ["north"])
    item = warning(world, contains=[source])

    world.recall(item)

    assert told(world, item, "east") is None
    assert told(world, item, "north") is not None


def test_a_caveat_asks_for_training_all_the_same() -> None:
    world = four()
    item = warning(world, caveats=("PERSONAL",))

    world.recall(item)

    assert told(world, item, "east", trained=frozenset()) is None


def test_once_it_is_over_it_is_told_no_more_and_what_was_not_taken_back_is_not_withdrawn() -> None:
    world = four()
    item, other = warning(world), warning(world)
    world.recall(item)

    assert told(world, other, "east") is None
    world.wait(LASTS - 1)
    assert told(world, item, "east") is not None
    world.wait(1)
    assert told(world, item, "east") is None


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "report"},
        {"body": {"title": "x"}},
        {"body": {"form": {"until": "tomorrow"}}},
        {"body": {"form": []}},
        {"body": "Flood"},
    ],
)
def test_what_is_no_warning_is_hidden_whole(more: dict[str, Any]) -> None:
    world = four()
    item = warning(world, **more)

    world.recall(item)

    assert told(world, item, "east") is None


def test_a_second_recall_is_told_too_and_the_last_is_when() -> None:
    world = four()
    source = world.item("east", "AMBER", ["north"])
    item = warning(world, contains=[source])
    world.recall(item, at=Micros(NOON + SECOND))
    world.recall(item, by="east", controls=[source], at=Micros(NOON + 2 * SECOND))

    found = told(world, item, "north")

    assert found is not None
    assert (found.by, found.at) == ((MemberId("east"), MemberId("north")), NOON + 2 * SECOND)


@given(st.booleans(), st.integers(0, 3 * LASTS))
@settings(max_examples=30, deadline=None)
def test_no_holder_destroys_it_before_it_is_over_and_every_one_does_afterwards(life: bool, after: int) -> None:
    world = four()
    item, report = warning(world), world.item("north", "AMBER", ["east"])
    for one in (item, report):
        for who in ("officer", "second") if life else ("officer",):
            world.recall(one, officer=who, reason="LIFE" if life else "NORMAL")
    came = Micros(NOON + after * SECOND)
    known = {ItemId(f.id): Coverage(recorded=came, receipted=came, received=came, gap=False) for f in world.stated}

    due, usual = (destroy_due(one, world.facts, world.membership, known) for one in (item, report))

    assert due is not None
    assert usual is not None
    assert due == max(usual, UNTIL)
    assert due - UNTIL < 4 * LASTS * SECOND + 24 * HOUR


def lasting(world: World, until: int, at: int) -> Verified:
    body = {"title": "Flood", "text": "", "form": {"until": until}}
    return warning(world, body=body, at=Micros(at), rel=("east",))


@given(st.integers(0, 2**53 - 1), st.integers(-HOUR, HOUR), st.none() | st.integers(-HOUR, HOUR))
@settings(max_examples=60, deadline=None)
def test_none_is_in_force_longer_than_seven_days_after_its_issue_whatever_it_says(
    until: int, dated: int, seen: int | None
) -> None:
    world = four()
    item = lasting(world, until, NOON + dated)
    assert item.own is not None
    if seen is not None:
        world.facts = world.facts.first_seen(item.own.id, Micros(NOON + seen))
    issued = NOON + (dated if seen is None else min(dated, seen))

    found = in_force_until(item, world.facts)

    assert found == min(until, issued + 7 * 24 * HOUR)
    assert found == ends(until, issued) <= issued + MAX_IN_FORCE


@pytest.mark.parametrize("dated", [0, 400 * 24 * HOUR])
def test_one_that_says_it_holds_for_ever_delays_no_purge_and_is_told_no_longer(dated: int) -> None:
    world = four()
    item = lasting(world, 2**53 - 1, NOON + dated)
    assert item.own is not None
    world.facts = world.facts.first_seen(item.own.id, NOON)
    recall = world.recall(item)
    known = {ItemId(recall.id): Coverage(recorded=NOON, receipted=NOON, received=NOON, gap=False)}
    week = 7 * 24 * 3600

    due = destroy_due(item, world.facts, world.membership, known)

    assert due == NOON + week * SECOND
    world.wait(week - 1)
    assert told(world, item, "east") is not None
    world.wait(1)
    assert told(world, item, "east") is None


def test_taken_back_and_given_back_it_is_a_warning_again() -> None:
    world = four()
    item = warning(world)
    recall = world.recall(item)

    world.cancel(recall, at=world.wait(60))

    assert told(world, item, "east") is None
    assert isinstance(world.release(item, "east"), Released)


@given(
    st.sampled_from(MEMBERS),
    st.sets(st.sampled_from(MEMBERS)),
    st.sampled_from(MEMBERS),
    st.booleans(),
    st.sampled_from(["AMBER", "GREEN", "CLEAR"]),
)
@settings(max_examples=60, deadline=None)
def test_a_door_is_told_of_a_withdrawal_when_the_warning_could_pass_it_and_only_then(
    author: str, rel: set[str], member: str, answered: bool, tlp: str
) -> None:
    world = four()
    item = warning(world, author, None if tlp == "CLEAR" else tuple(rel), tlp=tlp)
    principals = (officer(member),) if answered else ()
    door = Door(member=MemberId(member), principals=principals, purpose=None, carries_markings=True)
    passed = isinstance(gateway(item, door, world.facts, world.membership, world.now, held=True), Released)
    assert withdrawn_at(item, door, world.facts, world.membership, world.now) is None

    world.recall(item)

    assert not isinstance(gateway(item, door, world.facts, world.membership, world.now, held=True), Released)
    assert (withdrawn_at(item, door, world.facts, world.membership, world.now) is not None) == passed
    world.wait(LASTS)
    assert withdrawn_at(item, door, world.facts, world.membership, world.now) is None


def test_what_may_pass_no_door_is_not_told_there_when_it_is_taken_back() -> None:
    world = four()
    item = warning(world, caveats=("NO_GATEWAY",))
    door = Door(member=MemberId("north"), principals=(officer("north"),), purpose=None, carries_markings=True)

    world.recall(item)

    assert withdrawn_at(item, door, world.facts, world.membership, world.now) is None
