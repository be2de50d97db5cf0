"""Across an air gap: parcels as files, by messengers who lose, double, delay and mistake them."""

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from carriers import carry, cut_off, logged, parcels, taken, to_and_fro, written
from msgspec import structs
from test_exchange import fetched, hand_over
from test_files import here, whole
from world import World, exchange

from quartet.core.articles import ActPayload
from quartet.core.attachment import PART
from quartet.core.charter import propose, sign_act
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.node.carrying import LEAST
from quartet.node.ledger import KEPT_CHECKPOINTS
from quartet.node.witness import MAX_LEAVES_SENT
from quartet.wire.carried import MAX_CARRIED, read_carried, write_carried

pytestmark = pytest.mark.anyio
MISSED = 10_000
HOUR = 3_600


@asynccontextmanager
async def gap(folder: Path, *members: str) -> AsyncIterator[World]:
    """Run members who met, and whom no wire joins any more."""
    async with exchange(folder, *(members or ("north", "west"))) as world:
        cut_off(world)
        yield world


def changed(data: bytes, **head: object) -> bytes:
    """Return a file with another head, or other records."""
    carried = read_carried(data)
    held = structs.replace(carried, head=structs.replace(carried.head, **head))
    return write_carried(held.head.exchange, held.head.frm, held.head.to, held.records)


async def test_items_go_there_and_receipts_and_cosignatures_come_back_by_files_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "west", start=False) as world:
        cut_off(world)
        for name in world.nodes:
            world.run(name)
        await world.ticks("north")
        first = await written(world, "west", "north")
        assert parcels(first) == 0, "who never met north has no key to seal for; the file says who west is"
        await taken(world, "north", first)
        report = await world.send("north", ["west"], "near Dam 3")
        answer = await world.send("west", ["north"], "seen there too")

        came = await carry(world, "north", "west")
        assert (came.items, came.refused) == (1, {})
        assert world.text("west", report.ref) == "near Dam 3"
        await to_and_fro(world, "west", "north")
        await to_and_fro(world, "north", "west")

        assert world.holds("north", answer.ref)
        assert len(world.receipts("north", report.ref).delivered) == 1
        for member in world.nodes:
            for ref in (report.ref, answer.ref):
                assert world.on_record(member, ref, 1)
                assert world.proven(member, ref)
        assert {world.link("north", "west"), world.link("west", "north")} == {"down"}, "a stick is no link"
        assert [await world.problems(m) for m in world.nodes] == [[], []]
        link = world.nodes["north"].status(world.viewer("north")).links[0]
        view = world.nodes["north"].carrying.views(world.viewer("north"))[0]
        assert (link.carried_out, link.carried_in) == (view.written, view.came)
        assert None not in (view.written, view.came)
        assert (view.due, view.key) == (0, True)


