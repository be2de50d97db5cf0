"""Nothing that the viewer's own items do not explain: two worlds that differ only in the rest answer her alike."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import CLERK, NORTH, STEPS, Step, inside

from quartet.core.release import Viewer
from quartet.exercise.plan import DUTY

MADE_UP = ["N-ZZZ-ZZZ", "A" * 43]
"""Names that nothing has."""

FEEDS: list[Step] = [("feed", False), ("feed", True), ("sighting", False), ("tick", False)]

SAME: list[Step] = [("feed", False), ("feed", True)]
"""Two sensors that may see one aircraft, of which one is not for the clerk."""

steps = st.tuples(st.sampled_from(sorted(STEPS)), st.booleans())


async def told(script: list[Step]) -> tuple[list[str], list[str]]:
    """Return what the clerk is answered in the world with the secrets, and in the one without."""
    async with inside() as full, inside() as empty:
        await full.play(script, secrets=True)
        await empty.play(script, secrets=False)
        hidden = [name for pair in full.known[True].items for name in pair]
        answers = []
        for world in (full, empty):
            seen = [name for pair in world.known[False].items for name in pair]
            answers.append(await world.answers([*MADE_UP, *hidden, *seen]))
        return answers[0], answers[1]


SCRIPTS: list[list[Step]] = [
    [("report", False), ("report", True), ("report", False), ("comes", True), ("comes", False)],
    [("report", True), ("recall", True)],
    [("report", True), ("recall", True), ("purge", True)],
    [("trained", True), ("recall", True), ("purge", True), ("trained", False), ("recall", False)],
    [("watch", False), ("watch", True), ("watch", True)],
    [("roster", True), ("roster", False), ("watch", True), ("roster", True), ("recall", False)],
    [("report", True), ("alarm", True), ("report", False)],
    [("trained", True), ("grant", True), ("report", False), ("grant", False), ("recall", True)],
    [("report", False), ("report", True), ("narrow", True), ("narrow", False), ("correct", True)],
    [("report", True), ("correct", True), ("report", False), ("correct", False), ("recall", True)],
    [("stage", True)],
    [("desk", False), ("desk", True), ("desk", False), ("recall", True)],
    [("report", False), ("report", False), ("say", True), ("say", False), ("say", True)],
    [("report", True), ("say", True), ("report", False), ("say", True), ("recall", False)],
    [("proposal", False), ("proposal", True), ("proposal", False), ("proposal", True), ("recall", True)],
    [("request", False), ("request", True), ("reply", True), ("reply", False), ("reply", True)],
    [("request", False), ("reply", True), ("wait", False), ("recall", False)],
    [("report", False), ("situation", True), ("situation", False), ("situation", True), ("recall", False)],
    [("rendered", False), ("rendered", True), ("rendered", False), ("rendered", True), ("recall", True)],
    [("warning", False), ("warning", True), ("tick", False), ("recall", True), ("warning", True), ("wait", False)],
    [*FEEDS, ("wait", False), ("sighting", True), ("tick", True)],
    [("sensor", False), ("sensor", True), ("tick", False), ("sensor", True), ("wait", False), ("tick", True)],
    [("sensor", False), ("recall", False), ("sensor", True), ("purge", False), ("tick", False), ("recall", True)],
    [("sensor", True), ("tick", False), *[("wait", False)] * 4, ("tick", False)],
    [*FEEDS, ("wait", False), ("wait", False), ("tick", False), ("wait", False), ("sighting", True), ("tick", False)],
    [*SAME, ("same", False), ("same", True), ("tick", False), ("same", True), ("tick", True), ("tick", False)],
    [*SAME, ("same", True), ("tick", True), ("same", False), ("tick", False), ("wait", False), ("same", False)],
    [*SAME, ("feed", False), ("sighting", False), ("same", True), ("tick", False), ("recall", True)],
]
"""What once made a difference, or could: each in a test of its own, so that none of them is waited for."""


PLAYED = [pytest.param(script, marks=pytest.mark.rare if n % 4 else ()) for n, script in enumerate(SCRIPTS)]
"""Each fourth is played whenever somebody tests, all of them where nobody waits."""


@pytest.mark.parametrize("script", PLAYED)
def test_an_officer_is_told_the_same_whatever_she_may_not_see(script: list[Step]) -> None:
    full, empty = asyncio.run(told(script))

    assert full == empty


@pytest.mark.rare
@settings(max_examples=12, deadline=None)
@given(st.lists(steps, max_size=9))
def test_an_officer_is_told_the_same_whatever_happens_that_she_may_not_see(script: list[Step]) -> None:
    full, empty = asyncio.run(told(script))

    assert full == empty


@pytest.mark.parametrize("own", [True, False])
def test_the_law_would_notice_a_difference(own: bool) -> None:
    """What she may see does make a difference, so that equal answers mean something."""
    full, empty = asyncio.run(_with_and_without("report" if own else "comes"))

    assert full != empty


def test_the_clerks_map_in_the_law_does_show_tracks() -> None:
    """A sighting that she may see is told; one that she may not is told to the duty officer alone."""
    seen, hidden = asyncio.run(_maps())

    assert "3c6444 of north" in seen
    assert "4b1805" not in seen
    assert "4b1805 of north" in hidden


def test_a_sensor_that_is_not_the_clerks_does_place_the_aircraft_for_whom_it_is() -> None:
    """The duty officer's aircraft is where the surer sensor says, and says so; the clerk's is where hers does."""
    clerks, dutys = asyncio.run(_placed())

    assert [(one["lat"], one["accuracy_m"], len(one["parts"])) for one in clerks] == [(47.0, 200.0, 1)]
    assert [(one["lat"], one["accuracy_m"], len(one["parts"])) for one in dutys] == [(47.001, 4.9, 2)]
    assert [part["gives"] for part in dutys[0]["parts"]] == [["PLACE", "HEIGHT", "MOTION"], []]


def test_the_clerk_in_the_law_does_see_how_a_question_stands() -> None:
    """An answer that she may see moves the list; one that she may not is told to the duty officer alone."""
    seen, hidden = asyncio.run(_stages())

    assert seen == [{"north": "RECEIVED", "east": "ASKED"}, {"north": "ANSWERED", "east": "ASKED"}]
    assert hidden == [{"north": "ANSWERED", "east": "ASKED"}]


def test_the_clerk_in_the_law_does_see_a_step_of_an_action_and_none_that_is_the_duty_officers_alone() -> None:
    seen, hidden = asyncio.run(_steps())

    assert seen == ["STOP"]
    assert hidden == ["STOP", "STOP"]


def test_the_clerk_in_the_law_does_see_a_report_and_a_tear_line_and_none_that_is_the_duty_officers_alone() -> None:
    seen, hidden = asyncio.run(_situations())

    assert seen == (1, 1)
    assert hidden == (2, 2)


def test_the_clerk_in_the_law_does_see_a_rendering_and_none_beside_it_that_is_the_duty_officers_alone() -> None:
    seen, hidden = asyncio.run(_renderings())

    assert seen == []
    assert hidden == [[]]


async def _renderings() -> tuple[list[Any], list[Any]]:
    """Return to whom the other renderings go that the clerk and the duty officer are shown beside the one for east."""
    async with inside() as world:
        await world.play([("rendered", False), ("rendered", True)], secrets=True)
        _, ref = world.known[False].own[-1]
        answers = [(await world.ask(one, "GET", f"/sitreps/{ref}")).json() for one in (CLERK.name, DUTY.name)]
        seen, hidden = ([other["to"] for other in one["others"]] for one in answers)
        return seen, hidden


async def _situations() -> tuple[tuple[int, int], tuple[int, int]]:
    async with inside() as world:
        await world.play([("report", False)], secrets=True)
        _, ref = world.known[False].own[-1]
        await world.play([("situation", True), ("situation", False)], secrets=True)
        counted = []
        for officer in (CLERK.name, DUTY.name):
            listed = (await world.ask(officer, "GET", "/sitreps")).json()["items"]
            draft = {"text": "Water"}
            torn = (await world.ask(officer, "POST", f"/items/{ref}/tear-line/check", draft)).json()["torn"]
            counted.append((len(listed), len(torn)))
        return counted[0], counted[1]


async def _steps() -> tuple[list[str], list[str]]:
    async with inside() as world:
        await world.play([("proposal", False)], secrets=True)
        action = world.action
        await world.play([("proposal", True), ("proposal", False)], secrets=True)
        answer = (await world.ask(CLERK.name, "GET", f"/actions/{action}")).json()
        whole = await world.duty("GET", f"/actions/{action}")
        return [one["move"] for one in answer["steps"]], [one["move"] for one in whole["steps"]]


async def _stages() -> tuple[list[Any], list[Any]]:
    async with inside() as world:
        seen: list[Any] = []
        await world.play([("request", False), ("request", True), ("reply", True)], secrets=True)
        listed = "/requests?which=all"
        hidden = [one["stages"] for one in (await world.duty("GET", listed))["items"] if one["tlp"] == "AMBER"]
        for script in ([], [("reply", False)]):
            await world.play(script, secrets=True)
            answer = (await world.ask(CLERK.name, "GET", listed)).json()
            seen += [one["stages"] for one in answer["items"]]
        return seen, hidden


def test_the_clerk_in_the_law_does_see_a_sensor_and_none_that_is_for_the_trained_alone() -> None:
    async def sensors() -> tuple[list[str], list[str]]:
        async with inside() as world:
            await world.play([("sensor", False), ("sensor", True)], secrets=True)
            seen, hidden = (Viewer(member=NORTH, name=CLERK.name, trained=frozenset(t)) for t in ((), ("PERSONAL",)))
            told = [[one.name for one in world.node.surveying.sensors(viewer)] for viewer in (seen, hidden)]
            return told[0], told[1]

    assert asyncio.run(sensors()) == (["mast"], ["bunker", "mast"])


async def _maps() -> tuple[str, str]:
    async with inside() as world:
        script: list[Step] = [*FEEDS, ("sighting", True), ("tick", True), ("tick", False)]
        await world.play(script, secrets=True)
        picture = await world.duty("GET", "/picture")
        return str(world.map.told), str([f"{one['id']} of {one['from']}" for one in picture])


async def _placed() -> tuple[Any, Any]:
    async with inside() as world:
        script: list[Step] = [*SAME, ("same", False), ("same", True), ("tick", False)]
        await world.play(script, secrets=True)
        answer = await world.ask(CLERK.name, "GET", "/picture")
        return answer.json(), await world.duty("GET", "/picture")


async def _with_and_without(word: str) -> tuple[list[str], list[str]]:
    async with inside() as full, inside() as empty:
        await full.play([(word, False)], secrets=False)
        names = [name for pair in full.known[False].items for name in pair]
        return await full.answers(names), await empty.answers(names)
