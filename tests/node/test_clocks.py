"""What a clock that is wrong may do to nobody: hide what is urgent, let somebody in, or keep what has expired."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.articles import ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.facts import Grant, Narrow
from quartet.core.ids import SECOND, MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.statement import reference
from quartet.core.verify import Verified
from quartet.node import clock
from quartet.node.drafting import item_statement, marking_of
from quartet.node.office import open_offline
from quartet.node.views import Draft
from quartet.node.witness import LeafPart

pytestmark = pytest.mark.anyio
HOUR, AHEAD = 3600, 600
NORTH = MemberId("north")


async def off(world: World, member: str, seconds: int) -> None:
    """Start a member's node again with a wrong clock, and wait until it knows."""
    await world.stop(member)
    world.set_clock(member, seconds)
    world.start(member)
    await world.until(lambda: "clock-unsure" in world.alarms(member), 60)
    await world.until(lambda: all(world.link(m, member) == "up" for m in world.nodes if m != member), 60)


async def dated(world: World, to: list[str], text: str, at: Micros) -> Verified:
    """Have north publish an item with another date than its clock's."""
    node, now = world.nodes["north"], world.now("north")
    draft = Draft(tlp="AMBER", title="A report", text=text, to=tuple(MemberId(m) for m in to), precedence="FLASH")
    speaker = replace(node.publisher.speaker(OfficerName("duty"), now), at=at)
    item = node.publisher._sign(item_statement(draft, None, speaker, marking_of(draft, draft.to), (), ()))
    facts = node.holdings.facts
    rows = node.holdings.decide(item, facts, at)
    await world.stores["north"].write(lambda tx: node.holdings.keep_item(tx, item, rows, facts, at))
    node.holdings.learned(item, at)
    node.wake()
    return item


async def test_what_comes_from_a_clock_that_is_ahead_is_read_at_once_and_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        await off(world, "north", AHEAD)

        item = await dated(world, ["east"], "leave at once", world.now("north"))
        ref = reference("north", item.id)
        await world.until(lambda: world.holds("east", ref))
        shown = world.nodes["east"].show(world.viewer("east"), ref)
        assert shown.at > datetime.now(UTC) + timedelta(minutes=8), "its date is the sender's, and is not touched"
        assert shown.provenance.clock == "UNSURE"

        control = item.controls[0].id
        consent = Grant(control=control, item=item.id, author=NORTH, member=MemberId("west"), until=None, scope="ITEM")
        await world.say("north", "grant", consent, at=world.now("north"))
        await world.until(lambda: world.holds("west", ref))
        await world.stop("west")
        world.start("west")
        assert world.holds("west", ref), "what was seen before its date stays seen"

        nobody = Narrow(control=control, marking=Marking(tlp="AMBER", rel=()))
        await world.say("north", "narrow", nobody, at=world.now("north") + SECOND)
        await world.until(lambda: not world.holds("east", ref) and not world.holds("west", ref))


async def test_a_node_whose_clock_is_wrong_cosigns_nothing_and_its_items_are_on_record_all_the_same(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        await off(world, "north", AHEAD)
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.on_record("east", report.ref, 2))

        origin = world.nodes["north"].witness.origin(MemberId("south"))
        size = world.nodes["south"].ledger.size
        await world.until(lambda: world.nodes["south"].ledger.size > size + 4)
        await world.until(lambda: world.stores["south"].reader.cosigned(origin, "east", size) is not None)

        assert world.stores["south"].reader.cosigned(origin, "north", size) is None


