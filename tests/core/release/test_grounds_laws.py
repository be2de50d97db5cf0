"""Why a control admits and why a grant ended: what is told to people agrees with what the rule decides."""

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import MEMBERS, TIMES, worlds
from test_release_laws import four

from quartet.core.facts import Fact, Grant
from quartet.core.grounds import Ground, grant_ended, grounds
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Released, release
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, control_of


def told(world: World, item: Verified, to: str, now: Micros) -> dict[str, Ground]:
    found = grounds(item, MemberId(to), world.facts, world.membership, now)
    return {one.control: one for one in found}


def ended(world: World, grant: Verified, control: Verified, now: Micros) -> str | None:
    fact = cast(Fact[Grant], world.facts.known.get(grant.id))
    return grant_ended(fact, control_of(control).control, world.facts, world.membership, now)


@settings(deadline=None)
@given(worlds(), st.sampled_from(MEMBERS), st.sampled_from(TIMES))
def test_what_is_released_is_explained_control_by_control_by_the_facts_that_go_along(
    made: tuple[World, list[Verified]], to: str, now: Micros
) -> None:
    world, items = made
    for item in items:
        decision = release(item, MemberId(to), world.facts, world.membership, now)
        if isinstance(decision, Released):
            found = told(world, item, to, now)

            assert set(found) == {c.id for c in item.controls}
            assert sorted({fact for one in found.values() for fact in one.facts}) == list(decision.grants)
            assert all((one.by == "facts") == bool(one.facts) for one in found.values())


@settings(deadline=None)
@given(worlds(), st.sampled_from(TIMES))
def test_a_grant_that_stands_admits_and_one_that_admits_has_not_ended(
    made: tuple[World, list[Verified]], now: Micros
) -> None:
    world, items = made
    by_id = {item.id: item for item in items}
    for fact in world.facts.known.values():
        if not isinstance(fact.body, Grant) or fact.begins > now:
            continue
        grant, item = cast(Fact[Grant], fact), by_id[ItemId(fact.body.item)]
        for c in item.controls:
            if c.id == grant.body.control and c.control.controller != grant.body.member:
                end = grant_ended(grant, c.control, world.facts, world.membership, now)
                found = told(world, item, grant.body.member, now).get(c.id)

                if found is not None and grant.id in found.facts:
                    assert end is None
                if end is None and grant.body.scope == "ITEM":
                    assert found is not None


LATER = Micros(NOON + 10_000_000)


def test_each_end_of_a_grant_is_told_by_its_own_word() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    grant = world.grant(item, "south", until=Micros(NOON + 5_000_000), at=NOON)
    stranger = world.grant(item, "south", by="west", at=NOON)

    assert ended(world, grant, item, NOON) is None
    assert ended(world, grant, item, LATER) == "over"
    assert ended(world, stranger, item, NOON) == "void"
    world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("east"),)), at=NOON)  # at equal time it wins
    assert ended(world, grant, item, NOON) == "narrowed"


@pytest.mark.parametrize(
    ("marking", "word"),
    [
        (Marking(tlp="AMBER", rel=(), onward="NEVER"), "onward-never"),
        (Marking(tlp="AMBER", rel=(), expires=Micros(NOON + 1)), "expired"),
    ],
)
def test_a_marking_that_closes_ends_its_grants(marking: Marking, word: str) -> None:
    world = four()
    item = world.publish("north", marking)
    grant = world.grant(item, "south", at=NOON)

    assert ended(world, grant, item, Micros(NOON + 2)) == word


def test_a_suspension_and_a_late_record_end_a_grant() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    grant = world.grant(item, "south", at=NOON)
    late = world.facts.recorded_late(grant.id)
    fact = cast(Fact[Grant], world.facts.known.get(grant.id))

    assert grant_ended(fact, control_of(item).control, late, world.membership, NOON) == "late"
    world.act("south", "withdrawn", at=Micros(NOON + 1))
    assert ended(world, grant, item, Micros(NOON + 2)) == "not-standing"
