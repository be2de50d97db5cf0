"""What is said in an exercise counts for what is of the exercise, and what is said in truth for what is so."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identified import Border, heard, know
from msgspec import structs
from test_sites import STRANGER, flies, guarded, passing, say
from test_sites import viewer as site_viewer
from test_telling import brought, plan
from world import exchange

from quartet.core.facts import Narrow
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.identification import Aircraft, Identification, TrackOffer
from quartet.node.identify import spoken
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import Answering, Offering, Stating
from quartet.node.identify.words import stated_now, words_of
from quartet.node.views import Draft
from sky import EAST, NORTH, sky

TRAINED = ("EXERCISE",)
CRAFTS = ("4b1805", "3c6444")
NOW = Micros(1_800_000_000 * SECOND)
WORDS = ("IDENTIFIED_CIVIL", "IDENTIFIED_STATE", "PENDING", "UNIDENTIFIED")


# -- words, drawn


def _stated(n: int, member: str, at: int, craft: Aircraft, offer: str | None, **more: Any) -> Said[Identification]:
    form = Identification(craft, valid_to=Micros(NOW + SECOND), offer=None if offer is None else ItemId(offer), **more)
    return Said(ItemId(f"s{n}"), MemberId(member), OfficerName("duty"), Micros(NOW - at * SECOND), form)


def _offered(name: str) -> Said[TrackOffer]:
    form = TrackOffer(MemberId("north"), Aircraft("4b1805"), "IDENTIFIED_STATE", "NORTH", NOW)
    return Said(ItemId(name), MemberId("east"), OfficerName("duty"), NOW, form)


_crafts = st.sampled_from(
    [
        Aircraft("4b1805"),
        Aircraft("3c6444"),
        Aircraft(None, "t-1"),
        Aircraft(None, "east/t-2"),
        Aircraft("4b1805", "t-1"),
    ]
)
_said = st.builds(
    _stated,
    n=st.integers(0, 30),
    member=st.sampled_from(["north", "east"]),
    at=st.integers(0, 5),
    craft=_crafts,
    offer=st.sampled_from([None, "o1", "o2"]),
    category=st.sampled_from(WORDS),
    bases=st.sampled_from([(), ("PERSON",), ("ATC",)]),
    control=st.booleans(),
    informed=st.sampled_from(["", "air authority"]),
)


@given(
    st.lists(_said, max_size=8, unique_by=lambda one: one.id), st.sets(st.sampled_from([f"s{n}" for n in range(31)]))
)
def test_no_word_of_one_world_changes_what_is_said_in_the_other(
    said: list[Said[Identification]], marked: set[str]
) -> None:
    marked |= {"o2"}
    offers = [_offered("o1"), _offered("o2")]

    def told(some: list[Said[Identification]]) -> tuple[Any, Any]:
        drills = marked.__contains__
        return words_of(MemberId("north"), some, offers, drills, NOW), stated_now(some, drills, NOW)

    for drill in (False, True):
        alone = told([one for one in said if (one.id in marked) is drill])
        for whole, part in zip(told(said), alone, strict=True):
            assert {key: one for key, one in whole.items() if ("EXERCISE/" in key) is drill} == part


# -- at a node


async def played(folder: Path, seed: int, worlds: set[bool]) -> dict[bool, list[Any]]:
    """Return what is shown of what is so and of a drill, where two fly in each and what `worlds` say was said."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST)
        await made.feed("drill", NORTH, EAST, caveats=TRAINED)
        border, node = Border(made), made.nodes[NORTH]
        duty = border.viewer("north", TRAINED)
        node.identity.page(duty)
        if False in worlds:
            know(node, x4b1805=Registered("HBJDA", own=True))
        await flown(border, range(3))
        for drill in sorted(worlds):
            for draft in drafts(border, seed, caveats=TRAINED if drill else ()):
                await node.publish(draft, duty)
        await flown(border, range(3, 30))
        found = {drill: shown(border, duty, drill=drill) for drill in (False, True)}
        await flown(border, range(30, 56))
        for one in (await node.identity.movements(duty, None, None, 500)).items:
            found[one.exercise].append((one.id, one.way, one.category, one.bases))
        return found


async def flown(border: Border, seconds: range) -> None:
    for n in seconds:
        for feed in ("mast", "drill"):
            for m, address in enumerate(CRAFTS):
                said = {"callsign": "SWR12A" if m == 0 else "DLH1"}
                border.take(feed, heard(border.now, address, 47.0 + 0.2 * m, 7.9 + 0.0029 * n, **said))
        await border.passes()


def drafts(border: Border, seed: int, caveats: tuple[str, ...]) -> list[Draft]:
    """Return plans and statements of the two, other ones for each seed and world."""
    draw = Random(f"{seed}{caveats}")
    found = []
    for address in CRAFTS:
        form = plan(border, draw.choice(CRAFTS)) | {"flight_id": draw.choice(("SWR12A", "DLH1", "AFR9"))}
        form |= {"flight": draw.choice(("M", "S")), "special": draw.choice(([], ["STATE"], ["MEDEVAC"]))}
        found.append(Draft(kind="flight-plan", tlp="AMBER", title="A plan", text="", caveats=caveats, form=form))
        about = {
            "aircraft": {"address": address},
            "valid_to": border.now + 600 * SECOND,
            "category": draw.choice(WORDS),
        }
        word = draw.choice(({"bases": ["PERSON"], "reason": "seen"}, {"bases": ["ATC"], "control": True}))
        told = about | word | {"informed": draw.choice(("", "air authority"))}
        if draw.random() < 0.7:
            found.append(Draft(kind="identification", tlp="AMBER", title="It", text="", caveats=caveats, form=told))
    return found


