"""A siren burst comes in by a door: how urgent it stands at home and at who has it, and that every one of it rings."""

from pathlib import Path

import pytest
from capdoors import door, drop, early, opened, rows
from world import World, exchange

from quartet.node.flashes import MAX_FLASH_AN_HOUR, Flashes

pytestmark = pytest.mark.anyio
SOURCE = {"name": "met", "folder": "in", "desks": ["east"]}
MANY = MAX_FLASH_AN_HOUR + 2


async def burst(world: World, folder: Path) -> None:
    """Drop more at once than goes as FLASH, and wait until east has all."""
    (folder / "in").mkdir(exist_ok=True)
    for n in range(MANY):
        (folder / "in" / f"{n}.xml").write_bytes(early(world, identifier=f"A-{n}"))
    assert len(await rows(world, "east", MANY)) == MANY


def stand(world: World, member: str) -> list[tuple[str, str]]:
    shown = [(row.precedence, row.title) for row in world.rows(member) if row.kind == "early-warning"]
    return sorted(shown)


def told(world: World, member: str, reason: str) -> str:
    alarms = world.nodes[member].status(world.viewer(member)).alarms
    return "; ".join(one.detail for one in alarms if one.reason == reason)


async def test_what_a_door_relays_is_as_urgent_at_home_as_away_and_rings_and_accuses_nobody(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
        await burst(world, tmp_path / "cap")

        assert stand(world, "east") == stand(world, "north")
        assert [one for one, _ in stand(world, "east")].count("FLASH") == MAX_FLASH_AN_HOUR
        assert "flash-claimed" not in world.alarms("east")
        assert all(row.waits for row in await rows(world, "east", MANY))
        await world.until(lambda: "2 warnings of the last hour" in told(world, "north", "early-lowered"))


async def test_a_flood_of_drills_by_a_door_leaves_every_flash_to_what_is_so(tmp_path: Path) -> None:
    def here(member: str) -> list[str]:
        found = world.stores[member].reader.items(0, 2 * MANY, kind="early-warning")
        return [row.precedence for row in found]

    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
        for n in range(MANY):
            await drop(tmp_path / "cap" / "in", f"d{n}", early(world, identifier=f"D-{n}", status="Exercise"))
        await drop(tmp_path / "cap" / "in", "real", early(world, identifier="R-1"))
        await world.until(lambda: len(here("east")) == MANY + 1)

        for member in ("north", "east"):
            assert [one for one, _ in stand(world, member)] == ["FLASH"]
            assert here(member).count("FLASH") == MAX_FLASH_AN_HOUR + 1
        assert "flash-claimed" not in world.alarms("east")
        await world.until(lambda: told(world, "north", "early-lowered").startswith("EXERCISE met: 2 warnings"))


async def test_a_member_that_counts_nothing_at_its_door_is_told_of_and_none_of_its_officers(tmp_path: Path) -> None:
    class Uncounted(Flashes):
        def _left(self, officer: object, now: object) -> bool:
            self._of.setdefault(officer, [])  # type: ignore[arg-type]
            return True

    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
        world.nodes["north"].publisher._flashes = Uncounted()
        await burst(world, tmp_path / "cap")

        await world.until(lambda: "flash-claimed" in world.alarms("east"))
        assert "the node of north passed on more than 6 FLASH" in told(world, "east", "flash-claimed")
