"""What a watch has before it, and the note to the next that writes itself: of what its officer may see, and no more."""

from pathlib import Path
from typing import Any

import pytest
from proposing import NORTH, propose, short_days
from world import World, exchange

from quartet.core.ids import SECOND

pytestmark = pytest.mark.anyio
__all__ = ["short_days"]

HOUR = 3600 * SECOND


async def threat(world: World, member: str, **more: Any) -> str:
    now = world.now(member)
    form = {
        "threatened": "the ferry",
        "danger": "mines adrift",
        "since": now,
        "until": now + 4 * HOUR,
        "likelihood": 6,
        "confidence": "LOW",
        "review_at": now + HOUR // 2,
    }
    to = [m for m in world.nodes if m != member]
    sent = await world.send(member, to, "Drifting south", kind="threat", form=form, **more)
    return sent.ref


async def test_a_watch_sees_what_waits_for_its_word_the_most_urgent_first_and_the_note_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await propose(world)
        form = {"asked": ["east"], "precedence": "FLASH"}
        asked = await world.send("north", ["east"], "Who?", kind="request", form=form, precedence="FLASH", title="Who")
        danger = await threat(world, "north")
        await world.until(lambda: world.holds("east", danger) and world.holds("east", asked.ref))
        node, viewer = world.nodes["east"], world.viewer("east")

        seen = await node.desk.watch.list(viewer)

        assert [(m.sort, m.ref, m.why) for m in seen.matters] == [
            ("request", asked.ref, "answer"),
            ("proposal", ref, "acknowledge"),
            ("proposal", ref, "position"),
        ]
        assert [(t.ref, t.standing, t.member) for t in seen.threats] == [(danger, "HOLDS", NORTH)]
        note = await node.desk.watch.note(viewer, None)
        for line in (
            f"request {asked.ref} of north: answer, by ",
            f"threat {danger} of north: holds",
            f"FLASH {asked.ref}",
        ):
            assert line in note
        assert "mines" not in note


async def test_what_an_officer_may_not_see_waits_for_nothing_of_hers_and_stands_in_no_note(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        form = {"asked": ["east"], "precedence": "FLASH"}
        asked = await world.send(
            "north", ["east"], "Who?", kind="request", form=form, precedence="FLASH", tlp="RED", persons=("east/duty",)
        )
        danger = await threat(world, "north", tlp="RED", persons=("east/duty",))
        await world.until(lambda: world.holds("east", danger) and world.holds("east", asked.ref))
        node, second = world.nodes["east"], world.viewer("east", "second")

        seen = await node.desk.watch.list(second)

        assert (seen.matters, seen.threats) == ((), ())
        assert await node.desk.watch.note(second, None) == "Nothing is open."
        assert asked.ref in await node.desk.watch.note(world.viewer("east"), None)


async def test_a_threat_is_to_be_looked_at_again_by_its_author_when_its_time_has_come(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        danger = await threat(world, "north")
        await world.until(lambda: world.holds("east", danger))
        world.later(HOUR // SECOND)

        (mine,) = (await world.nodes["north"].desk.watch.list(world.viewer("north"))).matters
        assert (mine.sort, mine.ref, mine.why) == ("threat", danger, "review")
        assert (await world.nodes["east"].desk.watch.list(world.viewer("east"))).matters == ()
        await world.about("north", danger, "threat-over", {"threat": danger, "text": "swept"})

        assert (await world.nodes["north"].desk.watch.list(world.viewer("north"))).matters == ()
        (kept,) = await world.nodes["north"].desk.watch.threats(world.viewer("north"), whole=True)
        assert kept.standing == "OVER"
