"""The track socket: for the console's own page in an open session, and no longer than the officer may have it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from inside import CLERK, EVERYWHERE, NORTH, Step, inside, left, listed
from maps import Maps, frame, look, maps
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from quartet.console.web import tracks
from quartet.core.ids import SECOND, ItemId, OfficerName
from quartet.core.release import Viewer
from quartet.node.admitting import BEAT
from quartet.node.drafting import feed_item
from quartet.node.views import FeedDraft
from quartet.picture.livewire import LiveFrame, read_live
from quartet.picture.look import MAX_LOOK

SEEN: list[Step] = [("feed", False), ("sighting", False), ("tick", False)]
PATIENCE_S = 30


def run(scenario: Callable[[Maps], Awaitable[Any]]) -> Any:
    """Play a scenario at a fresh console."""

    async def play() -> Any:
        async with maps() as made:
            return await scenario(made)

    return asyncio.run(play())


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """Return the code and reason with which a socket ends, whatever is told before."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await socket.recv()
    return socket.close_code or 0, socket.close_reason or ""


def named(told: LiveFrame) -> set[str]:
    return {f"{name.track} of {name.source}" for name in told.names}


def test_a_map_is_told_what_there_is_and_then_what_is_other() -> None:
    async def scenario(console: Maps) -> list[LiveFrame]:
        await console.world.play(SEEN, secrets=False)
        async with console.open(await console.sign_in()) as socket:
            await look(socket)
            first = await frame(socket)
            await console.world.play([("wait", False), ("sighting", False), ("tick", False)], secrets=False)
            return [first, await frame(socket)]

    whole, delta = run(scenario)

    assert named(whole) == {"3c6444 of north"}
    assert (whole.rows[0].lat, whole.rows[0].lon) == (470_000_000, 80_000_000)
    assert (whole.base, delta.base, delta.names, delta.removed) == (None, whole.seq, (), ())
    assert [row.id for row in delta.rows] == [row.id for row in whole.rows]


def test_a_feed_that_is_silent_leaves_the_map() -> None:
    async def scenario(console: Maps) -> list[LiveFrame]:
        await console.world.play(SEEN, secrets=False)
        async with console.open(await console.sign_in()) as socket:
            await look(socket)
            first = await frame(socket)
            console.world.clock.at += 120 * SECOND
            return [first, await frame(socket)]

    whole, empty = run(scenario)

    assert len(whole.rows) == 1
    assert (empty.base, empty.rows) == (None, ())


def test_what_is_not_in_the_box_or_not_asked_for_is_not_told() -> None:
    async def scenario(console: Maps) -> list[LiveFrame]:
        await console.world.play(SEEN, secrets=False)
        told = []
        async with console.open(await console.sign_in()) as socket:
            for change in ({"bbox": [100, -10, 110, 10], "zoom": 6}, {"filter": {"sources": ["east"]}}, {}):
                await look(socket, **change)
                told.append(await frame(socket))
        return told

    told = run(scenario)

    assert [len(one.rows) for one in told] == [0, 0, 1]
    assert [one.base for one in told] == [None] * 3


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"Cookie": ""}, ""),
        ({"Cookie": "NAME=guess"}, ""),
        ({}, None),
        ({}, "null"),
        ({}, "http://localhost:1"),
        ({}, "https://evil.example"),
        ({"Sec-Fetch-Site": "cross-site"}, ""),
        ({"Sec-Fetch-Site": "same-site"}, ""),
    ],
)
def test_who_is_not_our_own_page_in_an_open_session_is_refused_at_the_door(
    headers: dict[str, str], origin: str | None
) -> None:
    async def scenario(console: Maps) -> int:
        signed_in = await console.sign_in()
        name = signed_in["Cookie"].partition("=")[0]
        sent = {key: value.replace("NAME", name) for key, value in headers.items()}
        with pytest.raises(InvalidStatus) as refused:
            async with console.open({**signed_in, **sent}, origin=origin):
                pass
        return refused.value.response.status_code

    assert run(scenario) == 403


