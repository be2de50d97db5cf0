"""What a member can count on while nobody takes anything back: delivery, refusal, the log, files, frames."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from world import World, exchange

from quartet.core.attachment import file_id
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.proof.export import verify_proof
from quartet.node import filing
from quartet.node.factviews import FactDraft
from quartet.node.views import Attachment, FeedDraft, Published, Sighting

pytestmark = pytest.mark.anyio
PART = 256 * 1024


def attachment(data: bytes, name: str = "photo.jpg") -> Attachment:
    return Attachment(id=file_id(data[n : n + PART] for n in range(0, len(data), PART)), name=name, size=len(data))


async def hand_over(world: World, member: str, data: bytes) -> Attachment:
    """Hand a file over part by part, as the command line does."""
    file = attachment(data)
    for n in range(0, len(data), PART):
        await world.nodes[member].put_part(world.viewer(member), file.id, n // PART, data[n : n + PART])
    return file


async def fetched(world: World, member: str, ref: str, file: Attachment) -> bytes | None:
    try:
        return b"".join([part async for part in world.nodes[member].copies.parts(world.viewer(member), ref, file.id)])
    except Unavailable:
        return None


# -- who gets it


async def test_an_item_reaches_the_named_members_and_no_other(tmp_path: Path) -> None:
    canary = "k7wq2mx9-canary"
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east", "south"], f"seen near {canary}", title=canary)
        await world.until(lambda: all(world.holds(m, report.ref) for m in ("north", "east", "south")))
        await world.until(lambda: world.on_record("north", report.ref))

        assert world.text("east", report.ref) == f"seen near {canary}"
        assert world.rows("west") == ()
        assert canary.encode() not in world.raw("west")
        assert report.id.encode() not in world.raw("west")
        assert world.hub.taps(canary.encode()) == 0


async def test_only_the_person_named_sees_what_is_red(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "for one", tlp="RED", persons=("east/second",))
        await world.until(lambda: world.holds("east", report.ref, "second"))

        assert not world.holds("east", report.ref, "duty")
        assert world.holds("north", report.ref, "duty"), "its author keeps seeing it"
        assert not world.holds("north", report.ref, "second")


async def test_why_tells_the_author_who_has_an_item_and_nobody_else(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: "east" in world.receipts("north", report.ref).delivered)
        north, viewer = world.nodes["north"], world.viewer("north")

        assert north.why(viewer, report.ref, "east").has
        assert north.why(viewer, report.ref, "west").reason == "not-named"
        with pytest.raises(Malformed, match="unknown-member"):
            north.why(viewer, report.ref, "atlantis")
        with pytest.raises(Unavailable, match="unknown-item"):
            world.nodes["east"].why(world.viewer("east"), report.ref, "west")
        with pytest.raises(Unavailable, match="unknown-item"):
            world.nodes["west"].show(world.viewer("west"), report.ref)


async def test_receipts_name_exactly_those_who_have_it(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east", "south"], "near Dam 3")
        await world.until(lambda: len(world.receipts("north", report.ref).delivered) == 2)

        receipts = world.receipts("north", report.ref)

        assert set(receipts.delivered) == {"east", "south"}
        assert (receipts.purged, receipts.owed) == ({}, ())
        with pytest.raises(Unavailable, match="unknown-item"):
            world.receipts("east", report.ref)


async def test_a_late_grant_delivers_an_item_and_neither_its_source_nor_its_sibling(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        source = await world.send("north", ["east"], "the source")
        derived = await world.send("north", ["east"], "what we make of it", contains=(source.ref,))
        sibling = await world.send("north", ["east"], "another made of it", contains=(source.ref,))
        await world.until(lambda: len(world.rows("east")) == 3)

        only = await world.send("north", ["east"], "for a third eye")
        await world.fact("north", "grant", only.ref, member=MemberId("west"))
        await world.until(lambda: world.holds("west", only.ref))
        await world.fact("north", "grant", derived.ref, member=MemberId("west"))
        await world.send("north", ["west"], "sent after one grant of two", title="half")
        await world.until(lambda: any(row.title == "half" for row in world.rows("west")))
        assert not world.holds("west", derived.ref), "each of its controls wants a grant"
        await world.fact("north", "grant", derived.ref, member=MemberId("west"))
        await world.until(lambda: world.holds("west", derived.ref))
        await world.send("north", ["west"], "sent after the grants", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("west")))

        assert world.text("west", only.ref) == "for a third eye"
        assert not world.holds("west", source.ref)
        assert not world.holds("west", sibling.ref)


# -- what is refused


@pytest.mark.parametrize(
    ("reason", "to", "text", "more"),
    [
        ("unknown-member", ["atlantis"], "text", {}),
        ("red-names-nobody", ["east"], "text", {"tlp": "RED"}),
        ("bad-person", ["east"], "text", {"tlp": "RED", "persons": ("east",)}),
        ("empty-text", ["east"], " \n", {}),
        ("text-too-long", ["east"], "x" * (128 * 1024 + 1), {}),
        ("flash-too-long", ["east"], "x" * 4097, {"precedence": "FLASH"}),
        ("unknown-caveat", ["east"], "text", {"caveats": ("SECRET",)}),
        ("unknown-item", ["east"], "text", {"contains": ("N-AAA-AAA",)}),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_its_reason_and_nothing_is_stored(
    tmp_path: Path, reason: str, to: list[str], text: str, more: dict[str, Any]
) -> None:
    async with exchange(tmp_path, start=False) as world:
        with pytest.raises(Fault, match=reason):
            await world.send("north", to, text, **more)

        assert world.rows("north") == ()


async def test_an_item_that_names_nobody_is_for_its_author_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        note = await world.send("north", [], "a note to ourselves")

        north = world.nodes["north"]
        assert world.holds("north", note.ref)
        assert not any(north.why(world.viewer("north"), note.ref, m).has for m in ("east", "south", "west"))
        assert {north.why(world.viewer("north"), note.ref, m).reason for m in ("east", "west")} == {"not-named"}


async def test_an_officers_seventh_flash_of_the_hour_goes_as_immediate_and_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        for n in range(7):
            await world.send("north", ["east"], f"urgent {n}", precedence="FLASH", title=f"urgent {n}")
        await world.send("north", ["east"], "urgent", precedence="FLASH", officer="second")

        found = [(row.precedence, row.title) for row in world.rows("north")]

        assert [p for p, _ in found] == ["FLASH"] * 6 + ["IMMEDIATE", "FLASH"]
        assert found[6][1] == "(claimed FLASH) urgent 6"


async def test_a_fact_counts_only_with_the_assertion_of_a_known_officer(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        north, viewer = world.nodes["north"], world.viewer("north")
        prepared = await north.prepare(viewer, FactDraft(kind="recall", ref=report.ref))

        with pytest.raises(Untrusted):
            await north.commit(prepared, world.asserted("east", "duty", prepared.id))
        assert not next(row for row in world.rows("north") if row.ref == report.ref).recalled


# -- away and back


async def test_a_member_that_was_cut_off_catches_up_and_flash_overtakes_routine(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        world.hub.cut(MemberId("east"))
        routine = [await world.send("north", ["east"], f"{n} " + "x" * 60_000, title=f"{n}") for n in range(40)]
        flash = await world.send("north", ["east"], "now", precedence="FLASH")
        away = await world.send("east", ["north"], "written while cut off")
        await world.until(lambda: world.link("east", "north") != "up")

        world.hub.mend(MemberId("east"))
        await world.until(lambda: len(world.rows("east")) == 42)
        await world.until(lambda: world.holds("north", away.ref))

        order = [row.ref for row in world.rows("east") if row.author == "north"]
        assert sorted(order) == sorted([flash.ref, *(r.ref for r in routine)])
        assert order.index(flash.ref) < 20
        await world.linked()


async def test_a_restarted_node_has_lost_nothing_and_its_log_goes_on_with_the_missed_ticks(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        before = await world.send("north", ["east"], "before")
        await world.until(lambda: "east" in world.receipts("north", before.ref).delivered)

        await world.stop("north")
        while_away = await world.send("east", ["north"], "while north was away")
        await world.until(lambda: world.link("east", "north") != "up")
        world.start("north")
        after = await world.send("north", ["east"], "after")
        await world.until(lambda: world.holds("north", while_away.ref) and world.holds("east", after.ref))
        await world.until(lambda: world.on_record("north", after.ref, 1))

        assert world.text("north", before.ref) == "before"
        assert "east" in world.receipts("north", before.ref).delivered
        numbers = [tick.number for tick in world.stores["north"].reader.every_tick()]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert [await world.problems(m) for m in ("north", "east")] == [[], []]


# -- the log


async def test_every_log_is_cosigned_by_every_other_member(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:

        def cosigners(member: str) -> set[int]:
            return {log.cosigners for log in world.nodes[member].status(world.viewer(member)).logs.values()}

        await world.until(lambda: all(cosigners(m) == {3} for m in world.nodes))

        assert not any(world.alarms(m) for m in world.nodes)


async def test_a_holder_can_prove_an_item_to_an_outsider_who_has_only_the_charter(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref) and world.proven("east", report.ref))

        proof = world.nodes["east"].copies.proof(world.viewer("east"), report.ref)
        shown = verify_proof(proof, world.charter_bytes())

        assert (shown.item, shown.author, shown.officer) == (report.id, "north", "duty")
        assert len(shown.cosigners) >= 2
        for at in range(10, len(proof), len(proof) // 25):
            with pytest.raises(Fault):
                verify_proof(proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :], world.charter_bytes())


async def test_what_is_for_display_is_shown_and_leaves_no_node_as_a_file(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        source = await world.send("north", ["east"], "near Dam 3", mode="DISPLAY")
        plain = await world.send("north", ["east"], "near Dam 4")
        await world.until(lambda: world.holds("east", source.ref))
        derived = await world.send("east", ["north"], "as north says", contains=(source.ref,))
        for ref in (source.ref, plain.ref, derived.ref):
            for member in ("north", "east"):
                await world.until(lambda m=member, r=ref: world.holds(m, r) and world.on_record(m, r, 1))  # type: ignore[misc]
        await world.until(lambda: all(world.proven(member, plain.ref) for member in ("north", "east")))

        for member in ("north", "east"):
            node, viewer = world.nodes[member], world.viewer(member)
            assert await node.copies.export(viewer, plain.ref)
            for ref in (source.ref, derived.ref):
                assert world.text(member, ref)
                with pytest.raises(Untrusted, match="display-only"):
                    await node.copies.export(viewer, ref)
                with pytest.raises(Untrusted, match="display-only"):
                    node.copies.proof(viewer, ref)


async def test_a_file_of_what_is_for_display_is_given_to_nobody_as_a_file(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        file = await hand_over(world, "north", b"a photo of Dam 3")
        report = await world.send("north", ["east"], "see the photo", mode="DISPLAY", attachments=(file,))
        await world.until(lambda: world.holds("east", report.ref))
        await world.until(lambda: world.stores["east"].reader.attachment(report.id, file.id) == (1, True))

        for member in ("north", "east"):
            assert world.text(member, report.ref)
            with pytest.raises(Untrusted, match="display-only"):
                await fetched(world, member, report.ref, file)


# -- what else is carried


async def test_a_file_of_many_parts_arrives_whole_at_the_named_member_alone(tmp_path: Path) -> None:
    data = os.urandom(700_000)
    async with exchange(tmp_path, "north", "east", "west") as world:
        file = await hand_over(world, "north", data)
        report = await world.send("north", ["east"], "with a photo", attachments=(file,))
        await world.until(lambda: world.holds("east", report.ref))
        await world.until(lambda: world.stores["east"].reader.attachment(report.id, file.id) == (3, True))

        assert await fetched(world, "east", report.ref, file) == data
        assert await fetched(world, "north", report.ref, file) == data
        assert await fetched(world, "west", report.ref, file) is None
        assert file.id.encode() not in world.raw("west")


async def test_an_item_whose_file_was_not_handed_over_whole_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path, start=False) as world:
        with pytest.raises(Malformed, match="attachment-missing"):
            await world.send("north", ["east"], "with a photo", attachments=(attachment(b"never sent"),))

        assert world.rows("north") == ()


async def test_an_item_of_a_kind_that_this_release_does_not_know_is_kept_and_receipted_as_held(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        riddle = await world.send("north", ["east"], "what walks on three legs", kind="riddle")
        await world.until(lambda: "east" in world.receipts("north", riddle.ref).delivered)

        states = {member: state for member, state, *_ in world.stores["north"].reader.receipts(riddle.id)}
        assert states == {"east": "HELD"}
        assert await world.problems("east") == []


async def test_what_was_held_is_read_after_an_upgrade_and_its_author_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        riddle = await world.send("north", ["east"], "what walks on three legs", kind="riddle")
        other = await world.send("north", ["east"], "nobody reads this one", kind="rebus")
        await world.until(lambda: all("east" in world.receipts("north", one.ref).delivered for one in (riddle, other)))

        await world.stop("north")
        await world.stop("east")
        monkeypatch.setitem(filing.READABLE, "riddle", 1)  # what the new release knows besides
        world.start("east")
        world.start("north")

        def answers(item: Published) -> dict[str, str]:
            return {member: state for member, state, *_ in world.stores["north"].reader.receipts(item.id)}

        await world.until(lambda: answers(riddle) == {"east": "VERIFIED"})
        assert answers(other) == {"east": "HELD"}
        assert [row.id for row in world.stores["east"].reader.held()] == [other.id]
        await world.until(lambda: world.on_record("north", riddle.ref, 1))
        assert [await world.problems(m) for m in ("north", "east")] == [[], []]


async def test_what_a_sensor_sees_is_in_the_picture_of_the_named_member_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        north, viewer = world.nodes["north"], world.viewer("north")
        feed = await north.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(MemberId("east"),), title="Mast 4"))
        await world.until(lambda: world.holds("east", feed.ref))

        def seen(member: str) -> set[str]:
            return {track.id for track in world.nodes[member].picture(world.viewer(member))}

        for n in range(10):
            now = datetime.now(UTC)
            plot = Sighting(id="3c6589", lat=52.0 + n / 1000, lon=13.0, at=now, alt_m=900.0, speed_mps=80.0)
            await north.feeds.sight(viewer, feed.ref, (plot,))
            await world.until(lambda end=now: (datetime.now(UTC) - end).total_seconds() > 0.2)  # type: ignore[misc]
        await world.until(lambda: seen("east"))

        assert seen("east") == seen("north") != set()
        assert seen("west") == seen("south") == set()
        assert not [p for p in world.hub.tapped if p.kind == "t" and p.to != "east"]
        with pytest.raises(Fault):
            await world.nodes["east"].feeds.sight(world.viewer("east"), feed.ref, ())


async def test_what_the_world_may_have_reaches_every_member_without_being_named(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", [], "open to all", tlp="CLEAR", onward="TLP_RULE")

        await world.until(lambda: world.holds("east", report.ref))


async def test_who_listens_hears_of_each_receipt_once_it_is_stored(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        north, heard = world.nodes["north"], list[str]()

        def told(member: MemberId, items: Sequence[ItemId]) -> None:
            heard.extend(f"{member} {item}" for item in items if world.stores["north"].reader.receipts(item))

        north.holdings.on_receipts.append(told)
        report = await world.send("north", ["east"], "near Dam 3")

        await world.until(lambda: heard)
        assert heard == [f"east {report.id}"]


async def test_a_checkpoint_that_stands_in_many_parcels_is_followed_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        north, witness, store = MemberId("north"), world.nodes["east"].witness, world.stores["east"]
        await world.until(lambda: store.reader.cosigned(witness.origin(north), "east", 1))
        await world.stop("north")
        newest = store.reader.checkpoint(witness.origin(north))
        assert newest is not None
        await witness.heard(north, newest[1], None, Micros(1))
        write, jobs = store.write, list[Any]()

        async def noted(job: Any, *, urgent: bool = False) -> Any:
            jobs.append(job)
            return await write(job, urgent=urgent)

        store.write = noted  # type: ignore[method-assign]
        await witness.heard(north, newest[1], None, Micros(1))

        assert not jobs
