"""Of when an alert is: what a door said once stands, and all that refers to it says the same."""

from pathlib import Path

import pytest
from cap import checked, said
from capdoors import door, opened
from test_cap_out import siren
from warned import confirm, listed, propose, warning
from world import World, exchange

from quartet.core.ids import OfficerName
from quartet.desk import KIND_OF
from quartet.desk.warning import Alert, Check
from quartet.exercise.plan import Duty
from quartet.gateways.cap.offer import Offer
from quartet.node.desk.outgoing import WarningDoor

pytestmark = pytest.mark.anyio
MINUTE = 60


async def confirmed(world: World) -> tuple[str, str]:
    """Have two officers warn, a minute apart; return what people call the warning, and its confirmation."""
    waiting = await propose(world, warning(world, desks=("east",)))
    ref = (await listed(world, "north")).waiting[0].row.ref
    world.later(MINUTE)
    return ref, (await confirm(world, waiting.ref)).ref


async def confirmed_again(world: World) -> None:
    """Have a third officer confirm too, which no command does, and any member's own software may."""
    node, viewer, now = world.nodes["north"], world.viewer("north", "third"), world.now("north")
    (row,) = world.stores["north"].reader.items(0, 2, kind=KIND_OF[Alert])
    alert = node.holdings.verified(row.id)
    assert alert is not None
    data = node.desk.warnings._second.check(alert, Check(alert=row.id), viewer, now)
    prepared = node.asserting.prepared(data, viewer)
    await node.commit(prepared, world.asserted("north", "third", prepared.id))


def named(data: bytes) -> str:
    """Return how CAP refers to an alert."""
    root = checked(data)
    return ",".join(said(root, name)[0] for name in ("sender", "identifier", "sent"))


async def test_what_ends_an_alert_refers_to_it_as_it_went_out_whoever_confirms_it_since(tmp_path: Path) -> None:
    three = tuple(Duty(OfficerName(name)) for name in ("duty", "second", "third"))
    async with siren() as first, siren() as later, exchange(tmp_path, "north", "east", officers=three) as world:
        settings = door(principals=["duty"], hooks=[first.hook])
        async with opened(world, settings, tmp_path / "cap"):
            ref, check = await confirmed(world)
            await world.until(lambda: len(first.taken) == 1)
            await world.ticks("north", 4)  # that it went is remembered
        world.later(MINUTE)
        await confirmed_again(world)
        await world.recall("north", check, officer="second")

        settings = door(principals=["duty"], hooks=[first.hook, later.hook])
        async with opened(world, settings, tmp_path / "cap"):
            await world.until(lambda: len(later.taken) == 1)
            assert later.taken[0] == first.taken[0]
            await world.recall("north", ref)
            await world.until(lambda: len(first.taken) == 2)

    assert said(checked(first.taken[1]), "references") == [named(first.taken[0])]


async def test_what_ends_an_alert_that_went_out_as_written_refers_to_it_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with siren() as one, exchange(tmp_path, "north", "east") as world:
        settings = door(principals=["duty"], hooks=[one.hook])
        with monkeypatch.context() as before:  # the release before remembered no time, and gave that of the writing
            before.setattr(WarningDoor, "_left_at", lambda _, told: told.at)
            before.setattr(Offer, "_note", lambda offer, told: (offer._word("none", told.id), "0", told.at))
            async with opened(world, settings, tmp_path / "cap"):
                ref, _ = await confirmed(world)
                await world.until(lambda: len(one.taken) == 1)
                await world.ticks("north", 4)

        async with opened(world, settings, tmp_path / "cap"):
            await world.recall("north", ref)
            await world.until(lambda: len(one.taken) == 2)

    assert said(checked(one.taken[1]), "references") == [named(one.taken[0])]
