"""What a watch has before it, and the note to the next that writes itself: of what its officer may see, and no more."""

from pathlib import Path
from typing import Any

import pytest
from proposing import NORTH, propose, short_days
from world import World, exchange

from quartet.core.ids import SECOND
from quartet.node.desk.watchlist import NOTHING
from quartet.node.desk.watchviews import WatchNote

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

        seen = await node.desk.watch.before(viewer)

        assert [(m.sort, m.ref, m.why) for m in seen.matters] == [
            ("request", asked.ref, "answer"),
            ("proposal", ref, "acknowledge"),
            ("proposal", ref, "position"),
        ]
        assert [(t.ref, t.standing, t.member) for t in seen.threats] == [(danger, "HOLDS", NORTH)]
        note = (await node.desk.watch.note(viewer, None)).text
        for line in (
            f"request {asked.ref} of north: answer, by ",
            f"proposal {ref} of north: acknowledge; it is decided by ",
            f"threat {danger} of north: holds",
            f"FLASH request {asked.ref} of north",
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

        seen = await node.desk.watch.before(second)

        assert (seen.matters, seen.threats) == ((), ())
        assert await node.desk.watch.note(second, None) == WatchNote(NOTHING)


async def test_what_not_every_officer_may_see_is_left_out_of_the_note_and_its_author_alone_is_told_how_much(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        form = {"asked": ["east"], "precedence": "FLASH"}
        alone: dict[str, Any] = {"tlp": "RED", "persons": ("east/duty",)}
        asked = await world.send("north", ["east"], "Who?", kind="request", form=form, precedence="FLASH", **alone)
        danger = await threat(world, "north", **alone)
        watch = world.nodes["east"].desk.watch
        await world.until(lambda: world.holds("east", danger) and world.holds("east", asked.ref))
        only = await watch.note(world.viewer("east"), None)
        open_ = await world.send("north", ["east"], "Where?", kind="request", form=form, precedence="FLASH")
        await world.until(lambda: world.holds("east", open_.ref))

        both = await watch.note(world.viewer("east"), None)

        assert only == WatchNote(NOTHING, left_out=3)
        assert (both.left_out, asked.ref in both.text, danger in both.text) == (3, False, False)
        lines = both.text.splitlines()
        assert [line.split(":")[0] for line in lines] == [
            f"request {open_.ref} of north",
            f"FLASH request {open_.ref} of north",
        ]
        assert await watch.note(world.viewer("east", "second"), None) == WatchNote(both.text, lines=2)


async def test_a_threat_is_to_be_looked_at_again_by_its_author_when_its_time_has_come(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        danger = await threat(world, "north")
        await world.until(lambda: world.holds("east", danger))
        world.later(HOUR // SECOND)

        (mine,) = (await world.nodes["north"].desk.watch.before(world.viewer("north"))).matters
        assert (mine.sort, mine.ref, mine.why) == ("threat", danger, "review")
        assert (await world.nodes["east"].desk.watch.before(world.viewer("east"))).matters == ()
        await world.about("north", danger, "threat-over", {"threat": danger, "text": "swept"})

        assert (await world.nodes["north"].desk.watch.before(world.viewer("north"))).matters == ()
        (kept,) = await world.nodes["north"].desk.watch.threats(world.viewer("north"), whole=True)
        assert kept.standing == "OVER"


async def test_who_reads_a_matter_under_red_is_noted_and_who_reads_a_list_or_the_note_is_not(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        marking: dict[str, Any] = {"tlp": "RED", "persons": ("east/duty",)}
        now = world.now("north")
        when = {"since": now - HOUR, "until": now, "area": "the harbour"}
        incident = await world.send("north", ["east"], "x", kind="incident", form=when, **marking)
        danger = await threat(world, "north", **marking)
        await world.until(lambda: world.holds("east", danger) and world.holds("east", incident.ref))
        desk, viewer = world.nodes["east"].desk, world.viewer("east")

        await desk.watch.note(viewer, None)
        await desk.incidents.page(viewer, "all", "", 50)
        assert not world.receipts("north", danger).viewed
        await desk.watch.before(viewer)
        await desk.incidents.view(viewer, incident.ref)

        for ref in (danger, incident.ref):
            await world.until(lambda r=ref: "east/duty" in world.receipts("north", r).viewed)  # type: ignore[misc]