async def test_after_an_act_what_a_wrong_clock_dated_is_as_old_as_its_record(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        await off(world, "north", AHEAD)
        item = await dated(world, ["east"], "near Dam 3", world.now("north"))
        await world.until(lambda: world.on_record("north", reference("north", item.id), 2))
        own = item.controls[0]
        state = world.nodes["east"].registry.state
        leaving = propose(state, "withdraw", ActPayload(world.now("east"), MemberId("west"), "as agreed", None, None))

        await world.nodes["north"].take_act(sign_act(leaving, [open_offline(world.member("west"), None).root]))
        await world.until(lambda: own.id in world.stores["north"].reader.seen_controls())

        assert world.stores["north"].reader.seen_controls()[own.id] < world.now("east")
        assert own.control.issued * world.nodes["north"].ledger.tick_length > world.now("east") + 500 * SECOND


async def test_what_a_wrong_clock_dated_is_as_old_as_a_record_that_comes_after_the_act(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        await off(world, "north", AHEAD)
        north = world.nodes["north"]
        world.hub.cut(MemberId("north"))
        item = await dated(world, ["east"], "near Dam 3", world.now("north"))
        act = ActPayload(world.now("east"), MemberId("west"), "as agreed", None, None)
        leaving = propose(world.nodes["east"].registry.state, "withdraw", act)
        await north.take_act(sign_act(leaving, [open_offline(world.member("west"), None).root]))
        size = north.ledger.size
        await world.until(lambda: north.ledger.size > size + 2)
        own = item.controls[0]
        assert own.id not in world.stores["north"].reader.seen_controls()

        world.hub.mend(MemberId("north"))

        await world.until(lambda: own.id in world.stores["north"].reader.seen_controls(), 60)
        assert world.stores["north"].reader.seen_controls()[own.id] < world.now("east")


async def test_a_slow_clock_hides_nothing_of_the_others_and_keeps_nothing_that_has_expired(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=86_400) as world:
        await off(world, "east", -HOUR)
        ends = datetime.now(UTC) + timedelta(seconds=100)
        brief = await world.send("north", ["east"], "for a moment", expires=ends)
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("east", brief.ref))

        for _ in range(5):  # by less at once than makes a clock unsure: what is on its way bears the time of before
            world.later(20)
            await world.ticks("north")
        await world.until(lambda: not world.holds("east", brief.ref))

        assert world.holds("east", report.ref)


@pytest.mark.parametrize("members", [("north", "east", "south"), ("north", "east", "south", "west")], ids=["3", "4"])
async def test_the_false_clock_of_one_member_ends_nothing_at_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: tuple[str, ...]
) -> None:
    monkeypatch.setattr(clock, "HEARD_FOR", 3 * SECOND)
    async with exchange(tmp_path, *members, recall_delay_s=1) as world:
        if len(members) == 4:
            await world.stop("west")
        brief = await world.send("north", ["east"], "for a month", expires=datetime.now(UTC) + timedelta(days=30))
        await world.until(lambda: world.holds("east", brief.ref))
        south, east = world.nodes["south"].witness, world.nodes["east"]._parts.clock
        honest = south.heard

        async def ahead(member: MemberId, note: str | None, part: LeafPart | None, now: Micros) -> bool:
            return await honest(member, note, part, Micros(now + 400 * 86_400 * SECOND))

        monkeypatch.setattr(south, "heard", ahead)
        await world.until(lambda: east._apart.get(MemberId("south"), (0, 0))[0] > 300 * 86_400 * SECOND)
        size = world.nodes["east"].ledger.size
        await world.until(lambda: world.nodes["east"].ledger.size > size + 8)

        assert world.holds("east", brief.ref)
        assert east.sure
        assert world.stores["east"].reader.cosigned(south.origin(NORTH), "east", 1) is not None


def test_what_one_of_several_peers_says_alone_is_not_believed() -> None:
    told = clock.Clock()
    told.expect(2)
    told.heard(MemberId("south"), told.now() + 400 * 86_400 * SECOND)
    now = told.now()

    assert not told.sure, "it may be our clock that is wrong"
    assert told.latest(now) == told.dated(now) == now
    told.heard(MemberId("west"), told.now() + 400 * 86_400 * SECOND)
    assert told.latest(now) > now, "a quorum says so"
