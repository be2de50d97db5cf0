"""A mover nears a site: whoever may see both is warned, acknowledges and calls; and nobody else learns of either."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from msgspec import convert, structs
from world import exchange

from quartet.core.facts import Narrow
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.desk.site import Exemption
from quartet.node.desk import sitebook, sitelog
from quartet.node.desk.siteviews import (
    CallDraft,
    EpisodeView,
    ExemptionDraft,
    Lifting,
    NoticeDraft,
    Seeing,
    SiteDraft,
)
from quartet.node.desk.sitewatch import UNWARNED
from quartet.node.publishing import published
from quartet.node.views import Draft, Published, moment
from sky import EAST, NORTH, WEST, Sky, sky, spelt

pytestmark = pytest.mark.anyio

STRANGER = "4b1805"
DUTY = "north/duty"
NEARS = [47.30, 47.307, 47.314]
"""A mover's latitudes, four seconds apart: too near the site within two minutes by each of them."""
LEAVES = [47.60, 47.607, 47.614]
"""Beyond the site, and on its way on to the north."""


def geojson(name: str = "dam", radius_m: int = 2_000, **more: Any) -> str:
    point = {"type": "Point", "coordinates": [8.0, 47.5]}
    about = {"name": name, "radius_m": radius_m, **more}
    return json.dumps({"type": "Feature", "geometry": point, "properties": about})


def a_site(**more: Any) -> SiteDraft:
    fields: dict[str, Any] = {
        "tlp": "AMBER+STRICT",
        "name": "Heron sanctuary",
        "sort": "SANCTUARY",
        "custodian": "the warden",
        "phones": ("04 56",),
        "geojson": geojson(),
    }
    return SiteDraft(**{**fields, **more})


