"""What was made of an exercise is called EXERCISE wherever it is read, and what was not is not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from identified import Border, heard
from msgspec import structs
from test_sites import NEARS, STRANGER, a_site, at_north, flies, guarded, later, left, register, viewer
from test_telling import CRAFT, filed
from test_watchlist import threat
from world import OFFICERS, World, exchange

from quartet.core.release import Viewer
from quartet.node.asking import Query
from quartet.node.identify.views import Offering, Stating
from quartet.node.views import Draft
from sky import EAST, NORTH, Sky, sky

pytestmark = pytest.mark.anyio

TRAINED = ("EXERCISE",)
OTHER = "3c6444"
SIMULATED = f"EXERCISE/{CRAFT}"


def trained(made: Sky) -> Viewer:
    return structs.replace(viewer(made), trained=frozenset(TRAINED))


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST)
        await made.feed("drill", NORTH, EAST, caveats=TRAINED)
        yield Border(made)


async def both_fly(border: Border, steps: int, lon: float = 7.4) -> None:
    """Let a real aircraft and one of an exercise fly east, seen by north."""
    border.aircraft("north", trained=TRAINED)
    for n in range(steps):
        border.take("mast", heard(border.now, OTHER, 46.5, lon + 0.0029 * n))
        border.take("drill", heard(border.now, CRAFT, 47.0, lon + 0.0029 * n))
        await border.passes()


# -- at a site


async def test_what_is_near_a_site_in_an_exercise_says_so_beside_what_is_near_in_truth(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await made.feed("drill", NORTH, EAST, caveats=TRAINED)
        await register(made)
        await flies(made, [47.49], sensor="drill")
        await flies(made, [47.49], mover=OTHER)
        sites = made.nodes[NORTH].desk.sites

        near = (await sites.view(trained(made))).near

        assert {one.mover: one.exercise for one in near} == {SIMULATED: True, OTHER: False}
        chair = (await sites.view(viewer(made, "chair"))).near  # she is trained for none
        assert [(one.mover, one.exercise) for one in chair] == [(OTHER, False)]


async def test_all_that_nears_a_site_of_an_exercise_is_of_one(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        node = made.nodes[NORTH]
        draft = structs.replace(node.desk.sites.register(a_site()), caveats=TRAINED)
        await node.publish(draft, trained(made))
        await flies(made, [47.49])

        (near,) = (await node.desk.sites.view(trained(made))).near

        assert (near.mover, near.exercise) == (STRANGER, True)


async def test_the_alarm_of_what_no_warning_can_say_says_that_it_is_of_an_exercise(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        names = [f"mast-{n}" for n in range(66)]
        for name in names:
            draft = Draft(kind="feed", tlp="AMBER+STRICT", title=name, text="modes", caveats=TRAINED)
            made._feeds[name] = NORTH, (await made.nodes[NORTH].publish(draft, viewer(made))).ref
        for lat in NEARS:
            for name in names:
                await made.sees(name, OTHER, lat=lat)
            await later(made)

        told = [one.detail for one in made.nodes[NORTH].status(trained(made)).alarms if one.reason == "site-unwarned"]

        assert told
        assert all(f"EXERCISE/{OTHER}" in one and "at Heron sanctuary: predicted" in one for one in told)


# -- in lists, and one by one


async def test_an_item_that_carries_what_is_of_an_exercise_says_so_in_a_list_and_whole(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await made.feed("drill", NORTH, caveats=TRAINED)
        await register(made)
        await flies(made, [47.49], sensor="drill")
        await flies(made, [47.49], mover=OTHER)
        node, duty = made.nodes[NORTH], trained(made)
        real, drill = left(made)[0], next(one for one in node.desk.sites.log.left(duty) if one.mover == SIMULATED)

        rows = {row.ref: row.exercise for row in (await node.read(duty, Query(kind="site-warning"))).items}

        assert rows == {real.ref: False, drill.ref: True}
        assert [node.show(duty, ref).exercise for ref in (real.ref, drill.ref)] == [False, True]
        assert (
            "EXERCISE" not in node.show(duty, drill.ref).marking.caveat_words
        )  # it carries that, and does not bear it


# -- who is who, and who came and went


async def test_an_aircraft_of_an_exercise_says_so_and_one_that_flies_in_truth_does_not(border: Border) -> None:
    await both_fly(border, 4)

    found = border.aircraft("north", trained=TRAINED)

    assert {key: (one.exercise, one.said_in_exercise) for key, one in found.items()} == {
        SIMULATED: (True, False),
        OTHER: (False, False),
    }
    assert set(border.aircraft("north")) == {OTHER}


async def test_an_entry_of_an_exercise_says_so_and_one_in_truth_does_not(border: Border) -> None:
    await both_fly(border, 24, 7.985)

    found = await border.movements("north", trained=TRAINED)

    assert {one.address: (one.exercise, one.said_in_exercise) for one in found} == {
        CRAFT: (True, False),
        OTHER: (False, False),
    }


async def test_an_exercises_plan_identifies_nobody_who_flies_in_truth_and_contradicts_none(border: Border) -> None:
    await filed(border, NORTH, caveats=TRAINED)
    border.aircraft("north", trained=TRAINED)
    for n in range(24):
        named = "SWR12A" if n < 3 else "DLH1"  # by the plan its address flies under another name
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.985 + 0.0029 * n, callsign=named))
        border.take("drill", heard(border.now, CRAFT, 47.0, 7.985 + 0.0029 * n, callsign="SWR12A"))
        await border.passes()
        if n == 2:
            found = border.aircraft("north", trained=TRAINED)
        if n == 4:
            after = border.aircraft("north", trained=TRAINED)[CRAFT]

    real, drill = found[CRAFT], found[SIMULATED]
    assert ("PLAN" in real.bases, real.plan, real.said_in_exercise) == (False, None, False)
    assert ("PLAN" in drill.bases, drill.exercise, drill.said_in_exercise) == (True, True, True)
    assert (after.flight_id, after.flags, after.evidence) == ("DLH1", (), ())
    moved = {one.exercise: one for one in await border.movements("north", trained=TRAINED)}
    assert ("PLAN" in moved[False].bases, "PLAN" in moved[True].bases) == (False, True)
    assert (real.plan_in_exercise, drill.plan_in_exercise) == (False, True)


async def test_what_is_stated_or_offered_of_an_aircraft_of_an_exercise_says_so_to_all_who_have_it(
    border: Border,
) -> None:
    await both_fly(border, 4, 7.9)
    node, duty = border.sky.nodes[NORTH], border.viewer("north", TRAINED)
    saying = node.identity.saying

    for aircraft, caveats in ((SIMULATED, TRAINED), (OTHER, ())):
        stated = saying.state(duty, Stating(aircraft=aircraft, tlp="AMBER", to=(EAST,)))
        offered = saying.offer(duty, Offering(aircraft=aircraft, tlp="AMBER", to=EAST))
        assert (stated.caveats, offered.caveats) == (caveats, caveats)
        await node.publish(stated, duty)
        await node.publish(offered, duty)

    found = {one.key: one for one in node.identity.page(duty).aircraft}
    assert {key: [said.exercise for said in one.statements] for key, one in found.items()} == {
        SIMULATED: [True],
        OTHER: [False],
    }
    assert {one.key: one.exercise for one in node.identity.page(duty).offers} == {SIMULATED: True, OTHER: False}


# -- the watch and its note


async def test_what_a_watch_has_before_it_of_an_exercise_says_so_and_the_note_names_what_each_thing_is(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", officers=OFFICERS[:2]) as world:
        real, drill = await asked(world), await asked(world, caveats=TRAINED)
        danger = await threat(world, "north", caveats=TRAINED)
        reader = world.nodes["east"].holdings.store.reader
        await world.until(lambda: all(reader.by_ref(ref) for ref in (real, drill, danger)))
        watch, duty = world.nodes["east"].desk.watch, structs.replace(world.viewer("east"), trained=frozenset(TRAINED))

        seen, note = await watch.before(duty), (await watch.note(duty, None)).text

        assert {one.ref: one.exercise for one in seen.matters} == {real: False, drill: True}
        assert [(one.ref, one.exercise) for one in seen.threats] == [(danger, True)]
        lines = note.splitlines()
        assert f"EXERCISE threat {danger} of north: holds" in lines
        assert f"FLASH request {real} of north" in lines
        assert f"EXERCISE FLASH request {drill} of north" in lines
        assert any(line.startswith(f"EXERCISE request {drill} of north: answer") for line in lines)
        assert "EXERCISE" not in (await watch.note(world.viewer("east"), None)).text


async def asked(world: World, **more: Any) -> str:
    form = {"asked": ["east"], "precedence": "FLASH"}
    sent = await world.send("north", ["east"], "Who?", kind="request", form=form, precedence="FLASH", **more)
    return sent.ref