def test_a_page_that_reached_us_by_another_name_is_refused_at_the_door() -> None:
    """A name that somebody else's server made to lead here (DNS rebinding)."""

    async def scenario(console: Maps) -> int:
        signed_in = await console.sign_in()
        console.origin = f"http://evil.example:{console.port}"
        with pytest.raises(InvalidStatus) as refused:
            async with console.open(signed_in, origin=console.desk.origin, host="127.0.0.1", port=console.port):
                pass
        return refused.value.response.status_code

    assert run(scenario) == 403


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ("garbage", 4400, "bad-shape"),
        (b"\xff\x00\xfe", 4400, "bad-shape"),
        ("", 4400, "bad-shape"),
        ('{"bbox":[0,10,0,0],"zoom":1}', 4400, "bad-look"),
        ("[" * 4000, 4400, "bad-shape"),
        ("x" * (MAX_LOOK + 1), 1009, None),
    ],
)
def test_what_nobody_can_read_ends_the_socket_and_tells_nothing(
    said: str | bytes, code: int, reason: str | None
) -> None:
    async def scenario(console: Maps) -> tuple[int, str]:
        await console.world.play(SEEN, secrets=False)
        async with console.open(await console.sign_in()) as socket:
            await socket.send(said)
            return await closed(socket)

    end = run(scenario)

    assert end[0] == code
    assert reason is None or end[1] == reason


def test_megabytes_are_not_even_read() -> None:
    async def scenario(console: Maps) -> tuple[int, str]:
        await console.world.play(SEEN, secrets=False)
        async with console.open(await console.sign_in()) as socket:
            with suppress(ConnectionClosed):
                await socket.send(b"x" * 5_000_000)
            return await closed(socket)

    assert run(scenario)[0] in {1006, 1009}


def test_a_map_that_asks_for_nothing_is_told_nothing_and_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "FIRST_LOOK_SECONDS", 0.2)

    async def scenario(console: Maps) -> tuple[int, str]:
        async with console.open(await console.sign_in()) as socket:
            return await closed(socket)

    assert run(scenario) == (4400, "bad-look")


@pytest.mark.parametrize("how", ["signed out", "another purpose", "too old", "other roles", "no officer any more"])
def test_the_socket_ends_with_the_session_and_tells_nothing_after(how: str) -> None:
    async def scenario(console: Maps) -> tuple[int, str]:
        signed_in = await console.sign_in(CLERK.name)
        async with console.open(signed_in) as socket:
            await look(socket)
            await frame(socket)
            await LOSES[how](console, signed_in)
            await console.world.play(SEEN, secrets=False)
            with pytest.raises(ConnectionClosed) as end:
                await frame(socket)
            assert end.value.rcvd is not None
            return end.value.rcvd.code, end.value.rcvd.reason

    assert run(scenario) == (4401, "no-session")


async def _signs_out(console: Maps, signed_in: dict[str, str]) -> None:
    await console.ask("DELETE", "/api/session", signed_in)


async def _states_a_purpose(console: Maps, signed_in: dict[str, str]) -> None:
    await console.ask("PUT", "/api/session/purpose", signed_in, {"purpose": "EXERCISE"})


async def _grows_old(console: Maps, _: dict[str, str]) -> None:
    console.desk.sessions.longest = 0


async def _gets_other_roles(console: Maps, _: dict[str, str]) -> None:
    await console.world.node.take_officers(listed(CLERK.name, ("watch",)))


async def _is_let_go(console: Maps, _: dict[str, str]) -> None:
    await console.world.node.take_officers(listed(CLERK.name, None))


LOSES = {
    "signed out": _signs_out,
    "another purpose": _states_a_purpose,
    "too old": _grows_old,
    "other roles": _gets_other_roles,
    "no officer any more": _is_let_go,
}


