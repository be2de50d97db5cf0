"""An exercise's feed beside real ones: each is shown as if the other were not there."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from identified import BORDER, Border, heard
from msgspec import structs
from test_sites import a_site
from world import exchange

from quartet.core.category import Category
from quartet.core.release import Viewer
from quartet.node.identify.views import Stating
from quartet.picture.plane import Place, polar
from quartet.picture.plot import Plot, RadarPlot
from quartet.picture.radar import Radar
from sky import EAST, NORTH, Sky, sky, spelt

pytestmark = pytest.mark.anyio
TRAINED = ("EXERCISE",)
SECONDS = 14
CRAFTS = ("4b1805", "3c6444", "a0b1c2", "40621d")


def plots(border: Border, seed: int, n: int) -> list[Plot]:
    """Return what a sensor hears of a few aircraft in a second: where, and what they say, is drawn."""
    draw = Random(seed)
    found = []
    for address in draw.sample(CRAFTS, 3):
        lat, lon = 47.5 + draw.uniform(-0.02, 0.02), BORDER - draw.uniform(0.005, 0.05)
        said = {"callsign": draw.choice(("SWR12A", "DLH1")), "squawk": draw.choice(("2000", "7700"))}
        made = heard(border.now, address, lat, lon + 0.0029 * n, accuracy_m=draw.choice((20.0, 90.0)), **said)
        found.append(made)
    return found


async def played(folder: Path, seed: int, feeds: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return what an officer who is trained for exercises is shown of what is so, and of the drill."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        border, duty = Border(made), structs.replace(world.viewer("north"), trained=frozenset(TRAINED))
        for name, of in (("mast", NORTH), ("coast", EAST), ("drill", NORTH), ("play", EAST)):
            if name in feeds:
                await made.feed(name, of, *{NORTH, of} - {of}, caveats=TRAINED if name in ("drill", "play") else ())
        node = made.nodes[NORTH]
        node.identity.page(duty)
        await node.publish(node.desk.sites.register(a_site()), made.world.viewer("north"))
        shown: tuple[list[str], list[str]] = [], []
        for n in range(SECONDS):
            for m, name in enumerate(("mast", "coast", "drill", "play")):
                if name in feeds:
                    border.take(name, *plots(border, 10 * seed + m, n))
            await border.passes()
            await node.desk.sitewatch.look(border.now)
            for drill in (False, True):
                shown[drill].append(spelt(await seen(border, made, duty, drill=drill)))
        return shown


async def seen(border: Border, made: Sky, duty: Viewer, *, drill: bool) -> Any:
    """Return all tracks, aircraft, entries and warnings of one world, without what is drawn at random."""
    node = made.nodes[NORTH]
    tracks = [one for one in node.picture(duty) if one.id.startswith("EXERCISE/") is drill]
    aircraft = [one for one in node.identity.page(duty).aircraft if one.exercise is drill]
    sites, left = await node.desk.sites.view(duty), node.desk.sites.log.left(duty)
    near = [(one.mover, one.level, one.too_near_s, one.exempt) for one in sites.near if one.exercise is drill]
    warned = sorted((one.mover, one.level, one.name) for one in left if one.exercise is drill)
    moved = (await node.identity.movements(duty, None, None, 500)).items
    crossed = sorted((one.id, one.way, one.at, one.bases, one.category) for one in moved if one.exercise is drill)
    return tracks, sorted(aircraft, key=lambda one: one.key), near, warned, crossed


@pytest.mark.parametrize("seed", range(3))
async def test_an_exercises_feed_changes_nothing_of_what_is_shown_of_what_is_so_nor_a_real_one_of_the_drill(
    tmp_path: Path, seed: int
) -> None:
    for name in ("both", "real", "drill"):
        (tmp_path / name).mkdir()
    both = await played(tmp_path / "both", seed, ("mast", "coast", "drill", "play"))
    real = await played(tmp_path / "real", seed, ("mast", "coast"))
    drill = await played(tmp_path / "drill", seed, ("drill", "play"))

    assert both[False] == real[False]
    assert both[True] == drill[True]
    assert "EXERCISE/" in both[True][-1]


HILL = Radar(name="hill", lat=46.8, lon=7.4, height_m=500.0, period_s=2.0)


async def test_an_exercises_radar_neither_contradicts_nor_confirms_who_flies_in_truth(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("drill", NORTH, caveats=TRAINED)
        border = Border(made)
        border.aircraft("north", trained=TRAINED)
        for n in range(40):
            lon = 7.5 + 0.0029 * n
            border.take("mast", heard(border.now, "4b1805", 47.0, lon))
            if n % 2 == 0:
                border.take("drill", at_radar(border, lon), stands=(HILL,))
            await border.passes()

        one = border.aircraft("north", trained=TRAINED)["4b1805"]

        assert (one.exercise, one.flags, one.evidence, one.verified) == (False, (), (), None)
        assert made.nodes[NORTH].identifying.doubted(border.viewer("north", TRAINED)) == frozenset()


def at_radar(border: Border, lon: float) -> RadarPlot:
    """Return a plot of a radar that sees the aircraft ten kilometres to the north of where it says it is."""
    found = polar(Place(HILL.lat, HILL.lon, HILL.height_m), Place(47.09, lon, 9_000.0))
    return RadarPlot(
        at=border.now,
        sensor="hill",
        range_m=found.range_m,
        azimuth_deg=found.azimuth_deg,
        seen="MODE_S",
        icao24="4b1805",
        alt_m=9_000.0,
    )


async def test_what_is_said_of_the_real_of_two_with_one_address_is_not_said_of_the_simulated_nor_the_other_way(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("drill", NORTH, caveats=TRAINED)
        border, node = Border(made), made.nodes[NORTH]
        duty = border.viewer("north", TRAINED)
        border.aircraft("north", trained=TRAINED)

        async def fly(seconds: int) -> None:
            for _ in range(seconds):
                for feed in ("mast", "drill"):
                    border.take(feed, heard(border.now, "4b1805", 47.0, 7.4, callsign="SWR12A"))
                await border.passes()

        await fly(4)
        words: tuple[tuple[str, Category], ...] = (
            ("4b1805", "IDENTIFIED_STATE"),
            ("EXERCISE/4b1805", "UNIDENTIFIED"),
        )
        for key, category in words:
            stating = Stating(aircraft=key, tlp="AMBER", to=(EAST,), category=category, reason="seen")
            await node.publish(node.identity.saying.state(duty, stating), duty)
        await fly(4)

        found = border.aircraft("north", trained=TRAINED)
        assert {key: (one.category, one.exercise, one.said_in_exercise) for key, one in found.items()} == {
            "4b1805": ("IDENTIFIED_STATE", False, False),
            "EXERCISE/4b1805": ("UNIDENTIFIED", True, True),
        }
        assert {key: [said.exercise for said in one.statements] for key, one in found.items()} == {
            "4b1805": [False],
            "EXERCISE/4b1805": [True],
        }
        assert node.identity.one(duty, "SWR12A").key == "4b1805"


async def test_a_feed_that_becomes_an_exercises_counts_for_nothing_that_is_so_from_then_on(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("drill", NORTH)
        border = Border(made)
        for n in range(8):
            border.take("mast", heard(border.now, "4b1805", 47.0, 7.5 + 0.0029 * n))
            border.take("drill", heard(border.now, "4b1805", 47.5, 7.5 + 0.0029 * n))
            await border.passes()
        assert "IDENT_CONFLICT" in border.aircraft("north")["4b1805"].flags
        border.aircraft("north", trained=TRAINED)

        await border.narrows("north", border.feed("drill"), caveats=TRAINED)
        for n in range(8, 14):
            border.take("mast", heard(border.now, "4b1805", 47.0, 7.5 + 0.0029 * n))
            await border.passes()

        for who in ((), TRAINED):
            one = border.aircraft("north", trained=who)["4b1805"]
            assert (one.exercise, one.flags, one.evidence) == (False, (), ())
