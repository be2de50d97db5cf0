"""Who may receive an item: the laws of the marking and of what an item contains."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs
from release_worlds import EVERYBODY, MEMBERS, markings, members, worlds

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Decision, Reason, Released, Withheld, explain, release
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, exchange


def reason_of(decision: Decision) -> Reason | None:
    return decision.reason if isinstance(decision, Withheld) else None


def four(*purposes: str) -> World:
    return exchange(*MEMBERS, purposes=purposes)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_explained_in_one_sentence(reason: Reason) -> None:
    assert explain(reason).endswith(".")
    assert explain(reason).count(". ") == 0


def test_an_item_reaches_the_named_member_and_no_other() -> None:
    world = four()

    item = world.item("north", "AMBER", ["east"])

    assert isinstance(world.release(item, "east"), Released)
    assert isinstance(world.release(item, "north"), Released)
    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED


def test_an_item_without_a_control_of_its_own_is_withheld_from_all() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    bare = structs.replace(item, own=None)
    carrying = structs.replace(world.item("north", "AMBER", ["east"], contains=[item]), own=None)

    for to in MEMBERS:
        assert reason_of(world.release(bare, to)) is Reason.NO_CONTROL
        assert reason_of(world.release(carrying, to)) is Reason.NO_CONTROL


@given(members, st.sampled_from(["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]))
@settings(max_examples=20, deadline=None)
def test_an_absent_or_empty_audience_is_the_author_alone(author: str, tlp: str) -> None:
    world = four()

    empty: list[str] = []
    for rel in (None, empty):
        item = world.item(author, tlp, rel)
        released = [to for to in EVERYBODY if isinstance(world.release(item, to), Released)]
        assert released == [author]


def test_an_empty_audience_is_nobody_even_where_the_world_may_have_it() -> None:
    world = four()

    absent = world.item("north", "CLEAR", None, onward="TLP_RULE")
    empty = world.item("north", "CLEAR", [], onward="TLP_RULE")

    assert isinstance(world.release(absent, "east"), Released)
    assert reason_of(world.release(empty, "east")) is Reason.NOT_NAMED


UNKNOWN = [
    {"tlp": "PURPLE"},
    {"onward": "PERHAPS"},
    {"mode": "GLANCE"},
    {"attribution": "RUMOUR"},
    {"caveats": ("NEW",)},
    {"caveats": ("EXERCISE", "NEW")},
    {"purposes": ("profit",)},
    {"purposes": ("profit", "relief")},
    {"downgrade": ((Micros(NOON + SECOND), "PURPLE"),)},
]


@pytest.mark.parametrize("field", UNKNOWN)
def test_an_unknown_word_in_any_field_closes_the_item(field: dict[str, object]) -> None:
    world = four("relief")
    fields = {"tlp": "GREEN", "rel": ["east"], **field}

    item = world.item("north", **fields)  # type: ignore[arg-type]
    carrying = world.item("east", "GREEN", ["south", "north"], contains=[item])
    world.wait(1)
    world.grant(item, "east")

    assert reason_of(world.release(item, "east")) is Reason.UNKNOWN_WORD
    assert reason_of(world.release(carrying, "south")) is Reason.UNKNOWN_WORD
    assert isinstance(world.release(item, "north"), Released)


@pytest.mark.parametrize("field", UNKNOWN)
def test_an_unknown_word_closes_what_the_world_might_have(field: dict[str, object]) -> None:
    world = four("relief")
    fields = {"tlp": "CLEAR", "rel": None, "onward": "TLP_RULE", **field}

    item = world.item("north", **fields)  # type: ignore[arg-type]

    assert reason_of(world.release(item, "east")) is Reason.UNKNOWN_WORD


def test_a_narrowing_with_an_unknown_word_closes_the_item() -> None:
    world = four("relief")
    item = world.item("north", "GREEN", ["east"])

    world.narrow(item, Marking(tlp="GREEN", caveats=("NEW",)))

    assert reason_of(world.release(item, "east")) is Reason.UNKNOWN_WORD


def test_a_narrowing_does_not_heal_an_unknown_purpose() -> None:
    world = four("relief")
    item = world.item("north", "GREEN", ["east"], purposes=("profit", "relief"))

    world.narrow(item, Marking(tlp="GREEN", purposes=("relief",)))

    assert reason_of(world.release(item, "east")) is Reason.UNKNOWN_WORD


def test_a_purpose_of_the_charter_does_not_close() -> None:
    world = four("relief")

    item = world.item("north", "GREEN", ["east"], purposes=("relief",))

    assert isinstance(world.release(item, "east"), Released)


def test_no_purpose_at_all_closes_whatever_was_granted() -> None:
    world = four("relief")
    item = world.item("north", "GREEN", ["east"], purposes=())
    narrowed = world.item("north", "CLEAR", None, onward="TLP_RULE", purposes=("relief",))

    world.grant(item, "south")
    world.narrow(narrowed, Marking(tlp="CLEAR", onward="TLP_RULE", purposes=()))

    assert reason_of(world.release(item, "east")) is Reason.PURPOSE
    assert reason_of(world.release(item, "south")) is Reason.PURPOSE
    assert reason_of(world.release(narrowed, "east")) is Reason.PURPOSE


@given(st.permutations(MEMBERS), st.sets(members), st.sets(members))
@settings(max_examples=60, deadline=None)
def test_what_contains_needs_every_control(order: list[str], first: set[str], second: set[str]) -> None:
    world = four()
    source = world.item(order[0], "AMBER", first)

    derived = world.item(order[1], "AMBER", second, contains=[source])

    for to in MEMBERS:
        by_source = to in first or to == order[0]
        by_own = to in second or to == order[1]
        assert isinstance(world.release(derived, to), Released) == (by_source and by_own)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_containing_never_widens(made: tuple[World, list[Verified]]) -> None:
    world, items = made
    marking = Marking(tlp="GREEN", rel=tuple(sorted(MemberId(m) for m in MEMBERS)))
    plain = world.publish("north", marking)

    for source in items:
        derived = world.publish("north", marking, contains=[source])
        for to in EVERYBODY:
            if isinstance(world.release(derived, to), Released):
                assert isinstance(world.release(plain, to), Released)
                assert all(_under(world, source, c.id, to) for c in source.controls)


def _under(world: World, source: Verified, control: str, to: str) -> bool:
    """Whether one control of a source, alone in an item of its controller's, lets it through."""
    c = next(c for c in source.controls if c.id == control)
    alone = structs.replace(source, own=c, contained=())
    return isinstance(world.release(alone, to), Released) or c.control.controller == to


