"""What officers are told of cover: its name, and how far behind a link is at its rate."""

from pathlib import Path

from msgspec import structs
from virtual import Timed, played

from quartet.cli.world import _behind
from quartet.core.ids import MemberId
from quartet.node.statusviews import LinkState
from quartet.wire.carrier import Way


def test_the_watch_is_told_how_far_behind_a_link_is_and_no_other_officer(tmp_path: Path) -> None:
    told: list[int | None] = []

    async def script(timed: Timed) -> None:
        world = timed.world
        node, watch = world.nodes["north"], world.viewer("north")
        await timed.at(6)
        for n in range(100):
            await world.send("north", ["east"], f"{n} " + "x" * 5_000)
        told.extend(link.behind_s for link in node.status(watch).links)
        quiet = node.status(structs.replace(watch, roles=()))
        assert {link.behind_s for link in quiet.links} == {None}
        assert node.status(watch).cover == "narrow"
        began = timed.now
        await world.until(lambda: node.status(watch).links[0].due == 0)
        told.append(round(timed.now - began))
        told.append(node.status(watch).links[0].behind_s)

    played(tmp_path, script, "north", "east", cover="narrow")

    said, took, after = told
    assert said is not None
    assert took is not None
    assert took / 2 <= said <= took * 2
    assert after == 0


def test_without_cover_no_link_is_behind(tmp_path: Path) -> None:
    told: list[int | None] = []

    async def script(timed: Timed) -> None:
        node, watch = timed.world.nodes["north"], timed.world.viewer("north")
        told.extend(link.behind_s for link in node.status(watch).links)
        assert node.status(watch).cover == "off"

    played(tmp_path, script, "north", "east", cover="off")

    assert told == [None]


def test_how_far_behind_a_link_is_stands_in_plain_words() -> None:
    said = [
        _behind(LinkState(MemberId("east"), "up", None, 1, Way("hub"), behind_s=s))
        for s in (None, 0, 7, 300, 10_800, 400_000)
    ]

    assert said == ["", "", *(f"about {n} behind at the rate of its cover" for n in WORDS)]


WORDS = ("7 seconds", "5 minutes", "3 hours", "5 days")
