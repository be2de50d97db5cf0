"""Replay: what this viewer could see then, less what was taken back since; of few at once, and in one thread."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from inside import CLERK, EAST, EVERYWHERE, NOON, NORTH, Inside, Step, inside
from maps import Maps, frame, look, maps
from test_track_socket import closed

from quartet.core.faults import Unavailable
from quartet.core.frame import verify_frame
from quartet.core.ids import SECOND, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.node import replay
from quartet.node.pieces import SHOWN
from quartet.picture.livewire import LiveFrame, read_live
from quartet.picture.look import Back, Look

SEEN: list[Step] = [("feed", False), ("sighting", False), ("tick", False)]
HIDDEN: list[Step] = [("feed", True), ("sighting", True), ("tick", True)]
AGAIN: list[Step] = [("sighting", False), ("tick", False)]
WHO = Viewer(member=NORTH, name=CLERK.name)
TRAINED = Viewer(member=NORTH, name=CLERK.name, trained=frozenset({"PERSONAL"}))


def run(scenario: Callable[[Inside], Awaitable[Any]]) -> Any:
    """Play a scenario in a fresh world."""

    async def play() -> Any:
        async with inside() as world:
            return await scenario(world)

    return asyncio.run(play())


def back(at: int, speed: Any = 0) -> Look:
    """Return the look at the whole world of so many seconds after noon."""
    return msgspec.structs.replace(EVERYWHERE, past=Back(at=Micros(NOON + at * SECOND), speed=speed))


async def shown(world: Inside, at: int, viewer: Viewer = WHO) -> set[str]:
    """Return the tracks on a map of so many seconds after noon."""
    screen = world.node.replays.screen(viewer)
    screen.ask(back(at))
    told = read_live(await screen.told() or b"")
    screen.close()
    assert told.past
    return {f"{name.track} of {name.source}" for name in told.names}


async def minutes(world: Inside, count: int) -> None:
    """Have the sensor see its aircraft twenty seconds after twenty seconds."""
    for _ in range(3 * count):
        await world.play([("wait", False), *AGAIN], secrets=False)


def test_a_moment_shows_what_was_seen_in_the_minute_before_it_and_nothing_else() -> None:
    async def scenario(world: Inside) -> list[set[str]]:
        await world.play(SEEN, secrets=False)  # at 1 s
        world.clock.at += 600 * SECOND
        return [await shown(world, at) for at in (0, 1, 30, 61, 62, 600)]

    assert run(scenario) == [set(), *[{"3c6444 of north"}] * 3, set(), set()]


def test_what_she_could_not_see_is_not_replayed_either() -> None:
    async def scenario(world: Inside) -> list[set[str]]:
        await world.play([*SEEN, *HIDDEN], secrets=True)
        world.clock.at += 100 * SECOND
        return [await shown(world, 1, viewer) for viewer in (WHO, TRAINED)]

    assert run(scenario) == [{"3c6444 of north"}, {"3c6444 of north", "4b1805 of north"}]


def test_what_was_recalled_since_is_gone_from_the_past_even_while_it_is_looked_at() -> None:
    async def scenario(world: Inside) -> list[int | None]:
        await world.play(SEEN, secrets=False)
        world.clock.at += 30 * SECOND
        screen = world.node.replays.screen(WHO)
        screen.ask(back(10))
        first = read_live(await screen.told() or b"")
        await world.play([("recall", False)], secrets=False)
        second = read_live(await screen.told() or b"")
        return [len(first.rows), len(second.removed), len(await shown(world, 10))]

    assert run(scenario) == [1, 1, 0]


def test_what_was_opened_later_stays_closed_for_the_time_before() -> None:
    """A label that comes down lets her in from then on; looking back she sees no more of the time before."""

    async def scenario(world: Inside) -> list[set[str]]:
        step = {"at": _spelt(30), "tlp": "AMBER"}
        draft = {"kind": "feed", "tlp": "RED", "to": ["east"], "title": "A sensor", "text": "x"}
        marked = {**draft, "persons": ["north/duty"], "downgrade": [step]}
        world.known[False].feeds.append((await world.duty("POST", "/items", marked))["ref"])
        for at in (0, 40):
            world.clock.at = NOON + at * SECOND
            await world.play(AGAIN, secrets=False)
        world.clock.at = NOON + 100 * SECOND
        return [await shown(world, at) for at in (20, 50)]

    assert run(scenario) == [set(), {"3c6444 of north"}]


def test_what_expired_since_is_not_replayed() -> None:
    async def scenario(world: Inside) -> list[set[str]]:
        draft = {"kind": "feed", "tlp": "AMBER", "to": ["east"], "title": "A sensor", "text": "x"}
        feed = await world.duty("POST", "/items", {**draft, "expires": _spelt(60)})
        world.known[False].feeds.append(feed["ref"])
        await world.play(AGAIN, secrets=False)
        told = []
        for now in (50, 70):
            world.clock.at = NOON + now * SECOND
            told.append(await shown(world, 20, Viewer(member=EAST, name=CLERK.name)))
        return told

    assert run(scenario) == [{"3c6444 of north"}, set()]


def _spelt(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOON // SECOND + at))


def test_time_passes_as_fast_as_she_asks_and_never_into_what_is_to_come() -> None:
    async def scenario(world: Inside) -> list[int]:
        await world.play(SEEN, secrets=False)
        world.clock.at = NOON + 200 * SECOND
        screen = world.node.replays.screen(WHO)
        screen.ask(back(10, 10))
        told = []
        for _ in range(3):
            told.append(read_live(await screen.told() or b"").epoch)
            world.clock.at += 3 * SECOND
        world.clock.at += 3600 * SECOND
        told.append(read_live(await screen.told() or b"").epoch)
        return [(epoch - NOON) // SECOND for epoch in told]

    assert run(scenario) == [10, 40, 70, 3809]


def test_the_same_look_again_goes_on_and_another_moment_jumps() -> None:
    async def scenario(world: Inside) -> list[int]:
        world.clock.at = NOON + 1000 * SECOND
        screen = world.node.replays.screen(WHO)
        told = []
        for asked in (back(100, 10), msgspec.structs.replace(back(100, 10), zoom=4.0), back(500, 10)):
            screen.ask(asked)
            told.append(read_live(await screen.told() or b"").epoch)
            world.clock.at += 2 * SECOND
        return [(epoch - NOON) // SECOND for epoch in told]

    assert run(scenario) == [100, 120, 500]


def test_a_way_forward_step_by_step_shows_what_a_jump_shows() -> None:
    async def scenario(world: Inside) -> list[tuple[Any, Any]]:
        await world.play(SEEN, secrets=False)
        await minutes(world, 3)
        world.clock.at += 600 * SECOND
        steps, found = world.node.replays.screen(WHO), []
        state: dict[int, Any] = {}
        for at in range(0, 240, 7):
            steps.ask(back(at))
            _apply(state, await steps.told())
            jump = world.node.replays.screen(TRAINED)
            jump.ask(back(at))
            whole: dict[int, Any] = {}
            _apply(whole, await jump.told())
            jump.close()
            found.append((dict(state), whole))
        return found

    found = run(scenario)

    assert [stepped for stepped, _ in found] == [whole for _, whole in found]
    assert len({str(whole) for _, whole in found}) > 9


def _apply(state: dict[int, Any], data: bytes | None) -> None:
    """Have a map take a frame: when it saw each track, and where."""
    if data is None:
        return
    told = read_live(data)
    if told.base is None:
        state.clear()
    for number in told.removed:
        del state[number]
    state.update({row.id: (*row[1:6], told.epoch - row.age * 10_000) for row in told.rows})


def test_a_step_forward_reads_only_what_came_since_and_a_jump_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(world: Inside) -> list[int]:
        await world.play(SEEN, secrets=False)
        await minutes(world, 10)
        world.clock.at += 600 * SECOND
        checked: list[int] = []

        def counted(*given: Any) -> Any:
            checked.append(1)
            return verify_frame(*given)

        monkeypatch.setattr("quartet.node.past.verify_frame", counted)
        screen, told = world.node.replays.screen(WHO), []
        for at in (300, 320, 321, 560, 20):
            checked.clear()
            screen.ask(back(at))
            await screen.told()
            told.append(len(checked))
        return told

    first, step, none, *jumps = run(scenario)

    assert SHOWN == 60 * SECOND
    assert (first, step, none) == (3, 1, 0)
    assert max(jumps) <= 3


def test_a_screen_that_goes_back_to_now_begins_with_the_whole_of_now() -> None:
    async def scenario(world: Inside) -> list[LiveFrame]:
        await world.play(SEEN, secrets=False)
        screen = world.node.replays.screen(WHO)
        told = []
        for asked in (EVERYWHERE, back(0), EVERYWHERE):
            screen.ask(asked)
            told.append(read_live(await screen.told() or b""))
        return told

    live, then, again = run(scenario)

    assert [one.past for one in (live, then, again)] == [False, True, False]
    assert [one.base for one in (live, then, again)] == [None] * 3
    assert [len(one.rows) for one in (live, then, again)] == [1, 0, 1]


def test_so_many_replays_of_one_officer_and_of_all_and_no_more() -> None:
    async def scenario(world: Inside) -> tuple[int, int, int]:
        def opened(viewer: Viewer) -> int:
            for count in range(100):
                screens.append(world.node.replays.screen(viewer))
                if not _began(screens[-1]):
                    return count
            raise AssertionError("no bound")

        screens: list[replay.Screen] = []
        one = opened(WHO)
        others = [opened(Viewer(member=NORTH, name=OfficerName(f"clerk-{n}"))) for n in range(9)]
        for screen in screens:
            screen.close()
            screen.close()
        return one, sum(others), opened(WHO)

    assert run(scenario) == (replay.MAX_OF_ONE, replay.MAX_OF_ALL - replay.MAX_OF_ONE, replay.MAX_OF_ONE)


def _began(screen: replay.Screen) -> bool:
    try:
        screen.ask(back(0))
    except Unavailable as fault:
        return fault.reason != "too-many-replays"
    return True


def at_socket(scenario: Callable[[Maps], Awaitable[Any]]) -> Any:
    """Play a scenario at a fresh console."""

    async def play() -> Any:
        async with maps() as made:
            return await scenario(made)

    return asyncio.run(play())


def test_a_map_is_told_what_was_by_the_same_socket_and_its_end_frees_the_place() -> None:
    async def scenario(console: Maps) -> tuple[list[bool], list[int]]:
        await console.world.play(SEEN, secrets=False)
        console.world.clock.at += 300 * SECOND
        signed_in = await console.sign_in()
        flags, rows = [], []
        for _ in range(replay.MAX_OF_ONE + 2):
            async with console.open(signed_in) as socket:
                await look(socket, past={"at": NOON + 5 * SECOND, "speed": 0})
                told = await frame(socket)
                flags.append(told.past)
                rows.append(len(told.rows))
            while console.world.node.replays._running.total():  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.01)
        return flags, rows

    flags, rows = at_socket(scenario)

    assert flags == [True] * len(flags)
    assert rows == [1] * len(rows)


def test_one_replay_too_many_ends_its_socket_by_its_word_and_no_other() -> None:
    async def scenario(console: Maps) -> tuple[tuple[int, str], bool]:
        signed_in = await console.sign_in()
        async with console.open(signed_in) as one, console.open(signed_in) as two, console.open(signed_in) as three:
            for socket in (one, two, three):
                await look(socket, past={"at": NOON, "speed": 1})
            end = await closed(three)
            return end, (await frame(one)).past

    assert at_socket(scenario) == ((4429, "too-many-replays"), True)


@pytest.mark.parametrize("said", [{"at": -1}, {"at": NOON, "speed": 3}, {"at": "noon"}, {"at": 1.5}, 7, {"speed": 1}])
def test_a_past_that_nobody_can_read_ends_the_socket(said: object) -> None:
    async def scenario(console: Maps) -> tuple[int, str]:
        async with console.open(await console.sign_in()) as socket:
            await look(socket, past=said)
            return await closed(socket)

    assert at_socket(scenario) == (4400, "bad-shape")


def test_the_way_of_a_track_is_told_as_far_as_she_could_see_it() -> None:
    async def scenario(world: Inside) -> list[Any]:
        await world.play([*SEEN, *HIDDEN], secrets=True)
        await minutes(world, 2)
        asked = [
            (CLERK.name, "track=3c6444"),
            (CLERK.name, "track=3c6444&source=east"),
            (CLERK.name, "track=4b1805"),
            (CLERK.name, "track=000000"),
            (CLERK.name, "track=3c6444&minutes=1"),
            (CLERK.name, "track=3c6444&minutes=61"),
        ]
        told = [await world.ask(who, "GET", f"/picture/history?{query}") for who, query in asked]
        assert len((await world.node.history.of(TRAINED, "4b1805", None, None, 10)).points) == 1
        return told

    whole, other, hidden, none, minute, long = run(scenario)

    assert [point["at"] for point in whole.json()["points"]] == sorted({p["at"] for p in whole.json()["points"]})
    assert len(whole.json()["points"]) == 7
    assert {point["from"] for point in whole.json()["points"]} == {"north"}
    assert (hidden.status_code, hidden.content) == (none.status_code, none.content)
    assert none.status_code == 404
    assert other.content == none.content
    assert len(minute.json()["points"]) == 3
    assert long.json()["reason"] == "bad-query"


def test_a_recalled_feed_has_no_way_any_more() -> None:
    async def scenario(world: Inside) -> list[int]:
        await world.play(SEEN, secrets=False)
        told = []
        for step in ([], [("recall", False)], [("purge", False)]):
            await world.play(step, secrets=False)
            told.append((await world.ask(CLERK.name, "GET", "/picture/history?track=3c6444")).status_code)
        return told

    assert run(scenario) == [200, 404, 404]


def test_the_picture_can_be_looked_back_at_as_far_as_frames_are_kept() -> None:
    async def scenario(world: Inside) -> Any:
        return (await world.ask(CLERK.name, "GET", "/picture/past")).json()

    assert run(scenario) == {"since": "2027-01-14T08:00:00Z", "until": "2027-01-15T08:00:00Z"}
