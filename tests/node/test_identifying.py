"""Who an aircraft is, at a node: over the picture of whoever may see it, and for nobody else."""

from pathlib import Path

import pytest
from identified import Border
from world import exchange

pytestmark = pytest.mark.anyio


async def test_an_aircraft_that_enters_is_pending_within_ten_seconds_and_logged_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        border = Border(world)
        await border.begin()
        border.sees("north", "4b1805", 47.0, 7.9, callsign="SWR12A", squawk="2000")

        await border.until(lambda: border.aircraft("north"))
        one = border.aircraft("north")["4b1805"]
        for n in range(6):
            world.later(10)
            border.sees("north", "4b1805", 47.0, 7.9 + 0.03 * (n + 1), callsign="SWR12A", squawk="2000")
            await border.until(lambda lon=7.9 + 0.03 * (n + 1): abs(border.aircraft("north")["4b1805"].lon - lon) < 1e-4)

        assert (one.category, one.flight_id, one.code, one.within) == ("PENDING", "SWR12A", "2000", ("NORTH",))
        page = world.nodes["north"].identity.movements(world.viewer("north"), None, None, 10)
        assert [(m.way, m.space, m.address, round(m.lon, 3)) for m in page.items] == [("EXIT", "NORTH", "4b1805", 8.0)]
        assert border.aircraft("east") == {}
