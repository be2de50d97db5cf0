"""What a new item that contains others is offered: the algebra, and that it never widens."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs
from release_worlds import MEMBERS, TIMES, markings, odd, worldly
from test_release_laws import four, reason_of
from test_viewing_laws import officer

from quartet.core.combine import combine, open_persons
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import Marking, check_marking, tlp_at
from quartet.core.release import Reason, Released, may_keep, may_view
from quartet.exercise.world import NOON, control_of

any_marking = markings() | worldly | odd
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in MEMBERS)


@given(any_marking, any_marking)
@settings(max_examples=300, deadline=None)
def test_combining_is_commutative(a: Marking, b: Marking) -> None:
    assert combine([a, b]) == combine([b, a])


@given(any_marking, any_marking, any_marking)
@settings(max_examples=300, deadline=None)
def test_combining_is_associative(a: Marking, b: Marking, c: Marking) -> None:
    ways = {combine(list(order)) for order in permutations((a, b, c))}

    ways.add(combine([combine([a, b]), c]))
    ways.add(combine([a, combine([b, c])]))

    assert len(ways) == 1


@given(any_marking, any_marking)
@settings(max_examples=300, deadline=None)
def test_combining_is_idempotent(a: Marking, b: Marking) -> None:
    assert combine([a, a]) == combine([a])
    assert combine([combine([a, b]), b, a]) == combine([a, b])


@given(any_marking, any_marking)
@settings(max_examples=200, deadline=None)
def test_what_is_combined_is_well_formed(a: Marking, b: Marking) -> None:
    check_marking(combine([a, b]))


@given(
    any_marking,
    any_marking,
    st.sampled_from(TIMES),
    st.sampled_from(["anna", "ben"]),
    st.sampled_from(["relief", None]),
)
@settings(max_examples=250, deadline=None)
def test_what_is_combined_is_an_upper_bound(
    a: Marking, b: Marking, now: Micros, name: str, purpose: str | None
) -> None:
    world = four("relief", "sar")
    before = Micros(NOON - 60 * SECOND)
    both = world.publish("north", combine([a, b]), at=before)
    viewers = [officer(m, name, purpose=purpose, trained=frozenset({"PERSONAL"})) for m in MEMBERS[1:]]

    for marking in (a, b):
        one = world.publish("north", marking, at=before)
        for viewer in viewers:
            for may in (may_view, may_keep):
                who = viewer if may is may_view else viewer.member
                if isinstance(may(both, who, world.facts, world.membership, now), Released):  # type: ignore[arg-type]
                    assert isinstance(may(one, who, world.facts, world.membership, now), Released)  # type: ignore[arg-type]


@given(any_marking, any_marking, st.sampled_from(TIMES))
@settings(max_examples=200, deadline=None)
def test_tlp_over_time_is_the_stricter_of_both_at_every_time(a: Marking, b: Marking, now: Micros) -> None:
    words = {tlp_at(a, now), tlp_at(b, now)}

    assert tlp_at(combine([a, b]), now) in words
    order = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED", "PURPLE")
    assert tlp_at(combine([a, b]), now) == max(words, key=order.index)


def test_nothing_is_not_combined() -> None:
    with pytest.raises(ValueError, match="nothing to combine"):
        combine([])


def test_every_field_is_as_narrow_as_the_narrowest() -> None:
    a = Marking(
        tlp="GREEN",
        rel=(EAST, SOUTH),
        onward="NEVER",
        purposes=("relief", "sar"),
        caveats=("EXERCISE",),
        hold=True,
        attribution="CHATHAM_HOUSE",
        expires=Micros(50),
        review_at=Micros(9),
        alt_labels=("VS-NfD",),
    )
    b = Marking(
        tlp="RED", rel=(SOUTH, WEST), persons=("south/anna",), mode="DISPLAY", purposes=("sar",), expires=Micros(70)
    )

    assert combine([a, b]) == Marking(
        tlp="RED",
        rel=(SOUTH,),
        persons=("south/anna",),
        onward="NEVER",
        mode="DISPLAY",
        purposes=("sar",),
        caveats=("EXERCISE",),
        attribution="CHATHAM_HOUSE",
        expires=Micros(50),
        review_at=Micros(9),
    )


def test_hold_is_offered_only_where_all_hold() -> None:
    held, free = Marking(tlp="GREEN", rel=(EAST,), hold=True), Marking(tlp="GREEN", rel=(EAST,))

    assert combine([held, held]).hold is True
    assert combine([held, free]).hold is UNSET


def test_the_worlds_rel_is_everybody() -> None:
    worlds = Marking(tlp="CLEAR", onward="TLP_RULE", rel=(EAST,))
    named = Marking(tlp="GREEN", onward="TLP_RULE", rel=(SOUTH,))

    assert combine([worlds, named]).rel == (SOUTH,)
    assert combine([worlds]).rel is UNSET
    assert combine([worlds, Marking(tlp="CLEAR", onward="TLP_RULE", rel=())]).rel == ()


def test_what_becomes_the_worlds_later_names_only_whom_it_names() -> None:
    becoming = Marking(tlp="GREEN", rel=(EAST,), onward="TLP_RULE", downgrade=((Micros(9), "CLEAR"),))

    assert combine([becoming, Marking(tlp="GREEN", rel=(SOUTH,), onward="TLP_RULE")]).rel == ()


@pytest.mark.parametrize(
    "unnamed", [Marking(tlp="RED", rel=(EAST,)), Marking(tlp="GREEN", rel=(EAST,), downgrade=((Micros(9), "RED"),))]
)
def test_red_that_names_nobody_leaves_nobody(unnamed: Marking) -> None:
    named = Marking(tlp="RED", rel=(EAST,), persons=("east/anna",))

    assert combine([unnamed, named]).persons == ()
    assert combine([Marking(tlp="AMBER", rel=(EAST,)), named]).persons == ("east/anna",)


def test_tlp_over_time_keeps_the_later_downgrade() -> None:
    a = Marking(tlp="RED", downgrade=((Micros(10), "GREEN"),))
    b = Marking(tlp="AMBER", downgrade=((Micros(20), "CLEAR"),))

    both = combine([a, b])

    assert (both.tlp, both.downgrade) == ("RED", ((10, "AMBER"), (20, "GREEN")))


def test_persons_of_a_control_are_found_among_the_known() -> None:
    world = four()
    item = world.item("north", "RED", ["east"], persons=("east/anna", "east/ben"))
    other = world.item("south", "RED", ["east"], persons=("east/ben", "east/carl"))

    opened = [open_persons(control_of(i).control, ["east/anna", "east/ben", "west/anna"]) for i in (item, other)]

    assert opened[0].persons == ("east/anna", "east/ben")
    assert opened[1].persons == ("east/ben",)
    assert combine(opened).persons == ("east/ben",)
    plain = control_of(world.item("north", "AMBER", ["east"])).control
    assert open_persons(plain, ["east/anna"]) == plain.marking


def test_what_contains_and_is_marked_as_offered_reaches_all_that_each_source_admits() -> None:
    world = four()
    sources = [world.item("north", "GREEN", ["east", "south"]), world.item("south", "AMBER", ["east", "north"])]
    offered = combine([control_of(s).control.marking for s in sources])

    derived = world.publish("east", offered, contains=sources)
    reached = {m for m in MEMBERS if isinstance(world.release(derived, m), Released)}

    assert offered.named == ("east",)
    assert reached == {"east"}
    assert reason_of(world.release(derived, "west")) is Reason.NOT_NAMED


@given(st.lists(any_marking, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_many_are_combined_as_two_by_two(many: list[Marking]) -> None:
    assert combine(many) == reduce(lambda a, b: combine([a, b]), many, combine(many[:1]))
    assert structs.replace(combine(many), alt_labels=UNSET) == combine(many)
