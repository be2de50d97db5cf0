"""Who an aircraft is, at a node: over the picture of whoever may see it, and for nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from world import exchange

from identified import BORDER, Border, heard
from sky import EAST, NORTH, sky

pytestmark = pytest.mark.anyio


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("coast", EAST)
        yield Border(made)


async def flies(border: Border, feed: str, seconds: int, begins: float, address: str = "4b1805", **more: str) -> None:
    """Let an aircraft fly east at 220 m/s along 47 degrees north, heard once a second."""
    for n in range(seconds):
        border.take(feed, heard(border.now, address, 47.0, begins + 0.0029 * n, **more))
        await border.passes()


async def test_an_aircraft_that_concerns_a_member_is_pending_within_ten_seconds(border: Border) -> None:
    await flies(border, "mast", 3, 7.5, callsign="SWR12A", squawk="2000")

    one = border.aircraft("north")["4b1805"]

    assert (one.category, one.kind, one.phase) == ("PENDING", "pending", "COMPARING")
    assert (one.flight_id, one.code, one.within) == ("SWR12A", "2000", ("NORTH",))
    assert border.aircraft("east") == {}


async def test_who_flies_over_the_boundary_is_logged_once_where_it_lies(border: Border) -> None:
    await flies(border, "mast", 60, 7.95)

    (exit_,) = border.movements("north")

    assert (exit_.way, exit_.space, exit_.address, exit_.seen) == ("EXIT", "NORTH", "4b1805", True)
    assert exit_.lon == pytest.approx(BORDER, abs=1e-6)
    assert exit_.lat == pytest.approx(47.0, abs=1e-6)
    assert border.movements("east") == ()
    assert border.aircraft("north") == {}
