"""What is searched is found across scripts, ranked, and tells nothing of what the viewer may not see."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any, Final

import pytest
from world import World, exchange

from quartet.core.encoding import b64
from quartet.core.fold import term
from quartet.node.asking import Query
from quartet.node.beat import BEAT_S, until_beat
from quartet.node.node import Node
from quartet.node.searchviews import Search
from quartet.node.wordbook import MAX_WAITING_BYTES, Wordbook, strings
from quartet.store import SHARD, Words

pytestmark = pytest.mark.anyio

CASES: Final = json.loads((Path(__file__).parents[1] / "core" / "words" / "orthography.json").read_text())
WORDS: Final = ("bridge", "bridges", "bridgehead", "Мост", "мосты", "الجسر", "وللجسور", "جسر", "پل‌ها", "Łódź", "lodzie")
ASKED: Final = ("brid", "мост", "الجسر", "lodz", "r", "item")
OFFICERS: Final = ("duty", "second", "chair")


async def search(world: World, *words: str, officer: str = "duty", **more: Any) -> Search:
    node = world.nodes["north"]
    return await node.reading.search(world.viewer("north", officer), Query(words=words, **more))


def told(found: Search) -> tuple[Any, ...]:
    """Return all that a viewer is told, with the titles in place of names that are drawn anew in each world."""
    titles = tuple(row.title for row in found.hits)
    return titles, found.count, found.more, found.kinds, found.authors, found.suggestions


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """Return an item that nobody, some or all of north's officers may see; most that share words are hidden."""
    text = " ".join(dice.choices(WORDS, k=dice.randint(1, 6)))
    fields: dict[str, Any] = {"text": text, "title": f"Item {number} {dice.choice(WORDS)}", "to": ["east"]}
    persons = [f"north/{name}" for name in dice.sample(OFFICERS, dice.randint(1, 2))]
    match dice.choice(("open", "named", "named", "trained")):
        case "named":
            fields |= {"tlp": "RED", "persons": tuple(persons)}
        case "trained":
            fields |= {"caveats": ("PERSONAL",)}
    return fields


async def filled(world: World, items: list[dict[str, Any]]) -> list[str]:
    return [(await world.send("north", **fields)).ref for fields in items]


