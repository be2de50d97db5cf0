"""Two worlds that differ in a sensor withheld from some officers: they are told the same of every aircraft."""

from pathlib import Path
from typing import Any

import pytest
from identified import Border, heard
from world import exchange

from sky import NORTH, Sky, sky, spelt

pytestmark = pytest.mark.anyio
SECONDS = 32
BEGINS = 7.97


async def played(folder: Path, *, hidden: bool) -> tuple[list[str], Any]:
    """Return what an officer without the training is told, second by second, and what one with it is told."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        border = Border(made)
        told = [spelt(one) for one in [await second(border, made, hidden, n) for n in range(SECONDS)]]
        log = [(one.way, one.at, one.lat, one.lon, one.bases) for one in await border.movements("north")]
        trained = [one.lat for one in await border.movements("north", trained=("HUMANITARIAN",))]
        return [*told, spelt(log)], (log, trained)


async def second(border: Border, made: Sky, hidden: bool, n: int) -> Any:
    if n == 0:
        await made.feed("mast", NORTH)
        if hidden:
            await made.feed("hidden", NORTH, caveats=("HUMANITARIAN",))
    if hidden:
        border.take("hidden", heard(border.now, "4b1805", 47.0003, BEGINS + 0.0029 * n, accuracy_m=5.0, squawk="7700"))
        border.take("hidden", heard(border.now, "3c6444", 47.5, BEGINS + 0.0029 * n, callsign="DLH1"))
    if n > 2:
        border.take("mast", heard(border.now, "4b1805", 47.0, BEGINS + 0.0029 * n, accuracy_m=120.0))
    await border.passes()
    return sorted(border.aircraft("north").values(), key=lambda one: one.key)


async def test_a_sensor_withheld_from_an_officer_changes_nothing_that_she_is_told_of_who_is_who(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with_it, (log, trained) = await played(tmp_path / "a", hidden=True)
    without, (same, _) = await played(tmp_path / "b", hidden=False)

    assert with_it == without
    assert log == same
    assert [one[0] for one in log] == ["EXIT"]
    assert any("4b1805" in one for one in with_it)
    assert len(trained) == 2
