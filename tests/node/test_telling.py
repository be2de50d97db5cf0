"""What is told of an aircraft rests on what those may have who are told: of a plan and a sensor they learn nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from identified import Border, heard, know
from test_identifying import HILL, measured
from world import exchange

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, MemberId
from quartet.core.release import Released
from quartet.core.verify import Verified
from quartet.desk import form_of
from quartet.desk.identification import Identification, TrackOffer
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import Answering, Offering, Stating
from quartet.node.views import Draft
from sky import EAST, NORTH, WEST, sky, spelt

pytestmark = pytest.mark.anyio
CRAFT = "4b1805"


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        yield Border(made)


def plan(border: Border, address: str = CRAFT) -> dict[str, Any]:
    places = (("LSGG", 47.0, 7.0), ("LSZH", 47.0, 8.0))
    points = [{"name": name, "lat": round(lat * 1e7), "lon": round(lon * 1e7)} for name, lat, lon in places]
    about = {"flight_id": "SWR12A", "rules": "I", "flight": "M", "aircraft": "A320", "wake": "M", "address": address}
    times = {"off_block": border.now - 900 * SECOND, "taken_off": border.now - 140 * SECOND, "lasts_s": 345}
    return {**about, **times, "origin": "LSGG", "destination": "LSZH", "route": "DCT", "points": points}


async def filed(border: Border, of: MemberId, *to: MemberId, caveats: tuple[str, ...] = (), **more: str) -> Verified:
    """Let a member file a plan, and bring it to whom it is for."""
    node = border.sky.nodes[of]
    form = plan(border, **more)
    draft = Draft(kind="flight-plan", tlp="AMBER", title="SWR12A", text="", to=to, caveats=caveats, form=form)
    sent = await node.publish(draft, border.viewer(of, caveats))
    return await brought(border, of, sent.id, *to)


async def brought(border: Border, of: MemberId, item: Any, *to: MemberId) -> Verified:
    """Bring an item to those of some members to whom the gate releases it."""
    holdings = border.sky.nodes[of].holdings
    verified = holdings.verified(item)
    assert verified is not None
    for member in to:
        if isinstance(holdings.release(item, member, border.now), Released):
            await border.sky._bring(verified, member)
    return verified


async def flies(border: Border, seconds: int = 30, radar: str | None = None) -> None:
    """Let north hear an aircraft that strays from where a radar, if there is one, sees it."""
    for n in range(seconds):
        lon = 7.4 + 0.0029 * n
        border.take("mast", heard(border.now, CRAFT, 47.0 + 0.002 * max(0, n - 4), lon, callsign="SWR12A"))
        if radar and n % 2 == 0:
            border.take(radar, measured(border.now, 47.0, lon), stands=(HILL,))
        await border.passes()


async def says(border: Border, *to: MemberId, caveats: tuple[str, ...] = (), **more: Any) -> Verified:
    node, viewer = border.sky.nodes[NORTH], border.viewer("north", caveats)
    draft = node.identity.saying.state(viewer, Stating(aircraft=CRAFT, tlp="AMBER", to=to, **more))
    return await brought(border, NORTH, (await node.publish(draft, viewer)).id, *to)


async def offers(border: Border, to: MemberId, **more: Any) -> Verified:
    node, viewer = border.sky.nodes[NORTH], border.viewer("north")
    asked = Offering(aircraft=CRAFT, to=to, tlp="AMBER", **more)
    draft = node.identity.saying.offer(viewer, asked)
    return await brought(border, NORTH, (await node.publish(draft, viewer)).id, to)


def told(said: Verified) -> Any:
    """Return all of an item but what is drawn at random, and what governs it."""
    statement = said.statement
    whole = statement.at, statement.kind, statement.body, statement.marking, statement.cites, statement.precedence
    return spelt((whole, [one.control.marking for one in said.controls]))


def form(said: Verified) -> Identification:
    found = form_of(said.statement, Identification)
    assert found is not None
    return found


def ends(n: int = 3) -> dict[str, Any]:
    return {"category": "IDENTIFIED_CIVIL", "reason": "The tower knows the pilot", "minutes": n}


async def west_is_told(folder: Path, *, hidden: bool) -> tuple[list[str], Any]:
    """Return all that comes to west of an aircraft, and what it shows; and what north's officer sees of it."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        border = Border(made)
        await made.feed("mast", NORTH)
        await made.feed("west", WEST)
        if hidden:
            await made.feed("tower", EAST, NORTH)
            await border.warm("east")
            await filed(border, EAST, NORTH)
        await flies(border, radar="tower" if hidden else None)
        seen = border.aircraft("north")[CRAFT]
        sent = [await says(border, WEST)]
        await border.passes()
        sent += [await says(border, WEST, **ends()), await offers(border, WEST)]
        border.take("west", heard(border.now, CRAFT, 47.0, 7.5))
        await border.passes(2)
        page = made.nodes[WEST].identity.page(border.viewer("west"))
        shown = [(one.statements, one.bases, one.flags) for one in page.aircraft], page.offers
        due = [made.nodes[WEST].holdings.verified(one.id) is not None for one in sent]
        wire = [(told(one), len(one.contained)) for one in sent]
        masked = [str(one) for one in wire]
        statements = msgspec.json.encode(shown, enc_hook=str).decode()
        for one in sent:
            row = made.nodes[WEST].holdings.store.reader.row(one.id)
            assert row is not None
            statements = statements.replace(row.ref, "-").replace(one.id, "-")
            masked = [text.replace(one.id, "-") for text in masked]
        return [*masked, str(due), statements], seen


