"""The rule against the same rule written plainly from the page."""

from hypothesis import given, settings
from hypothesis import strategies as st
from plain_rule import may_receive
from release_worlds import EVERYBODY, TIMES, worlds

from quartet.core.facts import Facts, facts_of
from quartet.core.ids import MemberId
from quartet.core.release import Released, release
from quartet.core.verify import Verified
from quartet.exercise.world import World


@settings(max_examples=150, deadline=None)
@given(worlds(("report", "report", "site-warning", "notification")), st.booleans())
def test_the_rule_decides_as_the_plain_rule_does(made: tuple[World, list[Verified]], held: bool) -> None:
    world, items = made

    for now in TIMES:
        for item in items:
            for to in EVERYBODY:
                decision = release(item, MemberId(to), world.facts, world.membership, now, held=held)
                plain = may_receive(item, to, world.stated, world.membership, now, held=held)
                assert isinstance(decision, Released) == plain, (to, now, decision)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(made: tuple[World, list[Verified]], random: object) -> None:
    world, items = made
    shuffled = [*world.stated, *world.stated[:2]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    again: Facts = facts_of(shuffled)

    assert again == world.facts
    assert all(again.on(c) == world.facts.on(c) for c in world.facts.controls)
    for item in items:
        for to in EVERYBODY:
            for now in TIMES[2:5]:
                one = release(item, MemberId(to), world.facts, world.membership, now)
                assert release(item, MemberId(to), again, world.membership, now) == one


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_no_sequence_of_facts_delivers_to_whom_no_controller_admits(made: tuple[World, list[Verified]]) -> None:
    world, items = made
    said = {v.statement.member for v in world.stated}

    for item in items:
        for c in item.controls:
            controller = c.control.controller
            if controller in said:
                continue
            for to in EVERYBODY:
                named = to in c.control.marking.named or to == controller
                if not named and c.control.marking.tlp != "CLEAR" and not c.control.marking.steps:
                    for now in TIMES:
                        decision = release(item, MemberId(to), world.facts, world.membership, now)
                        assert not isinstance(decision, Released), (to, controller)
