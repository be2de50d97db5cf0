"""Proposals in tests of nodes: have one made, say something on it, and wait until everybody can prove it."""

from datetime import datetime
from typing import Any

import pytest
from world import World

from quartet.core.ids import SECOND, MemberId
from quartet.desk import Said, action, outcome, stands
from quartet.desk.action import Acknowledged, Closing, Position, Proposal
from quartet.node import clock
from quartet.node.desk import accounts
from quartet.node.desk.actionviews import ActionView

ALL = ("north", "east", "south")
EAST, NORTH, SOUTH = (MemberId(m) for m in ("east", "north", "south"))
SILENCE = 600 * SECOND
"""A day in these tests: a log has a leaf for each second of it."""
HOUR = SILENCE // 24
LAPSES = 4 * SILENCE
CLOSES = SILENCE // 2
"""Long enough that accounts are closed, and proven, on a machine that is busy with other tests."""
A_DAY = SILENCE // SECOND


@pytest.fixture(autouse=True)
def short_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "SILENCE", SILENCE)
    for module in (stands, outcome, accounts):
        monkeypatch.setattr(module, "LAPSES", LAPSES)
    monkeypatch.setattr(outcome, "CLOSES", CLOSES)
    monkeypatch.setattr(clock, "HEARD_FOR", 3 * SECOND)  # everybody's clock jumps at once: what was heard before is old


def terms(now: int) -> dict[str, Any]:
    """Return the terms of a patrol, to be decided in a day."""
    return {
        "aim": "Search the strait together",
        "legal_basis": "memorandum 4",
        "area": "the strait",
        "begins": now + 3 * SILENCE,
        "ends": now + 4 * SILENCE,
        "participants": ["east", "north", "south"],
        "hosts": ["north"],
        "rule": "CONSENSUS",
        "decide_by": now + SILENCE + 60 * SECOND,
    }


async def propose(
    world: World, *, reaches: tuple[str, ...] = ("east", "south"), expires: datetime | None = None, **change: Any
) -> str:
    """Have north propose a patrol to east and south, with north as host; return once it has come where it goes."""
    form = {**terms(world.now("north")), **change}
    sent = await world.send("north", ["east", "south"], "A joint search", kind="proposal", form=form, expires=expires)
    await world.until(lambda: all(world.holds(member, sent.ref) for member in reaches), 40)
    return sent.ref


def shown(world: World, member: str, ref: str) -> ActionView:
    return world.nodes[member].desk.actions.show(world.viewer(member), ref)


async def position(world: World, member: str, ref: str, stance: str, text: str = "as said") -> str:
    said = await world.about(member, ref, "position", {"version": ref, "stance": stance, "text": text})
    return said.ref


async def acknowledge(world: World, member: str, ref: str) -> None:
    await world.about(member, ref, "acknowledgement", {"version": ref})


def timely(world: World, ref: str, member: str) -> bool:
    """Return whether a member knows of a proposal, and of all that was said on it, since when it is proven."""
    sayings, viewer, now = world.nodes[member].desk.sayings, world.viewer(member), world.now(member)
    said, _ = sayings.find(ref, Proposal, viewer, now)
    about = sayings.about(said.id, viewer, now)
    told: list[Said[Any]] = [said, *about.said(Position), *about.said(Acknowledged), *about.said(Closing)]
    return all(one.timely is not None for one in told)


async def proven(world: World, ref: str) -> None:
    await world.until(lambda: all(timely(world, ref, member) for member in world.nodes), 60)


async def settled(world: World, ref: str, positions: int, read: int = 0) -> None:
    """Wait until every node holds as many positions and acknowledgements, and knows that each was timely."""

    def told(member: str) -> bool:
        view = shown(world, member, ref)
        said = sum(one.ref is not None for one in view.stands)
        seen = sum(one.acknowledged is not None for one in view.stands)
        return said == positions and seen == read and timely(world, ref, member)

    await world.until(lambda: all(told(member) for member in world.nodes), 60)
