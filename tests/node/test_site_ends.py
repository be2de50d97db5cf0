"""A site that is looked after no more: closed it keeps its record; a recall takes that with it, until cancelled."""

from datetime import timedelta
from pathlib import Path

import pytest
from test_sites import (
    LEAVES,
    NEARS,
    alarms,
    all_of,
    flies,
    geojson,
    guarded,
    left,
    levels,
    passing,
    register,
    say,
    viewer,
)

from quartet.core.faults import Malformed, Unavailable
from quartet.node.desk.siteviews import CallDraft, Closing, Lifting, NoticeDraft, Seeing, SiteRecord
from quartet.node.views import moment
from sky import NORTH

pytestmark = pytest.mark.anyio

FAR = geojson("far").replace("47.5", "40.5")


async def test_a_site_that_is_closed_warns_no_more_and_keeps_its_record(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        await flies(made, [*NEARS, 47.49])
        ref = left(made)[0].ref

        await say(made, room.close(viewer(made), site.ref, Closing()))
        await flies(made, [47.491, 47.492])
        (record,) = await all_of(made)
        await say(made, room.seen(viewer(made), ref, Seeing()))
        await say(made, room.call(viewer(made), ref, CallDraft(called="the warden", outcome="REACHED")))

        assert (left(made), alarms(made)) == ((), [])
        assert [one.level for one in record.warnings] == ["PREDICTED", "INSIDE", "OVER"]
        assert record.warnings[-1].ended == "NOT_ACTIVE"
        assert len((await all_of(made))[0].calls) == 1
        (shown,) = (await room.view(viewer(made))).sites
        assert (shown.closed, shown.volumes[0].active) == (True, False)
        with pytest.raises(Malformed, match="site-closed"):
            room.close(viewer(made), site.ref, Closing())


async def test_of_a_closed_site_in_any_of_its_versions_nothing_more_is_said_until_it_is_registered_anew(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, first):
        room, by = made.nodes[NORTH].desk.sites, viewer(made)
        site = await register(made, corrects=first.ref)
        given = await say(made, room.exemption(by, site.ref, passing(made)))
        await say(made, room.close(by, site.ref, Closing()))
        notice = NoticeDraft(volume="dam", ends=moment(made.clock.now()) + timedelta(hours=2))

        for ref in (first.ref, site.ref):
            with pytest.raises(Malformed, match="site-closed"):
                room.notice(by, ref, notice)
            with pytest.raises(Malformed, match="site-closed"):
                room.exemption(by, ref, passing(made))
            with pytest.raises(Malformed, match="site-closed"):
                room.close(by, ref, Closing())
        await say(made, room.lift(by, site.ref, Lifting(of=given.ref)))

        again = await register(made, corrects=site.ref)
        await say(made, room.notice(by, again.ref, notice))
        await say(made, room.exemption(by, again.ref, passing(made)))
        (shown,) = (await room.view(by)).sites
        assert (shown.closed, len(shown.notices), len(shown.exemptions)) == (False, 1, 1)


async def test_a_closed_site_that_is_registered_anew_is_looked_after_again(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        await say(made, room.close(viewer(made), site.ref, Closing()))
        await flies(made, [*NEARS, 47.49])
        assert left(made) == ()

        await register(made, corrects=site.ref)
        await flies(made, [47.491])

        assert levels(made) == [["INSIDE"]]


@pytest.mark.parametrize("alone", [True, False])
async def test_a_recall_of_a_site_that_is_cancelled_leaves_one_warning_of_one_mover(
    tmp_path: Path, alone: bool
) -> None:
    async with guarded(tmp_path) as (made, site):
        if not alone:
            await register(made, geojson=FAR)
        await flies(made, [*NEARS, 47.49])
        (before,) = left(made)

        await made.world.fact("north", "recall", site.ref)
        await made.nodes[NORTH].desk.sitewatch.look(made.clock.now())
        assert left(made) == ()
        await made.world.fact("north", "cancel-recall", site.ref, officer="second")
        await flies(made, [47.492, 47.493])

        (after,) = left(made)
        assert (after.ref, after.call_due) == (before.ref, before.call_due)
        assert len(after.warnings) == len(before.warnings)
        await flies(made, [47.60 + 0.007 * n for n in range(20)])
        assert left(made) == ()


async def test_who_recalls_a_site_is_told_by_its_node_how_much_of_its_record_goes_and_nothing_of_others(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        other = await register(made, name="The other", geojson=FAR)
        await flies(made, [*NEARS, 47.49])
        await say(made, room.call(viewer(made), left(made)[0].ref, CallDraft(called="she", outcome="REACHED")))
        assert await room.record(viewer(made), site.ref) == SiteRecord(warnings=1, open=1, calls=1)

        await flies(made, LEAVES)
        await flies(made, [*NEARS, 47.49], mover="4b1806")

        assert await room.record(viewer(made), site.id) == SiteRecord(warnings=2, open=1, calls=1)
        assert await room.record(viewer(made), other.ref) == SiteRecord(warnings=0, open=0, calls=0)
        for nobody in (left(made)[0].ref, "N-000-000"):
            with pytest.raises(Unavailable, match="unknown-item"):
                await room.record(viewer(made), nobody)
        await made.world.fact("north", "recall", site.ref)
        with pytest.raises(Unavailable, match="unknown-item"):
            await room.record(viewer(made), site.ref)


async def test_a_warning_that_began_under_one_version_and_rose_under_another_goes_in_part_with_either(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, first):
        room = made.nodes[NORTH].desk.sites
        await flies(made, NEARS)
        second = await register(made, corrects=first.ref)
        await flies(made, [47.45, 47.47, 47.49])
        (episode,) = await all_of(made)
        rose = episode.warnings[-1].ref
        await say(made, room.call(viewer(made), rose, CallDraft(called="she", outcome="REACHED")))

        assert [one.level for one in episode.warnings] == ["PREDICTED", "INSIDE"]
        assert await room.record(viewer(made), first.ref) == SiteRecord(warnings=1, open=1, calls=1)
        assert await room.record(viewer(made), second.ref) == SiteRecord(warnings=1, open=1, calls=0)
        await made.world.fact("north", "recall", second.ref)
        assert [(len(one.warnings), len(one.calls)) for one in await all_of(made)] == [(1, 1)]