@asynccontextmanager
async def at_north(folder: Path) -> AsyncIterator[Sky]:
    """North, east and west; north's mast sees what flies, and all three may have that."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST, WEST)
        yield made


def viewer(made: Sky, officer: str = "duty") -> Viewer:
    return made.world.viewer("north", officer)


async def say(made: Sky, draft: Draft) -> Published:
    return await made.nodes[NORTH].publish(draft, viewer(made))


async def register(made: Sky, **more: Any) -> Published:
    return await say(made, made.nodes[NORTH].desk.sites.register(a_site(**more)))


async def flies(made: Sky, lats: Sequence[float], sensor: str = "mast", mover: str = STRANGER) -> None:
    """Let a mover be seen going north at each latitude, four seconds apart."""
    for lat in lats:
        await made.sees(sensor, mover, lat=lat)
        await later(made)


async def later(made: Sky, seconds: int = 4) -> None:
    """Let time pass at all nodes, and look at the sites."""
    made.clock.at += (seconds - 1) * SECOND
    await made.tick()
    for node in made.nodes.values():
        await node.desk.sitewatch.look(made.clock.now())


def left(made: Sky, officer: str = "duty") -> tuple[EpisodeView, ...]:
    return made.nodes[NORTH].desk.sites.log.left(viewer(made, officer))


def levels(made: Sky, officer: str = "duty") -> list[list[str]]:
    return [[one.level for one in episode.warnings] for episode in left(made, officer)]


async def all_of(made: Sky, officer: str = "duty") -> tuple[EpisodeView, ...]:
    """Return every warning that an officer may see, those that are over too, the newest first."""
    return (await made.nodes[NORTH].desk.sites.log.page(viewer(made, officer), "", 10)).items


def alarms(made: Sky, officer: str = "duty") -> list[str]:
    status = made.nodes[NORTH].status(Viewer(member=NORTH, name=OfficerName(officer)))
    return [alarm.reason for alarm in status.alarms]


# -- warned


async def test_what_nears_a_site_is_advised_predicted_and_inside_each_once_and_over_when_it_has_gone(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        await register(made)

        await flies(made, [47.0 + 0.0072 * n for n in range(66)])
        assert levels(made) == [["ADVISORY", "PREDICTED", "INSIDE"]]
        assert alarms(made) == ["site-warning"]
        await flies(made, LEAVES)
        (episode,) = await all_of(made)

        assert [one.level for one in episode.warnings] == ["ADVISORY", "PREDICTED", "INSIDE", "OVER"]
        assert episode.warnings[-1].ended == "CLEAR"
        assert (episode.mover, episode.name, episode.highest) == (STRANGER, "Heron sanctuary", "INSIDE")
        assert episode.warnings[1].within_s is not None
        assert 100 <= episode.warnings[1].within_s <= 124


async def test_one_plot_alone_warns_of_nothing_but_of_what_is_inside(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)

        await flies(made, NEARS[:1])
        assert levels(made) == []
        await flies(made, [47.49])

        assert levels(made) == [["INSIDE"]]


async def test_a_mover_that_is_seen_no_more_is_lost_and_the_watch_is_told(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)

        for _ in range(7):
            await later(made, 50)
        (episode,) = await all_of(made)

        assert [(one.level, one.ended) for one in episode.warnings][-1] == ("OVER", "LOST")


async def test_a_node_that_starts_again_goes_on_with_a_warning_and_says_it_no_second_time(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        watch, log = made.nodes[NORTH].desk.sitewatch, made.nodes[NORTH].desk.sites.log

        watch._told, watch._states, log._left = None, {}, None
        await flies(made, [47.321, 47.328, 47.335])
        assert levels(made) == [["PREDICTED"]]
        await flies(made, [47.49])

        assert levels(made) == [["PREDICTED", "INSIDE"]]


# -- answered


async def test_who_acknowledges_and_whom_she_called_stand_with_the_warning_and_in_the_handover(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        room, watch = made.nodes[NORTH].desk.sites, made.nodes[NORTH].desk.watch
        (episode,) = left(made)
        assert episode.waits
        assert episode.call_due == episode.warnings[0].at + timedelta(seconds=60)
        before = (await watch.before(viewer(made))).matters
        assert [(one.sort, one.why) for one in before] == [("site-warning", "acknowledge; call")]
        open_ = (await watch.note(viewer(made), None)).text
        due = f"{episode.call_due:%Y-%m-%d %H:%MZ}"
        assert f"site-warning {episode.ref} of north: acknowledge; call the site by {due}" in open_.splitlines()

        await say(made, room.seen(viewer(made), episode.ref, Seeing()))
        assert alarms(made) == []
        assert [m.why for m in (await watch.before(viewer(made))).matters] == ["call"]
        seen = (await watch.note(viewer(made), None)).text
        assert f"site-warning {episode.ref} of north: call the site by {due}" in seen.splitlines()
        call = CallDraft(called="the warden", outcome="REACHED", text="He closes the hide.")
        noted = await say(made, room.call(viewer(made), episode.ref, call))
        (after,) = left(made, "second")
        note = (await watch.note(viewer(made, "second"), None)).text

        assert after.acknowledged is not None
        assert after.acknowledged.officer == "duty"
        assert [(one.called, one.outcome, one.text) for one in after.calls] == [
            ("the warden", "REACHED", "He closes the hide.")
        ]
        assert after.call_due is None
        assert f"site-warning {episode.ref}: acknowledged by duty" in note
        assert f"({noted.ref} by duty)" in note
        assert "He closes" not in note


async def test_a_note_has_what_nears_sites_first_and_of_that_the_most_pressing(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        room, watch = made.nodes[NORTH].desk.sites, made.nodes[NORTH].desk.watch
        now = made.clock.now()
        form = {"threatened": "the ferry", "danger": "mines adrift", "since": now, "until": now + 3600 * SECOND}
        form |= {"likelihood": 6, "confidence": "LOW", "review_at": now + 6 * SECOND}
        danger = await say(made, Draft(kind="threat", tlp="AMBER", title="Mines", text="Drifting south", form=form))
        await flies(made, [47.49], mover="aaaaaa")
        await flies(made, NEARS, mover="bbbbbb")
        refs = {one.mover: one.ref for one in left(made)}
        called = CallDraft(called="the warden", outcome="REACHED")
        for ref in refs.values():
            await say(made, room.seen(viewer(made), ref, Seeing()))
            await say(made, room.call(viewer(made), ref, called))
        await flies(made, [47.49], mover="cccccc")

        (newest,) = (one.ref for one in left(made) if one.mover == "cccccc")

        lines = (await watch.note(viewer(made), None)).text.splitlines()

        assert [line.partition(":")[0] for line in lines[:4]] == [
            f"site-warning {newest} of north",
            f"site-warning {refs['aaaaaa']} of north",
            f"site-warning {refs['bbbbbb']} of north",
            f"threat {danger.ref} of north",
        ]
        assert lines[3].endswith(f": review, by {moment(Micros(now + 6 * SECOND)):%Y-%m-%d %H:%MZ}")


async def test_a_rise_after_the_acknowledgement_alarms_again(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        room = made.nodes[NORTH].desk.sites
        await say(made, room.seen(viewer(made), left(made)[0].ref, Seeing()))

        await flies(made, [47.49])

        assert alarms(made) == ["site-warning"]
        assert left(made)[0].waits


async def test_who_acknowledged_before_a_rise_is_not_said_to_have_been_nobody(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        ref, desk = left(made)[0].ref, made.nodes[NORTH].desk
        await say(made, desk.sites.seen(viewer(made), ref, Seeing()))
        await flies(made, [47.49])
        await flies(made, LEAVES)

        (episode,) = await all_of(made)
        assert (episode.over, episode.highest, episode.acknowledged) == (True, "INSIDE", None)
        assert [one.officer for one in episode.seen] == ["duty"]
        note = (await desk.watch.note(viewer(made), None)).text
        assert f"site-warning {ref}: over, nobody acknowledged it as inside, acknowledged before by duty " in note


async def test_a_call_that_nobody_answered_leaves_the_next_one_due_and_the_note_says_how_each_ended(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        room, ref = made.nodes[NORTH].desk.sites, left(made)[0].ref

        await say(made, room.call(viewer(made), ref, CallDraft(called="the warden", outcome="NO_ANSWER")))
        assert left(made)[0].call_due is not None
        watch = made.nodes[NORTH].desk.watch
        alone = (await watch.note(viewer(made), None)).text
        await say(made, room.call(viewer(made), ref, CallDraft(called="the ranger", outcome="REACHED")))
        (one,) = left(made)
        both = (await watch.note(viewer(made), None)).text
        ends = {"NO_ANSWER": "no answer", "REACHED": "reached"}
        calls = {
            made.outcome: f"called {made.at:%H:%MZ}, {ends[made.outcome]} ({made.ref} by duty)" for made in one.calls
        }
        told = ", ".join(calls.values())  # at one time by this clock, so that either may stand first
        assert calls.keys() == ends.keys()
        assert f"site-warning {ref}: open, {calls['NO_ANSWER']}, NOBODY REACHED" in alone.splitlines()
        assert f"site-warning {ref}: open, {told}" in both.splitlines()
        assert "the warden" not in alone

        assert left(made)[0].call_due is None


async def test_a_warning_that_is_over_asks_for_nothing_and_its_record_says_that_nobody_acknowledged(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        await register(made)
        await flies(made, NEARS)
        ref, desk = left(made)[0].ref, made.nodes[NORTH].desk
        assert alarms(made) == ["site-warning"]
        await flies(made, LEAVES)

        assert left(made) == ()
        assert alarms(made) == []
        assert (await desk.watch.before(viewer(made))).matters == ()
        (episode,) = await all_of(made)
        assert (episode.ref, episode.over, episode.highest) == (ref, True, "PREDICTED")
        assert (episode.waits, episode.acknowledged, episode.call_due) == (False, None, None)
        note = (await desk.watch.note(viewer(made), None)).text
        assert f"site-warning {ref}: over, nobody acknowledged it" in note
        await say(made, desk.sites.seen(viewer(made), ref, Seeing()))  # who comes late may still say so
        assert (await all_of(made))[0].acknowledged is not None


async def test_a_warning_made_of_an_exercises_feed_says_so_and_who_of_those_who_see_the_site_is_not_shown_it(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        await made.feed("drill", NORTH, EAST, caveats=("EXERCISE",))
        await register(made)
        await flies(made, [*NEARS, 47.49], sensor="drill")
        await flies(made, [47.49], mover="3c6444")
        node, desk = made.nodes[NORTH], made.nodes[NORTH].desk
        duty = structs.replace(viewer(made), trained=frozenset({"EXERCISE"}))
        real, drill = desk.sites.log.left(duty)
        told = [one.detail for one in node.status(duty).alarms]
        notes = [await desk.watch.note(duty, None)]
        await node.publish(desk.sites.seen(duty, drill.ref, Seeing()), duty)
        notes.append(await desk.watch.note(duty, None))

        assert [(one.exercise, one.unshown) for one in (real, drill)] == [(False, ()), (True, ("chair",))]
        assert told == [
            f"{real.ref}: inside, 3c6444 at Heron sanctuary",
            f"EXERCISE {drill.ref}: inside, EXERCISE/{STRANGER} at Heron sanctuary; not shown to chair",
        ]
        assert [one.exercise for one in (await desk.watch.before(duty)).matters] == [True, False]
        for note in notes:
            assert f"site-warning {real.ref} of north: acknowledge" in note.text
            assert "EXERCISE" not in note.text
            assert drill.ref not in note.text  # the chair reads the note too, and may not see this
        assert [note.left_out for note in notes] == [3, 5]
        assert [one.ref for one in left(made, "chair")] == [real.ref]
        assert "EXERCISE" not in spelt((left(made, "chair"), node.status(viewer(made, "chair"))))


# -- exemptions and times


async def test_an_exemption_lets_one_flight_pass_one_volume_until_it_is_lifted_and_it_is_still_shown(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        room = made.nodes[NORTH].desk.sites
        ends = moment(made.clock.now()) + timedelta(hours=2)
        allowed = ExemptionDraft(volume="dam", flight=STRANGER, reason="survey", person="the keeper", ends=ends)
        given = await say(made, room.exemption(viewer(made), site.ref, allowed))

        await flies(made, [*NEARS, 47.49])
        await flies(made, [47.494], mover="3c6444")
        shown = await room.view(viewer(made))
        assert [(one.mover, one.exempt) for one in shown.near] == [("3c6444", False), (STRANGER, True)]
        assert [one.mover for one in left(made)] == ["3c6444"]
        assert [(one.flight, one.person) for one in shown.sites[0].exemptions] == [(STRANGER, "the keeper")]
        await say(made, room.lift(viewer(made), site.ref, Lifting(of=given.ref)))
        await flies(made, [47.495])

        assert sorted(one.mover for one in left(made)) == ["3c6444", STRANGER]


async def test_who_is_exempt_and_then_elsewhere_at_once_is_exempt_no_more(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        room = made.nodes[NORTH].desk.sites
        ends = moment(made.clock.now()) + timedelta(hours=2)
        allowed = ExemptionDraft(volume="dam", flight=STRANGER, reason="survey", person="the keeper", ends=ends)
        await say(made, room.exemption(viewer(made), site.ref, allowed))

        await flies(made, [44.0, 44.007, 44.014])
        await flies(made, [*NEARS, 47.321])
        before = levels(made)
        await made.nodes[NORTH].identifying.look(made.clock.now())
        await flies(made, [47.328, 47.335, 47.342])

        assert before == []
        assert levels(made) == [["PREDICTED"]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"volume": "everywhere"}, "no-volume"), ({"ends": timedelta(days=60)}, "bad-form")],
)
async def test_no_exemption_is_of_all_volumes_or_for_ever(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        ends = moment(made.clock.now()) + change.pop("ends", timedelta(hours=1))
        fields = {"volume": "dam", "flight": STRANGER, "reason": "survey", "person": "the keeper", **change}

        allowed = ExemptionDraft(ends=ends, **fields)

        with pytest.raises(Malformed, match=reason):
            await say(made, made.nodes[NORTH].desk.sites.exemption(viewer(made), site.ref, allowed))


async def test_a_volume_on_notice_is_looked_after_from_the_notice_on_and_no_more_once_it_is_lifted(
    tmp_path: Path,
) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made, geojson=geojson(on_notice=True))
        room = made.nodes[NORTH].desk.sites
        await flies(made, [*NEARS, 47.49])
        assert levels(made) == []

        ends = moment(made.clock.now()) + timedelta(days=1)
        given = await say(made, room.notice(viewer(made), site.ref, NoticeDraft(volume="dam", ends=ends)))
        await flies(made, [47.491])
        assert levels(made) == [["INSIDE"]]
        await say(made, room.lift(viewer(made), site.ref, Lifting(of=given.ref)))
        await later(made, 1)
        (episode,) = await all_of(made)

        assert episode.warnings[-1].ended == "NOT_ACTIVE"


async def test_a_correction_takes_the_place_of_a_site_and_keeps_its_exemptions(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        room = made.nodes[NORTH].desk.sites
        ends = moment(made.clock.now()) + timedelta(hours=2)
        allowed = ExemptionDraft(volume="dam", flight="3c6444", reason="survey", person="the keeper", ends=ends)
        await say(made, room.exemption(viewer(made), site.ref, allowed))

        newer = await register(made, geojson=geojson(radius_m=3_000), corrects=site.ref)
        shown = await room.view(viewer(made))

        assert [one.ref for one in shown.sites] == [newer.ref]
        assert shown.sites[0].volumes[0].radius_m == 3_000
        assert [one.flight for one in shown.sites[0].exemptions] == ["3c6444"]


# -- for whom


@pytest.mark.parametrize("tlp", ["AMBER", "GREEN", "CLEAR"])
async def test_a_site_wider_than_amber_strict_is_refused(tmp_path: Path, tlp: Literal["AMBER", "GREEN"]) -> None:
    async with at_north(tmp_path) as made:
        with pytest.raises(Malformed, match="site-too-wide"):
            await register(made, tlp=tlp)


async def test_what_is_said_about_a_site_goes_to_no_other_member_whoever_was_told_of_the_site(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made, to=(EAST,))
        await flies(made, NEARS)
        warning = left(made)[0].ref
        form = {"warning": warning, "called": "the warden", "at": made.clock.now(), "outcome": "REACHED"}
        draft = Draft(kind="site-call", tlp="AMBER+STRICT", title="", text="", to=(EAST,), form=form)

        with pytest.raises(Malformed, match="site-too-wide"):
            await say(made, draft)
        node = made.nodes[NORTH]
        reasons = {ref: [node.why(viewer(made), ref, m).reason for m in (EAST, WEST)] for ref in (site.ref, warning)}

        assert reasons == {site.ref: ["due", "not-named"], warning: ["stays-home", "stays-home"]}


async def test_an_officer_who_may_not_read_the_site_sees_no_warning_no_alarm_and_no_count(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await register(made, tlp="RED", persons=(DUTY,))
        await flies(made, NEARS)
        (episode,) = left(made)
        watching = Viewer(member=NORTH, name=OfficerName("second"), roles=("watch",))
        node = made.nodes[NORTH]

        assert left(made, "second") == ()
        assert alarms(made, "second") == []
        assert [a.reason for a in node.status(watching).alarms] == []
        assert spelt((await node.desk.sites.view(watching)).sites) == "[]"
        assert spelt((await node.desk.sites.view(watching)).near) == "[]"
        assert (await node.desk.sites.log.page(watching, "", 10)).items == ()
        assert "site" not in (await node.desk.watch.note(watching, None)).text
        assert node.health.pulse().alarms == {}
        with pytest.raises(Unavailable, match="unknown-item"):
            node.desk.sites.seen(watching, episode.ref, Seeing())


async def red_sensor(made: Sky) -> None:
    """Give north a sensor whose feed only `duty` may see."""
    node = made.nodes[NORTH]
    draft = Draft(kind="feed", tlp="RED", title="hidden", text="modes", to=(), persons=(DUTY,))
    opened = await node.publish(draft, viewer(made))
    made._feeds["hidden"] = NORTH, opened.ref


async def test_a_warning_made_of_a_hidden_sensor_is_for_whoever_may_see_that_sensor(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await red_sensor(made)
        await register(made)

        await flies(made, [*NEARS, 47.49], sensor="hidden")

        assert levels(made) == [["PREDICTED", "INSIDE"]]
        assert left(made)[0].tlp == "RED"
        assert levels(made, "second") == []
        assert alarms(made, "second") == []


async def test_whoever_may_see_less_is_warned_by_what_she_may_see_just_as_without_the_rest(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await red_sensor(made)
        await register(made)

        for n in range(3):
            await made.sees("hidden", STRANGER, lat=47.2 + 0.007 * n, accuracy_m=5.0)
            await flies(made, [47.201 + 0.007 * n])
        (hers,), (his,) = left(made, "second"), left(made)

        assert [one.within_s for one in hers.warnings] == [one.within_s for one in his.warnings]
        assert hers.tlp == his.tlp == "AMBER+STRICT"
        await flies(made, [47.47, 47.477, 47.484], sensor="hidden")
        assert levels(made) == [["INSIDE"], ["ADVISORY"]]
        assert levels(made, "second") == [["ADVISORY"]]
        assert [one.tlp for one in left(made)] == ["RED", "AMBER+STRICT"]


async def test_what_is_said_about_a_site_is_shown_and_goes_out_by_no_door(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        await flies(made, NEARS)
        now = made.clock.now()

        for ref in (site.ref, left(made)[0].ref):
            with pytest.raises(Untrusted, match="display-only"):
                made.nodes[NORTH].seeing.keep(ref, viewer(made), now)


async def test_taking_back_the_site_ends_what_is_shown_of_it(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST, WEST)
        site = await register(made)
        await flies(made, NEARS)
        world.nodes["north"] = made.nodes[NORTH]

        await world.fact("north", "recall", site.ref)
        await flies(made, [47.49])

        assert left(made) == ()
        assert alarms(made) == []


@pytest.mark.parametrize("as_marked", [True, False])
async def test_another_members_word_exempts_nobody(tmp_path: Path, as_marked: bool) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made, to=(EAST,))
        held = made.nodes[NORTH].holdings.verified(ItemId(site.id))
        assert held is not None
        await made._bring(held, EAST)
        form = {
            "site": site.id,
            "volume": "dam",
            "flight": STRANGER,
            "reason": "ours",
            "person": "east",
            "ends": made.clock.now() + 3_600 * SECOND,
        }
        east = made.nodes[EAST]
        draft = Draft(kind="site-exemption", tlp="AMBER+STRICT", title="", text="", form=form)
        if as_marked:
            draft = structs.replace(draft, contains=(site.id,))
            said = await east.publish(draft, made.world.viewer("east"))
        else:
            said = published(await east.publisher.by_node(draft, convert(form, Exemption)))
        theirs = east.holdings.verified(ItemId(said.id))
        assert theirs is not None
        await made._bring(theirs, NORTH)

        await flies(made, [*NEARS, 47.49])

        assert levels(made) == [["PREDICTED", "INSIDE"]]


# -- two worlds


async def played(folder: Path, *, protected: bool, exempt: bool = False, recalled: bool = False) -> list[str]:
    """Return all that west and east were sent and are shown, in a world in which north has a site, or has none; in
    which the stranger may pass it, or may no more."""
    async with at_north(folder) as made:
        made.world.nodes["north"] = made.nodes[NORTH]
        await made.feed("coast", EAST, NORTH, WEST)
        room, given = made.nodes[NORTH].desk.sites, None
        if protected:
            site = await register(made)
            given = await say(made, room.exemption(viewer(made), site.ref, passing(made))) if exempt else None
        for n in range(8):
            if n == 3 and given is not None and recalled:
                await made.world.fact("north", "recall", given.ref)
            await made.sees("coast", STRANGER, lat=47.3003 + 0.007 * n, accuracy_m=200.0)
            await flies(made, [47.3 + 0.007 * n])
        assert bool(left(made)) is (protected and (not exempt or recalled))
        shown: list[str] = []
        for member in (EAST, WEST):
            person = made.world.viewer(member)
            node = made.nodes[member]
            page = await node.desk.sites.log.page(person, "", 50)
            shown += [
                *map(spelt, made.sent(member)),
                spelt(node.picture(person)),
                spelt([a.reason for a in node.status(person).alarms]),
                spelt(made.stores[member].reader.items(0, 100, kind="site-warning")),
                spelt(made.stores[member].reader.items(0, 100, kind="recall")),
                spelt(page),
                spelt((await node.desk.sites.view(person)).near),
            ]
        rows = made.stores[NORTH].reader._all("SELECT state, member FROM delivery WHERE state != 'withheld'")
        return [*shown, spelt(sorted(map(tuple, rows)))]


async def test_two_worlds_that_differ_in_a_site_of_norths_are_the_same_to_east_and_west(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert await played(tmp_path / "a", protected=True) == await played(tmp_path / "b", protected=False)


async def test_two_worlds_that_differ_in_an_exemption_or_in_its_recall_are_the_same_to_east_and_west(
    tmp_path: Path,
) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()

    without = await played(tmp_path / "a", protected=False)
    passes = await played(tmp_path / "b", protected=True, exempt=True)
    passes_no_more = await played(tmp_path / "c", protected=True, exempt=True, recalled=True)

    assert without == passes == passes_no_more


async def test_north_alone_looks_after_its_site_though_east_was_told_of_it(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made, to=(EAST,))
        held = made.nodes[NORTH].holdings.verified(ItemId(site.id))
        assert held is not None
        await made._bring(held, EAST)

        await flies(made, [*NEARS, 47.49])
        east = made.nodes[EAST].desk.sites
        shown = await east.view(made.world.viewer("east"))

        assert [(one.name, one.own) for one in shown.sites] == [("Heron sanctuary", False)]
        assert (shown.near, shown.warnings) == ((), ())


# -- taken back, and for whom a word counts


@asynccontextmanager
async def guarded(folder: Path, **site: Any) -> AsyncIterator[tuple[Sky, Published]]:
    """North with a site, whose officers may also state facts about it."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST, WEST)
        world.nodes["north"] = made.nodes[NORTH]
        yield made, await register(made, **site)


