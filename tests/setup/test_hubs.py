"""The hubs change by an act while all run, and one of two hubs may die."""

import asyncio
from pathlib import Path

import pytest
from test_newcomer import Exchange, ended, exchange

pytestmark = pytest.mark.slow


def test_a_hub_may_die_and_a_hub_list_change_while_all_run(tmp_path: Path) -> None:
    async def whole(x: Exchange) -> None:
        for name in list(x.parts):
            await x.start(name)
        members = ("north", "east", "south")
        await x.send("north", "over the first", to="east,south")
        await x.has("south", "over the first")

        await x.parts["hub-1"].kill()
        await x.send("east", "over the second", to="north,south")
        for name in ("north", "south"):
            await x.has(name, "over the second")
        await x.start("hub-1")

        hubs = {h["name"]: h for h in (await x.run("charter", "show", "--dir", x.root / "north"))["hubs"]}
        first = f"hub-1=north={hubs['hub-1']['address']}"
        await x.act("move", "set", "--hub", first, signers=members)
        await x.epoch(1, *members)
        for name in members:
            await x.said(name, "hubs are now hub-1\n")
        await x.said("hub-1", "hubs are now hub-1\n")
        await x.said("hub-2", "members are now none: the charter has left this hub")
        await x.parts["hub-2"].kill()
        await x.send("south", "over the first again", to="north,east")
        for name in ("north", "east"):
            await x.has(name, "over the first again")

        second = f"hub-2=east={hubs['hub-2']['address']}"
        await x.act("back", "set", "--hub", first, "--hub", second, signers=members)
        await x.epoch(2, *members)
        await x.start("hub-2")
        for name in members:
            await x.said(name, "hubs are now hub-1, hub-2\n")
        await x.parts["hub-1"].kill()
        await x.send("north", "over the new one", to="east,south")
        for name in ("east", "south"):
            await x.has(name, "over the new one")

    with exchange(tmp_path / "x", "north", "east", "south", hubs=2) as made:
        asyncio.run(ended(made, whole))
