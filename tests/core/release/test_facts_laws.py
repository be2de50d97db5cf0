"""Facts: what is one, what it is about, and that they are a set."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from release_worlds import EVERYBODY, worlds
from test_release_laws import four

from quartet.core.encoding import Value, encode
from quartet.core.facts import BODIES, HOUR, NO_FACTS, Correction, Fact, Narrow, controls_named, fact_of, facts_of
from quartet.core.faults import Malformed
from quartet.core.ids import ControlId, ItemId, MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.release import Released, release
from quartet.core.shelf import DRAWERS, Shelf
from quartet.core.statement import FACT_KINDS
from quartet.core.terms import terms_at
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, control_of


def reason(fact: Verified, **statement: Any) -> str | None:
    try:
        fact_of(structs.replace(fact, statement=structs.replace(fact.statement, **statement)))
    except Malformed as fault:
        return fault.reason
    return None


def test_every_kind_of_fact_has_a_body() -> None:
    assert set(BODIES) == FACT_KINDS


def test_the_chair_states_no_fact() -> None:
    world = four()
    fact = world.grant(world.item("north", "AMBER", []), "south")

    assert reason(fact) is None
    assert reason(fact, hat="CHAIR") == "not-a-fact"


def test_a_fact_of_another_kind_or_a_later_version_is_none() -> None:
    world = four()
    fact = world.grant(world.item("north", "AMBER", []), "south")

    assert reason(fact, kind_v=2) == "not-a-fact"
    assert reason(fact, kind="report") == "not-a-fact"
    assert reason(fact, kind="recall") == "bad-body"


@given(worlds(), st.data())
@settings(max_examples=60, deadline=None)
def test_what_goes_along_with_an_item_opens_the_recipients_own_gate(
    made: tuple[World, list[Verified]], data: st.DataObject
) -> None:
    world, items = made
    item = data.draw(st.sampled_from(items))
    for to in EVERYBODY:
        there = world.release(item, to)
        if isinstance(there, Released):
            along = world.facts.along((c.id for c in item.controls), there.grants)
            here = facts_of([]).plus(found for fact in along if (found := world.facts.known.get(fact)))
            assert release(item, MemberId(to), here, world.membership, world.now) == there


def test_a_standing_grant_goes_along_with_what_it_admits_to_whoever_holds_nothing_of_what_it_follows() -> None:
    world = four()
    root = world.item("north", "AMBER", ["east"])
    grant = world.grant(root, "south", scope="FOLLOWING")
    world.wait(1)
    later = world.item("north", "AMBER", ["east"], cites=[root])
    admitted = world.release(later, "south")

    assert isinstance(admitted, Released)
    assert world.facts.along((c.id for c in later.controls), admitted.grants) == (grant.id,)


@pytest.mark.parametrize("change", [b'{"control": ', b'{"control":1,', b'{"x":1,"control":'])
def test_a_body_of_another_shape_or_spelling_is_refused(change: bytes) -> None:
    world = four()
    fact = world.grant(world.item("north", "AMBER", []), "south")

    body = bytes(fact.statement.body).replace(b'{"control":', change, 1)

    assert reason(fact, body=msgspec.Raw(body)) == "bad-body"


def test_a_narrowing_is_marked_as_a_marking_must_be() -> None:
    world = four()
    item = world.item("north", "AMBER", [])
    fact = world.narrow(item, Marking(tlp="AMBER"))
    unsorted: Value = Narrow(
        control=control_of(item).id, marking=Marking(tlp="AMBER", caveats=("PERSONAL", "EXERCISE"))
    )

    assert reason(fact, body=msgspec.Raw(encode(unsorted))) == "unsorted"


def test_a_fact_is_about_every_control_it_names() -> None:
    world = four()
    one, two = world.item("north", "AMBER", []), world.item("north", "AMBER", [])

    recall = world.recall(one, controls=[one, two])
    cancel = world.cancel(recall)
    correction = world.fact(
        "north",
        "correction",
        Correction(controls=(control_of(one).id, control_of(two).id), item=one.id, superseded_by=two.id),
    )

    for item in (one, two):
        ids = {fact.id for fact in world.facts.on(control_of(item).id).all}
        assert ids == {recall.id, cancel.id, correction.id}
    assert set(controls_named(fact_of(recall).body)) == {control_of(one).id, control_of(two).id}


def test_a_correction_found_late_stays() -> None:
    world = four()
    item = world.item("north", "AMBER", [])
    recall = world.recall(item)

    late = world.facts.recorded_late(recall.id)

    assert late.on(control_of(item).id) == world.facts.on(control_of(item).id)
    assert facts_of([]).recorded_late(recall.id).stated(recall).on(control_of(item).id).recalls


def test_what_states_no_fact_changes_nothing() -> None:
    world = four()

    assert world.facts.stated(world.item("north", "AMBER", [])) is world.facts


@given(st.lists(st.integers(0, 3 * HOUR), max_size=8, unique=True), st.integers(0, 3 * HOUR))
@settings(max_examples=40, deadline=None)
def test_the_recalls_of_an_hour_are_those_of_the_hour_before(times: list[int], at: int) -> None:
    world = four()
    item = world.item("north", "AMBER", [])
    for time in times:
        world.recall(item, at=Micros(NOON + time))
        world.recall(item, by="east", at=Micros(NOON + time))

    found = [fact.at - NOON for fact in world.facts.recalls_by(item.statement.member, Micros(NOON + at))]

    assert found == sorted(time for time in times if at - HOUR < time <= at)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_hearing_a_fact_again_changes_nothing(made: tuple[World, list[Verified]]) -> None:
    world, _ = made

    again = world.facts.plus(fact_of(v) for v in world.stated)

    assert again == world.facts
    assert facts_of(world.stated) == world.facts
    assert len(world.facts.known) == len(world.stated)
    assert (world.facts == NO_FACTS) == (not world.stated)
    assert hash(again) == hash(world.facts)


@given(st.lists(st.tuples(st.integers(0, 5 * DRAWERS), st.integers())))
def test_a_shelf_holds_what_a_mapping_holds_and_never_changes(pairs: list[tuple[int, int]]) -> None:
    shelf: Shelf[int, int] = Shelf()
    expected: dict[int, int] = {}

    for key, value in pairs:
        before, was = shelf, dict(expected)
        shelf = shelf.plus(key, value)
        expected[key] = value
        assert {k: before.get(k) for k in before} == was

    assert {key: shelf.get(key) for key in shelf} == expected
    assert len(shelf) == len(expected)
    assert sorted(shelf.values()) == sorted(expected.values())
    assert (shelf == Shelf()) == (not expected)
    assert shelf.get(-1) is None


def test_of_what_nobody_spoke_there_are_no_facts() -> None:
    assert NO_FACTS.on(ControlId("x")).all == ()
    assert NO_FACTS.following(ItemId("x")) == ()


def test_of_a_thousand_narrowings_that_ask_for_the_same_label_one_is_looked_at() -> None:
    world = four()
    item = world.item("north", "GREEN", ["east"])
    control = control_of(item)
    narrow = Narrow(control=control.id, marking=Marking(tlp="AMBER"))
    facts = NO_FACTS.plus(
        Fact(ItemId(f"{n:043}"), MemberId("north"), OfficerName("duty"), Micros(NOON + n), narrow) for n in range(1_000)
    )

    assert [fact.at for fact in facts.on(control.id).narrows] == [NOON + n for n in range(1_000)]
    assert len(terms_at(control.control, facts.on(control.id), Micros(NOON + 2_000)).profiles) == 2
