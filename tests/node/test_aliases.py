"""What an officer said that a name means is kept at her node, and roots are counted by it."""

import asyncio
from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.faults import Malformed
from quartet.node import aliases
from quartet.node.aliasviews import AliasView, Meant
from quartet.node.desk.matterviews import Sources

pytestmark = pytest.mark.anyio

AGENCY, SPELT, CYRILLIC = "Agence Lumenne", "وكالة لومين", "Агентство Люменн"


async def say(world: World, name: str, means: str | None, officer: str = "duty") -> tuple[AliasView, ...]:
    return (await world.nodes["north"].desk.aliases.say(world.viewer("north", officer), Meant(name, means))).aliases


async def root_of(world: World, *names: str) -> tuple[str, ...]:
    node = world.nodes["north"]
    return await node.desk.matters.blinded(world.viewer("north"), Sources(circle="all", names=names), node.publish)


async def test_two_spellings_of_one_source_have_one_blinded_name_once_an_officer_said_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        first, second = await root_of(world, AGENCY, SPELT)
        assert first != second

        await say(world, SPELT, AGENCY)

        assert await root_of(world, AGENCY, SPELT, CYRILLIC) == (first, first, (await root_of(world, CYRILLIC))[0])
        await say(world, SPELT, None)
        assert await root_of(world, AGENCY, SPELT) == (first, second)


async def test_what_was_said_outlives_the_process_and_lies_on_the_disk_in_no_clear_word(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await say(world, "the Zxqjvkw Wire", AGENCY, "second")
        (one,) = world.nodes["north"].desk.aliases.every().aliases
        assert (one.name, one.means, one.officer) == ("the Zxqjvkw Wire", AGENCY, "second")

        await world.stop("north")
        world.start("north")

        assert world.nodes["north"].desk.aliases.every().aliases == (one,)
        assert world.nodes["north"].desk.aliases.means("ZXQJVKW wire") == AGENCY
        assert b"Zxqjvkw" not in world.raw("north")
        assert b"Lumenne" not in world.raw("north")


async def test_a_name_means_one_other_and_the_last_word_holds(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await say(world, SPELT, "North Wire")
        (one,) = await say(world, SPELT, AGENCY)
        assert (one.means, one.name) == (AGENCY, SPELT)

        for name, means, reason in (
            (AGENCY, "North Wire", "alias-chain"),
            (CYRILLIC, SPELT, "alias-chain"),
            (AGENCY, "the  agence LUMENNE", "bad-alias"),
            ("", AGENCY, "bad-alias"),
            ("the", AGENCY, "bad-alias"),
            ("North\u202eWire", AGENCY, "bad-alias"),
            (CYRILLIC, None, "no-such-alias"),
        ):
            with pytest.raises(Malformed, match=reason):
                await say(world, name, means)
        assert world.nodes["north"].desk.aliases.every().aliases == (one,)


async def test_words_of_two_officers_at_once_are_both_kept_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await asyncio.gather(*(say(world, f"Wire {n}", AGENCY) for n in range(9)))
        assert len(world.nodes["north"].desk.aliases.every().aliases) == 9

        monkeypatch.setattr(aliases, "MAX_ALIASES", 9)
        with pytest.raises(Malformed, match="too-many-aliases"):
            await say(world, "Wire 9", AGENCY)
        assert len(await say(world, "Wire 8", "North Wire")) == 9


async def test_which_name_it_may_be_is_told_by_what_was_said_and_then_by_sound(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await say(world, "Hands of the Sea", "دستان دریا")
        await say(world, SPELT, AGENCY)
        book = world.nodes["north"].desk.aliases

        said, heard = book.every("Hands of the Sea").likely, book.every(CYRILLIC).likely

        assert (said[0].name, said[0].why) == ("دستان دریا", ("alias",))
        assert heard[0].name == AGENCY
        assert "alias" not in heard[0].why


async def test_a_persian_name_is_kept_with_the_joiner_that_belongs_to_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        (one,) = await say(world, "آتش\u200cنشانی استرل", "Ostrel fire brigade")

        assert one.name == "آتش\u200cنشانی استرل"
        assert world.nodes["north"].desk.aliases.means("آتش\u200cنشانی استرل") == "Ostrel fire brigade"


async def test_a_name_keeps_the_joiners_of_its_spelling_and_takes_no_sign_that_hides(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        (one,) = await say(world, "خبرگزاری\u200cها", AGENCY)
        assert one.name == "خبرگزاری\u200cها"

        for name in (
            "North\u200cWire",
            "North\u202eWire",
            "North\u2066 Wire",
            "North\u2028Wire",
            "North\nWire",
            "\u200bWire",
        ):
            with pytest.raises(Malformed, match="bad-alias"):
                await say(world, name, AGENCY)
