"""Direct links between real nodes: all hubs dead, a member suspended, one that leaves, settings that cannot work."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from test_newcomer import Exchange, ended, exchange

pytestmark = pytest.mark.slow


async def way(x: Exchange, at: str, to: str) -> Any:
    """Return by which way a member's node reaches another."""
    return next(link for link in (await x.status(at))["links"] if link["member"] == to)["way"]


async def goes(x: Exchange, at: str, to: str, by: str) -> None:
    """Wait until a member's node reaches another by this way."""

    async def so() -> bool:
        return bool((await way(x, at, to))["by"] == by)

    await x.until(so)


async def gone(x: Exchange, at: str, title: str) -> None:
    """Wait until a member's officer sees an item no more."""

    async def so() -> bool:
        return title not in await x.titles(at)

    await x.until(so)


def test_with_all_hubs_dead_two_members_go_on_directly_and_the_third_catches_up(tmp_path: Path) -> None:
    async def whole(x: Exchange) -> None:
        for name in list(x.parts):
            await x.start(name)
        for one, other in (("north", "east"), ("east", "north")):
            await goes(x, one, other, "direct")
        await x.send("north", "before", to="east,south")
        await x.has("south", "before")
        assert (await way(x, "north", "south"))["by"] == "hub"

        await x.parts["hub-1"].kill()
        await goes(x, "north", "south", "none")
        assert await way(x, "north", "east") == {"by": "direct", "hub": "", "direct": True, "trouble": ""}
        taken = await x.send("north", "taken back", to="east,south")
        kept = await x.send("north", "kept", to="east,south")
        answer = await x.send("east", "an answer", to="north")
        await x.has("east", "taken back", "kept")
        await x.has("north", "an answer")
        await x.run("recall", taken, "--dir", x.root / "north")
        await gone(x, "east", "taken back")

        async def receipted() -> bool:
            delivered = (await x.run("receipts", kept, "--dir", x.root / "north"))["delivered"]
            return "east" in delivered and "south" not in delivered

        async def cosigned() -> bool:
            record = (await x.run("show", answer, "--dir", x.root / "east"))["on_record"]
            return bool(record["k"] == 1)

        await x.until(receipted)
        await x.until(cosigned)
        await x.parts["north"].kill()
        await goes(x, "east", "north", "none")
        assert (await way(x, "east", "north"))["trouble"] in {"direct-trying", "direct-no-answer"}
        await x.start("north")
        await x.send("north", "after a start", to="east")
        await x.has("east", "after a start")
        assert await x.titles("south") == {"before"}

        await x.start("hub-1")
        await x.has("south", "kept")
        assert await x.titles("south") == {"before", "kept"}
        assert (await way(x, "east", "north"))["by"] == "direct"
        assert (await x.run("verify", "--dir", x.root / "south"))["problems"] == []

    with exchange(tmp_path / "x", "north", "east", "south", direct=[("north", "east")]) as made:
        asyncio.run(ended(made, whole))


def test_who_is_suspended_gets_recalls_directly_and_no_content_and_who_leaves_is_cut(tmp_path: Path) -> None:
    async def whole(x: Exchange) -> None:
        for name in list(x.parts):
            await x.start(name)
        await goes(x, "south", "north", "direct")
        held = await x.send("north", "held", to="east,south")
        await x.has("south", "held")
        await x.act("suspend", "suspend", "south", "--reason", "drill", signers=("north", "east"))
        await x.said("hub-1", "members are now east, north")
        await x.epoch(1, "south")

        await x.send("north", "v8zt4kq1-canary", to="east,south")
        await x.has("east", "v8zt4kq1-canary")
        await x.run("recall", held, "--dir", x.root / "north")
        await gone(x, "south", "held")
        await x.grown("north")

        assert (await way(x, "south", "north"))["by"] == "direct"
        assert (await way(x, "south", "east"))["by"] == "none"
        assert await x.titles("south") == set()
        assert b"v8zt4kq1-canary" not in x.raw("south")

        left = await x.act("leave", "withdraw", "south", "--reason", "over", signers=("south",))
        await x.run("charter", "apply", left, "--dir", x.root / "north")  # no act is taken from who is suspended
        await x.said("north", "direct links are now none")
        await goes(x, "south", "north", "none")
        assert [link["member"] for link in (await x.status("north"))["links"]] == ["east"]

    with exchange(tmp_path / "x", "north", "east", "south", direct=[("north", "south")]) as made:
        asyncio.run(ended(made, whole))