def test_a_chain_keeps_the_controls_of_its_beginning() -> None:
    world = four()
    first = world.item("north", "AMBER", ["east"])
    second = world.item("east", "AMBER", ["south", "north"], contains=[first])

    third = world.item("east", "GREEN", ["south", "west", "north"], contains=[second])

    assert len(third.controls) == 3
    assert reason_of(world.release(third, "south")) is Reason.NOT_NAMED
    assert isinstance(world.release(third, "north"), Released)


def test_citing_carries_nothing() -> None:
    world = four()
    secret = world.item("north", "RED", ["east"])

    citing = world.item("east", "AMBER", ["south"], cites=[secret])

    assert isinstance(world.release(citing, "south"), Released)


@given(worlds(), st.sampled_from(["PERSONAL", "NO_GATEWAY", "HUMANITARIAN"]))
@settings(max_examples=60, deadline=None)
def test_adding_a_caveat_never_widens(made: tuple[World, list[Verified]], caveat: str) -> None:
    world, items = made

    for item in items:
        marking = item.statement.marking
        caveats = tuple(sorted({*marking.caveat_words, caveat}))
        author, at = item.statement.member, item.statement.at
        before = world.publish(author, marking, contains=item.contained, at=at)
        after = world.publish(author, structs.replace(marking, caveats=caveats), contains=item.contained, at=at)
        for to in EVERYBODY:
            if isinstance(world.release(after, to), Released):
                assert isinstance(world.release(before, to), Released)


