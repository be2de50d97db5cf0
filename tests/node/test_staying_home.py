"""What stays home stays there: no officer widens or grants it, nor what was said beside it, nor sends one elsewhere."""

from pathlib import Path
from typing import Any

import pytest
from warned import propose, warning
from world import World, exchange

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Untrusted
from quartet.core.home import HOME_KINDS
from quartet.core.ids import MemberId
from quartet.desk import KIND_OF
from quartet.desk.forms import Handover
from quartet.desk.site import STAYS
from quartet.desk.warning import Proposed
from quartet.node.conversation import Say
from quartet.node.factviews import FactDraft

pytestmark = pytest.mark.anyio
EAST = MemberId("east")


async def refused(world: World, ref: str) -> None:
    drafts: list[Any] = [
        FactDraft(kind="widen", ref=ref, members=(EAST,)),
        FactDraft(kind="grant", ref=ref, member=EAST),
    ]
    for draft in drafts:
        with pytest.raises(Untrusted, match="stays-home"):
            await world.nodes["north"].prepare(world.viewer("north"), draft)


async def test_what_waits_for_a_second_officer_and_what_is_said_beside_it_is_widened_and_granted_to_nobody(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        waiting = await propose(world, warning(world, desks=("east",)))
        beside = await world.nodes["north"].talking.say(world.viewer("north"), waiting.ref, Say(text="the dam holds"))
        report = await world.send("north", [], "a report of our own")

        await refused(world, waiting.ref)
        await refused(world, beside.ref)

        await world.fact("north", "widen", report.ref, members=(EAST,))


async def test_a_handover_is_sent_to_nobody_else(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        await world.send("north", [], "the watch is quiet", kind="handover", form={})
        with pytest.raises(Malformed, match="stays-home"):
            await world.send("north", ["east"], "the watch is quiet", kind="handover", form={})


def test_what_the_desk_says_stays_with_its_owner_is_what_the_rule_keeps_home() -> None:
    forms: tuple[type[Value], ...] = (*STAYS, Proposed, Handover)
    assert {KIND_OF[form] for form in forms} == HOME_KINDS
