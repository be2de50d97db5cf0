"""Files that go with items: parts verified as they come, lost ones asked for, wrong ones alarmed, crashes survived."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from test_exchange import attachment, fetched, hand_over
from test_hostile_hub import EAST, NORTH, forge
from world import World, exchange

from quartet.core.attachment import PART, FileTree
from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, MemberId, OfficerName
from quartet.core.parcel import released_part
from quartet.core.release import Released
from quartet.core.verify import Verified
from quartet.node import attachments, staging
from quartet.node.drafting import item_statement, marking_of
from quartet.node.staging import STAGED_SECONDS, Staging
from quartet.node.views import Attachment, Draft
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio


def whole(world: World, member: str, item: ItemId, root: str) -> bool:
    known = world.stores[member].reader.attachment(item, root)
    return known is not None and known[1]


def here(world: World, member: str, item: ItemId, root: str) -> int:
    return len(world.stores[member].reader.part_numbers(item, root))


def split(data: bytes) -> list[bytes]:
    return [data[n : n + PART] for n in range(0, len(data), PART)]


class Middle:
    """Lets a few parts of a file pass and no more, so that whatever comes next comes in its middle."""

    def __init__(self) -> None:
        self._passed = 0

    def __call__(self, passed: Passed) -> bool:
        if passed.kind != "p" or len(passed.data) <= PART:
            return False
        self._passed += 1
        return self._passed > 4


@pytest.mark.parametrize("killed", ["north", "east"])
async def test_a_file_goes_on_where_it_was_when_a_node_dies_in_its_middle(tmp_path: Path, killed: str) -> None:
    data = os.urandom(6_000_000)
    async with exchange(tmp_path, "north", "east") as world:
        file = await hand_over(world, "north", data)
        world.hub.drop_if = Middle()
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.until(lambda: here(world, "east", report.id, file.id) >= 3)
        await world.stop(killed)
        before = here(world, "east", report.id, file.id) if killed == "north" else 0
        world.hub.drop_if = None
        world.start(killed)

        await world.until(lambda: whole(world, "east", report.id, file.id), 60)
        assert await fetched(world, "east", report.ref, file) == data
        assert before < 23


async def test_a_part_that_was_lost_or_damaged_at_its_holder_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "ASK_AFTER", 100_000)
    data = os.urandom(3 * PART + 5)
    async with exchange(tmp_path, "north", "east") as world:
        file = await hand_over(world, "north", data)
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.until(lambda: whole(world, "east", report.id, file.id))
        await world.stores["east"].write(lambda tx: tx._do("UPDATE part SET sealed = X'00' WHERE n = 2"))

        assert await fetched(world, "east", report.ref, file) is None
        assert not whole(world, "east", report.id, file.id)
        await world.until(lambda: whole(world, "east", report.id, file.id))

        assert await fetched(world, "east", report.ref, file) == data


async def test_whoever_is_granted_an_item_later_gets_its_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "ASK_AFTER", 100_000)
    data = os.urandom(3 * PART)
    async with exchange(tmp_path, "north", "east", "south") as world:
        file = await hand_over(world, "north", data)
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.until(lambda: whole(world, "east", report.id, file.id))

        await world.fact("north", "grant", report.ref, member=MemberId("south"))
        await world.until(lambda: whole(world, "south", report.id, file.id))

        assert await fetched(world, "south", report.ref, file) == data


@pytest.mark.parametrize("spelt", ["never sent", "no hash"])
async def test_files_that_one_member_names_and_never_sends_keep_no_other_file_from_coming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelt: str
) -> None:
    monkeypatch.setattr(attachments, "ASK_AFTER", 100_000)
    names = [b64(os.urandom(32)) if spelt == "never sent" else f"x{n}" for n in range(attachments.MAX_OPEN + 1)]
    data = os.urandom(2 * PART)
    async with exchange(tmp_path, "north", "east", "south") as world:
        item = await says(world, "south", ["east"], [Attachment(id=name, name="a", size=1) for name in names])
        await world.until(lambda: world.stores["east"].reader.row(item.id))

        file = await hand_over(world, "north", data)
        report = await world.send("north", [], "a film", attachments=(file,))
        await world.fact("north", "grant", report.ref, member=EAST)
        await world.until(lambda: whole(world, "east", report.id, file.id))

        assert await fetched(world, "east", report.ref, file) == data
        assert not {"bad-length", "bad-base64"} & world.alarms("east"), "or a tick fails, and all that is behind it"


async def says(world: World, member: str, to: list[str], files: list[Attachment]) -> Verified:
    """Have a member publish an item that names files which nobody handed over."""
    node, now = world.nodes[member], world.now(member)
    draft = Draft(tlp="AMBER", title="t", text="x", to=tuple(MemberId(m) for m in to), attachments=tuple(files))
    speaker = node.publisher.speaker(OfficerName("duty"), now)
    item = node.publisher._sign(item_statement(draft, None, speaker, marking_of(draft, draft.to), (), ()))
    facts = node.holdings.facts
    rows = node.holdings.decide(item, facts, now)
    await world.stores[member].write(lambda tx: node.holdings.keep_item(tx, item, rows, facts, now))
    node.holdings.learned(item, now)
    node.wake()
    return item


async def test_a_part_that_is_not_of_its_file_is_alarmed_not_kept_and_stops_nothing(tmp_path: Path) -> None:
    parts = split(os.urandom(3 * PART))
    async with exchange(tmp_path, "north", "east") as world:
        world.hub.drop_if = lambda passed: passed.kind == "p" and len(passed.data) > PART
        file = await hand_over(world, "north", b"".join(parts))
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.until(lambda: world.holds("east", report.ref))
        node, now = world.nodes["north"], world.nodes["north"]._parts.clock.now()
        released = node.holdings.gate.release(report.id, EAST, now)
        assert isinstance(released, Released)
        tree = FileTree()
        for part in parts:
            tree.add(part)
        world.hub.cut(NORTH)
        world.hub.drop_if = None
        wrong = released_part(released, file.id, 1, parts[0], tree.path(1))

        world.hub.carry(Passed(NORTH, EAST, "p", forge(world, [wrong], world.keys("north").link)))
        await world.until(lambda: "attachment-damaged" in world.alarms("east"))
        assert here(world, "east", report.id, file.id) == 0
        world.hub.mend(NORTH)
        after = await world.send("north", ["east"], "and goes on")
        await world.until(lambda: world.holds("east", after.ref))


async def test_a_file_that_is_damaged_at_its_author_is_alarmed_there_and_stops_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        world.hub.cut(NORTH)
        file = await hand_over(world, "north", os.urandom(2 * PART))
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.stores["north"].write(lambda tx: tx._do("UPDATE part SET sealed = X'00' WHERE n = 1"))
        world.hub.mend(NORTH)

        await world.until(lambda: "damaged" in world.alarms("north"))
        after = await world.send("north", ["east"], "and goes on")
        await world.until(lambda: world.holds("east", after.ref) and world.holds("east", report.ref))
        assert not whole(world, "east", report.id, file.id)


async def test_a_file_stops_when_its_item_is_recalled_on_the_way(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=60) as world:
        file = await hand_over(world, "north", os.urandom(40 * PART))
        report = await world.send("north", ["east"], "a film", attachments=(file,))
        await world.until(lambda: here(world, "east", report.id, file.id) >= 2)

        await world.recall("north", report.ref)
        await world.until(lambda: not world.holds("east", report.ref))
        await world.until(lambda: not world.nodes["north"].peers[EAST].outgoing.on_way)
        stopped = here(world, "east", report.id, file.id)
        after = await world.send("north", ["east"], "and goes on")
        await world.until(lambda: world.holds("east", after.ref))
        await world.ticks("north")

        assert here(world, "east", report.id, file.id) == stopped < 40


async def test_what_was_handed_over_when_the_node_died_is_attached_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(3 * PART)

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    async with exchange(tmp_path, "north", "east") as world:
        file = await hand_over(world, "north", data)
        with monkeypatch.context() as broken:
            broken.setattr(world.nodes["north"].attachments, "attach", dies)
            with pytest.raises(asyncio.CancelledError):
                await world.send("north", ["east"], "a film", attachments=(file,))
        await world.stop("north")
        world.start("north")

        report = world.rows("north")[0]
        await world.until(lambda: whole(world, "east", report.id, file.id))
        assert await fetched(world, "east", report.ref, file) == data


async def test_an_officers_share_of_what_waits_for_a_draft_is_bounded_and_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MAX_STAGED", 2 * PART + 1000)
    async with exchange(tmp_path, "north", "east", start=False) as world:
        shelf = Staging(world.stores["north"])
        data = os.urandom(PART - 100)
        first, second = attachment(data), attachment(os.urandom(10))
        shelf.put("duty", first.id, 0, data)
        shelf.put("duty", first.id, 0, data)
        shelf.put("duty", second.id, 0, data)
        with pytest.raises(Unavailable, match="staging-full"):
            shelf.put("duty", second.id, 1, bytes(PART))
        shelf.put("other", second.id, 1, bytes(PART))
        with pytest.raises(Malformed, match="attachment-missing"):
            shelf.check("other", [first])
        shelf.check("duty", [first])

        again = Staging(world.stores["north"])
        with pytest.raises(Unavailable, match="staging-full"):
            again.put("duty", second.id, 1, bytes(PART))
        assert again.sweep() == 0
        assert again.sweep(time.time() + STAGED_SECONDS + 5) == 3
        again.put("duty", second.id, 1, bytes(PART))
