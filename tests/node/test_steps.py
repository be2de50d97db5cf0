"""A second asks for many things of a node: one that fails holds up none of the others."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from world import exchange

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.node.steps import take_all

pytestmark = pytest.mark.anyio


async def test_each_step_is_taken_in_turn_and_the_first_fault_is_raised_at_last() -> None:
    taken: list[str] = []

    async def step(name: str, fault: Exception | None = None) -> None:
        taken.append(name)
        if fault is not None:
            raise fault

    def steps() -> Iterator[Awaitable[object]]:
        yield step("first")
        yield step("second", Malformed("out-of-range", "a frame"))
        yield step("third", sqlite3.OperationalError("locked"))
        assert taken == ["first", "second", "third"], "a step is begun when its turn has come"
        yield step("fourth")

    with pytest.raises(Malformed, match="out-of-range"):
        await take_all(steps())

    assert taken == ["first", "second", "third", "fourth"]


async def test_who_is_told_to_end_while_a_step_is_taken_ends_though_that_step_tells_a_fault_instead() -> None:
    begun, after = asyncio.Event(), []

    async def tidies() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        except BaseException:
            raise sqlite3.ProgrammingError("the store is closed") from None

    async def taken() -> None:
        after.append("taken")

    async def seconds() -> None:
        while True:
            with suppress(sqlite3.Error):
                await take_all(step() for step in (tidies, taken))

    task = asyncio.create_task(seconds())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 30)

    assert after == []


async def test_while_no_frame_can_be_made_what_is_recalled_is_destroyed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Micros) -> int:
        raise Malformed("out-of-range", "a track that no frame can hold")

    async with exchange(tmp_path, "north", "east") as world:
        north = world.nodes["north"]
        told = await world.send("north", ["east"], "called back")
        await world.until(lambda: world.holds("east", told.ref))
        monkeypatch.setattr(north.frames, "tick", broken)
        await world.until(lambda: "out-of-range" in north.health.pulse().alarms)

        await world.recall("north", told.ref)

        await world.until(lambda: not world.holds("north", told.ref) and not world.holds("east", told.ref))
        assert "out-of-range" in north.health.pulse().alarms, "and it is said all the while"


async def test_a_log_says_of_a_fault_what_kind_it_is_and_nothing_of_what_it_names(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def step(fault: Exception) -> None:
        raise fault

    faults = (Malformed("first", "N-ABC-DEF"), Malformed("second", "N-GHI-JKL"), sqlite3.OperationalError("N-MNO-PQR"))
    with pytest.raises(Malformed, match="first"):
        await take_all(step(fault) for fault in faults)

    assert caplog.messages == ["beside first: second", "beside first: OperationalError"]
