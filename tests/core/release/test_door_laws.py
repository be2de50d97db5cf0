"""A door has a bound: whatever its readers may have, what is marked narrower than that does not pass."""

from hypothesis import given, settings
from hypothesis import strategies as st
from release_worlds import worlds
from test_release_laws import four
from test_viewing_laws import officer

from quartet.core.ids import MemberId
from quartet.core.marking import TLP_ORDER, Marking
from quartet.core.reasons import Reason
from quartet.core.release import Door, Released, Viewer, Withheld, gateway, gateway_text
from quartet.core.terms import terms_at
from quartet.core.verify import Verified
from quartet.exercise.world import World


def door(most: str, *principals: Viewer, carries: bool = True) -> Door:
    return Door(MemberId("east"), principals, None, carries_markings=carries, most=most)  # type: ignore[arg-type]


def passes(world: World, item: Verified, through: Door) -> Reason | None:
    decision = gateway(item, through, world.facts, world.membership, world.now)
    return decision.reason if isinstance(decision, Withheld) else None


def test_what_is_marked_narrower_than_a_doors_bound_does_not_pass() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    assert passes(world, item, door("AMBER", officer("east"))) is None
    assert passes(world, item, door("GREEN", officer("east"))) is Reason.ABOVE_DOOR
    assert passes(world, item, door("CLEAR", officer("east"))) is Reason.ABOVE_DOOR


def test_every_control_that_an_item_carries_is_held_against_the_bound() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    derived = world.publish("east", Marking(tlp="CLEAR", onward="TLP_RULE"), contains=[source])

    assert passes(world, derived, door("AMBER", officer("east"))) is None
    assert passes(world, derived, door("GREEN", officer("east"))) is Reason.ABOVE_DOOR


@given(worlds(), st.sampled_from(TLP_ORDER), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_bound_only_takes_away_and_nothing_above_it_passes(
    made: tuple[World, list[Verified]], most: str, answered: bool
) -> None:
    world, items = made
    people = [officer("east")] if answered else []

    for item in items:
        bounded = gateway(item, door(most, *people), world.facts, world.membership, world.now)
        free = gateway(item, door("RED", *people), world.facts, world.membership, world.now)
        assert bounded == free or isinstance(bounded, Withheld)
        if isinstance(bounded, Released):
            labels = [terms_at(c.control, world.facts.on(c.id), world.now).tlp(world.now) for c in item.controls]
            assert max(labels) <= TLP_ORDER.index(most)


@given(st.text(max_size=12) | st.sampled_from(TLP_ORDER), st.sampled_from(TLP_ORDER), st.booleans(), st.booleans())
def test_a_text_that_is_no_item_passes_within_the_bound_and_above_clear_only_where_somebody_answers(
    tlp: str, most: str, answered: bool, carries: bool
) -> None:
    why = gateway_text(tlp, door(most, *([officer("east")] if answered else []), carries=carries))

    within = tlp in TLP_ORDER[: TLP_ORDER.index(most) + 1] and tlp != "RED"
    assert (why is Reason.ABOVE_DOOR) == (not within)
    assert (why is None) == (within and (tlp == "CLEAR" or (answered and carries)))