def passing(made: Sky, flight: str = STRANGER) -> ExemptionDraft:
    ends = moment(made.clock.now()) + timedelta(hours=2)
    return ExemptionDraft(volume="dam", flight=flight, reason="survey", person="the keeper", ends=ends)


async def test_an_exemption_that_was_taken_back_lets_nobody_pass(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        given = await say(made, room.exemption(viewer(made), site.ref, passing(made)))
        await flies(made, [*NEARS, 47.49])
        assert levels(made) == []

        await made.world.fact("north", "recall", given.ref)
        await flies(made, [47.491])

        assert levels(made) == [["INSIDE"]]
        assert (await room.view(viewer(made))).sites[0].exemptions == ()


async def test_an_exemption_whose_recall_was_cancelled_lets_pass_again(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        given = await say(made, room.exemption(viewer(made), site.ref, passing(made)))

        await made.world.fact("north", "recall", given.ref)
        assert (await room.view(viewer(made))).sites[0].exemptions == ()
        await made.world.fact("north", "cancel-recall", given.ref, officer="second")
        await flies(made, [*NEARS, 47.49])

        assert [one.flight for one in (await room.view(viewer(made))).sites[0].exemptions] == [STRANGER]
        assert levels(made) == []


async def test_a_lifting_that_was_taken_back_lifts_nothing(tmp_path: Path) -> None:
    async with guarded(tmp_path, geojson=geojson(on_notice=True)) as (made, site):
        room = made.nodes[NORTH].desk.sites
        ends = moment(made.clock.now()) + timedelta(days=1)
        given = await say(made, room.notice(viewer(made), site.ref, NoticeDraft(volume="dam", ends=ends)))
        ended = await say(made, room.lift(viewer(made), site.ref, Lifting(of=given.ref)))
        await flies(made, [*NEARS, 47.49])
        assert levels(made) == []

        await made.world.fact("north", "recall", ended.ref)
        await flies(made, [47.491])
        assert levels(made) == [["INSIDE"]]
        await made.world.fact("north", "recall", given.ref)
        await flies(made, [47.492])

        assert (await all_of(made))[0].warnings[-1].ended == "NOT_ACTIVE"
        assert (await room.view(viewer(made))).sites[0].notices == ()


async def test_a_version_of_a_site_that_was_taken_back_leaves_the_one_before_in_force(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        far = geojson().replace("47.5", "40.5")
        newer = await register(made, geojson=far, corrects=site.ref)
        last = await register(made, geojson=geojson(radius_m=2_500), corrects=newer.ref)

        await made.world.fact("north", "recall", newer.ref)
        assert [one.ref for one in (await room.view(viewer(made))).sites] == [last.ref]
        await made.world.fact("north", "recall", last.ref)
        await flies(made, [*NEARS, 47.49])

        assert levels(made) == [["PREDICTED", "INSIDE"]]
        assert [one.ref for one in (await room.view(viewer(made))).sites] == [site.ref]


async def test_an_acknowledgement_and_a_call_that_were_taken_back_leave_the_warning_open(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        room = made.nodes[NORTH].desk.sites
        await flies(made, NEARS)
        ref = left(made)[0].ref
        seen = await say(made, room.seen(viewer(made), ref, Seeing()))
        call = await say(made, room.call(viewer(made), ref, CallDraft(called="the warden", outcome="REACHED")))
        assert (alarms(made), left(made)[0].call_due) == ([], None)

        await made.world.fact("north", "recall", seen.ref)
        assert alarms(made) == ["site-warning"]
        assert left(made)[0].call_due is None
        await made.world.fact("north", "recall", call.ref)

        assert left(made)[0].call_due is not None


async def test_a_warning_that_was_taken_back_is_no_open_one_and_is_said_again_while_the_mover_is_near(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, _):
        await flies(made, [*NEARS, 47.49])
        (before,) = left(made)

        await made.world.fact("north", "recall", before.ref)
        await made.world.fact("north", "recall", before.warnings[-1].ref)
        assert left(made) == ()
        await flies(made, [47.491])

        assert levels(made) == [["INSIDE"]]
        assert left(made)[0].ref != before.ref


@pytest.mark.parametrize("more", [{"tlp": "RED", "persons": (DUTY,)}, {"purposes": ("EXERCISE",)}, {"carried": True}])
async def test_no_officer_says_of_a_site_what_others_who_see_it_do_not(tmp_path: Path, more: dict[str, Any]) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        secret = Draft(kind="report", tlp="RED", title="mine", text="mine", persons=(DUTY,))
        own = await say(made, secret)
        await flies(made, NEARS)
        ref = left(made)[0].ref
        words = [
            room.exemption(viewer(made), site.ref, passing(made)),
            room.seen(viewer(made), ref, Seeing()),
            room.call(viewer(made), ref, CallDraft(called="the warden", outcome="REACHED")),
            room.register(a_site(corrects=site.ref)),
        ]

        for word in words:
            narrower = {"contains": (*word.contains, own.id)} if "carried" in more else more
            with pytest.raises(Malformed, match="site-narrower"):
                await say(made, structs.replace(word, **narrower))

        assert alarms(made) == ["site-warning"]


async def test_a_word_that_was_narrowed_afterwards_quietens_no_site(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        given = await say(made, room.exemption(viewer(made), site.ref, passing(made)))
        await flies(made, [*NEARS, 47.49])
        assert levels(made) == []

        word = made.nodes[NORTH].holdings.verified(ItemId(given.id))
        assert word is not None
        assert word.own is not None
        marking = structs.replace(word.own.control.marking, purposes=("EXERCISE",))
        await made.world.say("north", "narrow", Narrow(control=word.own.id, marking=marking))
        await flies(made, [47.491])

        assert levels(made, "second") == [["INSIDE"]]
        assert (await room.view(viewer(made))).sites[0].exemptions == ()


async def test_an_older_word_that_hides_from_others_quietens_no_site(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, site):
        node = made.nodes[NORTH]
        word = node.desk.sites.exemption(viewer(made), site.ref, passing(made))
        form = convert(word.form, Exemption)
        hidden = structs.replace(word, tlp="RED", persons=(DUTY,), contains=())

        await node.publisher.by_node(hidden, form)
        await flies(made, [*NEARS, 47.49])

        assert levels(made) == levels(made, "second") == [["PREDICTED", "INSIDE"]]


# -- what no warning can say, and who parts from whom


async def masts(made: Sky, count: int) -> list[str]:
    """Give north so many more sensors, each under a control of its own."""
    node = made.nodes[NORTH]
    names = [f"mast-{n}" for n in range(count)]
    for name in names:
        draft = Draft(kind="feed", tlp="AMBER+STRICT", title=name, text="modes")
        made._feeds[name] = NORTH, (await node.publish(draft, viewer(made))).ref
    return names


async def test_what_is_made_of_more_than_a_warning_can_carry_is_alarmed_and_stops_no_other_warning(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, _):
        names = await masts(made, 66)
        for lat in NEARS:
            for name in names:
                await made.sees(name, "3c6444", lat=lat)
            await flies(made, [lat])

        unsaid = [a for a in made.nodes[NORTH].status(viewer(made)).alarms if a.reason == "site-unwarned"]
        assert [one.mover for one in left(made)] == [STRANGER]
        assert len(unsaid) == 1
        assert unsaid[0].detail.startswith("3c6444 at Heron sanctuary: predicted")
        for _ in range(7):
            await later(made, 50)
        assert "site-unwarned" not in alarms(made)


async def test_a_warning_of_as_much_as_it_can_carry_can_be_acknowledged(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        names = await masts(made, 62)
        for lat in NEARS:
            for name in names:
                await made.sees(name, STRANGER, lat=lat)
            await later(made)
        room = made.nodes[NORTH].desk.sites

        await say(made, room.seen(viewer(made), left(made)[0].ref, Seeing()))

        assert alarms(made) == []


async def test_one_warning_that_cannot_be_written_keeps_no_other_from_being(tmp_path: Path) -> None:
    crowd = (DUTY, *(f"north/{'o' * 100}{n:03}" for n in range(255)))
    async with guarded(tmp_path) as (made, _):
        names = [f"mast-{n}" for n in range(20)]
        for name in names:
            draft = Draft(kind="feed", tlp="RED", title=name, text="modes", persons=crowd)
            made._feeds[name] = NORTH, (await made.nodes[NORTH].publish(draft, viewer(made))).ref
        for lat in NEARS:
            for name in names:
                await made.sees(name, "3c6444", lat=lat)
            await flies(made, [lat])
        await made.nodes[NORTH].desk.look(made.clock.now())

        assert [one.mover for one in left(made)] == [STRANGER]
        assert alarms(made) == ["site-warning", "site-unwarned"]
        assert alarms(made, "second") == ["site-warning"]


async def test_a_class_that_parts_misses_nothing_that_the_other_half_saw_first(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        await red_sensor(made)
        await flies(made, NEARS)
        assert levels(made) == levels(made, "second") == [["PREDICTED"]]
        for _ in range(4):
            await later(made, 20)

        await flies(made, [47.468], sensor="hidden")
        assert levels(made, "second") == [["PREDICTED"]]
        assert sorted(levels(made)) == [["INSIDE"], ["PREDICTED"]]
        await flies(made, [47.475])

        assert levels(made, "second") == [["PREDICTED", "INSIDE"]]
        assert sorted(levels(made)) == [["INSIDE"], ["PREDICTED", "INSIDE"]]


async def test_a_class_that_joins_again_is_told_what_one_of_it_knew_by_a_sensor_of_her_own(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        await red_sensor(made)
        await flies(made, [*NEARS, 47.49], sensor="hidden")
        assert levels(made, "second") == []
        for _ in range(3):
            await later(made, 50)

        await flies(made, [47.491])

        assert levels(made, "second") == [["INSIDE"]]


async def test_that_a_hidden_sensor_sees_another_of_one_address_is_told_to_nobody_who_may_not_see_it(
    tmp_path: Path,
) -> None:
    async with guarded(tmp_path) as (made, site):
        room = made.nodes[NORTH].desk.sites
        await red_sensor(made)
        await say(made, room.exemption(viewer(made), site.ref, passing(made)))

        for _ in range(3):
            await made.sees("hidden", STRANGER, lat=47.2)
            await flies(made, [47.47])

        assert all(one.tlp == "RED" for one in left(made))
        assert len(left(made)) == 2
        assert left(made, "second") == ()
        assert alarms(made, "second") == []


async def test_classes_that_parted_are_looked_at_as_one_again_when_they_see_the_same(tmp_path: Path) -> None:
    async with guarded(tmp_path) as (made, _):
        await red_sensor(made)
        watch = made.nodes[NORTH].desk.sitewatch
        await flies(made, NEARS)
        await flies(made, [47.3141], sensor="hidden", mover="3c6444")
        assert watch._states[OfficerName("duty")] is not watch._states[OfficerName("second")]

        for _ in range(8):
            await later(made, 50)
        await flies(made, NEARS)

        assert watch._states[OfficerName("duty")] is watch._states[OfficerName("second")]


# -- what a node that starts again knows


async def test_a_warning_that_is_not_done_with_outlives_however_many_came_after_it_and_a_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitelog, "LOOK_BACK", 2)
    monkeypatch.setattr(sitelog, "SHOWN", 2)
    async with guarded(tmp_path) as (made, _):
        node = made.nodes[NORTH]
        movers = [f"4b180{n}" for n in range(1, 6)]
        for n, mover in enumerate(movers):
            await flies(made, [47.49 + n / 10_000], mover=mover)
        await node.desk.look(made.clock.now())

        node.desk.sites.log._left, node.desk.sitewatch._told, node.desk.sitewatch._states = None, None, {}

        assert [one.mover for one in left(made)] == [movers[4], movers[3]]
        status = node.status(viewer(made))
        assert [a.detail for a in status.alarms if "older" in a.detail] == ["3 older ones are not done with: list them"]
        for _ in range(7):
            await later(made, 60)
        page = (await node.desk.sites.log.page(viewer(made), "", 10)).items
        assert [(one.over, one.waits) for one in page] == [(True, False)] * 5
        assert (left(made), alarms(made)) == ((), [])


async def test_that_sites_are_left_out_is_told_to_the_watch_alone_for_it_counts_what_others_may_not_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("MAX_SITES", "SLICE"):
        monkeypatch.setattr(sitebook, bound, 1)
    async with at_north(tmp_path) as made:
        await register(made, tlp="RED", persons=(DUTY,))
        await register(made)
        await flies(made, NEARS)
        officers = made.nodes[NORTH].registry.keyring.officers(NORTH)
        told = {one.name: UNWARNED in alarms(made, one.name) for one in officers}

        assert told == {one.name: "watch" in one.roles for one in officers}
        assert set(told.values()) == {True, False}
