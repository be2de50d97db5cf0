"""Who may look, keep, and pass to another system."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs
from release_worlds import EVERYBODY, MEMBERS, worlds
from test_release_laws import four, reason_of

from quartet.core.control import person_hash
from quartet.core.ids import SECOND, MemberId, Micros, OfficerName
from quartet.core.marking import CAVEATS, Marking
from quartet.core.release import Decision, Door, Reason, Released, Viewer, alike, gateway, may_keep, may_view
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, control_of

ALL_TRAINED = frozenset(CAVEATS)


def officer(member: str, name: str = "anna", **fields: object) -> Viewer:
    return Viewer(member=MemberId(member), name=OfficerName(name), **{"trained": ALL_TRAINED, **fields})  # type: ignore[arg-type]


def sees(world: World, item: Verified, viewer: Viewer, *, held: bool = False) -> Reason | None:
    return reason_of(may_view(item, viewer, world.facts, world.membership, world.now, held=held))


def keeps(world: World, item: Verified, member: str) -> Decision:
    return may_keep(item, MemberId(member), world.facts, world.membership, world.now)


@given(st.sets(st.sampled_from(["north/anna", "north/ben", "east/anna", "east/ben"])))
@settings(max_examples=20, deadline=None)
def test_red_is_seen_by_the_named_only(named: set[str]) -> None:
    world = four()
    item = world.item("north", "RED", ["east"], persons=tuple(sorted(named)))

    for member in ("north", "east"):
        for name in ("anna", "ben"):
            seen = sees(world, item, officer(member, name)) is None
            assert seen == (f"{member}/{name}" in named)


def test_red_that_names_nobody_is_seen_by_nobody() -> None:
    world = four()

    item = world.item("north", "RED", ["east"])

    assert sees(world, item, officer("east")) is Reason.PERSON_NOT_NAMED
    assert sees(world, item, officer("north")) is Reason.PERSON_NOT_NAMED


def test_an_empty_list_of_persons_closes_whatever_the_label() -> None:
    world = four()

    item = world.item("north", "AMBER", ["east"], persons=())

    assert sees(world, item, officer("east")) is Reason.PERSON_NOT_NAMED


def test_a_person_is_named_in_every_red_control() -> None:
    world = four()
    source = world.item("north", "RED", ["east", "south"], persons=("south/anna", "south/ben"))
    derived = world.item("east", "RED", ["south"], contains=[source], persons=("south/anna", "south/carl"))
    amber = world.item("east", "AMBER", ["south"], contains=[source])

    assert sees(world, derived, officer("south", "anna")) is None
    assert sees(world, derived, officer("south", "ben")) is Reason.PERSON_NOT_NAMED
    assert sees(world, derived, officer("south", "carl")) is Reason.PERSON_NOT_NAMED
    assert sees(world, amber, officer("south", "ben")) is None
    assert sees(world, amber, officer("south", "carl")) is Reason.PERSON_NOT_NAMED


def test_to_be_named_does_not_let_a_member_in_that_is_not() -> None:
    world = four()

    item = world.item("north", "RED", ["east"], persons=("south/anna",))

    assert sees(world, item, officer("south")) is Reason.NOT_NAMED


def test_red_that_was_downgraded_is_seen_by_all_officers_from_then_on() -> None:
    world = four()
    steps = ((Micros(NOON + SECOND), "AMBER"),)
    item = world.item("north", "RED", ["east"], persons=("east/ben",), downgrade=steps)

    before = sees(world, item, officer("east"))
    world.wait(1)

    assert before is Reason.PERSON_NOT_NAMED
    assert sees(world, item, officer("east")) is None


def test_an_upgrade_to_red_closes_to_all_but_the_persons_it_names() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    plain = world.item("north", "AMBER", ["east"])
    named = person_hash(control_of(item).control.serial, "east", "ben")

    world.narrow(item, Marking(tlp="RED", persons=(named,)))
    world.narrow(plain, Marking(tlp="RED"))

    assert sees(world, item, officer("east", "ben")) is None
    assert sees(world, item, officer("east", "anna")) is Reason.PERSON_NOT_NAMED
    assert sees(world, plain, officer("east", "ben")) is Reason.PERSON_NOT_NAMED


def test_a_narrowing_adds_no_person() -> None:
    world = four()
    named = world.item("north", "RED", ["east"], persons=("east/ben",))
    absent = world.item("north", "RED", ["east"])

    for item in (named, absent):
        hashed = person_hash(control_of(item).control.serial, "east", "anna")
        world.narrow(item, Marking(tlp="RED", persons=(hashed,)))

    assert sees(world, named, officer("east", "anna")) is Reason.PERSON_NOT_NAMED
    assert sees(world, named, officer("east", "ben")) is Reason.PERSON_NOT_NAMED
    assert sees(world, absent, officer("east", "anna")) is Reason.PERSON_NOT_NAMED


@pytest.mark.parametrize(
    ("tlp", "reason"), [("CLEAR", None), ("GREEN", None), ("AMBER", None), ("AMBER+STRICT", Reason.CLIENT)]
)
def test_bodies_under_a_member_see_up_to_amber(tlp: str, reason: Reason | None) -> None:
    world = four()
    source = world.item("north", tlp, ["east"])
    derived = world.item("north", "GREEN", ["east"], contains=[source])
    client = officer("east", body="harbour")

    assert sees(world, source, client) is reason
    assert sees(world, derived, client) is reason
    assert sees(world, source, officer("east")) is None


def test_use_is_for_the_purposes_that_every_control_allows() -> None:
    world = four("relief", "sar")
    source = world.item("north", "AMBER", ["east", "south"], purposes=("relief",))
    derived = world.item("east", "AMBER", ["south"], contains=[source], purposes=("relief", "sar"))
    nobody = world.item("north", "AMBER", ["south"], purposes=())
    free = world.item("north", "AMBER", ["south"])
    world.grant(nobody, "east")

    assert reason_of(world.release(nobody, "east")) is Reason.PURPOSE
    assert sees(world, derived, officer("south", purpose="relief")) is None
    assert sees(world, derived, officer("south", purpose="sar")) is Reason.PURPOSE
    assert sees(world, derived, officer("south")) is Reason.PURPOSE
    assert sees(world, nobody, officer("south", purpose="relief")) is Reason.PURPOSE
    assert sees(world, free, officer("south")) is None


@pytest.mark.parametrize("caveat", sorted(CAVEATS))
def test_a_caveat_wants_training_for_it(caveat: str) -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"], caveats=(caveat,))
    derived = world.item("east", "AMBER", [], contains=[source])

    for item in (source, derived):
        assert sees(world, item, officer("east", trained=frozenset({caveat}))) is None
        assert sees(world, item, officer("east", trained=ALL_TRAINED - {caveat})) is Reason.TRAINING


def test_every_caveat_wants_its_training() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], caveats=("HUMANITARIAN", "PERSONAL"))

    assert sees(world, item, officer("east", trained=frozenset({"PERSONAL"}))) is Reason.TRAINING
    assert sees(world, item, officer("east", trained=frozenset({"HUMANITARIAN", "PERSONAL"}))) is None


def test_what_is_for_display_is_not_kept() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east", "south"], mode="DISPLAY")
    derived = world.item("east", "AMBER", ["south"], contains=[source])
    narrowed = world.item("north", "AMBER", ["south"])
    plain = world.item("north", "AMBER", ["south"])
    world.narrow(narrowed, Marking(tlp="AMBER", mode="DISPLAY"))

    for item in (source, derived, narrowed):
        assert sees(world, item, officer("south")) is None
        assert reason_of(keeps(world, item, "south")) is Reason.DISPLAY_ONLY
    assert isinstance(keeps(world, plain, "south"), Released)
    assert reason_of(keeps(world, plain, "west")) is Reason.NOT_NAMED


@given(worlds(), st.sampled_from(EVERYBODY), st.sampled_from([None, "harbour"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_who_sees_or_keeps_may_receive(
    made: tuple[World, list[Verified]], member: str, body: str | None, held: bool
) -> None:
    world, items = made

    for item in items:
        received = isinstance(world.release(item, member, held=held), Released)
        viewer = officer(member, body=body, purpose="relief")
        assert received or sees(world, item, viewer, held=held) is not None
        keeping = may_keep(item, MemberId(member), world.facts, world.membership, world.now, held=held)
        assert received or not isinstance(keeping, Released)


def door(*principals: Viewer, member: str = "east", purpose: str | None = None, carries: bool = True) -> Door:
    return Door(member=MemberId(member), principals=principals, purpose=purpose, carries_markings=carries)


def passes(world: World, item: Verified, through: Door) -> Reason | None:
    return reason_of(gateway(item, through, world.facts, world.membership, world.now))


def test_a_door_passes_what_all_who_answer_for_it_may_see_and_keep() -> None:
    world = four("relief")
    item = world.item("north", "AMBER", ["east"], caveats=("EXERCISE",), purposes=("relief",))
    trained, untrained = officer("east"), officer("east", "ben", trained=frozenset())

    assert passes(world, item, door(trained, purpose="relief")) is None
    assert passes(world, item, door(trained, untrained, purpose="relief")) is Reason.TRAINING
    assert passes(world, item, door(officer("east", purpose="relief"))) is Reason.PURPOSE
    assert passes(world, item, door(trained, officer("south"), purpose="relief")) is Reason.NOT_NAMED
    assert passes(world, item, door(trained, purpose="relief", carries=False)) is Reason.FORMAT
    assert passes(world, item, door(purpose="relief")) is Reason.NO_PRINCIPAL
    assert passes(world, item, door(trained, member="south", purpose="relief")) is Reason.NOT_NAMED


def test_no_gateway_and_display_only_pass_no_door() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"], caveats=("NO_GATEWAY",))
    derived = world.item("east", "AMBER", [], contains=[source])
    display = world.item("north", "AMBER", ["east"], mode="DISPLAY")

    assert passes(world, source, door(officer("east"))) is Reason.NO_GATEWAY
    assert passes(world, derived, door(officer("east"))) is Reason.NO_GATEWAY
    assert passes(world, display, door(officer("east"))) is Reason.DISPLAY_ONLY


def test_what_the_world_may_have_passes_every_door() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    derived = world.item("east", "CLEAR", None, onward="TLP_RULE", contains=[item])

    for through in (door(), door(officer("east"), carries=False), door(member="south")):
        assert passes(world, item, through) is None
        assert passes(world, derived, through) is None


def test_the_worlds_door_is_shut_for_what_is_not_wholly_the_worlds() -> None:
    world = four("relief")
    clear = Marking(tlp="CLEAR", onward="TLP_RULE")
    secret = world.item("north", "GREEN", MEMBERS)
    mixed = world.publish("east", clear, contains=[secret])
    display = world.publish("north", structs.replace(clear, mode="DISPLAY"))
    expired = world.publish("east", structs.replace(clear, expires=Micros(NOON + SECOND)))
    recalled = world.publish("north", structs.replace(clear, hold=True))
    world.recall(recalled)
    world.wait(1)

    for purposes in ((), ("profit",)):
        closed = world.publish("east", structs.replace(clear, purposes=purposes))
        assert passes(world, closed, door()) is Reason.NO_PRINCIPAL
    assert passes(world, mixed, door()) is Reason.NO_PRINCIPAL
    assert passes(world, display, door()) is Reason.DISPLAY_ONLY
    assert passes(world, expired, door()) is Reason.NO_PRINCIPAL
    assert passes(world, recalled, door()) is Reason.RECALLED
    held = gateway(recalled, door(), world.facts, world.membership, world.now, held=True)
    assert reason_of(held) is Reason.RECALLED


@given(worlds(), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_door_shows_no_more_than_its_readers_may_see_or_the_world_may_have(
    made: tuple[World, list[Verified]], answered: bool, carries: bool
) -> None:
    world, items = made
    viewer = officer("east", purpose="relief")
    through = door(*([viewer] if answered else []), purpose="relief", carries=carries)

    for item in items:
        if passes(world, item, through) is None:
            to_all = all(isinstance(world.release(item, m), Released) for m in world.membership.members(world.now))
            seen = answered and carries and sees(world, item, viewer) is None
            kept = seen and isinstance(keeps(world, item, "east"), Released)
            assert kept or to_all or _was_said_outside(world, item, "east")


def _was_said_outside(world: World, item: Verified, member: str) -> bool:
    """Return whether all of an item is a member's and CLEAR, and part of it was issued, or is held, while it is no
    active member: nobody else takes that, but its own door may say its own word to the world."""
    moments = {world.now, *(Micros(c.control.issued * SECOND) for c in item.controls)}
    outside = any(MemberId(member) not in world.membership.members(moment) for moment in moments)
    return outside and all(c.control.controller == member and c.control.marking.tlp == "CLEAR" for c in item.controls)


def test_absent_words_are_the_narrow_ones() -> None:
    marking = Marking(tlp="AMBER")

    assert marking.rel is UNSET
    assert marking.named == ()
    assert marking.onward_word == "ASK"


ASKING = [
    officer(member, name, roles=roles, purpose=purpose, trained=trained)
    for member in ("north", "east", "south")
    for name, roles in (("anna", ()), ("ben", ("watch",)))
    for purpose in (None, "relief", "sar")
    for trained in (ALL_TRAINED, frozenset[str]())
]


@given(worlds(), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_who_is_alike_for_an_item_is_decided_alike(drawn: tuple[World, list[Verified]], later: int) -> None:
    world, items = drawn
    now = Micros(world.now + later * SECOND)
    named = world.item("north", "RED", ["east"], persons=("east/anna", "north/ben"))
    for item in (*items, named):
        decided: dict[Viewer, Decision] = {}
        for viewer in ASKING:
            decision = may_view(item, viewer, world.facts, world.membership, now)
            first = decided.setdefault(alike(item, viewer, world.facts, now), decision)

            assert decision == first


def test_the_name_decides_for_the_persons_named_and_for_nobody_else() -> None:
    world = four()
    red = world.item("north", "RED", ["east"], persons=("east/anna",))
    amber = world.item("north", "AMBER", ["east"])
    anna, ben = officer("east", "anna"), officer("east", "ben", roles=("watch",))

    assert alike(red, anna, world.facts, world.now) != alike(red, ben, world.facts, world.now)
    assert alike(amber, anna, world.facts, world.now) == alike(amber, ben, world.facts, world.now)
