"""Warnings end to end between nodes: two officers, every desk, whoever has not, and what a recall leaves on view."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from warned import HAZARD, PROTECT, acknowledge, confirm, listed, propose, shown, warn, warning
from world import World, exchange, spelt

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import MemberId, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.manifest import sign_officer_manifest
from quartet.core.release import Viewer
from quartet.desk import KIND_OF
from quartet.desk.warning import Alert
from quartet.exercise.plan import Duty
from quartet.node import filing
from quartet.node.desk.warningrows import role_of
from quartet.node.desk.warningviews import AckDraft, Alarmed, DeskView, Seconds
from quartet.node.link import MAX_BYTES_ON_WAY
from quartet.node.office import officer, open_offline, read_officer_manifest, with_officer, with_roles

pytestmark = pytest.mark.anyio
EAST = MemberId("east")


async def test_a_warning_leaves_only_when_a_second_officer_has_confirmed_its_exact_bytes(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        waiting = await propose(world, warning(world))
        await world.ticks("north", 3)
        assert (await listed(world, "east")).items == ()
        (proposed,) = (await listed(world, "north", officer="second")).waiting
        await world.until(lambda: "warning-proposed" in world.alarms("north"))
        with pytest.raises(Untrusted, match="same-officer"):
            await confirm(world, waiting.ref, officer="duty")

        await confirm(world, waiting.ref)

        await world.until(lambda: world.holds("east", proposed.row.ref))
        await world.until(lambda: world.holds("south", proposed.row.ref))
        view = await shown(world, "east", proposed.row.ref)
        assert (view.row.id, view.row.checked_by, view.row.officer) == (proposed.row.id, "second", "duty")
        assert (await listed(world, "north")).waiting == ()
        await world.until(lambda: "warning-proposed" not in world.alarms("north"))


async def test_of_a_draft_that_has_not_left_nobody_is_said_to_be_unreached(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await propose(world, warning(world))

        world.later(6)

        (proposed,) = (await listed(world, "north", officer="second")).waiting
        assert (proposed.row.stage, proposed.row.missing, proposed.row.unreached) == ("DRAFT", (), ())
        assert len(proposed.row.desks) == 3


async def test_every_desk_acknowledges_for_itself_and_all_see_who_has_not(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world)
        await world.until(lambda: world.holds("east", ref))
        assert [row.waits for row in (await listed(world, "east", "mine")).items] == [("", "dam-3")]
        await world.until(lambda: "warning-waits" in world.alarms("east"))

        first = await acknowledge(world, "east", ref, "dam-3")
        with pytest.raises(Malformed, match="not-addressed"):
            await acknowledge(world, "east", ref, "dam-4")

        await world.until(lambda: world.holds("north", first.ref))
        view = await shown(world, "north", ref)
        assert [(one.desk, one.officer) for one in view.acks] == [(DeskView(EAST, "dam-3"), "duty")]
        assert set(view.row.missing) == {DeskView(EAST), DeskView(MemberId("south"))}


async def test_a_drills_warning_that_nobody_at_a_desk_may_see_is_told_its_watch_without_a_word_of_it(
    tmp_path: Path,
) -> None:
    untrained = tuple(Duty(OfficerName(name), roles=("watch",)) for name in ("duty", "second"))
    async with exchange(tmp_path, "north", "east", officers=untrained) as world:
        node, folder = world.nodes["east"], world.member("east")
        told = warning(world, desks=("east",), caveats=("EXERCISE",), override=True, why="it rises")
        ref = (await propose(world, told)).ref
        await world.until(lambda: "warning-unseen" in world.alarms("east"))

        (alarm,) = (one for one in node.status(world.viewer("east")).alarms if one.reason == "warning-unseen")
        assert "give an officer the role trained:EXERCISE (quartet officer roles)" in alarm.detail
        assert not any(word in spelt(node.status(world.viewer("east"))) for word in (ref, "Flood wave", "it rises"))
        assert "warning-waits" not in world.alarms("east")
        assert "warning-unseen" not in world.alarms("north")

        manifest, _ = read_officer_manifest(folder, EAST, world.charter())
        roles = ("watch", "trained:EXERCISE")
        trained = with_roles(manifest, OfficerName("duty"), roles)
        await node.take_officers(sign_officer_manifest(trained, open_offline(folder).root))

        await world.until(lambda: "warning-unseen" not in world.alarms("east"))
        await world.until(lambda: "warning-waits" in world.alarms("east"))


async def test_an_acknowledgement_that_was_taken_back_leaves_its_desk_waiting(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await warn(world, desks=("east",))
        await world.until(lambda: "warning-waits" in world.alarms("east"))
        acked = await acknowledge(world, "east", ref)
        await world.until(lambda: "warning-waits" not in world.alarms("east"))

        await world.recall("east", acked.ref)

        await world.until(lambda: "warning-waits" in world.alarms("east"))


async def test_who_has_a_desks_role_acknowledges_for_it_and_the_watch_for_one_that_nobody_has(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world, desks=("east", "east/dam-3", "east/dam-5", "south"))
        await world.until(lambda: world.holds("east", ref))
        folder, node = world.member("east"), world.nodes["east"]
        manifest, _ = read_officer_manifest(folder, EAST, world.charter())
        keeper = officer(OfficerName("keeper"), (role_of("dam-3"),), SecretKey(os.urandom(32)).public)
        await node.take_officers(sign_officer_manifest(with_officer(manifest, keeper), open_offline(folder).root))
        hers = Viewer(member=EAST, name=keeper.name, roles=keeper.roles)

        with pytest.raises(Untrusted, match="not-of-desk"):
            await acknowledge(world, "east", ref, "dam-3")
        for desk in ("", "dam-5"):
            with pytest.raises(Untrusted, match="not-of-desk"):
                node.desk.warnings.acknowledge(hers, ref, AckDraft(desk=desk))

        (row,) = (await node.desk.warnings.list(hers, "mine")).items
        (theirs,) = (await listed(world, "east", "mine")).items
        roles = [("", "watch"), ("dam-3", "desk:dam-3"), ("dam-5", "watch")]
        assert [(one.desk, one.role) for one in row.asked] == [(one.desk, one.role) for one in theirs.asked] == roles
        assert [one.may for one in row.asked] == [False, True, False]
        assert [one.may for one in theirs.asked] == [True, False, True]
        assert node.desk.warnings.acknowledge(hers, ref, AckDraft(desk="dam-3")).kind == "alert-ack"
        await acknowledge(world, "east", ref, "dam-5")
        await acknowledge(world, "east", ref)


async def test_a_recall_shows_a_warning_in_force_as_withdrawn_with_its_area_and_hazard(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world)
        await world.until(lambda: world.holds("east", ref))

        await world.recall("north", ref)
        await world.until(lambda: not world.holds("east", ref))
        await world.ticks("east", 8)

        (row,) = (await listed(world, "east")).items
        assert (row.stage, row.withdrawn_by, row.areas[0].name) == ("WITHDRAWN", ("north",), "Lower valley")
        assert row.info[0].hazard == HAZARD
        assert PROTECT not in spelt((await listed(world, "east"), await shown(world, "east", ref)))
        (own,) = (await listed(world, "north")).items
        assert (own.desks, own.missing, own.unreached, own.release, own.why) == ((), (), (), None, "")
        world.later(3 * 3600)
        assert (await listed(world, "east")).items == ()


async def _wests(folder: Path, *, hidden: bool) -> tuple[int, int, str]:
    """Return what west holds, counts and is shown; in one world north and east have warnings between them."""
    async with exchange(folder, "north", "east", "west") as world:
        if hidden:
            ref = await warn(world, desks=("east", "east/dam-3"))
            await world.until(lambda: world.holds("east", ref))
            await acknowledge(world, "east", ref)
            later = await warn(world, desks=("east",), word="UPDATE", previous=ref)
            await world.until(lambda: world.holds("east", later))
            await world.recall("north", later)
            await world.until(lambda: not world.holds("east", later))
        common = await world.send("north", ["east", "west"], "for both")
        await world.until(lambda: world.holds("west", common.ref))
        await world.ticks("west", 3)
        rows, raw = world.rows("west"), world.raw("west")
        assert [row.title for row in rows] == ["A report"]
        assert not any(word.startswith("warning") for word in world.alarms("west"))
        assert not any(word.encode() in raw for word in (HAZARD, PROTECT, "dam-3", "Lower valley"))
        told = await listed(world, "west", "all")
        return len(rows), world.stores["west"].reader.last_admission(), spelt(told)


async def test_who_is_not_addressed_infers_nothing_of_a_warning(tmp_path: Path) -> None:
    for name in ("with", "without"):
        (tmp_path / name).mkdir()

    assert await _wests(tmp_path / "with", hidden=True) == await _wests(tmp_path / "without", hidden=False)


async def test_what_is_released_at_once_is_alarmed_until_another_officer_has_reviewed_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        sent = await propose(world, warning(world, desks=("east",), override=True, why="it rises now"))
        await world.until(lambda: world.holds("east", sent.ref))
        await world.until(lambda: "warning-unreviewed" in world.alarms("north"))
        with pytest.raises(Untrusted, match="same-officer"):
            await confirm(world, sent.ref, officer="duty")
        assert (await shown(world, "east", sent.ref)).row.release == "OVERRIDE"

        review = await confirm(world, sent.ref, word="WRONG", text="the dam holds")

        await world.until(lambda: "warning-unreviewed" not in world.alarms("north"))
        await world.until(lambda: world.holds("east", review.ref))
        view = await shown(world, "east", sent.ref)
        assert (view.row.check, view.check_text) == ("WRONG", "the dam holds")
        await world.until(lambda: "warning-wrong" in world.alarms("north"))
        assert "warning-wrong" not in world.alarms("east")

        await warn(world, desks=("east",), word="CANCEL", previous=sent.ref)

        await world.until(lambda: "warning-wrong" not in world.alarms("north"))


async def test_who_may_be_the_second_officer_is_told_and_what_she_must_be_trained_for(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await propose(world, warning(world, desks=("east",)))
        await propose(world, warning(world, desks=("east",), caveats=("EXERCISE",)))
        sent = await propose(world, warning(world, desks=("east",), override=True, why="now", caveats=("EXERCISE",)))
        alone = warning(world, desks=("east",), tlp="RED", persons=("north/duty", "east/duty"))
        await propose(world, alone)
        node, duty = world.nodes["north"], trained_officer(world)

        told = {(one.tlp, one.row.exercise): one.second for one in (await node.desk.warnings.list(duty, "now")).waiting}
        released = await node.desk.warnings.view(duty, sent.ref)

        assert told == {
            ("AMBER", False): Seconds(officers("chair", "second")),
            ("AMBER", True): Seconds(officers("second"), ("EXERCISE",)),
            ("RED", False): Seconds(()),
        }
        assert released.second == Seconds(officers("second"), ("EXERCISE",))
        await confirm(world, sent.ref, trained=("EXERCISE",))
        assert (await node.desk.warnings.view(duty, sent.ref)).second is None
        await world.until(lambda: world.nodes["east"].holdings.store.reader.by_ref(sent.ref))
        assert (await world.nodes["east"].desk.warnings.view(trained_officer(world, "east"), sent.ref)).second is None


async def test_to_whom_a_warning_goes_are_those_who_are_told_and_never_its_author(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        named = await warn(world, desks=("east", "south"))
        home = await warn(world, desks=("north",))
        world_wide = await warn(world, desks=("east",), tlp="CLEAR", public=True)
        await world.until(lambda: world.holds("east", named) and world.holds("south", world_wide))

        to = {ref: (await shown(world, "north", ref)).to for ref in (named, home, world_wide)}

        assert to == {named: ("east", "south"), home: (), world_wide: ("east", "south")}
        assert (await shown(world, "east", named)).to == ("east", "south")


def officers(*names: str) -> tuple[OfficerName, ...]:
    return tuple(map(OfficerName, names))


def trained_officer(world: World, member: str = "north") -> Viewer:
    return structs.replace(world.viewer(member), trained=frozenset({"EXERCISE"}))


async def test_a_desk_that_is_cut_off_is_listed_as_not_reached(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        await world.stop("east")
        ref = await warn(world)
        await world.until(lambda: "south" in world.receipts("north", ref).delivered)

        world.later(6)
        row = (await shown(world, "north", ref)).row
        assert {desk.member for desk in row.unreached} == {"east"}
        await world.until(lambda: "warning-not-reached" in world.alarms("north"))
        assert (await shown(world, "south", ref)).row.unreached == ()

        world.start("east")
        await world.until(lambda: world.holds("east", ref))
        await world.until(lambda: "warning-not-reached" not in world.alarms("north"))


async def test_a_desk_whose_release_does_not_understand_a_warning_is_listed_as_not_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        monkeypatch.delitem(filing.READABLE, KIND_OF[Alert])  # as in a release before warnings
        ref = await warn(world)
        await world.until(lambda: {"east", "south"} <= set(world.receipts("north", ref).delivered))
        world.later(6)

        row = (await shown(world, "north", ref)).row
        assert {desk.member for desk in row.unreached} == {"east", "south"}
        await world.until(lambda: "warning-not-reached" in world.alarms("north"))

        monkeypatch.undo()
        for member in ("east", "south"):
            await world.stop(member)
            world.start(member)
        await world.until(lambda: "warning-not-reached" not in world.alarms("north"))


async def test_a_warning_that_is_written_last_comes_before_a_backlog_that_fills_the_way_several_times(
    tmp_path: Path,
) -> None:
    """At most what is on the way already comes before it; all the rest is still due at its sender then."""
    text, count = "x" * 125_000, 36
    on_way = MAX_BYTES_ON_WAY // len(text)
    assert count > 2 * on_way
    async with exchange(tmp_path, "north", "east") as world:
        await world.stop("east")
        backlog = [(await world.send("north", ["east"], f"{n} {text}")).ref for n in range(count)]
        ref = await warn(world, desks=("east",))

        world.start("east")
        await world.until(lambda: world.holds("east", ref))

        came = [row.ref for row in world.stores["east"].reader.items(0, 1_000)]
        before = set(came[: came.index(ref)]) & set(backlog)
        assert len(before) <= on_way
        await world.until(lambda: world.holds("east", backlog[-1]))


async def test_what_ends_a_warning_reaches_all_who_had_it_and_is_said_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await warn(world)
        with pytest.raises(Malformed, match="who had it must learn of its end"):
            await warn(world, word="CANCEL", previous=ref, tlp="RED", persons=("north/duty", "north/second"))
        await world.until(lambda: world.holds("east", ref))
        with pytest.raises(Malformed, match="not a warning of this member"):
            await warn(world, "east", word="CANCEL", previous=ref)

        ended = await warn(world, desks=("east",), word="CANCEL", previous=ref)

        await world.until(lambda: world.holds("south", ended))
        stages = {row.ref: row.stage for row in (await listed(world, "south", "all")).items}
        assert stages == {ref: "CANCELLED", ended: "IN_FORCE"}
        with pytest.raises(Malformed, match=f"has been followed already, by {ended}: name that one"):
            await warn(world, word="UPDATE", previous=ref)


async def test_what_waits_outlives_a_restart_lapses_in_an_hour_and_may_be_taken_back(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        kept = await propose(world, warning(world, desks=("east",)))
        gone = await propose(world, warning(world, desks=("east",)))
        late = await propose(world, warning(world, desks=("east",)))
        await world.stop("north")
        world.start("north")
        await world.recall("north", gone.ref)
        waiting = (await listed(world, "north")).waiting
        assert {one.ref for one in waiting} == {kept.ref, late.ref}

        await confirm(world, kept.ref)
        world.later(3601)

        assert (await listed(world, "north")).waiting == ()
        assert not world.holds("east", late.ref)


async def test_no_officer_says_what_a_node_alone_says(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        for kind in ("early-warning", "alert-draft"):
            with pytest.raises(Malformed, match="a node alone says"):
                await world.send("north", ["east"], "x", kind=kind, form={})
        with pytest.raises(Untrusted, match="assertion-missing"):
            await world.send("north", ["east"], "", title="", kind="alert", form=_form(world))


def _form(world: Any) -> Any:
    return world.nodes["north"].desk.warnings.draft(world.viewer("north"), warning(world)).form


async def test_a_stream_alarms_a_desk_tells_her_of_changes_and_nothing_to_who_may_not_know(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["east"]
        told: list[Alarmed] = []
        untold: list[Alarmed] = []

        async def hear(officer: str, into: list[Alarmed]) -> None:
            async for one in node.desk.alarms.hear(world.viewer("east", officer)):
                into.append(one)

        hearing = [asyncio.create_task(hear("duty", told)), asyncio.create_task(hear("second", untold))]
        people = ("north/duty", "north/second", "east/duty")
        ref = await warn(world, desks=("east",), tlp="RED", persons=people)
        await world.until(lambda: world.holds("east", ref) and any(one.changed for one in told))
        await world.ticks("east", 3)  # the second officer's word came
        told.clear()
        await world.recall("north", ref)
        await world.until(lambda: any(one.changed for one in told))
        for task in hearing:
            task.cancel()

        assert untold == []


async def test_the_stream_says_no_word_of_a_red_one_and_who_lists_it_signs_that_she_saw_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["east"]
        told: list[Alarmed] = []

        async def hear() -> None:
            async for one in node.desk.alarms.hear(world.viewer("east")):
                told.append(one)

        hearing = asyncio.create_task(hear())
        await asyncio.sleep(0)
        people = ("north/duty", "north/second", "east/duty", "east/second")
        ref = await warn(world, desks=("east",), tlp="RED", persons=people)
        amber = await warn(world, desks=("east",))
        await world.until(lambda: any(one.row is not None for one in told))
        await world.until(lambda: world.holds("east", ref) and any(one.changed for one in told))
        hearing.cancel()

        assert {one.row.ref for one in told if one.row is not None} == {amber}
        assert world.receipts("north", ref).viewed == {}
        assert ref in [row.ref for row in (await listed(world, "east")).items]
        await world.until(lambda: set(world.receipts("north", ref).viewed) == {"east/duty"})


async def test_whoever_reads_the_words_of_an_acknowledgement_that_is_red_signs_for_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        people = ("north/duty", "north/second", "east/duty")
        ref = await warn(world, desks=("east",), tlp="RED", persons=people)
        await world.until(lambda: world.holds("east", ref))
        ack = await acknowledge(world, "east", ref)
        await world.until(lambda: world.holds("north", ack.ref))

        await listed(world, "north")
        assert world.receipts("east", ack.ref).viewed == {}
        assert (await shown(world, "north", ref)).acks[0].ref == ack.ref

        await world.until(lambda: set(world.receipts("east", ack.ref).viewed) == {"north/duty"})


async def test_the_hazard_of_a_red_one_that_was_taken_back_is_read_with_a_signature_too(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        ref = await warn(world, desks=("east",), tlp="RED", persons=("north/duty", "north/second", "east/duty"))
        await world.until(lambda: world.holds("east", ref))
        await world.recall("north", ref)
        await world.until(lambda: not world.holds("east", ref))

        (row,) = (await listed(world, "east")).items

        assert (row.stage, row.info[0].hazard) == ("WITHDRAWN", HAZARD)
        await world.until(lambda: set(world.receipts("north", ref).viewed) == {"east/duty"})


async def _waits(folder: Path, *, others: int) -> list[str]:
    """Return what waits for an officer who may not know of what others write to one another meanwhile."""
    async with exchange(folder, "north", "east", start=False) as world:
        await propose(world, warning(world, desks=("east",)))
        for _ in range(others):
            await propose(world, warning(world, desks=("east",), tlp="RED", persons=("north/duty",)))
        found = (await listed(world, "north", officer="second")).waiting
        assert all(one.mine for one in found)
        await confirm(world, found[0].ref)
        return [one.row.info[0].hazard for one in found]


async def test_how_much_others_propose_in_secret_changes_nothing_of_what_waits_for_her(tmp_path: Path) -> None:
    for name in ("many", "none"):
        (tmp_path / name).mkdir()

    assert await _waits(tmp_path / "many", others=30) == await _waits(tmp_path / "none", others=0) == [HAZARD]