async def test_a_recall_goes_by_file(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        report = await world.send("north", ["west"], "to be taken back")
        await carry(world, "north", "west")
        assert world.holds("west", report.ref)

        await world.recall("north", report.ref)
        await carry(world, "north", "west")

        await world.until(lambda: not world.holds("west", report.ref))


async def test_a_lost_file_loses_nothing_and_a_doubled_or_late_one_is_taken_once(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        sent = [await world.send("north", ["west"], f"{n}", title=f"{n}") for n in range(3)]
        lost = await written(world, "north", "west")
        sent.append(await world.send("north", ["west"], "one more"))
        second = await written(world, "north", "west")

        assert (await taken(world, "west", second)).items == 4, "what lay in the first file goes again"
        again, late = await taken(world, "west", second), await taken(world, "west", lost)

        assert (again.parcels, late.parcels) == (0, 0)
        assert (again.known, late.known) == (parcels(second), parcels(lost))
        assert sorted(row.ref for row in world.rows("west")) == sorted(one.ref for one in sent)
        assert world.stores["west"].reader.count("item") == len(sent)
        await to_and_fro(world, "west", "north")
        assert world.nodes["north"].carrying.views(world.viewer("north"))[0].due == 0
        assert not world.alarms("west") | world.alarms("north")
        assert [await world.problems(m) for m in world.nodes] == [[], []]


async def test_what_is_carried_and_goes_over_a_hub_too_is_taken_once(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        first = await world.send("north", ["west"], "on a stick, and over the hub before it came")
        late = await written(world, "north", "west")
        for name in world.nodes:
            world.hub.mend(MemberId(name))
        await world.until(lambda: world.holds("west", first.ref))

        assert (await taken(world, "west", late)).parcels == 0
        cut_off(world)
        second = await world.send("north", ["west"], "on a stick, and over the hub after it")
        await carry(world, "north", "west")
        for name in world.nodes:
            world.hub.mend(MemberId(name))
        third = await world.send("north", ["west"], "after all that")
        await world.until(lambda: world.holds("west", third.ref))
        await world.until(lambda: len(world.receipts("north", second.ref).delivered) == 1)

        assert world.stores["west"].reader.count("item") == 3
        assert not world.nodes["west"].peers[MemberId("north")].incoming.gap
        await world.linked()
        assert not world.alarms("west") | world.alarms("north")


async def test_a_large_attachment_goes_on_with_each_file_where_it_was_though_nodes_start_anew(tmp_path: Path) -> None:
    data = os.urandom(5 * PART)
    async with gap(tmp_path) as world:
        file = await hand_over(world, "north", data)
        report = await world.send("north", ["west"], "a film", attachments=(file,))
        files: list[bytes] = []
        for _ in range(8):
            files.append(await written(world, "north", "west", 2 * LEAST))
            await taken(world, "west", files[-1])
            if whole(world, "west", report.id, file.id):
                break
            before = here(world, "west", report.id, file.id)
            await world.stop("north")
            world.start("north")
            await world.ticks("north")
            await carry(world, "west", "north")

        assert whole(world, "west", report.id, file.id)
        parts = sum(len(record.data) > PART for data in files for record in read_carried(data).records)
        assert (parts, before) == (len(data) // PART, 3), "each file goes on where the last one was confirmed"
        assert await fetched(world, "west", report.ref, file) == data


async def test_many_ticks_of_absence_are_followed_and_cosigned_by_one_file_each_way(tmp_path: Path) -> None:
    assert 2 * MAX_LEAVES_SENT < MISSED, "or one piece would do"
    async with gap(tmp_path) as world:
        before = world.nodes["north"].ledger.size
        world.later(MISSED // 2)
        await world.until(lambda: world.nodes["north"].ledger.size > before + MISSED - 10, 60)
        report = await world.send("north", ["west"], "after a long silence")
        await logged(world, "north")

        await carry(world, "north", "west")
        assert world.nodes["west"].witness.state(MemberId("north")).size > before + MISSED - 10
        await carry(world, "west", "north")

        await world.until(lambda: world.on_record("north", report.ref, 1))
        assert world.nodes["north"]._parts.clock.sure


async def test_a_cosignature_that_comes_back_in_days_puts_on_record(tmp_path: Path) -> None:
    assert MISSED > 2 * KEPT_CHECKPOINTS
    async with gap(tmp_path) as world:
        report = await world.send("north", ["west"], "there and back in days")
        await logged(world, "north")
        await world.ticks("north", 3)
        await carry(world, "north", "west")
        back = await written(world, "west", "north")
        before = world.nodes["north"].ledger.size
        world.later(MISSED // 2)
        await world.until(lambda: world.nodes["north"].ledger.size > before + MISSED, 60)

        node, below = world.nodes["north"], world.nodes["north"].ledger.size - KEPT_CHECKPOINTS
        await world.stores["north"].write(lambda tx: tx.prune_log(node.ledger.origin, below))
        await taken(world, "north", back)
        await world.stores["north"].write(lambda tx: tx.prune_log(node.ledger.origin, below))
        assert world.on_record("north", report.ref, 1)
        await carry(world, "north", "west")
        assert world.proven("north", report.ref)
        assert world.on_record("west", report.ref, 1)


async def test_old_dates_in_a_file_make_no_clock_unsure(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        await carry(world, "north", "west")
        back = await written(world, "west", "north")
        world.later(HOUR)

        assert (await taken(world, "north", back)).parcels > 0
        assert world.nodes["north"]._parts.clock.sure
        assert world.nodes["north"].peers[MemberId("west")].heard is not None
        assert world.link("north", "west") == "down"


async def test_the_most_urgent_goes_first_and_what_does_not_fit_stays_due(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        for n in range(12):
            await world.send("north", ["west"], "x" * 100_000, title=f"{n}")
        flash = await world.send("north", ["west"], "now", precedence="FLASH")

        came = await carry(world, "north", "west", LEAST)
        view = world.nodes["north"].carrying.views(world.viewer("north"))[0]
        assert world.holds("west", flash.ref)
        assert 1 < came.items < 13
        assert (view.items, view.due) == (came.items, 13)

        await carry(world, "west", "north")
        assert world.nodes["north"].carrying.views(world.viewer("north"))[0].due == 13 - came.items
        while len(world.rows("west")) < 13:
            assert (await carry(world, "north", "west", LEAST)).items > 0
            await carry(world, "west", "north")


async def test_a_file_for_others_of_another_exchange_or_from_nobody_is_refused_with_its_word(tmp_path: Path) -> None:
    async with gap(tmp_path, "north", "east", "west") as world:
        report = await world.send("north", ["west"], "for west alone")
        data = await written(world, "north", "west")
        before = world.stores["west"].reader.count("item")

        for at, given, kind, reason in [
            ("east", data, Malformed, "not-for-us"),
            ("north", data, Malformed, "not-for-us"),
            ("west", changed(data, exchange=bytes(32)), Untrusted, "other-exchange"),
            ("west", changed(data, frm="south"), Untrusted, "unknown-member"),
            ("west", data[:-1], Malformed, "cut-short"),
            ("west", b"a letter", Malformed, "not-carried"),
        ]:
            with pytest.raises(kind) as caught:
                await taken(world, at, given)
            assert caught.value.reason == reason

        as_easts = await taken(world, "west", changed(data, frm="east"))
        to_east = await taken(world, "east", changed(data, to="east"))
        assert as_easts.refused == {"bad-seal": parcels(data), "manifest-not-senders": 1}
        assert to_east.refused == {"unknown-epoch-key": parcels(data)}
        assert world.stores["west"].reader.count("item") == before
        assert world.rows("east") == ()
        await taken(world, "west", data)
        assert world.holds("west", report.ref)


async def test_a_damaged_record_is_dropped_and_the_next_file_brings_what_it_held(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        for n in range(12):
            await world.send("north", ["west"], "x" * 100_000, title=f"{n}")
        carried = read_carried(await written(world, "north", "west"))
        broken = list(carried.records)
        data = broken[2].data
        broken[2] = structs.replace(broken[2], data=data[:2000] + bytes([data[2000] ^ 1]) + data[2001:])

        came = await taken(world, "west", write_carried(carried.head.exchange, "north", "west", broken))
        assert came.refused == {"bad-seal": 1}
        assert 0 < came.items < 12
        assert world.nodes["west"].peers[MemberId("north")].incoming.gap

        await carry(world, "west", "north")
        await carry(world, "north", "west")
        assert len(world.rows("west")) == 12
        assert not world.nodes["west"].peers[MemberId("north")].incoming.gap


async def test_files_are_for_who_answers_for_the_node_and_have_their_bounds(tmp_path: Path) -> None:
    async with gap(tmp_path) as world:
        carrying, duty = world.nodes["north"].carrying, world.viewer("north")
        plain = structs.replace(duty, roles=())

        with pytest.raises(Untrusted, match="no-role"):
            await carrying.out(plain, "west", LEAST)
        with pytest.raises(Untrusted, match="no-role"):
            await carrying.took(plain, b"")
        with pytest.raises(Untrusted, match="no-role"):
            carrying.views(plain)
        with pytest.raises(Malformed, match="unknown-member"):
            await carrying.out(duty, "south", LEAST)
        for most in (LEAST - 1, MAX_CARRIED + 1):
            with pytest.raises(Malformed, match="bad-most"):
                await carrying.out(duty, "west", most)


async def test_nothing_is_written_for_a_suspended_member_but_recalls(tmp_path: Path) -> None:
    async with gap(tmp_path, "north", "east", "west") as world:
        held = await world.send("north", ["west"], "held before")
        await to_and_fro(world, "north", "west")
        await suspended(world, "west")
        secret = await world.send("north", ["east", "west"], "after")

        await carry(world, "north", "west")
        await carry(world, "west", "north")
        with pytest.raises(Unavailable, match="nothing-due"):
            await written(world, "north", "west")
        await world.recall("north", held.ref)
        await carry(world, "north", "west")

        assert not world.holds("west", secret.ref)
        await world.until(lambda: not world.holds("west", held.ref))


async def test_what_a_file_of_a_suspended_member_brings_is_told_as_not_taken(tmp_path: Path) -> None:
    async with gap(tmp_path, "north", "east", "west") as world:
        await suspended(world, "west")
        for n in range(5):
            await world.send("west", ["north"], f"{n}", title=f"{n}")

        came = await carry(world, "west", "north")
        assert (came.items, came.answers, came.not_taken) == (0, 0, {"suspended": 5})
        assert came.parcels > 0
        assert world.rows("north") == ()


async def suspended(world: World, subject: str) -> None:
    node = world.nodes["north"]
    at = node._parts.clock.now()
    payload = ActPayload(at=at, subject=MemberId(subject), reason="drill", admitted=None, changes=None)
    act = propose(node.registry.state, "suspend", payload)
    await node.take_act(sign_act(act, [world.root(m) for m in world.nodes if m != subject]))


@pytest.mark.rare
@pytest.mark.parametrize("seed", [1, 2])
async def test_messengers_and_a_hub_that_dies_lose_double_and_lead_astray_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quartet.node.pump.GRID", 4)  # an hour of ticks, after which all files end alike
    chance = random.Random(seed)
    async with gap(tmp_path, "north", "east", "west") as world:
        names = sorted(world.nodes)
        on_way: list[tuple[str, bytes]] = []
        sent: dict[str, list[str]] = {name: [] for name in names}
        for _ in range(40):
            one, other = chance.sample(names, 2)
            match chance.choice(["say", "say", "write", "write", "bring", "bring", "lose", "mend", "cut"]):
                case "say":
                    sent[other].append((await world.send(one, [other], "a word", title=f"{one} to {other}")).ref)
                case "write":
                    on_way.append((other, await written(world, one, other)))
                case "bring" if on_way:
                    await taken(world, *chance.choice(on_way))
                case "lose" if on_way:
                    on_way.pop(chance.randrange(len(on_way)))
                case "mend":
                    world.hub.mend(MemberId(one))
                case "cut":
                    world.hub.cut(MemberId(one))
        cut_off(world)
        for _ in range(4):
            for name in names:
                await logged(world, name)
                await world.ticks(name, 5)
            files = [(other, await written(world, one, other)) for one in names for other in names if one != other]
            for at, data in files:
                await taken(world, at, data)

        for name in names:
            others = sorted(row.ref for row in world.rows(name) if row.author != name)
            assert others == sorted(sent[name])
            for ref in sent[name]:
                assert world.on_record(name, ref, 2)
                assert world.proven(name, ref)
        assert [await world.problems(m) for m in names] == [[]] * 3
        assert not any(peer.incoming.gap for m in names for peer in world.nodes[m].peers.values())
        assert not any(world.alarms(m) for m in names)