def test_each_officer_is_told_what_she_may_see_and_nothing_of_the_rest() -> None:
    async def scenario(console: Maps) -> list[LiveFrame]:
        world = console.world
        async with (
            console.open(await console.sign_in(CLERK.name)) as clerks,
            console.open(await console.sign_in()) as dutys,
        ):
            for socket in (clerks, dutys):
                await look(socket)
                assert (await frame(socket)).rows == ()
            await world.play([("feed", True), ("sighting", True), ("tick", True)], secrets=True)
            hidden = await frame(dutys)
            await world.play(SEEN, secrets=False)
            return [hidden, await frame(dutys), await frame(clerks)]

    hidden, dutys, clerks = run(scenario)

    assert named(hidden) == {"4b1805 of north"}
    assert named(dutys) == {"4b1805 of north", "3c6444 of north"}
    assert named(clerks) == {"3c6444 of north"}
    assert len(clerks.rows) == 1


def test_a_session_has_a_few_maps_and_a_closed_one_makes_room() -> None:
    async def scenario(console: Maps) -> int:
        signed_in = await console.sign_in()
        opened = [await console.open(signed_in) for _ in range(tracks.MAX_OF_ONE)]
        with pytest.raises(InvalidStatus) as refused:
            await console.open(signed_in)
        async with console.open(await console.sign_in(CLERK.name)):
            pass
        await opened[0].close()
        async with asyncio.timeout(PATIENCE_S):
            again = await _opened(console, signed_in)
        for socket in (*opened, again):
            await socket.close()
        return refused.value.response.status_code

    assert run(scenario) == 403


def test_who_signs_in_again_gets_no_more_maps_for_it() -> None:
    async def scenario(console: Maps) -> int:
        signed_in = await console.sign_in()
        opened = [await console.open(signed_in) for _ in range(tracks.MAX_OF_ONE)]
        with pytest.raises(InvalidStatus) as refused:
            await console.open(await console.sign_in())
        for socket in opened:
            await socket.close()
        return refused.value.response.status_code

    assert run(scenario) == 403


async def _opened(console: Maps, signed_in: dict[str, str]) -> ClientConnection:
    """Return a map once there is room: the node hears of a closed one a moment after."""
    while True:
        try:
            return await console.open(signed_in)
        except InvalidStatus:
            await asyncio.sleep(0.05)


def test_who_asks_without_end_is_sent_away() -> None:
    async def scenario(console: Maps) -> tuple[int, str]:
        async with console.open(await console.sign_in()) as socket:
            with suppress(ConnectionClosed):
                for n in range(1_000):
                    await look(socket, bbox=[0, 0, n % 90, 10])
            return await closed(socket)

    assert run(scenario) == (4429, "too-many-requests")


def test_who_was_away_is_told_once_what_the_others_were_told_bit_by_bit() -> None:
    """So nothing waits for who is slow: there is nothing that could."""

    async def scenario() -> tuple[list[bytes], list[bytes]]:
        async with inside() as world:
            quick, slow = (world.node.live.lookout(Viewer(member=NORTH, name=CLERK.name)) for _ in range(2))
            told: tuple[list[bytes], list[bytes]] = ([], [])
            for each in (quick, slow):
                each.ask(EVERYWHERE)
            await world.play(SEEN, secrets=False)
            for kept, each in zip(told, (quick, slow), strict=True):
                kept.append(each.told() or b"")
            for _ in range(5):
                await world.play([("feed", False), ("sighting", False), ("tick", False)], secrets=False)
                told[0].append(quick.told() or b"")
            told[1].append(slow.told() or b"")
            return told

    quick, slow = asyncio.run(scenario())

    assert (len(quick), len(slow)) == (6, 2)
    assert _state(quick) == _state(slow)
    assert len(_state(quick)) == 1  # six feeds saw it, and it is one aircraft


def test_a_frame_that_shows_nothing_new_says_nothing_but_a_breath_now_and_then() -> None:
    async def scenario() -> list[bytes | None]:
        async with inside() as world:
            lookout = world.node.live.lookout(Viewer(member=NORTH, name=CLERK.name))
            lookout.ask(EVERYWHERE)
            await world.play(SEEN, secrets=False)
            told = [lookout.told()]
            for _ in range(6):
                await world.play([("tick", False)], secrets=False)
                told.append(lookout.told())
            return told

    first, *quiet, breath, last = asyncio.run(scenario())

    assert first is not None
    assert breath is not None
    assert [*quiet, last] == [None] * 5
    empty, shown = read_live(breath), read_live(first)
    assert (empty.rows, empty.removed, empty.base, empty.seq) == ((), (), shown.seq, shown.seq)