async def test_a_plan_and_a_sensor_that_west_may_not_see_change_nothing_that_it_is_sent_or_shows(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with_them, seen = await west_is_told(tmp_path / "a", hidden=True)
    without, same = await west_is_told(tmp_path / "b", hidden=False)

    assert with_them == without
    assert "PLAN" in seen.bases
    assert {one.sort for one in seen.evidence} == {"CONTRADICTED"}
    assert seen.plan is not None
    assert (same.bases, same.plan) == ((), None)
    assert "IDENTIFIED_CIVIL" in with_them[1]


async def test_what_rests_on_anothers_plan_carries_its_controls_to_who_may_have_it(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    held = await filed(border, EAST, NORTH)
    await flies(border, 4)

    to_east, to_west, to_both = await says(border, EAST), await says(border, WEST), await says(border, EAST, WEST)

    assert (form(to_east).category, set(form(to_east).bases)) == (
        "IDENTIFIED_STATE",
        {"PLAN", "ADDRESS", "FLIGHT_ID"},
    )
    assert {one.id for one in to_east.contained} == {one.id for one in held.controls}
    for narrow in (to_west, to_both):
        assert (form(narrow).category, form(narrow).bases, narrow.contained) == ("PENDING", (), ())
    assert border.sky.nodes[WEST].holdings.verified(to_west.id) is not None


async def test_what_some_of_our_officers_may_not_see_is_told_to_nobody_else_and_to_them_not_either(
    border: Border,
) -> None:
    await border.sky.feed("mast", NORTH)
    await filed(border, NORTH, caveats=("HUMANITARIAN",))
    await flies(border, 4)

    to_west = await says(border, WEST, caveats=("HUMANITARIAN",))
    at_home = await says(border, caveats=("HUMANITARIAN",))

    assert (form(to_west).category, form(at_home).category) == ("PENDING", "IDENTIFIED_STATE")
    node = border.sky.nodes[NORTH]
    assert node.seeing.see(at_home.id, border.viewer("north"), border.now) is None
    assert node.seeing.see(at_home.id, border.viewer("north", ("HUMANITARIAN",)), border.now) is not None


async def test_our_own_plan_is_ours_to_tell(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    await filed(border, NORTH)
    await flies(border, 4)

    offer = form_of((await offers(border, WEST)).statement, TrackOffer)

    assert offer is not None
    assert (offer.category, set(offer.bases)) == ("IDENTIFIED_STATE", {"PLAN", "ADDRESS", "FLIGHT_ID"})


async def test_what_our_own_sensor_sees_in_an_exercise_is_ours_to_tell(border: Border) -> None:
    await border.sky.feed("mast", NORTH, caveats=("EXERCISE",))
    for n in range(4):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.4 + 0.0029 * n))
        await border.passes()
    node, viewer = border.sky.nodes[NORTH], border.viewer("north", ("EXERCISE",))
    node.identity.page(viewer)
    await border.passes(3)

    draft = node.identity.saying.state(viewer, Stating(aircraft=f"EXERCISE/{CRAFT}", tlp="AMBER", to=(WEST,)))

    assert draft.contains == ()


async def test_a_plan_is_named_to_nobody_who_may_not_have_it(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    held = await filed(border, EAST, NORTH)
    await flies(border, 4)

    with pytest.raises(Malformed, match="basis-withheld"):
        await offers(border, WEST, plan=held.id)
    assert form_of((await offers(border, EAST, plan=held.id)).statement, TrackOffer) is not None


# -- a conflict, and a person's word


async def test_nobody_signs_that_one_is_identified_whom_something_contradicts_that_may_not_be_told(
    border: Border,
) -> None:
    await border.sky.feed("mast", NORTH, WEST)
    await border.sky.feed("hill", NORTH, caveats=("HUMANITARIAN",))
    await filed(border, NORTH)
    await border.warm("north")
    await flies(border, radar="hill")
    trained = ("HUMANITARIAN",)
    assert border.aircraft("north", trained=trained)[CRAFT].flags == ("IDENT_CONFLICT",)
    assert border.aircraft("north")[CRAFT].category == "IDENTIFIED_STATE"

    with pytest.raises(Malformed, match="basis-withheld"):
        await says(border, WEST, caveats=trained)
    own = await says(border, WEST, caveats=trained, category="PENDING", reason="Its place is in doubt")
    at_home = await says(border, caveats=trained)

    assert (form(own).category, form(own).flags, "PERSON" in form(own).bases) == ("PENDING", (), True)
    assert own.contained == ()
    assert "IDENT_CONFLICT" in form(at_home).flags


async def test_who_confirms_what_another_officer_overrode_keeps_her_reason(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    await flies(border, 4)
    await says(border, EAST, category="IDENTIFIED_EXEMPT", reason="A rescue, by phone")
    await border.passes(2)

    again = form(await says(border, EAST))
    await border.passes(2)

    assert (again.category, "PERSON" in again.bases, again.reason) == ("IDENTIFIED_EXEMPT", True, "A rescue, by phone")
    assert border.aircraft("north")[CRAFT].category == "IDENTIFIED_EXEMPT"
    ended = form(await says(border, EAST, category="PENDING"))
    await border.passes(2)
    assert (ended.bases, border.aircraft("north")[CRAFT].category) == ((), "PENDING")


async def test_a_reason_goes_by_itself_to_nobody_new(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    held = await filed(border, EAST, NORTH)
    await flies(border, 4)
    viewer, node = border.viewer("north"), border.sky.nodes[NORTH]
    said = Stating(CRAFT, "AMBER", category="IDENTIFIED_EXEMPT", reason="As its plan says", to=(EAST,))
    draft = node.identity.saying.state(viewer, said)
    assert held.id in draft.contains
    await node.publish(draft, viewer)
    await border.passes(2)

    assert form(await says(border, EAST)).reason == "As its plan says"
    with pytest.raises(Malformed, match="no-reason"):
        await says(border, WEST)


async def test_control_and_who_informed_stay_said_when_an_aircraft_is_stated_again(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    await flies(border, 4)
    await says(border, EAST, category="UNIDENTIFIED", control=True, informed="Air authority, by phone")
    await border.passes(2)

    again = form(await says(border, EAST))
    await border.passes(2)

    assert (again.category, again.control, again.bases) == ("UNIDENTIFIED", True, ("ATC",))
    seen = border.aircraft("north")[CRAFT]
    assert "ATC" in seen.bases


@pytest.mark.parametrize(("strays", "category"), [(False, "IDENTIFIED_STATE"), (True, "PENDING")])
async def test_who_takes_over_states_no_more_than_the_bases_carry_and_nothing_over_a_conflict(
    border: Border, strays: bool, category: str
) -> None:
    await border.sky.feed("mast", NORTH)
    await border.sky.feed("coast", EAST)
    await filed(border, NORTH)
    await flies(border, 4)
    offer = await offers(border, EAST)
    await filed(border, EAST, address="3c6444" if strays else CRAFT)
    for n in range(4):
        border.take("coast", heard(border.now, CRAFT, 47.0, 7.42 + 0.0029 * n, callsign="SWR12A"))
        await border.passes()
    node, viewer = border.sky.nodes[EAST], border.viewer("east")

    draft = node.identity.saying.answer(viewer, offer.id, Answering(word="ACCEPT"))

    assert border.aircraft("east")[CRAFT].flags == (("IDENT_CONFLICT",) if strays else ())
    assert draft.form is not None
    assert draft.form["category"] == category
    assert ("IDENT_CONFLICT" in draft.form["flags"]) is strays
    assert "HANDOVER" in draft.form["bases"]


async def test_a_neighbours_word_alone_identifies_nobody(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    await filed(border, NORTH)
    await flies(border, 4)
    offer = await offers(border, EAST)
    node, viewer = border.sky.nodes[EAST], border.viewer("east")

    draft = node.identity.saying.answer(viewer, offer.id, Answering(word="ACCEPT"))

    assert draft.form is not None
    assert (draft.form["category"], list(draft.form["bases"])) == ("PENDING", ["HANDOVER"])


# -- what an officer sees beside what she may tell


async def two_sights(border: Border, seconds: int = 30, **hidden: Any) -> None:
    """Let north's mast hear an aircraft that says no more than where it is; a sensor for a few hears more of it."""
    await border.sky.feed("mast", NORTH)
    await border.sky.feed("hidden", NORTH, caveats=("HUMANITARIAN",))
    for n in range(seconds):
        lon = 7.4 + 0.0029 * n
        border.take("mast", heard(border.now, CRAFT, 47.0, lon, accuracy_m=120.0))
        border.take("hidden", heard(border.now, CRAFT, 47.0, lon, accuracy_m=5.0, **hidden))
        await border.passes()


async def test_a_title_names_an_aircraft_by_no_more_than_its_form_does(border: Border) -> None:
    await two_sights(border, 4, callsign="MED12")
    node, trained = border.sky.nodes[NORTH], border.viewer("north", ("HUMANITARIAN",))
    assert border.aircraft("north", trained=("HUMANITARIAN",))[CRAFT].flight_id == "MED12"

    stated = node.identity.saying.state(trained, Stating(aircraft=CRAFT, tlp="AMBER", to=(WEST,)))
    offered = node.identity.saying.offer(trained, Offering(aircraft=CRAFT, to=EAST, tlp="AMBER"))

    assert [stated.title, offered.title] == [f"{CRAFT}: PENDING"] * 2
    assert "MED12" not in repr([stated, offered])


async def test_where_and_when_an_aircraft_is_offered_to_cross_is_told_from_what_may_be_told(border: Border) -> None:
    await two_sights(border, 4, speed_mps=300.0)
    node, asked = border.sky.nodes[NORTH], Offering(aircraft=CRAFT, to=EAST, tlp="AMBER")

    trained = node.identity.saying.offer(border.viewer("north", ("HUMANITARIAN",)), asked)
    another = node.identity.saying.offer(border.viewer("north"), asked)

    assert trained.form is not None
    assert trained.form["boundary"] == "EAST"
    assert trained.form == another.form
    assert trained.contains == ()
    (hers, others) = (border.aircraft("north", trained=who)[CRAFT].speed_mps for who in (("HUMANITARIAN",), ()))
    assert hers != others


# -- what was ours to tell, and is no more


@pytest.mark.parametrize("narrowed", [{"caveats": ("HUMANITARIAN",)}, {"expires": "soon"}])
async def test_a_plan_of_ours_that_was_narrowed_or_has_expired_is_told_no_more_without_its_control(
    border: Border, narrowed: dict[str, Any]
) -> None:
    await border.sky.feed("mast", NORTH)
    held = await filed(border, NORTH)
    await flies(border, 4)
    before = await says(border, WEST)
    if "expires" in narrowed:
        narrowed = {"expires": border.now + SECOND}

    await border.narrows("north", held, **narrowed)
    await border.passes(2)
    node, trained = border.sky.nodes[NORTH], ("HUMANITARIAN",)
    node.identity.page(border.viewer("north", trained))
    await border.passes(3)
    viewer = border.viewer("north", trained)
    to_west, at_home = (
        node.identity.saying.state(viewer, Stating(aircraft=CRAFT, tlp="AMBER", to=to)) for to in ((WEST,), ())
    )

    assert (form(before).category, before.contained) == ("IDENTIFIED_STATE", ())
    assert to_west.form is not None
    assert (to_west.form["category"], list(to_west.form["bases"]), to_west.contains) == ("PENDING", [], ())
    assert at_home.form is not None
    assert (at_home.form["category"], at_home.contains) == ("IDENTIFIED_STATE", (held.id,))


async def test_what_a_feed_of_ours_told_that_was_taken_back_a_moment_ago_is_stated_no_more(border: Border) -> None:
    await border.sky.feed("mast", NORTH)
    await flies(border, 4)

    await border.recalls("north", border.feed("mast"))

    with pytest.raises(Unavailable, match="unknown-item"):
        await says(border, WEST)


async def test_a_contradiction_that_may_not_be_told_sets_the_word_of_control_aside_for_no_reader(
    border: Border,
) -> None:
    await border.sky.feed("mast", NORTH)
    await border.sky.feed("hill", NORTH, caveats=("HUMANITARIAN",))
    await border.warm("north")
    await flies(border, radar="hill")
    node, asked = border.sky.nodes[NORTH], Stating(aircraft=CRAFT, tlp="AMBER", to=(WEST,))
    trained, another = border.viewer("north", ("HUMANITARIAN",)), border.viewer("north")
    assert border.aircraft("north", trained=("HUMANITARIAN",))[CRAFT].flags == ("IDENT_CONFLICT",)

    know(node, x4b1805=Registered("HBJDA", own=False))
    await says(border, category="UNIDENTIFIED", control=True)
    await border.passes(2)
    drafts = [node.identity.saying.state(who, asked) for who in (trained, another)]
    await says(border, category="IDENTIFIED_CIVIL", control=True)
    await border.passes(2)
    other = node.identity.saying.state(another, asked)

    for draft in (*drafts, other):
        assert draft.form is not None
    assert (drafts[0].title, drafts[0].form) == (drafts[1].title, drafts[1].form)
    assert drafts[0].form is not None
    assert (drafts[0].form["category"], drafts[0].form["control"]) == ("UNIDENTIFIED", True)
    assert other.title.endswith("IDENTIFIED_CIVIL")
    with pytest.raises(Malformed, match="basis-withheld"):
        node.identity.saying.state(trained, asked)
