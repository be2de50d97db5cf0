"""Warnings in a trial exchange: written, confirmed, acknowledged, as officers do."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import structs
from world import World

from quartet.desk.warning import Info
from quartet.node.desk.warningviews import (
    AckDraft,
    AreaView,
    CheckDraft,
    DeskView,
    RoundView,
    WarningDraft,
    WarningList,
    WarningView,
)
from quartet.node.views import Published, moment

HAZARD = "Flood wave"
PROTECT = "Leave the river bank. Go up to the church."


def warning(world: World, member: str = "north", **more: Any) -> WarningDraft:
    now: datetime = moment(world.now(member))
    desks = more.pop("desks", ("east", "east/dam-3", "south"))
    fields: dict[str, Any] = {
        "tlp": "AMBER",
        "category": "Safety",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "begins": now,
        "until": now + timedelta(hours=2),
        "areas": (AreaView(name="Lower valley", circles=(RoundView(47.0, 8.5, 2_000),)),),
        "info": (Info("en", HAZARD, "Dam 3 is giving way", PROTECT),),
        "desks": tuple(DeskView(*desk.partition("/")[::2]) for desk in desks),
        **more,
    }
    return WarningDraft(**fields)


async def propose(world: World, draft: WarningDraft, member: str = "north", officer: str = "duty") -> Published:
    """Have an officer assert a warning: an override goes, any other waits."""
    node, viewer = world.nodes[member], world.viewer(member, officer)
    prepared = node.asserting.prepare(node.desk.warnings.draft(viewer, draft), viewer)
    return await node.commit(prepared, world.asserted(member, officer, prepared.id))


async def confirm(
    world: World, ref: str, member: str = "north", officer: str = "second", trained: tuple[str, ...] = (), **said: Any
) -> Published:
    """Have a second officer say that she read it."""
    node, viewer = world.nodes[member], structs.replace(world.viewer(member, officer), trained=frozenset(trained))
    prepared = node.asserting.prepared(node.desk.warnings.check(viewer, ref, CheckDraft(**said)), viewer)
    return await node.commit(prepared, world.asserted(member, officer, prepared.id))


async def warn(world: World, member: str = "north", **more: Any) -> str:
    """Have two officers warn; return the warning's reference."""
    waiting = await propose(world, warning(world, member, **more), member)
    ref = (await listed(world, member)).waiting[0].row.ref
    await confirm(world, waiting.ref, member)
    return ref


async def acknowledge(world: World, member: str, ref: str, desk: str = "", officer: str = "duty") -> Published:
    node, viewer = world.nodes[member], world.viewer(member, officer)
    prepared = node.asserting.prepare(node.desk.warnings.acknowledge(viewer, ref, AckDraft(desk=desk)), viewer)
    return await node.commit(prepared, world.asserted(member, officer, prepared.id))


async def listed(world: World, member: str, which: Any = "now", officer: str = "duty") -> WarningList:
    return await world.nodes[member].desk.warnings.list(world.viewer(member, officer), which)


async def shown(world: World, member: str, ref: str, officer: str = "duty") -> WarningView:
    return await world.nodes[member].desk.warnings.view(world.viewer(member, officer), ref)
