"""What stays home: for every such kind no marking, no chain of facts and no door takes it to another member."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import EVERYBODY, MEMBERS, TIMES, markings, members, narrowings, worldly, worlds
from test_release_laws import four, reason_of

from quartet.core.home import HOME_KINDS, INDOORS, NAMED_KINDS
from quartet.core.ids import MemberId, OfficerName
from quartet.core.release import Consent, Door, Reason, Released, Viewer, Withheld, consent_needed, gateway, may_view
from quartet.core.verify import Verified
from quartet.exercise.world import World

homely = st.sampled_from(sorted(HOME_KINDS))
steps = st.lists(
    st.tuples(st.sampled_from(["grant", "following", "widen", "narrow", "delegate", "leave"]), members, members),
    max_size=8,
)


def fact(world: World, item: Verified, step: tuple[str, str, str], data: st.DataObject) -> None:
    """State a fact about an item, by whoever it is, or have its author leave: what a chain is made of."""
    word, by, to = step
    at = data.draw(st.sampled_from(TIMES))
    if word in ("grant", "following"):
        scope: Any = "ITEM" if word == "grant" else "FOLLOWING"
        world.grant(item, to, by=by, scope=scope, at=at)
    elif word == "widen":
        world.widen(item, to, by=by, at=at)
    elif word == "narrow":
        world.narrow(item, data.draw(narrowings()), by=by, at=at)
    elif word == "delegate":
        world.delegate(item, to, by=by, at=at)
    else:
        world.act(by, "withdrawn", at=at)


@given(homely, markings() | worldly, steps, st.data())
@settings(max_examples=150, deadline=None)
def test_no_marking_and_no_chain_of_facts_releases_what_stays_home_to_another_member(
    kind: str, marking: Any, chain: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    world = four("relief", "sar")
    first = world.item("north", "AMBER", MEMBERS)
    item = world.publish("north", marking, kind=kind, cites=[first])
    for step in chain:
        fact(world, data.draw(st.sampled_from([item, first])), step, data)

    for now in (*TIMES, world.wait(9)):
        world.now = now
        for to in set(EVERYBODY) - {"north"}:
            for held in (False, True):
                viewer = Viewer(member=MemberId(to), name=OfficerName("anna"))
                decision = may_view(item, viewer, world.facts, world.membership, now, held=held)
                assert not isinstance(decision, Released)
            assert not isinstance(world.release(item, to), Released)
            asked = consent_needed(item, MemberId(to), world.facts, world.membership, now)
            assert not isinstance(asked, Consent)


@pytest.mark.parametrize("kind", sorted(HOME_KINDS))
def test_its_own_officers_see_it_and_the_author_is_told_why_no_other_does(kind: str) -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], kind=kind)
    world.widen(item, "south")
    world.grant(item, "west")

    assert isinstance(world.release(item, "north"), Released)
    assert {reason_of(world.release(item, to)) for to in ("east", "south", "west")} == {Reason.STAYS_HOME}
    asked = consent_needed(item, MemberId("west"), world.facts, world.membership, world.now)
    assert isinstance(asked, Withheld)
    assert asked.reason is Reason.STAYS_HOME


@pytest.mark.parametrize("kind", sorted(NAMED_KINDS))
def test_what_names_its_parties_goes_to_them_and_no_grant_or_widening_adds_one(kind: str) -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], kind=kind)
    plain = world.item("north", "AMBER", ["east"])
    for one in (item, plain):
        world.wait(1)
        world.widen(one, "south")
        world.grant(one, "west")

    assert [m for m in MEMBERS if isinstance(world.release(plain, m), Released)] == list(MEMBERS)
    assert [m for m in MEMBERS if isinstance(world.release(item, m), Released)] == ["north", "east"]
    asked = consent_needed(item, MemberId("west"), world.facts, world.membership, world.now)
    assert isinstance(asked, Withheld)
    assert asked.reason is Reason.STAYS_HOME


@given(worlds(), st.sampled_from(sorted(NAMED_KINDS)), st.lists(st.tuples(members, members), max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_else_is_so_a_party_that_no_marking_names_is_not_added(
    made: tuple[World, list[Verified]], kind: str, said: list[tuple[str, str]]
) -> None:
    world, items = made
    item = world.item("north", "AMBER", ["east"], kind=kind, cites=items[:1])
    for by, to in said:
        world.widen(item, to, by=by)
        world.grant(item, to, by=by)
        world.grant(items[0], to, by=by, scope="FOLLOWING")

    assert {m for m in EVERYBODY if isinstance(world.release(item, m), Released)} <= {"north", "east"}


@pytest.mark.parametrize("kind", sorted(INDOORS))
@pytest.mark.parametrize("marking", [{"tlp": "AMBER", "rel": ("east",)}, {"tlp": "CLEAR", "rel": None}])
def test_it_passes_no_door_whoever_answers_and_whatever_its_marking_says(kind: str, marking: dict[str, Any]) -> None:
    world = four()
    item = world.item("north", **marking, onward="TLP_RULE", kind=kind)
    plain = world.item("north", **marking, onward="TLP_RULE")
    people = (Viewer(member=MemberId("north"), name=OfficerName("anna")),)

    def passes(one: Verified) -> bool:
        door = Door(MemberId("north"), people, None, carries_markings=True)
        return isinstance(gateway(one, door, world.facts, world.membership, world.now), Released)

    assert passes(plain)
    assert not passes(item)
