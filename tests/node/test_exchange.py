from pathlib import Path

import pytest

from quartet.core.faults import Malformed
from world import exchange

pytestmark = pytest.mark.anyio


async def test_an_item_reaches_the_named_members_and_no_other(tmp_path: Path) -> None:
    canary = "k7wq2mx9-canary"
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east", "south"], f"seen near {canary}", title=canary)
        await world.until(lambda: all(world.holds(m, report.ref) for m in ("north", "east", "south")))
        await world.until(lambda: world.on_record("north", report.ref))

        assert world.text("east", report.ref) == f"seen near {canary}"
        assert world.rows("west") == ()
        assert canary.encode() not in world.raw("west")
        assert report.id.encode() not in world.raw("west")
        assert world.hub.taps(canary.encode()) == 0


async def test_a_draft_for_an_unknown_member_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        with pytest.raises(Malformed, match="unknown-member"):
            await world.send("north", ["atlantis"], "text")
