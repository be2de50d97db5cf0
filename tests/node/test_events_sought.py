"""Events are found by where they were and who knew them first, by any name; a root by a key that the viewer sees."""

import random
from pathlib import Path
from typing import Any, Final

import pytest
from hidden import OFFICERS, for_some
from world import World, exchange

from quartet.core.encoding import b64
from quartet.core.faults import Malformed
from quartet.desk.roots import CircleKey, root_of
from quartet.intake.places import Kind, Name, Place, Source
from quartet.node.aliasviews import Meant
from quartet.node.asking import Query
from quartet.node.desk.matterviews import Sources
from quartet.node.gazetteer.keeping import keep_places
from quartet.node.searchviews import Search
from quartet.node.views import Page

pytestmark = pytest.mark.anyio

BRIGADE, AGENCY, SPELT = "Ostrel fire brigade", "Agence Lumenne", "وكالة لومين"
KEYS: Final = tuple(CircleKey(circle="all", key=b64(bytes([n]) * 32)) for n in (1, 2))
PLACES: Final = ("Elm Ford", "Port Mersol", "بور مرسول", "Порт-Мерсоль", "the north quay, Elm Ford", "")
ASKED: Final = (
    {"place": "Elm Ford"},
    {"place": "Mersol"},
    {"place": "Мерсоль"},
    {"root": BRIGADE},
    {"root": AGENCY},
    {"place": "Elm Ford", "root": BRIGADE},
    {"place": "Elm Ford", "words": ("mill",)},
)


def event(where: str = "", roots: tuple[str, ...] = ()) -> dict[str, Any]:
    given = {"what": "a fire", "how": "PUBLISHED", "polarity": "ASSERTS", "reliability": "B", "credibility": 3}
    return {**given, "where": where, "roots": list(roots)}


def report(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"to": ["east"], "text": "as told of the mill", "form": {"events": list(events)}, **more}


def key(number: int = 0, **more: Any) -> dict[str, Any]:
    form = {"circle": KEYS[number].circle, "key": KEYS[number].key}
    return {"kind": "circle-key", "tlp": "AMBER+STRICT", "text": "a key", "to": ["east"], "form": form, **more}


async def found(world: World, officer: str = "duty", member: str = "north", **asked: Any) -> Search:
    node = world.nodes[member]
    return await node.reading.search(world.viewer(member, officer), Query(**asked))


async def listed(world: World, **asked: Any) -> Page:
    return await world.nodes["north"].read(world.viewer("north"), Query(**asked))


async def titles(world: World, **asked: Any) -> set[str]:
    return {row.title for row in (await found(world, **asked)).hits}


def told(search: Search) -> tuple[Any, ...]:
    """Return all that a viewer is told, with the titles in place of names that are drawn anew in each world."""
    return [row.title for row in search.hits], search.count, search.more, search.kinds, search.authors


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """Return a report or a circle's key that nobody, some or all of north's officers may see."""
    if number < len(KEYS):
        return for_some(dice, key(number, title=f"Key {number}"))
    roots = tuple(root_of(dice.choice(KEYS), dice.choice((BRIGADE, AGENCY))) for _ in range(dice.randint(0, 1)))
    events = [event(dice.choice(PLACES), roots) for _ in range(dice.randint(1, 2))]
    return for_some(dice, report(*events, title=f"Report {number}"))


