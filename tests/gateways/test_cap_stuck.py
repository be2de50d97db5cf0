"""Alerts out while the store takes nothing: they go all the same, each once, and that is remembered when it can be."""

import asyncio
from pathlib import Path

import pytest
from capdoors import door, opened
from test_cap_loss import busy
from test_cap_out import siren
from warned import warn
from world import exchange

pytestmark = pytest.mark.anyio


@pytest.mark.rare
async def test_warnings_go_to_an_address_and_a_folder_though_the_store_takes_nothing_and_each_goes_once(
    tmp_path: Path,
) -> None:
    out = tmp_path / "cap" / "out"
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        settings = door(principals=["duty"], hooks=[one.hook], folder="out")
        for _ in range(2):
            await warn(world, desks=("east",))
        async with opened(world, settings, tmp_path / "cap"):
            with busy(world.database("north")):
                async with asyncio.timeout(60):
                    while (len(one.offered), len(list(out.glob("*.xml")))) != (2, 2):  # noqa: ASYNC110 - no event of it
                        await asyncio.sleep(0.05)
                assert not world.nodes["north"].holdings.store.reader.metas("cap sent ")
            await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 3 and len(list(out.glob("*.xml"))) == 3)
            # of each warning of when it is, and that it went both ways
            await world.until(lambda: len(world.nodes["north"].holdings.store.reader.metas("cap sent ")) == 9)
        await world.stop("north")
        world.start("north")
        async with opened(world, settings, tmp_path / "cap"):
            await warn(world, desks=("east",))
            await world.until(lambda: len(one.taken) == 4)

        assert len(set(one.offered)) == len(one.offered) == 4
        assert {path.read_bytes() for path in out.glob("*.xml")} >= set(one.taken[:3])
