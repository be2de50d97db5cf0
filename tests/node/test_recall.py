"""What a controller can count on after taking an item back: hidden at once, destroyed in time, and said so."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from world import World, exchange

from quartet.core.attachment import file_id
from quartet.core.encoding import b64, encode, unb64
from quartet.core.facts import CancelRecall
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros, OfficerName
from quartet.core.recall import MAX_RECALLS_AN_HOUR
from quartet.core.statement import Statement, item_id
from quartet.node.factviews import FactDraft, Prepared
from quartet.node.views import Attachment

pytestmark = pytest.mark.anyio
CANARY = "v8zt4kq1-canary"


def wrapped_key(world: World, member: str, item: str) -> bytes:
    """Return an item's wrapped key as it lies in a member's file."""
    sql = "SELECT wrapped FROM item_key WHERE n = (SELECT admission FROM item WHERE id = ?)"
    with closing(sqlite3.connect(f"file:{world.database(member)}?mode=ro", uri=True)) as connection:
        found: bytes = connection.execute(sql, (item,)).fetchone()[0]
    return found


async def test_a_recalled_item_is_hidden_from_every_reader_at_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=86_400) as world:
        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("south", report.ref))

        await world.recall("north", report.ref)
        await world.until(lambda: not any(world.holds(m, report.ref) for m in ("north", "east", "south")))

        for member in ("north", "east", "south"):
            with pytest.raises(Unavailable, match="unknown-item"):
                world.text(member, report.ref)
        assert world.receipts("north", report.ref).owed == ("east", "south")


async def test_after_the_delay_nothing_of_a_recalled_item_is_left_in_any_holders_files(tmp_path: Path) -> None:
    data = CANARY.encode() * 1000
    file = Attachment(id=file_id([data]), name=f"{CANARY}.txt", size=len(data))
    async with exchange(tmp_path) as world:
        await world.nodes["north"].put_part(world.viewer("north"), file.id, 0, data)
        report = await world.send("north", ["east", "south"], CANARY, title=f"T {CANARY}", attachments=(file,))
        holders = ("north", "east", "south")
        await world.until(lambda: all(world.holds(m, report.ref) for m in holders))
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        wrapped = {m: wrapped_key(world, m, report.id) for m in holders}
        assert all(wrapped[m] in world.raw(m) for m in holders), "so that the search below can find it"

        await world.recall("north", report.ref)
        await world.until(lambda: set(world.receipts("north", report.ref).purged) == {"east", "south"})
        await world.until(lambda: all(wrapped[m] not in world.raw(m) for m in holders))

        assert world.receipts("north", report.ref).owed == ()
        assert not any(CANARY.encode() in world.raw(m) for m in world.nodes)
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4
        for member in holders:
            await world.stop(member)
            assert wrapped[member] not in world.raw(member)
            assert CANARY.encode() not in world.raw(member)


async def test_a_member_that_was_away_purges_on_its_return_and_owes_until_then(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east", "south"], CANARY)
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)
        await world.stop("east")

        await world.recall("north", report.ref)
        await world.until(lambda: "south" in world.receipts("north", report.ref).purged)
        assert world.receipts("north", report.ref).owed == ("east",)
        world.start("east")
        await world.until(lambda: world.receipts("north", report.ref).owed == ())

        assert not world.holds("east", report.ref)
        assert world.stores["east"].reader.item(report.id) is None
        assert [await world.problems(m) for m in world.nodes] == [[]] * 4


async def test_a_second_officer_cancels_a_recall_before_its_delay_ends(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=3600) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        await world.recall("north", report.ref)
        await world.until(lambda: not world.holds("east", report.ref))

        await world.fact("north", "cancel-recall", report.ref, officer="second")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("north", report.ref))

        assert world.text("east", report.ref) == "near Dam 3"
        assert world.receipts("north", report.ref).owed == ()


async def test_what_contains_a_recalled_item_goes_with_it_and_what_cites_it_stays(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        source = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.holds("east", source.ref))
        made = await world.send("east", ["north"], f"we hear {CANARY}", contains=(source.ref,))
        about = await world.send("east", ["north"], "a comment", cites=(source.ref,))
        await world.until(lambda: world.holds("north", made.ref) and world.holds("north", about.ref))

        await world.recall("north", source.ref)
        await world.until(lambda: not world.holds("east", made.ref) and not world.holds("north", made.ref))
        readers = {m: world.stores[m].reader for m in ("north", "east")}
        await world.until(lambda: all(r.item(i.id) is None for r in readers.values() for i in (source, made)))

        assert world.holds("north", about.ref)
        shown = world.nodes["north"].show(world.viewer("north"), about.ref)
        assert [basis.withdrawn for basis in shown.provenance.cites] == [True]


async def test_only_a_controller_can_recall(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))

        with pytest.raises(Untrusted, match="not-controller"):
            await world.recall("east", report.ref)

        assert world.holds("east", report.ref)


async def test_an_item_that_comes_after_the_recall_of_what_it_contains_is_destroyed_too(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        source = await world.send("north", ["east", "south"], CANARY)
        await world.until(lambda: len(world.receipts("north", source.ref).delivered) == 2)
        world.hub.drop_if = lambda passed: "east" in (passed.frm, passed.to)
        made = await world.send("east", ["north"], f"we hear {CANARY}", contains=(source.ref,))
        await world.recall("north", source.ref)
        await world.until(lambda: "south" in world.receipts("north", source.ref).purged)

        world.hub.drop_if = None
        await world.until(lambda: world.receipts("north", source.ref).owed == ())
        readers = [world.stores[m].reader for m in ("north", "east")]
        await world.until(lambda: all(reader.item(made.id) is None for reader in readers))

        assert not world.holds("north", made.ref)


async def test_what_has_expired_is_destroyed_at_its_holders_and_stays_with_its_author(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=1) as world:
        ends = datetime.now(UTC) + timedelta(seconds=600)
        report = await world.send("north", ["east"], CANARY, expires=ends)
        await world.until(lambda: world.receipts("north", report.ref).delivered)
        world.later(601)

        await world.until(lambda: "east" in world.receipts("north", report.ref).purged)

        assert world.raw("east").count(CANARY.encode()) == 0
        assert CANARY in world.nodes["north"].show(world.viewer("north"), report.ref).body["text"]


async def test_the_officer_who_recalled_cannot_cancel_it_herself(tmp_path: Path) -> None:
    async with exchange(tmp_path, recall_delay_s=86_400) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.fact("north", "recall", report.ref)

        with pytest.raises(Untrusted, match="second-officer-needed"):
            await world.fact("north", "cancel-recall", report.ref)


async def test_a_recall_names_the_items_own_controls_and_leaves_what_it_was_made_of(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=86_400) as world:
        source = await world.send("north", ["east"], "the source")
        made = await world.send("north", ["east"], "made of it", contains=(source.ref,))
        await world.until(lambda: world.holds("east", source.ref) and world.holds("east", made.ref))

        recall = await world.recall("north", made.ref)
        await world.until(lambda: not world.holds("east", made.ref))

        said = world.nodes["east"].holdings.facts.known.get(recall.id)
        verified = world.nodes["north"].holdings.verified(made.id)
        assert said is not None
        assert verified is not None
        assert verified.own is not None
        assert said.body.controls == (verified.own.id,)  # type: ignore[union-attr]
        assert world.holds("east", source.ref)


async def test_the_twenty_first_recall_of_an_hour_waits_for_a_second_officer(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=86_400) as world:
        reports = [await world.send("north", ["east"], f"report {n}") for n in range(MAX_RECALLS_AN_HOUR + 1)]
        await world.until(lambda: len(world.rows("east")) == len(reports))

        for report in reports:
            told = await world.recall("north", report.ref)
        await world.until(lambda: world.stores["east"].reader.row(told.id) and len(world.rows("east")) <= 1)
        assert [row.ref for row in world.rows("east")] == [reports[-1].ref]
        assert world.receipts("north", reports[-1].ref).owed == ()
        await world.recall("north", reports[-1].ref, officer="second")

        await world.until(lambda: world.rows("east") == ())
        assert world.receipts("north", reports[-1].ref).owed == ("east",)


async def test_life_by_two_officers_is_destroyed_on_receipt_and_not_given_back(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=86_400) as world:
        report = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.receipts("north", report.ref).delivered)

        await world.fact("north", "recall", report.ref, reason="LIFE")
        await world.until(lambda: not world.holds("east", report.ref))
        assert world.stores["east"].reader.item(report.id) is not None, "one officer's word waits for the delay"
        await world.fact("north", "recall", report.ref, reason="LIFE", officer="second")
        await world.until(lambda: "east" in world.receipts("north", report.ref).purged)

        assert CANARY.encode() not in world.raw("east")
        assert not world.holds("north", report.ref)


async def test_evidence_stays_with_those_who_hold_it_marked_as_recalled_and_goes_to_nobody_new(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        held = await world.send("north", ["east"], "evidence", hold=True)
        gone = await world.send("north", ["east"], CANARY)
        await world.until(lambda: len(world.receipts("north", held.ref).delivered) == 1)
        await world.until(lambda: len(world.receipts("north", gone.ref).delivered) == 1)

        await world.recall("north", held.ref)
        await world.recall("north", gone.ref)
        await world.until(lambda: "east" in world.receipts("north", gone.ref).purged)

        assert world.text("east", held.ref) == "evidence"
        assert [row.recalled for row in world.rows("east")] == [True]
        south = world.nodes["north"].why(world.viewer("north"), held.ref, "south")
        assert (south.has, south.reason) == (False, "recalled")


async def test_the_root_key_cancels_a_recall_once_and_after_that_takes_back_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=3600) as world:
        report = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.holds("east", report.ref))
        await world.recall("north", report.ref)
        await world.until(lambda: not world.holds("east", report.ref))

        cancel = await world.fact("north", "cancel-recall", report.ref, officer="root")
        await world.until(lambda: world.holds("east", report.ref) and world.holds("north", report.ref))
        await world.recall("north", report.ref)
        last = await world.send("north", ["east"], "after it", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("east")))
        assert world.holds("east", report.ref), "after a cancellation one officer is not enough"
        await world.recall("north", report.ref, officer="root")
        await world.until(lambda: not world.holds("east", report.ref))

        assert world.nodes["east"].holdings.facts.known.get(cancel.id) is not None
        assert world.holds("east", last.ref)
        assert [await world.problems(m) for m in world.nodes] == [[]] * 2


async def test_a_cancellation_handed_in_after_the_delay_is_refused_and_not_said_in_vain(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=60) as world:
        report = await world.send("north", ["east"], CANARY)
        await world.until(lambda: world.holds("east", report.ref))
        recall = await world.recall("north", report.ref)
        await world.until(lambda: world.dated("east", recall))
        node, draft = world.nodes["north"], FactDraft(kind="cancel-recall", ref=report.ref, root=True)
        asked = await node.prepare(world.viewer("north"), draft)
        for _ in range(4):  # by less at once than makes a clock unsure: what is on its way bears the time of before
            world.later(20)
            await world.ticks("north")
            await world.ticks("east")
        await world.until(lambda: world.stores["east"].reader.item(report.id) is None)

        with pytest.raises(Malformed, match="cancel-too-late"):
            await node.commit(asked, world.asserted("north", "root", asked.id))

        assert not any(isinstance(fact.body, CancelRecall) for fact in node.holdings.facts.known.values())


async def test_a_recall_that_no_cancellation_lifts_is_named_so_before_anybody_signs(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False, recall_delay_s=3600) as world:
        report = await world.send("north", ["east"], CANARY)
        await world.recall("north", report.ref)
        await world.fact("north", "cancel-recall", report.ref, officer="second")
        await world.recall("north", report.ref, officer="root")

        with pytest.raises(Malformed, match="not-cancellable"):
            await world.fact("north", "cancel-recall", report.ref, officer="second")

        world.later(3601)
        with pytest.raises(Malformed, match="cancel-too-late"):
            await world.fact("north", "cancel-recall", report.ref, officer="second")


async def test_roots_name_is_nobody_elses_and_root_states_nothing_but_recalls(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=86_400) as world:
        report = await world.send("north", ["east"], CANARY)
        await world.recall("north", report.ref)
        node, viewer = world.nodes["north"], world.viewer("north")

        asked = await node.prepare(viewer, FactDraft(kind="cancel-recall", ref=report.ref, root=True))
        with pytest.raises(Untrusted, match="unknown-officer"):
            await node.commit(asked, world.asserted("north", "second", asked.id))
        by_officer = await node.prepare(
            world.viewer("north", "second"), FactDraft(kind="cancel-recall", ref=report.ref)
        )
        with pytest.raises(Untrusted, match="unknown-officer"):
            await node.commit(by_officer, world.asserted("north", "root", by_officer.id))
        with pytest.raises(Malformed, match="not-roots"):
            await node.prepare(viewer, FactDraft(kind="grant", ref=report.ref, member=MemberId("east"), root=True))

        assert not world.holds("north", report.ref)


async def test_what_an_officer_was_asked_to_sign_long_ago_is_not_taken(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=86_400) as world:
        report = await world.send("north", [], CANARY)
        asked = await world.nodes["north"].prepare(
            world.viewer("north"), FactDraft(kind="grant", ref=report.ref, member=MemberId("east"))
        )

        world.later(3601)

        with pytest.raises(Untrusted, match="too long ago"):
            await world.nodes["north"].commit(asked, world.asserted("north", "duty", asked.id))


@pytest.mark.parametrize("days", [0, 400], ids=["of today", "dated ahead"])
async def test_an_officer_states_nothing_but_what_was_prepared_for_her(tmp_path: Path, days: int) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        report = await world.send("north", ["east"], CANARY, tlp="RED", persons=("north/duty", "east/duty"))
        node, draft = world.nodes["north"], FactDraft(kind="grant", ref=report.ref, member=MemberId("south"))
        asked = await node.prepare(world.viewer("north"), draft)
        with pytest.raises(Unavailable, match="unknown-item"):
            await node.prepare(world.viewer("north", "second"), draft)

        said = msgspec.json.decode(unb64(asked.statement), type=Statement)
        at = Micros(said.at + days * 86_400 * SECOND)
        data = encode(msgspec.structs.replace(said, officer=OfficerName("second"), at=at))
        own = Prepared(statement=b64(data), id=item_id(data))
        with pytest.raises(Untrusted, match="not-prepared"):
            await node.commit(own, world.asserted("north", "second", own.id))

        await node.commit(asked, world.asserted("north", "duty", asked.id))
        await world.until(lambda: world.stores["south"].reader.row(report.id))