def shown(border: Border, duty: Viewer, *, drill: bool) -> list[Any]:
    aircraft = [one for one in border.sky.nodes[NORTH].identity.page(duty).aircraft if one.exercise is drill]
    assert len(aircraft) == 2
    stated = {one.key: [(said.category, said.control, said.informed) for said in one.statements] for one in aircraft}
    seen = (
        (one.key, one.category, one.kind, one.bases, one.flags, one.phase, one.plan is None, one.said_in_exercise)
        for one in aircraft
    )
    doubts = sorted((one.key, found.sort) for one in aircraft for found in one.evidence)
    return [sorted(seen), stated, doubts]


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(3))
async def test_what_is_said_in_one_world_changes_nothing_of_what_is_shown_of_the_other(
    tmp_path: Path, seed: int
) -> None:
    for name in ("both", "real", "drill"):
        (tmp_path / name).mkdir()
    both = await played(tmp_path / "both", seed, {False, True})
    real = await played(tmp_path / "real", seed, {False})
    drill = await played(tmp_path / "drill", seed, {True})

    assert both[False] == real[False]
    assert both[True] == drill[True]
    assert all(len(both[world]) > 3 for world in (False, True))  # they came and left
    assert not any(one[-1] for one in both[False][0])


@pytest.mark.anyio
async def test_a_drills_handover_is_of_the_simulated_aircraft_and_no_word_of_a_drill_answers_one_that_is_so(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST)
        border, node = Border(made), made.nodes[NORTH]
        for member in ("north", "east"):
            border.aircraft(member, trained=TRAINED)
        await flown_in_truth(border, 4)
        duty, theirs = border.viewer("north", TRAINED), border.viewer("east", TRAINED)
        refs = {}
        for caveats in ((), TRAINED):
            offering = Offering(aircraft="4b1805", tlp="AMBER", to=EAST, caveats=caveats)
            sent = await node.publish(node.identity.saying.offer(duty, offering), duty)
            await brought(border, NORTH, sent.id, EAST)
            refs[caveats] = sent
        east = made.nodes[EAST]
        offers = {one.ref: one.key for one in east.identity.page(theirs).offers}
        assert offers == {refs[()].ref: "4b1805", refs[TRAINED].ref: "EXERCISE/4b1805"}

        taken = east.identity.saying.answer(theirs, refs[TRAINED].ref, Answering(word="ACCEPT"))
        assert "EXERCISE" in taken.caveats
        await east.publish(taken, theirs)
        crossed = structs.replace(taken, form={**(taken.form or {}), "offer": refs[()].id}, cites=(refs[()].id,))
        await east.publish(crossed, theirs)
        await flown_in_truth(border, 3)

        stages = {one.ref: one.stage for one in east.identity.page(theirs).offers}
        assert stages == {refs[()].ref: "OPEN", refs[TRAINED].ref: "ACCEPTED"}
        (real,) = border.aircraft("east", trained=TRAINED).values()
        assert (real.key, "HANDOVER" in real.bases, real.statements) == ("4b1805", False, ())


async def flown_in_truth(border: Border, seconds: int) -> None:
    for n in range(seconds):
        border.take("mast", heard(border.now, "4b1805", 47.0, 7.4 + 0.0029 * n))
        await border.passes()


@pytest.mark.anyio
async def test_what_is_said_in_drills_without_end_takes_no_place_of_what_is_so_nor_after_a_new_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most: dict[Any, int] = dict(spoken.MOST) | {Identification: 3}
    monkeypatch.setattr(spoken, "MOST", most)
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        border, node = Border(made), made.nodes[NORTH]
        border.aircraft("north", trained=TRAINED)
        await flown_in_truth(border, 3)
        duty = border.viewer("north", TRAINED)

        async def say(**more: Any) -> None:
            told = Stating(aircraft="4b1805", tlp="AMBER", category="IDENTIFIED_STATE", reason="seen", **more)
            await node.publish(node.identity.saying.state(duty, told), duty)

        await say()
        for _ in range(5):
            await say(caveats=TRAINED)
        kept = node.identity._spoken
        assert [len(kept.held(Identification, border.now))] == [4]
        kept._kept[Identification].clear()
        kept.begin(border.now)

        assert len(kept.held(Identification, border.now)) == 4
        found = border.aircraft("north", trained=TRAINED)["4b1805"]
        assert [said.exercise for said in found.statements] == [False]


@pytest.mark.anyio
async def test_an_exemption_that_is_so_lets_no_simulated_aircraft_pass_and_a_drills_lets_nobody_pass_who_flies_in_truth(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, site):
        await made.feed("drill", NORTH, EAST, caveats=TRAINED)
        room, duty = made.nodes[NORTH].desk.sites, structs.replace(site_viewer(made), trained=frozenset(TRAINED))
        given = await say(made, room.exemption(duty, site.ref, passing(made)))

        async def exempt() -> dict[str, bool]:
            for sensor in ("drill", "mast"):
                await flies(made, [47.49], sensor=sensor, mover=STRANGER)
            return {one.mover: one.exempt for one in (await room.view(duty)).near}

        assert await exempt() == {STRANGER: True, f"EXERCISE/{STRANGER}": False}
        word = made.nodes[NORTH].holdings.verified(ItemId(given.id))
        assert word is not None
        assert word.own is not None
        marking = structs.replace(word.own.control.marking, caveats=TRAINED)
        await made.world.say("north", "narrow", Narrow(control=word.own.id, marking=marking))
        assert not any((await exempt()).values())