def _state(told: list[bytes]) -> dict[int, Any]:
    """Return what a map shows after these frames, as since when each track counts."""
    shown: dict[int, Any] = {}
    for one in map(read_live, told):
        for number in one.removed:
            del shown[number]
        shown |= {row.id: (*row[1:6], one.epoch - row.age * 10_000) for row in one.rows}
    return shown


def test_viewers_alike_share_each_frame_and_others_do_not() -> None:
    async def scenario() -> list[bytes | None]:
        async with inside() as world:
            await world.play([*SEEN, ("feed", True), ("sighting", True), ("tick", True)], secrets=True)
            clerk = Viewer(member=NORTH, name=CLERK.name)
            trained = Viewer(member=NORTH, name=CLERK.name, trained=frozenset({"PERSONAL"}))
            told = []
            for viewer in (clerk, clerk, trained):
                lookout = world.node.live.lookout(viewer)
                lookout.ask(EVERYWHERE)
                told.append(lookout.told())
            return told

    first, second, other = asyncio.run(scenario())

    assert first is second
    assert other is not None
    assert len(read_live(other).rows) == 2


def test_of_many_maps_the_store_and_the_gate_are_asked_once_a_beat_for_all_who_are_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> list[tuple[int, int]]:
        async with inside() as world:
            await world.play([*SEEN, ("feed", True), ("sighting", True), ("tick", True)], secrets=True)
            asked: Counter[str] = Counter()
            reader, seeing = world.store.reader, world.node.seeing
            for where, what in ((reader, "feeds_under"), (seeing, "see")):
                monkeypatch.setattr(where, what, _counted(getattr(where, what), asked, what))
            maps = [world.node.live.lookout(Viewer(member=NORTH, name=OfficerName(f"clerk-{n}"))) for n in range(20)]
            for one in maps:
                one.ask(EVERYWHERE)
            world.clock.at += BEAT
            assert {len(read_live(one.told() or b"").rows) for one in maps} == {1}
            told = [(asked["feeds_under"], asked["see"])]
            world.clock.at += BEAT
            for one in maps:
                one.told()
            return [*told, (asked["feeds_under"], asked["see"])]

    first, second = asyncio.run(scenario())

    assert first == (2, 2)  # of two feeds, one of which they may not see
    assert second == (4, 4)


def test_an_answer_that_maps_share_is_not_a_moment_older_than_a_recall() -> None:
    async def scenario() -> list[int]:
        async with inside() as world:
            await world.play(SEEN, secrets=False)
            viewer = Viewer(member=NORTH, name=CLERK.name)
            before = len(world.node.picture(viewer))
            await world.play([("recall", False)], secrets=False)
            return [before, len(world.node.picture(viewer))]

    assert asyncio.run(scenario()) == [1, 0]


def test_an_answer_that_maps_share_ends_with_an_act_of_the_charter() -> None:
    async def scenario() -> list[bool]:
        async with inside() as world:
            feed = feed_item(FeedDraft(tlp="RED", to=(NORTH,), title="East's radar"))
            await world.come(msgspec.structs.replace(feed, persons=(f"{NORTH}/{CLERK.name}",)), False)
            controls = tuple(c for c, _ in world.store.reader.controls_of(ItemId(world.known[False].items[0][0])))
            viewer = Viewer(member=NORTH, name=CLERK.name)
            found = []
            for act in (None, left(world.node, NORTH)):
                if act is not None:
                    await world.node.take_act(act)
                found.append(world.node.frames._admitting.admits(controls, viewer, world.clock.now()))
            return found

    assert asyncio.run(scenario()) == [True, False]


def _counted(of: Callable[..., Any], asked: Counter[str], what: str) -> Callable[..., Any]:
    def counted(*args: Any, **how: Any) -> Any:
        asked[what] += 1
        return of(*args, **how)

    return counted
