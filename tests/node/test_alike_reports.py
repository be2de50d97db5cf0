"""What may be the same event is suggested from what a viewer sees alone, and it is an officer who says that it is."""

import asyncio
import random
from pathlib import Path
from typing import Any, Final

import pytest
from hidden import answers_as_without_the_rest, for_some
from world import World, exchange

from quartet.core.ids import SECOND
from quartet.node.beat import BEAT_S
from quartet.node.desk.alikeviews import AlikePage
from quartet.node.desk.readonce import ReadOnce

pytestmark = pytest.mark.anyio

MONDAY: Final = 1_772_409_600 * SECOND
"""2 March 2026."""
A, B = "A" * 43, "E" * 43
TEXTS: Final = (
    "A grain silo exploded on the Ravigny quay in Port Mersol.",
    "Un silo à grain a explosé sur le quai Ravigny.",
    "انفجرت صومعة حبوب على رصيف رافيني في بور مرسول",
    "Взорвалась зерновая башня в Порт-Мерсоле.",
    "fire: the mill at Elm Ford burned down",
)


def event(what: str, **more: Any) -> dict[str, Any]:
    given = {"what": what, "how": "PUBLISHED", "polarity": "ASSERTS", "reliability": "B", "credibility": 3}
    return {**given, "since": MONDAY, "until": MONDAY + 3600 * SECOND, **more}


async def report(world: World, *events: dict[str, Any], **more: Any) -> str:
    given: dict[str, Any] = {"to": ["east"], "text": "as told", "form": {"events": list(events)}, **more}
    return (await world.send("north", **given)).ref


async def alike(world: World, ref: str, officer: str = "duty") -> AlikePage:
    return await world.nodes["north"].desk.alike.of(world.viewer("north", officer), ref)


def told(page: AlikePage) -> list[Any]:
    """Return all that a viewer is told, but for names that are drawn anew in each world."""
    counts = [(one.number, one.type, one.at_most, one.unknown, one.denied, page.more) for one in page.events]
    every = [one for event in page.events for one in event.offered]
    return [*counts, *((o.title, o.number, o.what, o.where, o.polarity, o.why, o.firm, o.member) for o in every)]


async def test_what_reports_in_several_languages_tell_is_suggested_with_reasons_and_roots(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first = await report(world, event(TEXTS[0], roots=[A]))
        second = await report(world, event(TEXTS[1], roots=[A]), event(TEXTS[4]))
        third = await report(world, event(TEXTS[2], roots=[B]))
        fourth = await report(
            world, event(f"explosion: {TEXTS[3]}", where="Порт-Мерсоль", polarity="DENIES", roots=[B])
        )

        (one,) = (await alike(world, first)).events

        assert [(o.ref, o.number) for o in one.offered] == [(third, 0), (second, 0), (fourth, 0)]
        assert one.offered[0].why == ("type", "day", "place")
        assert set(one.offered[2].why) == {"type", "day", "place-words", "places-differ", "denied"}
        assert (one.type, one.at_most, one.unknown, one.denied) == ("explosion", 2, 0, 1)


async def test_what_was_said_to_be_the_same_is_not_suggested_again_and_what_says_nothing_is_not_compared(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first = await report(world, event(TEXTS[0]), event("see the text"))
        second = await report(world, event(TEXTS[1]))
        assert len((await alike(world, first)).events[0].offered) == 1

        places = [{"report": first, "number": 0}, {"report": second, "number": 0}]
        await world.about("north", first, "same-as", {"events": places})

        page = await alike(world, first)
        assert [(one.type, one.offered) for one in page.events] == [("explosion", ()), (None, ())]
        assert len((await world.nodes["north"].desk.matters.of(world.viewer("north"), first)).events[0].same) == 1


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """Return a report that nobody, some or all of north's officers may see."""
    polarity = dice.choice(("ASSERTS", "ASSERTS", "DENIES"))
    events = [
        event(dice.choice(TEXTS), roots=[dice.choice((A, B))], polarity=polarity) for _ in range(dice.randint(1, 2))
    ]
    fields: dict[str, Any] = {
        "form": {"events": events},
        "text": "as told",
        "title": f"Report {number}",
        "to": ["east"],
    }
    return for_some(dice, fields)


@pytest.mark.parametrize("seed", range(2))
async def test_a_world_suggests_what_one_that_holds_only_what_she_may_see_would(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    items = [drawn(dice, number) for number in range(10)]
    await answers_as_without_the_rest(tmp_path, dice, items, alike, told)


async def test_it_answers_at_a_beat_and_not_before(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await report(world, event(TEXTS[0]))
        await alike(world, ref)
        loop = asyncio.get_running_loop()

        began = loop.time()
        await alike(world, ref)

        assert loop.time() - began >= BEAT_S


async def test_what_was_destroyed_is_kept_no_more_as_it_was_read(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        first, second = await report(world, event(TEXTS[0])), await report(world, event(TEXTS[1]))
        assert len((await alike(world, first)).events[0].offered) == 1
        reading = world.nodes["north"].desk.alike.reading
        assert kept(reading) == 2

        await world.fact("north", "recall", second)

        await world.until(lambda: kept(reading) == 1)
        assert (await alike(world, first)).events[0].offered == ()


def kept(reading: ReadOnce[Any]) -> int:
    """Return of how many reports it is kept what they say."""
    return len(reading.kept)


async def test_a_red_report_of_another_member_is_seen_by_who_is_offered_an_event_of_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        named: dict[str, Any] = {
            "tlp": "RED",
            "persons": ("north/duty", "east/duty"),
            "text": "x",
            "form": {"events": [event(TEXTS[1])]},
        }
        red = (await world.send("east", ["north"], **named)).ref
        await world.until(lambda: world.holds("north", red))
        ref = await report(world, event(TEXTS[0]), tlp="RED", persons=("north/duty", "east/duty"))

        assert [o.ref for o in (await alike(world, ref)).events[0].offered] == [red]

        await world.until(lambda: bool(world.receipts("east", red).viewed))