@pytest.mark.parametrize("seed", range(3))
async def test_a_world_tells_what_one_that_holds_only_what_she_may_see_would(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    items = [drawn(dice, number) for number in range(12)]
    async with exchange(tmp_path / "whole", "north", "east") as whole:
        refs = await filled(whole, items)
        gone = dice.choice([n for n, ref in enumerate(refs) if whole.holds("north", ref)])
        await whole.fact("north", "recall", refs[gone])
        for officer in OFFICERS:
            seen = [n for n, ref in enumerate(refs) if whole.holds("north", ref, officer)]
            assert gone not in seen
            async with exchange(tmp_path / officer, "north", "east") as bare:
                await filled(bare, [items[n] for n in seen])
                for asked in ASKED:
                    found = told(await search(whole, asked, officer=officer))
                    assert found == told(await search(bare, asked, officer=officer))


async def test_long_texts_that_fold_into_more_keep_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is looked at, and ranked, in a turn of its own, however many a member sent."""
    many, turns = 8, 0
    async with exchange(tmp_path, "north", "east") as world:
        for number in range(many):
            await world.send("north", ["east"], "\ufdfa" * 40_000, title=f"Item {number}")
        node = world.nodes["north"]
        shared = node.reading.book.words.text

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        looked: list[int] = []

        def text(number: int) -> str | None:
            looked.append(turns)
            return shared(number)

        monkeypatch.setattr(node.reading.book.words, "text", text)
        waiting = asyncio.create_task(others())
        found = await search(world, "الله")
        waiting.cancel()

        assert found.count == many
        assert len(looked) == 2 * many
        assert max(looked.count(turn) for turn in looked) <= 2


async def test_each_case_of_spelling_finds_its_item_and_what_is_stored_stays(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = await filled(world, [{"text": case["kept"], "to": ["east"]} for case in CASES])

        assert len((await search(world, "مقطوع")).hits) == 1
        for case, ref in zip(CASES, refs, strict=True):
            assert ref in [row.ref for row in world.page("north", Query(words=(case["asked"],))).items]
            assert world.text("north", ref) == case["kept"]


async def test_whole_words_come_before_beginnings_and_these_before_insides_and_titles_first(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        said = {"a": "one dam", "b": "two dams", "c": "macadam", "dam": "three", "d": "dam dam dam", "e": "one dam"}
        for title, text in said.items():
            await world.send("north", ["east"], text, title=title)

        found = await search(world, "dam")

        assert [row.title for row in found.hits] == ["dam", "d", "e", "a", "b", "c"]
        assert (found.count, found.more) == (6, False)
        assert (found.kinds, found.authors) == ({"report": 6}, {"north": 6})
        assert found.suggestions == ("dams",)


async def test_a_purge_leaves_no_word_in_the_book(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sent = await world.send("north", ["east"], "zxqjvkw at the left bank")
        node = world.nodes["north"]
        assert in_book(node, "zxqjvkw") == 1

        await world.fact("north", "recall", sent.ref)
        await world.until(lambda: in_book(node, "zxqjvkw") == 0)

        await world.until(lambda: not any(b"zxq" in image for image in node.reading.book.words.images()))


async def test_news_wait_for_each_other_and_nobody_who_looks_for_words_waits_for_them(tmp_path: Path) -> None:
    """They are taken up together, or before somebody looks; a long one at once; what was purged meanwhile never."""
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        book = Wordbook(node.holdings)
        await filled(world, [{"text": f"levee {n}", "to": ["east"]} for n in range(3)])
        gone = await world.send("north", ["east"], "levee that is taken back")
        await world.fact("north", "recall", gone.ref)
        await world.until(lambda: in_book(node, "taken") == 0)

        assert book._words.count == 0
        assert book.words.count == 3
        assert not any(b"taken" in image for image in book.words.images())

        await world.send("north", ["east"], "dam " * (MAX_WAITING_BYTES // 4))
        assert book._words.count == 4


def in_book(node: Node, word: str) -> int:
    """Return on how many shards' pages a word stands."""
    return sum(word.encode() in image for image in node.reading.book.words.images())


async def test_no_word_lies_on_the_disk(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.send("north", ["east"], "zxqjvkw at the left bank")

        assert (await search(world, "zxqjvkw")).count == 1
        assert b"zxqj" not in world.raw("north")


async def test_a_node_that_begins_again_finds_everything_before_and_after_its_book_is_whole(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        refs = await filled(world, [{"text": f"levee {n}", "to": ["east"]} for n in range(5)])
        await world.stop("north")
        node = world.open("north")
        assert not node.status(world.viewer("north")).words.whole  # type: ignore[union-attr]

        before = [row.ref for row in (await search(world, "levee")).hits]
        await node.reading.book.read_in()
        late = await world.send("north", ["east"], "levee at last")
        after = [row.ref for row in (await search(world, "levee")).hits]

        assert before == refs[::-1]
        assert after == [late.ref, *refs[::-1]]
        words = node.status(world.viewer("north")).words
        assert words is not None
        assert (words.whole, words.items) == (True, 6)
        assert node.reading.book.words.find(0, [term("levee")]) is not None
        assert SHARD > 6


@pytest.mark.parametrize("read_in", ["all", "newest", "none"])
async def test_a_list_with_words_is_in_both_orders_as_it_is_without_the_book(tmp_path: Path, read_in: str) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        numbers = range(17)
        refs = await filled(world, [{"text": f"{('levee', 'dam')[n % 3 == 1]} {n}", "to": ["east"]} for n in numbers])
        wanted = [ref for n, ref in zip(numbers, refs, strict=True) if n % 3 != 1]
        reading, small = world.nodes["north"].reading, Words(span=4)
        book = reading._listing._book = Wordbook(world.nodes["north"].holdings, small)
        if read_in != "none":
            await book.read_in()
            assert book.state.whole
        if read_in == "newest":
            for shard in (0, 1):
                small._shards.pop(shard)

        for newest in (False, True):
            seen: list[str] = []
            after: str | None = ""
            while after is not None:
                page = world.page("north", Query(newest=newest, limit=3, after=after, words=("LEVEE",)))
                seen += [row.ref for row in page.items]
                after = page.next

            assert seen == (wanted[::-1] if newest else wanted)


def test_it_answers_at_few_times_whatever_it_found() -> None:
    times = {round(took + until_beat(took), 9) for took in (n / 1_000 for n in range(1, 1_600))}

    assert times == {round(BEAT_S * 2**n, 9) for n in range(6)}


async def test_a_suggestion_is_spelt_as_in_the_items_and_goes_on_from_what_was_asked(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await world.send("north", ["east"], "کتاب‌ها، کِتاب‌خانه and Łódźki")

        assert (await search(world, "كتاب")).suggestions == ("کِتاب‌خانه", "کتاب‌ها")
        assert (await search(world, "lod")).suggestions == ("Łódźki",)
        assert (await search(world, "nothing")).suggestions == ()


def test_the_ids_of_other_items_are_no_words_that_somebody_said() -> None:
    one = b64(bytes(range(32)))

    assert strings({"about": one, "text": "near Dam 3", "list": [one, one[:-1], one + "x"]}) == [
        "near Dam 3",
        one[:-1],
        one + "x",
    ]
