"""Grants, consent, widening and narrowing: what controllers may change afterwards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from release_worlds import EVERYBODY, MEMBERS, TIMES, markings, members, narrowings, worlds
from test_release_laws import four, reason_of

from quartet.core.facts import facts_of
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Consent, Reason, Released, Withheld, consent_needed, release
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, control_of


def consent(world: World, item: Verified, to: str) -> Consent | Withheld:
    return consent_needed(item, MemberId(to), world.facts, world.membership, world.now)


def test_a_late_grant_delivers_and_names_itself() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    grant = world.grant(item, "south", at=world.wait(3600))
    decision = world.release(item, "south")

    assert isinstance(decision, Released)
    assert decision.grants == (grant.id,)


def test_a_grant_admits_nobody_else() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    world.grant(item, "south")

    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED


def test_a_grant_for_a_derived_item_releases_neither_its_source_nor_a_sibling() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    derived = world.item("east", "AMBER", ["south", "north"], contains=[source])
    sibling = world.item("east", "AMBER", ["south", "north"], contains=[source])

    world.grant(derived, "south", control=source, by="north")

    assert isinstance(world.release(derived, "south"), Released)
    assert reason_of(world.release(source, "south")) is Reason.NOT_NAMED
    assert reason_of(world.release(sibling, "south")) is Reason.NOT_NAMED


def test_a_grant_under_one_control_does_not_pass_as_one_under_another() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    derived = world.item("east", "AMBER", ["north"], contains=[source])

    world.grant(derived, "south")
    only_own = world.release(derived, "south")
    world.grant(derived, "south", control=source, by="east")

    assert reason_of(only_own) is Reason.NOT_NAMED
    assert isinstance(only_own, Withheld)
    assert only_own.control == control_of(source).id
    assert reason_of(world.release(derived, "south")) is Reason.NOT_NAMED


@given(members, members)
@settings(max_examples=40, deadline=None)
def test_only_a_controller_grants(author: str, grantor: str) -> None:
    world = four()
    to = next(m for m in MEMBERS if m not in (author, grantor))
    item = world.item(author, "AMBER", [])

    world.grant(item, to, by=grantor)

    assert isinstance(world.release(item, to), Released) == (author == grantor)


def test_a_grant_names_the_items_author() -> None:
    world = four()
    source = world.item("north", "AMBER", [])
    other = structs.replace(source.statement, member=MemberId("east"))

    world.grant(structs.replace(source, statement=other), "south", by="north", control=source)

    assert reason_of(world.release(source, "south")) is Reason.NOT_NAMED


def test_a_grant_ends_at_its_end() -> None:
    world = four()
    item = world.item("north", "AMBER", [])
    end = Micros(NOON + 10 * SECOND)

    world.grant(item, "south", until=end)

    assert isinstance(release(item, MemberId("south"), world.facts, world.membership, Micros(end - 1)), Released)
    assert reason_of(release(item, MemberId("south"), world.facts, world.membership, end)) is Reason.NOT_NAMED


def test_a_grant_of_tomorrow_admits_tomorrow() -> None:
    world = four()
    item = world.item("north", "AMBER", [])

    world.grant(item, "south", at=Micros(NOON + SECOND))

    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED
    world.wait(1)
    assert isinstance(world.release(item, "south"), Released)


def test_a_grant_recorded_late_counts_for_nothing() -> None:
    world = four()
    item = world.item("north", "AMBER", [])
    grant = world.grant(item, "south")

    late = world.facts.recorded_late(grant.id)
    before = facts_of([]).recorded_late(grant.id).stated(grant)

    for facts in (late, before):
        assert reason_of(release(item, MemberId("south"), facts, world.membership, world.now)) is Reason.NOT_NAMED
    assert late == before
    assert late != world.facts


def test_a_standing_grant_recorded_late_counts_for_nothing() -> None:
    world = four()
    root = world.item("north", "AMBER", [])
    grant = world.grant(root, "south", scope="FOLLOWING")
    world.wait(1)
    answer = world.item("north", "AMBER", [], cites=[root])

    late = world.facts.recorded_late(grant.id)

    assert isinstance(world.release(answer, "south"), Released)
    assert reason_of(release(answer, MemberId("south"), late, world.membership, world.now)) is Reason.NOT_NAMED


def test_a_standing_grant_admits_to_what_follows_and_not_to_the_item_itself() -> None:
    world = four()
    root = world.item("north", "AMBER", ["east"])

    grant = world.grant(root, "south", scope="FOLLOWING")
    at_once = world.item("north", "AMBER", ["east"], cites=[root])
    world.wait(1)
    answer = world.item("north", "AMBER", ["east"], cites=[root], contains=[root])
    elsewhere = world.item("north", "AMBER", ["east"])
    decision = world.release(answer, "south")

    assert isinstance(decision, Released)
    assert decision.grants == (grant.id,)
    for item in (root, at_once, elsewhere):
        assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED


def test_a_standing_grant_does_not_cover_what_carries_its_control_and_does_not_cite() -> None:
    world = four()
    root = world.item("north", "AMBER", ["east"])
    world.grant(root, "south", scope="FOLLOWING")
    world.wait(1)

    citing = world.item("north", "AMBER", ["south"], contains=[root], cites=[root])
    carrying = world.item("north", "AMBER", ["south"], contains=[root])

    assert isinstance(world.release(citing, "south"), Released)
    assert reason_of(world.release(carrying, "south")) is Reason.NOT_NAMED


def test_a_standing_grant_opens_the_authors_own_control_only_if_the_author_granted() -> None:
    world = four()
    root = world.item("north", "AMBER", ["east"])
    world.grant(root, "south", scope="FOLLOWING")
    derived_root = world.item("east", "AMBER", ["north"], contains=[root])
    world.grant(derived_root, "south", control=root, by="north", scope="FOLLOWING")

    world.wait(1)
    by_east = world.item("east", "AMBER", ["north"], cites=[root])
    following = world.item("east", "AMBER", ["south"], cites=[derived_root], contains=[root])
    closed = world.item("east", "AMBER", ["north"], cites=[derived_root], contains=[root])

    assert reason_of(world.release(by_east, "south")) is Reason.NOT_NAMED
    assert isinstance(world.release(following, "south"), Released)
    assert reason_of(world.release(closed, "south")) is Reason.NOT_NAMED


def test_never_voids_grants_before_and_after() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], onward="NEVER")
    narrowed = world.item("north", "AMBER", ["east"], onward="ASK")
    world.grant(item, "south")
    world.grant(narrowed, "south")

    world.narrow(narrowed, Marking(tlp="AMBER", onward="NEVER"), at=world.wait(1))

    assert reason_of(world.release(item, "south")) is Reason.ONWARD_NEVER
    assert reason_of(world.release(narrowed, "south")) is Reason.ONWARD_NEVER
    assert isinstance(world.release(narrowed, "east"), Released)
    assert reason_of(consent(world, item, "west")) is Reason.ONWARD_NEVER  # type: ignore[arg-type]


@given(worlds())
@settings(max_examples=80, deadline=None)
def test_the_consent_set_suffices_and_each_part_is_necessary(made: tuple[World, list[Verified]]) -> None:
    world, items = made
    world.now = Micros(TIMES[-1] + SECOND)

    for item in items:
        for to in EVERYBODY:
            needed = consent(world, item, to)
            if isinstance(needed, Withheld):
                continue
            before = world.facts
            grants = [
                (c, world.grant(item, to, by=signer, control=next(x for x in item.controls if x.id == c)))
                for c, signer in needed.needed
            ]
            assert isinstance(world.release(item, to), Released), (to, needed)
            for left_out, _ in grants:
                some = before.plus(
                    f for f in world.facts.known.values() if f.id not in {g.id for c, g in grants if c == left_out}
                )
                decision = release(item, MemberId(to), some, world.membership, world.now)
                assert isinstance(decision, Withheld)
            world.facts = before


def test_consent_is_needed_from_every_controller_that_does_not_admit() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    derived = world.item("east", "AMBER", ["west", "north"], contains=[source])

    assert consent(world, derived, "south") == Consent(
        item=derived.id,
        to=MemberId("south"),
        needed=((control_of(derived).id, MemberId("east")), (control_of(source).id, MemberId("north"))),
    )
    west, north = consent(world, derived, "west"), consent(world, derived, "north")
    assert isinstance(west, Consent)
    assert [signer for _, signer in west.needed] == ["north"]
    assert isinstance(north, Consent)
    assert north.needed == ()


def test_no_consent_is_possible_for_what_expired_was_recalled_or_has_unknown_words() -> None:
    world = four()
    expired = world.item("north", "AMBER", [], expires=Micros(NOON + SECOND))
    recalled = world.item("north", "AMBER", [])
    unknown = world.item("north", "PURPLE", [])
    world.recall(recalled)
    world.wait(1)

    assert reason_of(consent(world, expired, "south")) is Reason.EXPIRED  # type: ignore[arg-type]
    assert reason_of(consent(world, recalled, "south")) is Reason.RECALLED  # type: ignore[arg-type]
    assert reason_of(consent(world, unknown, "south")) is Reason.UNKNOWN_WORD  # type: ignore[arg-type]
    assert reason_of(consent(world, unknown, "stranger")) is Reason.NOT_A_MEMBER  # type: ignore[arg-type]


def test_what_a_controller_that_left_must_consent_to_is_frozen() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.grant(item, "south")
    world.act("north", "withdrawn", at=world.wait(5))

    world.grant(item, "west", at=world.wait(1))

    assert isinstance(world.release(item, "east"), Released)
    assert isinstance(world.release(item, "south"), Released)
    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED
    assert reason_of(consent(world, item, "west")) is Reason.FROZEN  # type: ignore[arg-type]


def test_a_suspended_controller_consents_to_nothing() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.act("north", "suspended", at=world.wait(5))

    world.grant(item, "west", at=world.wait(1))

    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED
    assert reason_of(consent(world, item, "west")) is Reason.FROZEN  # type: ignore[arg-type]


def test_the_delegate_of_a_controller_that_left_consents_in_its_place() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    too_early = world.grant(item, "west", by="south", at=world.wait(1))
    named = world.delegate(item, "south", at=world.wait(1))
    still_early = world.grant(item, "west", by="south", at=world.wait(1))
    before_leaving = world.release(item, "west")
    world.act("north", "withdrawn", at=world.wait(5))
    world.wait(1)

    needed = consent(world, item, "west")
    grant = world.grant(item, "west", by="south")
    decision = world.release(item, "west")

    assert reason_of(before_leaving) is Reason.NOT_NAMED
    assert isinstance(needed, Consent)
    assert [signer for _, signer in needed.needed] == ["south"]
    assert isinstance(decision, Released)
    assert set(decision.grants) == {grant.id, named.id}
    assert not {too_early.id, still_early.id} & set(decision.grants)


def test_nobody_names_a_delegate_for_another_or_after_leaving() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.delegate(item, "south", by="south")
    world.act("north", "withdrawn", at=world.wait(5))
    world.delegate(item, "south", at=world.wait(1))
    world.wait(1)

    world.grant(item, "west", by="south")

    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED
    assert reason_of(consent(world, item, "west")) is Reason.FROZEN  # type: ignore[arg-type]


def test_a_delegation_by_one_that_came_back_gives_no_force_to_grants_before_it() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.act("north", "withdrawn", at=world.wait(5))
    world.grant(item, "west", by="south", at=world.wait(1))
    world.act("north", "active", at=world.wait(5))
    world.delegate(item, "south", at=world.wait(1))
    world.wait(1)

    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED


def test_a_delegate_that_left_or_is_not_the_last_named_consents_to_nothing() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.delegate(item, "south", at=world.wait(1))
    world.delegate(item, "east", at=world.wait(1))
    world.act("north", "withdrawn", at=world.wait(5))
    world.grant(item, "west", by="south", at=world.wait(1))

    by_the_first = world.release(item, "west")
    world.act("east", "suspended", at=world.wait(1))

    assert reason_of(by_the_first) is Reason.NOT_NAMED
    assert reason_of(consent(world, item, "west")) is Reason.FROZEN  # type: ignore[arg-type]


def test_widening_names_more_from_signing_on_and_names_itself() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    at = Micros(NOON + 5 * SECOND)

    fact = world.widen(item, "south", at=at)

    before = release(item, MemberId("south"), world.facts, world.membership, Micros(at - 1))
    after = release(item, MemberId("south"), world.facts, world.membership, at)
    assert reason_of(before) is Reason.NOT_NAMED
    assert isinstance(after, Released)
    assert after.grants == (fact.id,)
    assert reason_of(release(item, MemberId("west"), world.facts, world.membership, at)) is Reason.NOT_NAMED


def test_each_controller_widens_its_own_part_alone() -> None:
    world = four()
    source = world.item("north", "AMBER", ["east"])
    derived = world.item("east", "AMBER", ["south"], contains=[source])

    world.widen(source, "south", by="east")
    by_another = world.release(derived, "south")
    world.widen(source, "south")

    assert reason_of(by_another) is Reason.NOT_NAMED
    assert isinstance(world.release(derived, "south"), Released)
    assert reason_of(world.release(derived, "west")) is Reason.NOT_NAMED


@given(markings(), narrowings(), st.sampled_from(TIMES), st.sampled_from(TIMES))
@settings(max_examples=150, deadline=None)
def test_narrowing_never_widens(marking: Marking, narrower: Marking, at: Micros, now: Micros) -> None:
    world = four("relief", "sar")
    item = world.publish("north", marking, at=Micros(NOON - 60 * SECOND))
    world.grant(item, "south", at=Micros(NOON - SECOND))
    before = {to: release(item, MemberId(to), world.facts, world.membership, now) for to in EVERYBODY}

    world.narrow(item, narrower, at=at)

    for to in EVERYBODY:
        after = release(item, MemberId(to), world.facts, world.membership, now)
        if isinstance(after, Released):
            assert isinstance(before[to], Released)


@given(worlds(), st.data())
@settings(max_examples=150, deadline=None)
def test_one_more_narrowing_admits_nobody_whatever_was_said_before(
    drawn: tuple[World, list[Verified]], data: st.DataObject
) -> None:
    world, items = drawn
    item = data.draw(st.sampled_from(items))
    control = data.draw(st.sampled_from(item.controls))
    before = {
        (i.id, to, now): isinstance(release(i, MemberId(to), world.facts, world.membership, now), Released)
        for i in items
        for to in EVERYBODY
        for now in TIMES
    }
    stamp = data.draw(st.sampled_from(TIMES))

    world.narrow(control, data.draw(narrowings()), by=control.control.controller, at=stamp)

    for i in items:
        for to in EVERYBODY:
            for now in TIMES:
                after = release(i, MemberId(to), world.facts, world.membership, now)
                assert before[i.id, to, now] or not isinstance(after, Released)


@pytest.mark.parametrize("narrower", [Marking(tlp=tlp, rel=(MemberId("east"),)) for tlp in ("CLEAR", "AMBER")])
def test_who_is_named_of_what_was_the_worlds_has_it_no_longer_than_the_world_would(narrower: Marking) -> None:
    world = four()
    ends = Micros(NOON + 9 * SECOND)
    clear = Marking(tlp="CLEAR", onward="TLP_RULE", downgrade=((ends, "GREEN"),))
    item = world.publish("north", clear, at=NOON)

    world.narrow(item, narrower, at=Micros(NOON + 5 * SECOND))

    before = release(item, MemberId("east"), world.facts, world.membership, Micros(ends - 1))
    after = release(item, MemberId("east"), world.facts, world.membership, ends)
    assert isinstance(before, Released)
    assert reason_of(after) is Reason.NOT_NAMED


def test_who_was_away_at_one_naming_of_what_was_the_worlds_is_not_named() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    narrower = Marking(tlp="CLEAR", rel=(MemberId("east"), MemberId("south")))
    world.narrow(item, narrower, at=world.wait(5))
    world.act("east", "suspended", at=world.wait(1))
    world.narrow(item, narrower, at=world.wait(5))
    world.act("east", "active", at=world.wait(5))

    world.wait(5)

    assert reason_of(world.release(item, "east")) is Reason.NOT_NAMED
    assert isinstance(world.release(item, "south"), Released)


def test_an_upgrade_that_names_nobody_closes_what_was_the_worlds_whoever_was_named_before() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    world.narrow(item, Marking(tlp="CLEAR", rel=(MemberId("east"),)), at=world.wait(5))
    named = world.release(item, "east")

    world.narrow(item, Marking(tlp="AMBER"), at=world.wait(5))

    assert isinstance(named, Released)
    assert reason_of(world.release(item, "east")) is Reason.NOT_NAMED


def test_a_narrowing_that_names_rel_ends_the_worlds_and_keeps_those_it_names() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    at = world.wait(5)

    world.narrow(item, Marking(tlp="CLEAR", rel=(MemberId("east"),)), at=at)
    world.act("late", "active", at=world.wait(1))

    assert isinstance(world.release(item, "east"), Released)
    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED
    assert reason_of(world.release(item, "late")) is Reason.NOT_NAMED
    assert isinstance(release(item, MemberId("south"), world.facts, world.membership, Micros(at - 1)), Released)


def test_a_narrowing_of_the_worlds_names_no_newcomer() -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")
    world.narrow(item, Marking(tlp="CLEAR", rel=(MemberId("east"), MemberId("late"))), at=world.wait(1))
    world.act("late", "active", at=world.wait(5))
    world.wait(1)

    assert isinstance(world.release(item, "east"), Released)
    assert reason_of(world.release(item, "late")) is Reason.NOT_NAMED


def test_who_is_named_by_a_narrowing_but_was_not_by_the_marking_is_not_admitted() -> None:
    world = four()
    item = world.item("north", "GREEN", ["east"])
    becoming = world.item(
        "north", "GREEN", ["east"], onward="TLP_RULE", downgrade=((Micros(NOON + 9 * SECOND), "CLEAR"),)
    )
    world.wait(1)

    for each in (item, becoming):
        world.narrow(each, Marking(tlp="GREEN", rel=(MemberId("east"), MemberId("south"))))
        assert isinstance(world.release(each, "east"), Released)
        assert reason_of(world.release(each, "south")) is Reason.NOT_NAMED
    world.wait(9)
    assert reason_of(world.release(becoming, "south")) is Reason.NOT_NAMED


def test_a_narrowing_that_names_rel_ends_earlier_grants_to_whom_it_drops() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    world.grant(item, "south")
    kept = world.grant(item, "west")

    world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("west"),)), at=world.wait(1))
    narrowed = {to: world.release(item, to) for to in MEMBERS}
    again = world.grant(item, "south", at=world.wait(1))
    after = world.release(item, "south")

    assert reason_of(narrowed["east"]) is Reason.NARROWED
    assert reason_of(narrowed["south"]) is Reason.NOT_NAMED
    assert isinstance(narrowed["west"], Released)
    assert narrowed["west"].grants == (kept.id,)
    assert isinstance(after, Released)
    assert after.grants == (again.id,)


def test_a_narrowing_of_the_root_ends_the_standing_grant_made_under_it() -> None:
    world = four()
    root = world.item("north", "AMBER", [])
    world.grant(root, "south", scope="FOLLOWING")
    world.wait(1)
    answer = world.item("north", "AMBER", [], cites=[root])
    before = world.release(answer, "south")

    world.narrow(root, Marking(tlp="AMBER", rel=(MemberId("east"),)), by="west", at=world.wait(1))
    by_another = world.release(answer, "south")
    world.narrow(root, Marking(tlp="AMBER", rel=(MemberId("east"),)), at=world.wait(1))

    assert isinstance(before, Released)
    assert isinstance(by_another, Released)
    assert reason_of(world.release(answer, "south")) is Reason.NOT_NAMED


def test_a_narrowing_without_rel_drops_nobody() -> None:
    world = four()
    item = world.item("north", "GREEN", ["east"])
    world.grant(item, "south")

    world.narrow(item, Marking(tlp="AMBER"), at=world.wait(1))

    assert isinstance(world.release(item, "east"), Released)
    assert isinstance(world.release(item, "south"), Released)


@pytest.mark.parametrize(
    "field", [{"tlp": "GREEN"}, {"tlp": "CLEAR", "onward": "ASK"}, {"tlp": "CLEAR", "caveats": ("PERSONAL",)}]
)
def test_a_narrowing_of_any_field_ends_the_worlds(field: dict[str, str]) -> None:
    world = four()
    item = world.item("north", "CLEAR", None, onward="TLP_RULE")

    world.narrow(item, Marking(**field))  # type: ignore[arg-type]

    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED


def test_a_narrowing_brings_the_expiry_forward_and_never_back() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"], expires=Micros(NOON + 10 * SECOND))

    world.narrow(item, Marking(tlp="AMBER", expires=Micros(NOON + 5 * SECOND)))
    world.narrow(item, Marking(tlp="AMBER", expires=Micros(NOON + 20 * SECOND)))

    world.wait(5)
    assert reason_of(world.release(item, "east")) is Reason.EXPIRED


def test_a_narrowing_neither_downgrades_nor_heals() -> None:
    world = four()
    amber = world.item("north", "AMBER", ["east"], onward="TLP_RULE")
    purple = world.item("north", "PURPLE", ["east"], onward="TLP_RULE")

    for item in (amber, purple):
        world.narrow(item, Marking(tlp="CLEAR", onward="TLP_RULE"))

    assert reason_of(world.release(amber, "west")) is Reason.NOT_NAMED
    assert isinstance(world.release(amber, "east"), Released)
    assert reason_of(world.release(purple, "east")) is Reason.UNKNOWN_WORD


def test_who_was_dropped_twice_needs_a_grant_after_the_second_time() -> None:
    world = four()
    item = world.item("north", "AMBER", ["south"])
    world.narrow(item, Marking(tlp="AMBER", rel=()), at=world.wait(1))
    world.grant(item, "south", at=world.wait(1))
    world.widen(item, "west", at=world.wait(1))
    between = [isinstance(world.release(item, to), Released) for to in ("south", "west")]

    world.narrow(item, Marking(tlp="AMBER", rel=()), at=world.wait(1))

    assert between == [True, True]
    assert reason_of(world.release(item, "south")) is Reason.NARROWED
    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED


def test_narrow_wins_over_widen_and_grant_at_equal_time() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])
    at = world.wait(5)

    world.widen(item, "south", at=at)
    world.grant(item, "west", at=at)
    world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("east"),)), at=at)

    assert reason_of(world.release(item, "south")) is Reason.NOT_NAMED
    assert reason_of(world.release(item, "west")) is Reason.NOT_NAMED
    world.widen(item, "south", at=world.wait(1))
    assert isinstance(world.release(item, "south"), Released)


def test_only_the_controller_narrows() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east", "south"])

    world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("south"),)), by="south")

    assert isinstance(world.release(item, "east"), Released)


def test_a_narrowing_counts_from_its_date_on() -> None:
    world = four()
    item = world.item("north", "AMBER", ["east"])

    world.narrow(item, Marking(tlp="AMBER", rel=()), at=Micros(NOON + SECOND))

    assert isinstance(world.release(item, "east"), Released)
    world.wait(1)
    assert reason_of(world.release(item, "east")) is Reason.NARROWED
