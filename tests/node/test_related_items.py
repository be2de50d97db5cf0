"""Items that name the same are suggested from what a viewer sees alone, and what they have in common is said."""

import random
from pathlib import Path
from typing import Any, Final

import pytest
from hidden import answers_as_without_the_rest, for_some
from world import World, exchange

from quartet.node.aliasviews import Meant
from quartet.node.desk.relatedviews import RelatedPage

pytestmark = pytest.mark.anyio

SPEAKS: Final = (
    "The port office said that a grain silo had exploded on the Ravigny quay in Port Mersol on 9 November 2026."
)
TEXTS: Final = (
    SPEAKS,
    "Un silo à grain a explosé le 9 novembre 2026 sur le quai Ravigny, a déclaré la capitainerie de Port-Mersol.",
    "Взрыв прогремел 9 ноября 2026 года в посёлке Малая Ступица, сообщил мэр Глеб Острумин.",
    "Mayor Gleb Ostrumin said that a fire had broken out in the village of Elm Ford on 2 March 2026.",
    "Nothing of note was seen overnight.",
)
Told = list[tuple[str, tuple[tuple[str, str, str], ...]]]


async def related(world: World, ref: str, officer: str = "duty") -> RelatedPage:
    return await world.nodes["north"].desk.related.of(world.viewer("north", officer), ref)


def told(page: RelatedPage) -> Told:
    return [(one.item.title, tuple((w.kind, w.mine, w.its) for w in one.why)) for one in page.items]


async def filled(world: World) -> list[str]:
    return [(await world.send("north", ["east"], text, title=f"Report {n}")).ref for n, text in enumerate(TEXTS)]


async def test_what_names_the_same_in_another_language_is_suggested_with_why(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = await filled(world)

        found = dict(told(await related(world, refs[0])))
        assert set(found) == {"Report 1"}
        assert ("place", "Ravigny quay", "quai Ravigny") in found["Report 1"]
        assert ("day", "2026-11-09", "2026-11-09") in found["Report 1"]

        (mayor,) = told(await related(world, refs[2]))
        assert mayor == ("Report 3", (("person", "Глеб Острумин", "Gleb Ostrumin"),))
        assert (await related(world, refs[4])).items == ()


async def test_what_an_officer_said_of_a_name_makes_two_items_related(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sea = "The municipality of Karst said that a boat had capsized off Elm Ford."
        lamp = "The Lumenne Agency reported that a fire had broken out in the village of Birch."
        first, second = [(await world.send("north", ["east"], text)).ref for text in (sea, lamp)]
        assert (await related(world, first)).items == ()

        aliases = world.nodes["north"].desk.aliases
        await aliases.say(world.viewer("north"), Meant("municipality of Karst", "Lumenne Agency"))

        assert [one.item.ref for one in (await related(world, first)).items] == [second]


async def test_a_text_of_no_language_that_is_read_is_said_not_to_be_read(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = (await world.send("north", ["east"], "12345", title="98")).ref

        page = await related(world, ref)

        assert (page.read, page.items) == (False, ())


async def test_what_was_destroyed_is_neither_related_nor_kept_as_it_was_read(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = await filled(world)
        assert len((await related(world, refs[0])).items) == 1
        rooms = world.nodes["north"].desk.related
        before = len(rooms.reading.kept)

        await world.fact("north", "recall", refs[1])

        assert (await related(world, refs[0])).items == ()
        await world.until(lambda: len(rooms.reading.kept) < before)


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """Return an item that nobody, some or all of north's officers may see."""
    fields: dict[str, Any] = {"text": dice.choice(TEXTS), "title": f"Report {number}", "to": ["east"]}
    return for_some(dice, fields)


@pytest.mark.parametrize("seed", range(2))
async def test_a_world_relates_what_one_that_holds_only_what_she_may_see_would(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    items = [drawn(dice, number) for number in range(10)]
    await answers_as_without_the_rest(tmp_path, dice, items, related, told)