@given(markings())
@settings(max_examples=60, deadline=None)
def test_what_the_world_may_have_members_may(marking: Marking) -> None:
    world = four("relief", "sar")
    open_marking = structs.replace(
        marking,
        tlp="CLEAR",
        rel=UNSET,
        onward="TLP_RULE",
        purposes=marking.purposes or UNSET,
        caveats=UNSET,
        expires=UNSET,
        downgrade=UNSET,
    )

    item = world.publish("north", open_marking)
    world.act("late", "active", at=world.wait(1))

    assert all(isinstance(world.release(item, to), Released) for to in (*MEMBERS, "late"))
    assert reason_of(world.release(item, "stranger")) is Reason.NOT_A_MEMBER


@pytest.mark.parametrize(
    "field",
    [{"tlp": "GREEN"}, {"onward": "ASK"}, {"onward": UNSET}, {"onward": "NEVER"}, {"caveats": ("EXERCISE",)}],
)
def test_less_than_the_worlds_is_for_those_named(field: dict[str, object]) -> None:
    world = four()
    fields = {"tlp": "CLEAR", "rel": ["east"], "onward": "TLP_RULE", **field}

    item = world.item("north", **fields)  # type: ignore[arg-type]

    assert isinstance(world.release(item, "east"), Released)
    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED


def test_expiry_closes_for_everybody_but_the_author() -> None:
    world = four()
    end = Micros(NOON + 10 * SECOND)
    item = world.item("north", "AMBER", ["east"], expires=end)
    open_item = world.item("north", "CLEAR", None, onward="TLP_RULE", expires=end)
    world.grant(item, "south")

    before = Micros(end - 1)

    for to in ("east", "south"):
        assert isinstance(release(item, MemberId(to), world.facts, world.membership, before), Released)
        assert reason_of(release(item, MemberId(to), world.facts, world.membership, end)) is Reason.EXPIRED
    assert reason_of(release(open_item, MemberId("west"), world.facts, world.membership, end)) is Reason.EXPIRED
    assert isinstance(release(item, MemberId("north"), world.facts, world.membership, end), Released)


def test_a_source_that_expired_closes_what_contains_it_to_its_own_author_too() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"], expires=Micros(NOON + 10 * SECOND))
    derived = world.item("east", "AMBER", ["north"], contains=[source])

    world.wait(10)

    assert reason_of(world.release(derived, "east")) is Reason.EXPIRED
    assert isinstance(world.release(derived, "north"), Released)


def test_a_downgrade_opens_to_the_world_from_its_time_on() -> None:
    world = four()
    at = Micros(NOON + 5 * SECOND)
    item = world.item("north", "AMBER", ["east"], onward="TLP_RULE", downgrade=((at, "CLEAR"),))

    before = release(item, MemberId("south"), world.facts, world.membership, Micros(at - 1))
    after = release(item, MemberId("south"), world.facts, world.membership, at)

    assert reason_of(before) is Reason.NOT_NAMED
    assert isinstance(after, Released)


def test_steps_follow_one_another_in_time() -> None:
    world = four()
    clear, again = Micros(NOON + 5 * SECOND), Micros(NOON + 9 * SECOND)
    steps = ((clear, "CLEAR"), (again, "AMBER"))
    item = world.item("north", "AMBER", ["east"], onward="TLP_RULE", downgrade=steps)

    world.wait(9)

    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED


@given(members)
@settings(max_examples=8, deadline=None)
def test_the_chair_is_no_principal(chair: str) -> None:
    world = four()
    others = [m for m in MEMBERS if m != chair]

    item = world.item(others[0], "AMBER", [others[1]])
    statement = structs.replace(item.statement, hat="CHAIR")

    assert reason_of(world.release(structs.replace(item, statement=statement), chair)) is Reason.NOT_NAMED


@given(worlds(), members, markings(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_message_reaches_nobody_who_could_not_have_what_it_is_beside(
    made: tuple[World, list[Verified]], author: str, marking: Marking, data: st.DataObject
) -> None:
    """Whatever it is marked; only a grant of what follows the subject lets a member have messages without it."""
    world, items = made
    subject = data.draw(st.sampled_from(items))

    message = world.publish(author, marking, contains=[subject], cites=[subject])

    following = {g.body.member for f in items for g in world.facts.following(f.id)}
    for to in set(EVERYBODY) - following:
        if isinstance(world.release(message, to), Released):
            assert isinstance(world.release(subject, to), Released), to