@pytest.mark.parametrize("seed", range(2))
async def test_a_world_finds_and_counts_what_one_that_holds_only_what_she_may_see_would(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    items = [drawn(dice, number) for number in range(9)]
    async with exchange(tmp_path / "whole", "north", "east") as whole:
        refs = [(await whole.send("north", **fields)).ref for fields in items]
        gone = dice.choice([n for n, ref in enumerate(refs) if whole.holds("north", ref)])
        await whole.fact("north", "recall", refs[gone])
        for officer in OFFICERS:
            seen = [n for n, ref in enumerate(refs) if whole.holds("north", ref, officer)]
            assert gone not in seen
            async with exchange(tmp_path / officer, "north", "east") as bare:
                for n in seen:
                    await bare.send("north", **items[n])
                for asked in ASKED:
                    assert told(await found(whole, officer, **asked)) == told(await found(bare, officer, **asked))


async def test_who_does_not_see_the_key_finds_nothing_by_a_name_and_who_does_finds_all_of_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        root = root_of(KEYS[0], BRIGADE)
        sent = await world.send("north", **report(event("Elm Ford", (root,)), title="Fire", to=["east", "south"]))
        await world.until(lambda: world.holds("east", sent.ref) and world.holds("south", sent.ref))
        assert not (await found(world, root=BRIGADE)).hits

        held = await world.send("north", **key(officer="second", tlp="RED", persons=("north/second", "east/duty")))
        await world.until(lambda: world.holds("east", held.ref))

        for name, count in ((BRIGADE, 1), ("the OSTREL fire  brigade", 1), (AGENCY, 0), (root, 1), (root[1:] + "A", 0)):
            assert (await found(world, "second", root=name)).count == count, name
            assert (await found(world, "duty", "east", root=name)).count == count, name
        for officer, member in (("duty", "north"), ("chair", "north"), ("duty", "south")):
            guessed, wrong = [await found(world, officer, member, root=name) for name in (BRIGADE, AGENCY)]
            assert told(guessed) == told(wrong) == ([], 0, False, {}, {})
            assert (await found(world, officer, member, root=root)).count == 1
        await world.fact("north", "recall", held.ref, officer="second")
        assert (await found(world, "second", root=BRIGADE)).count == 0


async def test_a_key_that_an_outsider_may_have_and_one_of_another_circle_find_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.send("north", **report(event(roots=(root_of(KEYS[0], BRIGADE),))))
        other = {"circle": "no such", "key": KEYS[0].key}

        await world.send("north", **key(tlp="CLEAR", to=[]))
        await world.send("north", **key(form=other))

        assert (await found(world, root=BRIGADE)).count == 0
        await world.send("north", **key())
        assert (await found(world, root=BRIGADE)).count == 1


async def test_a_source_is_found_under_every_name_of_which_an_officer_said_that_it_means_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south", "west") as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        names = Sources(circle="all", names=(SPELT, AGENCY))
        before, mine = await node.desk.matters.blinded(viewer, names, node.publish)
        await world.send("north", **report(event(roots=(before,)), title="before"))
        await world.send("north", **report(event(roots=(mine,)), title="mine"))
        assert await titles(world, root=AGENCY) == {"mine"}

        await node.desk.aliases.say(viewer, Meant(SPELT, AGENCY))

        assert await titles(world, root=AGENCY) == await titles(world, root=SPELT) == {"before", "mine"}


async def test_a_place_is_found_in_any_script_by_its_other_names_and_as_a_part_of_one(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        for title, where in (("en", "Port Mersol"), ("ar", "بور مرسول"), ("ru", "Порт-Мерсоль"), ("elm", "Elm Ford")):
            await world.send("north", **report(event(where), title=title))
        await world.send("north", **report(event("the north quay, Elm Ford"), event("Мыс Ольхи"), title="two"))
        await world.send("north", ["east"], "A fire at Port Mersol, in words alone", title="words")

        assert await titles(world, place="Mersol") == await titles(world, place="مرسول") == {"en", "ar", "ru"}
        assert await titles(world, place="elm") == await titles(world, place="Elm Ford") == {"elm", "two"}
        assert await titles(world, place="north quay") == {"two"}
        assert await titles(world, place="Alder Point") == await titles(world, place="Nowhere") == set()

        point = Place("own:1", Kind.OWN, (Name("Alder Point"), Name("Мыс Ольхи"), Name("Égerfok")), 0)
        keep_places(world.member("north"), [(Source("own:x", "", "ours"), (point,))])
        assert await titles(world, place="ALDER point") == await titles(world, place="egerfok") == {"two"}
        await world.nodes["north"].desk.aliases.say(world.viewer("north"), Meant("the Zollhaus", "Alder Point"))
        assert await titles(world, place="Zollhaus") == {"two"}


async def test_one_event_is_all_that_is_asked_for_and_the_inbox_finds_as_the_search_does(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.send("north", **key())
        roots = {name: (root_of(KEYS[0], name),) for name in (BRIGADE, AGENCY)}
        one = event("Elm Ford", roots[BRIGADE])
        await world.send("north", **report(one, title="both"))
        await world.send("north", **report(event("Elm Ford", roots[AGENCY]), event("", roots[BRIGADE]), title="apart"))
        beside = await world.send("north", ["east"], "of the ford", title="beside")

        for asked in ({"place": "Elm Ford", "root": BRIGADE}, {"place": "Elm Ford", "root": BRIGADE, "threads": True}):
            assert await titles(world, **asked) == {"both"}
            assert [row.title for row in (await listed(world, **asked)).items] == ["both"]
        assert await titles(world, root=BRIGADE) == {"both", "apart"}
        assert await titles(world, root=BRIGADE, kind="message") == set()
        assert beside.ref not in [row.ref for row in (await listed(world, place="ford")).items]


async def test_what_was_purged_is_found_by_neither_its_place_nor_its_root(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.send("north", **key())
        sent = await world.send("north", **report(event("Zxqford", (root_of(KEYS[0], BRIGADE),))))
        await world.until(lambda: world.holds("east", sent.ref))
        for member in ("north", "east"):
            assert (await found(world, member=member, place="Zxqford")).count == 1

        await world.fact("north", "recall", sent.ref)
        await world.until(lambda: not world.holds("east", sent.ref))

        for member in ("north", "east"):
            for asked in ({"place": "Zxqford"}, {"root": BRIGADE}, {"root": root_of(KEYS[0], BRIGADE)}):
                assert told(await found(world, member=member, **asked)) == ([], 0, False, {}, {})
        images = world.nodes["north"].reading.book.words.images
        await world.until(lambda: not any(b"zxq" in image for image in images()))


async def test_a_book_of_places_that_is_damaged_is_told_and_not_passed_over(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        world.member("north").places.write_bytes(b"{}{")

        with pytest.raises(Malformed, match="bad-places"):
            await found(world, place="Elm Ford")
        assert (await found(world, words=("elm",))).count == 0
